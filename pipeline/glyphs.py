"""Glyphs that are taken for one another, held against the other letters of their own line: 0 and o, 1 and l.

In type a zero is as high as a digit or a capital, an o as a small letter without an ascender. A one has a flag; an l
is a bare stroke in most typefaces, and in those an l with a flag is none. Where the typeface does not tell (old-style
figures, an l with serifs, glyphs that touch), nothing is confirmed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.model import Pixels

# Small letters that go neither above the x-height nor below the baseline; what goes up as high as capitals do.
LOW, HIGH = frozenset("acemnrsuvwxz"), frozenset("bdfhkl123456789")
# An o is no more than this share of a small letter higher than the others; a zero is higher by at least that share.
AS_LOW, HIGHER = 0.12, 0.2
# A bare stroke is at most so many times as wide as strokes are; what has a flag is at least so many times as wide.
BARE, FLAGGED = 1.5, 1.9
# A piece of ink is a glyph's own when this share of its width lies in the glyph's place.
OWN_SHARE = 0.7
LEAST_LETTERS = 2
DARK = 128


class Place(NamedTuple):
    """A character as read and where it stands: left and right as fractions of the line's width."""

    character: str
    left: float
    right: float


class Shapes(Enum):
    """What the shapes say of the glyphs of a line that may be others: the worst of them counts."""

    CONFIRMED = "each is what it was read as, or there are none"
    OPEN = "at least one of them cannot be told"
    CONTRADICTED = "at least one has the shape of the other"


class Extent(NamedTuple):
    """The rows and columns of a glyph's ink in pixels, both inclusive."""

    top: int
    foot: int
    width: int


def shapes_of(pixels: Pixels, places: Sequence[Place]) -> Shapes:
    """Whether each o, 0, l and 1 of a typed line has its shape. pixels: dark on white, height x width."""
    if not any(place.character in "oO0lI1" for place in places):
        return Shapes.CONFIRMED
    if any(place.character.isupper() for place in places):
        return Shapes.OPEN
    dark = (pixels < DARK).astype(np.uint8)
    extents = _extents(dark, places)
    found = {*_heights(extents), *_strokes(extents, _stroke_width(dark))}
    for answer in (Shapes.CONTRADICTED, Shapes.OPEN):
        if answer in found:
            return answer
    return Shapes.CONFIRMED


def _heights(extents: Mapping[Place, Extent | None]) -> list[Shapes]:
    """For each 0 and o what its height says."""
    asked = [(place.character, extent) for place, extent in extents.items() if place.character in "o0"]
    low = [extent for place, extent in extents.items() if place.character in LOW and extent]
    high = [extent.top for place, extent in extents.items() if place.character in HIGH and extent]
    if not asked:
        return []
    if len(low) < LEAST_LETTERS:
        return [Shapes.OPEN]
    top, foot = median(extent.top for extent in low), median(extent.foot for extent in low)
    size = max(1.0, foot - top)
    if high and top - median(high) < HIGHER * size:
        return [Shapes.OPEN]  # nothing is higher than small letters: old-style figures, small capitals, noise
    return [_height(character, extent and (top - extent.top) / size) for character, extent in asked]


def _height(character: str, above: float | None) -> Shapes:
    """above: by what share of a small letter's height the glyph is higher than one."""
    if above is None:
        return Shapes.OPEN
    if character == "0":
        return Shapes.CONFIRMED if above >= HIGHER else Shapes.CONTRADICTED
    if above <= AS_LOW:
        return Shapes.CONFIRMED
    return Shapes.CONTRADICTED if above >= HIGHER else Shapes.OPEN


def _strokes(extents: Mapping[Place, Extent | None], stroke: float) -> list[Shapes]:
    """For each l and 1 what its width says."""
    widths = [(place.character, extent and extent.width / stroke) for place, extent in extents.items()]
    bare = any(character == "l" and width and width <= BARE for character, width in widths)
    return [_stroke(character, width, bare) for character, width in widths if character in "l1"]


def _stroke(character: str, width: float | None, bare: bool) -> Shapes:
    """bare: the line has an l that is a bare stroke, so that its typeface has no other."""
    if width is None:
        return Shapes.OPEN
    if character == "l":
        if width <= BARE:
            return Shapes.CONFIRMED
        return Shapes.CONTRADICTED if bare and width >= FLAGGED else Shapes.OPEN
    if not bare:
        return Shapes.OPEN
    return Shapes.CONTRADICTED if width <= BARE else Shapes.CONFIRMED if width >= FLAGGED else Shapes.OPEN


def _stroke_width(dark: Pixels) -> float:
    """The usual width of the strokes, in pixels: four times the mean distance of their pixels to their edge."""
    inside = cv2.distanceTransform(dark, cv2.DIST_L2, 3)
    return max(1.0, 4.0 * float(inside[inside > 0].mean())) if dark.any() else 1.0


def _extents(dark: Pixels, places: Sequence[Place]) -> dict[Place, Extent | None]:
    """Each glyph's extent: that of the piece of ink which lies in its place; None where glyphs touch."""
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    return {place: _extent(stats[1:], place, dark.shape[1]) for place in places}


def _extent(pieces: NDArray[np.int32], place: Place, width: int) -> Extent | None:
    left, right = place.left * width, place.right * width
    overlap = np.minimum(pieces[:, 0] + pieces[:, 2], right) - np.maximum(pieces[:, 0], left)
    inside = pieces[(overlap >= OWN_SHARE * pieces[:, 2]) & (overlap > 0)]
    if not len(inside):
        return None
    _, top, columns, rows, _ = (int(number) for number in inside[inside[:, 4].argmax()])
    return Extent(top, top + rows - 1, columns)
