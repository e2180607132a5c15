"""A count of a count, and between which bounds the true share lies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

# The normal distribution's quantile that leaves 2.5 % on either side.
Z = 1.959963984540054


@dataclass(frozen=True)
class Share:
    """`count` of `of`."""

    count: int
    of: int

    @classmethod
    def among(cls, outcomes: Iterable[bool]) -> Share:
        each = [bool(outcome) for outcome in outcomes]
        return cls(sum(each), len(each))

    @property
    def rate(self) -> float | None:
        return self.count / self.of if self.of else None

    @property
    def bounds(self) -> tuple[float, float]:
        """Wilson's interval: the true share lies in it 95 times in 100. Of nothing, it may be anything."""
        if not self.of:
            return 0.0, 1.0
        rate, spread = self.count / self.of, Z * Z / self.of
        middle = (rate + spread / 2) / (1 + spread)
        half = Z * sqrt(rate * (1 - rate) / self.of + spread / (4 * self.of)) / (1 + spread)
        low = 0.0 if self.count == 0 else max(0.0, middle - half)
        high = 1.0 if self.count == self.of else min(1.0, middle + half)
        return low, high

    @property
    def text(self) -> str:
        """`17 of 34 · 50.0 % (34.1–65.9)`, or a dash for none of nothing."""
        if self.rate is None:
            return "–"
        low, high = self.bounds
        return f"{self.count} / {self.of} · {percent(self.rate)} ({percent(low, '')}–{percent(high, '')})"


def percent(value: float, unit: str = " %") -> str:
    """With one decimal, and never rounded up to all nor down to none."""
    shown = f"{100 * value:.1f}"
    if shown == "100.0" and value < 1:
        shown = "> 99.9"
    elif shown == "0.0" and value > 0:
        shown = "< 0.1"
    return shown + unit
