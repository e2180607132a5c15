"""Forms for the tests of the reading chain: written on the published blanks, then scanned in known ways.

Everything is made here, so that where each point of the blank went, and what was written where, is known exactly.
Pixels count from the page's corner: the middle of the first one is at 0.5, 0.5.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import reportlab
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from pipeline.identify import FITS
from pipeline.ink import black_level
from pipeline.model import Box, Page
from pipeline.register import Features, LaidPage, describe, landmarks, lay, match, template
from pipeline.specs import FieldSpec, FormSpec, load_specs
from pipeline.writing.lift import Lifted, lift

Pixels = NDArray[np.uint8]
Points = NDArray[np.float64]

ROOT = Path(__file__).parent.parent
SPECS = load_specs(ROOT / "forms_specs")
FONT = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
DPI = 300.0
POINT = DPI / 72  # pixels of paper in a point
INK = 30


def spec_of(number: str, edition: str) -> FormSpec:
    return next(spec for spec in SPECS if (spec.number, spec.edition) == (number, edition))


def field_of(spec: FormSpec, key: str) -> FieldSpec:
    found = spec.find_field(key)
    assert found is not None
    return found


# ---------------------------------------------------------------- what is written


class Paper:
    """A page of a blank at DPI, to be written on. Places are in points on the blank."""

    def __init__(self, spec: FormSpec, number: int = 1) -> None:
        self.spec, self.number = spec, number
        self.pixels: Pixels = spec.blank_pixels(number, DPI).copy()

    def type(self, text: str, x: float, baseline: float, *, size: float = 10, ink: int = INK) -> Paper:
        """Writes `text` from `x` on the baseline, `size` points high."""
        font = ImageFont.truetype(str(FONT), size * POINT)
        left, top, right, bottom = font.getbbox(text, anchor="ls")
        column, row = round(x * POINT + left) - 2, round(baseline * POINT + top) - 2
        image = Image.new("L", (round(right - left) + 4, round(bottom - top) + 4), 255)
        ImageDraw.Draw(image).text((2 - left, 2 - top), text, fill=ink, font=font, anchor="ls")
        place = self.pixels[row : row + image.height, column : column + image.width]
        np.minimum(place, np.asarray(image)[: place.shape[0], : place.shape[1]], out=place)
        return self

    def fill(self, key: str, text: str, *, size: float = 10, ink: int = INK, drop: float = 4.5) -> Paper:
        """Writes in a field, `drop` points above its lower edge; in a comb one character a cell."""
        place = field_of(self.spec, key)
        if not place.cells:
            return self.type(text, place.box.x0 + 6, place.box.y1 - drop, size=size, ink=ink)
        for sign, cell in zip(text, place.cells, strict=False):
            if sign != " ":
                self.type(sign, (cell.x0 + cell.x1) / 2 - size / 3.2, cell.y1 - 2.4, size=size, ink=ink)
        return self

    def draw(self, points: Sequence[tuple[float, float]], *, width: float = 1.2, ink: int = INK) -> Paper:
        """A pen's stroke through these points."""
        line = np.round(np.array(points) * POINT * 16).astype(np.int32).reshape(-1, 1, 2)
        cv2.polylines(self.pixels, [line], False, ink, max(1, round(width * POINT)), cv2.LINE_AA, 4)
        return self

    def dot(self, x: float, y: float, across: float, *, ink: int = INK) -> Paper:
        """A round spot, `across` points wide."""
        centre = (round(x * POINT * 16), round(y * POINT * 16))
        cv2.circle(self.pixels, centre, round(across / 2 * POINT * 16), ink, -1, cv2.LINE_AA, 4)
        return self

    def tick(self, key: str, value: str, *, ink: int = INK, width: float = 1.0) -> Paper:
        """A cross in the square of an option."""
        box = next(option.box for option in field_of(self.spec, key).option if option.value == value)
        left, top, right, bottom = box.x0 + 1.2, box.y0 + 1.2, box.x1 - 1.2, box.y1 - 1.2
        self.draw([(left, top), (right, bottom)], width=width, ink=ink)
        return self.draw([(left, bottom), (right, top)], width=width, ink=ink)

    def black_out(self, key: str, value: str) -> Paper:
        """The square of an option filled to its edges and beyond."""
        box = next(option.box for option in field_of(self.spec, key).option if option.value == value)
        rows = slice(round((box.y0 - 0.5) * POINT), round((box.y1 + 0.5) * POINT))
        columns = slice(round((box.x0 - 0.5) * POINT), round((box.x1 + 0.5) * POINT))
        self.pixels[rows, columns] = INK
        return self

    def mark(self, box: Box, shade: float) -> Paper:
        """A marker's band over `box`: what is there is so many times as light."""
        band = np.zeros(self.pixels.shape, np.float32)
        corners = np.array([(box.x0, box.y0), (box.x1, box.y0 + 1), (box.x1 + 2, box.y1), (box.x0 - 1, box.y1 - 1)])
        cv2.fillPoly(band, [np.round(corners * POINT).astype(np.int32)], 1.0)
        band = cv2.GaussianBlur(band, (0, 0), 2)
        self.pixels = np.round(self.pixels * (1 - band * (1 - shade))).astype(np.uint8)
        return self

    def sign(self, key: str, *, ink: int = INK, width: float = 1.0, share: float = 0.45) -> Paper:
        """A scribble over a share of the field's width: a tall loop, then waves."""
        box = field_of(self.spec, key).box
        along = np.linspace(0.0, 1.0, 240)
        x = box.x0 + 8 + share * (box.width - 16) * (along + 0.02 * np.sin(60 * along))
        tall = np.where(along < 0.2, 0.40, 0.30 * (1 - 0.7 * along))
        y = (box.y0 + box.y1) / 2 + box.height * tall * np.sin(38 * along)
        return self.draw(list(zip(x.tolist(), y.tolist(), strict=True)), width=width, ink=ink)


