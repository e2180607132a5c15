"""Starts daemons by forking, the program loaded once: for tests that start and kill very many.

Each line on standard input is a JSON object: `arguments` of the pipeline's command, `target`, `log`, and `crash_at`: at
which commit, rename or sync the daemon kills itself (0: never). Each daemon's process id is a line on standard output.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Callable
from itertools import count
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from pipeline.__main__ import main
from pipeline.wall import die_with_parent


def crash_at(number: int) -> None:
    """Has this process killed at its so many-th point at which something becomes lasting: right before or after."""
    points = count(1)

    def reached(*_: Any) -> None:
        if next(points) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    def before(function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*arguments: Any, **more: Any) -> Any:
            reached()
            return function(*arguments, **more)

        return wrapped

    os.fsync = before(os.fsync)
    sys.addaudithook(lambda name, _: reached() if name in ("os.rename", "os.remove") else None)
    event.listen(Engine, "commit", reached)
    event.listen(Session, "after_commit", reached)


def serve() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.setsid()
            die_with_parent()  # should the test end without ending it
            log = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            for descriptor in (1, 2):
                os.dup2(log, descriptor)
            if order["crash_at"]:
                crash_at(order["crash_at"])
            os._exit(main(order["arguments"], target=order["target"]))
        print(pid, flush=True)


if __name__ == "__main__":
    serve()
