"""Stored documents decided again under changed editions, rules or engines: what would differ, and, if asked, so be it.

What need not be done again is not: a record keeps by what it was made, and readings are used again as long as nothing
on which they rest has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import select

from pipeline.config import Settings
from pipeline.correct import redecide
from pipeline.jobs import ReadDocument
from pipeline.model import Code, Identity, OcrEngine, ReadingSource, Reason, Record, Verdict
from pipeline.outcome import refused_record
from pipeline.reprocess.change import Change
from pipeline.reprocess.treatment import Treatment, treatment
from pipeline.specs import FormSpec
from pipeline.store import audit
from pipeline.store.ledger import decide_row, now, review_columns
from pipeline.store.records import Store, Stored
from pipeline.store.schema import AuditRow, DocumentRow, ReviewRow
from pipeline.validate import edition_obsolete
from pipeline.versions import find_spec, versions_of
from pipeline.walled.answers import record_from
from pipeline.walled.walls import Failure
from pipeline.workforces.workforce import Workforce

ACTOR = "reprocess"
IN_FLIGHT_A_WORKER = 2


@dataclass(frozen=True)
class Wanted:
    """Which records: received on or after `since`; form: `NUMBER` or `NUMBER EDITION`, "" for all."""

    since: date | None = None
    form: str = ""

    def holds(self, record: Record, settings: Settings) -> bool:
        day = record.source.received.astimezone(ZoneInfo(settings.rules.timezone)).date()
        name = f"{record.form.number} {record.form.edition}"
        return (self.since is None or day >= self.since) and (not self.form or f"{name} ".startswith(f"{self.form} "))


@dataclass
class Reprocess:
    """One look at what would differ. The workforce reads what must be read anew; notice: told done, and of how many."""

    store: Store
    settings: Settings
    specs: Sequence[FormSpec]
    engines: Sequence[OcrEngine]
    workforce: Workforce
    notice: Callable[[int, int], None] = lambda done, total: None

    def look(self, wanted: Wanted) -> list[Change]:
        """Every record that is wanted, as it is and as it would be. Raises `StoreError` and `EngineError`."""
        ids, people = decided_ids(self.store), decided_by_people(self.store)
        changes: dict[str, Change] = {}
        flying: dict[Future[str | Failure], tuple[Stored, Record]] = {}
        for rank, record_id in enumerate(ids):
            self.notice(rank - len(flying), len(ids))
            found = self._find(record_id)
            if found is None or not wanted.holds(found[1], self.settings):
                continue
            document, record = found
            kind = self._treatment(document, record)
            if kind is Treatment.READ:
                assert document.original
                job = ReadDocument(
                    original=document.original, rank=document.rank, record_id=document.id, source=document.source
                )
                flying[self.workforce.executor.submit(self.workforce.ask, job)] = (document, record)
                if len(flying) >= IN_FLIGHT_A_WORKER * self.workforce.workers:
                    self._land(flying, changes, people)
            else:
                after = self._decided_again(record) if kind is Treatment.DECIDE else record
                changes[record_id] = Change(record, after, kind, is_persons(record, people))
        while flying:
            self._land(flying, changes, people)
        self.notice(len(ids), len(ids))
        return [changes[record_id] for record_id in ids if record_id in changes]

    def _find(self, record_id: str) -> tuple[Stored, Record] | None:
        document = self.store.find(record_id)
        record = next(self.store.records([record_id]), None)
        return (document, record) if document and record else None

    def _treatment(self, document: Stored, record: Record) -> Treatment:
        today = versions_of(record, self.specs, self.settings, self.engines)
        kind = treatment(record, today, obsolete=self._obsolete(record))
        return kind if document.original is not None or kind is not Treatment.READ else Treatment.KEEP

    def _obsolete(self, record: Record) -> bool:
        number, edition = record.form.number, record.form.edition
        if number is None or edition is None:
            return False
        return edition_obsolete(number, edition, record.source.received, self.settings.rules)

    def _decided_again(self, record: Record) -> Record:
        spec = find_spec(record, self.specs)
        assert spec
        if self._obsolete(record):
            reason = Reason.of(Code.EDITION_OBSOLETE, detail=spec.edition)
            identity = Identity(spec.number, spec.edition, record.form.confidence)
            refused = refused_record(record.id, record.source, reason, identity=identity)
            return refused.model_copy(update={"versions": record.versions})
        again = redecide(record, spec, self.settings)
        return again.model_copy(update={"versions": versions_of(record, self.specs, self.settings, self.engines)})

    def _land(
        self,
        flying: dict[Future[str | Failure], tuple[Stored, Record]],
        changes: dict[str, Change],
        people: frozenset[str],
    ) -> None:
        done, _ = wait(flying, return_when=FIRST_COMPLETED)
        for future in done:
            document, record = flying.pop(future)
            after = record_from(future.result(), document)
            changes[record.id] = Change(record, after, Treatment.READ, is_persons(record, people))


def apply(store: Store, changes: Sequence[Change]) -> tuple[int, int]:
    """Enters what would differ; how many, and how many were left as they are because they changed meanwhile or lie on
    somebody's desk. What a person decided is never among them."""
    entered = left = 0
    for change in changes:
        if not change.any or change.by_person:
            continue
        with store.transaction() as session:
            document = session.scalars(select(DocumentRow).where(DocumentRow.id == change.before.id)).one()
            review = session.get(ReviewRow, change.before.id)
            on_a_desk = review is not None and review.holder is not None and (review.held_until or "") > now()
            if on_a_desk or Record.model_validate_json(document.record or "") != change.before:
                left += 1
                continue
            decide_row(session, document, change.after, actor=ACTOR)
            if review is not None:
                session.delete(review)
                session.flush()
            columns = review_columns(change.after)
            if columns is not None:
                session.add(ReviewRow(**columns))
            entered += 1
    return entered, left


def decided_ids(store: Store) -> list[str]:
    with store.transaction() as session:
        decided = select(DocumentRow.id).where(DocumentRow.record.is_not(None)).order_by(DocumentRow.sequence)
        return list(session.scalars(decided))


def decided_by_people(store: Store) -> frozenset[str]:
    """The documents whose record somebody made or changed, or named the form of."""
    with store.transaction() as session:
        by_people = select(AuditRow.subject).where(
            AuditRow.event == audit.DECIDED, AuditRow.actor.startswith("account:", autoescape=True)
        )
        return frozenset(session.scalars(by_people))


def is_persons(record: Record, people: frozenset[str]) -> bool:
    return record.id in people or any(read.source is ReadingSource.REVIEWER for read in record.fields.values())


def transitions(changes: Sequence[Change]) -> Iterator[tuple[Verdict, Verdict, int]]:
    """How many records would go from which decision to which, those that stay too."""
    for before in Verdict:
        for after in Verdict:
            count = sum(
                (change.before.decision, change.after.decision) == (before, after)
                for change in changes
                if not change.by_person
            )
            if count:
                yield before, after, count
