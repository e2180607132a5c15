"""What is in a file that came: the documents of a mail, or one by itself, and the bytes of each.

Light, for whoever needs no more than that: it imports nothing that reads pages.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from pipeline.config import Settings
from pipeline.intake import parse_message
from pipeline.jobs import Enclosure, Parcel
from pipeline.model import Message, Refused
from pipeline.sniff import looks_like_mail, looks_like_pdf


def document_bytes(original: str, rank: int | None, settings: Settings) -> bytes:
    """The bytes of the document: the file itself, or that attachment of it."""
    content = Path(original).read_bytes()
    if rank is None:
        return content
    return parse_message(content, settings.limits).attachments[rank].content


def take_apart(content: bytes, settings: Settings) -> Parcel:
    """What is in a file, told by its content: a mail holds documents, anything else is one by itself."""
    if looks_like_pdf(content) or not looks_like_mail(content):
        return Parcel(enclosures=(Enclosure(sha256=sha256(content).hexdigest()),))
    try:
        return parcel_of(parse_message(content, settings.limits))
    except Refused as refusal:
        return Parcel(mail=True, enclosures=(Enclosure(reasons=refusal.reasons),))


def parcel_of(message: Message) -> Parcel:
    return Parcel(
        mail=True,
        message_id=printable(message.message_id),
        sender=printable(message.sender),
        received=message.received,
        enclosures=tuple(
            Enclosure(rank=rank, name=printable(attachment.name), sha256=sha256(attachment.content).hexdigest())
            for rank, attachment in enumerate(message.attachments)
        ),
        ignored=tuple(printable(text) or "" for text in message.ignored),
    )


def printable(text: str | None) -> str | None:
    """The text as JSON can carry it: a lone surrogate, from a header that lies about its charset, becomes a `?`."""
    return None if text is None else text.encode("utf-8", "replace").decode()
