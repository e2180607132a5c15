"""Originals in an object store (S3 and what is like it), by fsspec: kept, counted, lent to workers, fetched.

Keys and addresses of the store are where its own library looks for them: the environment (`AWS_ACCESS_KEY_ID`,
`AWS_ENDPOINT_URL` ...), its files, or the machine's role.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import IO, Any, TypeVar
from urllib.parse import urlsplit
from urllib.request import urlopen

from pipeline.config import Settings
from pipeline.model import EngineError
from pipeline.store.originals import FileContent, Folder, Originals, below

# For one attempt to get anything from the store.
SECONDS = 60
# A lent original may wait for a worker for so long, in seconds.
LENT_SECONDS = 3600
Found = TypeVar("Found")


class ObjectStore:
    """Originals under a URL. Raises OSError, whatever the store's library raises."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._files: Any = asked(lambda: files_at(self.url))

    def place(self, name: str) -> str:
        return f"{self.url}/{below(name)}"

    def keep(self, file: FileContent) -> None:
        """An object is there whole or not at all."""
        place = self.place(file.sha256)
        if not asked(lambda: self._files.exists(place)):
            asked(lambda: self._files.pipe_file(place, file.content))

    def read(self, name: str) -> bytes:
        content: bytes = asked(lambda: self._files.cat_file(self.place(name)))
        return content

    def missing(self, names: Iterable[str]) -> int:
        """Listed at once: asking after each would take hours."""
        there = {PurePosixPath(path).name for path in asked(lambda: self._files.find(self.url))}
        return sum(name not in there for name in names)

    def lend(self, place: str) -> str:
        """An address by which whoever has it, and only they, may read this one original for a while."""
        try:
            return str(self._files.sign(self._files._strip_protocol(place), expiration=LENT_SECONDS))
        except NotImplementedError:
            return place

    def check(self) -> None:
        """The bucket, for there may be no original yet."""
        bucket = urlsplit(self.url).netloc
        asked(lambda: self._files.ls(bucket))

    def sweep(self) -> None:
        """Nothing is ever left half written."""


def files_at(url: str) -> Any:
    import fsspec  # only here and below: few need it

    return fsspec.core.url_to_fs(url, use_listings_cache=False)[0]


def asked(ask: Callable[[], Found]) -> Found:
    try:
        return ask()
    except OSError:
        raise
    except Exception as error:  # each library has its own
        raise OSError(f"object store: {type(error).__name__}") from error


def is_remote(place: str) -> bool:
    return "://" in place


def find_originals(settings: Settings) -> Originals:
    """Where the configuration has them. Raises OSError."""
    place = settings.paths.originals
    if is_remote(place):
        return ObjectStore(place)
    return Folder(Path(place) if place else settings.paths.data / "originals")


@contextmanager
def fetched(place: str, folder: Path) -> Iterator[str]:
    """The original as a file of this machine, for as long as the block lasts; one that is such stays where it is.

    Raises `EngineError` when it cannot be had, or is not what its name says: that is never the document's fault.
    """
    if not is_remote(place):
        yield place
        return
    name = PurePosixPath(urlsplit(place).path).name
    with TemporaryDirectory(prefix="original-", dir=folder) as here:
        path = Path(here) / name
        try:
            with asked(lambda: opened(place)) as source, path.open("xb") as copy:
                shutil.copyfileobj(source, copy)
            digest = sha256(path.read_bytes()).hexdigest()
        except OSError as error:
            raise EngineError(f"an original cannot be fetched ({type(error).__name__})") from error
        if digest != name:
            raise EngineError("an original is not as it was kept")
        yield str(path)


def opened(place: str) -> IO[bytes]:
    if urlsplit(place).scheme in ("http", "https"):
        lent: IO[bytes] = urlopen(place, timeout=SECONDS)
        return lent
    import fsspec

    kept: IO[bytes] = fsspec.open(place, "rb").open()
    return kept
