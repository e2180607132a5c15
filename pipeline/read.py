"""Reading the fields of sections 2 and 3: each kind of field by the reader that suits it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pipeline.digital import on_blank, read_digital, words_in
from pipeline.ink import black_level
from pipeline.lift import DPI, lift, without
from pipeline.lines import find_line
from pipeline.marks import read_choice, read_signature
from pipeline.model import Kind, OcrEngine, Reading, Readings, ReadingSource
from pipeline.weigh import harmony, weigh
from pipeline.witnesses import hear

if TYPE_CHECKING:
    from pipeline.register import LaidPage
    from pipeline.specs import FieldSpec, FormSpec

MARKS = frozenset({Kind.CHOICE, Kind.SIGNATURE})


def read(pages: Mapping[int, LaidPage], spec: FormSpec, engines: Sequence[OcrEngine]) -> Readings:
    """The readings of every field whose page is there, in the spec's order. engines: the first is asked most."""
    readings: Readings = {}
    for number, laid in pages.items():
        fields = spec.fields_of_page(number)
        digital = read_digital(laid, fields) if laid.page.born_digital else {}
        # What the page's text calls blank may still be drawn or pasted there: the ink has the last word on that.
        said = {key: reading for key, reading in digital.items() if not reading.blank}
        rest = [field for field in fields if field.key not in said]
        readings |= said | _read_ink(laid, spec, rest, engines)
    return {field.key: readings[field.key] for field in spec.field if field.key in readings}


def _read_ink(laid: LaidPage, spec: FormSpec, fields: Sequence[FieldSpec], engines: Sequence[OcrEngine]) -> Readings:
    black = black_level(laid.pixels)
    written = []
    readings: Readings = {}
    for field in fields:
        if field.kind is Kind.CHOICE:
            readings[field.key] = choice_reading(laid, spec, field, black)
        elif field.kind is Kind.SIGNATURE:
            readings[field.key] = signature_reading(laid, spec, field, black, engines)
        else:
            lifted = lift(laid, spec, field.box, black)
            written.append((field, lifted, find_line(lifted, field.cells)))
    testimonies = hear(written, engines, DPI)
    tune = harmony(testimonies)
    for testimony in testimonies:
        readings[testimony.field.key] = weigh(testimony, tune)
    return readings


def choice_reading(laid: LaidPage, spec: FormSpec, field: FieldSpec, black: float) -> Reading:
    choice = read_choice(laid, spec, field, black)
    value = choice.ticked[0] if len(choice.ticked) == 1 else None
    raw = ", ".join(choice.ticked) or None
    return Reading(field.key, value, raw, choice.confidence, ReadingSource.MARK, field.page, field.box)


def signature_reading(
    laid: LaidPage, spec: FormSpec, field: FieldSpec, black: float, engines: Sequence[OcrEngine]
) -> Reading:
    lifted = lift(laid, spec, field.box, black, margin=2)
    # Words of the page itself are typed: whatever else is there may have been signed.
    signature = read_signature(
        without(lifted, [on_blank(laid, word.box) for word in words_in(laid, field.box)]), engines
    )
    return Reading(
        field.key,
        signature.present,
        None,
        signature.confidence,
        ReadingSource.MARK,
        field.page,
        field.box,
        note=signature.note,
    )
