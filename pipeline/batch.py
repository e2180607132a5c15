"""Many documents on any executor: in order in, each to exactly one record, never more in flight than is needed.

Files are taken apart in parallel but entered in the store in input order, so that which of two equal documents is
the first does not depend on timing. Reading then goes on in any order.
"""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from pipeline.arrivals import Arrival
from pipeline.config import Settings
from pipeline.inbox import Incoming
from pipeline.jobs import Enclosure, Job, Parcel, ReadDocument, TakeApart
from pipeline.model import Code, Reason, Record, Verdict
from pipeline.originals import FileContent, read_file
from pipeline.outcome import refused_record
from pipeline.records import Store, Stored
from pipeline.sniff import looks_like_mail
from pipeline.walls import Failure

LOGGER = logging.getLogger(__name__)
IN_FLIGHT_A_WORKER = 2
# An e-mail is larger than what it carries, and may carry several documents: this many times the largest document.
FILE_ALLOWANCE = 3
HEAD_BYTES = 1 << 14

Ask = Callable[[Job], str | Failure]


@dataclass(frozen=True)
class Tally:
    """How far the run is. `total` grows while e-mails are taken apart."""

    done: int
    total: int
    decisions: Counter[Verdict]


@dataclass(frozen=True)
class Outcome:
    """A run's documents in input order, how many of them had their record before, and what could not be read."""

    ids: tuple[str, ...]
    already: int
    faults: tuple[str, ...]


@dataclass(frozen=True)
class Opened:
    """A file ready to be entered in its turn: known before, or taken apart just now."""

    arrival: Arrival
    parcel: Parcel | None = None
    known: tuple[Stored, ...] = ()


@dataclass
class Batch:
    """One run. `ask` is what is submitted: it answers a job from behind the wall."""

    files: Sequence[Incoming]
    store: Store
    settings: Settings
    ask: Ask
    executor: Executor
    workers: int
    received: datetime | None = None
    notice: Callable[[Tally], None] = lambda tally: None

    _next_file: int = 0
    _next_entry: int = 0
    _opened: dict[int, Opened | None] = field(default_factory=dict)
    _flying: dict[Future[str | Failure], Callable[[str | Failure], None]] = field(default_factory=dict)
    _unread: deque[Stored] = field(default_factory=deque)
    _ids: dict[str, None] = field(default_factory=dict)
    _decisions: Counter[Verdict] = field(default_factory=Counter)
    _besides: set[str] = field(default_factory=set)
    _already: int = 0
    _faults: list[str] = field(default_factory=list)

    def run(self) -> Outcome:
        """Gets every document of the files to its record. Raises `StoreError` and `EngineError`; then, as after an
        interruption, the same run again goes on from there."""
        self._fill()
        while self._flying:
            done, _ = wait(self._flying, return_when=FIRST_COMPLETED)
            for future in done:
                self._flying.pop(future)(future.result())
            self._fill()
        return Outcome(tuple(self._ids), self._already, tuple(self._faults))

    def _fill(self) -> None:
        """Keeps the workers busy: what is entered is read first, then the next file is opened."""
        slots = IN_FLIGHT_A_WORKER * self.workers
        while len(self._flying) < slots:
            if self._unread:
                self._submit_reading(self._unread.popleft())
            elif self._next_file < len(self.files) and self._next_file - self._next_entry <= 2 * slots:
                self._open(self._next_file)
                self._next_file += 1
                self._enter_in_order()
            else:
                break
        self.notice(self._tally())

    def _submit(self, job: Job, settle: Callable[[str | Failure], None]) -> None:
        self._flying[self.executor.submit(self.ask, job)] = settle

    def _open(self, rank: int) -> None:
        """Keeps the file's original and finds out, now or in a child, what is in it."""
        incoming = self.files[rank]
        limit = FILE_ALLOWANCE * self.settings.limits.max_bytes
        try:
            file = read_file(incoming.path, follow=incoming.named, max_bytes=limit)
        except OSError as error:
            self._faults.append(f"{incoming.shown}: {error.strerror or error}")
            self._opened[rank] = None
            return
        arrival = self._arrival(incoming, file)
        known = self.store.find_arrival(arrival.key)
        if known is not None:
            self._opened[rank] = Opened(arrival, known=known)
        elif file.content is None:
            self._opened[rank] = Opened(arrival, too_large(file, self.settings))
        else:
            mail = looks_like_mail(file.content[:HEAD_BYTES])
            original = self.store.keep(file)

            def settle(answer: str | Failure) -> None:
                self._opened[rank] = Opened(arrival, parcel_from(answer, arrival, mail=mail))
                self._enter_in_order()

            self._submit(TakeApart(original=original), settle)

    def _arrival(self, incoming: Incoming, file: FileContent) -> Arrival:
        zone = ZoneInfo(self.settings.rules.timezone)
        modified = datetime.fromtimestamp(int(file.modified), zone)
        return Arrival(
            where=incoming.where,
            path=incoming.shown,
            sha256=file.sha256,
            kept=file.content is not None,
            received=self.received or modified,
            modified=modified,
        )

    def _enter_in_order(self) -> None:
        while self._next_entry in self._opened:
            opened = self._opened.pop(self._next_entry)
            self._next_entry += 1
            if opened is None:
                continue
            documents = self.store.register(opened.arrival, opened.parcel) if opened.parcel else opened.known
            for document in documents:
                self._take_in(document, known=opened.parcel is None)

    def _take_in(self, document: Stored, *, known: bool) -> None:
        if document.id in self._ids:
            return
        self._ids[document.id] = None
        if document.decision is not None:
            self._decisions[document.decision] += 1
            self._already += known
        elif document.id not in self._besides:
            self._unread.append(document)
        if document.duplicate_of:
            self._read_besides(document.duplicate_of)

    def _read_besides(self, first_id: str) -> None:
        """The first of a duplicate gets its record too, though an interrupted run over other files brought it."""
        first = self.store.find(first_id)
        if first and first.decision is None and first.id not in self._ids and first.id not in self._besides:
            self._besides.add(first.id)
            self._unread.append(first)

    def _submit_reading(self, document: Stored) -> None:
        if document.original is None:
            raise AssertionError(f"{document.id}: a document without an original is decided when it is entered")
        job = ReadDocument(
            original=document.original, rank=document.rank, record_id=document.id, source=document.source
        )

        def settle(answer: str | Failure) -> None:
            record = record_from(answer, document)
            self.store.record(record)
            if document.id in self._ids:
                self._decisions[record.decision] += 1

        self._submit(job, settle)

    def _tally(self) -> Tally:
        total = len(self._ids) + len(self.files) - self._next_entry
        return Tally(self._decisions.total(), total, self._decisions)


