"""What the watched sources have shown, kept in the store: nothing is taken twice, nothing that came in is forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.deliveries import Delivery
from pipeline.model import Code
from pipeline.store.database import hold
from pipeline.store.ledger import find_arrival_row, now
from pipeline.store.records import Store
from pipeline.store.schema import DocumentRow, EnclosureRow, SightingRow, WatchRow

# Taken in; passed over, and why; there, but not to be read, and why: that is tried again at each scan.
TAKEN, IGNORED, UNREADABLE = "taken", "ignored", "unreadable"
# What says that a document could not be got through, whoever's fault: a person may want the mail itself.
FAILURES = frozenset({Code.DOCUMENT_UNREADABLE.value, Code.PROCESSING_LIMIT.value})


@dataclass(frozen=True)
class Unsettled:
    """Something taken in that is not put away yet, and which of its documents have no record."""

    source: str
    place: str
    waiting: frozenset[str]


@dataclass(frozen=True)
class Sightings:
    """The book of what the sources have shown. Its methods raise `StoreError`."""

    store: Store

    def known(self, source: str) -> set[str]:
        """The places that need no second look."""
        done = select(SightingRow.place).where(SightingRow.source == source, SightingRow.state != UNREADABLE)
        with self.store.transaction(alone=False) as session:
            return set(session.scalars(done))

    def note(self, source: str, state: str, seen: Iterable[tuple[str, str, str]]) -> None:
        """Enters what is not taken in: place, what it is called, and why."""
        with self._book(source) as session:
            for place, shown, why in seen:
                row = find_row(session, source, place)
                row.shown, row.state, row.note = shown, state, why

    def take(self, delivery: Delivery) -> None:
        """Enters what was taken in, once its documents are."""
        with self._book(delivery.source) as session:
            row = find_row(session, delivery.source, delivery.place)
            arrival = find_arrival_row(session, delivery.arrival)
            row.shown, row.state, row.note = delivery.arrival.path, TAKEN, ""
            row.arrival_id = arrival.id if arrival else None
            row.settled_at = None

    def settled(self, source: str, place: str) -> None:
        with self._book(source) as session:
            find_row(session, source, place).settled_at = now()

    def unsettled(self) -> list[Unsettled]:
        """What an earlier run has left to be put away."""
        with self.store.transaction(alone=False) as session:
            rows = session.scalars(
                select(SightingRow).where(SightingRow.state == TAKEN, SightingRow.settled_at.is_(None))
            )
            return [
                Unsettled(row.source, row.place, frozenset(documents_of(session, row, undecided=True))) for row in rows
            ]

    def failed(self, source: str, place: str) -> bool:
        """Whether a document of it could not be got through."""
        with self._book(source) as session:
            row = find_row(session, source, place)
            records = documents_of(session, row, undecided=False).values()
            reasons = (reason["code"] for record in records for reason in json.loads(record or "{}").get("reasons", ()))
            return not FAILURES.isdisjoint(reasons)

    def scanned(self, source: str, *, present: int, waiting: int, fault: str) -> None:
        """How the source was found."""
        with self._book(source) as session:
            row = session.get(WatchRow, source)
            if row is None:
                row = WatchRow(source=source)
                session.add(row)
            row.scanned_at, row.present, row.waiting, row.fault = now(), present, waiting, fault

    @contextmanager
    def _book(self, source: str) -> Iterator[Session]:
        """To write about one source, which several daemons may watch."""
        with self.store.transaction(alone=False) as session:
            hold(session, f"source {source}")
            yield session


def find_row(session: Session, source: str, place: str) -> SightingRow:
    """The sighting, entered if it is new."""
    row = session.scalar(select(SightingRow).where(SightingRow.source == source, SightingRow.place == place))
    if row is None:
        row = SightingRow(source=source, place=place, shown="", state=UNREADABLE, note="", seen_at=now())
        session.add(row)
    return row


def documents_of(session: Session, sighting: SightingRow, *, undecided: bool) -> dict[str, str | None]:
    """Its documents' ids with their records; only those that have none, if `undecided`."""
    found = (
        select(DocumentRow.id, DocumentRow.record)
        .join(EnclosureRow, EnclosureRow.document_sequence == DocumentRow.sequence)
        .where(EnclosureRow.arrival_id == sighting.arrival_id)
    )
    if undecided:
        found = found.where(DocumentRow.decision.is_(None))
    return {row.id: row.record for row in session.execute(found)}
