"""`pipeline status`: where every document is."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console

from pipeline.balance import examine, take_stock
from pipeline.commands import DONE, NOT_RECORDED, UsageError
from pipeline.config import Settings
from pipeline.records import exists, open_store
from pipeline.status import as_json, as_text


def run(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    if not exists(settings):
        raise UsageError(f"{settings.paths.data}: rien n'est encore entré / nothing came in yet")
    with open_store(settings) as store:
        books = take_stock(store)
        records = Path(settings.watch.records) if settings.watch.records else None
        faults = (*books.faults, *examine(store, records))
    sys.stdout.write((as_json(books, faults) if options.json else "\n".join(as_text(books, faults))) + "\n")
    return NOT_RECORDED if faults else DONE
