"""`pipeline accounts`: who may sign in at the desk."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console

from pipeline.commands import DONE, UsageError
from pipeline.config import Settings
from pipeline.review.accounts import AccountError
from pipeline.review.command import ACCOUNT_ACTIONS
from pipeline.store.records import open_store


def run(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    with open_store(settings) as store:
        try:
            for line in ACCOUNT_ACTIONS[options.action](store, options):
                sys.stdout.write(line + "\n")
        except AccountError as error:
            raise UsageError(str(error)) from error
    return DONE
