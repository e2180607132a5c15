"""Starts daemons by forking, the program loaded once: for tests that start and kill very many.

Each line on standard input is a JSON object: `arguments` of the pipeline's command, `target`, `log`, `points`: the file
to which the daemon adds the name of each point at which something becomes lasting (commit, rename, removal, sync), and
`crash_at`: the name of the one at which it kills itself ("": none), when it comes by for the `turn`-th time. Each
daemon's process id is a line on standard output.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections import Counter
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session

import pipeline.commands.watch  # noqa: F401 - else each daemon would load it anew
from pipeline.__main__ import main
from pipeline.walled.wall import die_with_parent


def pass_points(points: str, crash_at: str, turn: int) -> None:
    """Names the points at which something becomes lasting, each right before it or after; kills this process at one."""
    names = os.open(points, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    passed = Counter[str]()

    def reached(what: str) -> None:
        name = f"{what} in {place()}"
        passed[name] += 1
        if passed[name] == 1:
            os.write(names, f"{name}\n".encode())
        if name == crash_at and passed[name] == turn:
            os.kill(os.getpid(), signal.SIGKILL)

    sync = os.fsync

    def fsync(descriptor: Any) -> None:
        reached("sync")
        sync(descriptor)

    os.fsync = fsync  # type: ignore[assignment]
    sys.addaudithook(lambda name, _: reached(name) if name in ("os.rename", "os.remove") else None)
    changes: dict[int, int] = {}
    written = threading.local()

    def before_commit(connection: Connection) -> None:
        """What only looks is no point."""
        database: Any = connection.connection.dbapi_connection
        if connection.dialect.name == "sqlite":
            written.now = database.total_changes != changes.get(id(database), 0)
            changes[id(database)] = database.total_changes
        else:  # it does not say what it has changed
            written.now = True
        if written.now:
            reached("before commit")

    event.listen(Engine, "commit", before_commit)
    event.listen(Session, "after_commit", lambda _: reached("after commit") if written.now else None)


def place() -> str:
    """The innermost two functions of the pipeline that are at work: `originals.write < originals.keep`."""
    found: list[str] = []
    frame = sys._getframe(1)
    while frame.f_back and len(found) < 2:
        frame = frame.f_back
        module = frame.f_globals.get("__name__", "")
        if module.startswith("pipeline."):
            found.append(f"{module.removeprefix('pipeline.')}.{frame.f_code.co_name}")
    return " < ".join(found)


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
            pass_points(order["points"], order["crash_at"], order["turn"])
            os._exit(main(order["arguments"], target=order["target"]))
        print(pid, flush=True)


if __name__ == "__main__":
    serve()
