"""One walled child process, seen from its parent: asked with a deadline, killed as a group."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from pipeline.config import Settings
from pipeline.model import EngineError
from pipeline.store.object_store import find_originals
from pipeline.walled.wall import LENGTH_BYTES, MAX_ANSWER_BYTES

# For loading specs and engines, on a busy machine.
START_SECONDS = 120.0
# The child ends its job itself when the time is over; if it cannot even do that, its parent ends it so much later.
GRACE_SECONDS = 10.0
# What a child may know of where it runs.
KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "TESSDATA_PREFIX", "TZ")
ONE_THREAD = dict.fromkeys(
    ("OMP_THREAD_LIMIT", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "MALLOC_ARENA_MAX"), "1"
)


class ChildDiedError(Exception):
    """The child, or its job's process, is gone; `signal_number` is 0 when no signal ended it."""

    def __init__(self, signal_number: int) -> None:
        super().__init__(f"signal {signal_number}" if signal_number else "exit")
        self.signal_number = signal_number


class ChildTimedOutError(Exception):
    """The child did not answer in time."""


class Child:
    """One walled process. Made, it runs; `start` waits until it can be asked."""

    def __init__(self, settings: Settings, target: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"{os.getpid()}-", dir=temporary_root(settings)))
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "pipeline.walled.wall", target],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            env=environment(self.folder),
            start_new_session=True,
        )

    def start(self, settings: Settings) -> None:
        """Hands over the settings and waits for specs and engines. Raises `EngineError`: that is never a document's."""
        try:
            self._send(settings.model_dump_json().encode())
            answer = self._answer(START_SECONDS)
        except (ChildDiedError, ChildTimedOutError) as error:
            raise EngineError(f"the reading process does not start: {error}") from error
        if answer != {"answer": "ready"}:
            raise EngineError(answer.get("lost", "the reading process does not start"))

    def ask(self, request: bytes, seconds: float) -> dict[str, str]:
        """The child's answer. Raises `ChildTimedOutError` and `ChildDiedError`; after either it is of no more use."""
        self._send(request)
        return self._answer(seconds + GRACE_SECONDS)

    def _answer(self, seconds: float) -> dict[str, str]:
        deadline = time.monotonic() + seconds
        length = int.from_bytes(self._receive(LENGTH_BYTES, deadline), "big")
        if length > MAX_ANSWER_BYTES:
            raise ChildDiedError(self._end())
        return parse_answer(self._receive(length, deadline))

    def kill(self) -> None:
        """Ends the child and all that it started; its folder goes too."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def close(self) -> None:
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()

    def _send(self, content: bytes) -> None:
        assert self._process.stdin
        try:
            self._process.stdin.write(len(content).to_bytes(LENGTH_BYTES, "big") + content)
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise ChildDiedError(self._end()) from error

    def _receive(self, count: int, deadline: float) -> bytes:
        assert self._process.stdout
        descriptor = self._process.stdout.fileno()
        content = bytearray()
        while len(content) < count:
            ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise ChildTimedOutError
            chunk = os.read(descriptor, min(count - len(content), 1 << 16))
            if not chunk:
                raise ChildDiedError(self._end())
            content += chunk
        return bytes(content)

    def _end(self) -> int:
        """How the child ended: the signal's number, or 0. Its pipe is closed, so it ends by itself or is made to."""
        try:
            status = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self.kill()
            return 0
        return max(0, -status)


def parse_answer(content: bytes) -> dict[str, str]:
    """The answer, checked: the child may have been taken over."""
    try:
        answer = json.loads(content)
    except ValueError:
        return {"fault": "answer is no JSON"}
    if not (isinstance(answer, dict) and all(isinstance(value, str) for value in answer.values())):
        return {"fault": "answer is of another shape"}
    return answer


def environment(folder: Path) -> dict[str, str]:
    """Next to nothing of ours; modules are found where the parent finds them."""
    package = str(Path(__file__).resolve().parent.parent.parent)
    folders = [entry for entry in sys.path if Path(entry).is_absolute()]
    return {
        **{name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ},
        **ONE_THREAD,
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONPATH": os.pathsep.join((package, *folders)),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def temporary_root(settings: Settings) -> Path:
    root = settings.paths.data / "tmp"
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    return root


def sweep(settings: Settings) -> None:
    """Removes what a killed run and its children have left: all of it is named for the run's process."""
    find_originals(settings).sweep()
    for folder in temporary_root(settings).iterdir():
        owner = folder.name.partition("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(folder, ignore_errors=True)
