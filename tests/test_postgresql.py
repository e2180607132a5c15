"""PostgreSQL as the store, by its URL alone: who may come in, who waits for whom, and that nobody gets in the way."""

from __future__ import annotations

import dataclasses
import hashlib
import stat
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from daemons import MailRoom
from postgresql import PASSWORD, PostgreSQL
from rooms import TARGET, fill, pdf
from test_records import accepted, bare, file

from pipeline import doctor
from pipeline.__main__ import main
from pipeline.balance import examine, take_stock
from pipeline.config import ConfigError, Database, load
from pipeline.jobs import Enclosure, Parcel
from pipeline.model import StoreError
from pipeline.store import audit
from pipeline.store.leases import Lock
from pipeline.store.ledger import now
from pipeline.store.originals import FileContent, Folder
from pipeline.store.records import Store

END = b"\n%%EOF\n"


@pytest.fixture
def database(postgresql: PostgreSQL) -> Database:
    return postgresql.database()


def on(database: Database, *, more: str = "") -> str:
    return f"{more}\n[database]\nurl = '{database.url}'"


def test_the_url_alone_makes_the_store_and_every_command_finds_it(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    room = MailRoom(tmp_path)
    room.configure(settle=0.05, more=on(database))
    fill(room.inbox, {"a.pdf": pdf() + END, "b.pdf": pdf("doubt") + END})
    assert room.once() == {}
    assert sorted(record["decision"] for record in room.lines()) == ["accept", "review"], "two workers, in either order"
    assert not (room.data / "pipeline.sqlite3").exists()
    there = ("--config", str(room.config))
    assert main(["status", "--json", *there]) == 0
    assert '"balanced": true' in capsys.readouterr().out
    assert main(["audit", "verify", *there]) == 0
    assert "trail intact" in capsys.readouterr().out
    assert main(["process", str(room.inbox), "--records", "-", *there], target=TARGET) == 0
    out, said = capsys.readouterr()
    assert out.count("\n") == 2
    assert "Already done: 2" in said
    assert doctor.database(load(room.config)).startswith("version 0003, PostgreSQL ")


def test_the_password_comes_from_a_file_or_the_environment(
    postgresql: PostgreSQL, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OF_THE_STORE", PASSWORD)
    with Store(tmp_path, postgresql.over_loopback(database, password_variable="OF_THE_STORE")) as store:
        assert store.pending() == ()
    (tmp_path / "password").write_text(f"{PASSWORD}\n")
    Store(tmp_path, postgresql.over_loopback(database, password_file=str(tmp_path / "password"))).close()
    for wrong, why in (
        ({"password_variable": "NOT_THERE"}, "NOT_THERE is not set"),
        ({"password_file": str(tmp_path / "nowhere")}, "password_file: cannot be read"),
    ):
        with pytest.raises(StoreError, match=why):
            Store(tmp_path, postgresql.over_loopback(database, **wrong))
    monkeypatch.setenv("OF_THE_STORE", "another secret")
    with pytest.raises(StoreError, match="password authentication failed") as refusal:
        Store(tmp_path, postgresql.over_loopback(database, password_variable="OF_THE_STORE"))
    assert "another secret" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("url = 'postgresql://pipeline:secret@host/name'", "no password here"),
        ("url = 'postgresql://pipeline@host/name?password=secret'", "no password here"),
        ("url = 'mysql://pipeline@host/name'", "postgresql://user@host/database"),
        ("password_file = 'a'\npassword_variable = 'B'", "one of the two"),
    ],
)
def test_a_password_in_the_configuration_and_other_databases_are_refused(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "config.toml").write_text(f"[database]\n{text}\n")
    with pytest.raises(ConfigError, match=why) as refusal:
        load(tmp_path / "config.toml")
    assert "secret" not in str(refusal.value)


def test_a_server_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    room = MailRoom(tmp_path)
    room.configure(more="[database]\nurl = 'postgresql://pipeline@127.0.0.1:1/none'")
    assert main(["process", str(room.inbox), "--config", str(room.config)]) == 1
    assert "postgresql+psycopg://pipeline@127.0.0.1:1/none: " in capsys.readouterr().err
    with pytest.raises(doctor.Fault) as fault:
        doctor.database(load(room.config))
    assert "start the server" in fault.value.remedy
    status, _, said = room.run("watch", "--once")
    assert status == 1
    assert "127.0.0.1:1/none" in said
    assert "Traceback" not in said


def test_nobody_changes_the_audit_trail(postgresql: PostgreSQL, database: Database, tmp_path: Path) -> None:
    with Store(tmp_path, database) as store:
        (document,) = store.register(file("a.pdf", "x"), bare("x"))
        store.record(accepted(document))
    for statement in ("UPDATE audit SET at = '2020'", "DELETE FROM audit", "TRUNCATE audit CASCADE"):
        with pytest.raises(psycopg.errors.RaiseException, match="the audit trail is final"):
            postgresql.execute(statement, database)


def test_many_at_once_enter_claim_and_decide_each_document_once(database: Database, tmp_path: Path) -> None:
    """Eight runs with stores of their own, as on eight machines: the same files, half of them twice the same bytes."""
    names = [f"{rank}.pdf" for rank in range(30)]

    def work(offset: int) -> tuple[int, int]:
        claims = records = 0
        with Store(tmp_path / str(offset), database) as store, store.begin_run() as run:
            for name in names[offset:] + names[:offset]:
                (document,) = store.register(file(name, f"{int(name[:-4]) // 2}"), bare(f"{int(name[:-4]) // 2}"))
                claimed = None if document.decision else store.claim(document.id, run, 30)
                if claimed and claimed.decision is None:
                    claims += 1
                    records += store.record(accepted(claimed))
        return claims, records

    with ThreadPoolExecutor(8) as executor:
        claims, records = (sum(each) for each in zip(*executor.map(work, range(0, 24, 3)), strict=True))
    assert claims == records == 15
    with Store(tmp_path, database) as store:
        books = take_stock(store)
        assert (books.documents, books.decided["accept"], books.decided["reject"], books.faults) == (30, 15, 15, ())
        broken = [fault for fault in examine(store, None) if "originals" not in fault]
        assert broken == []


