"""What a page costs and how much of it is right, beside other ways: `python -m benchmarks.compare [--documents DIR]`.

Ours is `pipeline.process.process`, the very call that `pipeline process` makes for one document, engines and blanks
loaded beforehand, as they are in a run. (a) naive: pdftoppm at 300 dpi, ORB features matched by brute force, the whole
page warped onto the blank, one pytesseract call for each written field. (b) the same, with one call on a list of files;
(b') that on the writing that ours has lifted. (c) OCRmyPDF with a text sidecar. (d) RapidOCR on our laid pages. All but
ours are told which form it is, and look at no tick and no signature; benchmarks/README.md says how each is judged.

All start from the same documents, on one thread, in one process tree and in turns; what is counted is CPU time, user
and system, of the process and of those it starts. `--quick` takes two documents and one round, to see that it runs.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2

from benchmarks.cost.costs import OURS, Cost, Costs, table, verdicts
from benchmarks.cost.scans import Machine, Scan, find_scans, right_keys, written_keys
from benchmarks.cost.stages import Stages, cpu_seconds
from benchmarks.cost.ways import OCR, Way, all_ways
from pipeline.config import load
from pipeline.ocr import load_engines
from pipeline.specs import load_specs
from pipeline.walled.child import ONE_THREAD

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "build" / "bench"


def measure(scans: Sequence[Scan], ways: Sequence[Way], rounds: int) -> tuple[Costs, dict[str, float]]:
    """Each scan's cost by each way, in the order of `scans`; and the CPU seconds of each of our stages, all told."""
    costs: Costs = {way.name: [Cost(scan.kind.split(",")[0], len(scan.pages)) for scan in scans] for way in ways}
    ours: dict[str, float] = defaultdict(float)
    for turn in range(rounds):
        for rank, scan in enumerate(scans):
            first = (turn + rank) % len(ways)
            for way in (*ways[first:], *ways[:first]):
                stages = Stages(cpu_seconds)
                began = cpu_seconds()
                with stages.timed("rest"):
                    given = way.read(scan, stages)
                note(costs[way.name][rank], cpu_seconds() - began, stages)
                judge(costs[way.name][rank], scan, way, given)
                if way.name == OURS:
                    for stage, seconds in stages.seconds.items():
                        ours[stage] += seconds
            print(f"{turn + 1}/{rounds} {rank + 1}/{len(scans)} {scan.name}", file=sys.stderr)
    return costs, dict(ours)


def note(cost: Cost, seconds: float, stages: Stages) -> None:
    cost.seconds.append(seconds)
    cost.ocr.append(stages.seconds.get(OCR, 0.0))


def judge(cost: Cost, scan: Scan, way: Way, given: object) -> None:
    cost.fields = len(written_keys(scan))
    cost.right = len(set().union(*(right_keys(scan, values) for values in way.judge(scan, given))))


def stage_lines(seconds: Mapping[str, float], pages: int) -> list[str]:
    whole = sum(seconds.values())
    ordered = sorted(seconds.items(), key=lambda pair: -pair[1])
    told = [f"  {stage:<12}{1000 * spent / pages:>8.1f}{spent / whole:>8.1%}" for stage, spent in ordered]
    return ["ours by stage, CPU milliseconds a page and share:", *told, ""]


def on_one_thread() -> None:
    """Starts this program again where the libraries were not told, before they were loaded, to use one thread."""
    if any(os.environ.get(name) != value for name, value in ONE_THREAD.items()):
        os.execve(sys.executable, sys.orig_argv, os.environ | ONE_THREAD)
    cv2.setNumThreads(1)


def usable(ways: Sequence[Way], wanted: Sequence[str]) -> list[Way]:
    """Ours and those wanted that this machine has; says of the others what they lack."""
    chosen = []
    for way in ways:
        if wanted and way.name not in wanted and way.name != OURS:
            continue
        if lacking := way.lacks():
            print(f"SKIPPED {way.name}: {lacking}", file=sys.stderr)
        else:
            chosen.append(way)
    return chosen


def options_of() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", type=Path, default=ROOT / "samples", metavar="DIR", help="with a truth.jsonl")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="how many times each (default 3)")
    parser.add_argument("--most", type=int, metavar="N", help="that many documents, evenly from first to last")
    parser.add_argument("--ways", default="", metavar="A,B", help="naive, list, list-lifted, ocrmypdf, rapidocr (all)")
    parser.add_argument("--json", type=Path, default=KEPT / "compare.json", metavar="FILE", help="every figure")
    parser.add_argument("--quick", action="store_true", help="two documents, one round: only to see that it runs")
    return parser.parse_args()


def main() -> None:
    options = options_of()
    on_one_thread()
    settings = load(ROOT / "config.toml")
    machine = Machine(settings, load_specs(settings.paths.specs), load_engines(settings.ocr.engines))
    ways = usable(all_ways(machine), [name for name in options.ways.split(",") if name])
    scans, passed = find_scans(options.documents, machine, 2 if options.quick else options.most)
    if not scans:
        sys.exit(f"compare: no scan in {options.documents} comes to be read")
    for way in ways:
        for scan in scans:
            way.load(scan)
    rounds = 1 if options.quick else max(1, options.rounds)
    costs, stages = measure(scans, ways, rounds)
    engines = ", ".join(f"{engine.name} {engine.version}" for engine in machine.engines)
    print(f"{os.cpu_count()} cores of {os.uname().machine}; {rounds} rounds in turns; engines: {engines}")
    print(f"{options.documents}: CPU time, user and system, children included; medians of documents\n")
    pages = rounds * sum(len(scan.pages) for scan in scans)
    lines = [*table(ways, costs, "typed"), *table(ways, costs, "hand"), *stage_lines(stages, pages)]
    print("\n".join([*lines, *verdicts(ways, costs), *(f"not read, and not counted: {line}" for line in passed)]))
    told = {
        "titles": {way.name: way.title for way in ways},
        "kinds": [scan.kind for scan in scans],
        "costs": {name: [vars(each) for each in these] for name, these in costs.items()},
        "stages": {stage: seconds / pages for stage, seconds in stages.items()},
    }
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(told, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
