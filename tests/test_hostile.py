"""What strangers may send: nothing of it is accepted, stays long, grows large, or harms its neighbours."""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from daemons import MailRoom
from hostile import samples
from rooms import codes, fill
from test_reliability import FULL, Say, assert_all_is_well, say, walled

from pipeline.jobs import Job
from pipeline.metrics import Metrics
from pipeline.model import Record
from pipeline.walled.wall import DEFAULT_TARGET
from pipeline.walled.walls import Failure

__all__ = ["say"]
SECONDS = 30.0 if FULL else 1.5
GIB = 1 << 30


class Scales(threading.Thread):
    """Weighs the walled processes, in bytes, shared memory once: the heaviest worker with its forks, and all."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.heaviest = self.together = 0
        self._done = threading.Event()

    def run(self) -> None:
        while not self._done.wait(0.05):
            weights = {pid: weight(pid) for pid in walled(os.getpid())}
            self.together = max(self.together, sum(weights.values()))
            for pid in weights:
                self.heaviest = max(self.heaviest, sum(weights.get(one, 0) for one in {pid, *walled(pid)}))

    def stop(self) -> None:
        self._done.set()
        self.join()


def weight(pid: int) -> int:
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:")), 0)


@pytest.mark.alone
def test_hostile_files_are_refused_in_time_and_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, say: Say) -> None:
    room = MailRoom(tmp_path)
    room.configure(settle=0, unfinished=0, more=f"[limits]\nseconds_per_document = {SECONDS}")
    if not FULL:
        room.config.write_text(room.config.read_text() + "[ocr]\nengines = ['tesseract']\n")
    known = {name: (content, expected) for name, content, expected in samples(600 if FULL else 120)}
    fill(room.inbox, {name: content for name, (content, _) in known.items()})
    longest: dict[str, float] = {}

    def timed(self: Metrics, ask: Callable[[Job], str | Failure]) -> Callable[[Job], str | Failure]:
        def timed_ask(job: Job) -> str | Failure:
            began = time.monotonic()
            answer = ask(job)
            longest[Path(job.original).name] = max(longest.get(Path(job.original).name, 0.0), time.monotonic() - began)
            return answer

        return timed_ask

    monkeypatch.setattr(Metrics, "timed", timed)
    scales = Scales()
    scales.start()
    began = time.monotonic()
    assert room.once(DEFAULT_TARGET) == {}
    seconds = time.monotonic() - began
    scales.stop()
    records = [Record.model_validate(line) for line in room.lines()]
    named: dict[str, list[Record]] = {}
    for record in records:
        named.setdefault(Path(record.source.path).name, []).append(record)
    assert set(named) == set(known)
    decisions = Counter(record.decision.value for record in records)
    wrong = {
        name: [codes(record) for record in named[name]]
        for name, (_, expected) in known.items()
        if expected is not None and not all(set(codes(record)) <= expected for record in named[name])
    }
    say(
        f"{len(known)} files, {seconds:.0f} s, {dict(decisions)}; longest {max(longest.values()):.1f} s, "
        f"heaviest {scales.heaviest / GIB:.2f} GiB, all workers {scales.together / GIB:.2f} GiB, "
        f"other than expected: {len(wrong)}"
    )
    assert decisions["accept"] == 0
    assert max(longest.values()) <= (1 if FULL else 2) * (SECONDS + 2)  # in small, starting a worker counts for much
    assert scales.together <= 1.6 * GIB
    assert not wrong, wrong
    assert_all_is_well(room)
