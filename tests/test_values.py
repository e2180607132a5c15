"""What written values mean."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dates import in_digits, with_its_month
from pipeline.model import Kind
from pipeline.values import canonical, understand

KEYS = {
    Kind.TEXT: "section2.company",
    Kind.PHONE: "section2.telephone",
    Kind.EMAIL: "section2.email",
    Kind.CHOICE: "section2.language",
    Kind.DATE: "section2.signed_on",
    Kind.DIGITS: "section2.telephone_extension",
}
LICENCE = "section3.licence_number"


@pytest.mark.parametrize(
    "raw",
    [
        "4185550123",
        "418 555-0123",
        "(418) 555.0123",
        " 418-555-0123 ",
        "1 418 555-0123",
        "1-418-555-0123",
        "+1 418 555 0123",
        "418/555-0123",
    ],
)
def test_a_phone_number_is_e164(raw: str) -> None:
    assert canonical(Kind.PHONE, KEYS[Kind.PHONE], raw) == "+14185550123"


@pytest.mark.parametrize(
    "raw",
    [
        "819491489",
        "41855501234",
        "2 418 555-0123",
        "555-0123",
        "118 555-0123",
        "418 055-0123",
        "418 555-O123",
        "jacques",
        "+33 1 42 68 53 00",
        "418 555-0123 / 418 555-0124",
    ],
)
def test_no_phone_number(raw: str) -> None:
    assert understand(Kind.PHONE, KEYS[Kind.PHONE], raw).invalid


@pytest.mark.parametrize("tail", [" poste 204", ", ext. 204", " x204", " #204", " (poste 204)"])
def test_an_extension_behind_the_number_is_for_a_person(tail: str) -> None:
    meaning = understand(Kind.PHONE, KEYS[Kind.PHONE], f"418 555-0123{tail}")
    assert meaning.doubtful
    assert meaning.values == ("+14185550123",)
    assert canonical(Kind.PHONE, KEYS[Kind.PHONE], f"418 555-0123{tail}") is None


@pytest.mark.parametrize("raw", ["204", "poste 204", "Poste: 204", "#204", "x204", "ext. 204", "p. 204", " 204 "])
def test_an_extension_is_its_digits(raw: str) -> None:
    assert canonical(Kind.DIGITS, KEYS[Kind.DIGITS], raw) == "204"


@pytest.mark.parametrize("raw", ["1234567", "2O4", "204 205", "poste"])
def test_no_extension(raw: str) -> None:
    assert canonical(Kind.DIGITS, KEYS[Kind.DIGITS], raw) is None


@pytest.mark.parametrize("raw", ["-", "s.o.", "N/A", "aucun"])
def test_no_digit_at_all_may_mean_that_there_is_no_extension(raw: str) -> None:
    assert understand(Kind.DIGITS, KEYS[Kind.DIGITS], raw).doubtful


@pytest.mark.parametrize(("raw", "value"), [("123456", "123456"), ("012 345", "012345"), ("12-3456", "123456")])
def test_a_licence_number_has_six_digits(raw: str, value: str) -> None:
    assert canonical(Kind.DIGITS, LICENCE, raw) == value


@pytest.mark.parametrize("raw", ["48213", "1234567", "12345A", "-", "poste 123456"])
def test_no_licence_number(raw: str) -> None:
    assert understand(Kind.DIGITS, LICENCE, raw).invalid


@pytest.mark.parametrize(
    "raw",
    [
        "2022-04-04",
        "2022/04/04",
        "20220404",
        "2022 04 04",
        "2022.04.04",
        "2022-4-4",
        "2 0 2 2 0 4 0 4",
        "4 avril 2022",
        "le 4 AVRIL 2022",
        "lundi 4 avril 2022",
        "4 avr. 2022",
        "04-avr-2022",
        "2022 avril 4",
        "April 4, 2022",
        "4th of April 2022",
        "04/04/2022",
    ],
)
def test_an_unambiguous_date_is_iso(raw: str) -> None:
    assert canonical(Kind.DATE, KEYS[Kind.DATE], raw) == "2022-04-04"


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("1er mars 2022", "2022-03-01"),
        ("2 Février 2022", "2022-02-02"),
        ("2 fevr 2022", "2022-02-02"),
        ("15 août 2022", "2022-08-15"),
        ("13/04/2022", "2022-04-13"),
        ("04/13/2022", "2022-04-13"),
        ("Dec 31, 2024", "2024-12-31"),
        ("29 février 2024", "2024-02-29"),
        ("3 juil. 2022", "2022-07-03"),
    ],
)
def test_dates_as_people_write_them(raw: str, value: str) -> None:
    assert canonical(Kind.DATE, KEYS[Kind.DATE], raw) == value


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("25 octebre 2021", "25 octobre 2021"),
        ("6 sévrier 2022", "6 fevrier 2022"),
        ("Mcy3, 2022", "may3, 2022"),
        ("18.sqpt 2024", "18.sept 2024"),
        ("5 mais 2022", "5 mais 2022"),  # mai, or mars
        ("5 jum 2022", "5 jum 2022"),  # jun, or jul
        ("5 janvier 2022", "5 janvier 2022"),
        ("1er mars 2022", "1er mars 2022"),
        ("5 xxxxxx 2022", "5 xxxxxx 2022"),
        ("5 octobre x 2022", "5 octobre x 2022"),
    ],
)
def test_a_month_that_a_reader_misspelt_is_the_one_that_it_comes_nearest_to(read: str, meant: str) -> None:
    assert with_its_month(read) == meant


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("2C2203C1", "20220301"),
        ("3o juillet 2O23", "30 juillet 2023"),
        ("1er mars 2022", "1er mars 2022"),
        ("April 4th, 2022", "April 4th, 2022"),
        ("4 dec 2022", "4 dec 2022"),
    ],
)
def test_a_letter_among_digits_is_the_digit_that_it_looks_like(read: str, meant: str) -> None:
    assert in_digits(read) == meant


@pytest.mark.parametrize(
    ("raw", "values"),
    [
        ("04/05/2022", {"2022-05-04", "2022-04-05"}),
        ("04052022", {"2022-05-04", "2022-04-05"}),
        ("13042022", {"2022-04-13"}),
        ("22-04-30", {"2022-04-30", "2030-04-22"}),
        ("04/05/06", {"2004-05-06", "2006-05-04", "2006-04-05"}),
        ("4 avril 22", {"2022-04-04"}),
        ("04 avril 22", {"2022-04-04", "2004-04-22"}),
        ("3 jui 2022", {"2022-06-03", "2022-07-03"}),
    ],
)
def test_an_ambiguous_date_is_neither_valid_nor_invalid(raw: str, values: set[str]) -> None:
    meaning = understand(Kind.DATE, KEYS[Kind.DATE], raw)
    assert meaning.doubtful
    assert set(meaning.values) == values
    assert canonical(Kind.DATE, KEYS[Kind.DATE], raw) is None


@pytest.mark.parametrize(
    "raw",
    [
        "2022-00-15",
        "2022-13-04",
        "2022-02-30",
        "29 février 2022",
        "31/31/2022",
        "avril 2022",
        "2022",
        "demain",
        "4 avril mai 2022",
        "0222-04-04",
        "4 x 2022",
        "2022-04-04 ?",
    ],
)
def test_no_date(raw: str) -> None:
    assert understand(Kind.DATE, KEYS[Kind.DATE], raw).invalid


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("jacques.untel@xx.com", "jacques.untel@xx.com"),
        (" Jacques.Untel@XX.com ", "jacques.untel@xx.com"),
        ("j+b2b@xx.qc.ca", "j+b2b@xx.qc.ca"),
        ("_o'neil-2@xn--caf-dma.ca", "_o'neil-2@xn--caf-dma.ca"),
        ("jacques@xx.xn--p1ai", "jacques@xx.xn--p1ai"),
        ("jacques@xx.quebec", "jacques@xx.quebec"),
    ],
)
def test_an_address_is_as_written_in_lower_case(raw: str, value: str) -> None:
    assert canonical(Kind.EMAIL, KEYS[Kind.EMAIL], raw) == value


@pytest.mark.parametrize(
    "raw",
    [
        "jacques.untel.xx.com",
        "jacques@xx",
        "jacques@@xx.com",
        "jacques@untel@xx.com",
        "jacques..untel@xx.com",
        "jacques@xx..com",
        "jacques@xx.com,",
        "jacques untel@xx.com",
        "jacques@xx. com",
        ".jacques@xx.com",
        "=jacques@xx.com",
        "+b2b@xx.com",
        "jérôme@xx.com",
        "jacques@café.ca",
        "j\N{CYRILLIC SMALL LETTER A}cques@xx.com",
        "@xx.com",
        "jacques@",
        '"jacques untel"@xx.com',
        "jacques@[127.0.0.1]",
        "jacques@localhost",
        "jacques@xx.b1z",
        "jacques@xx.c0m",
        "jacques@xx.c",
    ],
)
def test_no_address(raw: str) -> None:
    assert understand(Kind.EMAIL, KEYS[Kind.EMAIL], raw).invalid


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("  Anne-Élise   Untel ", "Anne-Élise Untel"),
        ("Ane\N{COMBINING ACUTE ACCENT}e", "Anée"),
        ("L’Exemple d'Untel", "L’Exemple d'Untel"),
        ("ORTHO+ INFORMATIQUE", "ORTHO+ INFORMATIQUE"),
    ],
)
def test_text_is_as_written(raw: str, value: str) -> None:
    assert canonical(Kind.TEXT, KEYS[Kind.TEXT], raw) == value


@pytest.mark.parametrize("raw", ["-", "—", "?", "...", "///"])
def test_text_without_a_letter_is_for_a_person(raw: str) -> None:
    assert understand(Kind.TEXT, KEYS[Kind.TEXT], raw).doubtful


def test_a_choice_is_a_value_of_the_contract() -> None:
    assert canonical(Kind.CHOICE, "section2.language", "FR") == "fr"
    assert canonical(Kind.CHOICE, "section2.environment", "training") == "training"
    assert canonical(Kind.CHOICE, "section2.environment", "fr") is None


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_means_nothing(kind: Kind) -> None:
    for raw in ("", "  "):
        assert understand(kind, KEYS.get(kind, "section2.signature"), raw).invalid


@given(st.sampled_from(sorted(KEYS)), st.text(max_size=30))
def test_any_writing_has_a_meaning_and_a_canonical_value_means_itself(kind: Kind, raw: str) -> None:
    for value in understand(kind, KEYS[kind], raw).values:
        again = understand(kind, KEYS[kind], value)
        assert again.values == (value,)
    value_or_none = canonical(kind, KEYS[kind], raw)
    if value_or_none is not None:
        assert canonical(kind, KEYS[kind], value_or_none) == value_or_none


@given(st.integers(200, 999), st.integers(200, 999), st.integers(0, 9999))
def test_every_number_of_the_plan_comes_back(area: int, exchange: int, line: int) -> None:
    number = f"{area}{exchange}{line:04}"
    assert canonical(Kind.PHONE, KEYS[Kind.PHONE], f"({area}) {exchange}-{line:04}") == f"+1{number}"
    assert canonical(Kind.PHONE, KEYS[Kind.PHONE], f"+1{number}") == f"+1{number}"


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_every_day_comes_back(day: date) -> None:
    for written in (day.isoformat(), f"{day:%Y%m%d}", f"{day:%Y/%m/%d}", f"{day:%d %b %Y}", f"{day:%B %d, %Y}"):
        assert canonical(Kind.DATE, KEYS[Kind.DATE], written) == day.isoformat()