def test_a_document_that_another_is_at_keeps_nobody_waiting(database: Database, tmp_path: Path) -> None:
    with Store(tmp_path, database) as store, store.begin_run() as run:
        (document,) = store.register(file("a.pdf", "x"), bare("x"))
        (other,) = store.register(file("b.pdf", "y"), bare("y"))
        with Store(tmp_path, database) as second, second.transaction(alone=False) as session:
            session.connection().exec_driver_sql("SELECT * FROM documents WHERE sequence = 1 FOR UPDATE")
            began = time.monotonic()
            assert store.claim(document.id, run, 30) is None
            assert store.left_behind(run, 10) == (other.id,)
            assert time.monotonic() - began < 5
        assert store.claim(document.id, run, 30) == document


def test_what_is_to_be_alone_is_and_the_trail_stays_a_chain(database: Database, tmp_path: Path) -> None:
    """What people do is alone; records are made beside it. Both go into one trail."""
    inside, most = 0, 0
    lock = threading.Lock()

    def enter(rank: int) -> None:
        nonlocal inside, most
        with Store(tmp_path, database) as store:
            for turn in range(5):
                with store.transaction() as session:
                    with lock:
                        inside += 1
                        most = max(most, inside)
                    audit.append(session, at=now(), event="viewed", subject=f"{rank}-{turn}")
                    with lock:
                        inside -= 1
                (document,) = store.register(file(f"{rank}-{turn}", f"{rank}-{turn}"), bare(f"{rank}-{turn}"))
                store.record(accepted(document))

    with ThreadPoolExecutor(6) as executor:
        list(executor.map(enter, range(6)))
    assert most == 1
    with Store(tmp_path, database) as store:
        assert [fault for fault in examine(store, None) if "originals" not in fault] == []
        with store.transaction() as session:
            assert session.connection().exec_driver_sql("SELECT count(*) FROM audit").scalar() == 60


def test_the_books_are_of_one_moment(database: Database, tmp_path: Path) -> None:
    """Counted while records are made, they balance each time."""
    with Store(tmp_path, database) as store, Store(tmp_path, database) as counting:
        done = threading.Event()

        def decide() -> None:
            for rank in range(60):
                (document,) = store.register(file(f"{rank}", f"{rank}"), bare(f"{rank}"))
                store.record(accepted(document))
            done.set()

        with ThreadPoolExecutor(1) as executor:
            deciding = executor.submit(decide)
            while not done.is_set() and not deciding.done():
                assert take_stock(counting).faults == ()
            deciding.result()


def test_several_daemons_may_work_but_not_on_one_file_of_records(
    database: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """That they do, and stay right, `test_reliability` shows."""
    room = MailRoom(tmp_path)
    room.configure(settle=0.05, more=on(database))
    command = ["watch", "--once", "--config", str(room.config)]
    with Lock(tmp_path / "data" / "watch.lock", "1"):  # what another would hold with SQLite
        assert main(command, target=TARGET) == 0
    with Lock(tmp_path / ".out.jsonl.lock", "1"):
        assert main(command, target=TARGET) == 1
    assert "is already at work there" in capsys.readouterr().err


def test_an_idle_daemon_reads_what_a_dead_one_has_left(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half begun, half never, after the living one has begun; the originals lie where both find them."""
    monkeypatch.setattr("pipeline.watch.LEFT_SECONDS", 0.2)
    room = MailRoom(tmp_path / "living")
    room.configure(poll=0.1, more=on(database, more=f"originals = '{tmp_path / 'originals'}'"))
    contents = {f"{rank}.pdf": pdf(f"accept {rank}") for rank in range(6)}
    with (
        room.at_work() as watch,
        Store(tmp_path / "dead", database, Folder(tmp_path / "originals")) as store,
        store.begin_run() as run,
    ):
        room.wait_for(lambda: watch._dispatch is not None)
        for name, content in contents.items():
            kept = FileContent(hashlib.sha256(content).hexdigest(), content, 0.0)
            store.keep(kept)
            (document,) = store.register(
                dataclasses.replace(file(name, ""), sha256=kept.sha256),
                Parcel(enclosures=(Enclosure(sha256=kept.sha256),)),
            )
            store.claim(document.id, run, 30)
        time.sleep(1)
        assert room.lines() == [], "what a living one is reading is left to it"
        run.__exit__(None, None, None)
        room.wait_for_records(6)
    assert stat.S_IMODE((tmp_path / "originals").stat().st_mode) == 0o700


def test_a_server_that_ends_ends_the_daemon_and_the_next_start_goes_on(postgresql: PostgreSQL, tmp_path: Path) -> None:
    room = MailRoom(tmp_path)
    room.configure(settle=0.05, poll=0.1, more=on(postgresql.database()))
    fill(room.inbox, {f"{rank}.pdf": pdf(f"slow 0.2 {rank}") + END for rank in range(10)})
    try:
        with pytest.raises(StoreError, match="connection"), room.at_work():
            room.wait_for_records(2)
            postgresql.stop("immediate")
    finally:
        postgresql.start()
    assert room.once() == {}
    assert len({record["id"] for record in room.lines()}) == len(room.lines()) == 10
