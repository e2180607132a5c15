"""How alike the letters of lines are: a machine prints a letter the same each time, a hand never writes it so.

What a line's typeface looks like does not matter for that, which is where what tells a pen from type by its strokes
(`pipeline/pen.py`) is mistaken most.
"""

from __future__ import annotations

import string
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from pipeline.glyphs.likeness import correlation
from pipeline.glyphs.placed import Letter, Place, letters_of

if TYPE_CHECKING:
    from pipeline.model import Pixels

# Bare strokes are alike whoever draws them.
TOLD = frozenset(string.ascii_letters + string.digits) - frozenset("ilI1")
# A letter is held against so many others at most, of about its height and width.
ENOUGH, AS_HIGH, AS_WIDE = 8, 0.15, 0.3
# Fewer letters that there are elsewhere say nothing of a line.
LEAST_LETTERS = 4


class Written(NamedTuple):
    """A line, dark on light, height x width; and what was read in it and where."""

    pixels: Pixels
    places: Sequence[Place]


def unlikeness(lines: Mapping[str, Written], asked: Collection[str]) -> dict[str, float]:
    """How unlike the letters of each line that is asked for are to the likest that is the same, in any of the lines.

    Of a line's letters the median of what their correlation is short of 1 by. Nothing of a line with too few of which
    there is another.
    """
    if not asked:
        return {}
    letters = {name: letters_of(*line, name, TOLD) for name, line in lines.items()}
    same: dict[str, list[Letter]] = defaultdict(list)
    for each in (letter for line in letters.values() for letter in line):
        same[each.character].append(each)
    found = {name: [_unlike(letter, same[letter.character]) for letter in letters.get(name, [])] for name in asked}
    told = {name: [each for each in distances if each is not None] for name, distances in found.items()}
    return {name: median(distances) for name, distances in told.items() if len(distances) >= LEAST_LETTERS}


def _unlike(letter: Letter, same: Sequence[Letter]) -> float | None:
    """What a letter's correlation with the likest of the others is short of 1 by; 1 where none is of its size."""
    others = [other for other in same if other is not letter][:ENOUGH]
    if not others:
        return None
    alike = (correlation(letter.ink, other.ink) for other in others if _is_as_large(letter, other))
    return 1.0 - max(alike, default=0.0)


def _is_as_large(letter: Letter, other: Letter) -> bool:
    (height, width), (high, wide) = letter.ink.shape, other.ink.shape
    as_high, as_wide = AS_HIGH * max(height, high), AS_WIDE * max(width, wide)
    return bool(abs(height - high) <= as_high and abs(width - wide) <= as_wide)
