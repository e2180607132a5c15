"""`pipeline show-spec`: an edition's fields over its blank."""

from __future__ import annotations

import argparse

from rich.console import Console

from pipeline.commands import DONE
from pipeline.config import Settings
from pipeline.show_spec import draw_spec, side_by_side
from pipeline.specs import load_spec


def run(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    folder = settings.paths.specs / options.number / options.edition
    side_by_side(draw_spec(load_spec(folder))).save(options.out, format="PNG")
    return DONE
