"""Glyphs that are taken for one another, held against other letters of their line and of their page: 0 and o, 1 and l.

In type a zero is as high as a digit or a capital, an o as a small letter without an ascender. A one has a flag; an l
is a bare stroke in most typefaces, and in those an l with a flag is none. Whatever the typeface, a page filled in with
it shows what its letters look like where there is no doubt about them: zeros in telephone numbers, an o in names. Where
neither tells (glyphs that touch, no such letter), nothing is confirmed.
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
# What each may be instead.
OTHER = {"o": "0", "0": "o", "l": "1", "1": "l"}
CONFUSED = frozenset(OTHER)
LETTERS_OF_NUMBERS, LETTERS_OF_WORDS = frozenset("01"), frozenset("ol")
# By how much more a letter correlates with the page's letters of one kind than with those of the other if it is of that
# kind. Derived in docs/design/confidence.md.
APART = {"o": 0.1, "0": 0.1, "l": 0.03, "1": 0.03}
# Lines are of one size of type when their high letters differ by this share at most.
SAME_TYPE = 0.15
# Letters are softened so, and laid up to so many pixels aside.
SOFT, SLIP = 1.0, 2
# More letters of a kind say no more.
ENOUGH = 16


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


class Letter(NamedTuple):
    """A letter of a page's type of which it is known what it is, as dark on light pixels would be: 0 is no ink.

    source: the field it stands in. height: of the high letters and digits of its line in pixels, if there are any.
    """

    character: str
    ink: NDArray[np.float32]
    source: str
    left: int
    height: float | None


def shapes_of(
    pixels: Pixels, places: Sequence[Place], letters: Sequence[Letter] = (), upto: int | None = None
) -> Shapes:
    """Whether each o, 0, l and 1 of a typed line has its shape, among its first `upto` characters.

    pixels: dark on white, height x width. letters: of the same page's type.
    """
    if not any(place.character in "oO0lI1" for place in places[:upto]):
        return Shapes.CONFIRMED
    if any(place.character.isupper() for place in places):
        return Shapes.OPEN
    dark = (pixels < DARK).astype(np.uint8)
    extents = _extents(dark, places)
    by_line = {**_heights(extents), **_strokes(extents, _stroke_width(dark))}
    own = {(letter.character, letter.left): letter for letter in letters_of(pixels, places)}
    found = {
        _together(shape, _likeness(own.get((place.character, _left(place, dark))), letters))
        for place, shape in by_line.items()
        if place in places[:upto]
    }
    for answer in (Shapes.CONTRADICTED, Shapes.OPEN):
        if answer in found:
            return answer
    return Shapes.CONFIRMED


def letters_of(
    pixels: Pixels, places: Sequence[Place], source: str = "", known: frozenset[str] = CONFUSED, first: int = 0
) -> list[Letter]:
    """The letters of a line that are in `known`, from its character `first` on, but for those that touch others."""
    dark = (pixels < DARK).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    found = [(place, _piece(stats[1:], place, dark.shape[1])) for place in places]
    tall = [stats[piece, cv2.CC_STAT_HEIGHT] for place, piece in found if piece and place.character in HIGH]
    height = float(median(tall)) if tall else None
    letters = []
    for place, piece in found[first:]:
        if piece is None or place.character not in known:
            continue
        left, top, width, high, _ = (int(number) for number in stats[piece])
        box = slice(top, top + high), slice(left, left + width)
        ink = np.where(labels[box] == piece, 255 - pixels[box], 0).astype(np.float32)
        letters.append(Letter(place.character, ink, source, _left(place, dark), height))
    return letters


def _left(place: Place, dark: Pixels) -> int:
    return round(place.left * float(dark.shape[1]))


def _together(by_line: Shapes, by_letters: Shapes) -> Shapes:
    """What the line's own measures and the page's letters say: against each other they leave it open."""
    if Shapes.OPEN in (by_line, by_letters):
        return by_letters if by_line is Shapes.OPEN else by_line
    return by_line if by_line is by_letters else Shapes.OPEN


def _likeness(letter: Letter | None, letters: Sequence[Letter]) -> Shapes:
    """Whether a letter is more like the page's letters that it was read as, or like those that it may be instead."""
    if letter is None:
        return Shapes.OPEN
    near = [
        other
        for other in letters
        if letter.height is None or other.height is None or abs(other.height / letter.height - 1) <= SAME_TYPE
    ]
    kinds = letter.character, OTHER[letter.character]
    alike, unlike = (
        [_correlation(letter.ink, other.ink) for other in [each for each in near if each.character == kind][:ENOUGH]]
        for kind in kinds
    )
    if not alike or not unlike:
        return Shapes.OPEN
    apart = max(alike) - max(unlike)
    if abs(apart) < APART[letter.character]:
        return Shapes.OPEN
    return Shapes.CONFIRMED if apart > 0 else Shapes.CONTRADICTED


