"""The child process around untrusted bytes: limits on itself, then one job after another from its pipe.

`python -m pipeline.wall MODULE:FUNCTION`. The function gets the settings and gives the work: bytes of a request in,
JSON text out. Messages are frames: four bytes of length, then JSON. The first frame in is the settings, answered by
`{"answer": "ready"}` once the tools are loaded. Each later answer is one of `{"answer": text}`, `{"limit": what}` (out
of memory), `{"fault": where}` (a fault of ours on this document) and `{"lost": why}` (an engine broke down).
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from typing import BinaryIO

from pipeline.config import Settings
from pipeline.model import EngineError

DEFAULT_TARGET = "pipeline.work:open_work"
LENGTH_BYTES = 4
PR_SET_PDEATHSIG = 1

Work = Callable[[bytes], str]


def main(target: str) -> None:
    requests, answers = claim_pipes()
    die_with_parent()
    settings = Settings.model_validate_json(read_frame(requests))
    limit_resources(settings)
    try:
        work = open_target(target, settings)
    except Exception as error:  # noqa: BLE001 - said to the parent, which stops
        write_frame(answers, json.dumps({"lost": f"{type(error).__name__}: {error}"}).encode())
        return
    write_frame(answers, json.dumps({"answer": "ready"}).encode())
    while request := read_frame(requests):
        limit_processor_time(settings)
        write_frame(answers, json.dumps(attempt(work, request)).encode())


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


def limit_resources(settings: Settings) -> None:
    memory = settings.limits.memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_processor_time(settings: Settings) -> None:
    """A second line behind the parent's clock: this document's own processor seconds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime + settings.limits.seconds_per_document) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))


def read_frame(pipe: BinaryIO) -> bytes:
    """The next frame; empty when the other side is gone."""
    head = pipe.read(LENGTH_BYTES)
    return pipe.read(int.from_bytes(head, "big")) if len(head) == LENGTH_BYTES else b""


def write_frame(pipe: BinaryIO, content: bytes) -> None:
    pipe.write(len(content).to_bytes(LENGTH_BYTES, "big") + content)
    pipe.flush()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else DEFAULT_TARGET)
