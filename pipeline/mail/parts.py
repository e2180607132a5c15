"""An e-mail's parts, found in its bytes without copying them and in time that its sender cannot stretch.

The standard library's parser goes line by line and keeps every line: forty megabytes of line ends take it ten seconds
and half a gigabyte. Here one search per multipart finds its delimiters, and nothing else of a body is looked at; the
library still decodes what is short: parameters, names and dates.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message as LibraryMessage
from functools import cached_property

from pipeline.config import Limits
from pipeline.mail.attachment_names import display_name
from pipeline.model import Code, Reason, Refused
from pipeline.sniff import looks_like_mail, looks_like_pdf

# The header lines of one part, all together and in number; true mail stays under a tenth of it.
MOST_HEADER_BYTES = 262_144
MOST_HEADERS = 1_000
# Characters of a header with parameters: the library's time goes with their square.
LONGEST_STRUCTURED = 4_000

DEFAULT_KIND = "text/plain"
MESSAGES = frozenset({"message/rfc822", "message/global"})
_HEADER = re.compile(rb"([!-9;-~]+)[ \t]*:(.*(?:\n[ \t].*)*)(?:\n|\Z)")
_ENVELOPE = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*(?:>?From [^\n]*\n)?")
_FOLD = re.compile(r"\s*\n\s*")
_KIND = re.compile(r"[a-z0-9.+_-]{1,60}/[a-z0-9.+_-]{1,90}")
_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))


@dataclass(frozen=True)
class Part:
    """One part: its headers (the first of each name, as they stand) and where in the buffer its body lies.

    within: the type of the multipart around it, "" where there is none.
    """

    headers: dict[bytes, bytes]
    within: str
    _buffer: bytes = field(repr=False)
    _start: int
    _end: int

    def header(self, name: str) -> str:
        """The header on one line, "" where there is none; bytes that are no UTF-8 are taken as Latin-1."""
        raw = self.headers.get(name.encode(), b"")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            text = raw.decode("latin-1")
        return _FOLD.sub(" ", text).strip()

    @cached_property
    def kind(self) -> str:
        """The declared type, such as `image/png`, in lower case."""
        kind = self.header("content-type").partition(";")[0].strip().lower()
        if _KIND.fullmatch(kind):
            return kind
        return "message/rfc822" if self.within == "multipart/digest" else DEFAULT_KIND

    @cached_property
    def disposition(self) -> str:
        return self.header("content-disposition").partition(";")[0].strip().lower()

    @cached_property
    def name(self) -> str | None:
        """The name for people: cleaned, None where there is none. Raises `Refused` for too long a header."""
        return display_name(self._parameters)

    @property
    def _parameters(self) -> LibraryMessage:
        message = LibraryMessage()
        for name in ("content-type", "content-disposition"):
            value = self.header(name)
            if len(value) > LONGEST_STRUCTURED:
                raise over_the_limits()
            message[name] = value
        return message

    @cached_property
    def content(self) -> bytes:
        """The body with its transfer encoding undone, as far as it goes."""
        body = self._buffer[self._start : self._end]
        match self._encoding:
            case "base64":
                return _from_base64(body)
            case "quoted-printable":
                return binascii.a2b_qp(body)
            case _:
                return body

    @property
    def _encoding(self) -> str:
        return self.header("content-transfer-encoding").partition(";")[0].strip("\"' \t").lower()

    def children(self) -> Iterator[Part]:
        """The parts of a multipart, or the one message that this part is."""
        if self.kind.startswith("multipart/"):
            for start, end in self._between_delimiters():
                yield open_part(self._buffer, start, end, within=self.kind)
        elif self.kind in MESSAGES and self._encoding not in ("base64", "quoted-printable"):
            yield open_part(self._buffer, self._start, self._end)
        elif self.kind in MESSAGES or self._is_mail_file:
            yield open_part(self.content, 0, len(self.content))

    @property
    def _is_mail_file(self) -> bool:
        """A forwarded mail that was attached as a file of no type."""
        if self.kind != "application/octet-stream" and not (self.name or "").lower().endswith(".eml"):
            return False
        return looks_like_mail(self.content) and not looks_like_pdf(self.content)

    def _between_delimiters(self) -> Iterator[tuple[int, int]]:
        boundary = self._boundary
        if not boundary:
            return
        delimiter = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*\r?$", re.MULTILINE)
        start: int | None = None
        for found in delimiter.finditer(self._buffer, self._start, self._end):
            if start is not None:
                yield start, self._before_line_end(start, found.start())
            start = None if found[1] else min(found.end() + 1, self._end)
            if start is None:
                return
        if start is not None:
            yield start, self._end

    def _before_line_end(self, start: int, end: int) -> int:
        """A delimiter's line end before it belongs to the delimiter."""
        for line_end in (b"\n", b"\r"):
            if end > start and self._buffer[end - 1 : end] == line_end:
                end -= 1
        return end

    @property
    def _boundary(self) -> bytes:
        try:
            return (self._parameters.get_boundary() or "").encode()
        except (ValueError, LookupError, TypeError, AttributeError):
            return b""


def over_the_limits() -> Refused:
    return Refused(Reason.of(Code.PROCESSING_LIMIT))


def open_part(buffer: bytes, start: int, end: int, *, within: str = "") -> Part:
    """The part whose headers begin at `start`. They end at an empty line, or at a line that is no header.

    Raises `Refused` when they are more than true mail has.
    """
    headers: dict[bytes, bytes] = {}
    stop = min(end, start + MOST_HEADER_BYTES)
    position = start
    for _ in range(MOST_HEADERS):
        found = _HEADER.match(buffer, position, stop)
        if found is None:
            break
        headers.setdefault(found[1].lower(), found[2])
        position = found.end()
    else:
        raise over_the_limits()
    if position == stop < end:
        raise over_the_limits()
    blank = re.compile(rb"\r?\n").match(buffer, position, end)
    return Part(headers, within, buffer, blank.end() if blank else position, end)


def open_mail(content: bytes) -> Part:
    """The message as a whole, past a mailbox's `From ` line, a byte order mark and empty lines."""
    start = _ENVELOPE.match(content[:LONGEST_STRUCTURED])
    return open_part(content, start.end() if start else 0, len(content))


def leaves(mail: Part, limits: Limits) -> Iterator[Part]:
    """The parts that hold no other, in the mail's order, those of messages within it too.

    A multipart in which no delimiter is found is one of them. Raises `Refused` over the limits on parts and depth,
    which count each part but the mail itself.
    """
    met = 0

    def walk(part: Part, depth: int) -> Iterator[Part]:
        nonlocal met
        empty = True
        for child in part.children():
            empty = False
            met += 1
            if met > limits.max_mail_parts or depth >= limits.max_mail_depth:
                raise over_the_limits()
            yield from walk(child, depth + 1)
        if empty:
            yield part

    return walk(mail, 0)


def _from_base64(body: bytes) -> bytes:
    """What can be decoded: strange bytes are passed over, and missing padding is made good."""
    try:
        return binascii.a2b_base64(body)
    except binascii.Error:
        letters = body.translate(None, _NOT_BASE64)
        return binascii.a2b_base64(letters[: len(letters) - (len(letters) % 4 == 1)] + b"==")
