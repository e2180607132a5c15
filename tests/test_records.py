"""The store: what is the same document, what is final, and what lasts."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import resource
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.jobs import Enclosure, Parcel
from pipeline.model import Code, Form, Reason, Record, StoreError, Verdict
from pipeline.outcome import refused_record
from pipeline.store.arrivals import Arrival
from pipeline.store.originals import FileContent, read_file
from pipeline.store.records import DATABASE_NAME, SQLITE, Store, Stored
from pipeline.store.schema import ReviewRow

TORONTO = timezone(timedelta(hours=-4))
WHEN = datetime(2022, 4, 5, 9, 12, tzinfo=TORONTO)
LATER = datetime(2022, 5, 1, tzinfo=TORONTO)


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def store(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Store]:
    """The same promises hold whatever the database is."""
    database = request.getfixturevalue("postgresql").database() if request.param == "PostgreSQL" else SQLITE
    with Store(tmp_path / "data", database) as store:
        yield store


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def file(name: str, content: str) -> Arrival:
    return Arrival(where=name.encode(), path=name, sha256=sha(content), kept=True, received=WHEN, modified=LATER)


def bare(content: str) -> Parcel:
    return Parcel(enclosures=(Enclosure(sha256=sha(content)),))


def mail(message_id: str | None, *attachments: tuple[str, str], **more: Any) -> Parcel:
    enclosures = tuple(
        Enclosure(rank=rank, name=name, sha256=sha(content)) for rank, (name, content) in enumerate(attachments)
    )
    return Parcel(mail=True, message_id=message_id, enclosures=enclosures, **more)


def accepted(document: Stored) -> Record:
    return Record(id=document.id, source=document.source, form=Form(), decision=Verdict.ACCEPT)


def record_of(store: Store, document: Stored) -> Record:
    (record,) = store.records([document.id])
    return record


def test_the_same_file_with_the_same_bytes_is_the_same_document(store: Store) -> None:
    (first,) = store.register(file("a.pdf", "x"), bare("x"))
    assert store.register(file("a.pdf", "x"), bare("x")) == (first,)
    assert store.find_arrival(file("a.pdf", "x")) == (first,)
    assert store.find_arrival(file("a.pdf", "y")) is None
    (changed,) = store.register(file("a.pdf", "y"), bare("y"))
    assert changed.id != first.id
    assert changed.decision is None


def test_the_same_bytes_in_another_file_are_a_duplicate_of_the_first_of_all(store: Store) -> None:
    (first,) = store.register(file("a.pdf", "x"), bare("x"))
    (second,) = store.register(file("b.pdf", "x"), bare("x"))
    (third,) = store.register(file("c.eml", "mail"), mail("<m>", ("x.pdf", "x")))
    for document in (second, third):
        record = record_of(store, document)
        assert record.duplicate_of == document.duplicate_of == first.id
        assert [reason.code for reason in record.reasons] == [Code.DUPLICATE_DOCUMENT]
        assert record.decision is document.decision is Verdict.REJECT
        assert f'"duplicate_of":"{first.id}"' in record.to_contract_json()
    assert first.decision is None


def test_the_same_message_in_another_file_is_the_same_documents(store: Store) -> None:
    parts = (("x.pdf", "x"), ("y.pdf", "y"))
    first = store.register(file("a.eml", "one"), mail("<m>", *parts))
    again = store.register(file("b.eml", "two"), mail("<m>", *parts))
    assert again == first
    assert [document.source.path for document in again] == ["a.eml", "a.eml"]
    (other,) = store.register(file("c.eml", "three"), mail("<other>", parts[0]))
    assert other.duplicate_of == first[0].id


def test_without_message_id_only_the_file_tells(store: Store) -> None:
    (first,) = store.register(file("a.eml", "one"), mail(None, ("x.pdf", "x")))
    (second,) = store.register(file("b.eml", "one"), mail(None, ("x.pdf", "x")))
    assert second.duplicate_of == first.id


def test_twice_in_one_mail_under_one_name_is_one_document_under_two_a_duplicate(store: Store) -> None:
    parcel = mail("<m>", ("x.pdf", "x"), ("x.pdf", "x"), ("copie.pdf", "x"), ("x.pdf", "z"))
    one, two, three, four = store.register(file("a.eml", "one"), parcel)
    assert one == two
    assert three.duplicate_of == one.id
    assert four.decision is None
    assert len({one.id, three.id, four.id}) == 3


def test_a_mail_without_document_has_a_record_of_its_own(store: Store) -> None:
    (document,) = store.register(file("a.eml", "one"), mail("<m>", sender="someone", received=WHEN))
    record = record_of(store, document)
    assert [reason.code for reason in record.reasons] == [Code.NO_ATTACHMENT]
    assert record.source.sha256 is None
    assert store.register(file("b.eml", "two"), mail("<m>")) == (document,)
    (other,) = store.register(file("c.eml", "three"), mail("<n>"))
    assert other.id != document.id


def test_reception_is_what_the_mail_says_else_when_its_file_was_written_and_as_given_for_a_bare_file(
    store: Store,
) -> None:
    said = datetime(2022, 4, 5, 14, 0, tzinfo=timezone.utc)  # noqa: UP017 - beside the other time zones here
    (dated,) = store.register(file("a.eml", "one"), mail("<m>", ("x.pdf", "x"), received=said))
    (undated,) = store.register(file("b.eml", "two"), mail("<n>", ("y.pdf", "y")))
    (single,) = store.register(file("c.pdf", "z"), bare("z"))
    assert dated.source.received.isoformat() == "2022-04-05T10:00:00-04:00"
    assert undated.source.received == LATER
    assert single.source.received == WHEN


def test_what_needs_no_reading_has_its_record_at_once(store: Store) -> None:
    reason = Reason.of(Code.DOCUMENT_TOO_LARGE, detail="40 Mo")
    (document,) = store.register(
        file("a.pdf", "x"), Parcel(enclosures=(Enclosure(sha256=sha("x"), reasons=(reason,)),))
    )
    assert document.decision is Verdict.REJECT
    assert record_of(store, document).reasons == (reason,)


def test_a_record_is_final(store: Store) -> None:
    (document,) = store.register(file("a.pdf", "x"), bare("x"))
    assert len(store.pending()) == 1
    assert store.record(accepted(document))
    changed = accepted(document).model_copy(update={"decision": Verdict.REVIEW})
    assert not store.record(changed)
    assert record_of(store, document) == accepted(document)
    assert store.pending() == ()
    with pytest.raises(StoreError, match="no such document"):
        store.record(accepted(document).model_copy(update={"id": "0" * 16}))


def test_a_document_is_leased_to_one_run_until_that_ends(store: Store, tmp_path: Path) -> None:
    (document,) = store.register(file("a.pdf", "x"), bare("x"))
    with store.begin_run() as other:
        with store.begin_run() as mine:
            assert store.claim(document.id, mine, 30) == document
            assert store.claim(document.id, mine, 30) == document
            assert store.claim(document.id, other, 30) is None
        assert store.claim(document.id, other, 30) == document
    with store.begin_run() as late:
        assert store.claim(document.id, late, -1) == document
        with store.begin_run() as later:
            assert store.claim(document.id, later, 30) == document, "a lease that is over holds nobody up"
            store.record(accepted(document))
            claimed = store.claim(document.id, later, 30)
    assert claimed
    assert claimed.decision is Verdict.ACCEPT
    assert store.shared or not list((tmp_path / "data" / "runs").iterdir())


def test_what_no_living_run_is_at_is_left_behind(store: Store) -> None:
    ids = [store.register(file(name, name), bare(name))[0].id for name in ("a", "b", "c", "d")]
    with store.begin_run() as mine:
        with store.begin_run() as dead:
            assert store.claim(ids[0], mine, 30)
            assert store.claim(ids[1], mine, -1)
            assert store.claim(ids[2], dead, 30)
            assert store.left_behind(mine, 10) == (ids[1], ids[3])
        assert store.left_behind(mine, 10) == (ids[1], ids[2], ids[3])
        assert store.left_behind(mine, 2) == (ids[1], ids[2])


def test_a_document_whose_readings_never_end_goes_to_a_person(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.store.records.MOST_ATTEMPTS", 3)
    (document,) = store.register(file("a.pdf", "x"), bare("x"))
    decisions = []
    for _ in range(4):
        with store.begin_run() as run:
            claimed = store.claim(document.id, run, 30)
            assert claimed
            decisions.append(claimed.decision)
    assert decisions == [None, None, None, Verdict.REVIEW]
    assert [reason.code for reason in record_of(store, document).reasons] == [Code.PROCESSING_LIMIT]


def test_a_renamed_file_is_the_same_file(store: Store) -> None:
    before = dataclasses.replace(file("a.pdf", "x"), identity="7:1:99")
    (first,) = store.register(before, bare("x"))
    renamed = dataclasses.replace(file("b.pdf", "x"), identity="7:1:99")
    assert store.find_arrival(renamed) == store.register(renamed, bare("x")) == (first,)
    (copied,) = store.register(dataclasses.replace(file("c.pdf", "x"), identity="8:1:99"), bare("x"))
    assert copied.duplicate_of == first.id


def test_all_lasts_and_comes_back_in_the_order_asked_for(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        documents = [store.register(file(name, name), bare(name))[0] for name in ("a", "b", "c")]
        for document in documents:
            store.record(accepted(document))
    with Store(tmp_path) as store:
        ids = [document.id for document in reversed(documents)]
        assert [record.id for record in store.records([*ids, "unknown"])] == ids
        assert store.find(ids[0]) is not None
        assert store.find("unknown") is None


def test_ids_do_not_depend_on_when_or_in_which_order(tmp_path: Path) -> None:
    with Store(tmp_path / "one") as one, Store(tmp_path / "two") as two:
        first = [one.register(file(name, name), bare(name))[0].id for name in ("a", "b")]
        second = [two.register(file(name, name), bare(name))[0].id for name in ("b", "a")]
    assert first == second[::-1]


def test_the_database_is_safe_with_every_sqlite(tmp_path: Path) -> None:
    """The rollback journal: write-ahead logging loses rows in SQLite before 3.51.3."""
    with Store(tmp_path / "data") as store, store.transaction() as session:
        connection = session.connection()
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
    with sqlite3.connect(tmp_path / "data" / DATABASE_NAME) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("0003",)]


def test_the_tables_that_migrations_make_are_those_of_the_code(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from pipeline.store.schema import Base

    with store._engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_a_store_of_before_there_were_reviews_asks_people_about_what_it_has(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        doubtful, good = (store.register(file(name, name), bare(name))[0] for name in ("a", "b"))
        store.record(refused_record(doubtful.id, doubtful.source, Reason.of(Code.PROCESSING_LIMIT)))
        store.record(accepted(good))
    with sqlite3.connect(tmp_path / DATABASE_NAME) as database:
        for table in ("reviews", "corrections", "superseded", "sessions", "accounts"):
            database.execute(f"DROP TABLE {table}")
        for table, column in (("audit", "actor"), ("documents", "number"), ("documents", "edition")):
            database.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        database.execute("UPDATE alembic_version SET version_num = '0002'")
    with Store(tmp_path) as store, store.transaction() as session:
        causes = {row.document_id: row.cause for row in session.scalars(select(ReviewRow))}
    assert causes == {doubtful.id: "doubt", good.id: "check"}


def test_a_store_that_has_the_newest_tables_needs_nobody_to_make_them(tmp_path: Path) -> None:
    """What makes them takes a second to load, and each command about the store would wait for it."""
    Store(tmp_path).close()
    script = (
        "import sys; from pathlib import Path; from pipeline.store.records import Store;"
        "Store(Path(sys.argv[1])).close(); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script, tmp_path], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_store_of_a_later_version_is_refused(tmp_path: Path) -> None:
    Store(tmp_path).close()
    with sqlite3.connect(tmp_path / DATABASE_NAME) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="9999"):
        Store(tmp_path)


def test_a_file_that_is_no_database_is_refused_with_its_name(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).write_bytes(b"something else" * 100)
    with pytest.raises(StoreError, match="not a database"):
        Store(tmp_path)


def test_originals_are_kept_whole_and_for_their_owner_alone(store: Store, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-")
    content = read_file(tmp_path / "a.pdf", follow=False, max_bytes=100)
    store.keep(content)
    path = Path(store.originals.place(content.sha256))
    assert path == tmp_path / "data" / "originals" / content.sha256[:2] / content.sha256
    assert path.read_bytes() == b"%PDF-"
    before = path.stat().st_mtime_ns
    store.keep(content)
    assert path.stat().st_mtime_ns == before
    assert stat.S_IMODE((tmp_path / "data" / "originals").stat().st_mode) == 0o700


def test_a_large_file_is_hashed_but_not_held(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"x" * 3_000_000)
    found = read_file(tmp_path / "a.pdf", follow=False, max_bytes=1_000)
    assert found.content is None
    assert found.sha256 == hashlib.sha256(b"x" * 3_000_000).hexdigest()


def test_a_link_or_pipe_put_in_a_file_s_place_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "a.pdf")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe"):
        with pytest.raises(OSError):
            read_file(tmp_path / name, follow=False, max_bytes=10)
    assert read_file(tmp_path / "link", follow=True, max_bytes=10).content == b"x"


def test_a_full_disk_leaves_nothing_half_done(store: Store, tmp_path: Path) -> None:
    """Files of this process may not grow beyond 50 kB for a while, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    content = FileContent(sha256=sha("big"), content=b"x" * 100_000, modified=0.0)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, hard))
    try:
        with pytest.raises(StoreError, match="originals"):
            store.keep(content)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not [path for path in (tmp_path / "data" / "originals").rglob("*") if path.is_file()]
    store.keep(content)


def test_two_runs_on_one_store_wait_for_each_other(tmp_path: Path) -> None:
    """Two processes enter 40 documents each, half of them the same: no error, no document twice."""
    script = (
        "import sys; sys.path.insert(0, sys.argv[2])\n"
        "from pathlib import Path; from pipeline.store.records import Store; from test_records import bare, file\n"
        "with Store(Path(sys.argv[1])) as store:\n"
        "    for name in sys.argv[3:]: store.register(file(name, name), bare(name))\n"
    )
    here = str(Path(__file__).parent)
    ranges = (range(40), range(20, 60))
    processes = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path), here, *map(str, names)], cwd=Path(here).parent)
        for names in ranges
    ]
    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    with Store(tmp_path) as store:
        assert len(store.pending()) == 60
