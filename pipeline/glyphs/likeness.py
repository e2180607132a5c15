"""How like a letter's picture some ink is, and how much of it is one of two letters that look alike.

What an l and a 1 have in common is most of either, so ink of one correlates well with both. Explained as so much of
one's picture and so much of the other's, it is told by where they differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

Ink = NDArray[np.float32]

# Letters are softened so; above and below them so many rows are empty, and beside them so many columns.
SOFT, ROWS, COLUMNS = 1.0, 3, 1
# What is a letter has at least this share of its ink.
ENOUGH_INK = 0.3
# A picture is where it has at least this much ink, 0 to 255, and a pixel beside.
SOME_INK = 20.0


class Blend(NamedTuple):
    """What ink is made of: which share of it is the first of two letters, 0 to 1 and a little beyond, and which share
    of its square both together explain."""

    share: float
    explained: float


class _Match(NamedTuple):
    """Where a picture fits the ink best, top left in pixels, and how well: up to 1."""

    top: int
    left: int
    correlation: float


def correlation(ink: Ink, letter: Ink) -> float:
    """How like a letter there is one somewhere in the ink: up to 1. Both are 0 where there is no ink."""
    room, held = _room(ink, [letter]), _held(letter)
    return max(0.0, _match(room, held).correlation)


def blend(ink: Ink, first: Sequence[Ink], second: Sequence[Ink]) -> Blend:
    """How much of the ink is the first kind of letter, where the other is the second: by least squares, where either
    has ink, of the means of their pictures, each laid where it fits best."""
    room = _room(ink, [*first, *second])
    pictures = [np.mean([_laid(room, letter) for letter in kind], axis=0) for kind in (first, second)]
    seen = np.maximum(*pictures) > SOME_INK
    about = cv2.dilate(seen.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    parts, whole = np.stack([picture[about] for picture in pictures], axis=1), room[about]
    (one, other), *_ = np.linalg.lstsq(parts, whole, rcond=None)
    if one + other <= 0:
        return Blend(0.5, 0.0)
    left = float(np.square(whole - parts @ np.array([one, other])).sum())
    return Blend(float(one / (one + other)), 1.0 - left / max(1.0, float(np.square(whole).sum())))


def _room(ink: Ink, letters: Sequence[Ink]) -> Ink:
    """The ink, softened, with room for the largest of the letters."""
    rows = max(letter.shape[0] for letter in letters) + 2 * ROWS
    columns = max(letter.shape[1] for letter in letters) + 2 * COLUMNS
    missing = max(0, rows - ink.shape[0]), max(0, columns - ink.shape[1])
    return _softened(cv2.copyMakeBorder(ink, missing[0], missing[0], missing[1], missing[1], cv2.BORDER_CONSTANT))


def _held(letter: Ink) -> Ink:
    return _softened(cv2.copyMakeBorder(letter, ROWS, ROWS, COLUMNS, COLUMNS, cv2.BORDER_CONSTANT))


def _softened(ink: cv2.typing.MatLike) -> Ink:
    return np.asarray(cv2.GaussianBlur(ink, (0, 0), SOFT), dtype=np.float32)


def _match(room: Ink, held: Ink) -> _Match:
    alike = cv2.matchTemplate(room, held, cv2.TM_CCOEFF_NORMED)
    # Where there is next to nothing, nothing over nothing may come out as one.
    inked = cv2.matchTemplate(room, np.ones_like(held), cv2.TM_CCORR) >= ENOUGH_INK * held.sum()
    places = np.where(inked, alike, -1.0)
    top, left = np.unravel_index(int(places.argmax()), places.shape)
    return _Match(int(top), int(left), float(places[top, left]))


def _laid(room: Ink, letter: Ink) -> Ink:
    """The letter's picture alone, in the place in the room where it fits best."""
    held = _held(letter)
    match = _match(room, held)
    laid = np.zeros_like(room)
    laid[match.top : match.top + held.shape[0], match.left : match.left + held.shape[1]] = held
    return laid
