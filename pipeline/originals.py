"""What came in, kept byte for byte and named by its sha256: DATA/originals/ab/abcdef...

A name is there only once its bytes are on the disk: written beside, synced, renamed, folder synced.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

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


def path_of(root: Path, sha256: str) -> Path:
    return root / sha256[:2] / sha256


def keep(root: Path, file: FileContent) -> Path:
    """Puts the bytes under `root` for good; nothing happens when they are there. Raises OSError (disk full)."""
    path = path_of(root, file.sha256)
    if path.exists():
        return path
    if file.content is None:
        raise ValueError("a file over the limit is not kept")
    made = not path.parent.exists()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if made:
        sync_folder(root)
    write_whole(path, file.content)
    return path


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
