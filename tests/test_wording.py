"""Which words there are, and what they say for one reading of a text and against another."""

from __future__ import annotations

import pytest

from pipeline.language.lexicon import words
from pipeline.weighing.wording import (
    is_garbled,
    made_of_words,
    may_be_misspelt,
    spaces_make_words,
    with_spaces_that_make_words,
)


def test_known_are_names_places_and_titles_without_accents_and_no_misspellings() -> None:
    known = words()
    assert {"genevieve", "tremblay", "infirmiere", "quebec", "logiciels", "services", "coeur"} <= known.keys()
    assert not {"infimier", "tremb1ay", "geneviéve", "cl"} & known.keys()
    assert {"audioprothesiste", "denturologiste"} <= known.keys()
    assert known["marie"] > known["marte"] + 2


@pytest.mark.parametrize("text", ["Chargée de projet", "LES CONSULTANTS QUAI 32 INC.", "D'Amours", "Œuvres du cœur"])
def test_made_of_words(text: str) -> None:
    assert made_of_words(text)


@pytest.mark.parametrize("text", ["Chargée de prgjet", "Les Censultants", "Pr0jet", "de la", "", "Tremblzy"])
def test_not_made_of_words(text: str) -> None:
    assert not made_of_words(text)


def test_a_name_that_is_no_word_is_one_if_its_bearers_address_is_made_of_it() -> None:
    assert not made_of_words("Zaccardxlli")
    assert made_of_words("Zaccardxlli", "m.zaccardxlli")
    assert not made_of_words("Xcc", "m.xcc")


@pytest.mark.parametrize(
    ("other", "text"),
    [
        ("Coordonnatrlce clinique", "Coordonnatrice clinique"),
        ("Charg6ede projet", "Chargée de projet"),
        ("CHEE SERVICES NUMÉRIQUES", "CHEF, SERVICES NUMÉRIQUES"),
        ("5t-Onge", "St-Onge"),
        ("MARI|E-ÈVE", "MARIE-ÈVE"),
        ("VILLENEUVE_-ROY", "VILLENEUVE-ROY"),
        ("L.AMONTAGNE", "LAMONTAGNE"),
        ("CHARLES-ÉDOUAR-D", "CHARLES-ÉDOUARD"),
        ("L-Écuyer", "L'Écuyer"),
        ("JEANFRANÇ0IS", "JEAN-FRANÇOIS"),
        ("Audioprothésiste2", "Audioprothésiste"),
        ("Responsable.informatique", "Responsable informatique"),
        (": Joncas", "Joncas"),
        ("- Hugo", "Hugo"),
        ("Pelletier:", "Pelletier"),
        ("GOUPIL.", "GOUPIL"),
        ("Anne-Marte", "Anne-Marie"),
        ("CHEE, SERVICES", "CHEF, SERVICES"),
    ],
)
def test_a_reading_that_is_no_word_where_it_differs_is_garbled(other: str, text: str) -> None:
    assert is_garbled(other, text)


@pytest.mark.parametrize(
    ("other", "text"),
    [
        ("Marc", "Marie"),
        ("Inc.Services", "Inc Services"),
        ("Santé inc.", "Santé inc"),
        ("Santé ltée.", "Santé ltée"),
        ("Marie", "Marte"),
        ("CHEF SERVICES", "CHEF, SERVICES"),
        ("Roy", "Rey"),
        ("Pharmaciens", "Pharmacien"),
        ("Jean-Françoi5", "Jean François"),
        ("ANNF-MARTF", "ANNE-MARTE"),
        ("Chef de projet 1l", "Chef de projet l"),
        ("Jean-François", "Jean François"),
        ("Roy.", "Roy"),
        ("ORME S.E.N.C.", "ORME 5.E.N.C."),
        ("Optométristes", "Optométriste"),
        ("Chef adjointe", "Chef"),
    ],
    ids=[
        "a name",
        "a point behind what is cut short",
        "a legal form's point",
        "that of a longer one",
        "a common word in what dissents",
        "a lost comma",
        "a rare name",
        "a word",
        "another sign between",
        "less than a word that it looks like",
        "no letter of a word",
        "a lost hyphen",
        "a sign that may be",
        "a number",
        "another form",
        "a word more",
    ],
)
def test_what_may_be_what_is_written_is_not_garbled(other: str, text: str) -> None:
    assert not is_garbled(other, text)


@pytest.mark.parametrize("title", ["Infimier praticien", "Fondatnce", "Vdentin"])
def test_a_word_that_is_all_but_another_may_be_misspelt(title: str) -> None:
    assert may_be_misspelt(title)


@pytest.mark.parametrize("title", ["Infirmier praticien", "Denturologiste", "V.-p. exploitation", "Dir. TI"])
def test_a_word_or_what_is_like_none_is_not(title: str) -> None:
    assert not may_be_misspelt(title)


def test_spaces_are_settled_by_the_words_that_they_make() -> None:
    assert spaces_make_words("Chargée de projet", ["Chargéede projet", "Chargée deprojet"])
    assert spaces_make_words("Sylvie Clinique", ["Sylvi e Clinique"])


@pytest.mark.parametrize(
    ("text", "other"),
    [("Sylvie Roy", "Syl vie Roy"), ("Marie-Noël e", "Marie-Noële"), ("Infimier chef", "Infimierchef")],
    ids=["the pieces are words too", "its own pieces are none", "its own word is none"],
)
def test_spaces_are_not_settled(text: str, other: str) -> None:
    assert not spaces_make_words(text, [other])


@pytest.mark.parametrize(
    ("text", "others", "spaced"),
    [
        ("Mél anie", ["Mélanie", "Mélanie"], "Mélanie"),
        ("SPÉCIALISTE ENINTÉGRATION", ["SPECIALISTE EN INTEGRATION"], "SPÉCIALISTE EN INTÉGRATION"),
        ("La Pointe", ["Lapointe"], "La Pointe"),  # either is made of words
        ("Zyl tro", ["Zyltro"], "Zyl tro"),  # neither is
        ("Mél anie", ["Mélanies"], "Mél anie"),
    ],
)
def test_of_the_spaces_that_were_read_those_stand_that_alone_make_words(
    text: str, others: list[str], spaced: str
) -> None:
    assert with_spaces_that_make_words(text, others) == spaced
