"""The command as people and scripts use it: exit statuses, what goes where, and going on after any end."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rooms import TARGET, alive, fill, json_lines, mail, pdf, readings_made, settings_in

from pipeline.__main__ import main

ROOT = Path(__file__).parent.parent
# A shell's background job has Ctrl-C ignored, and so have its children: the command under test is in front.
SCRIPT = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from pipeline.__main__ import main
sys.exit(main(sys.argv[2:], target=sys.argv[1]))
"""


class Room:
    """A folder to treat, a store, and the command over them with `walled_work` behind the wall."""

    def __init__(self, root: Path) -> None:
        self.inbox, self.data, self.out = root / "in", root / "data", root / "out.jsonl"
        self.config = root / "config.toml"
        self.configure()

    def configure(self, more: str = "") -> None:
        self.config.write_text(f"[paths]\nspecs = '{ROOT / 'forms_specs'}'\n{more}", encoding="utf-8")

    def arguments(self, *more: str) -> list[str]:
        common = ["--config", str(self.config), "--data", str(self.data), "--records", str(self.out)]
        return ["process", str(self.inbox), *common, "--workers", "2", *more]

    def start(self, *more: str, before: Callable[[], None] | None = None) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", SCRIPT, TARGET, *self.arguments(*more)]
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ
            | {
                "PYTHONPATH": os.pathsep.join((str(Path(__file__).parent), os.environ.get("PYTHONPATH", ""))),
                "COLUMNS": "120",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=before,
            start_new_session=True,
        )

    def run(self, *more: str, before: Callable[[], None] | None = None) -> tuple[int, str, str]:
        """Exit status, standard output, standard error."""
        process = self.start(*more, before=before)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    def records(self) -> list[dict[str, Any]]:
        return json_lines(self.out)

    def wait_for_readings(self, count: int) -> None:
        deadline = time.monotonic() + 60
        while len(readings_made(settings_in(self.data))) < count:
            assert time.monotonic() < deadline
            time.sleep(0.01)


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def test_every_document_has_its_line_and_the_table_says_what_was_decided(room: Room) -> None:
    fill(room.inbox, {"a.eml": mail(("x.pdf", pdf("doubt"))), "b.pdf": pdf(), "c.pdf": pdf()})
    status, out, err = room.run("--received", "2022-04-19T12:00:00")
    assert (status, out) == (0, "")
    assert [record["decision"] for record in room.records()] == ["review", "accept", "reject"]
    assert room.records()[1]["source"]["received"] == "2022-04-19T12:00:00-04:00"
    assert room.records()[0]["source"]["received"] == "2022-04-05T09:12:00-04:00"
    assert [record["source"]["path"] for record in room.records()] == [
        str(room.inbox / name) for name in ("a.eml", "b.pdf", "c.pdf")
    ]
    assert "duplicate_of" in room.records()[2]
    assert "duplicate_of" not in room.records()[1]
    for said in ("accepté / accept", "low-confidence", "duplicate-document", "3 documents"):
        assert said in err


def test_a_second_run_changes_nothing_and_says_so(room: Room) -> None:
    fill(room.inbox, {"a.eml": mail(("x.pdf", pdf("doubt"))), "b.pdf": pdf()})
    room.run()
    before, lines = (room.data / "pipeline.sqlite3").read_bytes(), room.out.read_bytes()
    room.out.unlink()
    status, _, err = room.run()
    assert status == 0
    assert "Déjà traités : 2 / Already done: 2" in err
    assert room.out.read_bytes() == lines
    assert (room.data / "pipeline.sqlite3").read_bytes() == before


def test_a_store_inside_the_folder_is_no_mail(room: Room) -> None:
    fill(room.inbox, {"a.pdf": pdf(), "z.pdf": pdf("doubt")})
    room.data = room.inbox / "data"
    for _ in range(2):
        assert room.run()[0] == 0
        assert [record["decision"] for record in room.records()] == ["accept", "review"]


