"""Glyphs that are taken for one another, held against other letters of their line and of their page: 0 and o, 1 and l.

In type a zero is as high as a digit or a capital, an o as a small letter without an ascender. A one has a flag; an l
is a bare stroke in most typefaces, and in those an l with a flag is none. Among capitals it is 0 and O, 1 and I, of
which the line alone tells little. Whatever the typeface, the letters of the page tell (`pipeline/glyphs/placed.py`).
Where neither does (glyphs that touch, no such letter), nothing is confirmed.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from pipeline.glyphs.likeness import blend, correlation
from pipeline.glyphs.placed import (
    DARK,
    DIGITS_OF_NUMBERS,
    HIGH,
    OTHER,
    OTHER_CAPITAL,
    Letter,
    Place,
    as_capitals,
    height_of,
    in_capitals,
    ink_round,
    piece_in,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.model import Pixels

# Small letters that go neither above the x-height nor below the baseline.
LOW = frozenset("acemnrsuvwxz")
# An o is no more than this share of a small letter higher than the others; a zero is higher by at least that share.
# What is lower than this share of a small letter is a speck or a piece of one.
AS_LOW, HIGHER, WHOLE_HEIGHT = 0.12, 0.2, 0.8
# A bare stroke is at most so many times as wide as strokes are; what has a flag is at least so many times as wide.
BARE, FLAGGED = 1.5, 1.9
# And at most so many times as wide as the page's slimmest one, and slimmer by so many pixels, or where it shows none,
# as its usual such letter: some ones are hardly wider than strokes, and some are bare.
SLIMMER, LEAST_SLIMMER, WIDER = 0.8, 2.0, 1.3
LEAST_LETTERS = 2
# A one is a bare stroke itself if it is at most so many times as wide as strokes are.
BARE_ONE = 1.25
# A bare stroke is at least this share of the line's highest glyph (a j or an at sign) high: else it is a piece of one.
LEAST_STROKE = 0.5
# How many times as far a glyph is from the form's letters of the other kind as from those of its own, as a logarithm;
# and how well it correlates with its own, where the form has none of the other: among small letters, among capitals.
# Derived in docs/design/confidence.md.
APART = {"o": 0.5, "0": 0.5, "l": 0.8, "1": 0.5, "O": 0.5, "I": 0.5}
# What a glyph is short of this correlation by is its distance: two prints of one letter are short of 1, too.
NEAREST = 1.02
ALONE = {"o": 0.88, "0": 0.89, "l": 0.97, "1": 0.965}
ALONE_CAPITALS = {"O": 0.94, "0": 0.975, "I": 0.975, "1": 0.965}
# What is less like every letter of the other kind is none of them, where the page has none of its own.
UNLIKE, UNLIKE_CAPITALS = {"1": 0.8}, {"0": 0.67, "1": 0.87}
# Lines are of one size of type when their high letters differ by this share at most.
SAME_TYPE = 0.15
# What is like none of the page's is neither.
LIKE = 0.7
# Where that leaves it open, what a glyph leans to by so much is confirmed if this share of it is one of its own, and
# both kinds explain so much of its ink.
LEANS, ITS_OWN, EXPLAINED = 0.2, 0.65, 0.85
# What is narrower than this share of the widest of its kind and size is broken.
NARROWEST = 0.7
ROUND_ONES = frozenset("o0")
# More letters of a kind say no more.
ENOUGH = 16


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


def each_shape(
    pixels: Pixels,
    places: Sequence[Place],
    letters: Sequence[Letter] = (),
    known: frozenset[int] = frozenset(),
    *,
    alone: bool = True,
) -> dict[int, Shapes]:
    """What the shapes say of each o, 0, l and 1 of a typed line, by its place; of each O, 0, I and 1 among capitals.

    pixels: dark on white, height x width. letters: of the same page's type. known: the places, counted from 0, of which
    that is not asked. alone: whether it is enough to be like its own kind where the page has none of the other.
    """
    asked = [rank for rank, place in enumerate(places) if place.character in "oO0lI1" and rank not in known]
    if not asked:
        return {}
    capitals = in_capitals(places)
    if not capitals and any(place.character.isupper() for place in places):
        return dict.fromkeys(asked, Shapes.OPEN)
    read = as_capitals(places) if capitals else places
    others = OTHER_CAPITAL if capitals else OTHER
    line = _line_of(pixels, read)
    by_line = _by_line(line, letters, capitals=capitals)
    return {
        rank: _together(
            by_line.get(read[rank], Shapes.OPEN), *_likeness(line, read[rank], letters, others, alone=alone)
        )
        for rank in asked
        if read[rank].character in others
    }


def worst_of(shapes: Iterable[Shapes]) -> Shapes:
    """What several say together: the worst of them counts."""
    found = set(shapes)
    return next((answer for answer in (Shapes.CONTRADICTED, Shapes.OPEN) if answer in found), Shapes.CONFIRMED)


class _Line(NamedTuple):
    """A line's pixels, what was read in it, its glyphs' extents where they are known, and the pieces of its ink."""

    pixels: Pixels
    extents: Mapping[Place, Extent | None]
    pieces: NDArray[np.int32]
    stroke: float
    height: float | None


def _line_of(pixels: Pixels, places: Sequence[Place]) -> _Line:
    dark = (pixels < DARK).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    extents = {place: _extent(stats[1:], place, dark.shape[1]) for place in places}
    return _Line(pixels, extents, stats[1:], _stroke_width(dark), height_of(stats[1:], places, dark.shape[1]))


def _by_line(line: _Line, letters: Sequence[Letter], *, capitals: bool) -> dict[Place, Shapes]:
    """What the line itself says of its glyphs that may be others."""
    same = _of_its_size(letters, line)
    if capitals:
        return _strokes(line, "I", same)
    return {**_heights(line, _figures(same)), **_strokes(line, "l", same)}


def _figures(letters: Sequence[Letter]) -> float | None:
    """How high the lowest zero, one or two of these letters is, in pixels; None where there is none."""
    return min((float(each.ink.shape[0]) for each in letters if each.character in DIGITS_OF_NUMBERS), default=None)


def _together(by_line: Shapes, by_letters: Shapes, leaning: float) -> Shapes:
    """What the line's own measures and the page's letters say: against each other they leave it open, as do letters
    that leave it open and lean to the other kind."""
    if by_letters is Shapes.OPEN and by_line is Shapes.CONFIRMED and leaning <= -LEANS:
        return Shapes.OPEN
    if Shapes.OPEN in (by_line, by_letters):
        return by_letters if by_line is Shapes.OPEN else by_line
    return by_line if by_line is by_letters else Shapes.OPEN


def _likeness(
    line: _Line, place: Place, letters: Sequence[Letter], others: Mapping[str, str], *, alone: bool
) -> tuple[Shapes, float]:
    """Whether a glyph is more like the page's letters that it was read as, or like those that it may be instead; and by
    how much, as a logarithm, 0 where the page does not show both."""
    ink = ink_round(line.pixels, place)
    near = _of_its_size(letters, line)
    read, other = place.character, others[place.character]
    own, rivals = (_whole(near, kind) for kind in (read, other))
    alike, unlike = _likest(ink, own), _likest(ink, rivals)
    if unlike is None:
        # How large the type of a line is may be mistaken: where figures are old-style, a line of them is low.
        unlike = _likest(ink, _whole(letters, other))
    capitals = others is OTHER_CAPITAL
    # Where figures are old-style, a zero is an o but for what print and scan make of either.
    high = _has_high_figures(near)
    may_be_low = not capitals and read in ROUND_ONES and high is False
    confirmed = Shapes.OPEN if may_be_low else Shapes.CONFIRMED
    if unlike is None:
        sure = alone and alike is not None and alike >= (ALONE_CAPITALS if capitals else ALONE)[read]
        return Shapes.CONFIRMED if sure and (high or read != "o") else Shapes.OPEN, 0.0
    if alike is None:
        none = unlike < (UNLIKE_CAPITALS if capitals else UNLIKE).get(read, 0.0)
        return confirmed if none else Shapes.OPEN, 0.0
    if max(alike, unlike) < LIKE:
        return Shapes.OPEN, 0.0
    apart = math.log((NEAREST - unlike) / (NEAREST - alike))
    if abs(apart) >= APART[read]:
        return confirmed if apart > 0 else Shapes.CONTRADICTED, apart
    leans = apart > LEANS and _is_its_own(ink, own, rivals)
    return confirmed if leans else Shapes.OPEN, apart


def _is_its_own(ink: NDArray[np.float32], own: Sequence[Letter], others: Sequence[Letter]) -> bool:
    """Whether a glyph is its own kind rather than the other where the two differ; False without any of either."""
    if not own or not others:
        return False
    found = blend(ink, *([letter.ink for letter in kind[:ENOUGH]] for kind in (own, others)))
    return found.share >= ITS_OWN and found.explained >= EXPLAINED


def _has_high_figures(letters: Sequence[Letter]) -> bool | None:
    """Whether the page shows that its figures are higher than its o's: old-style ones are not. None where it shows no
    figure or no o."""
    figures, low = _figures(letters), [each.ink.shape[0] for each in letters if each.character == "o"]
    return None if figures is None or not low else figures >= (1 + HIGHER) * median(low)


def _whole(letters: Sequence[Letter], kind: str) -> list[Letter]:
    """Those of a kind but for broken ones, which are narrower than others: half an o is like anything round."""
    own = [each for each in letters if each.character == kind]
    widest = max((each.ink.shape[1] for each in own), default=0)
    return [each for each in own if each.ink.shape[1] >= NARROWEST * widest]


def _likest(ink: NDArray[np.float32], letters: Sequence[Letter]) -> float | None:
    """How like the likest of them something in the ink is; None if there are none."""
    return max((correlation(ink, letter.ink) for letter in letters[:ENOUGH]), default=None)


def _of_its_size(letters: Sequence[Letter], line: _Line) -> list[Letter]:
    """The letters of lines of the same size of type, as far as one knows."""
    height = line.height
    return [
        each for each in letters if height is None or each.height is None or abs(each.height / height - 1) <= SAME_TYPE
    ]


def _heights(line: _Line, figures: float | None) -> dict[Place, Shapes]:
    """For each 0 and o what its height says.

    figures: how high the page's lowest are. Where a zero is no higher than an o, which old-style figures are not, or
    nobody knows, a glyph as low as one may be either.
    """
    extents = line.extents
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
    lining = figures is not None and figures >= (1 + HIGHER) * size

    def told(place: Place, extent: Extent | None) -> Shapes:
        if extent is None:
            low = lining and place.character == "o" and _is_all_low(line, place, top, size)
            return Shapes.CONFIRMED if low else Shapes.OPEN
        if extent.foot - extent.top < WHOLE_HEIGHT * size:
            return Shapes.OPEN
        return _height(place.character, (top - extent.top) / size, lining=lining)

    return {place: told(place, extent) for place, extent in asked.items()}


def _is_all_low(line: _Line, place: Place, top: float, size: float) -> bool:
    """Whether whatever reaches into a place is as low as small letters are, with all that touches it: it is no zero.

    top: of the small letters, size: their height, in pixels.
    """
    left, right = (edge * line.pixels.shape[1] for edge in (place.left, place.right))
    pieces = line.pieces
    inside = pieces[
        (pieces[:, cv2.CC_STAT_LEFT] < right) & (pieces[:, cv2.CC_STAT_LEFT] + pieces[:, cv2.CC_STAT_WIDTH] > left)
    ]
    tops, heights = inside[:, cv2.CC_STAT_TOP], inside[:, cv2.CC_STAT_HEIGHT]
    return bool(len(inside) and tops.min() >= top - AS_LOW * size and heights.max() >= WHOLE_HEIGHT * size)


def _height(character: str, above: float, *, lining: bool) -> Shapes:
    """above: by what share of a small letter's height the glyph is higher than one; lining: whether zeros are."""
    if character == "0":
        return Shapes.CONFIRMED if above >= HIGHER else Shapes.CONTRADICTED if lining else Shapes.OPEN
    if above <= AS_LOW:
        return Shapes.CONFIRMED if lining else Shapes.OPEN
    return Shapes.CONTRADICTED if above >= HIGHER else Shapes.OPEN


