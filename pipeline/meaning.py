"""What a written value can mean: one thing, nothing (it is not valid), or something that a person must look at."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


@dataclass(frozen=True)
class Meaning:
    """What is written: its canonical values, likeliest first; none when it is not valid.

    doubtful: a person must say which, or whether. Several values are always doubtful.
    """

    values: tuple[str, ...] = ()
    doubtful: bool = False

    @property
    def certain_value(self) -> str | None:
        return None if self.doubtful or len(self.values) != 1 else self.values[0]

    @property
    def invalid(self) -> bool:
        """Nothing that is written here could be a value of this kind."""
        return not self.values and not self.doubtful


INVALID = Meaning()


def fold(text: str) -> str:
    """Without accents and capitals: `Février` and `fevrier` are the same word."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter)).casefold()
