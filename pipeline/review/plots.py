"""Pictures of shares and counts, as SVG bytes. Bars and points carry their numbers: colour alone says nothing."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING

from pipeline.evaluation.share import Share

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, INK = "#00598c", "#1e2228"
SIZE = (6.4, 3.2)
# Matplotlib's text is not safe in several threads.
TURN = threading.Lock()


def shares_over(names: Sequence[str], shares: Sequence[Share], title: str) -> bytes:
    """Points with Wilson's intervals, one after the other."""
    with TURN:
        figure, axes = begin(title, len(names))
        for place, share in enumerate(shares):
            low, high = share.bounds
            axes.plot([place, place], [100 * low, 100 * high], color=BLUE, linewidth=2)
            axes.plot([place], [100 * (share.rate or 0)], "o", color=BLUE)
            axes.annotate(f"{share.count}/{share.of}", (place, 100 * high), ha="center", va="bottom", fontsize=8)
        axes.set_xticks(range(len(names)), names, rotation=30, ha="right", fontsize=8)
        axes.set_ylim(0, 112)
        axes.set_ylabel("%")
        return svg(figure)


def shares_beside(names: Sequence[str], shares: Sequence[Share], title: str) -> bytes:
    """Bars with Wilson's intervals, each with its numbers."""
    with TURN:
        figure, axes = begin(title, len(names))
        for place, share in enumerate(shares):
            low, high = share.bounds
            axes.barh(place, 100 * (share.rate or 0), color=BLUE, height=0.6)
            axes.plot([100 * low, 100 * high], [place, place], color=INK, linewidth=1.5)
            axes.annotate(f" {share.count}/{share.of}", (100 * high, place), va="center", fontsize=8)
        axes.set_yticks(range(len(names)), names, fontsize=8)
        axes.invert_yaxis()
        axes.set_xlim(0, 118)
        axes.set_xlabel("%")
        return svg(figure)


def counts_beside(names: Sequence[str], counts: Sequence[int], title: str) -> bytes:
    with TURN:
        figure, axes = begin(title, len(names))
        axes.barh(range(len(names)), counts, color=BLUE, height=0.6)
        for place, count in enumerate(counts):
            axes.annotate(f" {count}", (count, place), va="center", fontsize=8)
        axes.set_yticks(range(len(names)), names, fontsize=8)
        axes.invert_yaxis()
        return svg(figure)


def numbers_over(names: Sequence[str], numbers: Sequence[float], title: str) -> bytes:
    with TURN:
        figure, axes = begin(title, len(names))
        axes.plot(range(len(names)), numbers, "o-", color=BLUE)
        for place, number in enumerate(numbers):
            axes.annotate(f"{number:.0f}", (place, number), ha="center", va="bottom", fontsize=8)
        axes.set_xticks(range(len(names)), names, rotation=30, ha="right", fontsize=8)
        axes.set_ylim(bottom=0)
        axes.set_ylabel("s")
        return svg(figure)


def begin(title: str, count: int) -> tuple[Figure, Axes]:
    # Only here: loading it takes a second, and most pages do without.
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE, layout="constrained")
    axes = figure.subplots()
    axes.set_title(title, fontsize=10)
    axes.spines[["top", "right"]].set_visible(False)
    if not count:
        axes.text(0.5, 0.5, "–", ha="center", va="center", transform=axes.transAxes)
    return figure, axes


def svg(figure: Figure) -> bytes:
    content = BytesIO()
    figure.savefig(content, format="svg", metadata={"Date": None})
    return content.getvalue()
