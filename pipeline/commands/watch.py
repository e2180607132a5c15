"""`pipeline watch`: the mail room at work."""

from __future__ import annotations

import argparse
import logging

from rich.console import Console

from pipeline.commands import DONE, NOT_RECORDED, settings_of
from pipeline.config import Settings
from pipeline.daemon import Daemon, SecondDaemonError
from pipeline.logs import place_of, set_up
from pipeline.model import EngineError, StoreError
from pipeline.sources.feed import words_of
from pipeline.specs import load_specs

LOGGER = logging.getLogger("pipeline")


def run(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    load_specs(settings.paths.specs)
    set_up(settings.watch.log)
    try:
        faults = Daemon(settings, lambda: settings_of(options), target, engine=options.engine, once=options.once).run()
    except (StoreError, EngineError, SecondDaemonError) as error:
        LOGGER.critical("%s", error)
    except OSError as error:
        LOGGER.critical("%s", words_of(error))
    except Exception as error:  # noqa: BLE001 - a traceback would quote what is in it
        LOGGER.critical("a fault of ours: %s", place_of(error))
    else:
        return NOT_RECORDED if faults and options.once else DONE
    return NOT_RECORDED
