"""One run over files that are there: each of their documents to its record, reported in input order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.config import Settings
from pipeline.deliveries import Delivery, deliver, most_bytes
from pipeline.dispatch import Dispatch
from pipeline.inbox import Incoming
from pipeline.model import EngineError, Verdict
from pipeline.store.originals import read_file
from pipeline.store.records import Store, Stored
from pipeline.workforces.workforce import Workforce


@dataclass(frozen=True)
class Tally:
    """How far the run is. `total` grows while e-mails are taken apart."""

    done: int
    total: int
    decisions: Counter[Verdict]


@dataclass(frozen=True)
class Outcome:
    """A run's documents in input order, how many of them had their record before, and what could not be read."""

    ids: tuple[str, ...]
    already: int
    faults: tuple[str, ...]


@dataclass
class Batch:
    """One run."""

    files: Sequence[Incoming]
    store: Store
    settings: Settings
    workforce: Workforce
    received: datetime | None = None
    notice: Callable[[Tally], None] = lambda tally: None

    _ids: dict[str, None] = field(default_factory=dict)
    _decisions: Counter[Verdict] = field(default_factory=Counter)
    _entered: int = 0
    _already: int = 0
    _faults: list[str] = field(default_factory=list)

    def run(self) -> Outcome:
        """Gets every document of the files to its record. Raises `StoreError` and `EngineError`; then, as after an
        interruption, the same run again goes on from there."""
        with self.store.begin_run() as run:
            Dispatch(
                deliveries=self._deliveries(),
                store=self.store,
                run=run,
                settings=self.settings,
                workforce=self.workforce,
                follower=self,
            ).work()
        return Outcome(tuple(self._ids), self._already, tuple(self._faults))

    def _deliveries(self) -> Iterator[Delivery]:
        for incoming in self.files:
            try:
                file = read_file(incoming.path, follow=incoming.named, max_bytes=most_bytes(self.settings))
            except OSError as error:
                self._entered += 1
                self._faults.append(f"{incoming.shown}: {error.strerror or error}")
                continue
            yield deliver(
                file, self.store, self.settings, where=incoming.where, shown=incoming.shown, received=self.received
            )

    def entered(self, delivery: Delivery, documents: tuple[Stored, ...], *, known: bool) -> None:
        self._entered += 1
        for document in documents:
            if document.id in self._ids:
                continue
            self._ids[document.id] = None
            if document.decision is not None:
                self._decisions[document.decision] += 1
                self._already += known

    def decided(self, record_id: str, verdict: Verdict) -> None:
        if record_id in self._ids:
            self._decisions[verdict] += 1

    def lost(self, error: EngineError, submitted: float) -> None:
        raise error

    def turned(self) -> None:
        total = len(self._ids) + len(self.files) - self._entered
        self.notice(Tally(self._decisions.total(), total, self._decisions))
