"""The ways a page may come: what was done to the paper, then a scanner, a fax or a telephone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from pipeline.model import Pixels

PAPER = 255.0
A4 = (round(11.693 * 300), round(8.268 * 300))


@dataclass(frozen=True)
class Way:
    """`bend`: what becomes of the sheet (300 dpi) before the device of that quality takes it."""

    name: str
    quality: str
    bend: Callable[[Pixels], Pixels]


def as_it_is(page: Pixels) -> Pixels:
    return page


def upside_down(page: Pixels) -> Pixels:
    return np.ascontiguousarray(np.rot90(page, 2))


def printed_at(zoom: float) -> Callable[[Pixels], Pixels]:
    """Printed larger or smaller on the same paper, in its middle."""

    def bend(page: Pixels) -> Pixels:
        return resized(page, zoom, page.shape[:2])

    return bend


def on_a4(page: Pixels) -> Pixels:
    """A letter page made to fit A4 paper, as printers do."""
    return resized(page, A4[1] / page.shape[1], A4)


def resized(page: Pixels, zoom: float, shape: tuple[int, ...]) -> Pixels:
    height, width = shape[:2]
    left = (width - page.shape[1] * zoom) / 2
    top = (height - page.shape[0] * zoom) / 2
    # Pixels' middles, not their corners, are what is moved.
    matrix = np.array([[zoom, 0, left + zoom / 2 - 0.5], [0, zoom, top + zoom / 2 - 0.5]])
    moved = cv2.warpAffine(page, matrix, (width, height), flags=cv2.INTER_AREA, borderValue=PAPER)
    return np.asarray(moved, np.uint8)


def fed(stretch: float, slip: float) -> Callable[[Pixels], Pixels]:
    """Paper that the feed drew at an uneven speed: longer or shorter by `stretch`, and by `slip` pixels to and fro."""

    def bend(page: Pixels) -> Pixels:
        height, width = page.shape
        places = np.arange(height, dtype=np.float64)
        rows = places / (1 + stretch) + slip * np.sin(2 * np.pi * places / height)
        down = np.repeat(rows.astype(np.float32)[:, None], width, axis=1)
        across = np.repeat(np.arange(width, dtype=np.float32)[None], height, axis=0)
        return np.asarray(cv2.remap(page, across, down, cv2.INTER_LINEAR, borderValue=PAPER), np.uint8)

    return bend


WAYS = (
    Way("flatbed, clean", "clean", as_it_is),
    Way("flatbed, office", "office", as_it_is),
    Way("fax", "fax", as_it_is),
    Way("telephone, in perspective", "phone", as_it_is),
    Way("poor", "poor", as_it_is),
    Way("printed at 97 %, office", "office", printed_at(0.97)),
    Way("printed at 103 %, office", "office", printed_at(1.03)),
    Way("on A4, office", "office", on_a4),
    Way("on A4, fax", "fax", on_a4),
    Way("upside down, office", "office", upside_down),
    Way("upside down, fax", "fax", upside_down),
    Way("feed stretched 1 %, slipping 4 px, office", "office", fed(0.01, 4)),
    Way("feed shrunk 1 %, slipping 8 px, fax", "fax", fed(-0.01, 8)),
)
