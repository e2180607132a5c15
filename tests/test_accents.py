"""Accents that a reading may have lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_weigh import NAME, TRUSTING, said

from pipeline.language.accents import may_lack_accents, with_usual_accents
from pipeline.weighing.weigh import weigh


@pytest.mark.parametrize(
    ("voted", "others", "meant"),
    [
        ("Vice-president", ["Vice-président", "Vice-president"], "Vice-président"),
        ("ISMAÉL", ["ISMAËL"], "ISMAËL"),
        ("SPÉCIALISTE ÈN SANTÉ", ["SPÉCIALISTE EN SANTÉ"], "SPÉCIALISTE EN SANTÉ"),
        ("À la carte", ["A la carte"], "À la carte"),
        ("Jean-Francois Roy", ["Jean-François Rov", "Jean-Francois"], "Jean-François Roy"),
    ],
)
def test_of_the_spellings_that_were_read_the_usual_one_is_preferred(voted: str, others: list[str], meant: str) -> None:
    assert with_usual_accents(voted, others) == meant


@pytest.mark.parametrize("text", ["Vice-president", "Loïs", "NGUYÊN", "Marie", "Gaetan Xcc"])
def test_what_nobody_read_is_not_made_of_it_nor_an_accent_taken_away(text: str) -> None:
    assert with_usual_accents(text, [text, "Lois", "NGUYEN", "Marié"]) == text


def test_what_may_lack_accents_is_bare_where_one_usually_writes_some() -> None:
    assert all(may_lack_accents(text) for text in ("RENE", "Secretaire générale", "raphael"))
    assert not any(may_lack_accents(text) for text in ("René", "Marie", "RAPHAËL Xcc", "Mélanie Roy"))


def test_by_hand_a_word_without_its_accent_is_a_doubt_in_type_it_is_not() -> None:
    read = said(NAME, *["RENE"] * 5)
    assert weigh(replace(read, pen=0.9), 1.0, TRUSTING).confidence <= 0.9
    assert weigh(replace(read, pen=0.1), 1.0, TRUSTING).confidence > 0.995
    assert weigh(replace(said(NAME, *["René"] * 5), pen=0.9), 1.0, TRUSTING).confidence > 0.995


def test_what_one_look_in_five_has_with_its_accent_is_so_in_type_and_by_hand_as_most_have_it() -> None:
    read = said(NAME, "Rene", "Rene", "René", "Rene", "Rene")
    assert weigh(replace(read, pen=0.1), 1.0, TRUSTING).value == "René"
    assert weigh(replace(read, pen=0.9), 1.0, TRUSTING).value == "Rene"
