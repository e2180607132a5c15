"""The store's rows: the same file found again, a document entered, its outcome with its audit entry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from pipeline import audit
from pipeline.arrivals import Arrival
from pipeline.jobs import Enclosure
from pipeline.model import Code, Reason, Record, Source
from pipeline.outcome import refused_record
from pipeline.schema import ArrivalRow, DocumentRow

ID_LENGTH = 16


def find_arrival_row(session: Session, arrival: Arrival) -> ArrivalRow | None:
    """The same file that came in before: by its place, or renamed since."""
    same = ArrivalRow.key == arrival.key
    if arrival.identity is not None and arrival.kept:
        same = or_(same, and_(ArrivalRow.identity == arrival.identity, ArrivalRow.sha256 == arrival.sha256))
    return session.scalar(select(ArrivalRow).where(same).order_by(ArrivalRow.id).limit(1))


def enter(session: Session, arrival: ArrivalRow, key: str, source: Source, enclosure: Enclosure) -> DocumentRow:
    """The document with this key, entered if it is new; what needs no reading gets its record at once."""
    known = session.scalar(select(DocumentRow).where(DocumentRow.key == key))
    if known is not None:
        return known
    document = DocumentRow(
        id=key[:ID_LENGTH],
        key=key,
        arrival_id=arrival.id,
        rank=enclosure.rank,
        sha256=source.sha256,
        source=source.model_dump_json(),
        attempts=0,
    )
    first = find_first(session, source.sha256)
    reasons = enclosure.reasons
    if first is not None:
        document.duplicate_of = first.id
        reasons = (Reason.of(Code.DUPLICATE_DOCUMENT),)
    session.add(document)
    if reasons:
        decide_row(session, document, refused_record(document.id, source, *reasons, duplicate_of=document.duplicate_of))
    session.flush()
    return document


def find_first(session: Session, content: str | None) -> DocumentRow | None:
    """The first document that came in with these bytes."""
    if content is None:
        return None
    same = select(DocumentRow).where(DocumentRow.sha256 == content)
    return session.scalar(same.order_by(DocumentRow.sequence).limit(1))


def decide_row(session: Session, document: DocumentRow, record: Record) -> None:
    """Outcome, record, audit entry and the lease's end: all of them in one transaction, or none."""
    document.decision = record.decision.value
    document.record = record.model_dump_json()
    document.recorded_at = now()
    document.lease = document.leased_until = None
    audit.append(session, at=document.recorded_at, event=audit.DECIDED, subject=document.id, content=document.record)


def now(after: float = 0.0) -> str:
    """The moment `after` seconds from now, UTC, ISO 8601: such texts sort as the moments do."""
    return (datetime.now(UTC) + timedelta(seconds=after)).isoformat(timespec="seconds")