# ---------------------------------------------------------------- how it comes


@dataclass(frozen=True)
class Scanned:
    """A page as it comes; `where` takes points on the blank (n x 2, in points) to the page's own pixels."""

    page: Page
    where: Callable[[Points], Points] = field(repr=False)


def page_of(pixels: Pixels, dpi: float = DPI) -> Page:
    height, width = pixels.shape
    return Page(0, np.ascontiguousarray(pixels), dpi, width * 72 / dpi, height * 72 / dpi)


def straight(pixels: Pixels) -> Scanned:
    return Scanned(page_of(pixels), lambda points: points * POINT)


def moved(pixels: Pixels, matrix: NDArray[np.float64], size: tuple[int, int], dpi: float = DPI) -> Scanned:
    """The paper under a homography from its pixels to those of a page of `size` (width, height)."""
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    # A scanner's cell sees all of the paper that becomes one pixel.
    softer = 0.5 * (DPI / dpi - 1)
    source = cv2.GaussianBlur(pixels, (0, 0), softer) if softer > 0.1 else pixels
    shown = cv2.warpPerspective(
        source, np.linalg.inv(half) @ matrix @ half, size, flags=cv2.INTER_LINEAR, borderValue=255.0
    )

    def where(points: Points) -> Points:
        there = np.column_stack([points * POINT, np.ones(len(points))]) @ matrix.T
        return np.asarray(there[:, :2] / there[:, 2:])

    return Scanned(page_of(shown, dpi), where)


def turned(pixels: Pixels, degrees: float) -> Scanned:
    """Anticlockwise on a sheet of the shape that a quarter turn asks for."""
    height, width = pixels.shape
    angle = np.deg2rad(degrees)
    cos, sin = np.cos(angle), np.sin(angle)
    out = (height, width) if round(degrees / 90) % 2 else (width, height)
    matrix = np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]], dtype=np.float64)
    matrix[:2, 2] = np.array(out) / 2 - matrix[:2, :2] @ (width / 2, height / 2)
    return moved(pixels, matrix, out)


def resized(pixels: Pixels, size: float, *, dpi: float = DPI) -> Scanned:
    """Printed larger or smaller (1: as it should be) about the page's middle, scanned at `dpi`."""
    height, width = pixels.shape
    scale = dpi / DPI
    shift_x, shift_y = (1 - size) * width / 2 * scale, (1 - size) * height / 2 * scale
    matrix = np.array([[size * scale, 0, shift_x], [0, size * scale, shift_y], [0, 0, 1]])
    return moved(pixels, matrix, (round(width * scale), round(height * scale)), dpi)


def on_a4(pixels: Pixels) -> Scanned:
    """Printed to fit A4, as a printer of that paper does by itself."""
    height, width = pixels.shape
    out = (round(210 / 25.4 * DPI), round(297 / 25.4 * DPI))
    size = min(out[0] / width, out[1] / height)
    matrix = np.array([[size, 0, (out[0] - size * width) / 2], [0, size, (out[1] - size * height) / 2], [0, 0, 1]])
    return moved(pixels, matrix, out)