def _strokes(line: _Line, letter: str, letters: Sequence[Letter]) -> dict[Place, Shapes]:
    """For each 1, and each letter that a 1 is taken for, what its width says."""
    asked = {place: extent for place, extent in line.extents.items() if place.character in ("1", letter)}
    bare = any(
        place.character == letter and extent and extent.width <= BARE * line.stroke for place, extent in asked.items()
    )
    slim = _slim(letter, letters)
    highest = max((extent.foot - extent.top for extent in line.extents.values() if extent), default=0)

    def told(place: Place, extent: Extent | None) -> Shapes:
        # A piece of a broken stroke is slimmer than the whole.
        broken = extent is None or (place.character == letter and extent.foot - extent.top < LEAST_STROKE * highest)
        if extent is None or broken:
            return Shapes.OPEN
        return _stroke(place.character, extent.width / line.stroke, bare=bare, slim=extent.width <= slim)

    return {place: told(place, extent) for place, extent in asked.items()}


def may_be_bare_ones(pixels: Pixels, places: Sequence[Place], letters: Sequence[Letter]) -> frozenset[int]:
    """The places, counted from 0, of each l in a line of small letters that is no more than a stroke, where the page's
    ones are no more either: nothing tells which of the two it is.

    pixels, places, letters: as `each_shape` has them.
    """
    line = _line_of(pixels, places)
    ones = [float(each.ink.shape[1]) for each in _of_its_size(letters, line) if each.character == "1"]
    if not ones or median(ones) > BARE_ONE * line.stroke:
        return frozenset()
    extents = {rank: line.extents[place] for rank, place in enumerate(places) if place.character == "l"}
    return frozenset(rank for rank, extent in extents.items() if extent is None or extent.width <= BARE * line.stroke)


