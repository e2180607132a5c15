"""What runs on a worker of a Dask cluster: the walls around the documents, as on one machine.

A worker is told all that it needs with each job: where the original is and what may be known of the settings. It knows
no database, no mailbox and no password. A task never raises, because Dask would log what it was asked about.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from distributed import get_worker

from pipeline import __version__
from pipeline.config import Settings
from pipeline.jobs import Job
from pipeline.model import EngineError
from pipeline.walled.walls import ClosedError, Failure, Walls

# Settings are few: those of the dispatchers that are at work, and those of before their last change.
KEPT_WALLS = 3
PACKAGE = Path(__file__).parent.parent


@dataclass(frozen=True)
class Task:
    """What a worker is asked, besides the job. house: `house_of` where it is asked."""

    settings: str
    target: str
    house: str


@dataclass(frozen=True)
class Reply:
    """A job's answer and the seconds that it took; or why it is `lost`, by no fault of the document."""

    answer: str | Failure = ""
    seconds: float = 0.0
    lost: str = ""


def task_of(settings: Settings, target: str) -> Task:
    """Raises OSError."""
    known = Settings(
        paths=settings.paths.model_copy(update={"data": Path(), "originals": ""}),
        limits=settings.limits,
        rules=settings.rules,
        ocr=settings.ocr,
        confidence=settings.confidence,
    )
    return Task(known.model_dump_json(), target, house_of(settings.paths.specs))


def house_of(specs: Path) -> str:
    """What the results depend on besides the settings: this program and the editions. Raises OSError."""
    digest = sha256(__version__.encode())
    for root, pattern in ((PACKAGE, "*.py"), (specs, "*")):
        for path in sorted(path for path in root.rglob(pattern) if path.is_file()):
            digest.update(f"\n{path.relative_to(root)}\n".encode() + path.read_bytes())
    return digest.hexdigest()


def ask_worker(task: Task, job: Job) -> Reply:
    """Raises nothing."""
    worker = get_worker()
    began = time.monotonic()
    try:
        answer = walls_of(task, Path(worker.local_directory)).ask(job)
        return Reply(answer, time.monotonic() - began)
    except (EngineError, OSError, ClosedError) as error:
        why = str(error) if isinstance(error, EngineError) else type(error).__name__
        return Reply(lost=f"worker {worker.address}: {why}")


def check_house(task: Task, specs: Path) -> None:
    if not specs.is_dir():
        raise EngineError(f"there are no editions in {specs}: put them there, as where the work is handed out")
    if house_of(specs) != task.house:
        raise EngineError("its program or its editions are others than where the work is handed out: make them equal")


WALLS: OrderedDict[tuple[Task, Path], Walls] = OrderedDict()
LOCK = threading.Lock()


def walls_of(task: Task, folder: Path) -> Walls:
    """The walls under these settings, made at their first job. folder: the worker's own, gone when it is."""
    with LOCK:
        walls = WALLS.get((task, folder))
        if walls is None:
            settings = Settings.model_validate_json(task.settings)
            check_house(task, settings.paths.specs)
            data = folder / "pipeline"
            data.mkdir(exist_ok=True, mode=0o700)
            paths = settings.paths.model_copy(update={"data": data})
            walls = WALLS[task, folder] = Walls(settings.model_copy(update={"paths": paths}), target=task.target)
            while len(WALLS) > KEPT_WALLS:
                WALLS.popitem(last=False)[1].close()
        WALLS.move_to_end((task, folder))
        return walls
