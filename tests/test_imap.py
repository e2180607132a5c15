"""Mail from a real IMAP server: every message to its record and then to its folder, whatever the line does."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from daemons import MailRoom
from dovecot import PASSWORD, PROGRAM, USER, WHY_SKIPPED, Dovecot, Line
from rooms import mail, pdf, readings_made, settings_in

from pipeline.config import ConfigError, Mailbox, load
from pipeline.sources.imap import ImapSource, password_of
from pipeline.sources.source import Sight, SourceFaultError

needs_dovecot = pytest.mark.skipif(PROGRAM is None, reason=WHY_SKIPPED)
END = b"\n%%EOF\n"


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailRoom]:
    for module in ("sources.feed", "watch"):
        monkeypatch.setattr(f"pipeline.{module}.FIRST_PAUSE", 0.05)
        monkeypatch.setattr(f"pipeline.{module}.LONGEST_PAUSE", 0.5)
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    room = MailRoom(tmp_path)
    yield room
    room.end()


def served(room: MailRoom, port: int, *, poll: float = 600, security: str = "none", more: str = "") -> None:
    mailbox = f"host = '127.0.0.1', port = {port}, user = '{USER}', security = '{security}', name = 'mail'{more}"
    room.configure(watch=f"folders = []\nmailboxes = [{{ {mailbox}, password_variable = 'MAIL_PASSWORD' }}]", poll=poll)


def mailbox_on(server: Dovecot) -> Mailbox:
    return Mailbox(host="127.0.0.1", port=server.port, user=USER, security="none", password_variable="MAIL_PASSWORD")


def request(rank: int, order: str = "accept") -> bytes:
    return mail(("x.pdf", pdf(f"{order} {rank}") + END), message_id=f"<{rank}@example.org>")


@needs_dovecot
def test_mail_is_moved_when_its_records_are_made_and_idling_hears_of_more(room: MailRoom) -> None:
    server = Dovecot()
    try:
        served(room, server.port)
        server.put(
            [request(1), request(2, "die SIGSEGV"), mail(message_id=None), b"From: x@y\r\n\r\n" + b"z" * 6_000_000]
        )
        with room.at_work():
            room.wait_for_records(4)
            room.wait_for(lambda: server.count("INBOX") == 0)
            server.put([request(5)])
            room.wait_for_records(5)
            room.wait_for(lambda: server.count("INBOX") == 0)
        assert (server.count("Processed"), server.count("Failed")) == (4, 1)
        assert all(line["source"]["path"].startswith("mail/") for line in room.lines())
        assert room.rows("SELECT count(*) FROM sightings WHERE settled_at IS NOT NULL") == [(5,)]
    finally:
        server.remove()


@needs_dovecot
def test_mail_that_comes_while_other_mail_is_moved_is_not_slept_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server tells of it in its answer to the move, and does not tell it again to who idles then."""
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    server = Dovecot()
    try:
        source = ImapSource(mailbox_on(server))
        server.put([request(1)])
        source.open()
        [first] = [each for each in source.look(set()) if isinstance(each, Sight)]
        server.put([request(2)])
        source.settle(first.place, failed=False)
        began = time.monotonic()
        source.rest(threading.Event(), 20)
        assert time.monotonic() - began < 10
        assert len(list(source.look(set()))) == 1
        source.close()
    finally:
        server.remove()


@needs_dovecot
def test_mail_that_comes_just_before_it_idles_is_not_slept_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server tells of it in one breath with the IDLE's beginning, and who then waits for more hears nothing."""
    monkeypatch.setenv("MAIL_PASSWORD", PASSWORD)
    monkeypatch.setattr("pipeline.sources.imap.IDLE_SECONDS", 2.0)
    server = Dovecot()
    try:
        source = ImapSource(mailbox_on(server))
        source.open()
        for count in (1, 2, 3):
            assert len(list(source.look(set()))) == count - 1
            server.put([request(count)])
            began = time.monotonic()
            source.rest(threading.Event(), 40)
            assert time.monotonic() - began < 20
        source.close()
    finally:
        server.remove()


