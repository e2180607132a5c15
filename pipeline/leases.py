"""Which run holds what: a lock file for each run, and one for the daemon, which the kernel lets go when it dies."""

from __future__ import annotations

import fcntl
import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import Self


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


class Run(Lock):
    """One run over a store; `name` is what it signs its leases with. The locks of dead runs are cleared away."""

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
        """Whether the run of that name still works."""
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
