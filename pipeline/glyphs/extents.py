"""Whether a stroke of a typed line goes further up or down than type does: somebody has struck a letter out, or
written one in.

All engines read type rightly through a thin stroke, and so would an address be acted on that its writer has corrected.
How often that errs is in docs/design/confidence.md ("Amended").
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from statistics import median
from typing import TYPE_CHECKING

import cv2

from pipeline.glyphs.placed import LOW, Place, foot_of, piece_in, pieces_in, top_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pipeline.model import Pixels

# What is as high as capitals and does not go below the line; figures may, old-style ones.
HIGH = frozenset("bdfhkl" + string.ascii_uppercase) - frozenset("JQ")
# And ends on the line with small letters; an f has a tail in some typefaces.
UPRIGHT = (LOW | HIGH) - {"f"}
# What goes up as high as an l.
ASCENDING = frozenset("bdhkl")
LEAST_LETTERS = 3
# In heights of a capital: a glyph goes further than its like by so much at most, anything above the capitals, and below
# the line, where descenders and at signs go. What has fewer pixels, or goes less far than so much, is a grain.
FURTHER, ABOVE, BELOW, GRAIN, SMALL = 0.15, 0.2, 0.6, 20, 0.3
# A part of a letter is at most so far beside its place, as a share of that.
BESIDE = 0.15
# A capital is so many times as high as a small letter, where a line has none.
CAPITAL = 1.35


def goes_too_far(pixels: Pixels, places: Sequence[Place]) -> bool:
    """Whether any piece of ink goes further than type does. pixels: dark on white, height x width, of a typed line;
    places: what was read in it and where."""
    pieces = pieces_in(pixels)
    found = [(place.character, piece_in(pieces, place, pixels.shape[1])) for place in places]
    low, high = ([pieces[piece - 1] for sign, piece in found if piece and sign in kind] for kind in (LOW, HIGH))
    if len(low) + len(high) < LEAST_LETTERS:
        return False
    foot = median(map(foot_of, (*low, *high)))
    small = median(map(top_of, low)) if low else foot
    tops = (
        [_top_in(pieces, place, pixels.shape[1], small) for place in places if place.character in HIGH]
        if low
        else [top_of(piece) for piece in high]
    )
    top = median([each for each in tops if each is not None] or [foot - CAPITAL * (foot - small)])
    size = max(1.0, foot - top)
    further = [small - top_of(piece) for piece in low] + [top - top_of(piece) for piece in high]
    further += [foot_of(pieces[piece - 1]) - foot for sign, piece in found if piece and sign in UPRIGHT]
    extent = pieces[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1)
    all_pieces = pieces[(pieces[:, cv2.CC_STAT_AREA] >= GRAIN) & (extent >= SMALL * size)]
    return max(further) > FURTHER * size or any(
        top - top_of(piece) > ABOVE * size or foot_of(piece) - foot > BELOW * size for piece in all_pieces
    )


def _top_in(pieces: NDArray[np.int32], place: Place, width: int, small: float) -> float | None:
    """How far up a high letter goes that may be broken: its stem is no part of its bowl then. small: where small
    letters begin, which any part of it reaches."""
    middles = pieces[:, cv2.CC_STAT_LEFT] + pieces[:, cv2.CC_STAT_WIDTH] / 2
    spare = BESIDE * (place.right - place.left)
    within = (middles >= (place.left - spare) * width) & (middles <= (place.right + spare) * width)
    parts = [piece for piece in pieces[within & (pieces[:, cv2.CC_STAT_AREA] >= GRAIN)] if foot_of(piece) > small]
    return min(map(top_of, parts), default=None)


def lower_than_others(pixels: Pixels, places: Sequence[Place]) -> dict[int, float]:
    """How much lower each l of a line of small letters is than what else goes up as high, by its place, counted from 0:
    in heights of a small letter. Those that touch others, or of lines without such, are not in it."""
    pieces = pieces_in(pixels)
    found = {
        rank: pieces[piece - 1]
        for rank, place in enumerate(places)
        if (piece := piece_in(pieces, place, pixels.shape[1]))
    }
    low = [piece[cv2.CC_STAT_HEIGHT] for rank, piece in found.items() if places[rank].character in LOW]
    high = {rank: top_of(piece) for rank, piece in found.items() if places[rank].character in ASCENDING}
    if not low:
        return {}
    size = max(1.0, float(median(low)))
    return {
        rank: (top - median(others)) / size
        for rank, top in high.items()
        if places[rank].character == "l" and (others := [each for other, each in high.items() if other != rank])
    }
