"""The books: what came in equals what came out plus what is in flight, and any loss shows."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from daemons import MailRoom
from rooms import TARGET, fill, mail, pdf

from pipeline.__main__ import main
from pipeline.balance import examine, take_stock
from pipeline.store.records import Store

END = b"\n%%EOF\n"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> MailRoom:
    """A mail room that has treated three files of four documents, and passed one over."""
    room = MailRoom(tmp_path_factory.mktemp("room"))
    fill(
        room.inbox,
        {
            "a.pdf": pdf("accept 1") + END,
            "b.eml": mail(("x.pdf", pdf("doubt")), ("y.pdf", pdf("accept 1") + END)),
            "c.eml": mail(message_id="<empty@example.org>"),
            "d.docx": b"PK\x03\x04",
        },
    )
    assert room.once() == {}
    return room


@pytest.fixture
def room(finished: MailRoom, tmp_path: Path) -> Iterator[MailRoom]:
    """A copy of it, to be spoilt."""
    room = MailRoom(tmp_path)
    for name in ("data", "in"):
        for path in (finished.root / name).rglob("*"):
            if path.is_file():
                fill(tmp_path / name, {str(path.relative_to(finished.root / name)): path.read_bytes()})
    room.out.write_bytes(finished.out.read_bytes())
    yield room
    room.end()


def status(room: MailRoom, *more: str) -> int:
    return main(["status", "--config", str(room.config), *more], target=TARGET)


def spoil(room: MailRoom, statement: str) -> None:
    with sqlite3.connect(room.data / "pipeline.sqlite3") as database:
        database.execute("DROP TRIGGER IF EXISTS audit_no_update")
        database.execute("DROP TRIGGER IF EXISTS audit_no_delete")
        database.execute(statement)


def test_everything_is_counted_by_state(finished: MailRoom, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(finished, "--json") == 0
    books = json.loads(capsys.readouterr().out)
    assert (books["files"], books["files_finished"], books["files_in_flight"]) == (3, 3, 0)
    assert (books["documents"], books["decided"]) == (4, {"accept": 1, "reject": 2, "review": 1})
    assert books["balanced"] is True
    (source,) = books["sources"]
    assert (source["taken"], source["unsettled"], source["present"]) == (3, 0, 4)
    assert source["passed_over"] == {"neither e-mail nor PDF": 1}
    assert status(finished) == 0
    said = capsys.readouterr().out
    assert "Balanced: in = out + in flight." in said
    assert "reçues le / We are treating requests received on: rien / nothing" in said
    assert "Oldest for review, received on: 2022-04-05T09:12:00-04:00" in said


def test_the_daily_line_proves_the_balance(finished: MailRoom) -> None:
    with Store(finished.data) as store:
        line = take_stock(store).line
    files, documents, verdict, audit = line.split("; ")
    assert files == "files 3 = 3 finished + 0 in flight"
    assert documents == "documents 4 = 1 accept + 2 reject + 1 review + 0 in flight"
    assert verdict == "BALANCED"
    assert len(audit) == len("audit ") + 16


def test_what_is_in_flight_is_told_with_the_oldest(room: MailRoom, capsys: pytest.CaptureFixture[str]) -> None:
    fill(room.inbox, {"e.eml": mail(("z.pdf", pdf("lose")), message_id="<z@example.org>")})
    assert main(["process", str(room.inbox), "--config", str(room.config)], target=TARGET) == 1
    capsys.readouterr()
    assert status(room, "--json") == 0
    books = json.loads(capsys.readouterr().out)
    assert (books["files_in_flight"], books["waiting"] + books["being_read"]) == (1, 1)
    assert books["oldest"] == "2022-04-05T09:12:00-04:00"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DELETE FROM enclosures WHERE arrival_id = 1", "files without a document: 1"),
        ("DELETE FROM enclosures WHERE arrival_id = 1", "documents that no file brought: 1"),
        ("UPDATE documents SET record = NULL WHERE sequence = 2", "decided without a record: 1"),
        ("UPDATE documents SET decision = NULL WHERE sequence = 2", "recorded without a decision: 1"),
        ("DELETE FROM audit WHERE sequence = 4", "the audit trail has not: 1"),
        ("DELETE FROM documents WHERE sequence = 2", "audit entries of no decided document: 1"),
        ("UPDATE sightings SET arrival_id = NULL WHERE state = 'taken'", "no file is of: "),
        (
            "UPDATE documents SET record = replace(record, 'example', 'elsewhere') WHERE sequence = 2",
            "trail has them: 1",
        ),
        ("UPDATE audit SET at = '2020' WHERE sequence = 2", "broken at entry 2"),
        ("DELETE FROM audit WHERE sequence = 2", "broken at entry 3"),
    ],
)
def test_a_loss_shows_and_is_1(room: MailRoom, statement: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    spoil(room, statement)
    assert status(room) == 1
    out = capsys.readouterr().out
    assert "NOT BALANCED" in out
    assert said in out


def test_an_original_that_is_gone_or_a_line_too_many_is_1(room: MailRoom, capsys: pytest.CaptureFixture[str]) -> None:
    room.out.write_bytes(room.out.read_bytes() + b"{}\n")
    assert status(room) == 1
    assert "out.jsonl: more lines than records" in capsys.readouterr().out
    next((room.data / "originals").glob("*/*")).unlink()
    with Store(room.data) as store:
        assert list(examine(store, None)) == ["originals that are not there: 1"]


def test_the_database_refuses_to_change_the_audit_trail(room: MailRoom) -> None:
    with sqlite3.connect(room.data / "pipeline.sqlite3") as database:
        for statement in ("UPDATE audit SET at = ''", "DELETE FROM audit"):
            with pytest.raises(sqlite3.IntegrityError, match="the audit trail is final"):
                database.execute(statement)


def test_without_a_store_there_is_nothing_to_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    room = MailRoom(tmp_path)
    assert status(room) == 2
    assert "nothing came in yet" in capsys.readouterr().err
    assert not room.data.exists()


def test_a_store_of_the_first_version_gets_its_audit_trail(room: MailRoom) -> None:
    with sqlite3.connect(room.data / "pipeline.sqlite3") as database:
        for table in ("reviews", "corrections", "superseded", "sessions", "accounts", "audit", "sightings", "watches"):
            database.execute(f"DROP TABLE {table}")
        database.execute("DROP INDEX ix_arrivals_identity")
        database.execute("ALTER TABLE arrivals DROP COLUMN identity")
        for column in ("number", "edition", "lease", "leased_until", "attempts"):
            database.execute(f"ALTER TABLE documents DROP COLUMN {column}")
        database.execute("UPDATE alembic_version SET version_num = '0001'")
    with Store(room.data) as store:
        assert take_stock(store).faults == ()
        assert list(examine(store, room.out)) == []
