"""What little is in a field: the page's own grains, what is left of its rules, or what a scan left of writing."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from scanned_forms import POINT, WAYS, Paper, field_of, laid_well, lifted_from, spec_of, straight

from pipeline.ink import black_level
from pipeline.model import Kind
from pipeline.writing.combs import lines_of
from pipeline.writing.lift import lift
from pipeline.writing.lines import Line, find_line

FORM = spec_of("4123", "2022-03")
NAME = field_of(FORM, "section2.family_name")
EXTENSION = field_of(FORM, "section2.telephone_extension")
WRITTEN = ("section2.family_name", "section2.given_name", "section2.job_title", "section2.email", "section3.email")


def page() -> Paper:
    paper = Paper(FORM)
    for key in WRITTEN:
        paper.fill(key, "Roy", size=10)
    return paper


def strewn(paper: Paper, key: str, count: int, seed: int = 1) -> Paper:
    """So many grains in the field."""
    box, rng = field_of(FORM, key).box, np.random.default_rng(seed)
    for x, y in zip(
        rng.uniform(box.x0 + 2, box.x1 - 2, count), rng.uniform(box.y0 + 2, box.y1 - 2, count), strict=True
    ):
        paper.dot(x, y, 0.7)
    return paper


def in_the_field(paper: Paper) -> tuple[Line, Line]:
    """The line in the field by itself, and as the rest of its page shows it."""
    laid = laid_well(straight(paper.pixels).page, FORM)
    keys = (*WRITTEN, EXTENSION.key)
    lifted = [
        (field_of(FORM, key), lift(laid, FORM, field_of(FORM, key).box, black_level(laid.pixels))) for key in keys
    ]
    return find_line(lifted[-1][1]), lines_of(lifted)[-1][2]


def noisy_page(grains: int) -> Paper:
    """As many grains in the field, for its size, as in those beside the writing."""
    paper = strewn(page(), EXTENSION.key, grains)
    for key in WRITTEN:
        share = field_of(FORM, key).box.width / EXTENSION.box.width
        strewn(paper, key, round(grains * share), seed=len(key))
    return paper


def test_grains_as_on_all_the_page_are_no_writing() -> None:
    alone, on_its_page = in_the_field(noisy_page(25))
    assert alone.faint or alone.doubtful
    assert on_its_page.blank
    assert not on_its_page.faint


@pytest.mark.parametrize(("off", "faint"), [(3.4, False), (8.0, True)])
def test_grains_along_a_rule_are_left_of_it(off: float, *, faint: bool) -> None:
    """So a telephone's picture of an empty field had 303 pixels of its rule, and a person was asked whether it is."""
    paper, box = page(), EXTENSION.box
    for x in np.linspace(box.x0 + 4, box.x1 - 4, 20):
        paper.dot(x, box.y1 - off, 0.8)
    assert in_the_field(paper)[1].faint is faint


def test_grains_that_the_page_has_not_may_be_what_is_left_of_it() -> None:
    alone, on_its_page = in_the_field(strewn(page(), EXTENSION.key, 25))
    assert alone.faint or alone.doubtful
    assert on_its_page == alone


def test_many_more_than_the_page_has_may_be_too() -> None:
    _, on_its_page = in_the_field(strewn(noisy_page(12), EXTENSION.key, 50, seed=9))
    assert on_its_page.faint or on_its_page.doubtful or not on_its_page.blank


def test_few_grains_may_be_where_the_page_has_none() -> None:
    """So a fax left six of `117`, which was called blank."""
    alone, on_its_page = in_the_field(strewn(page(), EXTENSION.key, 5))
    assert alone.blank
    assert not alone.faint
    assert on_its_page.faint
    assert not in_the_field(noisy_page(5))[1].faint


