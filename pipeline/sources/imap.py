"""An IMAP folder: mail is fetched as bytes, and moved to another folder when its records are made; none is deleted.

A mail's place is its UID with the folder's UIDVALIDITY. When the server changes that, all mail there is looked at
again, and the store knows by content what was treated before. Bytes come to us unparsed: mail is opened behind the
wall alone.
"""

from __future__ import annotations

import hashlib
import imaplib
import os
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError

from pipeline.config import Mailbox, source_name
from pipeline.sources.source import NotYetError, Passed, Sight, SourceFaultError
from pipeline.store.originals import FileContent

CHUNK = 4 << 20
# The connection's, the server's, and what imaplib stumbles over when an answer is not what it should be.
TROUBLE = (OSError, imaplib.IMAP4.error, ImapToolsError, ValueError, TypeError, IndexError, KeyError, AttributeError)
NAP_SECONDS = 0.5
# A wait that ends so early without an answer has met the end of the connection.
TOO_SOON_SECONDS = 0.05
# So long is one IDLE at most: what came just as it began may lie in a buffer, where nobody hears of it until it ends.
IDLE_SECONDS = 15.0


class ImapSource:
    """One folder of one account; see `sources.Source`."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.name = source_name(mailbox)
        self.present = self.waiting = 0
        self._mailbox = mailbox
        self._box: BaseMailBox | None = None
        self._validity = ""

    def open(self) -> None:
        if self._box:
            return
        with faults():
            self._box = connect(self._mailbox)
            for folder in (self._mailbox.processed, self._mailbox.failed):
                if not self._box.folder.exists(folder):
                    self._box.folder.create(folder)
            self._select(self._box)

    def close(self) -> None:
        box, self._box = self._box, None
        if box:
            with suppress(*TROUBLE):
                box.client.shutdown()

    def look(self, known: set[str]) -> Iterator[Sight | Passed]:
        box = self._open_box()
        with faults():
            self._select(box)
            uids = box.uids("UNDELETED", charset=None)
        self.present = len(uids)
        known &= {self._place(uid) for uid in uids}
        for uid in uids:
            if self._place(uid) not in known:
                where = f"imap://{self._mailbox.user}@{self._mailbox.host}/{self._mailbox.folder}"
                yield Sight(self._place(uid), f"{self.name}/{self._place(uid)}", where.encode())

    def fetch(self, sight: Sight, most: int) -> FileContent:
        box = self._open_box()
        uid = self._uid(sight.place)
        if uid is None:
            raise NotYetError
        digest, kept, size = hashlib.sha256(), bytearray(), 0
        with faults():
            modified = internal_date(box, uid)
            while chunk := fetch_chunk(box, uid, size):
                digest.update(chunk)
                size += len(chunk)
                if size <= most:
                    kept += chunk
        return FileContent(digest.hexdigest(), bytes(kept) if size <= most else None, modified)

    def settle(self, place: str, *, failed: bool) -> None:
        box = self._open_box()
        uid = self._uid(place)
        if uid is None:
            return  # of a numbering that is no more: the mail is looked at again under its new number
        with faults():
            move(box, uid, self._mailbox.failed if failed else self._mailbox.processed)

    def rest(self, wake: Event, seconds: float) -> None:
        box = self._open_box()
        if "IDLE" not in box.client.capabilities:
            wake.wait(seconds)
            return
        until = time.monotonic() + seconds
        while not wake.is_set() and not heard_of_more(box) and (left := until - time.monotonic()) > 0:
            with faults(), box.idle:
                if wait_idly(box, wake, min(left, IDLE_SECONDS)):
                    return

    def _open_box(self) -> BaseMailBox:
        if self._box is None:
            raise SourceFaultError("not connected")
        return self._box

    def _select(self, box: BaseMailBox) -> None:
        box.folder.set(self._mailbox.folder)
        answer = box.client.response("UIDVALIDITY")[1]
        if not answer or not answer[0]:
            raise SourceFaultError("the server does not number its mail (no UIDVALIDITY)")
        self._validity = answer[0].decode("ascii", "replace")

    def _place(self, uid: str) -> str:
        return f"{self._validity}.{uid}"

    def _uid(self, place: str) -> str | None:
        validity, _, uid = place.partition(".")
        return uid if validity == self._validity else None


@contextmanager
def faults() -> Iterator[None]:
    """Whatever the connection or the server does wrong becomes `SourceFaultError`, without the server's words."""
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise SourceFaultError(f"IMAP: the server's certificate is not believed: {error.verify_message}") from error
    except TROUBLE as error:
        words = error.strerror if isinstance(error, OSError) else None
        raise SourceFaultError(f"IMAP: {words or type(error).__name__}") from error


