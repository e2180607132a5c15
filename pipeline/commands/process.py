"""`pipeline process`: files and folders to their records."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console

from pipeline.batch import Batch, Outcome
from pipeline.commands import DONE, NOT_RECORDED, UsageError, say
from pipeline.config import Settings
from pipeline.inbox import Ignored, Incoming, NoSuchPathError, Unread, shown, walk
from pipeline.report import RunProgress, decision_table
from pipeline.specs import load_specs
from pipeline.store.originals import write_whole
from pipeline.store.records import Store, open_store
from pipeline.walled.child import sweep
from pipeline.workforces.workforce import find_workforce


def run(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    load_specs(settings.paths.specs)  # a wrong spec is refused before anything is touched
    check_records_path(options.records)
    try:
        found = list(walk(options.paths, data=settings.paths.data))
    except NoSuchPathError as error:
        raise UsageError(str(error)) from error
    with open_store(settings) as store:
        sweep(settings)
        outcome = treat(found, options, settings, console, target, store)
        if options.records:
            write_records(options.records, store, outcome)
        console.print(decision_table(store.records(outcome.ids)))
    if outcome.already:
        say(console, f"Déjà traités : {outcome.already} / Already done: {outcome.already}")
    return DONE if tell_faults(found, outcome, console) else NOT_RECORDED


def treat(
    found: Sequence[Incoming | Ignored | Unread],
    options: argparse.Namespace,
    settings: Settings,
    console: Console,
    target: str,
    store: Store,
) -> Outcome:
    """Leaving on any fault or interruption kills the children first, so that no thread waits for one."""
    received = options.received
    if received is not None and received.tzinfo is None:
        received = received.replace(tzinfo=ZoneInfo(settings.rules.timezone))
    with (
        find_workforce(options.engine, settings, target, options.workers) as workforce,
        RunProgress(console) as progress,
    ):
        batch = Batch(
            files=[file for file in found if isinstance(file, Incoming)],
            store=store,
            settings=settings,
            workforce=workforce,
            received=received,
            notice=progress,
        )
        return batch.run()


def check_records_path(name: str | None) -> None:
    """A place that cannot be written to is said before the work, not after."""
    if name and name != "-" and (not Path(name).absolute().parent.is_dir() or Path(name).is_dir()):
        raise UsageError(f"--records {name}: no such folder, or it is one")


def write_records(name: str, store: Store, outcome: Outcome) -> None:
    lines = "".join(record.to_contract_json() + "\n" for record in store.records(outcome.ids))
    if name == "-":
        sys.stdout.write(lines)
        sys.stdout.flush()
    else:
        write_whole(Path(name).absolute(), lines.encode())


def tell_faults(found: Sequence[Incoming | Ignored | Unread], outcome: Outcome, console: Console) -> bool:
    """Says what was passed over and what could not be read; True when everything could."""
    strays = sum(isinstance(file, Ignored) and file.stray for file in found)
    if strays:
        say(console, f"Fichiers ignorés : {strays} / Files ignored: {strays}")
    for file in found:
        if isinstance(file, Ignored) and not file.stray:
            say(console, f"Ni courriel ni PDF, ignoré / Neither e-mail nor PDF, ignored: {shown(file.path)}")
    faults = [f"{shown(file.path)}: {file.reason}" for file in found if isinstance(file, Unread)] + list(outcome.faults)
    for fault in faults:
        say(console, f"Illisible / Cannot be read: {fault}")
    return not faults
