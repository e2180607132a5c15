"""Every field of a page: what is written is read, what is not is blank, and nothing wrong is ever certain."""

from __future__ import annotations

import email
import email.policy
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest
from scanned_forms import ROOT, SPECS, WAYS, Paper, field_of, laid_well, spec_of

from pipeline.config import Settings
from pipeline.document import open_document
from pipeline.identify import identify
from pipeline.model import Crop, EngineError, Kind, OcrEngine, Readings, ReadingSource, Transcript
from pipeline.ocr import load_engines
from pipeline.read import MARKS, read
from pipeline.specs import FormSpec
from pipeline.values import canonical

EVERY_SPEC = pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
FORM = spec_of("4123", "2022-03")
TWO_PAGES = spec_of("4444", "2022-03")
SETTINGS = Settings()
# What a person writes, by the end of the field's key.
WRITTEN = {
    "family_name": "Gagné",
    "given_name": "Mathilde",
    "job_title": "Pharmacienne",
    "company": "Logiciels Boréal",
    "telephone": "4185550123",
    "telephone_extension": "204",
    "email": "anne.gagne@videotron.ca",
    "licence_number": "123456",
    "signed_on": "20220405",
}
TYPED = str.maketrans("’–—", "'--")
TRUTHS = [json.loads(line) for line in (ROOT / "samples" / "truth.jsonl").read_text(encoding="utf-8").splitlines()]


def engines() -> tuple[OcrEngine, ...]:
    try:
        return load_engines(SETTINGS.ocr.engines)
    except EngineError as error:
        pytest.skip(f"an engine is not installed: {error}")


def text_for(key: str) -> str:
    return WRITTEN[key.partition(".")[2]]


def filled(spec: FormSpec, number: int = 1, but: frozenset[str] = frozenset()) -> Paper:
    """Every field of the page filled, the first option of each choice ticked; `but` these."""
    paper = Paper(spec, number)
    for field in spec.fields_of_page(number):
        if field.key in but:
            continue
        if field.kind is Kind.CHOICE:
            paper.tick(field.key, field.option[0].value)
        elif field.kind is Kind.SIGNATURE:
            paper.sign(field.key)
        else:
            paper.fill(field.key, text_for(field.key), size=9)
    return paper


def expected(spec: FormSpec, number: int = 1) -> dict[str, str | bool | None]:
    values: dict[str, str | bool | None] = {}
    for field in spec.fields_of_page(number):
        if field.kind is Kind.CHOICE:
            values[field.key] = field.option[0].value
        elif field.kind is Kind.SIGNATURE:
            values[field.key] = True
        else:
            values[field.key] = canonical(field.kind, field.key, text_for(field.key))
    return values


def readings_of(*papers: Paper, way: str = "straight") -> Readings:
    pages = {paper.number: laid_well(WAYS[way](paper.pixels).page, paper.spec, paper.number) for paper in papers}
    return read(pages, papers[0].spec, engines())


def certain(readings: Readings, spec: FormSpec) -> Readings:
    """Those that the machine may act on."""
    return {
        field.key: readings[field.key]
        for field in spec.field
        if field.key in readings and readings[field.key].confidence >= SETTINGS.confidence.threshold(field.kind)
    }


def plain(value: object) -> object:
    """A text without accents and capitals, of which a doubt does not count, and with a typist's signs."""
    if not isinstance(value, str):
        return value
    apart = unicodedata.normalize("NFD", value.translate(TYPED))
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()


# ---------------------------------------------------------------- a page that is filled


@EVERY_SPEC
def test_every_field_of_every_edition_is_read(spec: FormSpec) -> None:
    papers = [filled(spec, number) for number in range(1, len(spec.page) + 1)]
    readings = readings_of(*papers, way="fax")
    assert list(readings) == [field.key for field in spec.field]
    right = {key: value for paper in papers for key, value in expected(spec, paper.number).items()}
    assert {key: plain(reading.value) for key, reading in readings.items()} == {
        key: plain(value) for key, value in right.items()
    }
    assert len(certain(readings, spec)) >= 0.9 * len(readings)
    for field in spec.field:
        reading = readings[field.key]
        assert (reading.page, reading.box) == (field.page, field.box)
        assert reading.source is (ReadingSource.MARK if field.kind in MARKS else ReadingSource.OCR)
        assert 0 <= reading.confidence <= 1


@pytest.mark.parametrize("way", ["upside down", "A4", "perspective", "150 dpi"])
def test_however_it_was_scanned_nothing_wrong_is_certain(way: str) -> None:
    readings, right = readings_of(filled(FORM), way=way), expected(FORM)
    sure = certain(readings, FORM)
    assert {key: plain(reading.value) for key, reading in sure.items()} == {key: plain(right[key]) for key in sure}
    assert len(sure) >= 0.9 * len(right)


