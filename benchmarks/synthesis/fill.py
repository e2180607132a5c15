"""Puts a request onto its blank: every field in its box, each person in their own hand or type."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.synthesis import strokes
from benchmarks.synthesis.amendments import amend, paint_over, rule_out
from benchmarks.synthesis.chance import chance, pick
from benchmarks.synthesis.extras import add_extra
from benchmarks.synthesis.paper import DPI, POINT, lay
from benchmarks.synthesis.pen import MARGIN, Coverage, Pen, fit, make_hand, make_type, measure, write
from benchmarks.synthesis.request import Request
from pipeline.model import Kind

if TYPE_CHECKING:
    from pipeline.model import Box, Pixels
    from pipeline.specs import FieldSpec

# The grey of a pen that has run nearly dry: as dark as a pencil at the one end, hardly to be seen at the other.
PALE = (110, 185)


@dataclass(frozen=True)
class Fonts:
    typed: tuple[Path, ...]
    hand: tuple[Path, ...]
    cursive: tuple[Path, ...]


@dataclass(frozen=True)
class Writer:
    """One person: `text` for the fields, `hand` for what is always by hand, and habits.

    signature: signs the name with this one; None signs with a scribble. by_hand: keys of fields left for the pen;
    amended: of those typed and corrected with it; ruled: and struck out with a ruler; painted: and of which a letter is
    painted over."""

    text: Pen
    hand: Pen
    signature: Pen | None
    hand_dates: bool
    straight: bool
    inset: float
    lift: float
    by_hand: frozenset[str] = frozenset()
    amended: frozenset[str] = frozenset()
    ruled: frozenset[str] = frozenset()
    painted: frozenset[str] = frozenset()


def make_writer(rng: Generator, fonts: Fonts, hand: bool, faint: bool) -> Writer:
    pen = make_hand(rng, pick(rng, fonts.hand), faint)
    return Writer(
        text=pen if hand else make_type(rng, pick(rng, fonts.typed)),
        hand=pen,
        signature=replace(pen, font=pick(rng, fonts.cursive)) if fonts.cursive and chance(rng, 0.35) else None,
        hand_dates=hand or chance(rng, 0.3),
        straight=chance(rng, 0.05),
        inset=float(rng.uniform(2, 9)),
        lift=float(rng.uniform(2.6, 6.0)),
    )


def make_writers(rng: Generator, fonts: Fonts, hand: bool, faint: bool) -> dict[str, Writer]:
    """Who fills each section: two hands, or one machine and two hands that sign; at times one person for both."""
    first, second = (make_writer(rng, fonts, hand, faint) for _ in range(2))
    if not hand:
        second = replace(second, text=first.text)
    return {"section2": first, "section3": first if chance(rng, 0.3) else second}


def with_some_by_hand(rng: Generator, request: Request, writers: dict[str, Writer]) -> dict[str, Writer]:
    """The same, who type their section but for the address alone, or for any field that they get to with a pen."""
    mixed = {}
    for section, writer in writers.items():
        keys = [part.key for part in request.spec.field if part.section == section and part.kind is not Kind.SIGNATURE]
        some = [key for key in keys if key.endswith("email")] if chance(rng, 0.5) else None
        left = some if some is not None else [key for key in keys if chance(rng, 0.3)]
        mixed[section] = replace(writer, by_hand=frozenset(left))
    return mixed


@dataclass(frozen=True)
class Corrections:
    """Shares, from 0 to 1, of the typed fields that are corrected with a pen, and struck out along a ruler; and of the
    typed addresses in which a letter is painted over."""

    amended: float = 0.0
    ruled: float = 0.0
    painted: float = 0.0

    def __bool__(self) -> bool:
        return bool(self.amended or self.ruled or self.painted)


def with_corrections(
    rng: Generator, request: Request, writers: dict[str, Writer], shares: Corrections
) -> dict[str, Writer]:
    """The same, who have corrected what they typed."""
    corrected = {}
    for section, writer in writers.items():
        parts = [part for part in request.spec.field if part.section == section and _is_typed(writer, part)]
        painted = [part.key for part in parts if part.kind is Kind.EMAIL and chance(rng, shares.painted)]
        amended = [part.key for part in parts if part.key not in painted and chance(rng, shares.amended)]
        left = [part.key for part in parts if part.key not in (*painted, *amended)]
        ruled = [key for key in left if shares.ruled and chance(rng, shares.ruled)]
        corrected[section] = replace(
            writer, amended=frozenset(amended), ruled=frozenset(ruled), painted=frozenset(painted)
        )
    return corrected


def _is_typed(writer: Writer, part: FieldSpec) -> bool:
    if not writer.text.typed or part.key in writer.by_hand or part.kind in (Kind.SIGNATURE, Kind.CHOICE):
        return False
    return not (part.kind is Kind.DATE and writer.hand_dates)


def with_pale_pens(rng: Generator, writers: dict[str, Writer], share: float) -> dict[str, Writer]:
    """The same, so many of whom, from 0 to 1, have a pen that has run nearly dry."""
    return {section: _pale(rng, writer) if chance(rng, share) else writer for section, writer in writers.items()}


def _pale(rng: Generator, writer: Writer) -> Writer:
    ink = int(rng.integers(*PALE))
    return replace(
        writer,
        hand=replace(writer.hand, ink=ink),
        text=writer.text if writer.text.typed else replace(writer.text, ink=ink),
        signature=writer.signature and replace(writer.signature, ink=ink),
    )


def fill(rng: Generator, request: Request, writers: dict[str, Writer]) -> list[Pixels]:
    """The form's pages at 300 dpi, 8-bit grey, as they lie filled on the desk."""
    pages = [request.spec.blank_pixels(rank + 1, DPI).copy() for rank in range(len(request.spec.page))]
    for part in request.spec.field:
        writer = writers[part.key.partition(".")[0]]
        _fill_field(rng, pages[part.page - 1], request, part, writer)
        if part.key in request.written and _correct(rng, pages[part.page - 1], request, part, writer):
            request.ambiguous.append(part.key)
    if chance(rng, 0.12):
        add_extra(rng, pages[0], request, writers["section2"].hand)
    return pages


