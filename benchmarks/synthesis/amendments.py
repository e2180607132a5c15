"""Corrections in what is typed: letters struck out with a pen, written over or in above the others, or painted over.

Drawn otherwise than those that `benchmarks/reader/amendments.py` has for training, and in other hands.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from benchmarks.synthesis import strokes
from benchmarks.synthesis.chance import chance, pick
from benchmarks.synthesis.paper import POINT, lay
from benchmarks.synthesis.pen import write
from pipeline.model import Box

if TYPE_CHECKING:
    from numpy.random import Generator

    from benchmarks.synthesis.pen import Coverage, Pen
    from pipeline.model import Pixels

# What differs by so much from the blank is ink; a letter is so wide and so high at least, in pixels at 300 dpi.
INK, LEAST_WIDTH, LEAST_HEIGHT = 60, 6, 15
# A line has so many letters at least of which one can be painted over.
LEAST_LETTERS = 6
AROUND = 40


def amend(rng: Generator, page: Pixels, blank: Pixels, box: Box, hand: Pen) -> bool:
    """Corrects one letter of what stands in `box` (points); whether there was one."""
    letters = _letters(page, blank, box)
    if not letters:
        return False
    left, top, width, height = pick(rng, letters)
    cover = np.zeros((height + 2 * AROUND, width + 2 * AROUND), np.float32)
    pick(rng, WAYS)(rng, cover, width, height, hand)
    lay(page, cover, left - AROUND, top - AROUND, hand.ink)
    return True


def rule_out(rng: Generator, page: Pixels, blank: Pixels, box: Box, hand: Pen) -> bool:
    """Strikes all that stands in `box` (points) out with one line along a ruler; whether there was anything."""
    letters = _letters(page, blank, box)
    if not letters:
        return False
    left, right = min(letter[0] for letter in letters), max(letter[0] + letter[2] for letter in letters)
    top, foot = min(letter[1] for letter in letters), max(letter[1] + letter[3] for letter in letters)
    level = foot - (foot - top) * float(rng.uniform(0.35, 0.6)) - (top - AROUND)
    before, behind = rng.integers(0, AROUND - 10, 2)
    ends = np.array([(AROUND - before, level), (AROUND + right - left + behind, level + rng.normal(0, 3))])
    cover = np.zeros((foot - top + 2 * AROUND, right - left + 2 * AROUND), np.float32)
    strokes.draw(cover, ends, float(rng.uniform(2.5, 5.5)))
    lay(page, cover, left - AROUND, top - AROUND, hand.ink)
    return True


def paint_over(rng: Generator, page: Pixels, blank: Pixels, box: Box) -> bool:
    """Paints a letter or two over, neither the first nor the last, in what stands in `box` (points); whether there
    were so many. The form itself stays: whoever paints that over draws it again."""
    letters = sorted(_letters(page, blank, box))
    if len(letters) < LEAST_LETTERS:
        return False
    first = int(rng.integers(1, len(letters) - 2))
    left, top, width, height = letters[int(first + rng.integers(0, 2))]
    columns = slice(letters[first][0] - 2, left + width + 3)
    rows = slice(top - height, top + 2 * height)
    page[rows, columns] = blank[rows, columns]
    return True


def _letters(page: Pixels, blank: Pixels, box: Box) -> list[tuple[int, int, int, int]]:
    """Left, top, width and height of each, in pixels of the page."""
    x0, y0, x1, y1 = (round(edge * POINT) for edge in (box.x0, box.y0, box.x1, box.y1))
    written = cv2.subtract(blank[y0:y1, x0:x1], page[y0:y1, x0:x1]) > INK
    pieces = cv2.connectedComponentsWithStats(written.astype(np.uint8), connectivity=8)[2][1:].tolist()
    return [
        (x0 + left, y0 + top, width, height)
        for left, top, width, height, _ in pieces
        if width >= LEAST_WIDTH and height >= LEAST_HEIGHT
    ]


def _stroke(rng: Generator, cover: Coverage, hand: Pen, *points: tuple[float, float]) -> None:
    """points: from the letter's top left, in pixels."""
    places = np.array(points) + AROUND + rng.normal(0, 1.5, (len(points), 2))
    strokes.draw(cover, places, max(2.0, hand.stroke * float(rng.uniform(0.7, 1.1))))


def _struck_out(rng: Generator, cover: Coverage, width: int, height: int, hand: Pen) -> None:
    """A line through it, level or slanting, or two that cross."""
    kind = pick(rng, ("level", "slanting", "crossed"))
    over = float(rng.uniform(1, 9))
    level = height * float(rng.uniform(0.35, 0.65))
    if kind == "level":
        _stroke(rng, cover, hand, (-over, level), (width / 2, level), (width + over, level))
    else:
        _stroke(rng, cover, hand, (-over / 2, height + over / 2), (width + over / 2, -over / 2))
    if kind == "crossed":
        _stroke(rng, cover, hand, (-over / 2, -over / 2), (width + over / 2, height + over / 2))


def _written(rng: Generator, cover: Coverage, across: float, middle: float, height: float, hand: Pen) -> None:
    """A letter by hand, so many pixels high, about a point from the typed one's top left."""
    sign = pick(rng, tuple(string.ascii_lowercase + string.digits))
    glyph, _ = write(rng, replace(hand, size=height / POINT * 1.2), sign, 300)
    rows, columns = np.flatnonzero(glyph.max(axis=1) > 0.1), np.flatnonzero(glyph.max(axis=0) > 0.1)
    if not len(rows):
        return
    glyph = glyph[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    top, left = max(0, round(AROUND + middle - len(glyph) / 2)), max(0, round(AROUND + across - glyph.shape[1] / 2))
    part = cover[top : top + glyph.shape[0], left : left + glyph.shape[1]]
    np.maximum(part, glyph[: part.shape[0], : part.shape[1]], out=part)


def _written_over(rng: Generator, cover: Coverage, width: int, height: int, hand: Pen) -> None:
    _written(rng, cover, width / 2, height / 2, height * float(rng.uniform(0.8, 1.2)), hand)


def _replaced(rng: Generator, cover: Coverage, width: int, height: int, hand: Pen) -> None:
    """Struck out, and another above it."""
    _struck_out(rng, cover, width, height, hand)
    _written(rng, cover, width * 0.6, -0.5 * height - 4, height * 0.8, hand)


def _inserted(rng: Generator, cover: Coverage, width: int, height: int, hand: Pen) -> None:
    """A letter above the gap behind it, with a caret or without."""
    _written(rng, cover, width, -0.4 * height, height * 0.7, hand)
    if chance(rng, 0.7):
        _stroke(rng, cover, hand, (width - 7, height + 9), (width, height - 2), (width + 7, height + 9))


Way = Callable[["Generator", "Coverage", int, int, "Pen"], None]
WAYS: tuple[Way, ...] = (_struck_out, _struck_out, _written_over, _replaced, _inserted)