def test_beside_faint_writing_nothing_is_blank_for_certain() -> None:
    """So of a section in pale pencil a telephone left next to nothing, and a given name was called missing."""
    paper = Paper(FORM)
    rng = np.random.default_rng(4)
    name = field_of(FORM, "section2.family_name")
    for _ in range(30):
        paper.dot(name.box.x0 + 30 + rng.uniform(0, 80), name.box.y1 - rng.uniform(3, 9), 0.4)
    laid = laid_well(straight(paper.pixels).page, FORM)
    fields = [each for each in FORM.fields_of_page(1) if each.key.endswith(("family_name", "given_name"))]
    lines = lines_of([(each, lift(laid, FORM, each.box, black_level(laid.pixels))) for each in fields])
    assert {spec.key: line.faint for spec, _, line in lines} == {
        "section2.family_name": True,
        "section2.given_name": True,
        "section3.family_name": False,
        "section3.given_name": False,
    }


@pytest.mark.parametrize(("ink", "faint"), [(205, True), (120, False)])
def test_beside_pale_writing_nothing_is_blank_for_certain(ink: int, faint: bool) -> None:
    """So of a section in pale pencil a date was too pale to be seen, and was called missing."""
    paper = Paper(FORM)
    for key in ("section2.given_name", "section2.job_title", "section2.company"):
        paper.fill(key, "Kinea", size=12, ink=ink)
    laid = laid_well(straight(paper.pixels).page, FORM)
    fields = [each for each in FORM.fields_of_page(1) if each.kind is Kind.TEXT]
    lines = lines_of([(each, lift(laid, FORM, each.box, black_level(laid.pixels))) for each in fields])
    found = {spec.key: line for spec, _, line in lines}
    assert not found["section2.company"].blank
    assert found["section2.family_name"].blank
    assert found["section2.family_name"].faint is faint
    assert not found["section3.family_name"].faint


@pytest.mark.parametrize(("ink", "way"), [(224, "straight"), (235, "straight"), (220, "grainy")])
def test_where_strokes_are_too_pale_to_be_read_nothing_is_blank_for_certain(ink: int, way: str) -> None:
    """So requests in pale pencil or by a pen that had run dry were refused, their fields called missing."""
    pale = Paper(FORM).fill("section2.family_name", "Kinea", size=12, ink=ink)
    lines = lines_of([(NAME, lifted_from(pale, NAME.box, WAYS[way]))])
    assert lines[0][2].blank
    assert lines[0][2].faint


def test_what_is_pale_and_no_stroke_is_none() -> None:
    """A shadow's edge, grains all over, and the print that the form's other side shows of a rule."""
    box = NAME.box
    shadow = Paper(FORM)
    rows = slice(round((box.y0 + 8) * POINT), round((box.y1 + 20) * POINT))
    columns = slice(round((box.x0 + 40) * POINT), round((box.x0 + 90) * POINT))
    shadow.pixels[rows, columns] = cv2.blur(np.minimum(shadow.pixels, 225), (61, 61))[rows, columns]
    shadow.pixels = np.minimum(Paper(FORM).pixels, cv2.blur(shadow.pixels, (41, 41)))
    rule = Paper(FORM).draw([(box.x0 + 4, box.y0 + 12), (box.x1 - 4, box.y0 + 12.3)], width=0.5, ink=228)
    for paper, way in ((shadow, "straight"), (rule, "straight"), (Paper(FORM), "grainy"), (Paper(FORM), "fax")):
        line = lines_of([(NAME, lifted_from(paper, box, WAYS[way]))])[0][2]
        assert line.blank
        assert not line.faint


def test_writing_on_a_noisy_page_stays() -> None:
    assert not in_the_field(noisy_page(25).fill(EXTENSION.key, "4406", size=10))[1].blank


def test_what_is_left_of_a_wall_is_no_writing() -> None:
    comb = spec_of("4058", "2022-03")
    telephone = field_of(comb, "section2.telephone")
    wall, middle = telephone.cells[1].x0, (telephone.cells[1].x0 + telephone.cells[1].x1) / 2
    for x, blank in ((wall + 0.4, True), (middle, False)):
        stroke = Paper(comb).draw([(x, telephone.box.y0 + 3), (x, telephone.box.y0 + 6)], width=0.5)
        lifted = lifted_from(stroke, telephone.box)
        assert find_line(lifted, telephone.cells).doubtful
        assert lines_of([(telephone, lifted)])[0][2].blank is blank
