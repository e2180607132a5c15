"""What an address learns from the rest of its page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_shapes import line_of
from test_weigh import DAY, EMAIL, NAME, said

from pipeline.beside import with_the_rest
from pipeline.glyphs import Place
from pipeline.lines import Line
from pipeline.specs import FieldSpec
from pipeline.witnesses import Testimony as Heard


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
    assert by_source["section2.signed_on"] == {"0", "1"}
    assert by_source[GIVEN.key] == {"o", "l"}
    # Of a common domain it is known what its letters are; of the name before it, it is the question.
    assert by_source[EMAIL.key] == {"o", "l"}
    assert sum(letter.source == EMAIL.key for letter in address.letters) == len("ol")


@pytest.mark.parametrize(
    "unsure", [typed(NAME, "Otis", *["Otls"] * 3), typed(NAME, "Otis", pen=1.0)], ids=["read by one alone", "by hand"]
)
def test_what_is_not_certain_teaches_no_letters(unsure: Heard) -> None:
    (address,) = with_the_rest([ADDRESS], [unsure])
    assert address.letters == ()


def test_a_name_that_is_not_read_alike_explains_nothing() -> None:
    (address,) = with_the_rest([ADDRESS], [typed(GIVEN, "Rollande"), typed(NAME, "Otis", "Odis", "Odis")])
    assert address.names.person == (("rollande",),)


def test_other_fields_are_left_as_they_are() -> None:
    assert with_the_rest(PAGE, PAGE) == PAGE
