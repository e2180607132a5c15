"""What whoever runs the mail room has in hand: logs, metrics, health, the doctor, the unit of systemd."""

from __future__ import annotations

import json
import logging
import shutil
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from daemons import ROOT, MailRoom
from dovecot import free_port
from rooms import TARGET, fill, mail, pdf

from pipeline.__main__ import main
from pipeline.daemon import notify
from pipeline.logs import JsonFormatter, PlainFormatter
from pipeline.metrics import Metrics, Page
from pipeline.store.records import Store

END = b"\n%%EOF\n"
CANARY = "zebulon.perlimpinpin"


class Quiet:
    """Nothing is at fault."""

    faults: dict[str, str] = {}  # noqa: RUF012 - never changed


@pytest.fixture
def room(tmp_path: Path) -> Iterator[MailRoom]:
    room = MailRoom(tmp_path)
    yield room
    room.end()


def get(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_a_daemon_is_watched_from_loopback_and_logs_json_without_names(room: MailRoom) -> None:
    """Marked names stand in a mail's headers, in names of files and attachments, and in faults; nowhere else after."""
    port = free_port()
    room.configure(watch=f"folders = [{{ path = 'in' }}, {{ path = 'share' }}]\nlog = 'json'\nport = {port}")
    message = mail((f"{CANARY}.pdf", pdf("fault")), ("y.pdf", pdf("die SIGSEGV")))
    message = message.replace(b"jacques.untel", CANARY.encode())
    fill(room.inbox, {f"{CANARY}.eml": message, f"{CANARY}.docx": b"PK\x03\x04", f"sub-{CANARY}/a.pdf": pdf() + END})
    daemon = room.start()
    room.wait_for_records(3)
    room.wait_for(lambda: "pipeline_source_up" in get(port, "/metrics")[1])
    status, page = get(port, "/metrics")
    assert status == 200
    lines = dict(line.rsplit(" ", 1) for line in page.splitlines() if not line.startswith("#"))
    assert lines['pipeline_records_total{decision="review"}'] == "1.0"
    assert lines['pipeline_records_total{decision="reject"}'] == "1.0"
    assert lines['pipeline_failures_total{code="document-unreadable"}'] == "1.0"
    assert lines["pipeline_balanced"] == "1.0"
    assert lines['pipeline_source_up{source="in"}'] == "1.0"
    assert lines['pipeline_source_up{source="share"}'] == "0.0"
    health = json.loads(get(port, "/healthz")[1])
    assert health == {"healthy": True, "sources at fault": {"share": "no such folder"}}
    assert get(port, "/else")[0] == 404
    assert room.stop(daemon) == 0
    said = [json.loads(line) for line in room.said().splitlines()]
    assert {"time", "level", "logger", "message"} == set(said[0])
    assert any("BALANCED" in line["message"] for line in said)
    assert CANARY not in room.said() + page
    left = [path for path in room.data.rglob("*") if path.is_file() and CANARY.encode() in path.read_bytes()]
    assert {path.relative_to(room.data).parts[0] for path in left} <= {"pipeline.sqlite3", "originals"}


def test_only_loopback_is_listened_to(room: MailRoom) -> None:
    port = free_port()
    with Store(room.data) as store, Page(port, Metrics(store), Quiet()):
        with socket.socket() as other:
            other.bind(("127.0.0.2", port))  # would be taken if all addresses were
        assert get(port, "/healthz")[0] == 200


def test_a_loop_that_hangs_is_not_healthy(room: MailRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.metrics.STALLED_SECONDS", -1.0)
    port = free_port()
    with Store(room.data) as store, Page(port, Metrics(store), Quiet()):
        assert get(port, "/healthz")[0] == 503


@pytest.mark.parametrize("formatter", [PlainFormatter(), JsonFormatter()])
def test_what_libraries_and_exceptions_say_is_not_repeated(formatter: logging.Formatter) -> None:
    ours = logging.LogRecord("pipeline.sources.feed", logging.INFO, "feed.py", 3, "source\n%s", ("in",), None)
    theirs = logging.LogRecord("imaplib", logging.WARNING, "imaplib.py", 7, "no such user %s", (CANARY,), None)
    assert "source in" in formatter.format(ours)
    assert CANARY not in formatter.format(theirs)
    assert "imaplib complains at imaplib:7" in formatter.format(theirs)
    try:
        raise KeyError(CANARY)
    except KeyError as error:
        failed = logging.LogRecord(
            "pipeline.sources.feed", logging.ERROR, "feed.py", 3, "fault", (), (KeyError, error, error.__traceback__)
        )
    assert CANARY not in formatter.format(failed)
    assert "KeyError at test_operations.py:" in formatter.format(failed)


def doctor(room: MailRoom, capsys: pytest.CaptureFixture[str], target: str = TARGET) -> tuple[int, str]:
    status = main(["doctor", "--config", str(room.config)], target=target)
    return status, capsys.readouterr().out


def test_the_doctor_finds_a_good_house_good(room: MailRoom, capsys: pytest.CaptureFixture[str]) -> None:
    room.configure(more="[limits]\nmemory_bytes = 500000000")
    Store(room.data).close()
    status, out = doctor(room, capsys)
    assert status == 0, out
    assert "FAULT" not in out
    for subject in ("specs", "tools and models", "store", "originals", "database", "disk", "source in"):
        assert f"ok    {subject}: " in out


def test_the_doctor_says_what_to_do_about_each_fault(
    room: MailRoom, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    room.config.write_text(
        f"[paths]\nspecs = '{room.root / 'nowhere'}'\n[limits]\nmemory_bytes = 900000000000\n"
        "[watch]\nrecords = 'nowhere/out.jsonl'\nfolders = [{ path = 'share' }]\n"
    )
    fill(room.data, {"pipeline.sqlite3": b"something else" * 100})
    (room.data / "originals").mkdir(mode=0o755)
    monkeypatch.setattr("pipeline.doctor.LEAST_FREE_BYTES", 1 << 60)
    monkeypatch.setattr("pipeline.doctor.LEAST_OPEN_FILES", 1 << 40)
    status, out = doctor(room, capsys, target="walled_work:no_work")
    assert status == 1
    subjects = ("specs", "tools and models", "originals", "database", "disk", "memory", "open files", "records file")
    for subject in (*subjects, "source share"):
        _, _, after = out.partition(f"FAULT {subject}: ")
        assert "      -> " in after.split("\n")[1], subject
    assert "no French data" in out


def test_systemd_is_told_how_it_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(tmp_path / "socket"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "socket"))
        notify("READY=1")
        assert line.recv(100) == b"READY=1"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
def test_the_unit_is_one_that_systemd_takes(tmp_path: Path) -> None:
    text = (ROOT / "deploy" / "access-request-pipeline.service").read_text()
    unit = tmp_path / "access-request-pipeline.service"
    unit.write_text(text.replace("/opt/access-request-pipeline/.venv/bin/pipeline", "/bin/true"))
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True, check=False)
    assert [line for line in done.stderr.splitlines() if unit.name in line] == []
