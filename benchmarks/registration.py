"""How well pages are laid on their blanks: `python -m benchmarks.registration [--documents N] [--seed S] [--quick]`.

Each document is filled as `benchmarks.synthesis` does (in the one font of this repository) and comes a known way: fax,
telephone, print scales, A4, upside down, paper feed. A sheet of dots goes exactly the same way, by the same seed, and
says where each point of the page has ended up. The document goes through what `pipeline process` does up to reading:
open, identify, register. Residuals are distances between where a point is and where it is taken to be, in pixels at
300 dpi, over the fields and 6 points around them; the dots themselves are found to about a tenth of a pixel.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.geometry.dots import distances, find_dots, inside, make_dots
from benchmarks.geometry.press import filled, press
from benchmarks.geometry.ways import WAYS, Way
from benchmarks.synthesis.composing import make_request
from benchmarks.synthesis.fill import Fonts, fill, make_writers
from benchmarks.synthesis.generate import choose_date, choose_spec, to_pdf
from benchmarks.synthesis.noise import degrade, make_device
from pipeline.config import load
from pipeline.document import open_document
from pipeline.identify import identify
from pipeline.model import Refused
from pipeline.ocr import load_engines
from pipeline.specs import load_specs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.synthesis.noise import Scan
    from pipeline.config import Settings
    from pipeline.identify import Identified
    from pipeline.model import OcrEngine
    from pipeline.register import LaidPage
    from pipeline.specs import FormSpec

ROOT = Path(__file__).resolve().parent.parent
FONT = ROOT / "pipeline" / "show" / "fonts" / "DejaVuSans.ttf"
FONTS = Fonts((FONT,), (FONT,), (FONT,))
# What is required: 95 in 100 points within the first, all within the second, in pixels at 300 dpi.
USUAL, MOST = 1.0, 3.0
AROUND = 6.0  # points around a field


@dataclass(frozen=True)
class Tools:
    settings: Settings
    specs: tuple[FormSpec, ...]
    engines: tuple[OcrEngine, ...]


@dataclass(frozen=True)
class Sent:
    """One document as it came: its PDF, its scans, and the sheets of dots that came the same way."""

    spec: FormSpec
    content: bytes
    scans: list[Scan]
    dots: list[Scan]


@dataclass
class Tally:
    """One way's pages: residuals of each page that was laid, how many were not, how many were taken for another's."""

    pages: int = 0
    refused: int = 0
    wrong: int = 0
    residuals: list[NDArray[np.float64]] = field(default_factory=list)
    lost: int = 0

    def row(self, name: str) -> str:
        laid = len(self.residuals)
        every = np.concatenate(self.residuals) if laid else np.empty(0)
        within = sum(float(each.max()) <= MOST for each in self.residuals)
        figures = [f"{value:.2f}" for value in (*np.percentile(every, (50, 95)), every.max())] if laid else ["–"] * 3
        cells = (
            name,
            self.pages,
            laid,
            self.refused,
            self.wrong,
            len(every),
            self.lost,
            *figures,
            f"{within} / {laid}",
        )
        return f"| {' | '.join(map(str, cells))} |"


COLUMNS = (
    "way",
    "pages",
    "laid",
    "left to a person",
    "taken for another",
    "points",
    "dots lost",
    "median",
    "p95",
    "max",
    "pages within 3 px",
)


def send(rng: np.random.Generator, specs: tuple[FormSpec, ...], way: Way, seed: int) -> Sent:
    """A filled form that came this way, with the sheets of dots beside it."""
    spec = choose_spec(rng, specs)
    hand = bool(rng.random() < 0.5)
    device = make_device(rng, way.quality)
    request = make_request(rng, spec, choose_date(rng, spec), hand, held_out=False)
    drawn = fill(rng, request, make_writers(rng, FONTS, hand, device.keeps_pencil))
    pages = [filled(spec, number, page) for number, page in enumerate(drawn, start=1)]
    dots = [make_dots(page.shape).pixels for page in pages]
    # What chance does to a sheet rests on its size alone, so that the same seed sends both the same way.
    scans, marks = (
        degrade(np.random.default_rng(seed), [way.bend(page) for page in sheets], device) for sheets in (pages, dots)
    )
    return Sent(spec, to_pdf(scans), scans, marks)


def measure(sent: Sent, tools: Tools, tally: Tally) -> None:
    tally.pages += len(sent.spec.page)
    try:
        found = identify(open_document(sent.content, tools.settings.limits), tools.specs, tools.engines)
    except Refused:
        tally.refused += len(sent.spec.page)
        return
    if found.spec.name != sent.spec.name:
        tally.wrong += len(sent.spec.page)
        return
    tally.refused += len(found.missing)
    for laid, dots in laid_pages(found, sent):
        residuals, lost = residuals_of(laid, dots, sent.spec)
        tally.residuals.append(residuals)
        tally.lost += lost


def laid_pages(found: Identified, sent: Sent) -> Iterator[tuple[LaidPage, Scan]]:
    for laid in found.pages.values():
        yield laid, sent.dots[laid.page.index]


def residuals_of(laid: LaidPage, dots: Scan, spec: FormSpec) -> tuple[NDArray[np.float64], int]:
    """In pixels at 300 dpi, for the dots about the page's fields that arrived; and how many did not."""
    height, width = press(spec, laid.number).shape
    middles = make_dots((height, width)).middles
    boxes = [field.box for field in spec.fields_of_page(laid.number)] or [spec.page[laid.number - 1].box]
    middles = middles[inside(middles, boxes, AROUND)]
    # Both axes in inches of the sheet as scanned, since a fax has other dots across than down.
    height, width = laid.pixels.shape
    unit = np.array([width / dots.pixels.shape[1], height / dots.pixels.shape[0]])
    arrived = find_dots(dots.pixels, float(np.mean(dots.dpi))) * unit
    off, lost = distances(laid.locate(middles), arrived)
    return off * 300 / laid.page.dpi, lost


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--documents", type=int, default=12, help="documents a way (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="one document a way: only to see that it runs")
    options = parser.parse_args()
    settings = load(ROOT / "config.toml")
    tools = Tools(settings, load_specs(ROOT / "forms_specs"), tuple(load_engines(settings.ocr.engines)))
    print(f"| {' | '.join(COLUMNS)} |\n|{' --- |' * len(COLUMNS)}", flush=True)
    whole = Tally()
    for rank, way in enumerate(WAYS):
        tally = Tally()
        for number in range(1 if options.quick else options.documents):
            rng = np.random.default_rng([options.seed, rank, number])
            measure(send(rng, tools.specs, way, seed=int(rng.integers(1 << 32))), tools, tally)
        print(tally.row(way.name), flush=True)
        add(whole, tally)
    print(whole.row("all"))
    print(verdict(whole.residuals))
    return 0


def add(whole: Tally, part: Tally) -> None:
    whole.pages += part.pages
    whole.refused += part.refused
    whole.wrong += part.wrong
    whole.lost += part.lost
    whole.residuals += part.residuals


def verdict(residuals: Sequence[NDArray[np.float64]]) -> str:
    every = np.concatenate(residuals) if residuals else np.empty(0)
    if not len(every):
        return "No page was laid."
    usual, most = float(np.percentile(every, 95)), float(every.max())
    met = "met" if usual <= USUAL and most <= MOST else "NOT met"
    return f"Required: p95 at most {USUAL:g} px, max at most {MOST:g} px. Here {usual:.2f} and {most:.2f}: {met}."


if __name__ == "__main__":
    raise SystemExit(main())
