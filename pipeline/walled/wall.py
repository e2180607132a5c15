"""The child process around untrusted bytes: warm, limited, and forked anew for every job.

`python -m pipeline.walled.wall MODULE:FUNCTION`. The function gets the settings and gives the work: bytes of a request
in, JSON text out. This process loads the tools once and never touches what strangers sent: each job is done by a fork
of it, which costs milliseconds, and which takes nothing along when it ends, is killed, or is taken over.

Messages are frames: four bytes of length, then JSON. The first frame in is the settings, answered by
`{"answer": "ready"}` once the tools are loaded. Each later answer is one of `{"answer": text}`, `{"limit": what}` (out
of time or memory), `{"died": signal}` (0 where none ended it), `{"fault": where}` (a fault of ours on this document)
and `{"lost": why}` (an engine broke down).
"""

from __future__ import annotations

import ctypes
import importlib
import itertools
import json
import os
import resource
import select
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from pipeline.config import Settings
from pipeline.model import EngineError

DEFAULT_TARGET = "pipeline.walled.work:open_work"
LENGTH_BYTES = 4
MAX_ANSWER_BYTES = 64 << 20
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
JOB_FOLDER = "job"
DONE = object()
# Who has had so many jobs has many more to come, most likely: before that, preparing costs more than it spares.
FEW_JOBS = 6

# May have a `warm_up()` that yields after each step of its preparation, done between the jobs.
Work = Callable[[bytes], str]


def main(target: str) -> None:
    requests, answers = claim_pipes()
    die_with_parent()
    adopt_orphans()
    settings = Settings.model_validate_json(read_frame(requests))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        work = open_target(target, settings)
    except Exception as error:  # noqa: BLE001 - said to the parent, which stops
        write_frame(answers, json.dumps({"lost": f"{type(error).__name__}: {error}"}).encode())
        return
    give_memory_back()
    write_frame(answers, json.dumps({"answer": "ready"}).encode())
    steps = work.warm_up() if hasattr(work, "warm_up") else iter(())
    for done in itertools.count(1):
        request = read_frame(requests)
        if not request:
            return
        write_frame(answers, answer_in_fork(work, request, settings, unwanted=(requests, answers)))
        if done > FEW_JOBS and next(steps, DONE) is not DONE:
            give_memory_back()


def answer_in_fork(work: Work, request: bytes, settings: Settings, *, unwanted: tuple[BinaryIO, ...] = ()) -> bytes:
    """One job's answer as JSON, from a process that does nothing else. `unwanted`: files that it must not reach."""
    reading, writing = os.pipe()
    Path(JOB_FOLDER).mkdir(mode=0o700)
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            do_job(work, request, settings, writing, parent, unwanted)
        finally:
            os._exit(1)
    os.close(writing)
    content = receive(reading, settings.limits.seconds_per_document)
    os.close(reading)
    ending = end_family(child, grace=0.0 if content is None else 1.0)
    shutil.rmtree(JOB_FOLDER, ignore_errors=True)
    if content is None:
        return json.dumps({"limit": "time"}).encode()
    length, answer = content[:LENGTH_BYTES], content[LENGTH_BYTES:]
    if len(length) < LENGTH_BYTES or int.from_bytes(length, "big") != len(answer):
        return json.dumps({"died": str(ending)}).encode()
    return answer


def do_job(
    work: Work, request: bytes, settings: Settings, writing: int, parent: int, unwanted: tuple[BinaryIO, ...]
) -> None:
    """The fork's whole life."""
    die_with_parent()
    if os.getppid() != parent:
        return
    for file in unwanted:
        os.close(file.fileno())
    os.chdir(JOB_FOLDER)
    os.environ["TMPDIR"] = os.environ["HOME"] = str(Path.cwd())
    memory = address_space() + settings.limits.memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    seconds = int(settings.limits.seconds_per_document) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))  # a second line behind the clock
    with os.fdopen(writing, "wb") as answers:
        write_frame(answers, json.dumps(attempt(work, request)).encode())
    os._exit(0)


def receive(pipe: int, seconds: float) -> bytes | None:
    """What comes until the other side ends or is far too long; None when the time is over."""
    deadline = time.monotonic() + seconds
    content = bytearray()
    while len(content) <= MAX_ANSWER_BYTES:
        ready, _, _ = select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            return None
        chunk = os.read(pipe, 1 << 16)
        if not chunk:
            break
        content += chunk
    return bytes(content)


def end_family(child: int, *, grace: float) -> int:
    """Ends the fork and all that it has started, wherever that is; the signal that ended the fork itself, or 0.

    grace: seconds for one that has closed its answer and is ending by itself: how it does, tells what happened.
    """
    deadline = time.monotonic() + grace
    pid, status = os.waitpid(child, os.WNOHANG)
    while not pid and time.monotonic() < deadline:
        time.sleep(0.002)
        pid, status = os.waitpid(child, os.WNOHANG)
    if not pid:
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    listing = Path(f"/proc/self/task/{os.getpid()}/children")
    while listing.exists() and (orphans := listing.read_text().split()):
        for orphan in map(int, orphans):
            with suppress(ProcessLookupError):
                os.kill(orphan, signal.SIGKILL)
            with suppress(ChildProcessError):
                os.waitpid(orphan, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def attempt(work: Work, request: bytes) -> dict[str, str]:
    """One job's answer, whatever happens in it: this is the wall, so it catches everything that can be caught."""
    try:
        return {"answer": work(request)}
    except MemoryError:
        return {"limit": "memory"}
    except EngineError as error:
        return {"lost": str(error)}
    except Exception as error:  # noqa: BLE001 - the document must not take its neighbours with it
        return {"fault": describe(error)}


def open_target(target: str, settings: Settings) -> Work:
    module, _, function = target.partition(":")
    work: Work = getattr(importlib.import_module(module), function)(settings)
    return work


def describe(error: BaseException) -> str:
    """Kind and place of a fault, without its text, which may quote the document."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "pipeline" in frame.filename]
    where = f" at {os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""  # noqa: PTH119
    return f"{type(error).__name__}{where}"


def claim_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes, out of reach of libraries that print: what they write goes nowhere."""
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    return requests, answers


def die_with_parent() -> None:
    """No orphan: the kernel kills this process when its parent is gone."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def adopt_orphans() -> None:
    """What a job's process started and left behind becomes this one's child, and is ended with the job."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1)


def address_space() -> int:
    """Bytes of address space that this process has: what the tools take is no document's, and is far more of it than of
    memory."""
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def give_memory_back() -> None:
    """What preparing took and let go goes back to the system: this process lives for months, and every fork has it."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):  # the GNU C library's
        libc.malloc_trim(0)


def read_frame(pipe: BinaryIO) -> bytes:
    """The next frame; empty when the other side is gone."""
    head = pipe.read(LENGTH_BYTES)
    return pipe.read(int.from_bytes(head, "big")) if len(head) == LENGTH_BYTES else b""


def write_frame(pipe: BinaryIO, content: bytes) -> None:
    pipe.write(len(content).to_bytes(LENGTH_BYTES, "big") + content)
    pipe.flush()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else DEFAULT_TARGET)
