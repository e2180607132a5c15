"""`pipeline review`: the reviewers' desk, served."""

from __future__ import annotations

import argparse

from rich.console import Console

from pipeline.commands import DONE, UsageError, say
from pipeline.config import Settings
from pipeline.logs import set_up
from pipeline.review.server import NobodyError, serve


def run(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    set_up(settings.watch.log)
    if options.port is not None:
        settings = settings.model_copy(update={"review": settings.review.model_copy(update={"port": options.port})})
    try:
        serve(settings, target, lambda address: say(console, f"Prêt / Ready: {address}"))
    except NobodyError as error:
        raise UsageError(str(error)) from error
    return DONE
