"""What the names on a form explain of an address that is read there."""

from __future__ import annotations

import pytest

from pipeline.language.address_parts import NAMELESS, Names, explained, left_over, words_of

NAMES = Names((("anne", "elise"), ("untel", "dexemple")), ("logiciels", "exemple", "inc"))


@pytest.mark.parametrize(
    "address",
    [
        "anne.untel@gmail.com",
        "a.untel@gmail.com",
        "auntel@gmail.com",
        "untel.ae@gmail.com",
        "anneelise_untel-dexemple@gmail.com",
        "dex.anne@gmail.com",
        "eliunt@gmail.com",
        "anne.untel@logiciels-exemple.com",
        "anne.untel@logicielsexemple.qc.ca",
        "reception@videotron.ca",
    ],
)
def test_names_beginnings_of_them_and_initials_explain_all_of_it(address: str) -> None:
    assert left_over(address, NAMES) == ""


@pytest.mark.parametrize(
    ("address", "rest"),
    [
        ("anne.untel87@gmail.com", "87"),
        ("untel.ti@gmail.com", "ti"),
        ("anne.umtel@gmail.com", "umtel"),
        ("8anne.untel@gmail.com", "8anne.untel@gmail.com"),
    ],
)
def test_what_they_do_not_explain_is_left_over(address: str, rest: str) -> None:
    assert left_over(address, NAMES) == rest


@pytest.mark.parametrize(
    "address",
    [
        "anne.unte1@gmail.com",  # another letter is another name
        "anne.untel@gmai1.com",
        "anne.untel@logiciels.exemple.zone",
        "anne.untel@inconnu.com",
        "a.u@gmail.com",  # letters that stand alone are nobody's name
        "unknown@gmail.com",
    ],
)
def test_a_name_or_a_domain_that_is_not_on_the_form_leaves_all_of_it(address: str) -> None:
    rest = left_over(address, NAMES)
    assert rest == address or "1" in rest


def test_without_names_nothing_is_explained() -> None:
    assert left_over("anne.untel@gmail.com", NAMELESS) == "anne.untel@gmail.com"


def test_words_are_those_of_letters_and_those_of_digits() -> None:
    assert words_of("9312-4458 quebec inc.") == ("9312", "4458", "quebec", "inc")


def said_of(address: str) -> str:
    """The address with a point for each sign that something explains."""
    known = explained(address, NAMES)
    return "".join("·" if place in known else sign for place, sign in enumerate(address))


@pytest.mark.parametrize(
    ("address", "rest"),
    [
        ("anne.untel@inconnu.ca", "····.·····@inconnu.ca"),
        ("anne.umtel7@gmail.com", "····.umtel7··········"),
        ("a.u@logiciels-exemple.com", "a.u······················"),
        ("reception@inconnu.ca", "·········@inconnu.ca"),
        ("8anne@inconnu.ca", "8anne@inconnu.ca"),
    ],
)
def test_names_and_domains_explain_their_own_places(address: str, rest: str) -> None:
    assert said_of(address) == rest


def test_a_domain_may_shorten_the_words_of_the_company() -> None:
    plus = Names(NAMES.person, words_of("exemple+ informatique"))
    assert left_over("anne.untel@exempleplus-info.ca", plus) == ""
    assert left_over("anne.untel@exempleplus-infos.ca", plus) != ""
