"""What the readers say of one field: every reading of its ink is a witness, and they are compared by what they mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.lift import Lifted
from pipeline.lines import Line, cells_closed_up, inked_cells, unlifted
from pipeline.meaning import fold
from pipeline.model import Crop, Kind
from pipeline.values import understand

if TYPE_CHECKING:
    from pipeline.model import OcrEngine, Pixels, Transcript
    from pipeline.specs import FieldSpec

DIGITS = frozenset("0123456789")
# What may be read in a field of each kind; None: whatever the reader knows.
ALPHABETS: dict[Kind, frozenset[str] | None] = {
    Kind.TEXT: None,
    Kind.DATE: None,
    Kind.PHONE: DIGITS | frozenset(" ()-.+/"),
    Kind.DIGITS: DIGITS | frozenset(" -.#"),
    Kind.EMAIL: frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@.-_+' ,"),
}
# Typographic signs that mean the plain one in a field: the engines differ in which they write.
PLAIN = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "“": '"', "”": '"'})


@dataclass(frozen=True)
class Witness:
    """One reading: by which engine, of which rendering of the ink, its text, and what that means.

    key: what two witnesses are compared by (text without accents and capitals, else the canonical value; `!` before a
    text that is no valid value). score: the weakest character's probability, uncalibrated.
    """

    engine: str
    rendering: str
    text: str
    key: str
    value: str | None
    score: float


@dataclass(frozen=True)
class Testimony:
    """All witnesses of a field with its ink."""

    field: FieldSpec
    line: Line
    witnesses: tuple[Witness, ...] = ()
    cells: tuple[bool, ...] = ()


def renderings(spec: FieldSpec, lifted: Lifted, line: Line) -> dict[str, Pixels]:
    """The pictures of the ink that the engines are shown. A second picture of the same ink breaks other mistakes."""
    second = (
        {"cells": cells_closed_up(lifted, spec.cells)} if spec.layout == "comb" else {"raw": unlifted(lifted, line)}
    )
    return {"plain": line.pixels, **second}


def hear(fields: Sequence[tuple[FieldSpec, Lifted, Line]], engines: Sequence[OcrEngine], dpi: float) -> list[Testimony]:
    """The testimony of each field, each engine asked once for all of them. Nothing written: nobody is asked."""
    tasks: list[tuple[int, str, Crop]] = []
    for rank, (spec, lifted, line) in enumerate(fields):
        if not line.blank:
            tasks += [
                (rank, name, Crop(pixels, dpi, alphabet_of(spec)))
                for name, pixels in renderings(spec, lifted, line).items()
            ]
    heard: list[list[Witness]] = [[] for _ in fields]
    for engine in engines:
        asked = [task for task in tasks if task[1] in shown_to(engine, fields[task[0]][0])]
        for (rank, name, _), transcript in zip(asked, engine.read([task[2] for task in asked]), strict=True):
            heard[rank].append(_witness(fields[rank][0], engine.name, name, transcript))
    return [
        Testimony(spec, line, tuple(witnesses), inked_cells(lifted, spec.cells) if spec.cells else ())
        for (spec, lifted, line), witnesses in zip(fields, heard, strict=True)
    ]


def alphabet_of(spec: FieldSpec) -> frozenset[str] | None:
    """What may be read in the field; a comb for a date has a cell a digit."""
    return DIGITS if spec.layout == "comb" and spec.kind is not Kind.TEXT else ALPHABETS[spec.kind]


def shown_to(engine: OcrEngine, spec: FieldSpec) -> frozenset[str]:
    """The renderings that an engine is asked about: Tesseract loses letters that stand far apart."""
    if engine.name == "tesseract":
        return frozenset({"cells"}) if spec.layout == "comb" else frozenset({"plain"})
    if engine.name == "paddle":
        return frozenset({"plain", "cells", "raw"})
    return frozenset({"cells"}) if spec.layout == "comb" else frozenset({"plain"})


def _witness(spec: FieldSpec, engine: str, rendering: str, transcript: Transcript) -> Witness:
    text = " ".join(transcript.text.translate(PLAIN).split())
    if spec.layout == "comb":
        text = text.replace(" ", "")
    if spec.kind is Kind.TEXT:
        text = as_spelt(text)
    if spec.kind is Kind.EMAIL:
        # Engines put a space beside a point or an at sign; no lost character of an address can stand there.
        text = re.sub(r" (?=[.@])|(?<=[.@]) ", "", text)
    key, value = meaning_of(spec, text)
    return Witness(engine, rendering, text, key, value, transcript.score)


def as_spelt(text: str) -> str:
    """The text with the letter that its neighbours leave no choice about: I and l look alike in most typefaces.

    Between small letters it is an l, between capitals an I; a word of the legal forms and articles is that word. No
    word begins with a zero, and no name or title has a semicolon.
    """
    text = re.sub(r"(?<=[a-zà-ÿ])I(?=[a-zà-ÿ]|$|[\s.,-])", "l", text)
    text = re.sub(r"(?<=[A-ZÀ-Ý])l(?=[A-ZÀ-Ý]|$|[\s.,-])", "I", text)
    text = re.sub(r"(?<![^\s'-])l(?=[A-ZÀ-Ý]{2})", "I", text)
    text = re.sub(r"(?<![^\s'-])0(?=[A-Za-zÀ-ÿ])", "O", text).replace(";", ",")
    return re.sub(r"(?<![^\s'-])I(?=(?:tée|tee|a|e|es)(?![a-zà-ÿ]))", "l", text)


def meaning_of(spec: FieldSpec, text: str) -> tuple[str, str | None]:
    """What a text read in this field is compared by, and its canonical value."""
    if spec.kind is Kind.TEXT:
        return fold(text), text or None
    value = understand(spec.kind, spec.key, text).certain_value
    return (value, value) if value is not None else ("!" + fold(text), None)


def with_spaces(text: str, cells: Sequence[bool]) -> str | None:
    """The text of a comb with a space at each empty cell between letters; None where letters and cells do not agree."""
    used = [rank for rank, inked in enumerate(cells) if inked]
    if len(text) != len(used):
        return None
    spaced = [text[0]]
    for letter, (before, here) in zip(text[1:], pairwise(used), strict=True):
        spaced += [" "] * (here - before > 1) + [letter]
    return "".join(spaced)
