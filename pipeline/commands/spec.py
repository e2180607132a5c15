"""`pipeline spec`: a new edition drafted, drawn and proved."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from rich.console import Console

from pipeline.authoring.command import check_lines, draft_lines, draw_draft, write_draft
from pipeline.commands import DONE, NOT_RECORDED, UsageError
from pipeline.config import Settings


def run(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    if options.action == "draft":
        folder, proposal = write_draft(options.blank, options.out or settings.paths.drafts, settings)
        sys.stdout.write("\n".join(draft_lines(folder, proposal)) + "\n")
        if options.picture:
            draw_draft(folder, options.picture)
        return DONE
    if options.action == "show":
        draw_draft(options.folder, options.out)
        return DONE
    folder = settings.paths.specs / options.folder / options.edition if options.edition else Path(options.folder)
    if not folder.is_dir():
        raise UsageError(f"{folder}: aucune édition ici / no edition here")
    with console.status("…") as status:
        lines, faults = check_lines(folder, settings, status.update)
    sys.stdout.write("\n".join(lines) + "\n")
    return NOT_RECORDED if faults else DONE
