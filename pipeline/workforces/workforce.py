"""Who reads: the walled processes of this machine, or the workers of a Dask cluster. The same to whoever dispatches."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from types import TracebackType
from typing import Protocol, Self

from pipeline.config import Settings
from pipeline.jobs import Job
from pipeline.metrics import Metrics
from pipeline.model import EngineError
from pipeline.walled.walls import Failure, Walls

Ask = Callable[[Job], str | Failure]


class Workforce(Protocol):
    """Submit `ask` with a job to the `executor`: the future has the answer. Use as a context.

    Raises `EngineError`, then and in the futures, when jobs cannot be done by no fault of theirs.
    """

    @property
    def executor(self) -> Executor: ...

    @property
    def ask(self) -> Ask:
        """Answers a job from behind the wall."""

    @property
    def workers(self) -> int:
        """How many jobs are done at once, as far as is known now; at least 1."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


class LocalWorkforce:
    """So many threads of this process, each with a walled child of its own."""

    def __init__(self, settings: Settings, target: str, workers: int, metrics: Metrics | None = None) -> None:
        self.workers = workers
        self.executor = ThreadPoolExecutor(workers)
        self._walls = Walls(settings, target=target)
        self.ask: Ask = metrics.timed(self._walls.ask) if metrics else self._walls.ask

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # The children first, so that no thread waits for one.
        self._walls.close()
        self.executor.shutdown()


def find_workforce(
    engine: str, settings: Settings, target: str, workers: int, metrics: Metrics | None = None
) -> Workforce:
    """The workforce of that name. workers: how many of this machine; a cluster that is there has its own number.

    Raises `EngineError`.
    """
    if engine == "local":
        return LocalWorkforce(settings, target, workers, metrics)
    try:  # only here: it takes most of a second to load, and few need it
        from pipeline.workforces.dask_workforce import DaskWorkforce
    except ImportError as error:
        raise EngineError(f"{error.name} is missing: pip install 'access-request-pipeline[dask]'") from error
    return DaskWorkforce(settings, target, workers, metrics)
