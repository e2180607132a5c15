"""Gaps of a line: spaces, and room for a sign that a scan may have lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from scanned_forms import Paper, Pixels
from test_lines import FORM, NAME, line_in
from test_weigh import EMAIL, TRUSTING, said
from typed_lines import SANS, SERIF, line_of

from pipeline.addresses.looks import may_lack_a_letter
from pipeline.glyphs.gaps import has_room_for_a_letter, has_room_for_a_sign, parts_words
from pipeline.glyphs.placed import Place
from pipeline.weighing.weigh import weigh

MONO = "DejaVu Sans Mono"
# Of the small letters of the lines, in pixels.
HEIGHT = 25


@pytest.mark.parametrize(("text", "room"), [("Chef d'equipe     service", True), ("Chef d'equipe - service", False),
                                            ("Chef de service", False), ("Chef", False)])  # fmt: skip
def test_a_gap_that_a_dash_would_fill_may_have_lost_one(text: str, room: bool) -> None:
    assert has_room_for_a_sign(line_in(Paper(FORM).fill(NAME.key, text, size=9), NAME.key)) is room


@pytest.mark.parametrize(
    ("text", "spaces", "so"),
    [("Chef de service", 2, True), ("Chef de service", 1, False), ("Chef de service", 3, False), ("Chef", 0, False)],
)
def test_gaps_that_are_plainly_wider_than_all_others_are_spaces(text: str, spaces: int, so: bool) -> None:
    line = line_in(Paper(FORM).fill(NAME.key, text, size=9), NAME.key)
    assert parts_words(line, spaces) is so


def address(text: str, family: str, taken_out: int | None = None) -> tuple[Pixels, int, list[Place]]:
    """A typed address, of which one letter may have been whitened; as read, what is left of it."""
    pixels, places = line_of(text, family)
    read = [Place(sign, *place) for sign, place in zip(text, places, strict=True)]
    if taken_out is not None:
        left, right = (round(edge * pixels.shape[1]) for edge in places[taken_out])
        pixels[:, left:right] = 255
        del read[taken_out]
    return pixels, HEIGHT, read


ADDRESSES = ["milena.gorska@kinea.ca", "j_roy-pageau1948@videotron.ca", "LOUIS.ROY@GMAIL.COM", "d.illy@iris.qc.ca"]


@pytest.mark.parametrize("family", [SANS, SERIF, MONO])
@pytest.mark.parametrize("text", ADDRESSES)
def test_no_letter_is_missing_from_an_address_as_it_was_typed(text: str, family: str) -> None:
    assert not has_room_for_a_letter(*address(text, family))


@pytest.mark.parametrize("family", [SANS, SERIF, MONO])
@pytest.mark.parametrize("text", ["milena.gorska@kinea.ca", "j_roy-pageau1948@videotron.ca", "LOUIS.ROY@GMAIL.COM"])
def test_a_letter_that_was_painted_over_left_room(text: str, family: str) -> None:
    """All read `pivo .tech` and took the space for none: `pivo.tech` was acted on, for `pivot.tech`."""
    before_the_point = text.rindex(".") - 1
    for taken_out in (3, text.index("@") + 1, before_the_point):
        assert has_room_for_a_letter(*address(text, family, taken_out)), taken_out


def test_room_for_a_sign_that_was_read_there_is_none() -> None:
    """An underscore may lie on the rule and be lifted off with it."""
    pixels, height, read = address("zue_ruy@gmail.com", SANS)
    under = read[3]
    pixels[:, round(under.left * pixels.shape[1]) : round(under.right * pixels.shape[1])] = 255
    assert not has_room_for_a_letter(pixels, height, read)
    assert has_room_for_a_letter(pixels, height, [place for place in read if place.character != "_"])


def test_nor_is_it_where_the_other_look_of_a_network_sees_the_sign_that_one_lost() -> None:
    """Its point lay on the rule: PP-OCR read `stefoy com`, and `stefoy.com` with the rule left in."""
    pixels, height, read = address("zue.roy@stefoy_com", SANS)
    under = next(place for place in read if place.character == "_")
    pixels[:, round(under.left * pixels.shape[1]) : round(under.right * pixels.shape[1])] = 255
    lost = tuple(place._replace(character=" ") if place is under else place for place in read)
    seen = tuple(place._replace(character=".") if place is under else place for place in read)
    heard = said(EMAIL, *["zue.roy@stefoy.com"] * 5, ink=replace(said(EMAIL, "a").line, pixels=pixels, height=height))
    for second, lacks in ((seen, False), (lost, True)):
        places = {"paddle plain": lost, "paddle second": second}
        looks = tuple(replace(each, places=places.get(each.place, ())) for each in heard.witnesses)
        assert may_lack_a_letter(replace(heard, witnesses=looks, pen=0.0)) is lacks


@pytest.mark.parametrize("left", ["eve.ruy@gmail.com", "eve@ruy@gmail.com"])
def test_an_address_with_room_for_a_letter_is_a_doubt_valid_or_not(left: str) -> None:
    """What was painted over may be what it lacks."""
    for typed, taken_out, certain in ((left, None, True), (left.replace("ruy", "rruy"), 4, False)):
        pixels, height, read = address(typed, SANS, taken_out)
        heard = said(EMAIL, *[left] * 5, ink=replace(said(EMAIL, left).line, pixels=pixels, height=height))
        seen = tuple(replace(each, places=tuple(read)) for each in heard.witnesses)
        assert (weigh(replace(heard, witnesses=seen, pen=0.0), 1.0, TRUSTING).confidence > 0.99) is certain
