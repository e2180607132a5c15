"""What a document looks like, as PNGs: made behind the wall, kept in memory for a while, never on the disk."""

from __future__ import annotations

import logging
import threading
from base64 import b64decode
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from pydantic import ValidationError

from pipeline.jobs import Depict, Depiction, Job
from pipeline.model import Box, EngineError, Record
from pipeline.store.records import Stored
from pipeline.walled.walls import Failure, Walls

LOGGER = logging.getLogger(__name__)
PNG = b"\x89PNG\r\n\x1a\n"
KEPT_BYTES = 96 << 20


@dataclass(frozen=True)
class Page:
    """Size in points."""

    number: int
    width: float
    height: float
    png: bytes


@dataclass(frozen=True)
class Pictures:
    """The pages, and each field's crop by its key. laid: the pages are the form's, and boxes have a place on them."""

    laid: bool
    pages: tuple[Page, ...]
    crops: dict[str, bytes]

    @property
    def size(self) -> int:
        return sum(len(page.png) for page in self.pages) + sum(map(len, self.crops.values()))


NOTHING = Pictures(laid=False, pages=(), crops={})


class Gallery:
    """Makes the pictures of documents, one document at a time, in one walled child. Close it at the end."""

    def __init__(self, walls: Walls) -> None:
        self._walls = walls
        self._painter = ThreadPoolExecutor(1, thread_name_prefix="gallery")
        self._made: OrderedDict[tuple[str, str], Future[Pictures]] = OrderedDict()
        self._lock = threading.Lock()

    def close(self) -> None:
        self._painter.shutdown(wait=False, cancel_futures=True)

    def start(self, document: Stored, record: Record) -> Future[Pictures]:
        """Begins to make them, unless they are there."""
        form = form_name(record)
        key = (document.id, form or "")
        with self._lock:
            found = self._made.get(key)
            if found is not None and not (found.done() and (found.cancelled() or found.exception())):
                self._made.move_to_end(key)
                return found
            self._forget_old()
            made = self._made[key] = self._painter.submit(self._make, document, record, form)
            return made

    def of(self, document: Stored, record: Record) -> Pictures:
        """Raises `EngineError` where the wall itself failed."""
        return self.start(document, record).result()

    def ask(self, job: Job) -> str | Failure:
        """Any job, in the child that the pictures are made in. Raises `EngineError`."""
        return self._painter.submit(self._walls.ask, job).result()

    def _forget_old(self) -> None:
        done = [(key, made) for key, made in self._made.items() if made.done()]
        size = sum(made.result().size for _, made in done if not made.cancelled() and not made.exception())
        for key, made in done:
            if size <= KEPT_BYTES:
                return
            size -= 0 if made.cancelled() or made.exception() else made.result().size
            del self._made[key]

    def _make(self, document: Stored, record: Record, form: str | None) -> Pictures:
        if document.original is None:
            return NOTHING
        keys = tuple(record.fields)
        boxes = tuple((record.fields[key].page, Box(*record.fields[key].box)) for key in keys)
        try:
            job = Depict(original=document.original, rank=document.rank, form=form, boxes=boxes)
            answer = self._walls.ask(job)
        except EngineError as error:
            LOGGER.warning("document %s: no pictures: %s", document.id, error)
            raise
        if isinstance(answer, Failure):
            LOGGER.warning("document %s: no pictures: %s", document.id, answer.detail)
            return NOTHING
        try:
            return pictures_of(Depiction.model_validate_json(answer), keys)
        except (ValidationError, ValueError):
            LOGGER.warning("document %s: no pictures: the answer is none", document.id)
            return NOTHING


def form_name(record: Record) -> str | None:
    """The edition whose boxes the record has; None where it has none."""
    return f"{record.form.number} {record.form.edition}" if record.fields else None


def pictures_of(depiction: Depiction, keys: tuple[str, ...]) -> Pictures:
    """Raises `ValueError` for what is no PNG: the child may have been taken over."""
    return Pictures(
        laid=depiction.laid,
        pages=tuple(Page(each.number, each.width, each.height, png(each.png)) for each in depiction.leaves),
        crops={key: png(each) for key, each in zip(keys, depiction.pngs, strict=True) if each},
    )


def png(text: str) -> bytes:
    content = b64decode(text, validate=True)
    if not content.startswith(PNG):
        raise ValueError("no PNG")
    return content
