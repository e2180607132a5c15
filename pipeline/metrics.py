"""What a monitor can ask on loopback: /metrics for Prometheus, /healthz for yes or no. Nothing about people."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Protocol, Self

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from pipeline.balance import Books, take_stock
from pipeline.jobs import Job
from pipeline.model import Verdict
from pipeline.store.records import Store
from pipeline.walled.walls import Failure

LOOPBACK = "127.0.0.1"
# The books are counted at most so often, whoever asks.
SECONDS_BETWEEN_COUNTS = 10.0
# A turn of the daemon's loop takes a few seconds; if none came for so long, it hangs.
STALLED_SECONDS = 120.0
JOB_SECONDS = (0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120)


class Metrics:
    """The daemon's counters, and the books of its store."""

    def __init__(self, store: Store) -> None:
        self.registry = CollectorRegistry()
        self.records = Counter(
            "pipeline_records", "Documents that got their record", ["decision"], registry=self.registry
        )
        for verdict in Verdict:
            self.records.labels(verdict.value)
        self.failures = Counter(
            "pipeline_failures", "Jobs that did not get through the wall", ["code"], registry=self.registry
        )
        self.engine_losses = Counter("pipeline_engine_losses", "Engines lost", registry=self.registry)
        self.jobs = Histogram(
            "pipeline_job_seconds", "Jobs behind the wall", ["kind"], buckets=JOB_SECONDS, registry=self.registry
        )
        self.registry.register(BooksCollector(store))
        self._turned = time.monotonic()

    def turned(self) -> None:
        self._turned = time.monotonic()

    @property
    def stalled(self) -> bool:
        return time.monotonic() - self._turned > STALLED_SECONDS

    def timed(self, ask: Callable[[Job], str | Failure]) -> Callable[[Job], str | Failure]:
        """`ask`, its time and its failures counted."""

        def timed_ask(job: Job) -> str | Failure:
            began = time.monotonic()
            answer = ask(job)
            self.note(job.kind, time.monotonic() - began, answer)
            return answer

        return timed_ask

    def note(self, kind: str, seconds: float, answer: str | Failure) -> None:
        """That a job of that kind was answered after so many seconds."""
        self.jobs.labels(kind).observe(seconds)
        if isinstance(answer, Failure):
            self.failures.labels(answer.code.value).inc()


class BooksCollector(Collector):
    """The books as gauges."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._lock = threading.Lock()
        self._books: Books | None = None
        self._counted = 0.0

    def collect(self) -> Iterator[GaugeMetricFamily]:
        books = self._take_stock()
        yield GaugeMetricFamily("pipeline_balanced", "1 if nothing is lost", 1.0 if not books.faults else 0.0)
        yield GaugeMetricFamily("pipeline_files", "Files and messages that came in", books.files)
        yield GaugeMetricFamily("pipeline_files_in_flight", "Those not finished", books.files_in_flight)
        documents = GaugeMetricFamily("pipeline_documents", "Documents in the store", labels=["state"])
        for state, count in (*books.decided.items(), ("waiting", books.waiting), ("being read", books.being_read)):
            documents.add_metric([state], count)
        yield documents
        yield GaugeMetricFamily(
            "pipeline_oldest_unfinished_seconds", "Age of the oldest document without a record", age(books.oldest)
        )
        yield GaugeMetricFamily(
            "pipeline_oldest_review_seconds", "Age of the oldest document for a person", age(books.oldest_review)
        )
        yield from source_gauges(books)

    def _take_stock(self) -> Books:
        with self._lock:
            if self._books is None or time.monotonic() - self._counted > SECONDS_BETWEEN_COUNTS:
                self._books, self._counted = take_stock(self._store), time.monotonic()
            return self._books


def source_gauges(books: Books) -> Iterator[GaugeMetricFamily]:
    up = GaugeMetricFamily("pipeline_source_up", "1 if the source can be used", labels=["source"])
    present = GaugeMetricFamily("pipeline_source_present", "Things in the source", labels=["source"])
    growing = GaugeMetricFamily("pipeline_source_growing", "Those that may be incomplete", labels=["source"])
    unsettled = GaugeMetricFamily("pipeline_source_unsettled", "Taken and not put away yet", labels=["source"])
    passed = GaugeMetricFamily("pipeline_source_passed_over", "Neither mail nor PDF", labels=["source"])
    for source in books.sources:
        up.add_metric([source.name], 0.0 if source.fault else 1.0)
        present.add_metric([source.name], source.present)
        growing.add_metric([source.name], source.growing)
        unsettled.add_metric([source.name], source.unsettled)
        passed.add_metric([source.name], sum(source.passed_over.values()))
    yield from (up, present, growing, unsettled, passed)


def age(received: str | None) -> float:
    """Seconds since then; 0 when there is nothing."""
    return (datetime.now(UTC) - datetime.fromisoformat(received)).total_seconds() if received else 0.0


class Watched(Protocol):
    """What is served about: sources that cannot be used now, and why."""

    @property
    def faults(self) -> dict[str, str]: ...


class Page:
    """The server on loopback, in a thread. Port 0: none. Raises OSError."""

    def __init__(self, port: int, metrics: Metrics, watched: Watched) -> None:
        self._server: ThreadingHTTPServer | None = None
        if port:
            self._server = ThreadingHTTPServer((LOOPBACK, port), handler_of(metrics, watched))
            self._server.daemon_threads = True
            threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()


def handler_of(metrics: Metrics, watched: Watched) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._answer(200, CONTENT_TYPE_LATEST, generate_latest(metrics.registry))
            elif self.path == "/healthz":
                body = {"healthy": not metrics.stalled, "sources at fault": watched.faults}
                self._answer(503 if metrics.stalled else 200, "application/json", json.dumps(body).encode())
            else:
                self._answer(404, "text/plain", b"/metrics or /healthz\n")

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
            """Requests of a monitor are no news."""

    return Handler