def test_records_on_standard_output_are_json_lines_and_nothing_else(room: Room) -> None:
    fill(room.inbox, {"a.pdf": pdf(), "b.pdf": pdf("doubt")})
    status, out, _ = room.run("--records", "-")
    assert status == 0
    assert [json.loads(line)["decision"] for line in out.splitlines()] == ["accept", "review"]


def test_nobody_s_name_or_address_is_in_what_is_said(room: Room) -> None:
    fill(room.inbox, {"a.eml": mail(("x.pdf", pdf("fault")), ("y.pdf", pdf("die SIGSEGV")))})
    status, _, err = room.run()
    assert status == 0
    assert "KeyError" in err
    assert "untel" not in err.lower()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (["--records", "/no/such/folder/out.jsonl"], "no/such/folder"),
        (["/no/such/path"], "/no/such/path"),
        (["--received", "yesterday"], "ISO 8601"),
        (["--workers", "0"], "--workers"),
        (["--engine", "cloud"], "--engine"),
        (["--config", "/no/such/config.toml"], "/no/such/config.toml"),
        (["--unknown"], "--unknown"),
    ],
)
def test_wrong_usage_is_2_and_nothing_is_touched(
    room: Room, change: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(room.inbox, {"a.pdf": pdf()})
    try:
        status = main(room.arguments(*change), target=TARGET)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else -1
    assert status == 2
    assert said in capsys.readouterr().err
    assert not room.data.exists()


@pytest.mark.parametrize(
    ("more", "said"), [("[limits]\nmax_pagse = 3", "max_pagse"), ("[limits]\nmax_pages = 0", "max_pages")]
)
def test_a_wrong_setting_is_2_with_file_and_key(
    room: Room, more: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(room.inbox, {"a.pdf": pdf()})
    room.configure(more)
    assert main(room.arguments(), target=TARGET) == 2
    err = capsys.readouterr().err
    assert str(room.config) in err
    assert said in err


def test_a_wrong_spec_is_2_with_file_and_key(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    fill(room.inbox, {"a.pdf": pdf()})
    specs = fill(room.inbox.parent / "specs", {"4058/2022-03/spec.toml": b"numbr = '4058'"})
    room.config.write_text(f"[paths]\nspecs = '{specs}'", encoding="utf-8")
    assert main(room.arguments(), target=TARGET) == 2
    err = capsys.readouterr().err
    assert "spec.toml" in err
    assert "numbr" in err
    assert not room.data.exists()


def test_an_engine_that_is_lost_is_1_and_the_same_command_goes_on(room: Room) -> None:
    fill(room.inbox, {"a.pdf": pdf("lose"), "b.pdf": pdf()})
    status, _, err = room.run()
    assert status == 1
    assert "the engine broke down" in err
    assert "Nothing is lost" in err
    assert not room.out.exists()


def test_a_full_disk_is_1_and_the_same_command_goes_on(room: Room) -> None:
    """No file of the process may grow beyond 300 kB, as on a full disk."""
    files = {f"{rank:02}.pdf": pdf(f"accept {rank}") + b" " * 10_000 for rank in range(5)}
    fill(room.inbox, files | {"99.pdf": pdf("big") + b" " * 400_000})

    def fill_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

    status, _, err = room.run(before=fill_disk)
    assert status == 1
    assert "File too large" in err
    assert "Nothing is lost" in err
    assert room.run()[0] == 0
    assert [record["decision"] for record in room.records()] == ["accept"] * 6


def test_a_file_that_cannot_be_read_is_1_and_the_rest_is_recorded(
    room: Room, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fill(room.inbox, {"a.pdf": pdf(), "b.pdf": pdf("doubt")})
    real = os.open

    def deny(path: Any, *rest: Any, **more: Any) -> int:
        if str(path).endswith("a.pdf"):
            raise PermissionError(13, "Permission denied")
        return real(path, *rest, **more)

    monkeypatch.setattr(os, "open", deny)
    assert main(room.arguments(), target=TARGET) == 1
    monkeypatch.undo()
    assert "a.pdf: Permission denied" in capsys.readouterr().err
    assert [record["decision"] for record in room.records()] == ["review"]
    assert main(room.arguments(), target=TARGET) == 0
    assert [record["decision"] for record in room.records()] == ["accept", "review"]


def test_what_was_passed_over_is_said(room: Room) -> None:
    fill(room.inbox, {"a.pdf": pdf(), ".DS_Store": b"x", "letter.docx": b"PK\x03\x04"})
    status, _, err = room.run()
    assert status == 0
    assert "Files ignored: 1" in err
    assert "letter.docx" in err
    assert len(room.records()) == 1


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM])
def test_after_any_end_the_same_command_goes_on_and_leaves_no_child(room: Room, end: signal.Signals) -> None:
    """Ended while it reads the third document: afterwards each has one record, and none was read more than needed."""
    fill(room.inbox, {f"{rank}.pdf": pdf(f"slow 0.4 {rank}") for rank in range(8)})
    process = room.start()
    room.wait_for_readings(3)
    process.send_signal(end)
    _, err = process.communicate(timeout=20)
    if end is signal.SIGINT:
        assert process.returncode == 130
        assert "Nothing is lost" in err
    else:
        assert process.returncode == -end
    assert not room.out.exists()
    time.sleep(0.2)
    children = {line.split()[1] for line in (room.data / "read.log").read_text().splitlines()}
    assert not [child for child in children if alive(child)]
    status, _, _ = room.run()
    assert status == 0
    assert [Path(record["source"]["path"]).name for record in room.records()] == [f"{rank}.pdf" for rank in range(8)]
    assert {record["decision"] for record in room.records()} == {"accept"}
    assert len({record["id"] for record in room.records()}) == 8
    # What was in flight at the end, or just answered, is read again: two documents a worker at most.
    assert 8 <= len(readings_made(settings_in(room.data))) <= 12
    assert not list((room.data / "tmp").iterdir())


def test_killed_again_and_again_at_any_moment_nothing_is_lost_or_doubled(room: Room) -> None:
    """12 kills at moments spread over the run; the records are those of a run that nobody disturbed."""
    files = {f"{rank}.pdf": pdf(f"slow 0.03 {rank % 9}") for rank in range(12)}
    fill(room.inbox, files | {"m.eml": mail(("x.pdf", pdf("doubt")), ("y.pdf", pdf("accept 1")))})
    for rank in range(12):
        process = room.start()
        time.sleep(0.45 + 0.12 * rank)
        process.kill()
        process.communicate(timeout=20)
    assert room.run()[0] == 0
    disturbed = room.records()
    room.data = room.inbox.parent / "undisturbed"
    assert room.run()[0] == 0
    assert disturbed == room.records()
    assert len(disturbed) == 14


def test_help_teaches_with_examples(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["--help"], ["process", "--help"]):
        with pytest.raises(SystemExit) as end:
            main(arguments)
        assert end.value.code == 0
        out = capsys.readouterr().out
        assert "pipeline process samples --records records.jsonl" in out
        assert "exit status" in out


def test_show_spec_draws_an_edition(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f"[paths]\nspecs = '{ROOT / 'forms_specs'}'", encoding="utf-8")
    out = tmp_path / "spec.png"
    assert main(["show-spec", "4058", "2022-03", "--out", str(out), "--config", str(config)]) == 0
    assert out.read_bytes().startswith(b"\x89PNG")
    assert main(["show-spec", "4058", "1999-01", "--out", str(out), "--config", str(config)]) == 2
    assert "1999-01" in capsys.readouterr().err


def test_show_of_an_unknown_record_is_2(room: Room, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["show", "0123456789abcdef", "--out", "x.png", "--config", str(room.config), "--data", str(room.data)]
    assert main(arguments, target=TARGET) == 2
    assert "no record with this id" in capsys.readouterr().err
