"""Predicted confidence against the share that is right, and how much is decided at which error rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.config import Confidence
from pipeline.evaluation.judging import JudgedField
from pipeline.evaluation.share import Share
from pipeline.model import Kind

# Narrow where thresholds are: most readings lie near certainty.
EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 1.0)
ERROR_RATES = (0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001, 0.0001)
ALL = "all"
LETTERS = "text, accents and capitals aside"


@dataclass(frozen=True)
class Series:
    """The readings of one kind of field (`kind` None: of all): each one's confidence and whether it is right."""

    name: str
    kind: Kind | None
    outcomes: tuple[tuple[float, bool], ...]

    def above(self, threshold: float) -> list[bool]:
        return [right for confidence, right in self.outcomes if confidence >= threshold]


@dataclass(frozen=True)
class Bin:
    """Readings whose confidence is from `low` (in it) to `high` (not in it, but for the last): mean and share right."""

    low: float
    high: float
    confidence: float
    right: Share


@dataclass(frozen=True)
class Automation:
    """Acting on readings of at least `threshold` = 1 - `error_rate`: how many are acted on, how many of those wrong.

    configured: this is the rate that the configuration sets for this kind.
    """

    name: str
    error_rate: float
    threshold: float
    configured: bool
    acted: Share
    wrong: Share


def series_of(fields: Sequence[JudgedField]) -> tuple[Series, ...]:
    """All together, each kind that occurs, and text once more without minding accents and capitals: that is what its
    confidence is about."""
    made = [Series(ALL, None, tuple((field.confidence, field.exact) for field in fields))]
    for kind in Kind:
        of_kind = [field for field in fields if field.kind is kind]
        if of_kind:
            made.append(Series(kind.value, kind, tuple((field.confidence, field.exact) for field in of_kind)))
        if of_kind and kind is Kind.TEXT:
            made.append(Series(LETTERS, kind, tuple((field.confidence, field.letters) for field in of_kind)))
    return tuple(made)


def bins_of(series: Series) -> tuple[Bin, ...]:
    """Those that hold anything."""
    found = []
    for low, high in pairwise(EDGES):
        inside = [(c, right) for c, right in series.outcomes if low <= c < high or (c == high == EDGES[-1])]
        if inside:
            mean = sum(confidence for confidence, _ in inside) / len(inside)
            found.append(Bin(low, high, mean, Share.among(right for _, right in inside)))
    return tuple(found)


def automation_of(series: Series, confidence: Confidence) -> tuple[Automation, ...]:
    """A row an error rate, the configured one among them, from the most lenient to the strictest."""
    own = None if series.kind is None else float(getattr(confidence, series.kind.value))
    rates = sorted({*ERROR_RATES, *([] if own is None else [own])}, reverse=True)
    return tuple(automation_at(series, rate, configured=rate == own) for rate in rates)


def automation_at(series: Series, rate: float, *, configured: bool) -> Automation:
    acted = series.above(1.0 - rate)
    return Automation(
        name=series.name,
        error_rate=rate,
        threshold=1.0 - rate,
        configured=configured,
        acted=Share(len(acted), len(series.outcomes)),
        wrong=Share.among(not right for right in acted),
    )


def curve_of(series: Series) -> tuple[tuple[float, float], ...]:
    """Share acted on and share wrong among these, for every threshold that changes either, from the strictest."""
    ordered = sorted(series.outcomes, key=lambda outcome: -outcome[0])
    points, wrong = [], 0
    for count, (confidence, right) in enumerate(ordered, start=1):
        wrong += not right
        if count == len(ordered) or ordered[count][0] < confidence:
            points.append((count / len(ordered), wrong / count))
    return tuple(points)
