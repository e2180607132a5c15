"""Tables and pictures of what was measured last: `python -m benchmarks.report [--from DIR] [--pictures DIR]`.

Takes what `benchmarks.compare` and `benchmarks.curves` left in `build/bench`, and writes `figures.md` and the pictures
`performance-*.png` beside it. `--pictures docs` renews those of docs/performance.md, whose text is written by hand.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.compare import KEPT
from benchmarks.cost import plots

FILLS = {"typed": "typed", "hand": "by hand"}


def beside(measured: dict[str, Any]) -> Iterator[str]:
    """A row a way, typed and handwritten side by side; how many documents and fields that is."""
    ours = measured["costs"]["ours"]
    counts = {
        told: (len(these), sum(each["fields"] for each in these))
        for fill, told in FILLS.items()
        if (these := [each for each in ours if each["fill"] == fill])
    }
    yield from heading(["", *(cell for told in counts for cell in (f"{told}: ms a page", "times ours", "right"))])
    for name, title in measured["titles"].items():
        cells = [title]
        for fill in FILLS:
            pairs = [
                (each, our) for each, our in zip(measured["costs"][name], ours, strict=True) if our["fill"] == fill
            ]
            if pairs:
                times = median(page(each) / page(our) for each, our in pairs)
                right = sum(each["right"] for each, _ in pairs) / sum(each["fields"] for each, _ in pairs)
                cells += [
                    f"{1000 * median(page(each) for each, _ in pairs):,.0f}",
                    f"{times:.1f}",
                    f"{100 * right:.1f} %",
                ]
        yield table_row(cells)
    yield ""
    yield "; ".join(
        f"{told}: n = {documents} documents, {fields} fields" for told, (documents, fields) in counts.items()
    )


def page(cost: dict[str, Any]) -> float:
    """CPU seconds a page: the median of the rounds."""
    return float(median(cost["seconds"])) / int(cost["pages"])


def stages(measured: dict[str, Any]) -> Iterator[str]:
    whole = sum(measured["stages"].values())
    yield from heading(["stage", "ms a page", "share"])
    for stage, seconds in sorted(measured["stages"].items(), key=lambda pair: -pair[1]):
        yield table_row([stage, f"{1000 * seconds:.1f}", f"{100 * seconds / whole:.1f} %"])


def growth(points: list[dict[str, Any]]) -> Iterator[str]:
    """A row a size: milliseconds, memory, and what else was counted."""
    first = points[0]
    yield from heading(["size", *(f"ms: {name}" for name in first["milliseconds"]), "MB at most", *first["notes"]])
    for each in points:
        spent = [f"{value:,.1f}" for value in each["milliseconds"].values()]
        yield table_row([f"{each['size']:,}", *spent, f"{each['peak']:,.0f}", *map(str, each["notes"].values())])


def heading(cells: list[str]) -> list[str]:
    return [table_row(cells), table_row(["---"] * len(cells))]


def table_row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def load(path: Path) -> dict[str, Any]:
    """{} where it was not measured."""
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def report(source: Path, out: Path) -> None:
    """Raises `SystemExit` where nothing was measured."""
    compared, curves = load(source / "compare.json"), load(source / "curves.json")
    if not compared and not curves:
        raise SystemExit(f"report: nothing was measured yet: no compare.json or curves.json in {source}")
    lines = [f"Made on {datetime.now(UTC):%Y-%m-%d}."]
    if compared:
        lines += ["", *beside(compared), "", *stages(compared)]
        plots.draw_beside(compared, out / "performance-beside.png")
        plots.draw_stages(compared, out / "performance-stages.png")
    if curves:
        lines += [line for name, points in curves.items() for line in ("", f"{name}:", "", *growth(points))]
        plots.draw_growth(curves, out / "performance-growth.png")
        plots.draw_memory(curves, out / "performance-memory.png")
    (source / "figures.md").write_text("\n".join([*lines, ""]), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--from", dest="source", type=Path, default=KEPT, metavar="DIR", help="compare.json, curves.json"
    )
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="where to (the same folder)")
    options = parser.parse_args()
    report(options.source, options.pictures or options.source)
    print(f"{options.source / 'figures.md'}; the pictures are in {options.pictures or options.source}")


if __name__ == "__main__":
    main()
