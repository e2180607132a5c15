"""Pictures of what `compare` and `curves` have measured, as PNG. Points carry names or numbers: colour says nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from PIL import Image

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, INK = "#00598c", "#1e2228"
DASHES = ("-", "--")
DPI, COLOURS = 90, 24
# From where the largest size is so many times the smallest on, sizes are drawn by their logarithm.
SPREAD = 100
FILLS = {"typed": "typed", "hand": "by hand"}
Measured = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """One line in a panel: of curve `curve`, what was spent on `spent`; `name` where a panel has several."""

    curve: str
    spent: str
    name: str = ""


@dataclass(frozen=True)
class Panel:
    title: str
    unit: str
    lines: tuple[Line, ...]


PANELS = (
    Panel(
        "documents, none of them read",
        "ms a document",
        (Line("around", "dispatcher", "dispatcher"), Line("around", "behind the wall", "behind the wall")),
    ),
    Panel("documents, each read", "ms a document behind the wall", (Line("reading", "behind the wall"),)),
    Panel("files in the inbox, all known", "ms a look", (Line("inbox", "a look"),)),
    Panel("pages in the file", "ms a document", (Line("pages", "a document"),)),
    Panel("fields in the form", "ms a document", (Line("fields", "a document"),)),
    Panel(
        "editions known",
        "ms of identification a page",
        (Line("same-look", "a page", "same look, other footer"), Line("other-looks", "a page", "other looks")),
    ),
)


def draw_beside(measured: Measured, path: Path) -> None:
    """Each way by what a page costs it and how much it has right, typed and handwritten apart."""
    figure = begin((8.4, 3.4))
    for axes, (fill, title) in zip(figure.subplots(1, 2, sharey=True), FILLS.items(), strict=True):
        count = 0
        for name, costs in measured["costs"].items():
            these = [each for each in costs if each["fill"] == fill]
            count = len(these)
            if not these:
                continue
            spent = 1000 * median(median(each["seconds"]) / each["pages"] for each in these)
            right = 100 * sum(each["right"] for each in these) / sum(each["fields"] for each in these)
            axes.plot(
                [spent], [right], "o", color=BLUE if name == "ours" else INK, markersize=8 if name == "ours" else 5
            )
            axes.annotate(name, (spent, right), (2, 5), textcoords="offset points", rotation=30, fontsize=8)
        axes.set_xscale("log")
        axes.set_xlim(30, 60_000)
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.set_ylim(0, 115)
        axes.set_title(f"{title}, n = {count} documents", fontsize=9)
        axes.set_xlabel("CPU milliseconds a page", fontsize=8)
        axes.set_ylabel("fields exactly right, %", fontsize=8)
    save(figure, path)


def draw_stages(measured: Measured, path: Path) -> None:
    """Where our time goes."""
    figure = begin((6.4, 2.8))
    axes = figure.subplots()
    spent = sorted(measured["stages"].items(), key=lambda pair: -pair[1])
    whole = sum(seconds for _, seconds in spent)
    for place, (_, seconds) in enumerate(spent):
        axes.barh(place, 1000 * seconds, color=BLUE, height=0.65)
        axes.annotate(
            f" {1000 * seconds:.0f} ms, {seconds / whole:.0%}", (1000 * seconds, place), va="center", fontsize=8
        )
    axes.set_yticks(range(len(spent)), [name for name, _ in spent], fontsize=8)
    axes.invert_yaxis()
    axes.margins(x=0.2)
    axes.set_xlabel("CPU milliseconds a page", fontsize=8)
    save(figure, path)


def draw_growth(curves: Measured, path: Path) -> None:
    """What it costs over each size."""
    draw_panels(path, [(panel, panel.unit, costs_of(curves, panel)) for panel in PANELS])


def draw_memory(curves: Measured, path: Path) -> None:
    """The most memory held over each size."""
    draw_panels(path, [(panel, "MB at most", memory_of(curves, panel)) for panel in PANELS])


# Of each line its name, the sizes and what stands over them.
Drawn = list[tuple[str, list[int], list[float]]]


def costs_of(curves: Measured, panel: Panel) -> Drawn:
    return [
        (line.name, [each["size"] for each in found], [each["milliseconds"][line.spent] for each in found])
        for line in panel.lines
        if (found := curves.get(line.curve))
    ]


def memory_of(curves: Measured, panel: Panel) -> Drawn:
    names = {line.curve: line.name for line in reversed(panel.lines)}
    several = len(names) > 1
    return [
        (name if several else "", [each["size"] for each in found], [each["peak"] for each in found])
        for curve, name in reversed(names.items())
        if (found := curves.get(curve))
    ]


def draw_panels(path: Path, panels: Sequence[tuple[Panel, str, Drawn]]) -> None:
    figure = begin((9.6, 5.0))
    for axes, (panel, unit, drawn) in zip(figure.subplots(2, 3).flat, panels, strict=True):
        for dashes, side, (name, sizes, values) in zip(DASHES, ("bottom", "top"), drawn, strict=False):
            axes.plot(sizes, values, f"o{dashes}", color=BLUE, markersize=3.5, linewidth=1.2, label=name or None)
            for place in {0, len(sizes) - 1}:
                axes.annotate(f"{values[place]:.0f}", (sizes[place], values[place]), va=side, ha="center", fontsize=8)
        widest = max((max(sizes) / min(sizes) for _, sizes, _ in drawn), default=1.0)
        if widest >= SPREAD:
            axes.set_xscale("log")
            axes.xaxis.set_major_formatter("{x:,.0f}")
        if any(name for name, _, _ in drawn):
            axes.legend(fontsize=7, frameon=False)
        axes.set_title(panel.title, fontsize=9)
        axes.set_ylabel(unit, fontsize=8)
        axes.set_ylim(0, 1.25 * max((value for _, _, values in drawn for value in values), default=1.0))
    save(figure, path)


def begin(size: tuple[float, float]) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=size, layout="constrained")


def save(figure: Figure, path: Path) -> None:
    for axes in figure.axes:
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=8)
    path.parent.mkdir(parents=True, exist_ok=True)
    content = BytesIO()
    figure.savefig(content, format="png", dpi=DPI)
    # A few colours are enough, and a third of the size.
    Image.open(content).convert("RGB").quantize(COLOURS).save(path, optimize=True)