def too_large(file: FileContent, settings: Settings) -> Parcel:
    limit = f"{settings.limits.max_bytes // 1_000_000} Mo"
    reason = Reason.of(Code.DOCUMENT_TOO_LARGE, detail=limit)
    return Parcel(enclosures=(Enclosure(sha256=file.sha256, reasons=(reason,)),))


def parcel_from(answer: str | Failure, arrival: Arrival, *, mail: bool) -> Parcel:
    """The child's answer, checked; a file that could not be taken apart is one document that says so."""
    failure = answer if isinstance(answer, Failure) else None
    if isinstance(answer, str):
        try:
            return Parcel.model_validate_json(answer)
        except ValidationError:
            failure = Failure(Code.PROCESSING_LIMIT, "answer is no parcel")
    assert failure
    LOGGER.warning("file %s: not taken apart: %s", arrival.key[:16], failure.detail)
    content = None if mail else arrival.sha256
    return Parcel(mail=mail, enclosures=(Enclosure(sha256=content, reasons=(Reason.of(failure.code),)),))


def record_from(answer: str | Failure, document: Stored) -> Record:
    """The child's answer, checked: it may only speak of the document that it was asked about."""
    failure = answer if isinstance(answer, Failure) else None
    if isinstance(answer, str):
        try:
            record = Record.model_validate_json(answer)
        except ValidationError:
            failure = Failure(Code.PROCESSING_LIMIT, "answer is no record")
        else:
            if (record.id, record.source) == (document.id, document.source):
                return record
            failure = Failure(Code.PROCESSING_LIMIT, "answer is about another document")
    assert failure
    LOGGER.warning("document %s: %s: %s", document.id, failure.code.value, failure.detail)
    return refused_record(document.id, document.source, Reason.of(failure.code))