def _correlation(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """How like two letters are, their middles together or a little apart: up to 1."""
    height, width = (max(a, b) for a, b in zip(one.shape, other.shape, strict=True))
    held = _framed(one, height + 2 * SLIP, width + 2 * SLIP)
    moved = _framed(other, height, width)
    return float(cv2.matchTemplate(held, moved, cv2.TM_CCOEFF_NORMED).max())


def _framed(ink: NDArray[np.float32], height: int, width: int) -> NDArray[np.float32]:
    framed = np.zeros((height, width), np.float32)
    top, left = (height - ink.shape[0]) // 2, (width - ink.shape[1]) // 2
    framed[top : top + ink.shape[0], left : left + ink.shape[1]] = ink
    return np.asarray(cv2.GaussianBlur(framed, (0, 0), SOFT), np.float32)


def _heights(extents: Mapping[Place, Extent | None]) -> dict[Place, Shapes]:
    """For each 0 and o what its height says."""
    asked = {place: extent for place, extent in extents.items() if place.character in "o0"}
    low = [extent for place, extent in extents.items() if place.character in LOW and extent]
    high = [extent.top for place, extent in extents.items() if place.character in HIGH and extent]
    if len(low) < LEAST_LETTERS:
        return dict.fromkeys(asked, Shapes.OPEN)
    top, foot = median(extent.top for extent in low), median(extent.foot for extent in low)
    size = max(1.0, foot - top)
    if high and top - median(high) < HIGHER * size:
        # Nothing is higher than small letters: old-style figures, small capitals, noise.
        return dict.fromkeys(asked, Shapes.OPEN)
    return {place: _height(place.character, extent and (top - extent.top) / size) for place, extent in asked.items()}


def _height(character: str, above: float | None) -> Shapes:
    """above: by what share of a small letter's height the glyph is higher than one."""
    if above is None:
        return Shapes.OPEN
    if character == "0":
        return Shapes.CONFIRMED if above >= HIGHER else Shapes.CONTRADICTED
    if above <= AS_LOW:
        return Shapes.CONFIRMED
    return Shapes.CONTRADICTED if above >= HIGHER else Shapes.OPEN


def _strokes(extents: Mapping[Place, Extent | None], stroke: float) -> dict[Place, Shapes]:
    """For each l and 1 what its width says."""
    widths = {place: extent and extent.width / stroke for place, extent in extents.items() if place.character in "l1"}
    bare = any(place.character == "l" and width and width <= BARE for place, width in widths.items())
    return {place: _stroke(place.character, width, bare) for place, width in widths.items()}


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
    piece = _piece(pieces, place, width)
    if piece is None:
        return None
    _, top, columns, rows, _ = (int(number) for number in pieces[piece - 1])
    return Extent(top, top + rows - 1, columns)


def _piece(pieces: NDArray[np.int32], place: Place, width: int) -> int | None:
    """The label of the piece of ink that lies in the place, the largest of them: 1 is that of the first of `pieces`."""
    left, right = place.left * width, place.right * width
    overlap = np.minimum(pieces[:, 0] + pieces[:, 2], right) - np.maximum(pieces[:, 0], left)
    inside = np.flatnonzero((overlap >= OWN_SHARE * pieces[:, 2]) & (overlap > 0))
    return 1 + int(inside[pieces[inside, 4].argmax()]) if len(inside) else None
