"""`pipeline doctor`: whether all is in place."""

from __future__ import annotations

import argparse
import sys

from rich.console import Console

from pipeline.commands import DONE, NOT_RECORDED
from pipeline.config import Settings
from pipeline.doctor import examine_house


def run(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    faults = 0
    for finding in examine_house(settings, target):
        sys.stdout.write(finding.line + "\n")
        faults += bool(finding.remedy)
    return NOT_RECORDED if faults else DONE
