"""The daemon around the work: alone on its store, drained by SIGTERM, reloaded by SIGHUP."""

from __future__ import annotations

import logging
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import date, datetime
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from types import FrameType
from zoneinfo import ZoneInfo

from pipeline.balance import take_stock
from pipeline.config import ConfigError, Settings
from pipeline.metrics import Metrics, Page
from pipeline.specs import SpecError, load_specs
from pipeline.store.leases import HeldError, Lock
from pipeline.store.records import Store, open_store
from pipeline.walled.child import sweep
from pipeline.watch import Watch

LOGGER = logging.getLogger(__name__)
LOCK_NAME = "watch.lock"


class SecondDaemonError(Exception):
    """Another daemon works on this store."""


class Daemon:
    """Runs `Watch` until a signal ends it, anew for each reload. `load` gives the settings as they are now."""

    def __init__(
        self, settings: Settings, load: Callable[[], Settings], target: str, *, engine: str, once: bool
    ) -> None:
        self._settings, self._load, self._target = settings, load, target
        self._engine, self._once = engine, once
        self._watch: Watch | None = None
        self._ending = False
        self._ends = SimpleQueue[bool]()  # one that a handler may put into wherever it interrupts
        self._reload_asked = False
        self._starting_anew = False
        self._said_on: date | None = None

    def run(self) -> dict[str, str]:
        """Works; the faults of sources at the end. Raises `SecondDaemonError`, `StoreError` and OSError."""
        place = alone_on(self._settings)
        try:
            lock = Lock(place, f"{os.getpid()}") if place else nullcontext()
        except HeldError as held:
            raise SecondDaemonError(
                f"{place}: `pipeline watch` y travaille déjà (processus {held}) / "
                f"is already at work there (process {held})"
            ) from held
        with lock, self._signals(), open_store(self._settings) as store:
            sweep(self._settings)
            metrics = Metrics(store)
            while True:
                watch = self._watch = Watch(
                    self._settings,
                    store,
                    self._target,
                    metrics,
                    engine=self._engine,
                    once=self._once,
                    beat=lambda: self._beat(store),
                )
                LOGGER.info("at work: %d sources, %d workers", len(watch.sources), watch.workers)
                self._say_balance(store)
                with Page(self._settings.watch.port, metrics, watch):
                    notify("READY=1")
                    watch.work()
                self._say_balance(store)
                if self._ending or not self._starting_anew:
                    LOGGER.info("ended: nothing is in flight")
                    return watch.faults
                self._starting_anew = False

    def _say_balance(self, store: Store) -> None:
        """The daily proof, at the start and at the end too."""
        self._said_on = self._today()
        books = take_stock(store)
        LOGGER.log(logging.ERROR if books.faults else logging.INFO, "balance: %s", books.line)

    def _today(self) -> date:
        return datetime.now(ZoneInfo(self._settings.rules.timezone)).date()

    def _beat(self, store: Store) -> None:
        notify("WATCHDOG=1")
        if self._said_on != self._today():
            self._say_balance(store)
        if self._ending and self._watch:
            self._watch.halt()
        elif self._reload_asked and self._watch:
            self._reload_asked = False
            self._reload(self._watch)

    def _reload(self, watch: Watch) -> None:
        """Takes the new settings and specs if they are good; the old ones go on if they are not."""
        try:
            settings = self._load()
            load_specs(settings.paths.specs)
        except (ConfigError, SpecError) as error:
            LOGGER.error("not reloaded, the old settings hold: %s", error)
            return
        before = self._settings
        if (settings.paths.data, settings.paths.originals, settings.database) != (
            before.paths.data,
            before.paths.originals,
            before.database,
        ):
            LOGGER.error("not reloaded, the old settings hold: another store needs a restart")
            return
        LOGGER.info("reloading once what is in flight has its records")
        self._settings = settings
        self._starting_anew = True
        watch.halt()

    def _on_end(self, number: int, frame: FrameType | None) -> None:
        if self._ending:
            raise KeyboardInterrupt
        self._ending = True
        notify("STOPPING=1")
        self._ends.put(True)

    def _on_reload(self, number: int, frame: FrameType | None) -> None:
        self._reload_asked = True

    def _halt_when_asked(self) -> None:
        """A thread of its own: a handler runs wherever the main thread is, perhaps within a lock that `halt` takes."""
        while self._ends.get():
            if self._watch:
                self._watch.halt()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        Thread(target=self._halt_when_asked, name="signals", daemon=True).start()
        handlers = {signal.SIGTERM: self._on_end, signal.SIGINT: self._on_end, signal.SIGHUP: self._on_reload}
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
            self._ends.put(False)


def alone_on(settings: Settings) -> Path | None:
    """The lock file of what no two daemons may share: a SQLite store, or the file of records; None where all may be."""
    if not settings.database.url:
        return settings.paths.data / LOCK_NAME
    records = Path(settings.watch.records)
    return records.with_name(f".{records.name}.lock") if settings.watch.records else None


def notify(state: str) -> None:
    """Tells systemd, where it started us; what it does with it is not our business."""
    address = os.environ.get("NOTIFY_SOCKET")
    if address:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)
