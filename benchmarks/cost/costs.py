"""What documents have cost by each way, how much of it is right, and whether that is what is required."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles

from benchmarks.cost.ways import Way

OURS = "ours"
# The requirements: how many times our page's cost that of another way is. What ours has prepared has none.
AT_LEAST = {"typed": 10.0, "hand": 6.0}
REQUIRED = ("naive", "list", "ocrmypdf", "rapidocr")


@dataclass
class Cost:
    """One document by one way: CPU seconds of each round, of which OCR; and its written fields, of which right."""

    fill: str
    pages: int
    seconds: list[float] = field(default_factory=list)
    ocr: list[float] = field(default_factory=list)
    right: int = 0
    fields: int = 0

    @property
    def page(self) -> float:
        """CPU seconds a page: the median of the rounds."""
        return median(self.seconds) / self.pages


Costs = dict[str, list[Cost]]


def ratios(costs: Costs, name: str, fill: str = "") -> list[float]:
    """How many times our cost that of way `name` is, a document each."""
    pairs = zip(costs[name], costs[OURS], strict=True)
    return [other.page / our.page for other, our in pairs if our.fill.startswith(fill)]


def share_right(costs: Sequence[Cost]) -> float:
    return sum(each.right for each in costs) / max(1, sum(each.fields for each in costs))


def table(ways: Sequence[Way], costs: Costs, fill: str) -> list[str]:
    """A row a way: CPU milliseconds a page, of which OCR, times ours with the middle half, fields exactly right."""
    row = "{:<44}{:>9}{:>11}{:>8}{:>15}{:>8}".format
    lines = [row(f"{fill}", "ms/page", "of it OCR", "x ours", "(middle half)", "right")]
    for way in ways:
        these = [each for each in costs[way.name] if each.fill == fill]
        if not these:
            return []
        times = ratios(costs, way.name, fill)
        low, _, high = quantiles(times * 2 if len(times) < 2 else times, n=4, method="inclusive")
        whole = f"{1000 * median(each.page for each in these):.0f}"
        ocr = median(median(each.ocr) / each.pages for each in these)
        told = f"{1000 * ocr:.0f}" if ocr else "-"
        lines.append(
            row(way.title, whole, told, f"{median(times):.2f}", f"{low:.2f}-{high:.2f}", f"{share_right(these):.1%}")
        )
    count = len([each for each in costs[OURS] if each.fill == fill])
    fields = sum(each.fields for each in costs[OURS] if each.fill == fill)
    return [*lines, f"(n = {count} documents, {fields} written fields)", ""]


def verdicts(ways: Sequence[Way], costs: Costs) -> list[str]:
    """What is required, and whether it is met."""
    lines = []
    for fill, least in AT_LEAST.items():
        ours = [each for each in costs[OURS] if each.fill == fill]
        if not ours:
            continue
        for way in ways:
            if way.name not in REQUIRED:
                continue
            wanted = least if way.name == "naive" else 1.0
            times = median(ratios(costs, way.name, fill))
            theirs = share_right([each for each in costs[way.name] if each.fill == fill])
            met = "met" if times >= wanted and share_right(ours) >= theirs else "NOT met"
            lines.append(
                f"{fill}: at least {wanted:g} times cheaper than {way.name} and no less right: {times:.2f} times, "
                f"{share_right(ours):.1%} to {theirs:.1%}: {met}"
            )
    return lines
