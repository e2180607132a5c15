"""Many documents, real child processes: each document to exactly one record, whatever its neighbours do."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from daemons import ROOT
from rooms import TARGET, alive, by_name, codes, fill, mail, pdf, readings_made, settings_in, treat

from pipeline.config import Settings
from pipeline.jobs import ReadDocument
from pipeline.model import EngineError, Source, Verdict
from pipeline.store.records import Store
from pipeline.walled.answers import record_from
from pipeline.walled.wall import FEW_JOBS
from pipeline.walled.walls import Failure, Walls


def test_each_document_of_each_file_has_its_record_in_input_order(tmp_path: Path) -> None:
    folder = fill(
        tmp_path / "in",
        {
            "a.pdf": pdf("slow 0.3"),
            "b.eml": mail(("one.pdf", pdf("doubt")), ("two.pdf", pdf("accept 2"))),
            "c.eml": mail(message_id="<empty@example.org>"),
            "d.pdf": pdf("accept 3"),
        },
    )
    outcome, records = treat(folder, settings_in(tmp_path / "data"))
    assert [(Path(record.source.path).name, record.source.attachment) for record in records] == [
        ("a.pdf", None),
        ("b.eml", "one.pdf"),
        ("b.eml", "two.pdf"),
        ("c.eml", None),
        ("d.pdf", None),
    ]
    assert [record.decision.value for record in records] == ["accept", "review", "accept", "reject", "accept"]
    assert codes(records[3]) == ["no-attachment"]
    assert records[3].source.sha256 is None
    assert outcome.already == 0
    assert not outcome.faults


def test_a_second_run_changes_nothing_and_reads_nothing(tmp_path: Path) -> None:
    folder = fill(tmp_path / "in", {"a.pdf": pdf(), "b.eml": mail(("one.pdf", pdf("doubt")))})
    settings = settings_in(tmp_path / "data")
    _, first = treat(folder, settings)
    read = readings_made(settings)
    outcome, second = treat(folder, settings)
    assert second == first
    assert outcome.already == 2
    assert readings_made(settings) == read
    assert len(read) == 2


@pytest.mark.parametrize("first_is", ["slow 0.5", "accept"])
def test_a_duplicate_names_the_first_in_input_order_however_long_that_takes(tmp_path: Path, first_is: str) -> None:
    files = {"a.pdf": pdf(first_is), "b.pdf": pdf(first_is), "c.eml": mail(("x.pdf", pdf(first_is)))}
    settings = settings_in(tmp_path / "data")
    _, records = treat(fill(tmp_path / "in", files), settings, workers=4)
    first, second, third = records
    assert first.decision is Verdict.ACCEPT
    assert codes(second) == codes(third) == ["duplicate-document"]
    assert second.duplicate_of == third.duplicate_of == first.id
    assert readings_made(settings) == [first.id]


def test_the_same_message_in_two_files_has_one_record(tmp_path: Path) -> None:
    message = mail(("x.pdf", pdf()))
    files = {"a.eml": message, "b.eml": b"Received: from elsewhere; Tue, 05 Apr 2022 09:13:00 -0400\n" + message}
    settings = settings_in(tmp_path / "data")
    _, records = treat(fill(tmp_path / "in", files), settings)
    assert [record.source.path.rsplit("/")[-1] for record in records] == ["a.eml"]
    outcome, again = treat(tmp_path / "in", settings)
    assert again == records
    assert outcome.already == 1


def test_the_first_of_a_duplicate_is_finished_even_when_another_run_brought_it(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data")
    fill(tmp_path / "in", {"a.pdf": pdf("lose"), "b/a.pdf": pdf("lose")})
    with pytest.raises(EngineError, match="broke down"):
        treat(tmp_path / "in", settings)
    with Store(settings.paths.data) as store:
        assert len(store.pending()) == 1
    with pytest.raises(EngineError, match="broke down"):
        treat(tmp_path / "in" / "b", settings)


def test_children_that_die_do_not_take_others_with_them(tmp_path: Path) -> None:
    files = {
        "a.pdf": pdf("die SIGSEGV"),
        "b.pdf": pdf("die SIGKILL"),
        "c.pdf": pdf("die-once SIGKILL"),
        "d.pdf": pdf("die-once SIGSEGV"),
        "e.pdf": pdf("fault"),
        "f.pdf": pdf("forge"),
        "g.pdf": pdf("babble"),
        "h.pdf": pdf(),
    }
    settings = settings_in(tmp_path / "data")
    _, records = treat(fill(tmp_path / "in", files), settings)
    named = by_name(records)
    assert codes(named["a.pdf"]) == ["document-unreadable"]
    assert codes(named["b.pdf"]) == ["processing-limit"]
    assert named["c.pdf"].decision is named["d.pdf"].decision is named["h.pdf"].decision is Verdict.ACCEPT
    assert [codes(named[name]) for name in ("e.pdf", "f.pdf", "g.pdf")] == [["processing-limit"]] * 3
    assert readings_made(settings).count(named["a.pdf"].id) == 2
    assert readings_made(settings).count(named["h.pdf"].id) == 1


def test_time_and_memory_are_limited(tmp_path: Path) -> None:
    files = {"a.pdf": pdf("spin"), "b.pdf": pdf("slow 600"), "c.pdf": pdf("memory"), "d.pdf": pdf()}
    settings = settings_in(tmp_path / "data", seconds_per_document=1.5)
    began = time.monotonic()
    _, records = treat(fill(tmp_path / "in", files), settings)
    assert time.monotonic() - began < 60
    assert [codes(record) for record in records] == [["processing-limit"]] * 3 + [[]]
    assert {record.decision for record in records[:3]} == {Verdict.REVIEW}
    assert len(readings_made(settings)) == 4


def test_no_child_and_no_folder_is_left(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data", seconds_per_document=1)
    treat(fill(tmp_path / "in", {"a.pdf": pdf("spin"), "b.pdf": pdf()}), settings)
    pids = {line.split()[1] for line in (tmp_path / "data" / "read.log").read_text().splitlines()}
    assert len(pids) == 2
    assert not [pid for pid in pids if alive(pid)]
    assert not list((tmp_path / "data" / "tmp").iterdir())


def test_a_child_knows_next_to_nothing_of_its_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMAP_PASSWORD", "secret")
    settings = settings_in(tmp_path / "data")
    treat(fill(tmp_path / "in", {"a.pdf": pdf("look")}), settings)
    *names, folder = (tmp_path / "data" / "environment").read_text().splitlines()
    assert "OMP_THREAD_LIMIT" in names
    assert "IMAP_PASSWORD" not in names
    assert Path(folder).parents[1] == tmp_path / "data" / "tmp"


def test_a_job_leaves_nothing_to_the_next(tmp_path: Path) -> None:
    """No process, no file, nothing in memory: each document is read by a fork of its own."""
    files = {
        f"{rank}.pdf": pdf(f"{order} {rank}") for rank, order in enumerate(("infect", "doubt", "infect", "linger"))
    }
    settings = settings_in(tmp_path / "data")
    _, records = treat(fill(tmp_path / "in", files), settings, workers=1)
    assert [record.decision.value for record in records] == ["accept", "review", "accept", "accept"]
    (left,) = (tmp_path / "data" / "left").read_text().splitlines()
    assert not alive(left)
    assert not list((tmp_path / "data" / "tmp").iterdir())


def test_a_job_that_dies_or_takes_too_long_costs_no_new_start(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data", seconds_per_document=0.3)
    files = {f"{rank}.pdf": pdf(f"{order} {rank}") for rank, order in enumerate(["die SIGSEGV", "spin", "accept"] * 4)}
    began = time.monotonic()
    with Walls(settings, target=TARGET) as walls:
        started = [walls.ask(job_of(tmp_path, settings, content)) for content in files.values()]
        assert len(walls._children) == 1
    assert time.monotonic() - began < 20
    assert [isinstance(answer, Failure) for answer in started] == [True, True, False] * 4


def job_of(folder: Path, settings: Settings, content: bytes) -> ReadDocument:
    settings.paths.data.mkdir(exist_ok=True)
    (folder / "x.pdf").write_bytes(content)
    source = Source(path="x", received=datetime.now(UTC))
    return ReadDocument(original=str(folder / "x.pdf"), rank=None, record_id="x", source=source)


def test_a_child_that_cannot_start_is_our_fault_and_nobody_is_refused(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data")
    job = ReadDocument(
        original=str(tmp_path), rank=None, record_id="x", source=Source(path="x", received=datetime.now(UTC))
    )
    with Walls(settings, target="walled_work:no_work") as walls, pytest.raises(EngineError, match="no French data"):
        walls.ask(job)
    with Walls(settings, target="no_such_module:work") as walls, pytest.raises(EngineError, match="no_such_module"):
        walls.ask(job)


def test_a_process_prepares_for_more_once_it_has_had_some_jobs_and_not_before(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data")
    job, prepared = job_of(tmp_path, settings, pdf()), settings.paths.data / "prepared"
    with Walls(settings, target="walled_work:Provident") as walls:
        # What is prepared after a job is done before the next one is begun.
        for _ in range(FEW_JOBS + 1):
            assert not prepared.exists()
            walls.ask(job)
        walls.ask(job)
        assert prepared.read_text().startswith("x")


def test_a_file_that_cannot_be_read_is_said_and_the_others_go_on(tmp_path: Path) -> None:
    folder = fill(tmp_path / "in", {"a.pdf": pdf(), "b.pdf": pdf("doubt"), "c.pdf": pdf("accept 3")})
    (folder / "b.pdf").unlink()
    settings = settings_in(tmp_path / "data")
    os.mkfifo(folder / "b.pdf")
    outcome, records = treat(folder, settings)
    assert [Path(record.source.path).name for record in records] == ["a.pdf", "c.pdf"]
    assert not outcome.faults


def test_a_huge_file_is_refused_without_being_held(tmp_path: Path) -> None:
    folder = fill(tmp_path / "in", {"a.pdf": pdf() + b" " * 4000, "b.pdf": pdf()})
    settings = settings_in(tmp_path / "data", max_bytes=1000)
    _, records = treat(folder, settings)
    assert codes(records[0]) == ["document-too-large"]
    assert records[0].source.sha256 is not None
    assert records[1].decision is Verdict.ACCEPT
    assert len(list((tmp_path / "data" / "originals").glob("*/*"))) == 1
    assert treat(folder, settings)[1] == records


def test_an_answer_about_another_document_is_refused(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data")
    _, (record,) = treat(fill(tmp_path / "in", {"a.pdf": pdf()}), settings)
    with Store(settings.paths.data) as store:
        document = store.find(record.id)
    assert document
    assert record_from(record.model_dump_json(), document) == record
    for change in ({"id": "f" * 16}, {"source": record.source.model_copy(update={"path": "other.pdf"})}):
        forged = record.model_copy(update=change).model_dump_json()
        assert codes(record_from(forged, document)) == ["processing-limit"]


def test_the_warm_process_keeps_to_one_thread_of_opencvs() -> None:
    """A fork has none of its parent's threads, but the locks that they held: it would wait for them for ever."""
    code = (
        "import cv2; from pipeline.config import Settings; from pipeline.walled.work import open_work;"
        "next(open_work(Settings()).warm_up()); print(cv2.getNumThreads())"
    )
    asked = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "1"
