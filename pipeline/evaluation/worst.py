"""The errors in the order in which an engineer wants to see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.config import Confidence
from pipeline.evaluation.blocking import Blocked
from pipeline.evaluation.judging import Judged, JudgedField
from pipeline.model import FieldRecord, Kind


@dataclass(frozen=True)
class Wrong:
    """A field that was not read as it is written. `acted_on`: its confidence was enough to act on.

    only_accents: for text, its confidence does not speak of these.
    """

    judged: Judged
    field: JudgedField
    acted_on: bool

    @property
    def only_accents(self) -> bool:
        return self.field.letters


@dataclass(frozen=True)
class Lonely:
    """The only field whose doubt keeps a document from its decision. `right`: None where nothing can be compared."""

    blocked: Blocked
    key: str
    kind: Kind
    reading: FieldRecord
    expected: str | bool | None
    right: bool | None
    needed: float


@dataclass(frozen=True)
class Findings:
    """decisions: wrong ones, with wrong values accepted among them. wrong: fields, the most certain first (accents and
    capitals after wrong letters). lonely: doubtful fields that alone hold a document back, the nearest to certain
    first."""

    decisions: tuple[Judged, ...]
    wrong: tuple[Wrong, ...]
    lonely: tuple[Lonely, ...]


def find_worst(
    judged: Sequence[Judged], blocked: Sequence[Blocked], kinds: Mapping[str, Kind], confidence: Confidence
) -> Findings:
    wrong = [
        Wrong(each, field, acted_on=field.confidence >= confidence.threshold(field.kind))
        for each in judged
        for field in each.fields
        if not field.exact
    ]
    lonely = [lonely_of(each, kinds, confidence) for each in blocked if len(each.hangs_on) == 1]
    return Findings(
        decisions=tuple(each for each in judged if is_wrong(each)),
        wrong=tuple(sorted(wrong, key=lambda each: (each.only_accents, not each.acted_on, -each.field.confidence))),
        lonely=tuple(sorted(lonely, key=lambda each: each.needed - each.reading.confidence)),
    )


def is_wrong(judged: Judged) -> bool:
    """False accepts and rejects, wrong values or addresses accepted, a wrong reason given."""
    return (
        judged.false_accept
        or judged.false_reject
        or bool(judged.wrong_values)
        or judged.wrong_delivery
        or judged.wrong_reasons
    )


def lonely_of(blocked: Blocked, kinds: Mapping[str, Kind], confidence: Confidence) -> Lonely:
    key = blocked.hangs_on[0]
    kind = kinds.get(key, Kind.TEXT)
    truth = blocked.judged.truth
    return Lonely(
        blocked=blocked,
        key=key,
        kind=kind,
        reading=blocked.judged.record.fields[key],
        expected=(truth.fields or {}).get(key),
        right=next((field.exact for field in blocked.judged.fields if field.key == key), None),
        needed=confidence.threshold(kind),
    )
