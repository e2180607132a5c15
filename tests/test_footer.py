"""The printed footer: read wherever the sheet's corner ended up, and never made up."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scanned_forms import POINT, SPECS, WAYS, Paper, laid_well, page_of, resized, spec_of, straight, turned

from pipeline.model import OcrEngine, Page, Transcript
from pipeline.ocr import load_engines
from pipeline.printed.footer import SURE, Footer, parse, parse_text, read_laid, search
from pipeline.specs import FormSpec

PAGES = [(spec, number) for spec in SPECS for number in range(1, len(spec.page) + 1)]
EVERY_PAGE = pytest.mark.parametrize(("spec", "number"), PAGES, ids=[f"{spec.name} {page}" for spec, page in PAGES])
FORM = spec_of("4123", "2022-03")


# ---------------------------------------------------------------- what a footer is


@pytest.mark.parametrize(
    ("text", "number", "edition"),
    [
        ("4058 195 22/03", "4058", "2022-03"),
        ("4134195 15/02", "4134", "2015-02"),
        ("4134 19515/12", "4134", "2015-12"),
        ("  4444 195 20/01 ", "4444", "2020-01"),
        ("2 4096 195 21/10", "4096", "2021-10"),
    ],
)
def test_a_footer_is_form_language_and_edition(text: str, number: str, edition: str) -> None:
    assert parse_text(text) == Footer(number, edition, 1.0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4058 195 22/13",  # there is no such month
        "4058 195 22/00",
        "4058 195 22/3",
        "4058 195 2203",  # its stroke is lost: which digits are the edition's?
        "458 195 22/03",
        "4058 19 22/03",
        "14058 195 22/03",  # the end of a longer number
        "4058 195 22/031",
        "4058  195 22/03",
        "22/03",
    ],
)
def test_what_may_be_something_else_is_no_footer(text: str) -> None:
    assert parse_text(text) is None


@given(
    st.integers(1000, 9999), st.integers(100, 999), st.integers(0, 99), st.integers(1, 12), st.booleans(), st.booleans()
)
def test_every_number_and_edition_comes_back(
    number: int, code: int, year: int, month: int, first: bool, second: bool
) -> None:
    text = f"{number}{' ' * first}{code}{' ' * second}{year:02}/{month:02}"
    assert parse_text(text) == Footer(str(number), f"20{year:02}-{month:02}", 1.0)


def test_a_footer_is_as_sure_as_its_weakest_digit() -> None:
    sure = [0.99] * 14
    assert parse(Transcript("4058 195 22/03", tuple(sure))) == Footer("4058", "2022-03", 0.99)
    weak = [*sure[:13], 0.31]
    assert parse(Transcript("4058 195 22/03", tuple(weak))) == Footer("4058", "2022-03", 0.31)


def test_neither_spaces_nor_what_is_beside_count() -> None:
    doubtful = (0.1, 0.2, *[0.9] * 4, 0.1, *[0.9] * 3, 0.1, *[0.9] * 5)
    assert parse(Transcript("7 4058 195 22/03", doubtful)) == Footer("4058", "2022-03", 0.9)


# ---------------------------------------------------------------- where it is


@cache
def engine() -> OcrEngine:
    """One whose weights come with the locked packages."""
    return load_engines(("paddle",))[0]


def footer_of(page: Page) -> tuple[str, str] | None:
    found = search(page, engine())
    return (found.number, found.edition) if found else None


@EVERY_PAGE
def test_every_blank_says_its_own_name(spec: FormSpec, number: int) -> None:
    found = search(straight(Paper(spec, number).pixels).page, engine())
    assert found is not None
    assert (found.number, found.edition) == (spec.number, spec.edition)
    assert found.score >= SURE


@pytest.mark.parametrize("way", WAYS)
def test_a_footer_is_found_however_the_page_was_scanned(way: str) -> None:
    assert footer_of(WAYS[way](Paper(FORM).pixels).page) == ("4123", "2022-03")


@EVERY_PAGE
def test_a_fax_that_ate_the_digits_says_its_name_or_nothing(spec: FormSpec, number: int) -> None:
    assert footer_of(WAYS["fax"](Paper(spec, number).pixels).page) in {(spec.number, spec.edition), None}


@pytest.mark.parametrize("dpi", [75.0, 50.0])
def test_too_few_pixels_say_nothing_wrong(dpi: float) -> None:
    page = resized(Paper(FORM).pixels, 1.0, dpi=dpi).page
    assert footer_of(page) in {("4123", "2022-03"), None}


def test_a_form_that_has_no_blank_here_is_read() -> None:
    assert footer_of(turned(other_form("4096 195 21/05").pixels, 180).page) == ("4096", "2021-05")


def test_what_looks_like_a_footer_in_the_body_is_none() -> None:
    """Whoever copies the form's number into a letter has not sent the form."""
    paper = without_footer().type("4096 195 21/05", 30, 300, size=7).type("4096 195 21/05", 400, 770, size=7)
    assert footer_of(page_of(paper.pixels)) is None


def test_no_footer_no_name() -> None:
    assert footer_of(page_of(without_footer().pixels)) is None


def without_footer() -> Paper:
    """A sheet of print without any footer."""
    paper = Paper(FORM)
    box = FORM.page[0].box
    paper.pixels[round((box.y0 - 3) * POINT) :] = 255
    return paper


def other_form(footer: str) -> Paper:
    """A page of print that is none of ours, with a footer of this text."""
    paper = without_footer()
    paper.pixels[: round(600 * POINT)] = paper.pixels[: round(600 * POINT), ::-1].copy()
    return paper.type(footer, FORM.page[0].box.x0, FORM.page[0].box.y1 - 1, size=7)


# ---------------------------------------------------------------- where the blank has it


@pytest.mark.parametrize("way", ["upside down", "perspective"])
def test_a_laid_page_is_read_where_its_blank_has_the_footer(way: str) -> None:
    spec = spec_of("4058", "2024-10")
    laid = laid_well(WAYS[way](Paper(spec).pixels).page, spec)
    assert read_laid(laid, spec.page[0].box, [engine()]) == [["4058 195 24/10"] * 2]
