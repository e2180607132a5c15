"""An i, a j and what is tall and bare of a dot (l, 1), told from one another in a line of small letters of type.

By how high the stem goes, whether there is a dot over it or it is parted as from one, and whether it goes below the
line. How often that errs is in docs/design/confidence.md; `benchmarks/calibration/dots.py` measures it.
"""

from __future__ import annotations

import math
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.glyphs.placed import LOW, Place, foot_of, piece_in, pieces_in, pieces_read_as, top_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.model import Pixels

DOTTED, TALL = frozenset("ij"), frozenset("l1")
ASKED = DOTTED | TALL
LEAST_LETTERS = 2
# In heights of a small letter. A stem under a dot is no more than this higher or lower than one, a tall one higher by
# TALLER; an i goes below the line by less than ON_LINE, a j by more than BELOW; what ends far above it is broken.
AS_LOW, TALLER, ON_LINE, BELOW, BROKEN = 0.2, 0.22, 0.15, 0.25, -0.2
# Where a dot is looked for, beside the stem and above it, and how high it is at least.
BESIDE, OVERLAP, ABOVE, DOT = 0.25, 0.12, 0.8, 0.06
LEAST_DOT = 4
# A tall stem has nowhere above the small letters less ink across than this share of its usual; one that a dot has run
# into has.
UNPARTED = 0.7


class _Frame(NamedTuple):
    """The pieces of ink of a line, and where its small letters begin, end, and how high they are, in pixels."""

    pieces: NDArray[np.int32]
    top: float
    foot: float
    size: float


def told_by_dots(pixels: Pixels, places: Sequence[Place]) -> frozenset[int]:
    """Which of the places, counted from 0, hold the i, j, l or 1 that was read there; what cannot be told is not in it.

    pixels: dark on white, height x width, of a typed line of small letters.
    """
    frame = _frame_of(pixels, places)
    if frame is None:
        return frozenset()
    asked = ((rank, place) for rank, place in enumerate(places) if place.character in ASKED)
    return frozenset(rank for rank, place in asked if place.character in _seen(pixels, frame, place))


def _frame_of(pixels: Pixels, places: Sequence[Place]) -> _Frame | None:
    pieces = pieces_in(pixels)
    low = pieces_read_as(LOW, pieces, places, pixels.shape[1])
    if len(low) < LEAST_LETTERS:
        return None
    top, foot = median(map(top_of, low)), median(map(foot_of, low))
    return _Frame(pieces, top, foot, max(1.0, foot - top))


def _seen(pixels: Pixels, frame: _Frame, place: Place) -> frozenset[str]:
    """What the glyph in this place may be."""
    piece = piece_in(frame.pieces, place, pixels.shape[1])
    if piece is None:
        return frozenset()
    left, top, width, height, _ = (int(number) for number in frame.pieces[piece - 1])
    rise, sink = (frame.top - top) / frame.size, (top + height - frame.foot) / frame.size
    if sink < BROKEN:
        return frozenset()
    if _has_dot(frame, piece - 1):
        if abs(rise) >= AS_LOW:
            return frozenset()
        return frozenset("j") if sink > BELOW else frozenset("i") if sink < ON_LINE else frozenset()
    stem = (255.0 - pixels[top : top + height, left : left + width]).sum(axis=1)
    tall = rise > TALLER and sink < AS_LOW and not _is_parted(stem, round(frame.top) - top, frame.size)
    return TALL if tall else frozenset()


def _has_dot(frame: _Frame, stem: int) -> bool:
    left, top, width, _, _ = frame.pieces[stem]
    pieces, size = frame.pieces, frame.size
    middles, feet = pieces[:, 0] + pieces[:, 2] / 2, pieces[:, 1] + pieces[:, 3]
    over = (middles >= left - BESIDE * size) & (middles <= left + width + BESIDE * size)
    near = (feet <= top + OVERLAP * size) & (feet >= top - ABOVE * size)
    dots = over & near & (pieces[:, 4] >= LEAST_DOT) & (pieces[:, 3] >= DOT * size)
    dots[stem] = False
    return bool(dots.any())


def _is_parted(stem: NDArray[np.float64], above: int, size: float) -> bool:
    """Whether a stem thins out above the small letters, as where a dot has run into it.

    stem: its ink row by row; above: so many of the rows are above the small letters.
    """
    usual = float(np.median(stem[max(0, above) :])) if len(stem) > above else 1.0
    # The first row is the stem's edge.
    upper = stem[1 : max(1, int(above + 0.15 * size))]
    return bool(upper.min(initial=math.inf) < UNPARTED * max(usual, 1.0))
