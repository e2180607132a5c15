"""A network that sees one glyph at a time and knows no words, beside readers that do."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from test_addresses import SHAKY, drawn, heard
from test_shapes import page_in
from typed_lines import SANS, SERIF, line_of, read_as

from pipeline.addresses.apart import Apart, Told
from pipeline.addresses.certain import beyond_doubt
from pipeline.addresses.doubts import doubtful
from pipeline.addresses.looks import DOUBTED, is_seen_otherwise, kinds_of_glyphs, shapes_in, told_in
from pipeline.glyphs.kinds import SEEN, SIGNS, TAKEN_FOR, kinds_in, odds_of
from pipeline.glyphs.shapes import Shapes
from pipeline.weighing.beside import with_the_rest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.glyphs.kinds import Chances
    from pipeline.glyphs.placed import Letter
    from pipeline.witnesses.testimony import Testimony as Heard

ADDRESSES = [
    "ll0yd.otis@lloyd.ca",
    "dam0urs.j@icloud.com",
    "jerome1l@videotron.ca",
    "1ucie10@me.ca",
    "noil1@jolio0.org",
]


def kinds(written: str, family: str = SANS, noise: float = 0.0, page: Sequence[Letter] = ()) -> dict[int, Chances]:
    pixels, places = line_of(written, family, noise)
    return kinds_in(*read_as(pixels, written, places), page)


def likeliest(chances: Chances, among: str) -> str:
    return max(among, key=lambda sign: odds_of(chances, sign))


def chances_of(sign: str, other: str, odds: float) -> Chances:
    """Of a glyph that is one of two, one so much likelier."""
    own = 1 / (1 + math.exp(-odds))
    chances = np.zeros(len(SIGNS), np.float32)
    chances[[SIGNS.index(sign), SIGNS.index(other)]] = own, 1 - own
    return chances


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("noise", [0, 20])
@pytest.mark.parametrize("family", [SANS, SERIF])
def test_a_look_alike_is_told_whatever_word_it_stands_in(address: str, family: str, noise: float) -> None:
    for rank, chances in kinds(address, family, noise, page_in(family)).items():
        sign = address[rank]
        if sign in "o0l1i":
            assert likeliest(chances, sign + TAKEN_FOR[sign]) == sign


@pytest.mark.parametrize("family", [SANS, SERIF])
def test_so_is_every_other_sign(family: str) -> None:
    address = "quick.brown-fox_jumps@lazy-dog.ca"
    seen = kinds(address, family, page=page_in(family))
    told = [likeliest(chances, "abcdefghijklmnopqrstuvwxyz-_.@") == address[rank] for rank, chances in seen.items()]
    assert sum(told) >= 0.9 * len(address)


def test_letters_of_the_page_make_it_surer() -> None:
    address = "0l1o@me.ca"
    alone, beside = kinds(address, SERIF), kinds(address, SERIF, page=page_in(SERIF))
    least = [
        min(odds_of(seen[rank], address[rank], TAKEN_FOR[address[rank]]) for rank in range(4))
        for seen in (alone, beside)
    ]
    assert least[1] > least[0]


def test_capitals_of_the_page_say_nothing_of_small_letters() -> None:
    address, capitals = "jerome1l@videotron.ca", page_in(SANS, "LOUIS OTIS, IDA ROI", "")
    assert capitals
    alone, beside = kinds(address), kinds(address, page=capitals)
    assert all(np.array_equal(alone[rank], beside[rank]) for rank in alone)


def test_nothing_is_asked_of_nothing() -> None:
    assert kinds_in(np.full((60, 300), 255, np.uint8), [], []) == {}


def test_odds_are_those_of_a_letter_small_or_capital() -> None:
    chances = chances_of("o", "0", 2.0)
    chances[[SIGNS.index("o"), SIGNS.index("O")]] = chances[SIGNS.index("o")] / 2
    assert odds_of(chances, "o", "0") == pytest.approx(2.0, abs=1e-4)
    assert odds_of(chances, "0") == pytest.approx(-2.0, abs=1e-4)
    assert odds_of(chances, "+") < -10


def seen_as(
    address: str, rank: int, other: str, odds: float, *, written: str | None = None, score: float = 0.999
) -> Heard:
    """An address, of one sign of which the network says so and so."""
    testimony = drawn(address, *line_of(written or address), score=score)
    rank -= sum(sign in ".@" for sign in address[:rank])
    return replace(testimony, kinds={rank: chances_of(address.replace(".", "").replace("@", "")[rank], other, odds)})


@pytest.mark.parametrize(("odds", "found"), [
    (SEEN + 1, Shapes.CONFIRMED), (0.0, Shapes.CONFIRMED), (DOUBTED - 1, Shapes.OPEN), (-SEEN - 1, Shapes.OPEN),
])  # fmt: skip
def test_what_a_shape_confirms_the_network_may_doubt(odds: float, found: Shapes) -> None:
    """Of 1,887 glyphs that shapes had confirmed as what they are not eleven were so (seeds 600, 601, 610)."""
    address = "zue.otis@kinea.ca"
    assert shapes_in(seen_as(address, 4, "0", odds), address) is found


@pytest.mark.parametrize(("odds", "found"), [
    (SEEN + 1, Shapes.CONFIRMED), (0.0, Shapes.OPEN), (-SEEN - 1, Shapes.CONTRADICTED),
])  # fmt: skip
def test_what_shapes_leave_open_it_may_tell(odds: float, found: Shapes) -> None:
    address = "1ucie@kinea.ca"
    without = replace(seen_as(address, 0, "l", odds), letters=())
    assert shapes_in(replace(without, kinds={}), address) is Shapes.OPEN
    assert shapes_in(without, address) is found


@pytest.mark.parametrize(("odds", "found"), [(SEEN + 1, Shapes.OPEN), (0.0, Shapes.CONTRADICTED)])
def test_what_a_shape_contradicts_is_never_confirmed(odds: float, found: Shapes) -> None:
    address = "zue.otis@kinea.ca"
    assert shapes_in(seen_as(address, 4, "0", odds, written="zue.0tis@kinea.ca"), address) is found


@pytest.mark.parametrize(("odds", "doubt"), [(4.0, False), (0.5, True), (-2.0, True)])
def test_a_letter_that_it_takes_for_a_digit_is_a_doubt(odds: float, doubt: bool) -> None:
    """So `nadeaug8` was acted on, for `nadeau98`: all makes read a g."""
    address = "zueg8@kinea.ca"
    testimony = seen_as(address, 3, "9", odds)
    assert is_seen_otherwise(testimony, address) is doubt
    assert doubtful(testimony, address) is doubt


def test_what_it_tells_from_a_look_s_reading_is_no_dissent() -> None:
    told = Told(Shapes.CONFIRMED, kinds={0: chances_of("c", "e", SEEN + 1), 1: chances_of("a", "o", 1.0)})
    assert told.apart("eat@b.ca", "cat@b.ca") is Apart.BY_GLYPHS
    assert told.apart("cot@b.ca", "cat@b.ca") is Apart.OTHERWISE
    assert told.sees("eat@b.ca", "cat@b.ca")
    assert not told.sees("eot@b.ca", "cat@b.ca")
    assert not told.sees("ccat@b.ca", "cat@b.ca")


def test_an_address_is_seen_as_it_was_read_where_each_sign_of_it_is() -> None:
    told = Told(Shapes.CONFIRMED, kinds={0: chances_of("c", "e", 6.0), 2: chances_of("d", "o", 3.0)})
    assert told.seen_as("c@d") == pytest.approx(3.0, abs=1e-3)
    assert told.seen_as("c@de") == -math.inf


def test_unsure_networks_are_believed_where_it_sees_every_sign_so() -> None:
    address = "zue.ruy@kinea.ca"
    signs = [sign for sign in address if sign not in ".@"]
    unsure = drawn(address, *line_of(address), score=0.7)
    assert not beyond_doubt(unsure, address)
    for odds, certain in ((SEEN, True), (1.0, False)):
        seen = {rank: chances_of(sign, "x", odds) for rank, sign in enumerate(signs)}
        assert beyond_doubt(replace(unsure, kinds=seen), address) is certain


def test_nothing_is_seen_where_a_sign_was_lost() -> None:
    address = "zue_ruy@kinea.ca"
    pixels, places = line_of(address)
    typed = drawn(address, pixels, places, score=SHAKY)
    known = replace(typed, kinds=kinds_of_glyphs(typed, ()))
    assert told_in(known, address).kinds.keys() == {at for at, sign in enumerate(address) if sign not in ".@"}
    lost = tuple(
        replace(each, text="zue ruy@kinea.ca", key="!zue ruy@kinea.ca", value=None, places=tuple(
            place._replace(character=" ") if place.character == "_" else place for place in each.places
        ))
        for each in typed.witnesses
    )  # fmt: skip
    assert told_in(replace(known, witnesses=lost), address).kinds == {}


def test_it_looks_at_what_is_typed_alone() -> None:
    address = "zue.ruy@kinea.ca"
    typed = drawn(address, *line_of(address), score=SHAKY)
    (known,) = with_the_rest([typed], [typed])
    assert set(known.kinds) == set(range(len(address) - 3))
    assert kinds_of_glyphs(replace(typed, pen=1.0), ()) == {}
    assert kinds_of_glyphs(heard(*[address] * 5), ()) == {}
