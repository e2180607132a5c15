"""Jobs to the workers of a Dask cluster and back, whatever dies meanwhile.

The cluster is muscle and keeps nothing: what was asked of it is asked again when a worker or the scheduler is gone. A
document may be read twice by that, and has one record all the same.
"""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import Executor, Future
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

import dask
from distributed import Client, KilledWorker, LocalCluster
from distributed.security import Security

from pipeline.config import Dask, Settings
from pipeline.jobs import Job
from pipeline.metrics import Metrics
from pipeline.model import EngineError
from pipeline.store.object_store import find_originals
from pipeline.walled.walls import Failure
from pipeline.workforces.dask_worker import Reply, ask_worker, task_of

LOGGER = logging.getLogger(__name__)
# How often is looked whether the cluster is still there, and how long one attempt to reach it may take, in seconds.
LOOK_SECONDS = 2.0
CONNECT_SECONDS = 10.0
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
# As in deploy/dask.yaml, where it says why.
SPARING = {
    "distributed.comm.require-encryption": True,
    "distributed.scheduler.work-stealing": False,
    "distributed.scheduler.worker-ttl": "1 minute",
    "distributed.scheduler.active-memory-manager.start": False,
    "distributed.worker.profile.enabled": False,
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
    "distributed.admin.system-monitor.interval": "5s",
    "distributed.admin.tick.interval": "1s",
    "distributed.client.scheduler-info-interval": "10s",
}

Answer = Future[str | Failure]


