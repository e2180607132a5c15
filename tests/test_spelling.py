"""Accents, capitals and spaces: the likeliest spelling of letters that are certain."""

import pytest

from pipeline.language.spelling import are_likely, voted


def spelt(*texts: str, engines: str = "paddle own own paddle tesseract") -> str:
    return voted(list(zip(engines.split(), texts, strict=False)))


def test_readings_that_agree_are_taken_as_they_are() -> None:
    assert spelt("Vice-président, développement", "Vice-président, développement") == "Vice-président, développement"


def test_each_letter_is_voted_on_by_itself() -> None:
    assert spelt("Systemes Médisoft", "Systèmes Medisoft", "Systèmes Médisoft") == "Systèmes Médisoft"


def test_an_accent_that_only_paddle_does_not_see_is_there() -> None:
    assert spelt("Loic", "Loïc", "LoÏc", "Loic", "Loïc") == "Loïc"
    assert spelt("Joelle", "Joelle", "Joëlle", "Joëlle", "Joëlle") == "Joëlle"


def test_an_accent_that_one_reading_invents_is_not() -> None:
    assert spelt("Benoit", "Benoît", "Benoit", "Benoit", "Benoit") == "Benoit"


def test_a_letter_that_looks_like_its_capital_is_one_where_a_field_begins() -> None:
    assert spelt("St-onge", "st-onge", "St-Onge", "st-Onge") == "St-Onge"
    assert spelt("Ouellet", "ouellet", "ouellet", "Ouellet") == "Ouellet"


def test_capitals_stay_where_most_see_them() -> None:
    assert spelt("D'Amours", "D'AmourS", "D'AmourS", "D'Amours") == "D'Amours"
    assert spelt("KIM", "KIm", "KIM") == "KIM"


@pytest.mark.parametrize("texts", [("Lœuvre", "Loeuvre", "Loeuvre"), ("Loeuvre", "Lœuvre", "Loeuvre")])
def test_spellings_of_another_length_do_not_vote(texts: tuple[str, ...]) -> None:
    assert spelt(*texts) == "Loeuvre"


def test_a_space_stands_where_half_of_the_readings_have_one() -> None:
    assert spelt("De La Durantaye", "DeLaDurantaye", "De LaDurantaye", "De La Durantaye") == "De La Durantaye"
    assert spelt("Chef, services", "Chef,services", "Chef,services") == "Chef,services"


def test_after_a_space_a_word_begins() -> None:
    assert spelt("Le Roy", "Leroy") == "Le Roy"


@pytest.mark.parametrize("text", ["Le Roy", "Roy de", "Chef, services", "Roy d'Amour", "Roy 2", "ROY INC", "Roy inc."])
def test_a_space_is_expected_before_a_capital_or_a_small_word_and_after_a_comma(text: str) -> None:
    assert are_likely(frozenset({len(text.split()[0])}), text)


@pytest.mark.parametrize(("text", "place"), [("Syl vie", 3), ("H uppé", 1), ("Sylvie", 3), ("Chef de projet", 4 + 2)])
def test_elsewhere_it_is_not(text: str, place: int) -> None:
    assert not are_likely(frozenset({place}), text)
