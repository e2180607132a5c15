"""`pipeline evaluate`: records held against what is right."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from functools import partial

from rich.console import Console

from pipeline.commands import DONE, UsageError
from pipeline.config import Settings
from pipeline.evaluation import EvaluationError
from pipeline.evaluation import evaluate as compare
from pipeline.evaluation.pictures import cut_pictures
from pipeline.specs import load_specs
from pipeline.store.records import exists, open_store
from pipeline.walled.walls import Walls


def run(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    if options.out.exists() and not options.out.is_dir():
        raise UsageError(f"--out {options.out}: n'est pas un dossier / is no folder")
    specs = load_specs(settings.paths.specs)
    stored = exists(settings)
    if options.data is not None and not stored:
        raise UsageError(f"--data {options.data}: aucune base ici / no store here")
    with ExitStack() as stack:
        cutter = None
        if stored:
            store = stack.enter_context(open_store(settings))
            walls = stack.enter_context(Walls(settings, target=target))
            cutter = partial(cut_pictures, store=store, walls=walls, workers=options.workers)
        try:
            found = compare(
                options.truth,
                options.records,
                options.out,
                specs=specs,
                confidence=settings.confidence,
                cutter=cutter,
                most=options.worst,
            )
        except EvaluationError as error:
            raise UsageError(str(error)) from error
    sys.stdout.write("\n".join((*found.lines, str(options.out / "report.html"))) + "\n")
    return DONE
