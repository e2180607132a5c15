"""The bytes of one e-mail taken apart into its documents. Nothing that its headers say decides anything but dates.

The mail is parsed by the old policy (`compat32`) on purpose: the new one parses address headers with a grammar that
twenty thousand quotation marks keep busy for a quarter of a minute.
"""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import policy
from email.message import Message as MailPart
from email.utils import parsedate_to_datetime

from pipeline.attachment_names import decoded, display_name
from pipeline.config import Limits
from pipeline.model import Attachment, Code, Message, Reason, Refused
from pipeline.sniff import looks_like_pdf

# A message may be so much larger than the documents in it: base64 and several documents.
MAIL_OVERHEAD = 3
MOST_HEADER_BYTES = 262_144
LONGEST_VALUE = 2_000
# What belongs to the mail and not to its sender's documents.
OF_THE_MAIL = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature", "text/calendar"}
)
_ADDRESS = re.compile(r"[^\s<>\"'(),;:\\]{1,64}@[^\s<>\"'(),;:\\]{1,255}")


def parse_message(content: bytes, limits: Limits) -> Message:
    """The message with its documents in the mail's order. Raises `Refused` for a mail that is over the limits.

    A date without a zone is taken as UTC, as the mail standard has it.
    """
    _check_size(content, limits)
    try:
        mail = email.message_from_bytes(content, policy=policy.compat32)
        parts = list(_leaves(mail, limits))
    except RecursionError as error:
        raise Refused(Reason.of(Code.PROCESSING_LIMIT)) from error
    attachments: list[Attachment] = []
    ignored: list[str] = []
    for part in parts:
        payload = _payload(part)
        if len(payload) > limits.max_bytes:
            raise Refused(Reason.of(Code.DOCUMENT_TOO_LARGE, detail=f"> {limits.max_bytes // 1_000_000} MB"))
        why = None if looks_like_pdf(payload) else _not_a_document(part)
        if why is None:
            attachments.append(Attachment(display_name(part), payload))
        elif why:
            ignored.append(why)
    return Message(_header(mail, "message-id"), _sender(mail), _received(mail), tuple(attachments), tuple(ignored))


def _check_size(content: bytes, limits: Limits) -> None:
    """Refuses what would keep the parser busy: by size, by its headers, and by the boundaries that it declares."""
    if len(content) > MAIL_OVERHEAD * limits.max_bytes:
        raise Refused(
            Reason.of(Code.DOCUMENT_TOO_LARGE, detail=f"> {MAIL_OVERHEAD * limits.max_bytes // 1_000_000} MB")
        )
    end = re.search(rb"\r?\n\r?\n", content[: MOST_HEADER_BYTES + 4])
    if end is None and len(content) > MOST_HEADER_BYTES:
        raise Refused(Reason.of(Code.PROCESSING_LIMIT))
    declared = set(re.findall(rb"boundary\*?0?\*?=\"?([^\s\";]{1,80})", content, re.IGNORECASE))
    if len(declared) > limits.max_mail_parts:
        raise Refused(Reason.of(Code.PROCESSING_LIMIT))
    if sum(content.count(b"\n--" + boundary) for boundary in declared) > 4 * limits.max_mail_parts:
        raise Refused(Reason.of(Code.PROCESSING_LIMIT))


def _leaves(part: MailPart, limits: Limits, depth: int = 0) -> Iterator[MailPart]:
    """The parts that hold something, also those of a message within the message."""
    if depth > limits.max_mail_depth:
        raise Refused(Reason.of(Code.PROCESSING_LIMIT))
    if not part.is_multipart():
        yield part
        return
    inner = part.get_payload()
    if not isinstance(inner, list) or len(inner) > limits.max_mail_parts:
        raise Refused(Reason.of(Code.PROCESSING_LIMIT))
    for each in inner:
        if isinstance(each, MailPart):
            yield from _leaves(each, limits, depth + 1)


def _payload(part: MailPart) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (LookupError, ValueError, AssertionError):
        return b""
    return payload if isinstance(payload, bytes) else b""


def _not_a_document(part: MailPart) -> str | None:
    """Why a part that is no PDF is not one of the sender's documents: "" for the mail's own text, None if it is one."""
    kind = part.get_content_type()
    disposition = (part.get_content_disposition() or "").lower()
    if disposition == "attachment":
        return None
    if kind in OF_THE_MAIL:
        return f"{kind}: of the mail itself"
    named = display_name(part) is not None
    if part.get_content_maintype() == "text" and (disposition == "inline" or not named):
        return ""
    if part.get_content_maintype() == "image" and (disposition == "inline" or part["content-id"] or not named):
        return f"{kind}: an image of the mail itself"
    return None if named or _payload(part) else ""


# ---------------------------------------------------------------- headers


def _header(mail: MailPart, name: str) -> str | None:
    value = mail[name]
    text = " ".join(str(value)[:LONGEST_VALUE].split()) if value is not None else ""
    return text or None


def _sender(mail: MailPart) -> str | None:
    """The address in From, by a bounded search: it is shown, and decides nothing."""
    value = _header(mail, "from")
    if value is None:
        return None
    angled = re.search(r"<([^<>]{3,320})>\s*$", value)
    found = _ADDRESS.search(angled[1] if angled else decoded(value))
    return found[0] if found else None


def _received(mail: MailPart) -> datetime | None:
    """The date of the topmost Received header, else that of Date."""
    topmost = _header(mail, "received")
    for text in (topmost.rpartition(";")[2] if topmost else None, _header(mail, "date")):
        moment = _moment(text) if text else None
        if moment is not None:
            return moment
    return None


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text.strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
