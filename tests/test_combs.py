"""Combs: which cells hold something, and type that runs through them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from scanned_forms import WAYS, Paper, field_of, laid_well, lifted_from, spec_of, straight
from test_lines import pieces

from pipeline.ink import black_level
from pipeline.writing.combs import cells_closed_up, crossed_walls, inked_cells, lines_of
from pipeline.writing.lift import DPI, lift
from pipeline.writing.lines import PAD_X, find_line, unlifted

COMBS, ALL_COMBS = spec_of("4058", "2022-03"), spec_of("4134", "2022-03")
TELEPHONE = field_of(COMBS, "section2.telephone")


def combs(way: str, **texts: str) -> dict[str, tuple[bool, ...]]:
    """Which cells of the combs, named as `section2_telephone`, hold ink when these texts are written in them."""
    paper = Paper(COMBS)
    for name, text in texts.items():
        paper.fill(name.replace("_", ".", 1), text, size=9)
    laid = laid_well(WAYS[way](paper.pixels).page, COMBS)
    fields = {name: field_of(COMBS, name.replace("_", ".", 1)) for name in texts}
    black = black_level(laid.pixels)
    return {name: inked_cells(lift(laid, COMBS, field.box, black), field.cells) for name, field in fields.items()}


def cells_of(**texts: str) -> dict[str, tuple[bool, ...]]:
    return {name: tuple(sign != " " for sign in text) for name, text in texts.items()}


@pytest.mark.parametrize("way", WAYS)
def test_each_cell_of_a_comb_says_whether_it_holds_a_digit(way: str) -> None:
    texts = {
        "section2_telephone": "1111111111",
        "section3_telephone": "418   0123",
        "section2_signed_on": "20111117",
        "section3_licence_number": "12 4 6",
    }
    assert combs(way, **texts) == cells_of(**texts)


@pytest.mark.parametrize("way", ["straight", "quarter turn", "grainy"])
def test_a_comb_that_is_all_but_empty_has_no_more_in_it(way: str) -> None:
    texts = {"section2_telephone": " " * 10, "section3_telephone": "        01"}
    assert combs(way, **texts) == cells_of(**texts)


@pytest.mark.parametrize("text", ["4185550123", "111 111"])
def test_cells_closed_up_hold_every_digit_and_stand_together(text: str) -> None:
    lifted = lifted_from(Paper(COMBS).fill(TELEPHONE.key, text, size=9), TELEPHONE.box)
    line = find_line(lifted, TELEPHONE.cells)
    closed = cells_closed_up(lifted, TELEPHONE.cells, line)
    assert pieces(closed) == pieces(line.pixels) == len(text.replace(" ", ""))
    assert closed.shape[1] < line.pixels.shape[1]


def test_an_empty_comb_closed_up_is_paper() -> None:
    lifted = lifted_from(Paper(COMBS), TELEPHONE.box)
    assert (cells_closed_up(lifted, TELEPHONE.cells, find_line(lifted, TELEPHONE.cells)) == 255).all()


# ---------------------------------------------------------------- type that runs through the cells


def lines_in(paper: Paper, *keys: str) -> list[tuple[str, bool]]:
    """How each of these fields was written in: its layout, and whether walls cut the writing."""
    fields = [field_of(ALL_COMBS, key) for key in keys]
    laid = laid_well(straight(paper.pixels).page, ALL_COMBS)
    black = black_level(laid.pixels)
    found = lines_of([(field, lift(laid, ALL_COMBS, field.box, black)) for field in fields])
    return [(field.layout, line.cut) for field, _, line in found]


def typed_through(paper: Paper, key: str, text: str) -> Paper:
    box = field_of(ALL_COMBS, key).box
    return paper.type(text, box.x0 + 4, box.y1 - 4.5, size=11)


def test_type_that_takes_no_notice_of_the_cells_is_read_as_a_line_that_they_cut() -> None:
    paper = typed_through(Paper(ALL_COMBS), "section2.family_name", "BELANGER DE LA DURANTAYE")
    typed_through(paper, "section2.telephone", "418 555-0123")
    assert lines_in(paper, "section2.family_name", "section2.telephone") == [("line", True), ("line", True)]


def test_beside_others_that_take_no_notice_strokes_may_lie_on_the_walls() -> None:
    """Of the ten walls within this name four have a stroke along them, which crosses none: its U was a J without."""
    alone, beside = (Paper(ALL_COMBS) for _ in range(2))
    for paper in (alone, beside):
        box = field_of(ALL_COMBS, "section2.family_name").box
        paper.type("HIHILL", box.x0 + 8.5, box.y1 - 4.5, size=13)
    typed_through(beside, "section2.telephone", "418 555-0123")
    typed_through(beside, "section2.company", "SOLUTIONS AMOUR ROY")
    assert lines_in(alone, "section2.family_name") == [("comb", False)]
    assert lines_in(beside, "section2.family_name", "section2.telephone", "section2.company")[0] == ("line", True)


def test_a_line_that_walls_cut_is_shown_with_the_walls_too() -> None:
    """A stroke that lies on a wall is lifted off with it: who looks at both pictures sees it."""
    field = field_of(ALL_COMBS, "section2.telephone")
    wall = (field.cells[3].x1 + field.cells[4].x0) / 2
    paper = typed_through(Paper(ALL_COMBS), field.key, "4185550123")
    laid = laid_well(straight(paper.pixels).page, ALL_COMBS)
    lifted = lift(laid, ALL_COMBS, field.box, black_level(laid.pixels))
    ((_, _, line),) = lines_of([(field, lifted)])
    assert line.cut
    column = round((wall - lifted.box.x0) * DPI / 72) - line.origin[0] + PAD_X
    shown, without = unlifted(lifted, line), unlifted(lifted, replace(line, cut=False))
    assert (shown[5:-5, column - 6 : column + 7].min(axis=1) < 128).all(), "the whole wall"
    assert not (without[5:-5, column - 6 : column + 7].min(axis=1) < 128).all()


@pytest.mark.parametrize(("above", "bar", "clipped"), [(0.0, True, True), (0.0, False, False), (3.0, False, False)])
def test_a_bare_stroke_at_a_rule_with_something_left_of_a_bar_may_be_a_seven(
    above: float, bar: bool, clipped: bool
) -> None:
    """So a 7, whose bar lay on the upper edge of its cell, was a 1 to all."""
    paper = Paper(COMBS).fill(TELEPHONE.key, "418555012", size=9)
    cell = TELEPHONE.cells[9]
    middle = (cell.x0 + cell.x1) / 2
    paper.draw([(middle, cell.y0 + above), (middle - 0.5, cell.y1 - 3)])
    if bar:
        paper.draw([(middle - 3.4, cell.y0 + 0.7), (middle - 2.2, cell.y0 + 0.7)])
    assert find_line(lifted_from(paper, TELEPHONE.box), TELEPHONE.cells).clipped is clipped


def test_what_is_left_of_the_walls_beside_few_letters_is_no_writing_through_them() -> None:
    """Of `Éric` in a comb of 24 cells, whose walls had left a grey band each, all three walls were crossed."""
    field = field_of(ALL_COMBS, "section2.family_name")
    lifted = lifted_from(Paper(ALL_COMBS).fill(field.key, "ERIC", size=9), field.box)
    line = find_line(lifted, field.cells)
    for before, after in pairwise(field.cells):
        wall = round(((before.x1 + after.x0) / 2 - lifted.box.x0) * DPI / 72)
        band = lifted.ink[lifted.inner[1] : lifted.inner[3], wall - 4 : wall + 4]
        np.maximum(band, 50, out=band)
    assert crossed_walls(lifted, field.cells, line) == (0, 3)


def test_a_letter_in_each_cell_is_a_comb() -> None:
    paper = Paper(ALL_COMBS).fill("section2.family_name", "BELANGER", size=9)
    typed_through(paper, "section2.telephone", "418 555-0123")
    assert lines_in(paper, "section2.family_name", "section2.telephone") == [("comb", False), ("line", True)]


def test_an_empty_comb_is_a_comb() -> None:
    assert lines_in(Paper(ALL_COMBS), "section2.family_name", "section2.telephone") == [
        ("comb", False),
        ("comb", False),
    ]
