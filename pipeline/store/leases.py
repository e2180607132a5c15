"""Which run holds what: a lock for each run, and a lock file for the daemon, let go when its holder dies, however.

A run's lock is a file, which the kernel lets go; on PostgreSQL it is a connection's, which the server lets go.
"""

from __future__ import annotations

import fcntl
import os
import platform
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import Protocol, Self

from sqlalchemy import Engine, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from pipeline.store.database import number_of


class HeldError(Exception):
    """Another process holds the lock; the text is what that process wrote into it."""


class Lock:
    """An exclusive lock on a file, held until closed or until the process ends, however it ends.

    Raises `HeldError` when another process has it, and OSError.
    """

    def __init__(self, path: Path, note: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path = path
        self._file = path.open("a+", encoding="utf-8")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.seek(0)
            held = self._file.read().strip()
            self._file.close()
            raise HeldError(held) from error
        self._file.truncate(0)
        self._file.write(note)
        self._file.flush()

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Run(Protocol):
    """One run over a store; `name` is what it signs its leases with. Use as a context."""

    name: str

    def lives(self, name: str) -> bool:
        """Whether the run of that name still works."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class LocalRun(Lock):
    """One among the runs of this machine. The locks of dead runs are cleared away."""

    def __init__(self, data: Path) -> None:
        self._folder = data / "runs"
        self.name = f"{os.getpid()}-{token_hex(6)}"
        # Locked before it has its name, so that no other run takes it for a dead one's in between.
        super().__init__(self._folder / f".{self.name}", str(os.getpid()))
        self.path = self.path.rename(self._folder / self.name)
        for other in self._folder.iterdir():
            if not other.name.startswith(".") and not self.lives(other.name):
                with suppress(FileNotFoundError):
                    other.unlink()

    def lives(self, name: str) -> bool:
        if name == self.name:
            return True
        try:
            with (self._folder / name).open() as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def close(self) -> None:
        with suppress(FileNotFoundError):
            self.path.unlink()
        super().close()


class RemoteRun:
    """One among the runs of many machines: a lock on the server, of a connection that does nothing else.

    Should that connection break though the run goes on, others may read the same documents too: the first record
    stands. Raises SQLAlchemy's errors.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.name = f"{platform.node()}-{os.getpid()}-{token_hex(6)}"
        # No transaction: that would stand still for days.
        self._connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._number = number_of(f"run {self.name}")
        self._connection.execute(select(func.pg_advisory_lock(self._number)))

    def lives(self, name: str) -> bool:
        if name == self.name:
            return True
        number = number_of(f"run {name}")
        held = text(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1 "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
            "AND classid::bigint = :high AND objid::bigint = :low)"
        )
        with self._engine.connect() as connection:
            return bool(connection.scalar(held, {"high": number >> 32, "low": number & 0xFFFFFFFF}))

    def close(self) -> None:
        # The server lets go of a closed connection's lock too, but only in its own time.
        with suppress(SQLAlchemyError):
            self._connection.execute(select(func.pg_advisory_unlock(self._number)))
        # Should that have failed, a connection that goes back to the pool would keep the lock.
        with suppress(SQLAlchemyError):
            self._connection.detach()
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
