"""Which sign a glyph of a typed address is, by a small network that knows no words.

Readers have learnt words, and take `ll0yd` for `lloyd`. This network sees one glyph and what is beside it, and those
letters of the same page of which it is known what they are; it has learnt from words in which an o is as often a zero
(`benchmarks/reader/train_glyphs.py`). How often it errs is in docs/design/confidence.md ("Glyphs").
"""

from __future__ import annotations

import math
import string
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipeline.glyphs.placed import TAKEN, in_capitals, middle_of, pieces_in, window_at
from pipeline.networks import session

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.glyphs.placed import Letter, Place
    from pipeline.model import Pixels

    # Of a glyph, how probable it is that it is each of SIGNS.
    Chances = NDArray[np.float32]

MODEL = Path(__file__).parent.parent / "models" / "glyphs.onnx"
# What a glyph may be, and the kinds of which the page's letters are shown.
SIGNS = string.ascii_lowercase + string.ascii_uppercase + string.digits + "-_.@+"
SHOWN, NONE = "oli01OI", -1
# What a sign is taken for, whatever its case: letters and digits for one another, and what has neither dot nor flag.
TAKEN_FOR = {"o": "0", "0": "o", "l": "1i", "1": "li", "i": "l1", "g": "9", "q": "9", "9": "gq",
             "s": "5", "5": "s", "z": "2", "2": "z", "b": "68", "6": "b", "8": "b"}  # fmt: skip
# How much likelier a glyph must be one sign than another to be told from it, as a natural logarithm: see
# docs/design/confidence.md ("Glyphs").
SEEN = 5.0
# More letters of a kind say no more.
ENOUGH = 4
LEAST = 1e-6


def kinds_in(pixels: Pixels, places: Sequence[Place], letters: Sequence[Letter]) -> dict[int, Chances]:
    """Of each sign of a typed line, by its place, counted from 0, what it may be; of others than SIGNS nothing.

    pixels: dark on white, height x width at 300 dpi. letters: of the same page's type.
    """
    asked = [rank for rank, place in enumerate(places) if place.character in SIGNS]
    if not asked:
        return {}
    pieces, width = pieces_in(pixels), pixels.shape[1]
    windows = [window_at(pixels, middle_of(pieces, places[rank], width)) for rank in asked]
    # Names may be in capitals where addresses are not: capitals are shown to capitals alone, small letters to such.
    like = str.isupper if in_capitals(places) else str.islower
    known: dict[str, list[Pixels]] = defaultdict(list)
    for letter in letters:
        if letter.character.isdigit() or like(letter.character):
            known[letter.character].append(letter.window)
    return dict(zip(asked, kinds_of(windows, known), strict=True))


def kinds_of(glyphs: Sequence[Pixels], letters: Mapping[str, Sequence[Pixels]]) -> NDArray[np.float32]:
    """How probable it is that each glyph is each of SIGNS: glyphs x SIGNS.

    glyphs: windows. letters: windows of the same page's type, by what they are known to be; others than SHOWN are not
    looked at.
    """
    known = [(kind, each) for kind in SHOWN for each in letters.get(kind, ())[:ENOUGH]]
    shares = shares_of([SHOWN.index(kind) for kind, _ in known] or [NONE])
    shown = [each for _, each in known] or [np.zeros(TAKEN, np.uint8)]
    given = {"glyphs": _as_input(glyphs), "letters": _as_input(shown), "shares": shares}
    found: NDArray[np.float32] = session(MODEL).run(None, given)[0]
    return found


def shares_of(kinds: Sequence[int]) -> NDArray[np.float32]:
    """What share of its kind's mean each letter is: SHOWN x letters. kinds: places in SHOWN, NONE for no letter."""
    shares: NDArray[np.float32] = np.zeros((len(SHOWN), len(kinds)), np.float32)
    for rank, kind in enumerate(kinds):
        if kind != NONE:
            shares[kind, rank] = 1.0
    shares /= np.maximum(1.0, shares.sum(axis=1, keepdims=True))
    return shares


def odds_of(chances: Chances, sign: str, others: Iterable[str] | None = None) -> float:
    """How much likelier a glyph is this sign, in small letters, than others, or than anything else: as a natural
    logarithm."""
    own = _chance(chances, sign)
    against = float(chances.sum()) - own if others is None else sum(_chance(chances, other) for other in others)
    return math.log(max(own, LEAST) / max(against, LEAST))


def _chance(chances: Chances, sign: str) -> float:
    """Of a letter, small or capital; 0 for what is none of SIGNS."""
    return sum(float(chances[SIGNS.index(each)]) for each in {sign, sign.upper()} if each in SIGNS)


def _as_input(windows: Sequence[Pixels]) -> NDArray[np.float32]:
    return np.stack(windows)[:, None].astype(np.float32) / np.float32(255)
