"""Records from what was found: of a document that was decided on, and of one that was not read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.model import (
    FieldRecord,
    Form,
    Identity,
    Kind,
    Reading,
    Readings,
    ReadingSource,
    Reason,
    Record,
    Source,
    Verdict,
)

if TYPE_CHECKING:
    from pipeline.decide import Decision
    from pipeline.specs import FieldSpec, FormSpec

MARKS = frozenset({Kind.CHOICE, Kind.SIGNATURE})


def decided_record(
    record_id: str, source: Source, identity: Identity, spec: FormSpec, readings: Readings, decision: Decision
) -> Record:
    """The record with every field that the edition has: one on a page that is missing too, empty and uncertain."""
    return Record(
        id=record_id,
        source=source,
        form=form_of(identity),
        decision=decision.verdict,
        reasons=decision.reasons,
        fields={field.key: field_record(readings.get(field.key) or unread(field)) for field in spec.field},
        delivery=decision.delivery,
    )


def refused_record(
    record_id: str,
    source: Source,
    *reasons: Reason,
    identity: Identity | None = None,
    duplicate_of: str | None = None,
) -> Record:
    """The record of a document that was not read: reject if any reason says so, else review."""
    rejected = any(reason.verdict is Verdict.REJECT for reason in reasons)
    return Record(
        id=record_id,
        source=source,
        form=form_of(identity),
        decision=Verdict.REJECT if rejected else Verdict.REVIEW,
        reasons=tuple(sorted(reasons, key=lambda reason: reason.order)),
        duplicate_of=duplicate_of,
    )


def form_of(identity: Identity | None) -> Form:
    if identity is None:
        return Form()
    return Form(number=identity.number, edition=identity.edition, confidence=round(identity.confidence, 4))


def unread(field: FieldSpec) -> Reading:
    source = ReadingSource.MARK if field.kind in MARKS else ReadingSource.OCR
    return Reading(field.key, None, None, 0.0, source, field.page, field.box)


def field_record(reading: Reading) -> FieldRecord:
    box = reading.box
    return FieldRecord(
        value=reading.value,
        raw=reading.raw,
        confidence=reading.confidence,
        source=reading.source,
        page=reading.page,
        box=(round(box.x0, 1), round(box.y0, 1), round(box.x1, 1), round(box.y1, 1)),
        alternatives=tuple(alternative.value for alternative in reading.alternatives),
        looks={place: dict(read) for place, read in reading.looks.items()},
    )
