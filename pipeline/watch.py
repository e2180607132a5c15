"""The mail room at work: from what its sources show to records, for months, or once over what is there.

The store is the truth about what came in and what was decided. Whatever ends this, the next start goes on from there:
documents without a record are read first, and what was done but not put away yet is put away.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.config import Settings
from pipeline.deliveries import Delivery
from pipeline.dispatch import IN_FLIGHT_A_WORKER, Dispatch
from pipeline.emitted import Emitted
from pipeline.metrics import Metrics
from pipeline.model import EngineError, Verdict
from pipeline.sources.feed import FIRST_PAUSE, LONGEST_PAUSE, Feed, Intake
from pipeline.sources.folder import Folder
from pipeline.sources.imap import ImapSource
from pipeline.sources.maildir import MaildirSource
from pipeline.sources.sightings import Sightings
from pipeline.sources.source import Source
from pipeline.store.leases import Run
from pipeline.store.records import Store, Stored
from pipeline.workforces.workforce import find_workforce

LOGGER = logging.getLogger(__name__)
# A daemon with nothing to do looks so often whether another one has left something.
LEFT_SECONDS = 10.0


class HaltedError(Exception):
    """The work was asked to end while an engine was lost: what was in flight is read at the next start."""


def sources_of(settings: Settings) -> list[Source]:
    """The sources that the configuration names."""
    watch, data = settings.watch, settings.paths.data
    return [
        *(Folder(folder, watch, data) for folder in watch.folders),
        *(MaildirSource(maildir) for maildir in watch.maildirs),
        *(ImapSource(mailbox) for mailbox in watch.mailboxes),
    ]


@dataclass
class Watch:
    """The daemon's work under one configuration. `once`: it ends when what is there has its records.

    engine: which workforce reads. beat: called at each turn of the loop, every few seconds at least.
    """

    settings: Settings
    store: Store
    target: str
    metrics: Metrics
    engine: str = "local"
    once: bool = False
    beat: Callable[[], None] = lambda: None

    _intake: Intake = field(init=False)
    _feeds: dict[str, Feed] = field(init=False)
    _emitted: Emitted | None = None
    _dispatch: Dispatch | None = None
    _looked: float = 0.0
    _lost: int = 0
    _paused_until: float = 0.0
    # By document: where what brought it lies. And there, which of its documents still wait.
    _brought: dict[str, set[tuple[str, str]]] = field(default_factory=dict)
    _waiting: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._intake = Intake(2 * IN_FLIGHT_A_WORKER * self.workers)
        self._feeds = {
            source.name: Feed(source, self._intake, self.store, self.settings, once=self.once)
            for source in sources_of(self.settings)
        }

    @property
    def workers(self) -> int:
        return self.settings.watch.workers or os.cpu_count() or 1

    @property
    def sources(self) -> tuple[str, ...]:
        return tuple(self._feeds)

    @property
    def faults(self) -> dict[str, str]:
        """Sources that cannot be used or read in full now, and why."""
        return {name: feed.fault for name, feed in self._feeds.items() if feed.fault}

    def halt(self) -> None:
        """Drains: what is in flight gets its records, then `work` returns. May be called from anywhere."""
        self._intake.halted.set()
        self._intake.wake()

    def work(self) -> None:
        """Works until it is halted, or once. Raises `StoreError`."""
        records = self.settings.watch.records
        with self.store.begin_run() as run:
            if records:
                self._emitted = Emitted(Path(records), self.store)
            try:
                self._work(run)
            except HaltedError:
                LOGGER.warning("halted while an engine was lost")
            finally:
                self._intake.halted.set()
                self._end_feeds()
            self._emit()

    def _work(self, run: Run) -> None:
        with find_workforce(self.engine, self.settings, self.target, self.workers, self.metrics) as workforce:
            dispatch = self._dispatch = Dispatch(
                deliveries=self._intake.take(self._is_over),
                store=self.store,
                run=run,
                settings=self.settings,
                workforce=workforce,
                follower=self,
                wake=self._intake.wake,
                draining=self._intake.halted.is_set,
            )
            self._take_up(dispatch)
            for feed in self._feeds.values():
                feed.start()
            dispatch.work()

    def _take_up(self, dispatch: Dispatch) -> None:
        """What an earlier run has left."""
        for record_id in self.store.pending():
            dispatch.read(record_id)
        for left in Sightings(self.store).unsettled():
            if left.source in self._feeds:
                self._await(left.source, left.place, set(left.waiting))

    def _take_over(self) -> None:
        """Of daemons on one store, one that is idle reads what another has left, or has not come to yet."""
        if not self.store.shared or self._dispatch is None or not self._dispatch.idle:
            return
        if time.monotonic() - self._looked < LEFT_SECONDS:
            return
        self._looked = time.monotonic()
        for record_id in self.store.left_behind(self._dispatch.run, IN_FLIGHT_A_WORKER * self.workers):
            self._dispatch.read(record_id)

    def _is_over(self) -> bool:
        return self.once and all(feed.done.is_set() for feed in self._feeds.values())

    def _end_feeds(self) -> None:
        for feed in self._feeds.values():
            if feed.is_alive():
                feed.stop()
        for feed in self._feeds.values():
            if feed.ident is not None:
                feed.join(LONGEST_PAUSE)

    def _await(self, source: str, place: str, waiting: set[str]) -> None:
        """Puts away what lies there as soon as none of its documents waits."""
        if not waiting:
            self._feeds[source].settle(place)
            return
        self._waiting[source, place] = waiting
        for record_id in waiting:
            self._brought.setdefault(record_id, set()).add((source, place))

    def entered(self, delivery: Delivery, documents: tuple[Stored, ...], *, known: bool) -> None:
        Sightings(self.store).take(delivery)
        if not known:
            self._count_at_once(documents)
        waiting = {document.id for document in documents if document.decision is None}
        self._await(delivery.source, delivery.place, waiting)

    def _count_at_once(self, documents: tuple[Stored, ...]) -> None:
        """What got its record as it was entered, without being read."""
        for document in documents:
            if document.decision is not None:
                self.metrics.records.labels(document.decision.value).inc()

    def decided(self, record_id: str, verdict: Verdict) -> None:
        self._lost = 0
        LOGGER.info("document %s: %s", record_id, verdict.value)
        self.metrics.records.labels(verdict.value).inc()
        for source, place in self._brought.pop(record_id, ()):
            self._waiting[source, place].discard(record_id)
            if not self._waiting[source, place]:
                del self._waiting[source, place]
                self._feeds[source].settle(place)

    def lost(self, error: EngineError, submitted: float) -> None:
        """Tries again, later and later: that an engine is lost is no document's fault.

        What was in flight when the last pause began fails of the same cause, and asks for no pause of its own.
        """
        if submitted < self._paused_until:
            return
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2**self._lost)
        self._lost += 1
        self.metrics.engine_losses.inc()
        LOGGER.error("an engine is lost (%s time in a row): %s; trying again in %.0f s", self._lost, error, pause)
        if self.once and self._lost > 1:
            raise error
        if self._intake.halted.wait(pause):
            raise HaltedError
        self._paused_until = time.monotonic()

    def turned(self) -> None:
        for feed in self._feeds.values():
            if feed.broken:
                raise feed.broken
        self._take_over()
        self._emit()
        self.metrics.turned()
        self.beat()

    def _emit(self) -> None:
        if self._emitted:
            self._emitted.catch_up()
