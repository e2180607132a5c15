"""A watched source at work in a thread of its own, and the queue on which all of them put what they find.

Whatever a source does, the others and the reading go on: a fault is said once, and the source tried again later and
later, up to a minute.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress

from pipeline.config import Settings
from pipeline.deliveries import Delivery, deliver, most_bytes
from pipeline.sources.sightings import IGNORED, UNREADABLE, Sightings
from pipeline.sources.source import NotYetError, Passed, Sight, Source, SourceFaultError
from pipeline.store.records import Store

LOGGER = logging.getLogger(__name__)
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
# How long the reader of the queue sleeps when nothing comes, and a feed before it looks whether it shall stop.
NAP_SECONDS = 1.0
# What is passed over is entered so many at a time: few transactions, and short ones, for others wait meanwhile.
NOTED_AT_ONCE = 200


class Intake:
    """What the feeds have found, in one line: short, so that nobody reads far ahead of the work."""

    def __init__(self, length: int) -> None:
        self._queue: queue.Queue[Delivery | None] = queue.Queue(length)
        self.halted = threading.Event()

    def offer(self, delivery: Delivery) -> bool:
        """Puts it in the line if there is room within a moment."""
        try:
            self._queue.put(delivery, timeout=NAP_SECONDS / 4)
        except queue.Full:
            return False
        return True

    def wake(self) -> None:
        """Ends the waiting of whoever takes from the line."""
        with suppress(queue.Full):  # then nobody waits
            self._queue.put_nowait(None)

    def take(self, ended: Callable[[], bool]) -> Iterator[Delivery | None]:
        """What comes, and None when nothing does; until it is halted, or `ended` with nothing left."""
        while not self.halted.is_set():
            over = ended()  # asked before the line is looked at: what is put in until then is still found
            try:
                yield self._queue.get(timeout=0.05 if over else NAP_SECONDS)
            except queue.Empty:
                if over:
                    return
                yield None


class Feed(threading.Thread):
    """One source's thread. `once`: it scans until nothing is left that may still grow, then only settles.

    broken: what ended the thread though nobody asked it to (the store cannot be written); the work must end then.
    """

    def __init__(self, source: Source, intake: Intake, store: Store, settings: Settings, *, once: bool) -> None:
        super().__init__(name=f"source {source.name}", daemon=True)
        self.source = source
        self.fault = ""
        self.broken: Exception | None = None
        self.done = threading.Event()
        self._intake, self._store, self._settings, self._once = intake, store, settings, once
        self._sightings = Sightings(store)
        self._known: set[str] = set()
        self._faulty: dict[str, str] = {}
        self._to_settle: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._wake = threading.Event()
        self._stop_asked = threading.Event()

    def settle(self, place: str) -> None:
        """To be called from any thread when all documents of what lay there have their records."""
        self._to_settle.put(place)
        self._wake.set()

    def stop(self) -> None:
        """Ends the thread once all that is to be settled is."""
        self._stop_asked.set()
        self._wake.set()

    def run(self) -> None:
        try:
            self._known = self._sightings.known(self.source.name)
            self._work()
        except Exception as error:  # noqa: BLE001 - raised again by the main thread: no source dies unnoticed
            self.broken = error
        finally:
            self.done.set()
            self._intake.wake()

    def _work(self) -> None:
        pause = FIRST_PAUSE
        while True:
            try:
                self.source.open()
                self._settle_all()
                if self._stop_asked.is_set():
                    return self.source.close()
                self._scan()
                self._tell("")
                pause = FIRST_PAUSE
                self._rest()
            except (SourceFaultError, OSError) as error:
                self.source.close()
                self._tell(words_of(error))
                if self._stop_asked.is_set():
                    return None
                if self._once:
                    self._end_looking()
                self._wake.wait(pause)
                self._wake.clear()
                pause = min(LONGEST_PAUSE, 2 * pause)

    def _scan(self) -> None:
        if self._once and self.done.is_set():
            return
        passed: list[tuple[str, str, str]] = []
        try:
            for found in self.source.look(self._known):
                if self._stop_asked.is_set() or self._intake.halted.is_set():
                    break
                if isinstance(found, Passed):
                    passed.append((found.place, found.shown, found.why))
                    if len(passed) >= NOTED_AT_ONCE:
                        self._note_passed(passed)
                else:
                    self._take(found)
        finally:
            self._note_passed(passed)
        if self._once and not self.source.waiting:
            self._end_looking()

    def _note_passed(self, passed: list[tuple[str, str, str]]) -> None:
        if passed:
            self._sightings.note(self.source.name, IGNORED, passed)
            self._known.update(place for place, _, _ in passed)
            passed.clear()

    def _take(self, sight: Sight) -> None:
        try:
            file = self.source.fetch(sight, most_bytes(self._settings))
        except NotYetError:
            return
        except OSError as error:
            self._say_unreadable(sight, words_of(error))
            return
        delivery = deliver(
            file,
            self._store,
            self._settings,
            where=sight.where,
            shown=sight.shown,
            source=self.source.name,
            place=sight.place,
        )
        self._faulty.pop(sight.place, None)
        while not self._intake.offer(delivery):
            if self._intake.halted.is_set():
                return
            self._settle_all()
        self._known.add(sight.place)

    def _say_unreadable(self, sight: Sight, why: str) -> None:
        if self._faulty.get(sight.place) != why:
            self._faulty[sight.place] = why
            LOGGER.warning("source %s: something cannot be read: %s", self.source.name, why)
            self._sightings.note(self.source.name, UNREADABLE, [(sight.place, sight.shown, why)])

    def _settle_all(self) -> None:
        while not self._to_settle.empty():
            place = self._to_settle.get()
            try:
                self.source.settle(place, failed=self._sightings.failed(self.source.name, place))
            except (SourceFaultError, OSError):
                self._to_settle.put(place)
                raise
            self._sightings.settled(self.source.name, place)

    def _rest(self) -> None:
        if self._to_settle.empty() and not self._stop_asked.is_set():
            self.source.rest(self._wake, self._settings.watch.poll_seconds)
        self._wake.clear()

    def _tell(self, fault: str) -> None:
        fault = fault or "; ".join(sorted(set(self._faulty.values())))
        if fault != self.fault:
            LOGGER.log(logging.WARNING if fault else logging.INFO, "source %s: %s", self.source.name, fault or "good")
        self.fault = fault
        self._sightings.scanned(self.source.name, present=self.source.present, waiting=self.source.waiting, fault=fault)

    def _end_looking(self) -> None:
        self.done.set()
        self._intake.wake()


def words_of(error: Exception) -> str:
    """The fault without any path in it: names of files are often names of people."""
    return (error.strerror or type(error).__name__) if isinstance(error, OSError) else str(error)
