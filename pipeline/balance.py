"""The books of the mail room: that what came in is what came out plus what is in flight, counted from both ends.

Every count is of rows that different steps have written, so that a step that lost something shows. The long checks go
through the store in short transactions: the daemon must not wait for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.emitted import count_lines
from pipeline.model import Verdict
from pipeline.sources.sightings import TAKEN
from pipeline.store import audit
from pipeline.store.records import Store
from pipeline.store.schema import ArrivalRow, AuditRow, DocumentRow, EnclosureRow, SightingRow, WatchRow, received_in

ROWS_AT_ONCE = 1000


@dataclass(frozen=True)
class SourceBook:
    """A watched source: what its last scan found, and what it has shown since the beginning, by state and reason."""

    name: str
    scanned_at: str
    present: int
    growing: int
    fault: str
    taken: int
    unsettled: int
    passed_over: dict[str, int]
    unreadable: dict[str, int]


@dataclass(frozen=True)
class Books:
    """All counts at one moment. `oldest`: when the oldest document without a record was received (ISO 8601)."""

    files: int
    files_finished: int
    files_in_flight: int
    documents: int
    decided: dict[str, int]
    waiting: int
    being_read: int
    oldest: str | None
    oldest_review: str | None
    sources: tuple[SourceBook, ...]
    audit_head: str
    faults: tuple[str, ...] = field(default=())

    @property
    def in_flight(self) -> int:
        return self.waiting + self.being_read

    @property
    def line(self) -> str:
        """The daily proof, on one line."""
        verdict = f"NOT BALANCED: {', '.join(self.faults)}" if self.faults else "BALANCED"
        decisions = " + ".join(f"{self.decided[verdict.value]} {verdict.value}" for verdict in Verdict)
        return (
            f"files {self.files} = {self.files_finished} finished + {self.files_in_flight} in flight; "
            f"documents {self.documents} = {decisions} + {self.in_flight} in flight; "
            f"{verdict}; audit {self.audit_head[:16]}"
        )


def take_stock(store: Store) -> Books:
    """The counts, and what does not agree in them. Raises `StoreError`."""
    with store.snapshot() as session:
        undecided = DocumentRow.decision.is_(None)
        unfinished = (
            select(EnclosureRow.arrival_id)
            .join(DocumentRow, DocumentRow.sequence == EnclosureRow.document_sequence)
            .where(undecided)
        )
        decided = Counter({verdict.value: 0 for verdict in Verdict})
        decisions = select(DocumentRow.decision, func.count()).where(~undecided).group_by(DocumentRow.decision)
        decided.update({str(decision): count for decision, count in session.execute(decisions)})
        files_in_flight = number(session, select(func.count()).where(ArrivalRow.id.in_(unfinished)))
        finished = (
            select(func.count())
            .where(ArrivalRow.id.in_(select(EnclosureRow.arrival_id)))
            .where(ArrivalRow.id.not_in(unfinished))
        )
        return Books(
            files=number(session, select(func.count()).select_from(ArrivalRow)),
            files_finished=number(session, finished),
            files_in_flight=files_in_flight,
            documents=number(session, select(func.count()).select_from(DocumentRow)),
            decided=dict(decided),
            waiting=number(session, select(func.count()).where(undecided, DocumentRow.lease.is_(None))),
            being_read=number(session, select(func.count()).where(undecided, DocumentRow.lease.is_not(None))),
            oldest=oldest(session, None),
            oldest_review=oldest(session, Verdict.REVIEW.value),
            sources=tuple(source_books(session)),
            audit_head=audit.head(session),
            faults=tuple(disagreements(session)),
        )


def number(session: Session, statement: object) -> int:
    found = session.scalar(statement)  # type: ignore[call-overload]
    return int(found or 0)


def oldest(session: Session, decision: str | None) -> str | None:
    """When the oldest document with this decision was received, by the calendar of the place."""
    received = func.min(received_in(DocumentRow.source))
    found: str | None = session.scalar(select(received).where(DocumentRow.decision == decision))
    return found


def source_books(session: Session) -> Iterator[SourceBook]:
    states = select(SightingRow.source, SightingRow.state, SightingRow.note, func.count()).group_by(
        SightingRow.source, SightingRow.state, SightingRow.note
    )
    counts: dict[str, dict[str, dict[str, int]]] = {}
    for source, state, note, count in session.execute(states):
        counts.setdefault(source, {}).setdefault(state, {})[note] = count
    for row in session.scalars(select(WatchRow).order_by(WatchRow.source)).all():
        of_source = counts.get(row.source, {})
        unsettled = select(func.count()).where(
            SightingRow.source == row.source, SightingRow.state == TAKEN, SightingRow.settled_at.is_(None)
        )
        yield SourceBook(
            name=row.source,
            scanned_at=row.scanned_at,
            present=row.present,
            growing=row.waiting,
            fault=row.fault,
            taken=sum(of_source.get(TAKEN, {}).values()),
            unsettled=number(session, unsettled),
            passed_over=of_source.get("ignored", {}),
            unreadable=of_source.get("unreadable", {}),
        )


def disagreements(session: Session) -> Iterator[str]:
    """What cannot be if nothing was lost, doubled or half done."""
    checks = {
        "files without a document": select(func.count()).where(
            ArrivalRow.id.not_in(select(EnclosureRow.arrival_id)),
        ),
        "documents that no file brought": select(func.count()).where(
            DocumentRow.sequence.not_in(select(EnclosureRow.document_sequence))
        ),
        "documents decided without a record": select(func.count()).where(
            DocumentRow.decision.is_not(None), DocumentRow.record.is_(None)
        ),
        "documents recorded without a decision": select(func.count()).where(
            DocumentRow.decision.is_(None), DocumentRow.record.is_not(None)
        ),
        "decisions that the audit trail has not": select(func.count()).where(
            DocumentRow.decision.is_not(None),
            DocumentRow.id.not_in(select(AuditRow.subject).where(AuditRow.event == audit.DECIDED)),
        ),
        "audit entries of no decided document": select(func.count()).where(
            AuditRow.event == audit.DECIDED,
            AuditRow.subject.not_in(select(DocumentRow.id).where(DocumentRow.decision.is_not(None))),
        ),
        "things taken in that no file is of": select(func.count()).where(
            SightingRow.state == TAKEN, SightingRow.arrival_id.is_(None)
        ),
    }
    for words, statement in checks.items():
        count = number(session, statement)
        if count:
            yield f"{words}: {count}"


def examine(store: Store, records: Path | None) -> Iterator[str]:
    """What is wrong with what was kept: originals, records, audit trail and records file, each held to the other."""
    # Counted first: the daemon may add lines for what is decided meanwhile.
    lines = count_lines(records) if records and records.exists() else 0
    lost = store.originals.missing(originals_named(store))
    if lost:
        yield f"originals that are not there: {lost}"
    broken, changed, entries = go_through_trail(store)
    if broken is not None:
        yield f"the audit trail is broken at entry {broken}"
    if changed:
        yield f"records that are not as the audit trail has them: {changed}"
    if records and lines > entries:
        yield f"{records.name}: more lines than records"


def originals_named(store: Store) -> Iterator[str]:
    last = 0
    while True:
        page = (select(ArrivalRow.id, ArrivalRow.sha256).where(ArrivalRow.id > last).order_by(ArrivalRow.id)).limit(
            ROWS_AT_ONCE
        )
        with store.transaction(alone=False) as session:
            rows = session.execute(page).all()
        if not rows:
            return
        yield from (row.sha256 for row in rows if row.sha256)
        last = rows[-1].id


def go_through_trail(store: Store) -> tuple[int | None, int, int]:
    """Where the audit trail breaks, how many records differ from their newest entry, and how many decisions it has."""
    last, chain, entries = 0, "", 0
    newest: dict[str, str] = {}
    while True:
        page = select(AuditRow).where(AuditRow.sequence > last).order_by(AuditRow.sequence).limit(ROWS_AT_ONCE)
        with store.transaction(alone=False) as session:
            rows = list(session.scalars(page))
        if not rows:
            return None, sum(differing(store, newest)), entries
        for row in rows:
            if not audit.follows(row, chain):
                return row.sequence, 0, entries
            chain = row.chain
            if row.event == audit.DECIDED:
                entries += 1
                newest[row.subject] = row.digest
        last = rows[-1].sequence


def differing(store: Store, newest: dict[str, str]) -> Iterator[bool]:
    ids = list(newest)
    for start in range(0, len(ids), ROWS_AT_ONCE):
        some = ids[start : start + ROWS_AT_ONCE]
        with store.transaction(alone=False) as session:
            rows = session.execute(select(DocumentRow.id, DocumentRow.record).where(DocumentRow.id.in_(some))).all()
        yield from (sha256((row.record or "").encode()).hexdigest() != newest[row.id] for row in rows)
