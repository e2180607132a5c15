"""What a page costs, beside what it costs the naive way: `python -m benchmarks.naive [--documents DIR] [--rounds N]`.

The naive way: pdftoppm at 300 dpi, ORB features matched by brute force, the whole page warped onto the blank, one
pytesseract call for each written field. It is told which form it has, and does not look at ticks and signatures.
Ours: `pipeline.process.process`, the very call that `pipeline process` makes for one document, with the engines and
blanks loaded beforehand, as they are in a run. Both start from the document's bytes, on one thread, in one process
tree and in turns; what is counted is CPU time, user and system, of the process and of those it starts. `--quick` takes
two documents and one round, to see that it runs.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

import cv2

from benchmarks.cost.plain import load_blanks, missing_tools, read_naively
from benchmarks.cost.scans import Machine, Scan, count_right, find_scans
from benchmarks.cost.stages import FollowedEngine, Stages, cpu_seconds
from pipeline.child import ONE_THREAD
from pipeline.config import load
from pipeline.ocr import load_engines
from pipeline.specs import load_specs

ROOT = Path(__file__).resolve().parent.parent
# The requirement: our page costs at most this share of the naive one.
SHARE = 0.1


@dataclass
class Cost:
    """CPU seconds of one scan, a round each, by either way; and how many of its fields came out right."""

    naive: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)
    right_naive: int = 0
    right_ours: int = 0
    fields: int = 0

    @property
    def ratio(self) -> float:
        """How many times our cost the naive way costs: that of the medians of the rounds."""
        return median(self.naive) / median(self.ours)


def measure(scans: Sequence[Scan], machine: Machine, rounds: int) -> tuple[list[Cost], dict[str, float]]:
    """Each scan's cost, and the CPU seconds of each of our stages over all rounds."""
    stages = Stages(cpu_seconds)
    followed = Machine(machine.settings, machine.specs, tuple(FollowedEngine(each, stages) for each in machine.engines))
    costs = [Cost() for _ in scans]
    for turn in range(rounds):
        for rank, (scan, cost) in enumerate(zip(scans, costs, strict=True)):
            for naive in (True, False) if (turn + rank) % 2 else (False, True):
                began = cpu_seconds()
                if naive:
                    values = read_naively(scan)
                    cost.naive.append(cpu_seconds() - began)
                    cost.right_naive, cost.fields = count_right(scan, values)
                else:
                    with stages.everywhere(), stages.timed("rest"):
                        record = followed.read(scan.content, scan.source)
                    cost.ours.append(cpu_seconds() - began)
                    cost.right_ours, _ = count_right(scan, {key: each.value for key, each in record.fields.items()})
            print(f"{turn + 1}/{rounds} {scan.name}", file=sys.stderr)
    return costs, dict(stages.seconds)


def print_costs(scans: Sequence[Scan], costs: Sequence[Cost]) -> None:
    print(
        "CPU milliseconds a page (user and system, children included; median of the rounds), and fields exactly right"
    )
    row = "{:<42}{:<15}{:>6}{:>8}{:>7}{:>7}{:>13}{:>12}".format
    print(row("document", "scan", "pages", "naive", "ours", "ratio", "naive right", "ours right"))
    for scan, cost in zip(scans, costs, strict=True):
        naive, ours = (f"{1000 * median(each) / len(scan.pages):.0f}" for each in (cost.naive, cost.ours))
        right = (f"{each}/{cost.fields}" for each in (cost.right_naive, cost.right_ours))
        print(row(scan.name[-41:], scan.kind, len(scan.pages), naive, ours, f"{cost.ratio:.1f}", *right))


def print_right(scans: Sequence[Scan], costs: Sequence[Cost]) -> None:
    for fill in ("typed", "hand"):
        these = [cost for scan, cost in zip(scans, costs, strict=True) if scan.kind.startswith(fill)]
        count = sum(cost.fields for cost in these)
        if count:
            naive = sum(cost.right_naive for cost in these) / count
            ours = sum(cost.right_ours for cost in these) / count
            print(
                f"fields exactly right, {fill}: naive {naive:.1%}, ours {ours:.1%} (n = {count} on {len(these)} forms)"
            )


def print_stages(seconds: Mapping[str, float], pages: int) -> None:
    whole = sum(seconds.values())
    print("\nours by stage, CPU milliseconds a page and share:")
    for stage, spent in sorted(seconds.items(), key=lambda pair: -pair[1]):
        print(f"  {stage:<12}{1000 * spent / pages:>8.1f}{spent / whole:>8.1%}")


def verdict(ratios: Sequence[float]) -> str:
    """The median ratio with its spread, and what that is to the requirement."""
    middle = median(ratios)
    low, _, high = quantiles([*ratios, middle][: max(2, len(ratios))], n=4, method="inclusive")
    stands = "met" if middle >= 1 / SHARE else "NOT met"
    return (
        f"the naive page costs {middle:.1f} times ours (median of n = {len(ratios)} documents; middle half "
        f"{low:.1f} to {high:.1f}, all {min(ratios):.1f} to {max(ratios):.1f})\n"
        f"required: our page costs at most {SHARE:.0%} of the naive one; it costs {1 / middle:.1%}: {stands}"
    )


def on_one_thread() -> None:
    """Starts this program again where the libraries were not told, before they were loaded, to use one thread."""
    if any(os.environ.get(name) != value for name, value in ONE_THREAD.items()):
        os.execve(sys.executable, sys.orig_argv, os.environ | ONE_THREAD)
    cv2.setNumThreads(1)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", type=Path, default=ROOT / "samples", metavar="DIR", help="with a truth.jsonl")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="how many times each (default 3)")
    parser.add_argument("--quick", action="store_true", help="two documents, one round: only to see that it runs")
    options = parser.parse_args()
    on_one_thread()
    if missing := missing_tools():
        sys.exit(f"naive: {missing}")
    settings = load(ROOT / "config.toml")
    machine = Machine(settings, load_specs(settings.paths.specs), load_engines(settings.ocr.engines))
    scans, passed = find_scans(options.documents, machine, 2 if options.quick else None)
    if not scans:
        sys.exit(f"naive: no scan in {options.documents} comes to be read")
    for scan in scans:
        load_blanks(scan)
    rounds = 1 if options.quick else max(1, options.rounds)
    costs, seconds = measure(scans, machine, rounds)
    engines = ", ".join(f"{engine.name} {engine.version}" for engine in machine.engines)
    print(f"{os.cpu_count()} cores of {os.uname().machine}; {rounds} rounds in turns; engines: {engines}\n")
    print_costs(scans, costs)
    for line in passed:
        print(f"not read, and not counted: {line}")
    print()
    print_right(scans, costs)
    print_stages(seconds, rounds * sum(len(scan.pages) for scan in scans))
    print("\n" + verdict([cost.ratio for cost in costs]))


if __name__ == "__main__":
    main()