def _slim(letter: str, letters: Sequence[Letter]) -> float:
    """How wide a bare stroke is at most on the page, in pixels: less than its ones, or little more than its letters."""
    ones, own = ([float(each.ink.shape[1]) for each in letters if each.character == sign] for sign in ("1", letter))
    if ones:
        return min(SLIMMER * min(ones), min(ones) - LEAST_SLIMMER)
    return WIDER * median(own) if own else math.inf


def _stroke(character: str, width: float, *, bare: bool, slim: bool) -> Shapes:
    """bare: the line has such a letter that is a bare stroke, so that its typeface has no other."""
    if character != "1":
        if width <= BARE:
            return Shapes.CONFIRMED if slim else Shapes.OPEN
        return Shapes.CONTRADICTED if bare and width >= FLAGGED else Shapes.OPEN
    if not bare:
        return Shapes.OPEN
    if width <= BARE:
        return Shapes.CONTRADICTED if slim else Shapes.OPEN
    return Shapes.CONFIRMED if width >= FLAGGED else Shapes.OPEN


def _stroke_width(dark: Pixels) -> float:
    """The usual width of the strokes, in pixels: four times the mean distance of their pixels to their edge."""
    inside = cv2.distanceTransform(dark, cv2.DIST_L2, 3)
    return max(1.0, 4.0 * float(inside[inside > 0].mean())) if dark.any() else 1.0


def _extent(pieces: NDArray[np.int32], place: Place, width: int) -> Extent | None:
    piece = piece_in(pieces, place, width)
    if piece is None:
        return None
    _, top, columns, rows, _ = (int(number) for number in pieces[piece - 1])
    return Extent(top, top + rows - 1, columns)
