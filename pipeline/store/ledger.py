"""The store's rows: the same file found again, a document entered, its outcome with its audit entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from random import SystemRandom

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from pipeline.jobs import Enclosure
from pipeline.model import Code, Reason, Record, Source, Verdict
from pipeline.outcome import refused_record
from pipeline.store import audit
from pipeline.store.arrivals import Arrival
from pipeline.store.schema import ArrivalRow, AuditRow, DocumentRow, ReviewRow, SupersededRow

ID_LENGTH = 16
# Which accepted documents are checked again must not be known beforehand to anybody.
LOTTERY = SystemRandom()


def find_arrival_row(session: Session, arrival: Arrival) -> ArrivalRow | None:
    """The same file that came in before: by its place, or renamed since."""
    same = ArrivalRow.key == arrival.key
    if arrival.identity is not None and arrival.kept:
        same = or_(same, and_(ArrivalRow.identity == arrival.identity, ArrivalRow.sha256 == arrival.sha256))
    return session.scalar(select(ArrivalRow).where(same).order_by(ArrivalRow.id).limit(1))


def names_of(entered: Iterable[tuple[str, Enclosure]]) -> Iterator[str]:
    """What these documents are told to be the same by: nobody else may enter such while they are entered."""
    for key, enclosure in entered:
        yield key
        if enclosure.sha256 is not None:
            yield enclosure.sha256


def find_row(session: Session, record_id: str, *, skip_locked: bool = False) -> DocumentRow | None:
    """The document, which others can neither claim nor decide until the transaction ends.

    skip_locked: None if another has it just now. The lock is PostgreSQL's FOR UPDATE, but that rows which only name the
    document may be entered meanwhile.
    """
    row = select(DocumentRow).where(DocumentRow.id == record_id)
    return session.scalar(row.with_for_update(skip_locked=skip_locked, key_share=True))


def find_left(session: Session, lives: Callable[[str], bool], most: int) -> Iterator[str]:
    """Documents that no run is reading, the oldest first: never begun, or leased to a run that is no more."""
    undecided = DocumentRow.decision.is_(None)
    leases = session.scalars(select(DocumentRow.lease).where(undecided, DocumentRow.lease.is_not(None)).distinct())
    dead = [name for name in leases if name and not lives(name)]
    free = or_(DocumentRow.lease.is_(None), DocumentRow.leased_until < now(), DocumentRow.lease.in_(dead))
    found = select(DocumentRow.id).where(undecided, free).order_by(DocumentRow.sequence).limit(most)
    yield from session.scalars(found.with_for_update(skip_locked=True, key_share=True))


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


def decide_row(session: Session, document: DocumentRow, record: Record, *, actor: str | None = None) -> None:
    """Outcome, record, audit entry, what people are to do, and the lease's end: all in one transaction, or none.

    A record that is there already is kept as superseded. actor: the account that decided; None for the pipeline.
    """
    if document.record is not None:
        supersede(session, document)
    document.decision = record.decision.value
    document.record = record.model_dump_json()
    document.recorded_at = now()
    document.number, document.edition = record.form.number, record.form.edition
    document.lease = document.leased_until = None
    session.flush()
    audit.append(
        session,
        at=document.recorded_at,
        event=audit.DECIDED,
        subject=document.id,
        content=document.record,
        actor=actor,
    )
    if actor is None:
        ask_people(session, record)


def supersede(session: Session, document: DocumentRow) -> None:
    decided = (AuditRow.event == audit.DECIDED, AuditRow.subject == document.id)
    session.add(
        SupersededRow(
            entry=session.scalar(select(func.max(AuditRow.sequence)).where(*decided)),
            document_id=document.id,
            record=document.record,
            recorded_at=document.recorded_at,
        )
    )


def ask_people(session: Session, record: Record) -> None:
    """A document in doubt goes to a person; one that was accepted may, for a blind check."""
    columns = review_columns(record)
    if columns is not None and session.get(ReviewRow, record.id) is None:
        session.add(ReviewRow(**columns))
        session.flush()


def review_columns(record: Record) -> dict[str, str | float] | None:
    """The columns of a document that people are to look at; None for one that they need not."""
    if record.decision is Verdict.REJECT:
        return None
    return {
        "document_id": record.id,
        "cause": "doubt" if record.decision is Verdict.REVIEW else "check",
        "lot": LOTTERY.random(),
        "received": record.source.received.astimezone(UTC).isoformat(timespec="seconds"),
        "codes": " ".join(dict.fromkeys(reason.code.value for reason in record.reasons)),
        "fields": " ".join(dict.fromkeys(reason.field for reason in record.reasons if reason.field)),
        "state": "waiting",
        "note": "",
    }


def now(after: float = 0.0) -> str:
    """The moment `after` seconds from now, UTC, ISO 8601: such texts sort as the moments do."""
    return (datetime.now(UTC) + timedelta(seconds=after)).isoformat(timespec="seconds")
