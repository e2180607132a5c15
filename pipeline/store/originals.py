"""What came in, kept byte for byte and named by its sha256: originals/ab/abcdef..., in a folder or an object store.

In a folder, a name is there only once its bytes are on the disk: written beside, synced, renamed, folder synced.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import stat
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Protocol

CHUNK = 1 << 20
PART = ".part"


@dataclass(frozen=True)
class FileContent:
    """One file's bytes; `content` is None when it is over the limit (`sha256` still holds).

    modified: seconds since 1970. identity: the same for the same file under another name; None where it has none.
    """

    sha256: str
    content: bytes | None = field(repr=False)
    modified: float
    identity: str | None = None


def read_file(path: Path, *, follow: bool, max_bytes: int) -> FileContent:
    """The bytes of a plain file, of which at most `max_bytes` are ever held.

    Raises OSError, also for what is no plain file any more; a link is followed only on request.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if follow else os.O_NOFOLLOW)
    with os.fdopen(os.open(path, flags), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(f"{path}: not a plain file")
        identity = f"{status.st_ino}:{status.st_size}:{status.st_mtime_ns}"
        content: bytes | None = file.read(max_bytes + 1)
        assert content is not None
        digest = hashlib.sha256(content)
        if len(content) > max_bytes:
            content = None
            while chunk := file.read(CHUNK):
                digest.update(chunk)
        return FileContent(digest.hexdigest(), content, status.st_mtime, identity)


class Originals(Protocol):
    """Where the originals are kept, by their sha256. Raises OSError."""

    def place(self, name: str) -> str:
        """Where that one is, or would be: a path or a URL."""

    def keep(self, file: FileContent) -> None:
        """Puts it there for good; nothing happens when it is there (disk full: OSError)."""

    def read(self, name: str) -> bytes: ...

    def missing(self, names: Iterable[str]) -> int:
        """How many of these are not there."""

    def lend(self, place: str) -> str:
        """How somebody who has no keys may read what is there."""

    def check(self) -> None:
        """Does nothing where it can be used."""

    def sweep(self) -> None:
        """Removes what killed processes of this machine have left half written."""


@dataclass(frozen=True)
class Folder:
    """Originals in a folder, made when missing."""

    root: Path

    def __post_init__(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)

    def place(self, name: str) -> str:
        return str(self.root / below(name))

    def keep(self, file: FileContent) -> None:
        keep(self.root, file)

    def read(self, name: str) -> bytes:
        return (self.root / below(name)).read_bytes()

    def missing(self, names: Iterable[str]) -> int:
        return sum(not (self.root / below(name)).exists() for name in names)

    def lend(self, place: str) -> str:
        return place

    def check(self) -> None:
        list(self.root.glob("*"))

    def sweep(self) -> None:
        sweep_parts(self.root)


def below(name: str) -> str:
    return f"{name[:2]}/{name}"


def keep(root: Path, file: FileContent) -> None:
    """Puts the bytes under `root` for good; nothing happens when they are there. Raises OSError (disk full)."""
    path = root / below(file.sha256)
    if path.exists():
        return
    if file.content is None:
        raise ValueError("a file over the limit is not kept")
    made = not path.parent.exists()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if made:
        sync_folder(root)
    write_whole(path, file.content)


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file so that it is there whole or not at all, whatever happens. Raises OSError."""
    part = path.with_name(f".{path.name}.{os.getpid()}-{token_hex(4)}-{node()}{PART}")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise
    sync_folder(path.parent)


def sweep_parts(root: Path) -> None:
    """Removes what killed processes of this machine have left half written: such files are named for their writer."""
    for part in root.glob(f"*/.*{PART}"):
        writer, _, rest = part.name.removesuffix(PART).rpartition(".")[2].partition("-")
        if rest.partition("-")[2] in ("", node()) and not Path(f"/proc/{writer}").exists():
            part.unlink(missing_ok=True)


def node() -> str:
    """This machine's name, as far as it can stand in a file's."""
    return re.sub(r"[^A-Za-z0-9-]", "-", platform.node())


def sync_folder(folder: Path) -> None:
    """Makes the names in `folder` last through a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
