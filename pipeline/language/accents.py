"""Accents that a reading may have lost: what French words are commonest with.

Nothing is spelt as nobody read it: of the spellings that were read, the one that is usual is preferred.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.language.lexicon import accented, folded
from pipeline.language.spelling import SMALL_WORDS

# Small words without accents; an à has one, and an a may be a capital's.
BARE = SMALL_WORDS - {"a", "à", "ltée"}
WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ]+")


def with_usual_accents(text: str, read: Sequence[str]) -> str:
    """A text with the accents that each of its words usually has, where one of the readings of it has them so."""
    spelt = text
    for word in _unusual(text):
        usual = _usual(word.group())
        if usual and any(_same_place(word, other).lower() == usual for other in read if len(other) == len(text)):
            spelt = spelt[: word.start()] + _in_case_of(word.group(), usual) + spelt[word.end() :]
    return spelt


def may_lack_accents(text: str) -> bool:
    """Whether a word stands there bare that usually has an accent: `RENE`, `Gerant`."""
    return any(word.group().isascii() for word in _unusual(text))


def _unusual(text: str) -> Iterator[re.Match[str]]:
    """The words that usually have accents, and have not these."""
    return (word for word in WORD.finditer(text) if _is_unusual(word.group().lower()))


def _is_unusual(word: str) -> bool:
    usual = _usual(word)
    return usual is not None and len(usual) == len(word) and usual != word


def _usual(word: str) -> str | None:
    """How it is spelt where it usually has accents; or never has, though PP-OCR reads `ÈN`."""
    plain = folded(word)
    return plain if plain in BARE else accented().get(plain)


def _same_place(word: re.Match[str], other: str) -> str:
    return other[word.start() : word.end()]


def _in_case_of(word: str, usual: str) -> str:
    return "".join(letter.upper() if old.isupper() else letter for old, letter in zip(word, usual, strict=True))
