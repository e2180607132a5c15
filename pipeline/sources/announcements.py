"""What the system announces of a folder's changes. Any may be lost, so they only ever say that it is time to look."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from threading import Event

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

LOGGER = logging.getLogger(__name__)
# What our own reading gives rise to.
NO_CHANGE = ("opened", "closed_no_write")
# How often the waiting looks about, and how long it lets more of the same come, in seconds.
NAP_SECONDS, GATHER_SECONDS = 0.1, 0.2


class Announcements(FileSystemEventHandler):
    """Those of one folder and all within it, for the source of that name."""

    def __init__(self, name: str, folder: Path, *, wanted: bool = True) -> None:
        self._name, self._folder, self._wanted = name, folder, wanted
        self._came = Event()
        self._observer: BaseObserver | None = None

    def open(self) -> None:
        """Begins to listen, if that is wanted and possible, unless it does already."""
        if self._observer or not self._wanted:
            return
        observer = Observer()
        try:
            observer.schedule(self, str(self._folder), recursive=True)
            observer.start()
        except OSError as error:
            LOGGER.warning("source %s: changes are not announced (%s): only scanned", self._name, error.strerror)
            self._wanted = False
        else:
            self._observer = observer

    def close(self) -> None:
        if self._observer:
            self._observer.stop()
            self._observer.join()
            self._observer = None

    def clear(self) -> None:
        """What came until now is about to be looked at."""
        self._came.clear()

    def rest(self, wake: Event, seconds: float) -> None:
        """Waits for an announcement, at most so long, or until `wake` is set."""
        until = time.monotonic() + seconds
        while not wake.wait(NAP_SECONDS) and time.monotonic() < until:
            if self._came.is_set():
                wake.wait(GATHER_SECONDS)
                return

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type not in NO_CHANGE:
            self._came.set()
