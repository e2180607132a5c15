"""The gaps between the glyphs of a line: which are spaces, and which may have held a sign."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.ink import darker
from pipeline.pieces import pieces_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.glyphs.placed import Place
    from pipeline.model import Pixels
    from pipeline.writing.lines import Line

# A gap of more letters' heights than this, and so much wider than any other, may have held a sign. Of 773 texts of the
# labelled scans five have one; three had lost a dash.
WIDE_GAP, WIDER = 2.0, 1.5
# Spaces are so many times as wide as any gap between letters, which counts as so many pixels at least. Of 151 generated
# typed texts with all letters right, on whose spaces readers disagree, the vote is wrong in 10. Of the 61 of which this
# holds and that have spaces where one expects them (`pipeline/language/spelling.py`) it is wrong in none.
PLAINLY, LEAST_GAP = 1.4, 2
# What is darker than this is ink. What is at most so high, in pixels at 300 dpi, and so many times as wide, lies flat;
# it lies at the foot of the line from this share of its height on.
DARK = 127
FLAT, LONG_FLAT, FOOT = 5, 3, 0.7
# A gap in which a letter may have stood is so many letters' heights wide, more beside a sign, which is near so far; and
# so many times as wide as any other, which counts as so many pixels at least, of so many gaps at least.
# Derived in docs/design/confidence.md ("Amended").
ROOM, ROOM_BESIDE_A_SIGN, BESIDE = 0.5, 0.9, 0.35
ROOMIER, LEAST_WIDTH, LEAST_GAPS = 1.6, 4, 4
SIGNS = frozenset(".,-_@+")


class Gap(NamedTuple):
    """The columns without ink between two glyphs: the first, and the one behind the last."""

    left: int
    right: int


def has_room_for_a_sign(line: Line) -> bool:
    """Whether two words stand so far apart that a dash may have been between them which the scan lost."""
    gaps = np.sort(np.diff(_inked_columns(line)))[::-1]
    return len(gaps) > 1 and bool(gaps[0] > WIDE_GAP * line.height and gaps[0] > WIDER * gaps[1])


def parts_words(line: Line, spaces: int) -> bool:
    """Whether so many gaps of a line are plainly wider than all its others: it has that many spaces."""
    gaps = np.sort(np.diff(_inked_columns(line)) - 1)[::-1]
    if not 0 < spaces <= len(gaps):
        return False
    others = max(LEAST_GAP, int(gaps[spaces]) if len(gaps) > spaces else 0)
    return bool(gaps[spaces - 1] >= PLAINLY * others)


def has_room_for_a_letter(pixels: Pixels, height: int, places: Sequence[Place]) -> bool:
    """Whether one gap in a typed line without spaces is so much wider than all others that a letter may have been taken
    out of it, or an underscore lost.

    pixels: dark on white; height: of its letters in pixels; places: what was read in it and where. A gap in which a
    sign was read is none; beside a point there is more room in some typefaces.
    """
    marks = [(place.left + place.right) / 2 * pixels.shape[1] for place in places if place.character in SIGNS]
    found = [gap for gap in _gaps(pixels) if not any(gap.left <= mark < gap.right for mark in marks)]
    if len(found) < LEAST_GAPS:
        return False
    *_, second, widest = sorted(found, key=lambda gap: gap.right - gap.left)
    beside = any(widest.left - BESIDE * height <= mark <= widest.right + BESIDE * height for mark in marks)
    width = widest.right - widest.left
    wide = width >= (ROOM_BESIDE_A_SIGN if beside else ROOM) * height
    return wide and width >= ROOMIER * max(LEAST_WIDTH, second.right - second.left)


def _gaps(pixels: Pixels) -> list[Gap]:
    inked = np.flatnonzero((pixels < DARK).any(axis=0))
    return [Gap(int(left) + 1, int(right)) for left, right in pairwise(inked) if right - left > 1]


def _inked_columns(line: Line) -> NDArray[np.intp]:
    """The columns with ink, but for what lies flat at the foot of the line: that is left of a rule, and no text has
    an underscore."""
    dark = darker(255 - line.pixels, DARK)
    pieces = pieces_of(dark)
    flat = (pieces.heights <= FLAT) & (pieces.widths >= LONG_FLAT * pieces.heights)
    low = pieces.tops >= FOOT * dark.shape[0]
    return np.flatnonzero(pieces.without(flat & low).labels.any(axis=0))
