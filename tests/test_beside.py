"""What an address learns from the rest of its page."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scanned_forms import Pixels
from test_weigh import DAY, EMAIL, EXTENSION, NAME, PHONE, said
from typed_lines import line_of, uneven_line_of

from pipeline.glyphs.placed import Place
from pipeline.pen import TYPE
from pipeline.specs import FieldSpec
from pipeline.weighing.beside import among_the_rest, with_the_rest
from pipeline.witnesses.testimony import Testimony as Heard
from pipeline.writing.lines import Line


def typed(field: FieldSpec, text: str, *others: str, pen: float = 0.0) -> Heard:
    """The text, typed in the field and read by all, but for what the last engines read instead."""
    pixels, places = line_of(text)
    where = tuple(Place(letter, *place) for letter, place in zip(text, places, strict=True))
    heard = said(field, *[text] * (5 - len(others)), *others)
    witnesses = tuple(replace(each, places=where if each.text == text else ()) for each in heard.witnesses)
    return replace(heard, line=Line(pixels, 2000, (0, 0), 40), witnesses=witnesses, pen=pen)


COMPANY = NAME.model_copy(update={"key": "section2.company"})
GIVEN = NAME.model_copy(update={"key": "section2.given_name"})
OF_ANOTHER = NAME.model_copy(update={"key": "section3.family_name"})
PAGE = [
    typed(GIVEN, "Rollande"),
    typed(NAME, "Otis"),
    typed(COMPANY, "Logiciels du Lac inc."),
    typed(OF_ANOTHER, "Untel"),
    typed(DAY, "2022-10-01"),
]
ADDRESS = typed(EMAIL, "rollande.otis@gmail.com")


def test_an_address_knows_the_names_of_its_own_section_and_the_company() -> None:
    (address,) = with_the_rest([ADDRESS], PAGE)
    assert address.names.person == (("rollande",), ("otis",))
    assert address.names.company == ("logiciels", "du", "lac", "inc")


def test_an_address_knows_what_letters_look_like_on_its_page() -> None:
    (address,) = with_the_rest([ADDRESS], [*PAGE, ADDRESS])
    by_source: dict[str, set[str]] = {}
    for letter in address.letters:
        by_source.setdefault(letter.source, set()).add(letter.character)
    assert by_source["section2.signed_on"] == {"0", "1", "2"}
    assert by_source[GIVEN.key] == {"o", "l"}
    # Of a common domain it is known what its letters are; of the name before it, it is the question.
    assert by_source[EMAIL.key] == {"o", "l", "i"}
    assert sum(letter.source == EMAIL.key for letter in address.letters) == len("oli")


@pytest.mark.parametrize(
    "unsure", [typed(NAME, "Otis", *["Otls"] * 3), typed(NAME, "Otis", pen=1.0)], ids=["read by one alone", "by hand"]
)
def test_what_is_not_certain_teaches_no_letters(unsure: Heard) -> None:
    (address,) = with_the_rest([ADDRESS], [unsure])
    assert address.letters == ()


def test_a_name_that_most_do_not_read_alike_explains_nothing() -> None:
    (address,) = with_the_rest([ADDRESS], [typed(GIVEN, "Rollande"), typed(NAME, "Otis", "Odis", "Odis", "Odis")])
    assert address.names.person == (("rollande",),)


def test_one_dissent_leaves_a_name_what_it_is_unless_a_network_never_reads_it() -> None:
    (address,) = with_the_rest([ADDRESS], [typed(NAME, "Otis", "Odis")])
    assert address.names.person == (("otis",),)
    others = typed(NAME, "Otis")
    read = tuple(replace(each, key="odis") if each.engine == "own" else each for each in others.witnesses)
    (address,) = with_the_rest([ADDRESS], [replace(others, witnesses=read)])
    assert address.names.person == ()


def test_a_name_and_a_company_know_the_address_that_is_made_of_them() -> None:
    mine, other = with_the_rest([typed(NAME, "Otis"), typed(OF_ANOTHER, "Untel")], [*PAGE, ADDRESS])
    assert (mine.address, other.address) == ("rollande.otis", "")
    (company,) = with_the_rest([typed(COMPANY, "Gmail inc.")], [*PAGE, ADDRESS])
    assert company.address == "gmail.com"
    disputed = typed(EMAIL, "rollande.otis@gmail.com", *["rollande.odis@gmail.com"] * 3)
    (disputing,) = with_the_rest([typed(NAME, "Otis")], [typed(EMAIL, "a@b.ca", "c@d.ca", "e@f.ca", "g@h.ca")])
    assert disputing.address == ""
    (outvoted,) = with_the_rest([typed(NAME, "Otis")], [disputed])
    assert outvoted.address == "rollande.odis"


PRINT = Line(np.zeros((30, 200), np.uint8), 2000, (0, 0), 25)


def with_pens(*pens: float, last: FieldSpec = NAME) -> float:
    """How probable it is that a pen wrote the last of a page's fields; the others are names of the same section."""
    names = [NAME.model_copy(update={"key": f"section2.name{rank}"}) for rank in range(len(pens) - 1)]
    page = [
        Heard(field, PRINT, {"plain": PRINT.pixels}, pen=pen) for field, pen in zip([*names, last], pens, strict=True)
    ]
    return among_the_rest(page)[-1].pen


