"""From deliveries to records on any executor: each document to exactly one, never more in flight than is needed.

Files are taken apart in parallel but entered in the store in the order in which they come, so that which of two equal
documents is the first does not depend on timing. Reading then goes on in any order.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from typing import Protocol

from pipeline.config import Settings
from pipeline.deliveries import Delivery
from pipeline.jobs import Job, Parcel, ReadDocument, TakeApart
from pipeline.model import EngineError, Verdict
from pipeline.store.leases import Run
from pipeline.store.records import Store, Stored
from pipeline.walled.answers import parcel_from, record_from, too_large
from pipeline.walled.walls import Failure
from pipeline.workforces.workforce import Workforce

IN_FLIGHT_A_WORKER = 2
# Between two looks at a document that another run is reading.
HELD_SECONDS = 0.5
# A turn of the loop takes no longer when nothing happens.
TURN_SECONDS = 5.0


class Follower(Protocol):
    """Who is told how it goes, in the thread of the dispatch."""

    def entered(self, delivery: Delivery, documents: tuple[Stored, ...], *, known: bool) -> None:
        """The delivery's documents are in the store; `known`: they were before."""

    def decided(self, record_id: str, verdict: Verdict) -> None:
        """A document that was waiting has its record."""

    def lost(self, error: EngineError, submitted: float) -> None:
        """An engine broke down over a job submitted then (on the steady clock, in seconds).

        Raises to end the run; returns when it may be tried again.
        """

    def turned(self) -> None:
        """One turn of the loop is done."""


@dataclass(frozen=True)
class Opened:
    """A file ready to be entered in its turn: known before, or taken apart just now."""

    delivery: Delivery
    parcel: Parcel | None = None
    known: tuple[Stored, ...] = ()


@dataclass(frozen=True)
class Flight:
    """A job in flight, and what is done with its answer."""

    job: Job
    settle: Callable[[str | Failure], None]
    submitted: float = field(default_factory=time.monotonic)


