"""How far one word is from another."""

from __future__ import annotations


def distance(one: str, other: str) -> int:
    """How many signs must be changed, left out or put in to make one of the other (V. Levenshtein, 1966)."""
    row = list(range(len(other) + 1))
    for count, sign in enumerate(one, 1):
        above, row = row, [count]
        for place, own in enumerate(other, 1):
            row.append(min(above[place] + 1, row[-1] + 1, above[place - 1] + (sign != own)))
    return row[-1]
