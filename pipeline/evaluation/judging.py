"""One record held against what is right: form, decision, values, and each field with its confidence.

What counts as right is what the mail room's own scorer counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from pipeline.evaluation.sameness import Value, same, same_letters
from pipeline.evaluation.truth import ExpectedDelivery, Truth
from pipeline.model import Code, FieldRecord, Kind, Record, Verdict

Reasons = frozenset[tuple[Code, str | None]]
UNIDENTIFIED = frozenset({Code.FORM_UNIDENTIFIED, Code.EDITION_UNKNOWN})


class Identification(StrEnum):
    RIGHT = "right"
    LEFT = "left to a person"
    NOT_NEEDED = "not needed"
    WRONG = "wrong"
    NO_FORM = "no form"


class Exclusion(StrEnum):
    """Why a field of the truth is in no figure about fields."""

    INVALID = "invalid"
    AMBIGUOUS = "ambiguous"
    PAGE_MISSING = "page-missing"
    NOT_READ = "not-read"


@dataclass(frozen=True)
class JudgedField:
    """exact: the same value; letters: the same but for capitals and accents; both_blank: which proves little."""

    key: str
    kind: Kind
    expected: Value
    reading: FieldRecord
    exact: bool
    letters: bool
    both_blank: bool

    @property
    def confidence(self) -> float:
        return self.reading.confidence


@dataclass(frozen=True)
class Judged:
    """One document. `decided_rightly`: accepted or refused as it should be, for no wrong reason and with no wrong
    value; `straight` lets wrong values pass, as the scorer's straight-through rate does."""

    truth: Truth
    record: Record
    identification: Identification
    fields: tuple[JudgedField, ...]
    excluded: tuple[tuple[str, Exclusion], ...]
    wrong_values: tuple[str, ...]
    wrong_letters: tuple[str, ...]
    wrong_delivery: bool
    wrong_reasons: bool

    @property
    def false_accept(self) -> bool:
        return self.record.decision is Verdict.ACCEPT and self.truth.decision is not Verdict.ACCEPT

    @property
    def false_reject(self) -> bool:
        return self.record.decision is Verdict.REJECT and self.truth.decision is not Verdict.REJECT

    @property
    def straight(self) -> bool:
        decided = self.record.decision is not Verdict.REVIEW
        return decided and self.record.decision is self.truth.decision and not self.wrong_reasons

    @property
    def decided_rightly(self) -> bool:
        return self.straight and not self.wrong_values and not self.wrong_delivery

    @property
    def decidable(self) -> bool:
        """Whether it could be decided without a person: its answer is no review, and it can be read in one way only."""
        return self.truth.decision is not Verdict.REVIEW and not self.truth.ambiguous

    @property
    def only_accents_wrong(self) -> bool:
        return bool(self.wrong_values) and not self.wrong_letters


def judge(truth: Truth, record: Record, kinds: Mapping[str, Kind]) -> Judged:
    """kinds: of every field that an edition has, by key."""
    wrong = wrong_values(truth, record, kinds)
    excluded = dict(exclusions(truth, record))
    return Judged(
        truth=truth,
        record=record,
        identification=identification(truth, record),
        fields=tuple(judged_fields(truth, record, kinds, excluded)),
        excluded=tuple(excluded.items()),
        wrong_values=tuple(wrong),
        wrong_letters=tuple(key for key, letters in wrong.items() if letters),
        wrong_delivery=wrong_delivery(truth, record),
        wrong_reasons=wrong_reasons(truth, record),
    )


def identification(truth: Truth, record: Record) -> Identification:
    if not truth.number:
        return Identification.NO_FORM
    form = record.form
    if (form.number, form.edition) == (truth.number, truth.edition):
        return Identification.RIGHT
    unsure = form.number is None or form.edition is None or bool({each.code for each in record.reasons} & UNIDENTIFIED)
    if record.decision is Verdict.REVIEW and unsure:
        return Identification.LEFT
    if form.number is None and form.edition is None and record.decision is truth.decision is Verdict.REJECT:
        return Identification.NOT_NEEDED
    return Identification.WRONG


def reasons_given(record: Record) -> Reasons:
    """A perfect reader has no doubt: `low-confidence` beside other reasons makes none of them wrong."""
    return frozenset((each.code, each.field) for each in record.reasons if each.code is not Code.LOW_CONFIDENCE)


def reasons_wanted(truth: Truth) -> Reasons:
    return frozenset((each.code, each.field) for each in truth.reasons)


def wrong_reasons(truth: Truth, record: Record) -> bool:
    """Rightly refused, but for a reason that does not hold. One that is missing is no harm: the sender hears of it."""
    if not record.decision is truth.decision is Verdict.REJECT:
        return False
    given, wanted = reasons_given(record), reasons_wanted(truth)
    as_good = [wanted, *(frozenset((code, None) for code in codes) for codes in truth.alternatives)]
    duplicate = any(code is Code.DUPLICATE_DOCUMENT for code, _ in wanted) and (Code.DUPLICATE_DOCUMENT, None) in given
    if given in as_good or duplicate:
        return False
    return bool(given - min(as_good, key=lambda each: len(each ^ given)))


def wrong_values(truth: Truth, record: Record, kinds: Mapping[str, Kind]) -> dict[str, bool]:
    """The fields of a rightly accepted record whose value is not the truth's: True where more than accents is wrong."""
    if not record.decision is truth.decision is Verdict.ACCEPT:
        return {}
    wrong = {}
    for key, expected in (truth.fields or {}).items():
        kind, given = kinds.get(key, Kind.TEXT), value_of(record, key)
        if not same(kind, expected, given):
            wrong[key] = not same_letters(kind, expected, given)
    return wrong


def wrong_delivery(truth: Truth, record: Record) -> bool:
    if not record.decision is truth.decision is Verdict.ACCEPT:
        return False
    wanted = truth.delivery or ExpectedDelivery()
    given = record.delivery.model_dump() if record.delivery else {}
    return any((given.get(key) or "").lower() != (value or "").lower() for key, value in wanted)


def exclusions(truth: Truth, record: Record) -> Iterator[tuple[str, Exclusion]]:
    page_missing = any(each.code is Code.PAGE_MISSING for each in truth.reasons)
    for key, value in (truth.fields or {}).items():
        if key not in record.fields:
            yield key, Exclusion.NOT_READ
        elif key in truth.invalid:
            yield key, Exclusion.INVALID
        elif key in truth.ambiguous and record.decision is Verdict.REVIEW:
            yield key, Exclusion.AMBIGUOUS
        elif page_missing and value is None:
            yield key, Exclusion.PAGE_MISSING


def judged_fields(
    truth: Truth, record: Record, kinds: Mapping[str, Kind], excluded: Mapping[str, Exclusion]
) -> Iterator[JudgedField]:
    for key, expected in (truth.fields or {}).items():
        if key in excluded:
            continue
        kind, reading = kinds.get(key, Kind.TEXT), record.fields[key]
        exact = same(kind, expected, reading.value)
        yield JudgedField(
            key=key,
            kind=kind,
            expected=expected,
            reading=reading,
            exact=exact,
            letters=same_letters(kind, expected, reading.value),
            both_blank=exact and not expected,
        )


def value_of(record: Record, key: str) -> Value:
    return record.fields[key].value if key in record.fields else None
