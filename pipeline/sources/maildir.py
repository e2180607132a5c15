"""A Maildir: what is in new/ is whole by contract, and goes to cur/ when its documents have their records.

A mail in new/ is linked there only once it is written and synced, so there is nothing to wait for. In cur/ it is
flagged as seen, and as flagged where a document in it did not get through.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from urllib.parse import quote_from_bytes, unquote_to_bytes

from pipeline.config import Maildir, source_name
from pipeline.inbox import shown
from pipeline.sources.announcements import Announcements
from pipeline.sources.source import NotYetError, Passed, Sight, SourceFaultError
from pipeline.store.originals import FileContent, read_file, sync_folder

SEEN, SEEN_AND_FLAGGED = ":2,S", ":2,FS"


class MaildirSource:
    """One Maildir; see `sources.Source`. A mail's place is its unique name, in printable form."""

    def __init__(self, maildir: Maildir) -> None:
        self.name = source_name(maildir)
        self.present = self.waiting = 0
        self._new, self._cur = maildir.path / "new", maildir.path / "cur"
        self._where = os.fsencode(maildir.path.resolve())
        self._announcements = Announcements(self.name, self._new)

    def open(self) -> None:
        if not (self._new.is_dir() and self._cur.is_dir()):
            raise SourceFaultError("no such Maildir")
        self._announcements.open()

    def close(self) -> None:
        self._announcements.close()

    def look(self, known: set[str]) -> Iterator[Sight | Passed]:
        self._announcements.clear()
        names = sorted(name for name in os.listdir(self._new) if not name.startswith("."))  # noqa: PTH208
        self.present = len(names)
        known &= {escaped(name) for name in names}
        for name in names:
            if escaped(name) not in known:
                where = self._where + b"/" + os.fsencode(name.partition(":")[0])
                yield Sight(escaped(name), f"{self.name}/{shown(Path(name))}", where)

    def fetch(self, sight: Sight, most: int) -> FileContent:
        try:
            return read_file(self._new / unescaped(sight.place), follow=False, max_bytes=most)
        except FileNotFoundError as error:
            raise NotYetError from error

    def settle(self, place: str, *, failed: bool) -> None:
        name = unescaped(place)
        flags = SEEN_AND_FLAGGED if failed else SEEN
        try:
            (self._new / name).rename(self._cur / (name.partition(":")[0] + flags))
        except FileNotFoundError:
            return
        sync_folder(self._cur)
        sync_folder(self._new)

    def rest(self, wake: Event, seconds: float) -> None:
        self._announcements.rest(wake, seconds)


def escaped(name: str) -> str:
    """The name as any database takes it, whatever bytes it has."""
    return quote_from_bytes(os.fsencode(name))


def unescaped(place: str) -> str:
    return os.fsdecode(unquote_to_bytes(place))
