"""`pipeline reprocess`: what would change in the records, and the changes made."""

from __future__ import annotations

import argparse
import sys
from collections import Counter

from rich.console import Console

from pipeline.batch import Tally
from pipeline.commands import DONE, UsageError, say
from pipeline.commands.stored import open_existing
from pipeline.config import Settings
from pipeline.ocr import load_engines
from pipeline.report import RunProgress
from pipeline.reprocess import Reprocess, Wanted, apply
from pipeline.reprocess.tell import lines_of, page_of, summary
from pipeline.specs import load_specs
from pipeline.store.originals import write_whole
from pipeline.walled.child import sweep
from pipeline.workforces.workforce import find_workforce


def run(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    specs = load_specs(settings.paths.specs)
    if options.page is not None and not options.page.absolute().parent.is_dir():
        raise UsageError(f"--page {options.page}: aucun dossier de ce nom / no such folder")
    with (
        open_existing(settings) as store,
        find_workforce(options.engine, settings, target, options.workers) as workforce,
    ):
        sweep(settings)
        with RunProgress(console) as progress:
            changes = Reprocess(
                store=store,
                settings=settings,
                specs=specs,
                engines=load_engines(settings.ocr.engines),
                workforce=workforce,
                notice=lambda done, total: progress(Tally(done, total, Counter())),
            ).look(Wanted(options.since, options.form))
        Console().print(summary(changes))
        sys.stdout.write("\n".join(lines_of(changes)) + "\n")
        if options.page is not None:
            write_whole(options.page.absolute(), page_of(changes, store, workforce.ask).encode())
        if options.dry_run or not any(change.any and not change.by_person for change in changes):
            return DONE
        if not (options.yes or confirmed(console)):
            say(console, "Rien n'est changé. / Nothing is changed.")
            return DONE
        entered, left = apply(store, changes)
    say(console, f"Changés : {entered}, laissés : {left} / Changed: {entered}, left: {left}")
    return DONE


def confirmed(console: Console) -> bool:
    """Asks; where nobody can answer, the answer is no."""
    if not sys.stdin.isatty():
        return False
    return console.input("Appliquer ces changements ? / Apply these changes? [o/N] ").strip().lower() in (
        "o",
        "oui",
        "y",
    )
