"""Chance, from one numpy generator: what is drawn depends on the seed alone."""

from __future__ import annotations

import unicodedata
import zlib
from collections.abc import Sequence
from typing import TypeVar

from numpy.random import Generator

T = TypeVar("T")


def pick(rng: Generator, choices: Sequence[T]) -> T:
    return choices[int(rng.integers(len(choices)))]


def weighted(rng: Generator, weights: dict[T, float]) -> T:
    total = sum(weights.values())
    mark = float(rng.random()) * total
    for choice, weight in weights.items():
        mark -= weight
        if mark < 0:
            return choice
    return choice


def chance(rng: Generator, probability: float) -> bool:
    return float(rng.random()) < probability


def digits(rng: Generator, count: int) -> str:
    return "".join(str(int(digit)) for digit in rng.integers(0, 10, count))


def is_held_out(name: str) -> bool:
    """One name in four, the same ones for ever: fonts and people that only a held-out set may use."""
    return zlib.crc32(name.encode()) % 4 == 0


def share(names: Sequence[str], held_out: bool) -> list[str]:
    """The part of `names` that is held out, or the rest."""
    return [name for name in names if is_held_out(name) == held_out]


def plain(text: str) -> str:
    """Without accents, as in an address; œ becomes oe."""
    spread = unicodedata.normalize("NFD", text.replace("œ", "oe").replace("Œ", "OE"))
    return "".join(letter for letter in spread if not unicodedata.combining(letter))
