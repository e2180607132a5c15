"""A mail room with the daemon at work in it, as a process of its own, with `walled_work` behind the wall."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rooms import TARGET, alive, json_lines

from pipeline.config import load
from pipeline.metrics import Metrics
from pipeline.store.records import open_store
from pipeline.walled.child import sweep
from pipeline.watch import Watch

ROOT = Path(__file__).parent.parent
SCRIPT = "import sys; from pipeline.__main__ import main; sys.exit(main(sys.argv[2:], target=sys.argv[1]))"


class MailRoom:
    """A folder that is watched, a store, a file of records, and the command over them."""

    def __init__(self, root: Path) -> None:
        self.root, self.inbox, self.data, self.out = root, root / "in", root / "data", root / "out.jsonl"
        self.log = root / "log"
        self.config = root / "config.toml"
        self.inbox.mkdir(parents=True, exist_ok=True)
        self.configure()
        self._daemons: list[subprocess.Popen[bytes]] = []

    def configure(
        self, *, watch: str = "", more: str = "", settle: float = 0.2, poll: float = 0.5, unfinished: float = 2.0
    ) -> None:
        sources = watch if "folders" in watch else f'folders = [{{ path = "in" }}]\n{watch}'
        self.config.write_text(
            f"[paths]\ndata = 'data'\nspecs = '{ROOT / 'forms_specs'}'\n{more}\n[watch]\nrecords = 'out.jsonl'\n"
            f"workers = 2\npoll_seconds = {poll}\nsettle_seconds = {settle}\n"
            f"unfinished_seconds = {unfinished}\n{sources}\n",
            encoding="utf-8",
        )

    def command(self, *arguments: str, script: str = SCRIPT) -> list[str]:
        return [sys.executable, "-c", script, TARGET, *arguments, "--config", str(self.config)]

    @property
    def environment(self) -> dict[str, str]:
        folders = (str(Path(__file__).parent), str(ROOT), os.environ.get("PYTHONPATH", ""))
        return os.environ | {"PYTHONPATH": os.pathsep.join(folders), "COLUMNS": "120", "PYTHONUNBUFFERED": "1"}

    def start(
        self, *more: str, script: str = SCRIPT, before: Callable[[], None] | None = None
    ) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            daemon = subprocess.Popen(
                self.command("watch", *more, script=script),
                cwd=self.root,
                env=self.environment,
                stdout=log,
                stderr=log,
                preexec_fn=before,
                start_new_session=True,
            )
        self._daemons.append(daemon)
        return daemon

    def run(self, *arguments: str, seconds: float = 120, **more: Any) -> tuple[int, str, str]:
        """Exit status, standard output, standard error of another command of the pipeline."""
        done = subprocess.run(
            self.command(*arguments),
            cwd=self.root,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            **more,
        )
        return done.returncode, done.stdout, done.stderr

    def once(self, target: str = TARGET) -> dict[str, str]:
        """Treats what is there, in this process; the faults of sources."""
        settings = load(self.config)
        sweep(settings)
        with open_store(settings) as store:
            watch = Watch(settings, store, target, Metrics(store), once=True)
            watch.work()
            return watch.faults

    @contextmanager
    def at_work(self, engine: str = "local") -> Iterator[Watch]:
        """The daemon's work in a thread of this process, drained at the end."""
        settings = load(self.config)
        with open_store(settings) as store, ThreadPoolExecutor(1) as executor:
            watch = Watch(settings, store, TARGET, Metrics(store), engine)
            work = executor.submit(watch.work)
            try:
                yield watch
            finally:
                watch.halt()
                work.result(timeout=60)

    def stop(self, daemon: subprocess.Popen[bytes], number: signal.Signals = signal.SIGTERM) -> int:
        daemon.send_signal(number)
        return daemon.wait(timeout=60)

    def end(self) -> None:
        for daemon in self._daemons:
            if daemon.poll() is None:
                daemon.kill()
                daemon.wait()

    def lines(self) -> list[dict[str, Any]]:
        return json_lines(self.out) if self.out.exists() else []

    def wait_for(self, what: Callable[[], object], seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < deadline, self.said()[-3000:]
            time.sleep(0.02)

    def wait_for_records(self, count: int, seconds: float = 30) -> None:
        self.wait_for(lambda: self.out.exists() and self.out.read_bytes().count(b"\n") >= count, seconds)

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with sqlite3.connect(self.data / "pipeline.sqlite3", timeout=20) as database:
            return database.execute(statement).fetchall()

    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def children_alive(self) -> list[str]:
        """The walled children that still run, of those that ever read."""
        log = self.data / "read.log"
        pids = {line.split()[1] for line in log.read_text().splitlines()} if log.exists() else set()
        return [pid for pid in pids if alive(pid)]
