"""How many workers one dispatcher keeps busy: `python -m benchmarks.dispatcher [--workers N,N] [--database URL]`.

The dispatcher and the store are the real ones, in a folder for temporary files (`TMPDIR` says on which disk): files are
hashed and kept, documents entered, claimed, recorded and audited, each in its transaction. The workers only let the
time pass that reading was measured to take (benchmarks/cost/simulated.py), so that a thousand fit on any machine. Said
are documents a second, the share of their time that workers had work, and the dispatcher's CPU time a document.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cost.simulated import SECONDS, SimulatedWorkforce
from benchmarks.cost.stages import cpu_seconds
from pipeline.batch import Batch
from pipeline.config import Database, Paths, Settings
from pipeline.inbox import Incoming, walk
from pipeline.store.records import open_store

WORKERS = (10, 30, 100, 300, 1000)
# A scan of a page weighs about so much.
BYTES = 100_000
FEWEST, EACH_WORKER = 300, 4


@dataclass(frozen=True)
class Run:
    """workers: of the simulation. busy: share of the workers' time in which they had work."""

    workers: int
    documents: int
    seconds: float
    processor: float
    busy: float

    def __str__(self) -> str:
        return (
            f"| {self.workers} | {self.documents} | {self.documents / self.seconds:.0f} | {self.busy:.0%} | "
            f"{1000 * self.processor / self.documents:.1f} |"
        )


def dispatch(workers: int, documents: int, database: str, seed: int = 0) -> Run:
    with tempfile.TemporaryDirectory() as name:
        inbox = make_inbox(Path(name) / f"in {seed}", documents, seed)
        settings = Settings(paths=Paths(data=Path(name) / "data", specs=Path(name)), database=Database(url=database))
        files = [file for file in walk([inbox]) if isinstance(file, Incoming)]
        with open_store(settings) as store, SimulatedWorkforce(workers) as workforce:
            began, spent = time.monotonic(), cpu_seconds()
            outcome = Batch(files=files, store=store, settings=settings, workforce=workforce).run()
            seconds, processor = time.monotonic() - began, cpu_seconds() - spent
            assert len(outcome.ids) == documents and not outcome.faults, outcome.faults
            return Run(workers, documents, seconds, processor, workforce.executor.busy / workers / seconds)


def make_inbox(folder: Path, documents: int, seed: int) -> Path:
    folder.mkdir()
    filling = b"0" * BYTES
    for rank in range(documents):
        (folder / f"{rank:06}.pdf").write_bytes(b"%%PDF-1.4 %d %d %s" % (seed, rank, filling))
    return folder


def table(runs: Sequence[Run]) -> str:
    return "\n".join(
        [
            "| workers | documents | documents a second | of their time at work | ms of CPU a document |",
            "| --- | --- | --- | --- | --- |",
            *map(str, runs),
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--workers", default=",".join(map(str, WORKERS)), metavar="N,N", help="(%(default)s)")
    parser.add_argument("--database", default="", metavar="URL", help="of an empty PostgreSQL database (else SQLite)")
    parser.add_argument(
        "--documents", type=int, metavar="N", help=f"(at least {FEWEST}, {EACH_WORKER} for each worker)"
    )
    parser.add_argument("--seed", type=int, default=0, help="another gives others, for several at once on one database")
    parser.add_argument("--quick", action="store_true", help="few documents: only to see that it runs")
    options = parser.parse_args()
    runs = []
    for workers in map(int, options.workers.split(",")):
        documents = 20 if options.quick else options.documents or max(FEWEST, EACH_WORKER * workers)
        runs.append(dispatch(workers, documents, options.database, options.seed))
    print(f"{len(SECONDS)} measured times, {sum(SECONDS) / len(SECONDS):.2f} s on average")
    print(table(runs))


if __name__ == "__main__":
    main()