def _correct(rng: Generator, page: Pixels, request: Request, part: FieldSpec, writer: Writer) -> bool:
    """Corrects the field if its writer does; whether that was so, and there was something to correct."""
    blank = request.spec.blank_pixels(part.page, DPI)
    if part.key in writer.amended:
        return amend(rng, page, blank, part.box, writer.hand)
    if part.key in writer.ruled:
        return rule_out(rng, page, blank, part.box, writer.hand)
    return part.key in writer.painted and paint_over(rng, page, blank, part.box)


def _fill_field(rng: Generator, page: Pixels, request: Request, part: FieldSpec, writer: Writer) -> None:
    if part.kind is Kind.CHOICE:
        _fill_choice(rng, page, request, part, writer)
    elif part.key not in request.written:
        return
    elif part.kind is Kind.SIGNATURE:
        if request.values[part.key]:
            _sign(rng, page, part, request.written[part.key], writer)
        elif writer.text.typed:  # a typed name, which is no signature
            _fill_line(rng, page, part, request.written[part.key], None, writer)
    else:
        by_hand = part.key in writer.by_hand or (part.kind is Kind.DATE and writer.hand_dates)
        pen = writer.hand if by_hand else writer.text
        text = request.written[part.key]
        signs = comb_signs(request, part, text)
        if part.layout == "comb" and not writer.straight and len(signs) <= len(part.cells):
            _fill_comb(rng, page, part, signs, pen)
        else:
            _fill_line(rng, page, part, text, request.struck.get(part.key), replace(writer, text=pen))


def comb_signs(request: Request, part: FieldSpec, text: str) -> str:
    """What goes into the cells: of a number or a date the digits, without the country's 1."""
    if part.kind is Kind.TEXT or part.kind is Kind.EMAIL:
        return text
    return re.sub(r"\D", "", str(request.values[part.key]).removeprefix("+1"))


def _fill_comb(rng: Generator, page: Pixels, part: FieldSpec, signs: str, pen: Pen) -> None:
    wander = 0.15 if pen.typed else 0.6
    lift = float(rng.uniform(2.2, 3.6))
    for cell, sign in zip(part.cells, signs, strict=False):
        if sign == " ":
            continue
        small = replace(pen, size=min(pen.size, cell.height * (0.85 if pen.typed else 0.68)), slant=pen.slant)
        cover, base = write(rng, small, sign, DPI)
        columns = np.flatnonzero(cover.max(axis=0) > 0.1)
        middle = float(columns[[0, -1]].mean()) if columns.size else cover.shape[1] / 2
        x = (cell.x0 + cell.x1) / 2 + float(rng.normal(0, wander))
        y = cell.y1 - lift + float(rng.normal(0, wander * 0.7))
        lay(page, cover, x * POINT - middle, y * POINT - base, pen.ink)


