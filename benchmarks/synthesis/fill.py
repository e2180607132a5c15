"""Fills the blank of a spec: what someone writes, how, and on which paper."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.synthesis import people
from benchmarks.synthesis.marks import signature, tick
from benchmarks.synthesis.noise import PAPER_DPI
from benchmarks.synthesis.pen import baseline_of, hand_manner, typed_manner, write, write_in_cells
from pipeline.model import Kind
from pipeline.values import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping

    from benchmarks.synthesis.fonts import Font, Style
    from benchmarks.synthesis.pen import Generator, Ink, Manner
    from pipeline.model import Box, Pixels
    from pipeline.specs import FieldSpec, FormSpec

UNIT = PAPER_DPI / 72
Value = str | bool | None


@dataclass(frozen=True)
class Writer:
    """One hand or machine: its font, how it writes, how dark its ink is (grey), and whether in capitals."""

    style: Style
    font: Font
    manner: Manner
    grey: int
    capitals: bool


@dataclass(frozen=True)
class Content:
    """What a form says: canonical values by key, and the very characters written for the fields with text."""

    values: Mapping[str, Value]
    written: Mapping[str, str] = field(repr=False)


def new_writer(style: Style, fonts: tuple[Font, ...], words: Random, rng: Generator) -> Writer:
    if style == "typed":
        manner = typed_manner(rng, PAPER_DPI, points=float(rng.uniform(8.5, 11.5)))
        return Writer(
            style, words.choice(fonts), replace(manner, dry=0.0), int(rng.integers(0, 50)), words.random() < 0.15
        )
    manner = hand_manner(rng, PAPER_DPI, points=float(rng.uniform(10.5, 15)))
    return Writer(style, words.choice(fonts), manner, int(words.choice((15, 45, 75, 100))), words.random() < 0.35)


def invent(spec: FormSpec, signed: tuple[int, int, int], words: Random, capitals: tuple[bool, bool]) -> Content:
    """Values for every field of the spec; `capitals`: whether section 2 and section 3 are written in capitals."""
    values: dict[str, Value] = {}
    written: dict[str, str] = {}
    places = people.company(words)
    ones = {"section2": people.person(words, places), "section3": people.person(words, places)}
    for each in spec.field:
        section, _, name = each.key.partition(".")
        if each.kind is Kind.CHOICE:
            values[each.key] = words.choices(
                [option.value for option in each.option], (9, *(1,) * (len(each.option) - 1))
            )[0]
        elif each.kind is Kind.SIGNATURE:
            values[each.key] = True
        else:
            text = _text_for(each, name, ones[section], signed, words)
            upper = capitals[section == "section3"] and each.kind in (Kind.TEXT, Kind.EMAIL)
            text = text.upper() if upper else text
            written[each.key] = text
            values[each.key] = canonical(each.kind, each.key, text) if text else None
    return Content(values, written)


def _text_for(each: FieldSpec, name: str, one: people.Person, signed: tuple[int, int, int], words: Random) -> str:
    comb = each.layout == "comb"
    if name in ("family_name", "given_name", "job_title", "company", "email"):
        text: str = getattr(one, name)
        return text[: len(each.cells)].strip() if comb else text
    if name == "telephone":
        number = people.phone(words)
        return number if comb else people.written_phone(words, number)
    if name == "telephone_extension":
        digits = str(words.randint(1, 99999))[: len(each.cells) or 5]
        return "" if words.random() < 0.4 else digits if comb else people.written_extension(words, digits)
    if name == "licence_number":
        return f"{words.randint(0, 999_999):06d}"
    day = people.written_date(words, *signed, always_iso=comb)
    return day.replace("-", "") if comb else day


def fill(
    spec: FormSpec, content: Content, writers: tuple[Writer, Writer], rng: Generator, words: Random
) -> dict[int, Pixels]:
    """The pages of the filled form: 8-bit grey at 300 dpi. writers: of section 2 and of section 3."""
    sheets = {page: np.zeros_like(spec.blank_pixels(page, PAPER_DPI)) for page in range(1, len(spec.page) + 1)}
    greys = {page: np.full(sheet.shape, 255, np.uint8) for page, sheet in sheets.items()}
    for each in spec.field:
        writer = writers[each.key.startswith("section3")]
        sheet = np.zeros_like(sheets[each.page])
        _fill_field(sheet, each, content, writer, rng)
        grey = writer.grey if each.kind not in (Kind.SIGNATURE,) else min(90, writer.grey + 20)
        greys[each.page][sheet > sheets[each.page]] = grey
        sheets[each.page] = np.maximum(sheets[each.page], sheet)
    pages = {}
    for page, sheet in sheets.items():
        paper = spec.blank_pixels(page, PAPER_DPI).astype(np.float32)
        cover = sheet.astype(np.float32) / 255
        pages[page] = (paper * (1 - cover) + np.minimum(paper, greys[page]) * cover).astype(np.uint8)
    return pages


def _fill_field(sheet: Ink, each: FieldSpec, content: Content, writer: Writer, rng: Generator) -> None:
    value = content.values.get(each.key)
    if each.kind is Kind.CHOICE:
        for option in each.option:
            if option.value == value:
                tick(sheet, _corners(option.box), rng)
    elif each.kind is Kind.SIGNATURE:
        if value:
            signature(sheet, _corners(each.box), rng)
    elif text := content.written.get(each.key, ""):
        straight = writer.style == "typed" and rng.random() < 0.2 and each.kind is Kind.TEXT
        if each.layout == "comb" and not straight:
            _in_cells(sheet, each, text, writer, rng)
        else:
            _on_line(sheet, each, text, writer, rng)


def _corners(box: Box) -> tuple[float, float, float, float]:
    return box.x0 * UNIT, box.y0 * UNIT, box.x1 * UNIT, box.y1 * UNIT


def _in_cells(sheet: Ink, each: FieldSpec, text: str, writer: Writer, rng: Generator) -> None:
    left, top, right, bottom = (round(side) for side in _corners(each.box))
    margin = 40
    part = sheet[max(0, top - margin) : bottom + margin, max(0, left - margin) : right + margin]
    centres = [(cell.x0 + cell.x1) / 2 * UNIT - max(0, left - margin) for cell in each.cells]
    baseline = bottom - rng.uniform(0.14, 0.3) * (bottom - top) - max(0, top - margin)
    height, width = part.shape
    size = min(writer.manner.size, round((bottom - top) * 1.05))
    ink = write_in_cells(text, centres, baseline, (width, height), writer.font, replace(writer.manner, size=size), rng)
    np.maximum(part, ink, out=part)


def _on_line(sheet: Ink, each: FieldSpec, text: str, writer: Writer, rng: Generator) -> None:
    left, _, right, bottom = _corners(each.box)
    manner, room = writer.manner, right - left - 24
    for _ in range(3):
        width = writer.font.at(manner.size).getlength(text) + max(0.0, manner.spacing) * len(text)
        if width > room:
            manner = replace(manner, size=max(20, int(manner.size * room / width)), spacing=0.0)
    ink = write(text, writer.font, manner, rng)
    rise = (rng.uniform(0.18, 0.35) if writer.style == "typed" else abs(rng.normal(0.2, 0.1))) * (
        bottom - each.box.y0 * UNIT
    )
    row = round(bottom - rise) - baseline_of(manner)
    column = round(left + 6 + abs(rng.normal(0, 10))) - manner.size // 3
    row, column = max(0, row), max(0, column)
    part = sheet[row : row + ink.shape[0], column : column + ink.shape[1]]
    np.maximum(part, ink[: part.shape[0], : part.shape[1]], out=part)
