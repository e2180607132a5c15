"""The glyphs of a typed line: where each stands, and those of which it is known what they are.

A page filled in with one typeface shows what its letters look like where there is no doubt about them: zeros in
telephone numbers, an o in names. `pipeline/glyphs/shapes.py` holds doubtful ones against them.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from pipeline.language.spelling import SAME_SHAPE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.model import Pixels

# What goes up as high as capitals do, in a line of small letters.
HIGH = frozenset("bdfhkl123456789")
# Small letters that go neither above the x-height nor below the baseline.
LOW = frozenset("acemnorsuvwxz")
# A piece of ink is a glyph's own when this share of its width lies in the glyph's place; it is a letter to hold others
# against when it has this share of all the ink that does: half an O looks like nothing.
OWN_SHARE, WHOLE = 0.7, 0.8
# What is looked at round a place, on either side: this share of its width, and so many pixels at least.
BESIDE, LEAST_BESIDE = 0.3, 3
LEAST_CAPITALS = 2
# A letter is at least this share of the high ones' height.
LEAST_HEIGHT = 0.5
# What is round is at least this share of its height wide, in narrow typefaces too: else half of it is lost.
ROUND, LEAST_ROUND = frozenset("oO0"), 0.5
DARK = 128
# What each glyph of a line of small letters may be instead, and of a line of capitals.
OTHER = {"o": "0", "0": "o", "l": "1", "1": "l"}
OTHER_CAPITAL = {"O": "0", "0": "O", "I": "1", "1": "I"}
DIGITS_OF_NUMBERS = frozenset("012")
# What is looked at round a glyph's middle in pixels at 300 dpi, height x width, and as a network takes it.
WINDOW, TAKEN = (60, 50), (48, 40)


class Place(NamedTuple):
    """A character as read and where it stands: left and right as fractions of the line's width."""

    character: str
    left: float
    right: float


class Letter(NamedTuple):
    """A letter of a page's type of which it is known what it is, as dark on light pixels would be: 0 is no ink.

    source: the field it stands in. height: of the high letters and digits of its line in pixels, if there are any.
    window: what is round it.
    """

    character: str
    ink: NDArray[np.float32]
    source: str
    height: float | None
    window: Pixels


def in_capitals(places: Sequence[Place]) -> bool:
    """Whether a line is in capitals: small letters that have their capital's shape were read for it."""
    capitals = sum(place.character.isupper() for place in places)
    small = (place.character for place in places if place.character.islower())
    return capitals >= LEAST_CAPITALS and all(character in SAME_SHAPE for character in small)


def as_capitals(places: Sequence[Place]) -> list[Place]:
    return [place._replace(character=place.character.upper()) for place in places]


def letters_of_words(pixels: Pixels, places: Sequence[Place], source: str, first: int = 0) -> list[Letter]:
    """The o's, l's and i's of a line of words, from its character `first` on; in a line of capitals its O's and I's."""
    if in_capitals(places):
        return letters_of(pixels, as_capitals(places), source, frozenset("OI"), first)
    return letters_of(pixels, places, source, frozenset("oli"), first)


def letters_of_numbers(pixels: Pixels, places: Sequence[Place], source: str) -> list[Letter]:
    """The zeros, ones and twos of a number: old-style ones are all as low as an o."""
    return letters_of(pixels, places, source, DIGITS_OF_NUMBERS)


def letters_of(
    pixels: Pixels, places: Sequence[Place], source: str, known: frozenset[str], first: int = 0
) -> list[Letter]:
    """The letters of a line that are in `known`, from its character `first` on, but for what touches or is broken."""
    dark = (pixels < DARK).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    height = height_of(stats[1:], places, dark.shape[1])
    letters = []
    for place in places[first:]:
        piece = piece_in(stats[1:], place, dark.shape[1], WHOLE) if place.character in known else None
        if piece is None:
            continue
        left, top, width, high, _ = (int(number) for number in stats[piece])
        if high < LEAST_HEIGHT * (height or dark.shape[0] / 2):
            continue
        if place.character in ROUND and width < LEAST_ROUND * high:
            continue
        box = slice(top, top + high), slice(left, left + width)
        ink = np.where(labels[box] == piece, 255 - pixels[box], 0).astype(np.float32)
        letters.append(Letter(place.character, ink, source, height, window_at(pixels, left + width / 2)))
    return letters


