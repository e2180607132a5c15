"""A command of the pipeline as its user runs it, in processes of its own: their CPU time and their memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
REAL, STUB = "pipeline.walled.work:open_work", "benchmarks.cost.stub:open_work"
# The last line that it prints are its own seconds, and those of all that it started.
SCRIPT = """
import json, os, sys
from pipeline.__main__ import main
status = main(sys.argv[2:], target=sys.argv[1])
used = os.times()
print(json.dumps([used.user + used.system, used.children_user + used.children_system]), flush=True)
sys.exit(status)
"""
LOOK_SECONDS = 0.1


@dataclass(frozen=True)
class Used:
    """CPU seconds of the dispatching process, and of the walled children; `peak`: the most memory of all at once,
    in MB, what they share counted once (PSS)."""

    dispatcher: float
    children: float
    peak: float


def run(root: Path, *arguments: str, target: str = STUB) -> Used:
    """Runs it with the configuration in `root`. Raises `RuntimeError` with what it said if it fails."""
    command = [sys.executable, "-c", SCRIPT, target, *arguments, "--config", str(root / "config.toml")]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        command, cwd=root, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        ended = threading.Event()
        peaks: list[float] = []
        watcher = threading.Thread(target=watch, args=(process.pid, ended, peaks))
        watcher.start()
        told, said = process.communicate()
        ended.set()
        watcher.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)}: status {process.returncode}\n{said.decode()}")
    dispatcher, children = json.loads(told.splitlines()[-1])
    return Used(dispatcher, children, max(peaks, default=0.0))


def watch(pid: int, ended: threading.Event, peaks: list[float]) -> None:
    while not ended.wait(LOOK_SECONDS):
        peaks.append(sum(pss(each) for each in tree(pid)))


def tree(pid: int) -> Iterator[int]:
    """The process and all below it."""
    yield pid
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [child for task in tasks for child in (task / "children").read_text().split()]
    except OSError:  # ended meanwhile
        return
    for child in children:
        yield from tree(int(child))


def pss(pid: int) -> float:
    """MB; 0 for a process that has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:")), 0.0)


def configure(root: Path, folders: Sequence[str] = ("in",)) -> None:
    """The repository's specs, a store and a watched inbox in `root`."""
    inboxes = ", ".join(f'{{ path = "{name}" }}' for name in folders)
    (root / "config.toml").write_text(
        f"[paths]\ndata = 'data'\nspecs = '{ROOT / 'forms_specs'}'\n[watch]\nfolders = [{inboxes}]\n"
        "settle_seconds = 0.2\npoll_seconds = 0.5\nrecords = ''\n",
        encoding="utf-8",
    )
