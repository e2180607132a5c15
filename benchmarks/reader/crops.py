"""Training crops: a piece of a blank, written on, degraded, and taken through the pipeline's own lifting of the ink.

Only the field's surroundings are drawn, so a crop costs milliseconds; the steps after the scan are a real page's.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

import cv2
import numpy as np

from benchmarks.reader import texts
from benchmarks.reader.noise import PAPER_DPI, QUALITIES, Quality, degrade
from benchmarks.reader.pen import baseline_of, hand_manner, typed_manner, write, write_in_cells
from pipeline.ink import black_level, even_out
from pipeline.model import Box, Kind, Page
from pipeline.register import LaidPage
from pipeline.writing.combs import cells_closed_up
from pipeline.writing.lift import lift
from pipeline.writing.lines import find_line, unlifted

if TYPE_CHECKING:
    from benchmarks.reader.fonts import Font, Style
    from benchmarks.reader.pen import Generator, Ink, Manner
    from pipeline.model import Pixels
    from pipeline.specs import FieldSpec, FormSpec
    from pipeline.writing.lift import Lifted
    from pipeline.writing.lines import Line

UNIT = PAPER_DPI / 72
AROUND = (18.0, 15.0)  # points of the blank around the field
QUALITY_SHARES = (0.12, 0.27, 0.23, 0.17, 0.21)
HAND_SHARE = 0.58
# So much of what is typed stands on the rule under it, or all but.
ON_RULE = 0.2
# A crop is kept when the ink found is this share of the ink written.
LEAST_INK, MOST_INK = 0.55, 2.6
INKED = 100


@dataclass(frozen=True)
class Sample:
    pixels: Pixels = dataclasses.field(repr=False)
    text: str
    kind: Kind
    style: Style
    quality: Quality
    font: str
    comb: bool = False


@dataclass(frozen=True)
class Written:
    """A field that was written in and scanned: its spec, its ink as the pipeline has it, and what was written.

    on_rule: it was typed upon the rule, with which its points and feet may have been lifted off.
    """

    field: FieldSpec
    lifted: Lifted = dataclasses.field(repr=False)
    line: Line = dataclasses.field(repr=False)
    text: str
    style: Style
    quality: Quality
    font: str
    on_rule: bool


@dataclass(frozen=True)
class Sheet:
    """A piece of a blank to write on: `region` in points, `paper` its pixels at 300 dpi, `box` where one writes."""

    spec: FormSpec
    field: FieldSpec
    region: Box
    box: Box
    paper: Pixels


class CropMaker:
    """Endless samples out of a seed."""

    hand_share = HAND_SHARE

    def __init__(self, specs: Sequence[FormSpec], fonts: dict[Style, tuple[Font, ...]], seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.words = Random(seed)
        self.fonts = fonts
        self.fields = {
            kind: [(spec, each) for spec in specs for each in spec.field if each.kind is kind] for kind in texts.KINDS
        }

    def make(self, kinds: Sequence[Kind] = texts.KINDS) -> Sample:
        """One sample; what leaves no ink, or too much of it for its text to be read, is drawn anew."""
        written = self.write(kinds)
        comb = written.field.layout == "comb"
        pixels = shown(written, self.rng)
        return Sample(pixels, written.text, written.field.kind, written.style, written.quality, written.font, comb)

    def write(self, kinds: Sequence[Kind] = texts.KINDS) -> Written:
        """A field of one of these kinds, written in and scanned."""
        while True:
            written = self._try(kinds)
            if written is not None:
                return written

    def _try(self, kinds: Sequence[Kind]) -> Written | None:
        rng = self.rng
        shares = [texts.SHARES[texts.KINDS.index(kind)] for kind in kinds]
        kind = self.words.choices(kinds, shares)[0]
        spec, where = self.words.choice(self.fields[kind])
        style: Style = "hand" if rng.random() < self.hand_share else "typed"
        quality = QUALITIES[int(rng.choice(len(QUALITIES), p=QUALITY_SHARES))]
        font = self.words.choice(self.fonts[style])
        manner = (hand_manner if style == "hand" else typed_manner)(rng, PAPER_DPI)
        comb = where.layout == "comb"
        on_rule = style == "typed" and not comb and rng.random() < ON_RULE
        text = font.as_drawn(self._text_for(where))
        if not text or not font.can_write(text):
            return None
        if comb and (style == "hand" or rng.random() < 0.75):
            sheet = sheet_around(spec, where, where.box)
            ink = ink_in_cells(sheet, text, font, manner, rng)
        else:
            written = fitted(text, font, manner, where.box)
            if written is None:
                return None
            text, manner, width = written
            box = part_of(where.box, width + 8, rng) if not comb else where.box
            sheet = sheet_around(spec, where, box)
            ink = ink_on_line(sheet, text, font, manner, rng, on_rule)
        found = lifted_line(sheet, self.written_on(sheet, ink, style), int((ink > INKED).sum()), quality, rng)
        if found is None:
            return None
        label = " ".join(text.split())
        label = label.replace(" ", "") if comb else label
        return Written(where, *found, label, style, quality, font.name, on_rule)

    def written_on(self, sheet: Sheet, ink: Ink, style: Style) -> Pixels:
        """The sheet's paper with the ink on it."""
        return put_on(sheet.paper, ink, style, self.rng)

    def _text_for(self, where: FieldSpec) -> str:
        cells = len(where.cells)
        if cells and where.kind is not Kind.TEXT:
            return texts.digits_only(self.words, where.kind, cells if where.required else self.words.randint(1, cells))
        text = texts.sample(self.words, where.kind, where.key)
        return text[:cells].strip() if cells else text


