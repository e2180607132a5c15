"""`pipeline status`: where every document is."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console

from pipeline.balance import examine, take_stock
from pipeline.commands import DONE, NOT_RECORDED
from pipeline.commands.stored import open_existing
from pipeline.config import Settings
from pipeline.status import as_json, as_text


def run(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    with open_existing(settings) as store:
        books = take_stock(store)
        records = Path(settings.watch.records) if settings.watch.records else None
        faults = (*books.faults, *examine(store, records))
    sys.stdout.write((as_json(books, faults) if options.json else "\n".join(as_text(books, faults))) + "\n")
    return NOT_RECORDED if faults else DONE
