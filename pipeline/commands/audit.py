"""`pipeline audit`: whether the audit trail is whole."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console

from pipeline.balance import examine, take_stock
from pipeline.commands import DONE, NOT_RECORDED, UsageError
from pipeline.config import Settings
from pipeline.records import exists, open_store


def run(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    if not exists(settings):
        raise UsageError(f"{settings.paths.data}: rien n'est encore entré / nothing came in yet")
    with open_store(settings) as store:
        faults = list(examine(store, None))
        head = take_stock(store).audit_head
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    if not faults:
        sys.stdout.write(f"journal intact, jusqu'à / trail intact, up to: {head or '–'}\n")
    return NOT_RECORDED if faults else DONE
