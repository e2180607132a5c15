"""`pipeline doctor`: whether all that the mail room needs is there and right, and what to do where it is not."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline.config import Settings
from pipeline.model import EngineError, StoreError
from pipeline.sources.source import Source, SourceFaultError
from pipeline.specs import SpecError, load_specs
from pipeline.store.object_store import find_originals, is_remote
from pipeline.store.records import DATABASE_NAME, exists, open_store
from pipeline.store.upgrade import step_of
from pipeline.walled.child import Child
from pipeline.watch import sources_of
from pipeline.workforces.workforce import find_workforce

# With less, the daemon would soon have to stop.
LEAST_FREE_BYTES = 2_000_000_000
LEAST_OPEN_FILES = 256
# What the daemon itself takes beside its children, and what others on the machine need.
SPARE_BYTES = 500_000_000
# What a child holds before it reads a document, prepared for every edition (docs/performance.md, "Memory").
TOOLS_BYTES = 900_000_000


class Fault(Exception):
    """Something is not right: what, and what to do about it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.remedy = remedy


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `remedy` is "" when it is right."""

    subject: str
    found: str
    remedy: str = ""

    @property
    def line(self) -> str:
        if self.remedy:
            return f"FAULT {self.subject}: {self.found}\n      -> {self.remedy}"
        return f"ok    {self.subject}: {self.found}"


def examine_house(settings: Settings, target: str) -> Iterator[Finding]:
    """Every check, whatever the others find. Raises nothing."""
    checks: dict[str, Callable[[], str]] = {
        "specs": lambda: specs(settings),
        "tools and models": lambda: tools(settings, target),
        "store": lambda: store(settings),
        "originals": lambda: originals(settings),
        "database": lambda: database(settings),
        "disk": lambda: disk(settings),
        "memory": lambda: memory(settings),
        "open files": open_files,
        "records file": lambda: records_file(settings),
    }
    if settings.dask.scheduler:
        checks["cluster"] = lambda: cluster(settings, target)
    for source in sources_of(settings):
        checks[f"source {source.name}"] = partial(usable, source)
    for subject, look in checks.items():
        try:
            yield Finding(subject, look())
        except Fault as fault:
            yield Finding(subject, str(fault), fault.remedy)


def specs(settings: Settings) -> str:
    try:
        found = load_specs(settings.paths.specs)
    except SpecError as error:
        raise Fault(str(error), "correct the spec, or set [paths] specs to the folder of the editions") from error
    return f"{len(found)} editions"


def tools(settings: Settings, target: str) -> str:
    """A reading process is started as for a document: under its limits, with every engine, its models and languages."""
    try:
        child = Child(settings, target)
    except OSError as error:
        raise Fault(f"no process can be started: {error.strerror}", "see the limits of the service") from error
    try:
        child.start(settings)
    except EngineError as error:
        raise Fault(
            str(error), "`make run` sets up what is missing (tesseract-ocr, tesseract-ocr-fra); or change [ocr] engines"
        ) from error
    finally:
        child.close()
    return ", ".join(settings.ocr.engines)


def store(settings: Settings) -> str:
    data = settings.paths.data
    there = data if data.exists() else next(folder for folder in data.parents if folder.exists())
    if not (there.is_dir() and os.access(there, os.R_OK | os.W_OK | os.X_OK)):
        raise Fault(f"{there}: cannot be written to", f"give it to who runs this (uid {os.geteuid()}): chown")
    if not data.exists():
        return f"{data}: will be made"
    return str(data)


def originals(settings: Settings) -> str:
    kept = settings.paths.originals or str(settings.paths.data / "originals")
    if not is_remote(kept):
        if Path(kept).exists() and stat.S_IMODE(Path(kept).stat().st_mode) & 0o077:
            raise Fault(f"{kept}: others may look into it", f"chmod -R go= {kept}")
        return kept
    try:
        find_originals(settings).check()
    except OSError as error:
        raise Fault(
            f"{kept}: {error}", "give it keys and, where it is not Amazon's, an address: see [paths] originals"
        ) from error
    return kept


def database(settings: Settings) -> str:
    if not exists(settings):
        return f"none yet; SQLite {sqlite3.sqlite_version}"
    try:
        with open_store(settings) as opened, opened.transaction(alone=False) as session:
            connection = session.connection()
            version = step_of(connection)
            if opened.shared:
                server = connection.exec_driver_sql("SHOW server_version").scalar()
                return f"version {version}, PostgreSQL {server}"
            health = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    except StoreError as error:
        raise Fault(str(error), remedy_of_database(settings)) from error
    if health != "ok":
        raise Fault(
            f"{settings.paths.data / DATABASE_NAME}: {health}", "stop the daemon, and go back to a backup of the store"
        )
    return f"version {version}, SQLite {sqlite3.sqlite_version}, rollback journal"


def remedy_of_database(settings: Settings) -> str:
    if settings.database.url:
        return "start the server, correct [database], or use the version of the program that made the tables"
    return "use the version of the program that wrote it, or a backup of the store"


def cluster(settings: Settings, target: str) -> str:
    patient = settings.dask.model_copy(update={"patience_seconds": min(10.0, settings.dask.patience_seconds)})
    try:
        with find_workforce("dask", settings.model_copy(update={"dask": patient}), target, 1) as workforce:
            return f"{workforce.workers} workers"
    except EngineError as error:
        raise Fault(str(error), "start scheduler and workers (docs/scale.md), or correct [dask]") from error


def disk(settings: Settings) -> str:
    data = settings.paths.data
    there = data if data.exists() else next(folder for folder in data.parents if folder.exists())
    free = shutil.disk_usage(there).free
    if free < LEAST_FREE_BYTES:
        raise Fault(f"{free // 1_000_000} MB free", f"make room: at least {LEAST_FREE_BYTES // 1_000_000} MB")
    return f"{free // 1_000_000_000} GB free"


def memory(settings: Settings) -> str:
    workers = settings.watch.workers or os.cpu_count() or 1
    there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    asked = workers * (settings.limits.memory_bytes + TOOLS_BYTES) + SPARE_BYTES
    if asked > there:
        raise Fault(
            f"{workers} documents at once may take {asked // 1_000_000} MB, the machine has {there // 1_000_000}",
            "lower [watch] workers or [limits] memory_bytes",
        )
    return f"{there // 1_000_000} MB for {workers} workers"


def open_files() -> str:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    if 0 <= most < LEAST_OPEN_FILES:
        raise Fault(f"at most {most}", f"at least {LEAST_OPEN_FILES}: `ulimit -n`, or LimitNOFILE of the service")
    return f"at most {most}"


def records_file(settings: Settings) -> str:
    if not settings.watch.records:
        return "none is asked for"
    path = Path(settings.watch.records)
    if path.is_dir() or not os.access(path.parent, os.W_OK | os.X_OK):
        raise Fault(f"{path}: cannot be written", "set [watch] records to a file in a folder that can be written to")
    return str(path)


def usable(source: Source) -> str:
    try:
        source.open()
        return "can be used"
    except (SourceFaultError, OSError) as error:
        raise Fault(
            str(error), f"make or mount it, or correct what [watch] in the configuration says of `{source.name}`"
        ) from error
    finally:
        source.close()
