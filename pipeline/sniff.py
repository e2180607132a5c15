"""What a file is, by its content: its name and declared type are the sender's word."""

from __future__ import annotations

import re

HEADER_WITHIN = 1024
# Containers that may carry a whole PDF near their start and are none: zip (and office files), RAR, 7z, gzip.
CONTAINERS = (b"PK\x03\x04", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")
_HEADER_LINE = re.compile(rb"^[!-9;-~]{1,76}:[ \t]?\S?")
_MAIL_HEADERS = frozenset(
    b"from to subject date received message-id mime-version content-type return-path delivered-to cc reply-to"
    b" dkim-signature x-mailer sender".split()
)
# At least one of these: a memo, a note or a table may well begin with a date, a subject and whom it is to.
_SENT = frozenset({b"from", b"received", b"message-id", b"mime-version", b"return-path"})


def looks_like_pdf(content: bytes) -> bool:
    """A PDF header within the first kilobyte, as every viewer accepts, and no archive around it."""
    return b"%PDF-" in content[:HEADER_WITHIN] and not content.startswith(CONTAINERS)


def looks_like_mail(content: bytes) -> bool:
    """Two header lines of a mail, one of them of its sending, before any line that is no header."""
    known: set[bytes] = set()
    for line in content[:65536].lstrip(b"\xef\xbb\xbf \t\r\n").splitlines()[:200]:
        if line[:1] in (b" ", b"\t"):
            continue
        if not _HEADER_LINE.match(line) and not line.startswith((b"From ", b">From ")):
            break
        known |= {line.partition(b":")[0].strip().lower()} & _MAIL_HEADERS
    return len(known) >= 2 and bool(known & _SENT)
