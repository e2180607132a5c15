"""The points of a typed address that are seen in the ink itself: a small piece on the line, as inky as the others.

Our own network loses a point that stands close behind an r (`dr.tremblay`), whatever the picture.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING

import cv2

from pipeline.glyphs.extents import CAPITAL
from pipeline.glyphs.placed import LOW, Place, foot_of, pieces_in, pieces_read_as

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.model import Pixels

POINT = "."
# What ends on the line, but for small letters.
CAPITALS = frozenset(string.ascii_uppercase) - frozenset("JQ")
LEAST_LETTERS = 2
# In heights of a small letter: a point is no larger, and ends so near the line. It has at most so many times the ink of
# the line's points, and no less. How far beside its place it is looked for, as a share of that.
LARGEST, ON_LINE, ALIKE, BESIDE = 0.45, 0.2, 2.0, 0.5


def told_points(pixels: Pixels, places: Sequence[Place]) -> frozenset[int]:
    """Which of the places, counted from 0, hold a point that is seen.

    pixels: dark on white, height x width at 300 dpi, of a typed line; places: what was read in it and where.
    """
    pieces, width = pieces_in(pixels), pixels.shape[1]
    low, high = (pieces_read_as(kind, pieces, places, width) for kind in (LOW, CAPITALS))
    if len(low) + len(high) < LEAST_LETTERS:
        return frozenset()
    foot = median(map(foot_of, (*low, *high)))
    size = median([*map(_height, low), *(_height(piece) / CAPITAL for piece in high)])
    small = pieces[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) <= LARGEST * size
    on_line = abs(pieces[:, cv2.CC_STAT_TOP] + pieces[:, cv2.CC_STAT_HEIGHT] - foot) <= ON_LINE * size
    likely = pieces[small & on_line]
    read = [rank for rank, place in enumerate(places) if place.character == POINT]
    inks = {rank: ink for rank in read if (ink := _ink_in(likely, places[rank], width))}
    usual = median(inks.values()) if inks else 0
    return frozenset(rank for rank, ink in inks.items() if usual / ALIKE <= ink <= usual * ALIKE)


def _ink_in(pieces: NDArray[np.int32], place: Place, width: int) -> int:
    """The ink, in pixels, of the piece nearest to the middle of a place; 0 if there is none near it."""
    middles = pieces[:, cv2.CC_STAT_LEFT] + pieces[:, cv2.CC_STAT_WIDTH] / 2
    far = abs(middles - (place.left + place.right) / 2 * width)
    near = far <= (0.5 + BESIDE) * (place.right - place.left) * width
    return int(pieces[near][far[near].argmin(), cv2.CC_STAT_AREA]) if near.any() else 0


def _height(piece: NDArray[np.int32]) -> float:
    return float(piece[cv2.CC_STAT_HEIGHT])