def _fill_line(rng: Generator, page: Pixels, part: FieldSpec, text: str, struck: str | None, writer: Writer) -> None:
    """Text in a cell or above its ruled line; what was `struck` out stands before it."""
    box, pen = part.box, writer.text
    if not pen.typed:
        pen = replace(pen, size=min(pen.size, box.height * 0.62))
    inset = min(writer.inset, box.width * 0.08)
    whole = text if struck is None else f"{struck}  {text}"
    pen = fit(pen, whole, (box.width - inset - 2.5) * POINT / (1.0 if pen.typed else 1.04), DPI)
    lift = {"comb": 2.8, "line": 0.6 * writer.lift}.get(part.layout, min(writer.lift, 0.28 * box.height))
    base_at = box.y1 - lift + float(rng.normal(0, 0.15 if pen.typed else 0.5))
    cover, base = write(rng, pen, whole, DPI)
    if not pen.typed and chance(rng, 0.5):
        cover = _turn(cover, base, float(rng.normal(0, 0.4)))
    if struck is not None:
        _strike(rng, cover, base, pen, struck)
    lay(page, cover, (box.x0 + inset) * POINT - MARGIN, base_at * POINT - base, pen.ink)


def _turn(cover: Coverage, base: int, degrees: float) -> Coverage:
    turn = cv2.getRotationMatrix2D((float(MARGIN), float(base)), degrees, 1.0)
    return np.asarray(cv2.warpAffine(cover, turn, cover.shape[::-1]), np.float32)


def _strike(rng: Generator, cover: Coverage, base: int, pen: Pen, struck: str) -> None:
    """One or two lines through the first words."""
    end = MARGIN + measure(pen, struck, DPI)
    middle = base - pen.size * POINT * 0.38
    for _ in range(int(rng.integers(1, 3))):
        offsets = middle + rng.normal(0, 3.0, 5)
        x = np.linspace(MARGIN - 4, end + 4, 5)
        strokes.draw(cover, np.stack([x, offsets], axis=1), float(rng.uniform(3, 5)))


def _fill_choice(rng: Generator, page: Pixels, request: Request, part: FieldSpec, writer: Writer) -> None:
    for option in part.option:
        pen = writer.hand if chance(rng, 0.8) or not writer.text.typed else writer.text
        if option.value == request.scratched.get(part.key):
            _mark(page, strokes.tick(rng, option.box.width * POINT, 5), option.box, pen.ink)
            span = round(option.box.width * POINT * 1.8)
            _mark(page, strokes.scratch(rng, span, span, 5), option.box, pen.ink)
        if option.value not in request.ticks[part.key]:
            continue
        if pen.typed:
            cover, _ = write(rng, replace(pen, size=option.box.height * 1.05), "X", DPI)
            rows, columns = np.nonzero(cover > 0.1)
            cover = cover[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        else:
            cover = strokes.tick(rng, option.box.width * POINT, float(rng.uniform(2.5, 7)))
        _mark(page, cover, option.box, pen.ink)


def _mark(page: Pixels, cover: Coverage, box: Box, ink: int) -> None:
    """Lays a mark over the middle of `box`."""
    x, y = (box.x0 + box.x1) / 2 * POINT, (box.y0 + box.y1) / 2 * POINT
    lay(page, cover, x - cover.shape[1] / 2, y - cover.shape[0] / 2, ink)


def _sign(rng: Generator, page: Pixels, part: FieldSpec, name: str, writer: Writer) -> None:
    """A scribble, or the name in a quick hand, somewhere in the box and at times a little over its edge."""
    box, pen = part.box, writer.hand
    height = box.height * float(rng.uniform(0.7, 1.15))
    width = min(box.width * 0.9, float(rng.uniform(45, 150)))
    if writer.signature is not None:
        family = name.split(" ")[-1]
        text = pick(rng, (f"{name[0]}. {family}", name, family))
        big = fit(replace(writer.signature, size=height * 0.5, slant=pen.slant + 0.15), text, width * POINT, DPI)
        cover, _ = write(rng, big, text, DPI)
    else:
        cover = strokes.signature(rng, round(width * POINT), round(height * POINT), float(rng.uniform(2.5, 8)))
    x = box.x0 + float(rng.uniform(0.02, 0.9)) * max(0.0, box.width - cover.shape[1] / POINT)
    y = (box.y0 + box.y1) / 2 + float(rng.normal(0, 1.5)) - cover.shape[0] / POINT / 2
    lay(page, cover, x * POINT, y * POINT, pen.ink)
