"""What does not belong to the form: a stamp of receipt, a note in the margin. Never over a field but a signature's."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from benchmarks.synthesis.chance import chance, pick
from benchmarks.synthesis.paper import DPI, POINT, lay
from benchmarks.synthesis.pen import write
from pipeline.model import Box, Kind

if TYPE_CHECKING:
    from numpy.random import Generator

    from benchmarks.synthesis.pen import Coverage, Pen
    from benchmarks.synthesis.request import Request
    from pipeline.model import Pixels

STAMPS = ("REÇU", "RECU LE", "COPIE", "ORIGINAL", "URGENT", "TÉLÉCOPIÉ", "CONFIDENTIEL", "TRAITÉ")
NOTES = ("voir annexe", "à rappeler", "2e envoi", "urgent svp", "OK", "corrigé", "cc. Direction", "p. 1 de 1")


def add_extra(rng: Generator, page: Pixels, request: Request, hand: Pen) -> None:
    """A stamp or a note on the first page, where it touches no field; none where twenty places do."""
    stamp = chance(rng, 0.5)
    cover = _stamp(rng, request, hand) if stamp else write(rng, hand, pick(rng, NOTES), DPI)[0]
    height, width = cover.shape
    for _ in range(20):
        x, y = rng.uniform(20, max(21, page.shape[1] - width - 20)), rng.uniform(20, page.shape[0] - height - 20)
        place = Box(x / POINT, y / POINT, (x + width) / POINT, (y + height) / POINT)
        if not _touches(request, place):
            lay(page, cover, x, y, int(rng.integers(70, 150)) if stamp else hand.ink)
            request.cases.append("stamp" if stamp else "note")
            return


def _touches(request: Request, place: Box) -> bool:
    boxes = [part.box for part in request.spec.fields_of_page(1) if part.kind is not Kind.SIGNATURE]
    boxes += [page.box for page in request.spec.page[:1]]
    return any(
        place.x0 < box.x1 and box.x0 < place.x1 and place.y0 < box.y1 + 2 and box.y0 - 2 < place.y1 for box in boxes
    )


def _stamp(rng: Generator, request: Request, hand: Pen) -> Coverage:
    """A word, or a word and the day of reception, in a frame, askew, unevenly inked."""
    text = pick(rng, STAMPS) + (f" {request.received:%Y-%m-%d}" if chance(rng, 0.5) else "")
    cover, _ = write(rng, replace(hand, size=float(rng.uniform(9, 14)), slant=0.0, jitter=0.0, stroke=5.0), text, DPI)
    cv2.rectangle(cover, (4, 4), (cover.shape[1] - 5, cover.shape[0] - 5), 1.0, 5)
    wide = np.pad(cover, cover.shape[1] // 8)
    turn = cv2.getRotationMatrix2D((wide.shape[1] / 2, wide.shape[0] / 2), float(rng.normal(0, 6)), 1.0)
    patches = cv2.resize(rng.uniform(0.5, 1.2, (4, 8)).astype(np.float32), wide.shape[::-1])
    return np.asarray(cv2.warpAffine(wide, turn, wide.shape[::-1]) * np.clip(patches, 0, 1), np.float32)
