"""The marks of a typed address that are seen in the ink itself: of a point a small piece on the line, as inky as the
others; of an underscore a flat one, which begins there.

Our own network loses a point that stands close behind an r (`dr.tremblay`), whatever the picture; and an underscore
that lies on a printed rule is none in a picture with the rule.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING

import cv2
import numpy as np

from pipeline.glyphs.extents import CAPITAL
from pipeline.glyphs.placed import LOW, Place, foot_of, pieces_in, pieces_read_as

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.model import Pixels

POINT, UNDERSCORE = ".", "_"
# What ends on the line, but for small letters.
CAPITALS = frozenset(string.ascii_uppercase) - frozenset("JQ")
LEAST_LETTERS = 2
# In heights of a small letter: a point is no larger, and ends so near the line. It has at most so many times the ink of
# the line's points, and no less. How far beside its place it is looked for, as a share of that.
LARGEST, ON_LINE, ALIKE, BESIDE = 0.45, 0.2, 2.0, 0.5
# And an underscore is so long at least, and no higher.
LONG, FLAT = 0.5, 0.35


def told_marks(pixels: Pixels, places: Sequence[Place]) -> frozenset[int]:
    """Which of the places, counted from 0, hold a point or an underscore that is seen.

    pixels: dark on white, height x width at 300 dpi, of a typed line; places: what was read in it and where.
    """
    pieces, width = pieces_in(pixels), pixels.shape[1]
    low, high = (pieces_read_as(kind, pieces, places, width) for kind in (LOW, CAPITALS))
    if len(low) + len(high) < LEAST_LETTERS:
        return frozenset()
    foot = median(map(foot_of, (*low, *high)))
    size = median([*map(_height, low), *(_height(piece) / CAPITAL for piece in high)])
    tops, widths, heights = (pieces[:, it] for it in (cv2.CC_STAT_TOP, cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT))
    small = np.maximum(widths, heights) <= LARGEST * size
    points = pieces[small & (abs(tops + heights - foot) <= ON_LINE * size)]
    flat = pieces[(widths >= LONG * size) & (heights <= FLAT * size) & (tops >= foot - ON_LINE * size)]
    read = {rank: place for rank, place in enumerate(places) if place.character in (POINT, UNDERSCORE)}
    inks = {rank: _ink_in(points if place.character == POINT else flat, place, width) for rank, place in read.items()}
    found = [ink for rank, ink in inks.items() if ink and read[rank].character == POINT]
    usual = median(found) if found else 0
    return frozenset(
        rank
        for rank, ink in inks.items()
        if ink and (read[rank].character == UNDERSCORE or usual / ALIKE <= ink <= usual * ALIKE)
    )


def _ink_in(pieces: NDArray[np.int32], place: Place, width: int) -> int:
    """The ink, in pixels, of the piece nearest to the middle of a place; 0 if there is none near it."""
    middles = pieces[:, cv2.CC_STAT_LEFT] + pieces[:, cv2.CC_STAT_WIDTH] / 2
    far = abs(middles - (place.left + place.right) / 2 * width)
    near = far <= (0.5 + BESIDE) * (place.right - place.left) * width
    return int(pieces[near][far[near].argmin(), cv2.CC_STAT_AREA]) if near.any() else 0


def _height(piece: NDArray[np.int32]) -> float:
    return float(piece[cv2.CC_STAT_HEIGHT])