def fitted(text: str, font: Font, manner: Manner, box: Box) -> tuple[str, Manner, float] | None:
    """The text, cut where it is too long for the box, the manner, smaller if need be, and the width in points."""
    room = box.width * UNIT - 20
    for _ in range(4):
        width = font.at(manner.size).getlength(text) + max(0.0, manner.spacing) * len(text)
        if width <= room:
            return text, manner, width / UNIT
        if manner.size > 36:
            manner = replace(manner, size=max(34, int(manner.size * max(0.7, room / width))), spacing=0)
        else:
            text = text[: max(1, int(len(text) * room / width) - 1)].strip()
            if not text:
                return None
    return None


def part_of(box: Box, width: float, rng: Generator) -> Box:
    """The part of a field that `width` points of writing take up; most begin at the field's left edge."""
    room = max(0.0, box.width - width - 6)
    start = box.x0 if rng.random() < 0.6 else box.x0 + float(rng.uniform(0, room))
    return Box(start, box.y0, min(box.x1, start + width + 10), box.y1)


def sheet_around(spec: FormSpec, where: FieldSpec, box: Box) -> Sheet:
    blank = spec.blank_pixels(where.page, PAPER_DPI)
    left, top = max(0, round((box.x0 - AROUND[0]) * UNIT)), max(0, round((box.y0 - AROUND[1]) * UNIT))
    right, bottom = round((box.x1 + AROUND[0]) * UNIT), round((box.y1 + AROUND[1]) * UNIT)
    paper = blank[top:bottom, left:right].copy()
    region = Box(left / UNIT, top / UNIT, left / UNIT + paper.shape[1] / UNIT, top / UNIT + paper.shape[0] / UNIT)
    # A patch as black as the form's bars: a page's black level is theirs.
    paper[4:30, 4 : 4 + max(30, paper.size // 1000)] = 0
    return Sheet(spec, where, region, box, paper)


def ink_on_line(sheet: Sheet, text: str, font: Font, manner: Manner, rng: Generator, on_rule: bool = False) -> Ink:
    """The text in the field's box, its baseline a little above the box's lower edge, or over it."""
    ink = write(text, font, manner, rng)
    sheet_ink = np.zeros(sheet.paper.shape, np.uint8)
    if manner.jitter:
        above = rng.normal(0.24, 0.16)
    else:
        above = rng.uniform(-0.03, 0.12) if on_rule else rng.uniform(0.12, 0.42)
    baseline = (sheet.box.y1 - sheet.region.y0 - max(-1.5, above * sheet.box.height)) * UNIT
    left = (sheet.box.x0 - sheet.region.x0 + abs(rng.normal(3, 2.5))) * UNIT - manner.size // 3
    return _pasted(sheet_ink, ink, round(left), round(baseline) - baseline_of(manner))


def ink_in_cells(sheet: Sheet, text: str, font: Font, manner: Manner, rng: Generator) -> Ink:
    cells = sheet.field.cells
    centres = [((cell.x0 + cell.x1) / 2 - sheet.region.x0) * UNIT for cell in cells]
    rise = rng.uniform(0.12, 0.32) * sheet.box.height
    baseline = (sheet.box.y1 - sheet.region.y0 - rise) * UNIT
    height, width = sheet.paper.shape
    return write_in_cells(text, centres, baseline, (width, height), font, manner, rng)


def _pasted(sheet: Ink, ink: Ink, left: int, top: int) -> Ink:
    height, width = sheet.shape
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(width, left + ink.shape[1]), min(height, top + ink.shape[0])
    if x1 > x0 and y1 > y0:
        sheet[y0:y1, x0:x1] = ink[y0 - top : y1 - top, x0 - left : x1 - left]
    return sheet


def put_on(paper: Pixels, ink: Ink, style: Style, rng: Generator) -> Pixels:
    """Paper with ink: black from a printer, black or blue from a pen, grey from a pencil."""
    colour = (
        float(rng.uniform(0, 50)) if style == "typed" else float(rng.choice((15, 45, 75, 105)) + rng.uniform(-15, 15))
    )
    inked = cv2.min(paper, colour)
    cover = cv2.multiply(cv2.subtract(paper, inked), ink, scale=1 / 255)
    return np.asarray(cv2.subtract(paper, cover), dtype=np.uint8)


def lifted_line(
    sheet: Sheet, paper: Pixels, ink_area: int, quality: Quality, rng: Generator
) -> tuple[Lifted, Line] | None:
    """The field's ink as `pipeline.read` has it, after this degradation and a fit a little off.

    ink_area: the ink that was written, in pixels; None where the scan has lost it.
    """
    scan = degrade(paper, quality, rng, whole=False)
    pixels = even_out(scan.pixels, scan.dpi)
    off = float(rng.choice((0.15, 0.15, 0.4))) / UNIT
    slip = np.array([[1, 0, rng.normal(0, off)], [0, 1, rng.normal(0, off)], [0, 0, 1]])
    to_paper = np.array([[UNIT, 0, -sheet.region.x0 * UNIT], [0, UNIT, -sheet.region.y0 * UNIT], [0, 0, 1]])
    matrix = scan.matrix @ to_paper @ slip
    page = Page(0, pixels, scan.dpi, 0, 0)
    laid = LaidPage(sheet.field.page, page, pixels, matrix, None, 1.0, 0.2)
    lifted = lift(laid, sheet.spec, sheet.box, black_level(pixels, 0.01))
    line = find_line(lifted, sheet.field.cells)
    # Where too little of the ink came through, or much that is none, nobody could read the text.
    if line.pixels.shape[1] < 12 or not LEAST_INK * ink_area < line.area < MOST_INK * ink_area + 200:
        return None
    return lifted, line


def shown(written: Written, rng: Generator) -> Pixels:
    """One of the pictures of the field that an engine may be shown: the plain one most often.

    What stands on the rule is shown with it alone: to learn a point that was lifted off is to learn to invent one.
    """
    if written.on_rule:
        return unlifted(written.lifted, written.line)
    drawn = rng.random()
    if written.field.layout == "comb" and drawn < 0.45:
        return cells_closed_up(written.lifted, written.field.cells, written.line)
    return unlifted(written.lifted, written.line) if drawn > 0.65 else written.line.pixels


def contact_sheet(samples: Sequence[Sample], width: int = 1400) -> Pixels:
    """Samples one under the other, to look at."""
    rows = []
    for sample in samples:
        line = cv2.resize(sample.pixels, None, fx=48 / sample.pixels.shape[0], fy=48 / sample.pixels.shape[0])
        row = np.full((52, width), 200, np.uint8)
        row[2:50, : min(width, line.shape[1])] = line[:, :width]
        rows.append(row)
    return np.vstack(rows)
