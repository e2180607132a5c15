"""Signs that readers and writers take for one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Signs and pairs of signs that are taken for one another, each group by its first; pairs after the signs in them.
LOOK_ALIKES = (("1", "l"), ("i", "l"), ("j", "l"), ("0", "o"), (",", "."), ("_", "-"), (" ", "-"), ("q", "g"),
               ("y", "g"), ("5", "s"), ("2", "z"), ("8", "b"), ("rn", "m"), ("vv", "w"), ("v", "u"),
               ("cl", "d"))  # fmt: skip

# Digits of a hand that all readers take for one another: docs/design/confidence.md.
DIGITS_BY_HAND = frozenset(map(frozenset, ("38", "17", "49", "06")))


def with_another_digit(text: str) -> Iterator[str]:
    """The text with one of its digits for another that a hand makes like it, each in turn."""
    for place, digit in enumerate(text):
        for pair in DIGITS_BY_HAND:
            if digit in pair:
                (other,) = pair - {digit}
                yield f"{text[:place]}{other}{text[place + 1 :]}"


def alike(one: str, other: str) -> bool:
    """Whether two readings differ, and only by signs that are taken for one another (`karine11`, `karinel1`)."""
    return one != other and _plain_shape(one) == _plain_shape(other)


def _plain_shape(key: str) -> str:
    shape = key.removeprefix("!").lower()
    for sign, stands_for in LOOK_ALIKES:
        shape = shape.replace(sign, stands_for)
    return shape
