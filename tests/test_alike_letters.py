"""How alike letters are: what tells a machine's from a hand's, whatever they look like."""

from __future__ import annotations

import pytest
from typed_lines import SANS, SERIF, line_of, read_as, uneven_line_of

from pipeline.glyphs.alike_letters import Written, unlikeness

NAME, ADDRESS, TITLE = "Andreanne Menard", "andreanne.menard@kinea.ca", "Agente de recherche"


def typed(text: str, family: str = SANS, noise: float = 0.0) -> Written:
    pixels, places = line_of(text, family, noise)
    return Written(*read_as(pixels, text, places))


def by_hand(text: str, seed: int) -> Written:
    pixels, places = uneven_line_of(text, seed)
    return Written(*read_as(pixels, text, places))


@pytest.mark.parametrize("family", [SANS, SERIF])
@pytest.mark.parametrize("noise", [0.0, 20.0])
def test_type_has_the_same_letters_again(family: str, noise: float) -> None:
    section = {"name": typed(NAME, family, noise), "address": typed(ADDRESS, family, noise)}
    found = unlikeness(section, section)
    assert found.keys() == section.keys()
    assert max(found.values()) < 0.03


def test_a_hand_has_not() -> None:
    section = {text: by_hand(text, seed) for seed, text in enumerate((NAME, ADDRESS, TITLE))}
    assert min(unlikeness(section, section).values()) > 0.05


def test_what_a_hand_adds_to_type_is_like_none_of_it() -> None:
    section = {"name": typed(NAME), "title": typed(TITLE), "address": by_hand(ADDRESS, 1)}
    found = unlikeness(section, section)
    assert max(found["name"], found["title"]) < 0.03
    assert found["address"] > 0.05


def test_of_what_has_too_few_letters_again_nothing_is_said() -> None:
    assert unlikeness({"name": typed("Zoe Guy")}, ["name"]) == {}
    # An i, an l, a 1 are alike whoever draws them.
    assert unlikeness({"name": typed("illi11ill")}, ["name"]) == {}


def test_only_those_that_are_asked_for_are_told_and_nothing_is_not_read() -> None:
    section = {"name": typed(NAME), "address": typed(ADDRESS)}
    assert unlikeness(section, ["name"]).keys() == {"name"}
    assert unlikeness(section, ["company"]) == {}
    assert unlikeness(section, []) == {}
