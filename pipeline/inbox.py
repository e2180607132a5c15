"""Which files are meant by the paths given: folders walked in sorted order, links and strays passed over."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.sniff import looks_like_mail, looks_like_pdf

SUFFIXES = frozenset({".eml", ".pdf"})
# Left by desktops and by programs that are not done yet.
STRAY_NAMES = frozenset({"thumbs.db", "desktop.ini"})
STRAY_SUFFIXES = frozenset({".part", ".partial", ".tmp", ".crdownload", ".swp"})
HEAD_BYTES = 1 << 14


@dataclass(frozen=True)
class Incoming:
    """A file to treat. `named`: it was given by name, so it is treated whatever it is, and a link is followed."""

    path: Path
    named: bool = False

    @property
    def shown(self) -> str:
        return shown(self.path)

    @property
    def where(self) -> bytes:
        """What identifies the file: its absolute path, links resolved."""
        return os.fsencode(self.path.resolve())


@dataclass(frozen=True)
class Ignored:
    """A file in a folder that is passed over. `stray`: as expected; else a person may want to know."""

    path: Path
    stray: bool


@dataclass(frozen=True)
class Unread:
    """A file or folder that cannot be read, and why."""

    path: Path
    reason: str


Found = Incoming | Ignored | Unread


class NoSuchPathError(Exception):
    """A path on the command line is neither a file nor a folder."""


def walk(paths: Iterable[Path], *, data: Path | None = None) -> Iterator[Found]:
    """All that the paths hold, in the order given, folders sorted. Raises `NoSuchPathError` at once.

    data: our own store, which is passed over where it lies in a folder: its originals are no new documents.
    """
    checked = [(path, kind_of(path)) for path in paths]
    for path, kind in checked:
        if stat.S_ISDIR(kind):
            yield from walk_folder(path, data.resolve() if data else None)
        else:
            yield Incoming(path, named=True)


def shown(path: Path) -> str:
    """The path for people and JSON: bytes that are no UTF-8 become a replacement character."""
    return os.fsencode(path).decode("utf-8", "replace")


def kind_of(path: Path) -> int:
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise NoSuchPathError(f"{path}: {error.strerror}") from error
    if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
        raise NoSuchPathError(f"{path}: not a file or folder")
    return mode


def walk_folder(folder: Path, data: Path | None) -> Iterator[Found]:
    for found in entries(folder, data):
        yield sort_file(found) if isinstance(found, Path) else found


def entries(folder: Path, data: Path | None) -> Iterator[Path | Ignored | Unread]:
    """The plain files of a folder and of those within it, in sorted order, and what is passed over for what it is."""
    if data and folder.resolve() == data:
        yield Ignored(folder, stray=True)
        return
    try:
        with os.scandir(folder) as scan:
            ordered = sorted(scan, key=lambda entry: entry.name)
    except OSError as error:
        yield Unread(folder, error.strerror or str(error))
        return
    for entry in ordered:
        path = folder / entry.name
        if entry.is_symlink() or entry.name.startswith("."):
            yield Ignored(path, stray=True)
        elif entry.is_dir(follow_symlinks=False):
            yield from entries(path, data)
        elif entry.is_file(follow_symlinks=False):
            yield path
        else:
            yield Ignored(path, stray=True)


def sort_file(path: Path) -> Found:
    """A file of a folder is treated for its name or for its content."""
    suffix = path.suffix.lower()
    if suffix in STRAY_SUFFIXES or path.name.lower() in STRAY_NAMES:
        return Ignored(path, stray=True)
    if suffix in SUFFIXES:
        return Incoming(path)
    try:
        head = read_head(path)
    except OSError as error:
        return Unread(path, error.strerror or str(error))
    if looks_like_pdf(head) or looks_like_mail(head):
        return Incoming(path)
    return Ignored(path, stray=False)


def read_head(path: Path) -> bytes:
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        return file.read(HEAD_BYTES)