@needs_dovecot
def test_encrypted_lines_carry_mail_where_the_certificate_is_believed_and_nothing_where_it_is_not(
    room: MailRoom,
) -> None:
    server = Dovecot(encrypted=True)
    try:
        server.put([request(1)])
        for security, port in (("tls", server.tls_port), ("starttls", server.port)):
            served(room, port, security=security)
            [fault] = room.once().values()
            assert fault.startswith("IMAP: the server's certificate is not believed")
        assert server.count("INBOX") == 1
        for rank, (security, port) in enumerate((("tls", server.tls_port), ("starttls", server.port)), start=1):
            server.put([request(rank)])
            served(room, port, security=security, more=f", authorities = '{server.certificate}'")
            assert room.once() == {}
            assert len(room.lines()) == rank
        assert server.count("INBOX") == 0
    finally:
        server.remove()


@needs_dovecot
def test_without_idle_and_move_it_polls_copies_and_marks(room: MailRoom) -> None:
    server = Dovecot("imap_capability = IMAP4rev1 LITERAL+")
    try:
        served(room, server.port, poll=0.3)
        with room.at_work():
            server.put([request(1), request(2)])
            room.wait_for_records(2)
            room.wait_for(lambda: server.count("INBOX") == 0)
        assert server.count("Processed") == 2
        assert room.once() == {}
        assert len(room.lines()) == 2
    finally:
        server.remove()


@needs_dovecot
def test_broken_lines_and_new_numbers_lose_and_double_nothing(room: MailRoom) -> None:
    full = os.environ.get("RELIABILITY") == "full"
    storm(room, messages=500 if full else 10, cuts=100 if full else 6)


def storm(room: MailRoom, *, messages: int, cuts: int) -> None:
    """Connections are cut at any byte, and half way the server numbers its mail anew."""
    chance = random.Random(20_220_331)
    server = Dovecot()
    line = Line(server.port)
    try:
        served(room, line.port, poll=0.2)
        line.cut_after = [chance.randrange(100, 20_000) for _ in range(cuts // 2)]
        server.put([request(rank) for rank in range(messages // 2)])
        with room.at_work():
            room.wait_for_records(messages // 2, 120)
        server.put([request(rank) for rank in range(messages)])  # the first half once more
        server.stop()
        server.forget_numbers()
        server.start()
        line.cut_after = [chance.randrange(100, 20_000) for _ in range(cuts // 2)]
        with room.at_work():
            room.wait_for_records(messages, 240)
            room.wait_for(lambda: server.count("INBOX") == 0, 240)
        assert sorted({record["source"]["message_id"] for record in room.lines()}) == sorted(
            f"<{rank}@example.org>" for rank in range(messages)
        )
        assert len(room.lines()) == messages
        assert len(readings_made(settings_in(room.data))) == messages
        assert line.cuts >= cuts // 2
        # A line that is cut while mail is moved may leave it moved twice, never not at all.
        assert server.count("Processed") + server.count("Failed") >= messages + messages // 2
    finally:
        line.close()
        server.remove()


def test_a_server_that_is_not_there_is_a_fault_and_no_more(room: MailRoom) -> None:
    served(room, 1)
    assert room.once() == {"mail": "IMAP: Connection refused"}


def test_the_password_comes_from_a_file_or_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "password").write_text("from a file\n")
    monkeypatch.setenv("MAIL_PASSWORD", "from the environment")
    of_file = Mailbox(host="mail.example.org", user="access", password_file=tmp_path / "password")
    of_environment = Mailbox(host="mail.example.org", user="access", password_variable="MAIL_PASSWORD")
    assert (password_of(of_file), password_of(of_environment)) == ("from a file", "from the environment")
    monkeypatch.delenv("MAIL_PASSWORD")
    (tmp_path / "password").unlink()
    for mailbox in (of_file, of_environment):
        with pytest.raises(SourceFaultError, match="password"):
            ImapSource(mailbox).open()


@pytest.mark.parametrize(
    ("mailbox", "said"),
    [
        ("host = 'mail.example.org', user = 'x'", "one of the two"),
        ("host = 'mail.example.org', user = 'x', password_variable = 'P', security = 'none'", "to this machine alone"),
        ("host = 'mail.example.org', user = 'x', password_variable = 'P', failed = 'INBOX'", "are three"),
        ("host = 'mail.example.org', user = 'x', password = 'secret'", "password"),
        ("host = 'in', user = 'x', password_variable = 'P'", "two sources are called in"),
    ],
)
def test_a_mailbox_that_cannot_be_meant_is_refused(room: MailRoom, mailbox: str, said: str) -> None:
    room.configure(watch=f"mailboxes = [{{ {mailbox} }}]")
    with pytest.raises(ConfigError, match=said):
        load(room.config)
