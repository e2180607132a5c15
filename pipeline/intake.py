"""The bytes of one e-mail taken apart into its documents. What a part is, its content says before its headers.

The headers that name people are never parsed as addresses: under the library's newer policy, twenty thousand quotation
marks in one keep it busy for a quarter of a minute. The sender is found by a bounded search, and decides nothing.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pipeline.config import Limits
from pipeline.mail.attachment_names import decoded
from pipeline.mail.parts import Part, leaves, open_mail
from pipeline.model import Attachment, Code, Message, Reason, Refused
from pipeline.sniff import looks_like_pdf

# A message may be so much larger than a document: base64, and several documents in it.
MAIL_OVERHEAD = 3
# Characters of a header that are looked at; a date takes fewer.
LONGEST_VALUE = 2_000
LONGEST_DATE = 200
# No mail was sent before, and none can be dated later: what claims so has no date.
YEARS = range(1971, 2201)
# What mail programs add, under whatever disposition: signatures of the mail, reports on its delivery.
ADDED_BY_PROGRAMS = frozenset(
    {
        "application/pgp-signature",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "message/delivery-status",
        "message/disposition-notification",
        "text/rfc822-headers",
    }
)
# Exchange gives this name to the bits of text that other programs leave between attachments.
_LEFT_TEXT = re.compile(r"ATT\d{3,}\.(?:txt|html?)", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>\"'(),;:\\@]{1,64}@[^\s<>\"'(),;:\\@]{1,255}")
_ANGLED = re.compile(r"<([^<>]{3,320})>")


def parse_message(content: bytes, limits: Limits) -> Message:
    """The message with its documents in the mail's order, those of forwarded messages in their place.

    A date without a zone is taken as UTC, as the mail standard has it.
    Raises `Refused` and nothing else: `document-too-large` for a mail of more than three times `max_bytes`,
    `processing-limit` for one with more parts, depth or headers than the limits (nothing of it is taken, since what
    lies beyond is not known), `document-unreadable` when its parts cannot be told apart and no document is found.
    A document over `max_bytes` is left to the stage that opens it: the others beside it are good.
    """
    most = MAIL_OVERHEAD * limits.max_bytes
    if len(content) > most:
        raise Refused(Reason.of(Code.DOCUMENT_TOO_LARGE, detail=f"> {most // 1_000_000} MB"))
    mail = open_mail(content)
    attachments: list[Attachment] = []
    ignored: list[str] = []
    damaged = False
    for part in leaves(mail, limits):
        why = _why_no_document(part)
        if why is None:
            attachments.append(Attachment(part.name, part.content))
        elif why:
            ignored.append(why)
        damaged |= part.kind.startswith("multipart/") and bool(part.content.strip())
    if damaged and not attachments:
        raise Refused(Reason.of(Code.DOCUMENT_UNREADABLE))
    return Message(_message_id(mail), _sender(mail), _received(mail), tuple(attachments), tuple(ignored))


def _why_no_document(part: Part) -> str | None:
    """Why a part is none of the sender's documents: "" for what was written in the mail, None if it is one."""
    family = part.kind.partition("/")[0]
    if looks_like_pdf(part.content):
        return _why_only_quoted(part, family)
    if part.kind in ADDED_BY_PROGRAMS:
        return f"{part.kind}: added by the mail program"
    match family:
        case "multipart":
            return f"{part.kind}: without parts"
        case "text":
            return _why_only_text(part)
        case "image":
            return f"{part.kind}: an image of the mail itself" if _is_shown_in_the_mail(part) else None
    return None if part.disposition == "attachment" or part.name or part.content else ""


def _why_only_quoted(part: Part, family: str) -> str | None:
    """What somebody writes about PDF files is none: text that says so begins with the PDF's own first bytes."""
    written = family == "text" and part.disposition != "attachment" and part.name is None
    return "" if written and not part.content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-") else None


def _why_only_text(part: Part) -> str | None:
    if part.name and _LEFT_TEXT.fullmatch(part.name):
        return f"{part.kind}: left over by the mail program"
    if part.within == "multipart/alternative":
        return ""
    if part.disposition == "attachment" or (part.name and part.disposition != "inline"):
        return None
    return ""


def _is_shown_in_the_mail(part: Part) -> bool:
    """A logo or a signature's picture; some programs say `attachment` of those too."""
    if part.within == "multipart/related" and part.header("content-id"):
        return True
    if part.disposition == "attachment":
        return False
    return part.disposition == "inline" or bool(part.header("content-id")) or part.name is None


# ---------------------------------------------------------------- headers


def _message_id(mail: Part) -> str | None:
    """The Message-ID; None for one so long that cutting it could make two messages the same."""
    value = _printable(mail.header("message-id")[: LONGEST_VALUE + 1])
    return value if 0 < len(value) <= LONGEST_VALUE else None


def _sender(mail: Part) -> str | None:
    value = mail.header("from")[:LONGEST_VALUE]
    angled = _ANGLED.findall(value)
    found = _ADDRESS.search(angled[-1] if angled else decoded(value))
    return _printable(found[0]) if found else None


def _printable(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable()).strip()


def _received(mail: Part) -> datetime | None:
    """The date of the topmost Received header, else that of Date."""
    topmost = mail.header("received")
    dates = (topmost.rpartition(";")[2] if ";" in topmost else "", mail.header("date"))
    return next((moment for moment in map(_moment, dates) if moment is not None), None)


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text.strip()[:LONGEST_DATE])
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
    if moment.year not in YEARS:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
