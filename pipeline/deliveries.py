"""From bytes that came in, from wherever, to a delivery: its original is safe, and it can be entered and read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.config import Settings
from pipeline.sniff import looks_like_mail
from pipeline.store.arrivals import Arrival
from pipeline.store.originals import FileContent
from pipeline.store.records import Store

# An e-mail is larger than what it carries, and may carry several documents: this many times the largest document.
FILE_ALLOWANCE = 3
HEAD_BYTES = 1 << 14


@dataclass(frozen=True)
class Delivery:
    """A file or mail whose original is kept. `mail`: it looks like one.

    source: the name of the watched source that it comes from, "" for the command line; place: where it lies there.
    """

    arrival: Arrival
    mail: bool
    source: str = ""
    place: str = ""


def most_bytes(settings: Settings) -> int:
    """Files of more bytes are not held, kept or opened."""
    return FILE_ALLOWANCE * settings.limits.max_bytes


def deliver(
    file: FileContent,
    store: Store,
    settings: Settings,
    *,
    where: bytes,
    shown: str,
    received: datetime | None = None,
    source: str = "",
    place: str = "",
) -> Delivery:
    """Keeps the original before anything else. Raises `StoreError`.

    where: what identifies the file or mailbox; shown: its path for people; received: when it came (else: modified).
    """
    if file.content is not None:
        store.keep(file)
    modified = datetime.fromtimestamp(int(file.modified), ZoneInfo(settings.rules.timezone))
    arrival = Arrival(
        where=where,
        path=shown,
        sha256=file.sha256,
        kept=file.content is not None,
        received=received or modified,
        modified=modified,
        identity=file.identity,
    )
    mail = file.content is not None and looks_like_mail(file.content[:HEAD_BYTES])
    return Delivery(arrival, mail, source, place)