class Counting:
    """An engine that counts what it is asked to read."""

    def __init__(self, engine: OcrEngine) -> None:
        self.engine, self.name, self.version, self.asked = engine, engine.name, engine.version, 0

    def read(self, crops: Sequence[Crop]) -> list[Transcript]:
        self.asked += len(crops)
        return self.engine.read(crops)


def test_the_third_make_is_asked_only_where_networks_leave_a_doubt() -> None:
    counting = [Counting(engine) for engine in engines()]
    asked = {engine.name: engine for engine in counting}
    laid = laid_well(WAYS["straight"](filled(FORM).pixels).page, FORM, 1)
    readings = read({1: laid}, FORM, counting)
    written = sum(field.kind not in MARKS for field in FORM.fields_of_page(1))
    assert len(certain(readings, FORM)) == len(readings)
    assert asked["paddle"].asked >= written
    assert asked["tesseract"].asked <= written / 4


class Doubting(Counting):
    """An engine that thinks of another licence number, the first time that it is asked or always."""

    always = False

    def read(self, crops: Sequence[Crop]) -> list[Transcript]:
        doubts = self.always or not self.asked
        return [self._doubted(each) if doubts else each for each in super().read(crops)]

    def _doubted(self, read: Transcript) -> Transcript:
        if read.text != WRITTEN["licence_number"]:
            return read
        return replace(read, candidates=((read.text, 0.6), (read.text[:-1] + "8", 0.35)))


@pytest.mark.parametrize("always", [False, True])
def test_a_closer_look_settles_what_one_look_alone_left_open(always: bool) -> None:
    doubting = [Doubting(engine) if engine.name == "own" else engine for engine in engines()]
    for engine in doubting:
        if isinstance(engine, Doubting):
            engine.always = always
    laid = laid_well(WAYS["straight"](filled(FORM).pixels).page, FORM, 1)
    readings = read({1: laid}, FORM, doubting)
    assert readings["section3.licence_number"].value == WRITTEN["licence_number"]
    assert ("section3.licence_number" in certain(readings, FORM)) is not always


def test_no_closer_look_is_asked_for_without_both_networks_or_where_nothing_is_in_doubt() -> None:
    counting = [Counting(engine) for engine in engines()]
    laid = laid_well(WAYS["straight"](filled(FORM).pixels).page, FORM, 1)
    read({1: laid}, FORM, counting)
    written = sum(field.kind not in MARKS for field in FORM.fields_of_page(1))
    assert next(engine.asked for engine in counting if engine.name == "own") <= 2 * written
    alone = [Doubting(engine) for engine in engines() if engine.name != "paddle"]
    assert read({1: laid}, FORM, alone)


# ---------------------------------------------------------------- a page that is not


@EVERY_SPEC
def test_an_empty_form_is_certainly_empty(spec: FormSpec) -> None:
    readings = readings_of(*(Paper(spec, number) for number in range(1, len(spec.page) + 1)))
    for field in spec.field:
        reading = readings[field.key]
        assert reading.value is (False if field.kind is Kind.SIGNATURE else None)
        assert reading.raw is None
    assert len(certain(readings, spec)) == len(spec.field)


@pytest.mark.parametrize("way", ["150 dpi", "perspective"])
def test_no_remnant_of_the_print_is_certainly_writing(way: str) -> None:
    for spec in (spec_of("4058", "2024-10"), spec_of("4123", "2019-11"), FORM):
        sure = certain(readings_of(Paper(spec), way=way), spec)
        assert not [key for key, reading in sure.items() if reading.value or reading.raw]


def test_one_empty_field_among_full_ones_is_that_one() -> None:
    empty = "section2.email"
    readings = readings_of(filled(FORM, but=frozenset({empty})))
    assert [key for key, reading in readings.items() if reading.value is None] == [empty]
    assert readings[empty].blank
    assert empty in certain(readings, FORM)


def test_beside_what_is_too_faint_to_be_read_no_mark_is_missing_for_certain() -> None:
    """So of a section that a fax had all but lost a choice and a signature were called missing."""
    keys = ("section2.language", "section2.environment", "section2.signature")
    paper = Paper(FORM).fill("section2.family_name", "Kinea", size=12, ink=228)
    readings, empty = readings_of(paper), readings_of(Paper(FORM))
    for key in keys:
        assert not readings[key].value
        assert readings[key].confidence < 0.9 < empty[key].confidence
    assert readings["section3.signature"] == empty["section3.signature"]