@pytest.mark.parametrize("field", [NAME, EMAIL, PHONE, EXTENSION], ids=["name", "address", "telephone", "number"])
def test_a_field_is_by_the_hand_that_wrote_its_section(field: FieldSpec) -> None:
    assert with_pens(0.1, 0.2, 0.6, last=field) < TYPE
    assert with_pens(0.9, 0.8, 0.4, last=field) > TYPE
    added = 0.8 if field in (NAME, EMAIL) else 0.96
    assert with_pens(0.1, 0.1, added, last=field) == added, "a hand may add to what is typed"
    assert with_pens(0.9, 0.4, last=field) == pytest.approx(0.4), "one other word is no company"
    other = field.model_copy(update={"key": f"section3.{field.key.partition('.')[2]}"})
    assert with_pens(0.9, 0.9, 0.4, last=other) == pytest.approx(0.4)


def section_of(*lines: tuple[Pixels, list[tuple[float, float]]], pen: float) -> list[float]:
    """How probable it is that a pen wrote each of a section's words, by whose strokes alone it is as probable of
    all."""
    form = []
    for field, text, (pixels, places) in zip((NAME, EMAIL, COMPANY), WORDS, lines, strict=True):
        where = tuple(Place(letter, *place) for letter, place in zip(text, places, strict=True))
        heard = said(field, *[text] * 5)
        witnesses = tuple(replace(each, places=where) for each in heard.witnesses)
        line = Line(pixels, 2000, (0, 0), 40)
        form.append(replace(heard, line=line, pictures={"plain": pixels}, witnesses=witnesses, pen=pen))
    return [each.pen for each in among_the_rest(form)]


WORDS = ("Andreanne Menard", "andreanne.menard@kinea.ca", "Menard et Dandenault")


def test_letters_that_are_all_alike_are_type_and_such_as_never_are_a_hand_whatever_their_strokes_say() -> None:
    typed_lines = [line_of(text) for text in WORDS]
    uneven_lines = [uneven_line_of(text, seed) for seed, text in enumerate(WORDS)]
    assert max(section_of(*typed_lines, pen=0.85)) < TYPE
    assert min(section_of(*uneven_lines, pen=0.3)) > TYPE
    *beside, added = section_of(*typed_lines[:2], uneven_lines[2], pen=0.75)
    assert max(beside) < TYPE < added


def test_a_date_is_judged_by_itself() -> None:
    assert with_pens(0.0, 0.1, 0.1, 0.65, last=DAY) == 0.65


def test_other_fields_are_left_as_they_are() -> None:
    assert with_the_rest(PAGE, PAGE) == PAGE
