"""A watched folder: the scan is the truth, what the system announces only wakes it. Files stay where they are.

A file is whole when its size and time have not changed for a while, longer for a PDF without its end. What is known
is told by name, inode, size and times, so that nothing is read twice; a file that any of these changed is read again,
and its content then says whether it is new.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from pipeline.config import Watch, WatchedFolder, source_name
from pipeline.inbox import Ignored, Unread, entries, shown, sort_file
from pipeline.sniff import looks_like_pdf
from pipeline.sources.announcements import Announcements
from pipeline.sources.source import NotYetError, Passed, Sight, SourceFaultError
from pipeline.store.originals import FileContent, read_file

PDF_END = b"%%EOF"
# Viewers find the end of a PDF within so many bytes of the file's.
END_WITHIN = 2048


@dataclass(frozen=True)
class Growth:
    """A file's size and time, and since when (of the steady clock, in seconds) they have been the same."""

    size: int
    modified: int
    since: float


class Folder:
    """One watched folder; see `sources.Source`."""

    def __init__(self, folder: WatchedFolder, watch: Watch, data: Path) -> None:
        self.name = source_name(folder)
        self.present = self.waiting = 0
        self._folder, self._watch, self._data = folder, watch, data.resolve()
        self._growing: dict[str, Growth] = {}
        self._sights: dict[str, tuple[Path, os.stat_result]] = {}
        self._announcements = Announcements(self.name, folder.path, wanted=not folder.poll)

    def open(self) -> None:
        if not self._folder.path.is_dir():
            raise SourceFaultError("no such folder")
        self._announcements.open()

    def close(self) -> None:
        self._announcements.close()

    def look(self, known: set[str]) -> Iterator[Sight | Passed]:
        self._announcements.clear()
        if not self._folder.path.is_dir():
            raise SourceFaultError("no such folder")
        there: set[str] = set()
        closed: Unread | None = None
        growing: dict[str, Growth] = {}
        for found in entries(self._folder.path, self._data):
            if isinstance(found, Unread) and found.path.exists():
                closed = found
            if not isinstance(found, Path):
                continue
            try:
                status = found.lstat()
            except FileNotFoundError:
                continue
            place = self._place(found, status)
            there.add(place)
            if place in known:
                continue
            if self._is_whole(found, status, growing):
                yield self._sort(found, status, place)
        self.present, self.waiting, self._growing = len(there), len(growing), growing
        if closed:
            raise SourceFaultError(f"a folder in it cannot be read: {closed.reason}")
        known &= there

    def fetch(self, sight: Sight, most: int) -> FileContent:
        path, seen = self._sights.pop(sight.place)
        try:
            file = read_file(path, follow=False, max_bytes=most)
            status = path.lstat()
        except FileNotFoundError as error:
            raise NotYetError from error
        if (seen.st_size, seen.st_mtime_ns, seen.st_ino) != (status.st_size, status.st_mtime_ns, status.st_ino):
            raise NotYetError
        return file

    def settle(self, place: str, *, failed: bool) -> None:
        pass

    def rest(self, wake: Event, seconds: float) -> None:
        if self._growing:
            seconds = min(seconds, max(self._watch.settle_seconds / 2, 0.05))
        self._announcements.rest(wake, seconds)

    def _place(self, path: Path, status: os.stat_result) -> str:
        relative = os.fsencode(path.relative_to(self._folder.path))
        state = f"{status.st_ino}:{status.st_size}:{status.st_mtime_ns}:{status.st_ctime_ns}:".encode()
        return hashlib.sha256(state + relative).hexdigest()[:32]

    def _is_whole(self, path: Path, status: os.stat_result, growing: dict[str, Growth]) -> bool:
        now = time.monotonic()
        key = os.fspath(path)
        before = self._growing.get(key)
        same = before and (before.size, before.modified) == (status.st_size, status.st_mtime_ns)
        growth = before if before and same else Growth(status.st_size, status.st_mtime_ns, now)
        quiet = now - growth.since
        if same and quiet >= self._watch.settle_seconds and (quiet >= self._watch.unfinished_seconds or has_end(path)):
            return True
        growing[key] = growth
        return False

    def _sort(self, path: Path, status: os.stat_result, place: str) -> Sight | Passed:
        label = f"{self.name}/{shown(path.relative_to(self._folder.path))}"
        found = sort_file(path)
        if isinstance(found, Ignored):
            return Passed(place, label, "a program's own file" if found.stray else "neither e-mail nor PDF")
        self._sights[place] = (path, status)
        return Sight(place, label, os.fsencode(path.resolve()))


def has_end(path: Path) -> bool:
    """Whether the file is no PDF, or one with its end; of what cannot be read, the reading will say it."""
    try:
        with path.open("rb") as file:
            if not looks_like_pdf(file.read(END_WITHIN)):
                return True
            file.seek(0, os.SEEK_END)
            file.seek(max(0, file.tell() - END_WITHIN))
            return PDF_END in file.read(END_WITHIN)
    except OSError:
        return True
