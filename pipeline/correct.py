"""A record as a person corrects it: their entries in the place of what was read, under the same rules.

Pure: a record, an edition and entries in, a record out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from pipeline.config import Settings
from pipeline.decide import decide, with_invalid_nulled
from pipeline.meaning import fold
from pipeline.model import (
    Alternative,
    Box,
    Code,
    FieldRecord,
    Form,
    Identity,
    Kind,
    Reading,
    Readings,
    ReadingSource,
    Reason,
    Record,
    Verdict,
)
from pipeline.outcome import MARKS, decided_record
from pipeline.specs import FieldSpec, FormSpec
from pipeline.validate import validate
from pipeline.values import understand

# What a person may say of a choice: that more than one box is ticked.
SEVERAL = "several"
YES, NO = "true", "false"


class Action(StrEnum):
    """What a person says of a field: this is written, nothing is, or nobody can read it."""

    VALUE = "value"
    BLANK = "blank"
    ILLEGIBLE = "illegible"


@dataclass(frozen=True)
class Entry:
    """What a person entered for one field; `text` counts for `Action.VALUE` alone.

    text: as typed; of a signature `true` or `false`; of a choice its option or `several`.
    """

    action: Action
    text: str = ""


def correct(
    record: Record,
    spec: FormSpec,
    entries: Mapping[str, Entry],
    settings: Settings,
    *,
    by_hand: Sequence[Reason] = (),
    as_read: bool = False,
) -> Record:
    """The record with the entries in it and what follows from them.

    A field that was in doubt and that nobody has looked at stays in doubt, unless `as_read`: then only its confidence
    counts. by_hand: reasons to reject that a person adds to those of the rules.
    """
    readings = corrected_readings(record, spec, entries, doubted=() if as_read else doubtful_keys(record))
    findings = validate(spec, readings, record.source.received, settings.rules)
    decision = decide(
        spec=spec,
        readings=readings,
        findings=findings,
        form_reasons=tuple(reason for reason in record.reasons if reason.code is Code.PAGE_MISSING),
        received=record.source.received,
        settings=settings,
    )
    if by_hand:
        reasons = {(reason.code, reason.field): reason for reason in (*decision.reasons, *by_hand)}
        ordered = tuple(sorted(reasons.values(), key=lambda reason: reason.order))
        decision = replace(decision, verdict=Verdict.REJECT, reasons=ordered, delivery=None)
    identity = Identity(spec.number, spec.edition, record.form.confidence)
    shown = with_invalid_nulled(readings, findings)
    return decided_record(record.id, record.source, identity, spec, shown, decision)


def redecide(record: Record, spec: FormSpec, settings: Settings) -> Record:
    """The record as the same readings would be decided now, under other rules or terms of the edition."""
    found = correct(record, spec, {}, settings, as_read=True)
    return found.model_copy(update={"versions": record.versions})


def rejected(record: Record, reasons: Sequence[Reason]) -> Record:
    """The record refused by a person, of a document that is of no known edition."""
    kept = {(reason.code, reason.field): reason for reason in (*record.reasons, *reasons)}
    ordered = tuple(sorted(kept.values(), key=lambda reason: reason.order))
    return record.model_copy(update={"decision": Verdict.REJECT, "reasons": ordered, "delivery": None})


def to_be_typed(record: Record, spec: FormSpec) -> Record:
    """The record of a document that a person names and that the pipeline cannot read: every field is theirs."""
    fields = {
        field.key: FieldRecord(
            value=None,
            raw=None,
            confidence=0.0,
            source=ReadingSource.MARK if field.kind in MARKS else ReadingSource.OCR,
            page=field.page,
            box=(field.box.x0, field.box.y0, field.box.x1, field.box.y1),
        )
        for field in spec.field
    }
    doubts = tuple(Reason.of(Code.LOW_CONFIDENCE, field=field.key, label=field.label) for field in spec.field)
    form = Form(number=spec.number, edition=spec.edition, confidence=1.0)
    return record.model_copy(update={"form": form, "fields": fields, "reasons": doubts, "decision": Verdict.REVIEW})


def doubtful_keys(record: Record) -> tuple[str, ...]:
    """The fields that a person must look at because their reading is in doubt, in the record's order."""
    named = {reason.field for reason in record.reasons if reason.code is Code.LOW_CONFIDENCE}
    return tuple(key for key in record.fields if key in named)


def same_reading(kind: Kind, one: str | bool | None, other: str | bool | None) -> bool:
    """Whether two values are the same; of a text, accents and capitals aside, as the contract has it."""
    if kind is Kind.TEXT:
        return fold(str(one or "")) == fold(str(other or ""))
    return one == other


def corrected_readings(
    record: Record, spec: FormSpec, entries: Mapping[str, Entry], *, doubted: Sequence[str]
) -> Readings:
    """The readings of the record, entries in their place. Fields of a page that is missing have none."""
    named = set(doubtful_keys(record))
    absent = any(reason.code is Code.PAGE_MISSING for reason in record.reasons)
    readings: Readings = {}
    for field in spec.field:
        read = record.fields.get(field.key)
        if read is None:
            continue
        reading = reading_of(field, read, doubtful=field.key in doubted)
        if field.key in entries:
            readings[field.key] = entered(field, reading, entries[field.key])
        elif not (absent and reading.blank and read.confidence == 0.0 and field.key not in named):
            readings[field.key] = reading
    return readings


def reading_of(field: FieldSpec, read: FieldRecord, *, doubtful: bool) -> Reading:
    """The reading as it was: a value that was not valid is nulled in the record, and may be valid under other rules.

    In doubt it has no confidence: rounding must not make it certain.
    """
    value = read.value
    if value is None and read.raw and field.kind not in (Kind.CHOICE, Kind.SIGNATURE):
        value = understand(field.kind, field.key, read.raw).certain_value
    confidence = 0.0 if doubtful else read.confidence
    alternatives = tuple(Alternative(each, 0.0) for each in read.alternatives)
    return Reading(
        field.key, value, read.raw, confidence, read.source, read.page, Box(*read.box), alternatives, looks=read.looks
    )


def entered(field: FieldSpec, reading: Reading, entry: Entry) -> Reading:
    """The reading that a person gives."""
    if entry.action is Action.ILLEGIBLE:
        return replace(reading, confidence=0.0, source=ReadingSource.REVIEWER)
    given = replace(reading, confidence=1.0, source=ReadingSource.REVIEWER, looks={})
    if field.kind is Kind.SIGNATURE:
        signed = entry.action is Action.VALUE and entry.text == YES
        return replace(given, value=signed, raw=None)
    if entry.action is Action.BLANK or not entry.text.strip():
        return replace(given, value=None, raw=None)
    if field.kind is Kind.CHOICE and entry.text == SEVERAL:
        return replace(given, value=None, raw=", ".join(option.value for option in field.option))
    return replace(given, value=understand(field.kind, field.key, entry.text).certain_value, raw=entry.text.strip())
