"""Which form a file is: known by look and footer together, and by a person wherever these do not agree."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pdf_pages
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scanned_forms import POINT, ROOT, SPECS, WAYS, Paper, Pixels, faxed, page_of, spec_of, straight, turned

from pipeline.config import Limits, Settings
from pipeline.document import open_document
from pipeline.identify import Identified, identify
from pipeline.model import Code, Document, EngineError, Identity, OcrEngine, Page, Refused
from pipeline.ocr import load_engines
from pipeline.printed.footer import names
from pipeline.specs import FormSpec

EVERY_SPEC = pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
FORM, TWO_PAGES = spec_of("4123", "2022-03"), spec_of("4444", "2022-03")
LETTER = page_of(pdf_pages.written_page(2550, 3300))
BLANK_SHEET = replace(page_of(pdf_pages.blank_page(2550, 3300)), blank=True)
ACTED_ON = 0.99


def document(*pages: Page) -> Document:
    return Document(tuple(replace(page, index=index) for index, page in enumerate(pages)))


def engines() -> tuple[OcrEngine, ...]:
    try:
        return load_engines(Settings().ocr.engines)
    except EngineError as error:
        pytest.skip(f"an engine is not installed: {error}")


def found(*pages: Page) -> Identified:
    return identify(document(*pages), SPECS, engines())


def refused(*pages: Page) -> tuple[Code, Identity | None]:
    with pytest.raises(Refused) as caught:
        found(*pages)
    (reason,) = caught.value.reasons
    return reason.code, caught.value.identity


def blank(spec: FormSpec, number: int = 1) -> Pixels:
    return Paper(spec, number).pixels


def with_footer(spec: FormSpec, footer: str) -> Paper:
    """The blank with another footer printed over its own, or with none."""
    paper, box = Paper(spec), spec.page[0].box
    rows = slice(round((box.y0 - 2) * POINT), round((box.y1 + 2) * POINT))
    paper.pixels[rows, round((box.x0 - 4) * POINT) : round((box.x1 + 4) * POINT)] = 255
    return paper.type(footer, box.x0, box.y1 - 1.5, size=6.5, ink=0) if footer else paper


# ---------------------------------------------------------------- one form


@EVERY_SPEC
def test_every_edition_is_known_from_its_blank(spec: FormSpec) -> None:
    numbers = range(1, len(spec.page) + 1)
    seen = found(*(straight(blank(spec, number)).page for number in numbers))
    assert (seen.identity.number, seen.identity.edition) == (spec.number, spec.edition)
    assert seen.identity.confidence >= ACTED_ON
    assert seen.spec == spec
    assert list(seen.pages) == list(numbers)
    assert seen.missing == ()


@pytest.mark.parametrize("way", ["quarter turn", "upside down", "smaller", "A4", "perspective", "bent", "150 dpi"])
def test_a_form_is_known_however_it_was_scanned(way: str) -> None:
    seen = found(WAYS[way](blank(FORM)).page)
    assert seen.spec == FORM
    assert seen.identity.confidence >= ACTED_ON


@pytest.mark.parametrize("spec", SPECS[::2], ids=lambda spec: spec.name)
def test_a_thin_fax_is_known_or_left_to_a_person_but_never_another(spec: FormSpec) -> None:
    pages = [faxed(blank(spec, number), threshold=90).page for number in range(1, len(spec.page) + 1)]
    try:
        assert found(*pages).spec == spec
    except Refused as refusal:
        assert [reason.code for reason in refusal.reasons] == [Code.FORM_UNIDENTIFIED]


def test_what_is_written_on_it_changes_nothing() -> None:
    paper = Paper(FORM)
    for field in FORM.field:
        paper.fill(field.key, "4134 195 15/02"[: len(field.cells) or None], size=8)
    assert found(straight(paper.pixels).page).spec == FORM


# ---------------------------------------------------------------- its pages


def test_pages_may_come_in_any_order_and_any_way_up() -> None:
    seen = found(straight(blank(TWO_PAGES, 2)).page, turned(blank(TWO_PAGES, 1), 180).page)
    assert seen.spec == TWO_PAGES
    assert {number: laid.page.index for number, laid in seen.pages.items()} == {2: 0, 1: 1}
    assert seen.missing == ()


@pytest.mark.parametrize(("there", "missing"), [(1, 2), (2, 1)])
def test_a_page_that_is_not_there_is_named(there: int, missing: int) -> None:
    seen = found(straight(blank(TWO_PAGES, there)).page)
    assert list(seen.pages) == [there]
    assert seen.missing == (missing,)


def test_covers_letters_and_empty_sheets_are_passed_over() -> None:
    seen = found(BLANK_SHEET, LETTER, straight(blank(FORM)).page, BLANK_SHEET, LETTER)
    assert seen.spec == FORM
    assert [laid.page.index for laid in seen.pages.values()] == [2]


# ---------------------------------------------------------------- several forms


@pytest.mark.parametrize("way", ["straight", "upside down", "grainy"])
def test_a_form_twice_is_two_forms(way: str) -> None:
    assert refused(straight(blank(FORM)).page, WAYS[way](blank(FORM)).page) == (Code.SEVERAL_FORMS_IN_ONE_FILE, None)


def test_two_editions_of_one_form_are_two_forms() -> None:
    old, new = (straight(blank(spec_of("4123", edition))).page for edition in ("2019-11", "2022-03"))
    assert refused(old, new)[0] is Code.SEVERAL_FORMS_IN_ONE_FILE


def test_a_page_that_comes_twice_is_of_another_form_though_a_page_is_missing() -> None:
    first = straight(blank(TWO_PAGES, 1)).page
    assert refused(first, first)[0] is Code.SEVERAL_FORMS_IN_ONE_FILE


# ---------------------------------------------------------------- forms and editions that have no spec


def test_another_of_the_agencys_forms_is_named_and_refused() -> None:
    paper = with_footer(FORM, "4096 195 21/05")
    upper = slice(0, round(700 * POINT))
    paper.pixels[upper] = paper.pixels[upper, ::-1].copy()  # print like ours, that lies on none of our blanks
    code, identity = refused(straight(paper.pixels).page)
    assert code is Code.FORM_NOT_ACCEPTED
    assert identity is not None
    assert (identity.number, identity.edition) == ("4096", "2021-05")


def test_an_edition_that_differs_by_its_footer_alone_is_not_read_as_the_one_it_looks_like() -> None:
    code, identity = refused(straight(with_footer(FORM, "4123 195 25/01").pixels).page)
    assert code in {Code.EDITION_UNKNOWN, Code.FORM_UNIDENTIFIED}
    assert identity is None or (identity.number, identity.edition) == ("4123", "2025-01")


def test_an_older_footer_on_the_look_of_a_newer_edition_is_a_persons_to_settle() -> None:
    """A misread digit must never end in a refusal for age."""
    assert refused(straight(with_footer(FORM, "4123 195 15/02").pixels).page) == (Code.FORM_UNIDENTIFIED, None)


def test_without_a_footer_a_form_is_nobodys_guess() -> None:
    assert refused(straight(with_footer(FORM, "").pixels).page)[0] is Code.FORM_UNIDENTIFIED


def test_half_a_form_is_not_read() -> None:
    cut = blank(FORM).copy()
    cut[: round(0.45 * len(cut))] = 255
    assert refused(page_of(cut))[0] is Code.FORM_UNIDENTIFIED


def test_no_form_at_all() -> None:
    assert refused(LETTER, BLANK_SHEET) == (Code.FORM_UNIDENTIFIED, None)
    assert refused(page_of(np.full((3300, 2550), 255, np.uint8))) == (Code.FORM_UNIDENTIFIED, None)


def test_a_form_with_a_damaged_page_of_another_goes_to_a_person() -> None:
    cut = blank(spec_of("4058", "2022-03")).copy()
    cut[round(0.6 * len(cut)) :] = 255
    assert refused(straight(blank(FORM)).page, page_of(cut))[0] is Code.FORM_UNIDENTIFIED


# ---------------------------------------------------------------- footers read badly


def test_an_edition_has_no_digit_to_spare() -> None:
    printed = "4058 195 22/03"
    assert names(printed, printed)
    for rank in (9, 10, 12, 13):
        for digit in set("0123456789") - {printed[rank]}:
            assert not names(printed[:rank] + digit + printed[rank + 1 :], printed)
        assert not names(printed[:rank] + printed[rank + 1 :], printed)


@pytest.mark.parametrize("read", ["40581952203", "4058 195 22103", "4O58 l95 22/03", "058 19522/03", "40 195 22//03"])
def test_what_the_look_says_too_may_be_read_badly(read: str) -> None:
    assert names(read, "4058 195 22/03")


@pytest.mark.parametrize("read", ["", "22/03", "195 22/03", "4058 195", "4134 222 22/03", "4058 195 22/03 4"])
def test_an_edition_alone_is_not_a_footer(read: str) -> None:
    assert not names(read, "4058 195 22/03")


@given(st.integers(0, 99), st.integers(1, 12))
def test_no_edition_is_taken_for_another(year: int, month: int) -> None:
    for spec in SPECS:
        read = f"{spec.number} 195 {year:02}/{month:02}"
        assert names(read, spec.page[0].footer) == (spec.edition == f"20{year:02}-{month:02}")


# ---------------------------------------------------------------- as they come


@pytest.mark.parametrize(
    ("path", "number", "edition"),
    [
        ("2022-04-05/0001.pdf", "4444", "2020-01"),  # JPEG 2000
        ("2022-04-05/scan0005.pdf", "4134", "2022-03"),  # photographed upside down
        ("2022-04-05/0008 Demande d'accès.pdf", "4123", "2022-03"),  # written by hand, in layers
        ("2022-04-05/0014_numérisation.PDF", "4058", "2022-03"),
    ],
)
def test_samples_are_known_with_every_page(path: str, number: str, edition: str) -> None:
    seen = found(*open_document((ROOT / "samples" / "scans" / path).read_bytes(), Limits()).pages)
    assert (seen.identity.number, seen.identity.edition) == (number, edition)
    assert seen.identity.confidence >= ACTED_ON
    assert seen.missing == ()
