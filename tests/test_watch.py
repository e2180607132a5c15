"""The daemon as a process: what comes in gets exactly one record, however it comes and however the daemon ends."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from daemons import SCRIPT, MailRoom
from rooms import fill, mail, pdf, readings_made, settings_in, treat

from pipeline.emitted import Emitted
from pipeline.inbox import Ignored, Unread, entries
from pipeline.store.originals import FileContent, read_file
from pipeline.store.records import Store

END = b"\n%%EOF\n"


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailRoom]:
    for module in ("sources.feed", "watch"):
        monkeypatch.setattr(f"pipeline.{module}.FIRST_PAUSE", 0.1)
    room = MailRoom(tmp_path)
    yield room
    room.end()


def whole(order: str = "accept") -> bytes:
    return pdf(order) + END


def paths(room: MailRoom) -> list[str]:
    return [line["source"]["path"] for line in room.lines()]


def test_what_is_there_and_what_comes_gets_its_record_and_the_daemon_drains(room: MailRoom) -> None:
    """The real process: signals end it when what is in flight is done, and a second daemon is refused meanwhile."""
    fill(room.inbox, {"a.pdf": whole("accept 1"), "b.eml": mail(("x.pdf", whole("doubt")))})
    daemon = room.start()
    room.wait_for_records(2)
    status, _, err = room.run("watch", "--once")
    assert status == 1
    assert f"is already at work there (process {daemon.pid})" in err.replace("\n", " ")
    fill(room.inbox, {"sub/c.pdf": whole("slow 0.5"), "d.docx": b"PK\x03\x04", "e.pdf": whole("accept 1")})
    room.wait_for_records(4)
    fill(room.inbox, {"f.pdf": whole("slow 1")})
    room.wait_for(lambda: len(readings_made(settings_in(room.data))) == 4)
    assert room.stop(daemon) == 0
    assert sorted(paths(room)) == ["in/a.pdf", "in/b.eml", "in/e.pdf", "in/f.pdf", "in/sub/c.pdf"]
    assert room.rows("SELECT shown, note FROM sightings WHERE state = 'ignored'") == [
        ("in/d.docx", "neither e-mail nor PDF")
    ]
    assert room.rows("SELECT count(*) FROM sightings WHERE state = 'taken' AND settled_at IS NOT NULL") == [(5,)]
    assert not room.children_alive()
    assert not list((room.data / "runs").iterdir())


def test_once_treats_what_is_there_and_a_second_time_reads_nothing(room: MailRoom) -> None:
    fill(room.inbox, {"a.pdf": whole("accept 1"), "b.eml": mail(("x.pdf", whole("doubt")))})
    assert room.once() == {}
    lines = room.out.read_bytes()
    (room.inbox / "a.pdf").rename(room.inbox / "renamed.pdf")
    fill(room.inbox, {"copy.eml": mail(("x.pdf", whole("doubt")))})
    assert room.once() == {}
    assert room.out.read_bytes() == lines
    assert len(readings_made(settings_in(room.data))) == 2


def test_without_announcements_the_scan_finds_all(room: MailRoom) -> None:
    room.configure(watch='folders = [{ path = "in", poll = true }]', poll=0.2)
    with room.at_work():
        time.sleep(0.5)
        fill(room.inbox, {f"{rank}.pdf": whole(f"accept {rank}") for rank in range(5)})
        room.wait_for_records(5)


def test_announcements_wake_the_scan(room: MailRoom) -> None:
    room.configure(poll=600, settle=0.05)
    with room.at_work():
        time.sleep(0.5)
        fill(room.inbox, {f"{rank}.pdf": whole(f"accept {rank}") for rank in range(5)})
        room.wait_for_records(5)


def test_a_file_that_still_grows_waits_until_it_is_whole(room: MailRoom) -> None:
    """Written in four pieces, closed and opened again between them, with pauses longer than a file must be still."""
    pieces = [b"%PDF- ", b"accept ", b"whole", END]

    def trickle(name: str) -> None:
        for piece in pieces:
            with (room.inbox / name).open("ab") as file:
                file.write(piece)
            time.sleep(0.4)

    with room.at_work():
        writers = [Thread(target=trickle, args=(f"{rank}.pdf",)) for rank in range(10)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        room.wait_for_records(10)
    assert sorted(line["decision"] for line in room.lines()) == ["accept"] + ["reject"] * 9
    assert len({line["source"]["sha256"] for line in room.lines()}) == 1


def test_a_pdf_whose_end_never_comes_is_taken_at_last(room: MailRoom) -> None:
    room.configure(unfinished=0.6)
    fill(room.inbox, {"a.pdf": pdf("doubt")})
    assert room.once() == {}
    assert [line["decision"] for line in room.lines()] == ["review"]


def test_a_run_beside_another_waits_for_what_that_one_reads(room: MailRoom) -> None:
    fill(room.inbox, {"a.pdf": whole("slow 2")})
    with room.at_work():
        room.wait_for(lambda: len(readings_made(settings_in(room.data))) == 1)
        _, records = treat(room.inbox, settings_in(room.data))
    assert [record.decision.value for record in records] == ["accept"]
    assert len(readings_made(settings_in(room.data))) == 1


def test_an_end_asked_for_at_the_worst_moment_ends_it(room: MailRoom) -> None:
    """In the line of deliveries, with its lock held: whoever asked for that lock there would wait for ever."""
    script = f"""
