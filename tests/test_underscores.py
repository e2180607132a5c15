"""Marks that lie on a printed rule: seen by how dark the rule is there, and only there."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import ImageFont
from scanned_forms import FONT, POINT, WAYS, Paper, field_of, lifted_from, spec_of

from pipeline.writing.lift import INK, Lifted
from pipeline.writing.lines import find_line
from pipeline.writing.underscores import may_lie_unseen, with_underscores

FORM = spec_of("4123", "2022-03")
EMAIL = field_of(FORM, "section2.email")
# How high above the box's lower edge type must stand, in points, for its underscore to lie on the rule there.
ON_THE_RULE = ((9, 4.0), (9, 4.25), (13, 4.75))
IN_GREY = ["straight", "askew", "200 dpi", "grainy"]
EVERY_WAY = pytest.mark.parametrize("way", [*IN_GREY, "fax"])


def lifted(text: str, size: float, drop: float, way: str) -> Lifted:
    return lifted_from(Paper(FORM).fill(EMAIL.key, text, size=size, drop=drop), EMAIL.box, WAYS[way])


def inked_share(found: Lifted, size: float, sign: str) -> float:
    """Which share of the columns of the sign behind `rene` has ink, but for those next to its neighbours."""
    font = ImageFont.truetype(str(FONT), size * POINT)
    left = (EMAIL.box.x0 + 6 - found.box.x0) * POINT + font.getlength("rene")
    columns = slice(int(left + 4), int(left + font.getlength(sign) - 4))
    return float((found.ink[found.inner[1] + 20 :, columns] > INK).any(axis=0).mean())


@EVERY_WAY
@pytest.mark.parametrize(("size", "drop"), ON_THE_RULE)
def test_one_that_is_lifted_off_with_the_rule_comes_back(size: float, drop: float, way: str) -> None:
    found = lifted("rene_cyr@noroit.com", size, drop, way)
    assert inked_share(found, size, "_") < 0.2, "it does not lie on the rule"
    assert inked_share(with_underscores(found), size, "_") > 0.9


@EVERY_WAY
@pytest.mark.parametrize(("size", "drop"), ON_THE_RULE)
def test_where_none_is_nothing_comes(size: float, drop: float, way: str) -> None:
    found = lifted("rene cyr@noroit.com", size, drop, way)
    assert inked_share(with_underscores(found), size, " ") == 0.0


@EVERY_WAY
def test_nor_where_the_rule_is_dark_and_nobody_wrote(way: str) -> None:
    """A blot on the rule far behind the writing, and an empty field."""
    paper = Paper(FORM).fill(EMAIL.key, "rene", size=13, drop=4.75)
    for step in np.linspace(0, 6, 13):
        paper.dot(EMAIL.box.x1 - 60 + step, EMAIL.box.y1 - 2.3, 0.9)
    for found in (lifted_from(paper, EMAIL.box, WAYS[way]), lifted("", 9, 4.0, way)):
        assert np.array_equal(with_underscores(found).ink, found.ink)


def a_mark_may_lie_unseen(text: str, size: float, drop: float, way: str) -> bool:
    found = with_underscores(lifted(text, size, drop, way))
    return may_lie_unseen(found, find_line(found))


# On the rule, with the feet of the letters, and clear of it.
ABOUT_THE_RULE = pytest.mark.parametrize(("size", "drop"), [*ON_THE_RULE, (9, 3.0), (11, 2.25), (11, 7.0)])


@EVERY_WAY
@ABOUT_THE_RULE
@pytest.mark.parametrize("mark", [".", "-", "_"])
def test_a_gap_with_a_mark_is_never_known_to_be_a_space(mark: str, size: float, drop: float, way: str) -> None:
    assert a_mark_may_lie_unseen(f"rene{mark}cyr@noroit.com", size, drop, way)


@pytest.mark.parametrize("way", IN_GREY)
@ABOUT_THE_RULE
def test_a_space_is_known_to_be_one_on_a_rule_too(size: float, drop: float, way: str) -> None:
    assert not a_mark_may_lie_unseen("rene cyr@noroit.com", size, drop, way)


@pytest.mark.parametrize(("drop", "known"), [(4.75, False), (11.0, True)], ids=["on the rule", "clear of it"])
def test_in_black_and_white_nobody_knows_what_lies_on_a_rule(drop: float, *, known: bool) -> None:
    """A fax lost the underscore of `HUGO_PROULX@JALON.FR` in its rule: the request was refused."""
    assert a_mark_may_lie_unseen("rene cyr@noroit.com", 9, drop, "fax") is not known


def test_without_a_wide_gap_nobody_knows_of_a_space() -> None:
    assert a_mark_may_lie_unseen("renecyr@noroit.com", 11, 7.0, "straight")


@pytest.mark.parametrize("height", [4.0, 6.0])
def test_nor_where_a_grain_may_be_left_of_a_mark(height: float) -> None:
    font = ImageFont.truetype(str(FONT), 11 * POINT)
    x = EMAIL.box.x0 + 6 + (font.getlength("rene") + font.getlength(" ") / 2) / POINT
    paper = Paper(FORM).fill(EMAIL.key, "rene cyr@noroit.com", size=11, drop=7.0)
    paper.dot(x, EMAIL.box.y1 - height - 3, 0.3)
    found = lifted_from(paper, EMAIL.box, WAYS["straight"])
    assert may_lie_unseen(found, find_line(found))
