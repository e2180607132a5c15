"""What each engine says of one field, compared by what it means."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scanned_forms import Paper, field_of, lifted_from, spec_of

from pipeline.meaning import fold
from pipeline.model import Kind, Transcript
from pipeline.ocr import CannedEngine
from pipeline.specs import FieldSpec
from pipeline.witnesses.testimony import (
    DIGITS,
    LATER,
    MOST,
    alphabet_of,
    as_spelt,
    hear,
    meaning_of,
    renderings,
    show,
    with_spaces,
    without_strays,
    witness_of,
    written,
)
from pipeline.writing.lift import DPI, Lifted
from pipeline.writing.lines import Line, find_line

FORM = spec_of("4058", "2022-03")
NAME, EMAIL = field_of(FORM, "section2.family_name"), field_of(FORM, "section2.email")
PHONE, EXTENSION = field_of(FORM, "section2.telephone"), field_of(FORM, "section2.telephone_extension")
DAY, LICENCE = field_of(FORM, "section2.signed_on"), field_of(FORM, "section3.licence_number")


# ---------------------------------------------------------------- the same spelling


@pytest.mark.parametrize(
    ("field", "read", "meant"),
    [
        (NAME, "L’Écuyer", "L'Écuyer"),
        (NAME, "Bergeron–Roy", "Bergeron-Roy"),
        (NAME, "  Anne   Élise ", "Anne Élise"),
        (NAME, "D' Iberville", "D'Iberville"),
        (NAME, "0uellet", "Ouellet"),
        (NAME, "GagnIer", "Gagnler"),
        (NAME, "1lly", "Illy"),
        (NAME, "Mi1ot", "Milot"),
        (NAME, "Roy 1", "Roy 1"),
        (field_of(FORM, "section2.company"), "1password inc.", "1password inc."),
        (EMAIL, "anne. roy @ xx .ca", "anne.roy@xx.ca"),
        (EMAIL, "anne roy@xx.ca", "anne roy@xx.ca"),  # what was there, a sign or nothing, is not made up
        (EMAIL, "karineI@xx.ca", "karineI@xx.ca"),  # and in an address no letter is
        (PHONE, "[418] 555-0123", "(418)555-0123"),  # some typefaces have square ones
        (PHONE, "418 555 0123", "4185550123"),  # a comb has a cell a digit
    ],
)
def test_engines_write_alike_what_is_alike(field: FieldSpec, read: str, meant: str) -> None:
    assert written(field, read) == meant


@pytest.mark.parametrize(
    "name", ["Illy", "Lili", "DaSilva", "O'Neil", "St-Louis", "LI", "Ali", "II", "Isabelle", "MCINTYRE", "D'Iberville"]
)
def test_names_that_are_right_are_left_alone(name: str) -> None:
    assert as_spelt(name) == name


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("'Poirier", "Poirier"),
        ("| Lessard", "Lessard"),
        (".L'Écuyer", "L'Écuyer"),
        ("Kinéa inc. __", "Kinéa inc."),
        ("CLSC .informatique", "CLSC informatique"),
        ("Chef d'équipe -intégration", "Chef d'équipe - intégration"),
    ],
)
def test_signs_that_no_text_has_there_are_dust(read: str, meant: str) -> None:
    assert without_strays(read) == meant


@pytest.mark.parametrize("text", ["Développeur .NET", ".NET Santé", "A. B. inc.", "Jean-Luc", "d'Amour", "R&D - tests"])
def test_signs_that_may_stand_there_are_left(text: str) -> None:
    assert without_strays(text) == text


@given(st.text("ABCDEILMNOabcdeilmnoéÉ -'.0", max_size=12))
def test_spelling_changes_no_letter_but_one_for_its_double(text: str) -> None:
    spelt = as_spelt(text)
    assert len(spelt) == len(text)
    for before, after in zip(text, spelt, strict=True):
        assert before == after or {before, after} in ({"I", "l"}, {"0", "O"}) or before.upper() == after


# ---------------------------------------------------------------- the same meaning


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        (NAME, "Gagné", "GAGNE"),
        (NAME, "De La Durantaye", "DeLa Durantaye"),
        (DAY, "20220405", "2022-04-05"),
        (PHONE, "4185550123", "(418) 555-0123"),
        (EXTENSION, "204", "poste 204"),
        (EMAIL, "Anne.Roy@XX.ca", "anne.roy@xx.ca"),
    ],
)
def test_what_means_the_same_is_the_same(field: FieldSpec, one: str, other: str) -> None:
    assert meaning_of(field, one)[0] == meaning_of(field, other)[0]


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        (NAME, "Gagné", "Gagner"),
        (NAME, "Anne-Élise", "Anne Élise"),
        (NAME, "Le Roy inc.", "Le Roy, inc."),
        (DAY, "20220405", "20220406"),
        (PHONE, "4185550123", "4185550128"),
        (EMAIL, "anne.roy@xx.ca", "anne_roy@xx.ca"),
        (EMAIL, "anne.roy@xx.ca", "anneroy@xx.ca"),
        (LICENCE, "123456", "12345"),
    ],
)
def test_what_differs_by_one_sign_is_another_thing(field: FieldSpec, one: str, other: str) -> None:
    assert meaning_of(field, one)[0] != meaning_of(field, other)[0]


@pytest.mark.parametrize(
    ("field", "text"), [(PHONE, "418555"), (DAY, "20221405"), (EMAIL, "anne.xx.ca"), (LICENCE, "1234")]
)
def test_what_is_no_value_means_none_and_is_still_compared(field: FieldSpec, text: str) -> None:
    assert meaning_of(field, text) == ("!" + fold(text), None)


@pytest.mark.parametrize("text", ["", "-", " . ", "--"])
def test_strokes_without_a_letter_are_nothing_in_a_field_with_a_grammar(text: str) -> None:
    assert meaning_of(PHONE, text) == ("", None)


# ---------------------------------------------------------------- how sure each is


def heard_as(field: FieldSpec, *candidates: tuple[str, float]) -> Transcript:
    text, probability = candidates[0]
    return Transcript(text, (probability,) * len(text), (), candidates)


def test_readings_that_mean_the_same_count_together() -> None:
    witness = witness_of(NAME, "own", "plain", heard_as(NAME, ("Gagné", 0.5), ("Gagne", 0.4), ("Gagner", 0.06)))
    assert witness.chances == pytest.approx({"gagne": 0.9, "gagner": 0.06})
    assert witness.margin("gagne") > 0 > witness.margin("gagner") > witness.margin("roy")


@given(st.floats(0.01, 0.98))
def test_the_surer_an_engine_is_the_more_its_word_weighs(probability: float) -> None:
    weak, strong = (
        witness_of(NAME, "own", "plain", heard_as(NAME, ("Roy", chance))).margin("roy")
        for chance in (probability, probability + 0.01)
    )
    assert -MOST <= weak < strong <= MOST


@given(st.floats(0.5, 1.0), st.sampled_from(["roy", "ray", "xyz", ""]))
def test_no_word_of_an_engine_is_without_limit(probability: float, key: str) -> None:
    witness = witness_of(NAME, "own", "plain", heard_as(NAME, ("Roy", probability)))
    assert -MOST <= witness.margin(key) <= MOST
    assert (witness.margin(key) > 0) == (key == "roy") or probability < 0.7


# ---------------------------------------------------------------- combs


@pytest.mark.parametrize(
    ("text", "cells", "spaced"),
    [
        ("ANNE", "xxxx......", "ANNE"),
        ("ANNEROY", "xxxx.xxx..", "ANNE ROY"),
        ("LE", "..x..x....", "L E"),
        ("ANNE", "xxx.......", None),  # one letter more than cells with ink: who is right?
        ("AN", "xxx.......", None),
    ],
)
def test_an_empty_cell_between_letters_is_a_space(text: str, cells: str, spaced: str | None) -> None:
    assert with_spaces(text, [cell == "x" for cell in cells]) == spaced


@given(st.lists(st.booleans(), min_size=1, max_size=20).filter(any))
def test_a_comb_gives_back_what_is_in_its_cells(cells: list[bool]) -> None:
    letters = "ABCDEFGHIJKLMNOPQRST"[: sum(cells)]
    spaced = with_spaces(letters, cells)
    assert spaced is not None
    assert spaced.replace(" ", "") == letters
    assert "  " not in spaced
    assert spaced == spaced.strip()


@pytest.mark.parametrize("field", [PHONE, DAY, LICENCE])
def test_a_comb_for_numbers_has_digits_alone(field: FieldSpec) -> None:
    assert alphabet_of(field) == DIGITS


def test_names_may_hold_whatever_an_engine_can_read() -> None:
    assert alphabet_of(NAME) is None
    address = alphabet_of(EMAIL)
    assert address is not None
    assert set("anne_roy-2.b@xx.qc.ca") <= address


# ---------------------------------------------------------------- who is asked what


def ink_in(paper: Paper, field: FieldSpec) -> tuple[FieldSpec, Lifted, Line]:
    lifted = lifted_from(paper, field.box)
    return field, lifted, find_line(lifted, field.cells)


FILLED = Paper(FORM).fill(NAME.key, "Roy", size=12).fill(PHONE.key, "4185550123", size=9)


def test_nobody_is_asked_about_a_field_in_which_nothing_is_written() -> None:
    engine = CannedEngine(["Roy", "Roy"])
    name, email = hear(show([ink_in(FILLED, NAME), ink_in(FILLED, EMAIL)]), [engine], DPI, *LATER)
    assert [witness.key for witness in name.witnesses] == ["roy", "roy"]
    assert email.witnesses == ()
    assert email.line.blank
    assert not email.pictures
    assert len(engine.seen) == 2


def test_each_field_gets_what_was_read_in_it() -> None:
    engine = CannedEngine(lambda crop: "4185550123" if crop.alphabet == DIGITS else "Roy")
    name, phone = hear(show([ink_in(FILLED, NAME), ink_in(FILLED, PHONE)]), [engine], DPI, *LATER)
    assert {witness.value for witness in name.witnesses} == {"Roy"}
    assert {witness.value for witness in phone.witnesses} == {"+14185550123"}
    assert phone.cells == (True,) * 10
    assert name.cells == ()


def test_more_engines_add_to_what_was_said() -> None:
    first = hear(show([ink_in(FILLED, NAME)]), [CannedEngine(lambda _: "Roy")], DPI, *LATER)
    (both,) = hear(first, [CannedEngine(lambda _: "Ray")], DPI, *LATER)
    assert [witness.key for witness in both.witnesses] == ["roy", "roy", "ray", "ray"]


def test_every_picture_shows_the_ink_dark_on_white() -> None:
    for field in (NAME, PHONE):
        _, lifted, line = ink_in(FILLED, field)
        pictures = renderings(field, lifted, line)
        assert len(pictures) == 2
        for pixels in pictures.values():
            assert pixels.dtype == np.uint8
            assert np.median(pixels) > 240
            assert pixels.min() < 30


def test_kinds_of_fields_that_are_written_have_an_alphabet() -> None:
    for field in FORM.field:
        if field.kind not in (Kind.CHOICE, Kind.SIGNATURE):
            alphabet = alphabet_of(field)
            assert alphabet is None or alphabet >= DIGITS
