"""`pipeline audit`: whether the audit trail is whole."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console

from pipeline.balance import examine, take_stock
from pipeline.commands import DONE, NOT_RECORDED
from pipeline.commands.stored import open_existing
from pipeline.config import Settings


def run(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    with open_existing(settings) as store:
        faults = list(examine(store, None))
        head = take_stock(store).audit_head
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    if not faults:
        sys.stdout.write(f"journal intact, jusqu'à / trail intact, up to: {head or '–'}\n")
    return NOT_RECORDED if faults else DONE