def connect(mailbox: Mailbox) -> BaseMailBox:
    """Logged in, with the capabilities that the server has for those who are."""
    host, port, seconds = mailbox.host, mailbox.port, mailbox.timeout_seconds
    password = password_of(mailbox)
    box: BaseMailBox
    match mailbox.security:
        case "tls":
            box = MailBox(host, port, seconds, ssl_context=trust_of(mailbox))
        case "starttls":
            box = MailBoxStartTls(host, port, seconds, ssl_context=trust_of(mailbox))
        case "none":
            box = MailBoxUnencrypted(host, port, seconds)
    login = box.login if (mailbox.user + password).isascii() else box.login_utf8
    login(mailbox.user, password, initial_folder=None)
    answer = box.client.capability()[1]
    box.client.capabilities = tuple(answer[-1].decode("ascii", "replace").upper().split())
    return box


def trust_of(mailbox: Mailbox) -> ssl.SSLContext:
    """Whose certificates are believed: those that this machine believes, or those of the authorities that are named."""
    try:
        return ssl.create_default_context(cafile=mailbox.authorities)
    except (OSError, ssl.SSLError) as error:
        raise SourceFaultError("the file of authorities cannot be read, or holds no certificate") from error


def password_of(mailbox: Mailbox) -> str:
    """Read anew for each connection, so that it may be changed. Raises `SourceFaultError`."""
    if mailbox.password_file is not None:
        try:
            return mailbox.password_file.read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise SourceFaultError("the password file cannot be read") from error
    password = os.environ.get(mailbox.password_variable or "")
    if password is None:
        raise SourceFaultError(f"the variable {mailbox.password_variable} with the password is not set")
    return password


def internal_date(box: BaseMailBox, uid: str) -> float:
    """When the server got the mail. Raises `NotYetError` when it is no longer there."""
    answer = box.client.uid("FETCH", uid, "(INTERNALDATE)")[1]
    lines = [line for line in answer if isinstance(line, bytes)]
    if not lines:
        raise NotYetError
    moment = imaplib.Internaldate2tuple(lines[0])
    return time.mktime(moment) if moment else time.time()


def fetch_chunk(box: BaseMailBox, uid: str, start: int) -> bytes:
    """The mail's next bytes, without marking it as read; empty at its end."""
    answer = box.client.uid("FETCH", uid, f"(BODY.PEEK[]<{start}.{CHUNK}>)")[1]
    parts = [part for part in answer if isinstance(part, tuple)]
    if not parts and start == 0:
        raise NotYetError
    return bytes(parts[0][1]) if parts else b""


def move(box: BaseMailBox, uid: str, folder: str) -> None:
    """In one step where the server can; else a copy, and the first one marked so that it is not looked at again.

    Marked mail is taken out only where that can be said of this one mail: others' marks are not our business.
    """
    if "MOVE" in box.client.capabilities:
        box.move([uid], folder)
        return
    box.copy([uid], folder)
    box.client.uid("STORE", uid, "+FLAGS", r"(\Deleted)")
    if "UIDPLUS" in box.client.capabilities:
        box.client.uid("EXPUNGE", uid)


def heard_of_more(box: BaseMailBox) -> bool:
    """Whether the server told of new mail while it was asked for something else: it says so once, and not again to who
    idles then. The folder's selection has told of its mail before."""
    return len(box.client.untagged_responses.get("EXISTS") or ()) > 1


def wait_idly(box: BaseMailBox, wake: Event, seconds: float) -> bool:
    """Whether the server has told of new mail, at most so long."""
    until = time.monotonic() + seconds
    while not wake.is_set() and time.monotonic() < until:
        began = time.monotonic()
        answers = box.idle.poll(NAP_SECONDS)
        if any(b"EXISTS" in answer for answer in answers):
            return True
        if not answers and time.monotonic() - began < TOO_SOON_SECONDS:
            raise SourceFaultError("IMAP: the connection broke")
    return False
