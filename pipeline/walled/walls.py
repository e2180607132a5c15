"""The parent's side of the wall: a walled child a thread, started anew when it dies, and what its answers mean."""

from __future__ import annotations

import logging
import signal
import threading
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from pipeline.config import Settings
from pipeline.jobs import Job, Request
from pipeline.model import Code, EngineError
from pipeline.store.object_store import fetched
from pipeline.walled.child import Child, ChildDiedError, ChildTimedOutError, temporary_root
from pipeline.walled.wall import DEFAULT_TARGET

LOGGER = logging.getLogger(__name__)
# Out of memory, the kernel kills and libraries abort: that says nothing against the document.
LIMIT_SIGNALS = (signal.SIGKILL, signal.SIGABRT, signal.SIGXCPU)


@dataclass(frozen=True)
class Failure:
    """A document that could not be got through the wall: `code` is what its record says, `detail` is for the log."""

    code: Code
    detail: str


class ClosedError(Exception):
    """The walls were closed: no more jobs."""


class Walls:
    """A child for each thread that asks. Use as a context: leaving it kills them all."""

    def __init__(self, settings: Settings, *, target: str = DEFAULT_TARGET) -> None:
        self._settings = settings
        self._target = target
        self._mine = threading.local()
        self._children: set[Child] = set()
        self._lock = threading.Lock()
        self._closed = False

    def ask(self, job: Job) -> str | Failure:
        """The answer as JSON, or why there is none. Raises `EngineError` when it is not the document's fault."""
        # Out here: inside the wall there are neither keys nor a reason to use the network.
        with fetched(job.original, temporary_root(self._settings)) as original:
            return self._ask(job.model_copy(update={"original": original}))

    def _ask(self, job: Job) -> str | Failure:
        request = Request(job=job).model_dump_json().encode()
        try:
            return self._attempt(request)
        except (ChildDiedError, EngineError) as first:
            LOGGER.warning("a reading process failed (%s); trying once more", first)
        try:
            return self._attempt(request)
        except ChildDiedError as second:
            limited = second.signal_number in LIMIT_SIGNALS
            return Failure(Code.PROCESSING_LIMIT if limited else Code.DOCUMENT_UNREADABLE, f"child died: {second}")

    def close(self) -> None:
        with self._lock:
            self._closed = True
            children = list(self._children)
        for child in children:
            child.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _attempt(self, request: bytes) -> str | Failure:
        child = self._child()
        try:
            answer = child.ask(request, self._settings.limits.seconds_per_document)
        except ChildTimedOutError:
            self._drop(child)
            return Failure(Code.PROCESSING_LIMIT, "time")
        except ChildDiedError:
            self._drop(child)
            if self._closed:
                raise ClosedError from None
            raise
        if "lost" in answer:
            self._drop(child)
        return understand(answer)

    def _child(self) -> Child:
        child: Child | None = getattr(self._mine, "child", None)
        if child is not None:
            return child
        with self._lock:
            if self._closed:
                raise ClosedError
            child = Child(self._settings, self._target)
            self._children.add(child)
        try:
            child.start(self._settings)
        except EngineError as error:
            self._drop(child)
            if self._closed:
                raise ClosedError from error
            raise
        self._mine.child = child
        return child

    def _drop(self, child: Child) -> None:
        self._mine.child = None
        with self._lock:
            self._children.discard(child)
        child.close()


def understand(answer: dict[str, str]) -> str | Failure:
    if "answer" in answer:
        return answer["answer"]
    if "lost" in answer:
        raise EngineError(answer["lost"])
    if answer.get("died", "").isdecimal():
        raise ChildDiedError(int(answer["died"]))
    if "limit" in answer:
        return Failure(Code.PROCESSING_LIMIT, answer["limit"])
    # A fault of ours is no ground to refuse a document: a person looks.
    return Failure(Code.PROCESSING_LIMIT, f"fault: {answer.get('fault', 'unknown')}")