def in_perspective(pixels: Pixels) -> Scanned:
    """Photographed aslant: the upper edge shorter by a twentieth, the sheet a little turned."""
    height, width = pixels.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    seen = np.array([[0.05, 0.04], [0.94, 0.03], [0.98, 0.97], [0.01, 0.98]], np.float32) * (width, height)
    matrix = cv2.getPerspectiveTransform(corners, seen.astype(np.float32))
    return moved(pixels, np.asarray(matrix, np.float64), (width, height))


def bent(pixels: Pixels, swing: float = 10.0) -> Scanned:
    """Drawn in unevenly: rows shifted sideways along one wave, columns lifted as by a curl, by `swing` pixels."""
    height, width = pixels.shape

    def sideways(y: Points) -> Points:
        return np.asarray(swing * np.sin(np.pi * y / height))

    def upward(x: Points) -> Points:
        return np.asarray(swing * (x / width) ** 2)

    columns = np.arange(width, dtype=np.float64)[None, :] + 0.5
    rows = np.arange(height, dtype=np.float64)[:, None] + 0.5
    source_y = rows + upward(columns)
    source_x = (columns - sideways(source_y)).astype(np.float32)
    shown = cv2.remap(
        pixels, source_x - 0.5, source_y.astype(np.float32) - 0.5, cv2.INTER_LINEAR, None, cv2.BORDER_CONSTANT, 255.0
    )

    def where(points: Points) -> Points:
        x, y = (points * POINT).T
        there = x + sideways(y)
        return np.column_stack([there, y - upward(there)])

    return Scanned(page_of(shown), where)


def faxed(pixels: Pixels, *, threshold: int = 110) -> Scanned:
    """At a fax's fine resolution, black and white, cut at a low grey: strokes come thin."""
    small = resized(cv2.GaussianBlur(pixels, (0, 0), 0.8), 1.0, dpi=200.0)
    thin = np.where(small.page.pixels > threshold, 255, 0).astype(np.uint8)
    return Scanned(replace(page_of(thin, 200.0), black_and_white=True), small.where)


def noisy(pixels: Pixels, amount: float, seed: int = 5) -> Pixels:
    """With a scanner's grain, of `amount` grey levels, on paper that is not quite white."""
    grain = grain_of(pixels.shape, seed) * np.float32(amount)
    scanned: Pixels = np.clip(np.minimum(pixels, 244) + grain, 0, 255).astype(np.uint8)
    return scanned


@lru_cache(maxsize=4)
def grain_of(shape: tuple[int, ...], seed: int) -> NDArray[np.float32]:
    """One grey level of grain: kept, for it takes longer to make than all that is done to a page with it."""
    return np.random.default_rng(seed).normal(0, 1, shape).astype(np.float32)


WAYS: dict[str, Callable[[Pixels], Scanned]] = {
    "straight": straight,
    "quarter turn": lambda pixels: turned(pixels, 90),
    "upside down": lambda pixels: turned(pixels, 180),
    "three quarters": lambda pixels: turned(pixels, 270),
    "askew": lambda pixels: turned(pixels, 2.2),
    "smaller": lambda pixels: resized(pixels, 0.97),
    "larger": lambda pixels: resized(pixels, 1.03),
    "200 dpi": lambda pixels: resized(pixels, 1.0, dpi=200.0),
    "150 dpi": lambda pixels: resized(pixels, 1.0, dpi=150.0),
    "A4": on_a4,
    "perspective": in_perspective,
    "bent": bent,
    "fax": faxed,
    "grainy": lambda pixels: straight(noisy(pixels, 12)),
}


# ---------------------------------------------------------------- how it is laid


def laid_on(page: Page, spec: FormSpec, number: int = 1, features: Features | None = None) -> LaidPage | None:
    """The page laid on this page of this blank; None where nothing of it is found. features: the page's, if known."""
    start, _ = match(features or describe(page), landmarks(spec, number))
    return None if start is None else lay(page, start, template(spec, number))


def laid_well(page: Page, spec: FormSpec, number: int = 1) -> LaidPage:
    laid = laid_on(page, spec, number)
    assert laid is not None
    assert laid.share >= FITS
    return laid


def lifted_from(paper: Paper, box: Box, way: Callable[[Pixels], Scanned] = straight) -> Lifted:
    """The ink under `box`, after the paper came by this way."""
    laid = laid_well(way(paper.pixels).page, paper.spec, paper.number)
    return lift(laid, paper.spec, box, black_level(laid.pixels))