import queue, signal, threading
take = queue.Queue._get
def take_and_end(line):
    if threading.current_thread() is threading.main_thread():
        queue.Queue._get = take
        signal.raise_signal(signal.SIGTERM)
    return take(line)
queue.Queue._get = take_and_end
{SCRIPT}"""
    fill(room.inbox, {"a.pdf": whole("accept 1")})
    daemon = room.start(script=script)
    assert daemon.wait(timeout=30) == 0
    assert "ended: nothing is in flight" in room.said()


def test_a_reload_takes_the_new_settings_and_a_wrong_one_changes_nothing(room: MailRoom) -> None:
    daemon = room.start()
    room.wait_for(lambda: "at work" in room.said())
    other = fill(room.root / "other", {"b.pdf": whole("accept 2")})
    room.configure(watch="folders = [{ pth = 'in' }]")
    daemon.send_signal(signal.SIGHUP)
    room.wait_for(lambda: "not reloaded" in room.said())
    fill(room.inbox, {"a.pdf": whole("accept 1")})
    room.wait_for_records(1)
    fill(room.inbox, {"c.pdf": whole("slow 1")})  # what is in flight is waited for, and nothing is said twice meanwhile
    room.wait_for(lambda: len(readings_made(settings_in(room.data))) == 2)
    room.configure(watch=f"folders = [{{ path = 'in' }}, {{ path = '{other}' }}]")
    daemon.send_signal(signal.SIGHUP)
    room.wait_for_records(3)
    assert room.stop(daemon) == 0
    assert room.said().count("reloading once") == 1
    assert paths(room) == ["in/a.pdf", "in/c.pdf", "other/b.pdf"]


def test_the_records_file_is_made_anew_after_any_damage(room: MailRoom) -> None:
    fill(room.inbox, {f"{rank}.pdf": whole(f"accept {rank}") for rank in range(4)})
    assert room.once() == {}
    good = room.out.read_bytes()
    lines = good.splitlines(keepends=True)
    for damaged in (
        good,
        good[:-7],
        b"",
        b"".join(lines[:2]),
        good + b"{}\n",
        b"".join(lines[1:]),
        good + lines[0][:50],
        b"\0" * 5000,
        lines[0] + good,
    ):
        room.out.write_bytes(damaged)
        with Store(room.data) as store:
            Emitted(room.out, store).catch_up()
        assert room.out.read_bytes() == good


def test_a_folder_that_is_not_there_is_waited_for_and_the_others_go_on(room: MailRoom) -> None:
    room.configure(watch="folders = [{ path = 'in' }, { path = 'share' }]")
    fill(room.inbox, {"a.pdf": whole("accept 1")})
    with room.at_work() as watch:
        room.wait_for_records(1)
        assert watch.faults == {"share": "no such folder"}
        fill(room.root / "share", {"b.pdf": whole("accept 2")})
        room.wait_for_records(2)
        (room.root / "share").rename(room.root / "gone")
        room.wait_for(lambda: watch.faults)


def test_a_folder_within_that_is_closed_is_a_fault_and_the_rest_is_taken(
    room: MailRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(room.inbox, {"a.pdf": whole("accept 1"), "b.docx": b"PK\x03\x04", "closed/c.pdf": whole("accept 2")})

    def closed(folder: Path, data: Path | None) -> Iterator[Path | Ignored | Unread]:
        for found in entries(folder, data):
            shut = isinstance(found, Path) and found.parent.name == "closed"
            yield Unread(folder / "closed", "Permission denied") if shut else found

    monkeypatch.setattr("pipeline.sources.folder.entries", closed)
    with room.at_work() as watch:
        room.wait_for_records(1)
        room.wait_for(lambda: watch.faults == {"in": "a folder in it cannot be read: Permission denied"})
        assert room.rows("SELECT shown FROM sightings WHERE state = 'ignored'") == [("in/b.docx",)]
        monkeypatch.undo()
        room.wait_for_records(2)


def test_what_cannot_be_read_is_said_and_tried_again(room: MailRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(room.inbox, {"a.pdf": whole("accept 1"), "b.pdf": whole("accept 2")})

    def deny(path: Path, **more: Any) -> FileContent:
        if path.name == "a.pdf":
            raise PermissionError(13, "Permission denied", str(path))
        return read_file(path, **more)

    monkeypatch.setattr("pipeline.sources.folder.read_file", deny)
    with room.at_work() as watch:
        room.wait_for_records(1)
        room.wait_for(lambda: watch.faults == {"in": "Permission denied"})
        monkeypatch.undo()
        room.wait_for_records(2)
        room.wait_for(lambda: not watch.faults)


def test_an_engine_that_is_lost_is_tried_again_and_its_document_gets_its_record(
    room: MailRoom, caplog: pytest.LogCaptureFixture
) -> None:
    fill(room.inbox, {"a.pdf": whole("lose-twice"), "b.pdf": whole("accept")})
    with room.at_work():
        room.wait_for_records(2)
    assert "an engine is lost" in caplog.text


def test_a_child_killed_at_its_work_takes_no_other_with_it(room: MailRoom) -> None:
    fill(room.inbox, {f"{rank}.pdf": whole(f"slow 0.2 {rank}") for rank in range(8)})
    with room.at_work():
        for count in (1, 3, 5):
            room.wait_for(lambda count=count: len(readings_made(settings_in(room.data))) >= count)  # type: ignore[misc]
            for pid in room.children_alive():
                os.kill(int(pid), signal.SIGKILL)
        room.wait_for_records(8)
    assert {line["decision"] for line in room.lines()} <= {"accept", "review"}
    assert len({line["id"] for line in room.lines()}) == len(room.lines()) == 8


def test_a_maildir_gives_its_mail_and_what_is_done_goes_to_cur(room: MailRoom) -> None:
    """The same mail from a folder, too: no second record. What did not get through is flagged for a person."""
    box = room.root / "box"
    new = fill(
        box / "new",
        {
            "1.a.host": mail(("x.pdf", whole("accept 1")), message_id="<1@example.org>"),
            "2.b.host": mail(("x.pdf", whole("die SIGSEGV")), message_id="<2@example.org>"),
            os.fsdecode(b"3.\xe9 %:2,"): mail(message_id="<3@example.org>"),
        },
    )
    fill(room.inbox, {"same.eml": (new / "1.a.host").read_bytes()})
    for name in ("cur", "tmp"):
        (box / name).mkdir()
    fill(box / "tmp", {"4.unfinished": b"From: "})
    room.configure(watch='maildirs = [{ path = "box" }]', poll=600)
    with room.at_work():
        room.wait_for_records(3)
        (box / "tmp" / "4.unfinished").write_bytes(mail(("y.pdf", whole("accept 4")), message_id="<4@example.org>"))
        (box / "tmp" / "4.unfinished").rename(box / "new" / "4.c.host")
        room.wait_for_records(4)
        room.wait_for(lambda: not list(new.iterdir()))
    assert sorted(os.fsencode(path.name) for path in (box / "cur").iterdir()) == [
        b"1.a.host:2,S",
        b"2.b.host:2,FS",
        b"3.\xe9 %:2,S",
        b"4.c.host:2,S",
    ]
    assert sorted(line["source"]["message_id"] for line in room.lines()) == [f"<{n}@example.org>" for n in (1, 2, 3, 4)]
    assert room.rows("SELECT count(*) FROM sightings WHERE settled_at IS NOT NULL") == [(5,)]


def test_mail_that_was_treated_but_not_put_away_is_put_away_at_the_next_start(room: MailRoom) -> None:
    box = room.root / "box"
    for name in ("new", "cur", "tmp"):
        (box / name).mkdir(parents=True)
    fill(box / "new", {"1.a": mail(("x.pdf", whole("accept 1")))})
    room.configure(watch='maildirs = [{ path = "box" }]')
    (box / "cur").rename(box / "away")
    (box / "cur").write_bytes(b"")
    assert room.once() == {"box": "no such Maildir"}
    (box / "cur").unlink()
    (box / "away").rename(box / "cur")
    assert room.once() == {}
    assert [path.name for path in (box / "cur").iterdir()] == ["1.a:2,S"]
    (box / "cur" / "1.a:2,S").rename(box / "new" / "1.a")
    with Store(room.data) as store, store.transaction() as session:
        session.connection().exec_driver_sql("UPDATE sightings SET settled_at = NULL")
    assert room.once() == {}
    assert [path.name for path in (box / "cur").iterdir()] == ["1.a:2,S"]
    assert len(room.lines()) == len(readings_made(settings_in(room.data))) == 1