class DaskWorkforce(Executor):
    """A cluster's workers. Answers are lost, as `EngineError`, when there is no scheduler or no worker for too long."""

    def __init__(self, settings: Settings, target: str, workers: int, metrics: Metrics | None = None) -> None:
        quieten()
        dask.config.set(SPARING)
        self._configuration = settings.dask
        self._metrics = metrics
        try:
            self._originals = find_originals(settings)
            self._task = task_of(settings, target)
        except OSError as error:
            raise EngineError(f"originals or editions: {error.strerror or error}") from error
        self._cluster = None if settings.dask.scheduler else local_cluster(workers)
        self._client: Client | None = None
        self._workers = 0
        self._lock = threading.Lock()
        # What is not answered yet, with what was last asked about it.
        self._unanswered: dict[Answer, Job] = {}
        self._asked: dict[Answer, Future[Reply]] = {}
        self._again: set[Answer] = set()
        self._alarm = threading.Event()
        self._closed = False
        self._keeper = threading.Thread(target=self._keep, name="cluster", daemon=True)

    @property
    def executor(self) -> Executor:
        return self

    @property
    def workers(self) -> int:
        return max(1, self._workers)

    def ask(self, job: Job) -> str | Failure:
        """Waits for the answer."""
        return self.submit(self.ask, job).result()

    def __enter__(self) -> Self:
        try:
            self._reach()
        except EngineError:
            self._let_go()
            raise
        self._keeper.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Lets go of the cluster. What its workers are at they finish, for nobody."""
        self._closed = True
        self._alarm.set()
        if self._keeper.ident is not None:
            self._keeper.join(CONNECT_SECONDS)
        self._let_go()

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The answer to a job, `fn` being `ask`."""
        (job,) = args
        answer: Answer = Future()
        with self._lock:
            self._unanswered[answer] = job
        self._send(answer)
        return answer

    def _send(self, answer: Answer) -> None:
        with self._lock:
            job, client = self._unanswered.get(answer), self._client
        if job is None:
            return None
        try:
            if client is None:
                raise OSError("no scheduler")
            # Only now: it can be read for a while only, and by whoever has its address.
            job = job.model_copy(update={"original": self._originals.lend(job.original)})
            asked = client.get_executor(pure=False, retries=0).submit(ask_worker, self._task, job)
        except Exception:  # noqa: BLE001 - whatever it is, the client is of no more use
            return self._send_again(answer)
        with self._lock:
            self._asked[answer] = asked
        asked.add_done_callback(lambda asked: self._receive(answer, asked))
        return None

    def _send_again(self, answer: Answer) -> None:
        with self._lock:
            self._again.add(answer)
        self._alarm.set()

    def _receive(self, answer: Answer, asked: Future[Reply]) -> None:
        """In the thread of the client, which must not wait for anything."""
        with self._lock:
            if self._asked.get(answer) is not asked:
                return None
            del self._asked[answer]
            job = self._unanswered[answer]
        if asked.cancelled() or isinstance(asked.exception(), KilledWorker):
            # The scheduler is gone; or workers died under the job, which says nothing against it: it is in a wall.
            return self._send_again(answer)
        error = asked.exception()
        reply = Reply(lost=f"{type(error).__name__} on the cluster") if error else asked.result()
        with self._lock:
            del self._unanswered[answer]
        if reply.lost:
            answer.set_exception(EngineError(reply.lost))
            return None
        if self._metrics:
            self._metrics.note(job.kind, reply.seconds, reply.answer)
        answer.set_result(reply.answer)
        return None

    def _keep(self) -> None:
        """Sees to it that the cluster is there, and asks again what was lost with it."""
        while not self._closed:
            self._alarm.wait(LOOK_SECONDS)
            self._alarm.clear()
            if self._closed:
                return
            try:
                if not self._is_there():
                    LOGGER.warning("the cluster has no scheduler or no worker: looking for one")
                    self._reach()
            except EngineError as error:
                self._lose(error)
            with self._lock:
                again, self._again = self._again, set()
            for answer in again:
                self._send(answer)

    def _is_there(self) -> bool:
        """Whether the scheduler answers; counts the workers."""
        if self._client is None or self._client.status != "running":
            return False
        try:
            self._workers = count_workers(self._client)
        except Exception:  # noqa: BLE001 - as above
            return False
        return self._workers > 0

    def _reach(self) -> None:
        """Waits for a scheduler with a worker. Raises `EngineError`."""
        deadline = time.monotonic() + self._configuration.patience_seconds
        pause = FIRST_PAUSE
        while not self._closed:
            why = self._try_to_reach()
            if not why:
                return
            if time.monotonic() > deadline:
                raise EngineError(f"[dask] scheduler {self._place}: {why}")
            time.sleep(pause)
            pause = min(LONGEST_PAUSE, 2 * pause)

    def _try_to_reach(self) -> str:
        """Why it could not be; "" when it could. What was asked of another scheduler is asked again."""
        if self._client is None or self._client.status != "running":
            self._drop_client()
            try:
                client = connect(self._configuration, self._cluster)
            except Exception as error:  # noqa: BLE001 - distributed raises of all kinds
                return f"cannot be reached ({type(error).__name__})"
            with self._lock:
                self._client, self._again = client, set(self._unanswered)
        if self._is_there():
            return ""
        return "has no worker"

    def _lose(self, error: EngineError) -> None:
        with self._lock:
            lost = list(self._unanswered)
            self._unanswered.clear()
            self._asked.clear()
            self._again.clear()
        for answer in lost:
            answer.set_exception(error)

    @property
    def _place(self) -> str:
        return self._configuration.scheduler or "(of this machine)"

    def _drop_client(self) -> None:
        with self._lock:
            client, self._client = self._client, None
            self._asked.clear()
        if client is not None:
            with suppress(Exception):
                client.close(timeout=1)

    def _let_go(self) -> None:
        self._drop_client()
        if self._cluster is not None:
            with suppress(Exception):
                self._cluster.close(timeout=CONNECT_SECONDS)


def quieten() -> None:
    """Dask's own log lines go where all others do, and do not say there what they are about: see `logs`."""
    for name in [name for name in logging.root.manager.loggerDict if name.split(".")[0] == "distributed"]:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(logging.ERROR)


def local_cluster(workers: int) -> LocalCluster:
    """A cluster of this machine alone, that nobody else can speak to. One job a worker; the wall limits memory."""
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        memory_limit=0,
        host="tls://127.0.0.1",
        security=Security.temporary(),
        dashboard_address=None,
        silence_logs=logging.CRITICAL,
    )


def connect(configuration: Dask, cluster: LocalCluster | None) -> Client:
    timeout = min(CONNECT_SECONDS, configuration.patience_seconds)
    if cluster is not None:
        return Client(cluster, set_as_default=False, timeout=timeout)
    encrypted = configuration.scheduler.startswith("tls://")
    security = Security(
        tls_ca_file=configuration.authorities or None,
        tls_client_cert=configuration.certificate or None,
        tls_client_key=configuration.key or None,
        require_encryption=encrypted,
    )
    return Client(configuration.scheduler, security=security, set_as_default=False, timeout=timeout)


def count_workers(client: Client) -> int:
    """How many jobs its workers do at once."""
    threads: dict[str, int] = client.nthreads(callback_timeout=CONNECT_SECONDS)
    return sum(threads.values())