def pieces_in(pixels: Pixels) -> NDArray[np.int32]:
    """The pieces of ink of a line, dark on white, a row each: left, top, width, height, area."""
    found: NDArray[np.int32] = cv2.connectedComponentsWithStats((pixels < DARK).astype(np.uint8), connectivity=8)[2][1:]
    return found


def pieces_read_as(
    kind: frozenset[str], pieces: NDArray[np.int32], places: Sequence[Place], width: int
) -> list[NDArray[np.int32]]:
    """The pieces of ink that are letters of this kind; width: of the line in pixels."""
    found = (piece_in(pieces, place, width) for place in places if place.character in kind)
    return [pieces[piece - 1] for piece in found if piece]


def top_of(piece: NDArray[np.int32]) -> float:
    return float(piece[cv2.CC_STAT_TOP])


def foot_of(piece: NDArray[np.int32]) -> float:
    return float(piece[cv2.CC_STAT_TOP] + piece[cv2.CC_STAT_HEIGHT])


def height_of(pieces: NDArray[np.int32], places: Sequence[Place], width: int) -> float | None:
    """The height in pixels of what is as high as capitals are, if a line has any."""
    high = [place for place in places if place.character in HIGH or place.character.isupper()]
    found = [piece_in(pieces, place, width) for place in high]
    tall = [pieces[piece - 1, cv2.CC_STAT_HEIGHT] for piece in found if piece]
    return float(median(tall)) if tall else None


def ink_round(pixels: Pixels, place: Place) -> NDArray[np.float32]:
    """The ink of a place and of a little on either side, in the line's full height; 0 is no ink."""
    width = pixels.shape[1]
    beside = max(LEAST_BESIDE, round(BESIDE * (place.right - place.left) * width))
    first, last = round(place.left * width) - beside, round(place.right * width) + beside
    return np.float32(255) - pixels[:, max(0, first) : max(1, last)].astype(np.float32)


def window_at(pixels: Pixels, middle: float) -> Pixels:
    """What is round a column of a line, dark on white at 300 dpi: darkness 0 to 255, TAKEN. The line's middle is the
    window's."""
    high, wide = WINDOW
    left, top = round(middle - wide / 2), round((pixels.shape[0] - high) / 2)
    rows, columns = (slice(max(0, start), max(0, start + size)) for start, size in ((top, high), (left, wide)))
    part = 255 - pixels[rows, columns]
    whole = np.zeros(WINDOW, np.uint8)
    whole[max(0, -top) : max(0, -top) + part.shape[0], max(0, -left) : max(0, -left) + part.shape[1]] = part
    return np.asarray(cv2.resize(whole, TAKEN[::-1], interpolation=cv2.INTER_AREA), dtype=np.uint8)


def middle_of(pieces: NDArray[np.int32], place: Place, width: int) -> float:
    """The column in which a glyph's middle is: of its own piece of ink, or where that touches others, of its place."""
    piece = piece_in(pieces, place, width)
    if piece is None:
        return (place.left + place.right) / 2 * width
    return float(pieces[piece - 1, cv2.CC_STAT_LEFT] + pieces[piece - 1, cv2.CC_STAT_WIDTH] / 2)


def piece_in(pieces: NDArray[np.int32], place: Place, width: int, share: float = 0.0) -> int | None:
    """The label of the largest piece of ink that is a place's own: 1 is that of the first of `pieces`.

    None where glyphs touch, or it has less than this share of the place's own ink.
    """
    left, right = place.left * width, place.right * width
    overlap = np.minimum(pieces[:, 0] + pieces[:, 2], right) - np.maximum(pieces[:, 0], left)
    inside = np.flatnonzero((overlap >= OWN_SHARE * pieces[:, 2]) & (overlap > 0))
    if not len(inside):
        return None
    areas = pieces[inside, 4]
    return 1 + int(inside[areas.argmax()]) if areas.max() >= share * areas.sum() else None
