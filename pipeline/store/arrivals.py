"""What makes two documents the same, and where each came from.

A document is the same as another when it is the same bytes of the same file (renamed or not), or of the same message
(by Message-ID), whatever file that lies in; its key says so, and its id derives from the key. Within one message, the
same bytes under the same name are the same document too; under another name a document of their own (and a duplicate).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from pipeline.jobs import Enclosure, Parcel
from pipeline.model import Code, Reason, Source


@dataclass(frozen=True)
class Arrival:
    """One file that came in. `where` identifies the file itself, `path` is how it was named, for people.

    received: when a bare file came; an e-mail says that itself, and falls back on when its file was `modified`.
    identity: what a file keeps when it is renamed; None where it has nothing of that kind.
    """

    where: bytes
    path: str
    sha256: str
    kept: bool
    received: datetime
    modified: datetime
    identity: str | None = None

    @property
    def key(self) -> str:
        return digest(b"file", self.where, self.sha256.encode())


def digest(*parts: bytes) -> str:
    return sha256(b"".join(len(part).to_bytes(8, "big") + part for part in parts)).hexdigest()


def keyed(arrival: Arrival, parcel: Parcel) -> Iterator[tuple[str, Enclosure]]:
    """The file's documents, each with its key; an e-mail without any is one by itself."""
    enclosures = parcel.enclosures or (Enclosure(reasons=(Reason.of(Code.NO_ATTACHMENT),)),)
    base = digest(b"message", parcel.message_id.encode()) if parcel.message_id else arrival.key
    names: dict[str | None, list[str | None]] = {}
    for enclosure in enclosures:
        others = names.setdefault(enclosure.sha256, [])
        if enclosure.name not in others:
            others.append(enclosure.name)
        rank = others.index(enclosure.name)
        yield digest(base.encode(), (enclosure.sha256 or "").encode(), str(rank).encode()), enclosure


def source_of(arrival: Arrival, parcel: Parcel, enclosure: Enclosure) -> Source:
    return Source(
        path=arrival.path,
        attachment=enclosure.name,
        message_id=parcel.message_id,
        sender=parcel.sender,
        received=received_of(arrival, parcel),
        sha256=enclosure.sha256,
    )


def received_of(arrival: Arrival, parcel: Parcel) -> datetime:
    if not parcel.mail:
        return arrival.received
    zone = arrival.modified.tzinfo
    return parcel.received.astimezone(zone) if parcel.received else arrival.modified
