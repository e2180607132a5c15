"""How cost and memory grow: `python -m benchmarks.curves [--only NAMES] [--json FILE] [--quick]`.

Over the number of documents (those that cost nothing to read, so that what is around the reading shows; and real ones),
the files in an inbox, the pages of a file, the fields of a form, and the editions known. Counted is CPU time, user and
system, of all processes; and the most memory that was held, what processes share counted once. `--quick` takes the
smallest sizes, to see that it runs.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from benchmarks.compare import KEPT, on_one_thread
from benchmarks.cost import points
from benchmarks.cost.editions import Look
from benchmarks.cost.points import Point

EDITIONS = (9, 25, 50, 100, 200)


@dataclass(frozen=True)
class Curve:
    title: str
    sizes: Sequence[int]
    measure: Callable[[int], Point]


CURVES = {
    "around": Curve("documents, none of them read", (10, 100, 300, 1000, 3000), points.around),
    "reading": Curve("documents, each read", (10, 30, 100), points.reading),
    "inbox": Curve("files in the inbox, all known", (10, 100, 1000, 3000), points.inbox),
    "pages": Curve("pages in the file", (1, 2, 5, 10, 20, 50), points.pages),
    "fields": Curve("fields in the form", (2, 6, 10, 14, 18), points.fields),
    "same-look": Curve(
        "editions known, which differ by their footers", EDITIONS, partial(points.editions, look=Look.SAME)
    ),
    "other-looks": Curve("editions known, which look different", EDITIONS, partial(points.editions, look=Look.OTHER)),
}


def measure(curve: Curve, sizes: Sequence[int]) -> list[Point]:
    """Each point in a process of its own: what one has loaded is not in the memory of the next."""
    found = []
    for size in sizes:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            found.append(pool.submit(curve.measure, size).result())
        print(f"{curve.title}: {row(found[-1])}", file=sys.stderr)
    return found


def row(point: Point) -> str:
    spent = "".join(f"{name} {each:>9.1f} ms   " for name, each in point.milliseconds.items())
    notes = "".join(f"   {name} {count}" for name, count in point.notes.items())
    return f"{point.size:>6}   {spent}memory {point.peak:>6.0f} MB{notes}"


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", default="", metavar="A,B", help=f"of {', '.join(CURVES)} (all)")
    parser.add_argument("--json", type=Path, default=KEPT / "curves.json", metavar="FILE", help="every figure")
    parser.add_argument("--quick", action="store_true", help="the two smallest sizes: only to see that it runs")
    options = parser.parse_args()
    on_one_thread()
    names = [name for name in options.only.split(",") if name] or list(CURVES)
    if unknown := set(names) - set(CURVES):
        parser.error(f"--only: there is no {', '.join(sorted(unknown))}; there are: {', '.join(CURVES)}")
    print(f"{os.cpu_count()} cores of {os.uname().machine}; CPU time, user and system; memory: the most at once")
    curves = {}
    for name in names:
        sizes = CURVES[name].sizes[: 2 if options.quick else None]
        curves[name] = measure(CURVES[name], sizes)
        print("\n".join(["", CURVES[name].title, *map(row, curves[name])]), flush=True)
    told = {name: [asdict(point) for point in found] for name, found in curves.items()}
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(told, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
