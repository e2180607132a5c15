"""What every watched source has, whatever it is: new things are seen, fetched, and settled when they are done with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from pipeline.store.originals import FileContent


class SourceFaultError(Exception):
    """The source cannot be used now: a folder that is not there, a connection that broke. Holds nothing personal."""


class NotYetError(Exception):
    """It is being written, or was just taken away: the next scan will tell."""


@dataclass(frozen=True)
class Sight:
    """Something new that is whole. `place` tells it from all others of its source, `shown` is for people.

    where: what identifies the file or mailbox it is of, so that the same document from there is the same again.
    """

    place: str
    shown: str
    where: bytes


@dataclass(frozen=True)
class Passed:
    """Something new that is passed over, and why; `stray` if nobody would miss it."""

    place: str
    shown: str
    why: str


class Source(Protocol):
    """One watched source, used by one thread. Its methods raise `SourceFaultError` and OSError.

    present: how many things the last scan saw; waiting: how many of them may still be growing.
    """

    name: str
    present: int
    waiting: int

    def open(self) -> None:
        """Makes ready; called again after each fault."""

    def close(self) -> None:
        """Lets go of everything; called after each fault too."""

    def look(self, known: set[str]) -> Iterator[Sight | Passed]:
        """One scan: what is new and whole. Places that are no longer there may be taken out of `known`."""

    def fetch(self, sight: Sight, most: int) -> FileContent:
        """Its bytes, of which at most `most` are held. Raises `NotYetError` too."""

    def settle(self, place: str, *, failed: bool) -> None:
        """Its documents have their records: puts it away where it belongs. What is gone is no fault."""

    def rest(self, wake: Event, seconds: float) -> None:
        """Waits for something new, at most so long, or until `wake` is set."""