@dataclass
class Dispatch:
    """One run.

    deliveries: what is to be treated; None means that there is nothing now, and that `wake` or time ended the waiting.
    wake: called from any thread when an answer is there, to end that waiting. draining: whether to end as soon as what
    is in flight has landed; what is in line stays in the store without a record.
    """

    deliveries: Iterator[Delivery | None]
    store: Store
    run: Run
    settings: Settings
    workforce: Workforce
    follower: Follower
    wake: Callable[[], None] = lambda: None
    draining: Callable[[], bool] = lambda: False

    _exhausted: bool = False
    _next_opened: int = 0
    _next_entry: int = 0
    _opened: dict[int, Opened] = field(default_factory=dict)
    _flying: dict[Future[str | Failure], Flight] = field(default_factory=dict)
    _unread: deque[str] = field(default_factory=deque)
    # Waiting, held or in flight: not to be queued a second time.
    _underway: set[str] = field(default_factory=set)
    # When to look again, and at which document.
    _held: deque[tuple[float, str]] = field(default_factory=deque)

    def work(self) -> None:
        """Works until the deliveries end and each has its records.

        Raises `StoreError`, and what the follower raises; then, as after an interruption, another run goes on.
        """
        while True:
            self._fill()
            self.follower.turned()
            if self._exhausted and not self._flying and not self._held:
                return
            if self._exhausted or self._is_full():
                self._wait()
            for future in [future for future in self._flying if future.done()]:
                self._land(future)
            self._retry_held()

    def read(self, record_id: str) -> None:
        """Puts a document that is in the store in the line, unless it is there or in flight."""
        if record_id not in self._underway:
            self._underway.add(record_id)
            self._unread.append(record_id)

    @property
    def idle(self) -> bool:
        return not (self._flying or self._unread or self._held)

    def _wait(self) -> None:
        seconds = HELD_SECONDS if self._held else TURN_SECONDS
        if self._flying:
            wait(self._flying, timeout=seconds, return_when=FIRST_COMPLETED)
        else:
            time.sleep(seconds)

    def _retry_held(self) -> None:
        while self._held and self._held[0][0] <= time.monotonic():
            self._unread.append(self._held.popleft()[1])

    def _is_full(self) -> bool:
        slots = IN_FLIGHT_A_WORKER * self.workforce.workers
        return len(self._flying) >= slots or self._next_opened - self._next_entry > 2 * slots

    def _fill(self) -> None:
        """Keeps the workers busy: what is entered is read first, then the next file is opened."""
        if self.draining():
            self._exhausted = True
            self._unread.clear()
            self._held.clear()
        while len(self._flying) < IN_FLIGHT_A_WORKER * self.workforce.workers:
            if self._unread:
                self._submit_reading(self._unread.popleft())
            elif self._exhausted or self._is_full() or not self._take_next():
                break

    def _take_next(self) -> bool:
        try:
            delivery = next(self.deliveries)
        except StopIteration:
            self._exhausted = True
            return False
        if delivery is None:
            return False
        self._open(delivery)
        return True

    def _submit(self, flight: Flight) -> None:
        future = self.workforce.executor.submit(self.workforce.ask, flight.job)
        self._flying[future] = flight
        future.add_done_callback(lambda _: self.wake())

    def _land(self, future: Future[str | Failure]) -> None:
        flight = self._flying.pop(future)
        try:
            answer = future.result()
        except EngineError as error:
            self.follower.lost(error, flight.submitted)
            self._submit(Flight(flight.job, flight.settle))
        else:
            flight.settle(answer)

    def _open(self, delivery: Delivery) -> None:
        """Finds out, now or in a child, what is in the file."""
        rank = self._next_opened
        self._next_opened += 1
        known = self.store.find_arrival(delivery.arrival)
        if known is not None:
            self._opened[rank] = Opened(delivery, known=known)
        elif not delivery.arrival.kept:
            self._opened[rank] = Opened(delivery, too_large(delivery.arrival, self.settings))
        else:

            def settle(answer: str | Failure) -> None:
                self._opened[rank] = Opened(delivery, parcel_from(answer, delivery))
                self._enter_in_order()

            original = self.store.originals.place(delivery.arrival.sha256)
            self._submit(Flight(TakeApart(original=original), settle))
        self._enter_in_order()

    def _enter_in_order(self) -> None:
        while self._next_entry in self._opened:
            opened = self._opened.pop(self._next_entry)
            self._next_entry += 1
            arrival = opened.delivery.arrival
            documents = self.store.register(arrival, opened.parcel) if opened.parcel else opened.known
            for document in documents:
                self._take_in(document)
            self.follower.entered(opened.delivery, documents, known=opened.parcel is None)

    def _take_in(self, document: Stored) -> None:
        if document.decision is None:
            self.read(document.id)
        elif document.duplicate_of:
            # The first of a duplicate gets its record too, though an interrupted run over other files brought it.
            first = self.store.find(document.duplicate_of)
            if first and first.decision is None:
                self.read(first.id)

    def _submit_reading(self, record_id: str) -> None:
        document = self.store.claim(record_id, self.run, self.settings.limits.seconds_per_document)
        if document is None:
            self._held.append((time.monotonic() + HELD_SECONDS, record_id))
        elif document.decision is not None:
            self._finish(record_id, document.decision)
        elif document.original is None:
            raise AssertionError(f"{record_id}: a document without an original is decided when it is entered")
        else:
            self._read(document)

    def _read(self, document: Stored) -> None:
        assert document.original

        def settle(answer: str | Failure) -> None:
            record = record_from(answer, document)
            self.store.record(record)
            self._finish(record.id, record.decision)

        job = ReadDocument(
            original=document.original, rank=document.rank, record_id=document.id, source=document.source
        )
        self._submit(Flight(job, settle))

    def _finish(self, record_id: str, verdict: Verdict) -> None:
        self._underway.discard(record_id)
        self.follower.decided(record_id, verdict)
