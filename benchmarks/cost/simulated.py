"""Workers that only let time pass: as many as one likes, each busy for as long as a document was measured to take."""

from __future__ import annotations

import heapq
import json
import random
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pipeline.jobs import Enclosure, Job, Parcel, ReadDocument

ROOT = Path(__file__).resolve().parent.parent.parent
RECORDS = ROOT / "tests" / "evaluation" / "records.jsonl"
# Seconds that reading took, of every second labelled scan in November 2026, and what taking a file apart takes.
SECONDS = (
    *(
        0.0,
        0.0,
        0.15,
        0.23,
        0.24,
        0.35,
        0.47,
        0.48,
        0.54,
        0.56,
        0.6,
        0.6,
        0.61,
        0.62,
        0.63,
        0.63,
        0.64,
        0.65,
        0.65,
        0.67,
    ),
    *(
        0.67,
        0.68,
        0.69,
        0.69,
        0.7,
        0.72,
        0.72,
        0.74,
        0.75,
        0.76,
        0.78,
        0.79,
        0.8,
        0.8,
        0.8,
        0.8,
        0.81,
        0.84,
        0.86,
        0.86,
    ),
    *(0.9, 0.9, 0.9, 1.08, 1.12, 1.19),
)
APART = 0.015


class SimulatedExecutor(Executor):
    """`workers` of them; a job waits for the first that is free, and is answered when its time is over."""

    def __init__(self, workers: int, seed: int = 1) -> None:
        self.busy = 0.0
        self._free = workers
        self._chance = random.Random(seed)
        self._template = json.loads(RECORDS.read_text(encoding="utf-8").splitlines()[0])
        self._waiting: deque[tuple[Future[Any], Job]] = deque()
        self._ends: list[tuple[float, int, Future[Any], Job]] = []
        self._count = 0
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._pass_time, daemon=True)
        self._thread.start()

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        with self._changed:
            self._waiting.append((future, arguments[0]))
            self._begin()
            self._changed.notify()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _begin(self) -> None:
        while self._free and self._waiting:
            future, job = self._waiting.popleft()
            seconds = self._chance.choice(SECONDS) if isinstance(job, ReadDocument) else APART
            self._free -= 1
            self.busy += seconds
            self._count += 1
            heapq.heappush(self._ends, (time.monotonic() + seconds, self._count, future, job))

    def _pass_time(self) -> None:
        while not self._closed:
            over = []
            with self._changed:
                now = time.monotonic()
                while self._ends and self._ends[0][0] <= now:
                    over.append(heapq.heappop(self._ends)[2:])
                    self._free += 1
                self._begin()
                if not over and not self._closed:
                    self._changed.wait(self._ends[0][0] - now if self._ends else None)
            for future, job in over:
                future.set_result(self._answer(job))

    def _answer(self, job: Job) -> str:
        if not isinstance(job, ReadDocument):
            # An original is named by its hash.
            return Parcel(enclosures=(Enclosure(sha256=Path(job.original).name),)).model_dump_json()
        source = job.source.model_dump(mode="json")
        return json.dumps(self._template | {"id": job.record_id, "source": source}, ensure_ascii=False)


class SimulatedWorkforce:
    """Such workers as a dispatcher has them."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.executor = SimulatedExecutor(workers)

    @staticmethod
    def ask(job: Job) -> str:
        raise AssertionError("nobody reads")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.executor.shutdown()