@pytest.mark.parametrize("signed", [False, True])
def test_several_marks_that_are_missing_in_black_and_white_may_be_a_pale_pens(signed: bool) -> None:
    """Of five typed requests that a fax had freed of all ticks, signatures and dates four were refused for it (seed
    716); where one is missing alone, it is."""
    paper = Paper(FORM).tick("section2.language", "fr").tick("section2.environment", "production")
    paper = paper.sign("section2.signature") if signed else paper
    laid = laid_well(WAYS["straight"](paper.pixels).page, FORM)
    fax = replace(laid, page=replace(laid.page, black_and_white=True))
    in_grey, as_fax = ({1: page} for page in (laid, fax))
    for key in ("section3.signature", "section3.signed_on"):
        assert not read(in_grey, FORM, engines())[key].value
        assert read(in_grey, FORM, engines())[key].confidence > 0.99
        assert (read(as_fax, FORM, engines())[key].confidence > 0.99) is signed


@pytest.mark.parametrize("how", ["struck", "written in above"])
def test_an_address_that_a_pen_has_corrected_is_never_certain(how: str) -> None:
    """All engines read type rightly through a thin stroke, and pass over a letter above it: so the old address was
    acted on."""
    box = field_of(FORM, "section2.email").box
    paper = filled(FORM)
    assert "section2.email" in certain(readings_of(paper), FORM)
    x, baseline = box.x0 + 12, box.y1 - 4.5
    if how == "struck":
        paper.draw([(x, baseline + 2), (x + 5, baseline - 7.5)], width=0.8)
    else:
        paper.type("e", x, baseline - 9, size=9)
    assert readings_of(paper)["section2.email"].confidence <= 0.9


def test_who_signs_beside_the_box_has_not_left_it_empty_for_certain() -> None:
    """So a request was refused as unsigned whose signature lay over the date."""
    box = field_of(FORM, "section2.signature").box
    x, y = box.x1 + 12, (box.y0 + box.y1) / 2
    waves = [(x + 1.5 * step, y + 9 * np.sin(step)) for step in np.linspace(0, 40, 200)]
    readings = readings_of(Paper(FORM).draw(waves))
    assert readings["section2.signature"].confidence < 0.9
    assert readings["section3.signature"].confidence > 0.9


def test_fields_of_a_page_that_is_not_there_are_not_read() -> None:
    readings = readings_of(filled(TWO_PAGES, 2))
    assert list(readings) == [field.key for field in TWO_PAGES.fields_of_page(2)]


# ---------------------------------------------------------------- what is no value


def test_what_is_written_and_is_no_value_is_kept_as_it_is_written() -> None:
    texts = {
        "section2.telephone": "555 0123",
        "section2.signed_on": "2022 13 45",
        "section3.licence_number": "4821",
        "section2.email": "anne.gagne.videotron.ca",
    }
    paper = filled(FORM, but=frozenset(texts))
    for key, text in texts.items():
        paper.fill(key, text, size=9)
    readings = readings_of(paper)
    for key, text in texts.items():
        assert readings[key].invalid
        assert (readings[key].raw or "").replace(" ", "") == text.replace(" ", "")


def test_two_ticks_are_no_choice_and_both_are_named() -> None:
    reading = readings_of(filled(FORM).tick("section2.language", "en"))["section2.language"]
    assert reading.value is None
    assert reading.raw == "fr, en"


# ---------------------------------------------------------------- as they come


@cache
def content(path: str, index: int) -> bytes:
    """The bytes of a sample: of a PDF, or of the document of this rank in an e-mail."""
    raw = (ROOT / "samples" / path).read_bytes()
    if not path.endswith(".eml"):
        return raw
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    parts = [part for part in mail.walk() if part.get_filename()]
    payload = parts[index].get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload


@pytest.mark.parametrize(
    ("path", "index", "least"),
    [
        ("scans/2022-04-19/90033.pdf", 0, 0.8),  # typed, from an office's scanner
        ("scans/2022-04-05/scan0005.pdf", 0, 0.6),  # photographed upside down
        ("scans/2022-04-05/0008 Demande d'accès.pdf", 0, 0.4),  # by hand, an address left blank
        ("mail/0001.eml", 0, 0.6),  # a fax of an old edition
        ("mail/0058.eml", 0, 0.9),  # filled on screen
    ],
)
def test_what_is_certain_in_a_sample_is_so(path: str, index: int, least: float) -> None:
    truth: dict[str, Any] = next(each for each in TRUTHS if (each["path"], each["index"]) == (path, index))
    seen = identify(open_document(content(path, index), SETTINGS.limits), SPECS, engines())
    readings = read(seen.pages, seen.spec, engines())
    sure = certain(readings, seen.spec)
    assert {key: plain(reading.value) for key, reading in sure.items()} == {
        key: plain(truth["fields"][key]) for key in sure
    }
    assert len(sure) >= least * len(readings)
    if truth["fill"] == "digital":
        assert {reading.source for key, reading in readings.items() if key.endswith("name")} == {ReadingSource.TEXT}
