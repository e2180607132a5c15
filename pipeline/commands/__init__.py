"""The commands, a module each with `run(options, settings, console, target)`, which gives the exit status.

A module is imported when its command is given: each needs another half of the house, and people wait for it.
"""

from __future__ import annotations

import argparse
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from pipeline.config import Settings, load

if TYPE_CHECKING:
    from rich.console import Console

DONE, NOT_RECORDED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130


class UsageError(Exception):
    """What was asked cannot be meant."""


class Command(Protocol):
    def __call__(self, options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
        """The exit status. target: the work that the walled children do."""
        ...


def command_of(name: str) -> Command:
    """The command of this name on the command line."""
    return cast("Command", import_module(f"{__name__}.{name.replace('-', '_')}").run)


def settings_of(options: argparse.Namespace) -> Settings:
    settings = load(options.config)
    if options.data is None:
        return settings
    paths = settings.paths.model_copy(update={"data": options.data.absolute()})
    return settings.model_copy(update={"paths": paths})


def say(console: Console, *lines: str) -> None:
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
