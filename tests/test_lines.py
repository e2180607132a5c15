"""A line of writing out of lifted ink: every stroke, dot and accent of it, and nothing that merely lies beside."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scanned_forms import (
    POINT,
    SPECS,
    WAYS,
    Paper,
    Pixels,
    field_of,
    laid_well,
    lifted_from,
    page_of,
    spec_of,
    straight,
)

from pipeline.ink import black_level
from pipeline.model import Kind
from pipeline.specs import FormSpec
from pipeline.writing.lift import DPI, INK, lift
from pipeline.writing.lines import (
    FAINTEST,
    NO_INK,
    PAD_X,
    PAD_Y,
    SOME_INK,
    Line,
    find_line,
    ink_level,
    unlifted,
)

EVERY_SPEC = pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
FORM = spec_of("4123", "2022-03")
NAME, EMAIL = field_of(FORM, "section2.family_name"), field_of(FORM, "section2.email")
WRITTEN = frozenset({Kind.TEXT, Kind.PHONE, Kind.DIGITS, Kind.EMAIL, Kind.DATE})


def line_in(paper: Paper, key: str, way: str = "straight") -> Line:
    field = field_of(paper.spec, key)
    return find_line(lifted_from(paper, field.box, WAYS[way]), field.cells)


def pieces(pixels: Pixels) -> int:
    """How many separate pieces of ink there are: an `i` has two, an `é` too."""
    _, labels = cv2.connectedComponents((pixels < 128).astype(np.uint8))
    return int(labels.max())


def width_of(line: Line) -> int:
    return int(line.pixels.shape[1]) - 2 * PAD_X


# ---------------------------------------------------------------- nothing


@EVERY_SPEC
def test_an_empty_field_has_no_line(spec: FormSpec) -> None:
    for number in range(1, len(spec.page) + 1):
        laid = laid_well(straight(Paper(spec, number).pixels).page, spec, number)
        for field in spec.fields_of_page(number):
            if field.kind in WRITTEN:
                line = find_line(lift(laid, spec, field.box, black_level(laid.pixels)), field.cells)
                assert line.blank
                assert not line.faint


def test_grains_alone_are_no_writing() -> None:
    paper, rng = Paper(FORM), np.random.default_rng(4)
    for _ in range(4):
        paper.dot(rng.uniform(NAME.box.x0 + 5, NAME.box.x1 - 5), rng.uniform(NAME.box.y0 + 8, NAME.box.y1 - 3), 0.7)
    line = line_in(paper, NAME.key)
    assert line.blank
    assert not line.faint


def test_so_many_grains_may_be_what_a_fax_left_of_a_pencil() -> None:
    paper, rng = Paper(FORM), np.random.default_rng(4)
    for _ in range(60):
        paper.dot(NAME.box.x0 + 30 + rng.uniform(0, 80), NAME.box.y1 - rng.uniform(3, 9), 0.9)
    line = line_in(paper, NAME.key)
    assert line.faint or not line.blank


@pytest.mark.parametrize(
    ("area", "blank", "doubtful"),
    [(0, True, False), (NO_INK - 1, True, False), (NO_INK, False, True), (SOME_INK, False, False)],
)
def test_between_no_ink_and_some_ink_nobody_knows(area: int, blank: bool, doubtful: bool) -> None:
    line = Line(np.full((1, 1), 255, np.uint8), area, (0, 0), 20)
    assert (line.blank, line.doubtful) == (blank, doubtful)


@pytest.mark.parametrize("sign", ["1", "I", "l"])
def test_a_single_thin_stroke_is_writing(sign: str) -> None:
    line = line_in(Paper(FORM).fill(NAME.key, sign, size=8), NAME.key)
    assert not line.blank


# ---------------------------------------------------------------- all of it


@pytest.mark.parametrize("way", ["upside down", "A4", "200 dpi"])
@pytest.mark.parametrize("text", ["Éloïse Côté", "j.i.l@quebec.ca", "Gagné-Jolicœur", "M. St-Pierre,"])
def test_every_dot_accent_hyphen_and_point_is_there(way: str, text: str) -> None:
    line = line_in(Paper(FORM).fill(NAME.key, text, size=12), NAME.key, way)
    alone = Paper(FORM)
    alone.pixels[:] = 255
    assert pieces(line.pixels) == pieces(alone.fill(NAME.key, text, size=12).pixels)


@pytest.mark.parametrize("way", ["straight", "askew", "perspective"])
def test_a_line_is_trimmed_to_its_ink_and_says_where_that_was(way: str) -> None:
    paper = Paper(FORM)
    blank = paper.pixels.copy()
    paper.fill(NAME.key, "Hébert", size=12)
    rows, columns = np.nonzero(blank.astype(int) - paper.pixels > 100)
    lifted = lifted_from(paper, NAME.box, WAYS[way])
    line = find_line(lifted)
    assert line.origin[0] + lifted.box.x0 * POINT == pytest.approx(columns.min(), abs=4)
    assert line.origin[1] + lifted.box.y0 * POINT == pytest.approx(rows.min(), abs=4)
    assert width_of(line) == pytest.approx(columns.max() - columns.min(), abs=8)
    assert line.pixels.shape[0] - 2 * PAD_Y == pytest.approx(rows.max() - rows.min(), abs=8)
    assert line.height == pytest.approx(12 * 0.73 * POINT, abs=4)  # a capital of this typeface
    assert (line.pixels[:, 0] > 200).all()
    assert (line.pixels[0] > 200).all()


def test_descenders_below_the_box_and_accents_above_belong_to_the_line() -> None:
    line = line_in(Paper(FORM).fill(NAME.key, "Égypj", size=12, drop=0.5), NAME.key)
    assert line.pixels.shape[0] - 2 * PAD_Y > 12 * POINT * 1.05


@pytest.mark.parametrize("ink", [30, 110, 160])
def test_a_pencils_line_is_as_black_as_a_pens(ink: int) -> None:
    line = line_in(Paper(FORM).fill(NAME.key, "Lefebvre", size=12, ink=ink), NAME.key)
    assert line.pixels.min() < 30
    assert pieces(line.pixels) == len("Lefebvre")


@pytest.mark.parametrize("ink", [180, 200])
def test_thin_strokes_that_are_paler_than_the_letter_they_hang_on_belong_to_it(ink: int) -> None:
    """As the ring of an at sign; and what is that pale beside the letters, with paper between, does not."""
    y = EMAIL.box.y1 - 9
    ring = [(EMAIL.box.x0 + 60 + 5 * np.cos(turn), y + 5 * np.sin(turn)) for turn in np.linspace(0, 6, 40)]
    thick = [(EMAIL.box.x0 + 58, y + 3), (EMAIL.box.x0 + 60, y - 3), (EMAIL.box.x0 + 65, y + 0.5)]
    paper = Paper(FORM).fill(EMAIL.key, "roy", size=10).draw(thick, width=1.4)
    alone = line_in(paper, EMAIL.key)
    apart = line_in(paper.draw([(x + 30, y) for x, y in ring], width=0.5, ink=200), EMAIL.key)
    assert (apart.pixels < 230).sum() <= (alone.pixels < 230).sum()
    ringed = line_in(paper.draw(ring, width=0.5, ink=ink), EMAIL.key)
    assert (ringed.pixels < 230).sum() > (alone.pixels < 230).sum() + 100


# ---------------------------------------------------------------- and nothing else


def test_dirt_far_from_the_writing_is_no_part_of_it() -> None:
    """A grain, and a hair that is as high as a letter."""
    alone = line_in(Paper(FORM).fill(NAME.key, "Roy", size=12), NAME.key)
    x, y = NAME.box.x1 - 12, NAME.box.y1 - 8
    grain = Paper(FORM).fill(NAME.key, "Roy", size=12).dot(x, y, 1.5)
    hair = Paper(FORM).fill(NAME.key, "Roy", size=12).draw([(x, y), (x + 1, y - 4)], width=0.5)
    for paper in (grain, hair):
        line = line_in(paper, NAME.key)
        assert abs(width_of(line) - width_of(alone)) <= 1
        assert line.area == pytest.approx(alone.area, rel=0.03)
    assert line_in(grain, NAME.key).specks > alone.specks


@pytest.mark.parametrize("height", [11.4, -5.4])
def test_dust_further_up_or_down_than_any_dot_is_no_part_of_the_line(height: float) -> None:
    """So a speck made a line twice as high, and its letters half as large to the readers: all made `Ip` of `lp`."""
    alone = line_in(Paper(FORM).fill(EMAIL.key, "lp-lessard@gmail.com", size=10, drop=9), EMAIL.key)
    paper = Paper(FORM).fill(EMAIL.key, "lp-lessard@gmail.com", size=10, drop=9)
    paper.dot(EMAIL.box.x0 + 22, EMAIL.box.y1 - 9 - height, 1.5)
    assert abs(line_in(paper, EMAIL.key).pixels.shape[0] - alone.pixels.shape[0]) <= 2


def test_what_is_left_of_a_rule_is_not_the_line_of_a_short_word() -> None:
    """So a short name on a photograph was thrown away for five pieces of the rule, and its request refused."""
    paper = Paper(FORM).fill(NAME.key, "Roy", size=11)
    alone = line_in(paper, NAME.key)
    for piece in range(14):
        left, y = NAME.box.x0 + 60 + 12 * piece, NAME.box.y1 + 2.2
        paper.draw([(left, y), (left + 7, y)], width=0.9)
    line = line_in(paper, NAME.key)
    assert line.height == alone.height
    assert line.area == pytest.approx(alone.area, rel=0.2)


def test_a_letter_beside_the_line_may_have_been_written_in() -> None:
    box = field_of(FORM, "section2.email").box
    typed = Paper(FORM).fill("section2.email", "roy@kinea.ca", size=8, drop=3)
    assert not line_in(typed, "section2.email").amended
    assert line_in(typed.type("e", box.x0 + 18, box.y1 - 15, size=7), "section2.email").amended


def test_a_neighbours_descenders_are_no_part_of_the_line() -> None:
    alone = line_in(Paper(FORM).fill(NAME.key, "Roy", size=11), NAME.key)
    above = Paper(FORM).fill(NAME.key, "Roy", size=11)
    above.type("gypsy", NAME.box.x0 + 200, NAME.box.y0 - 0.5, size=11)
    assert abs(width_of(line_in(above, NAME.key)) - width_of(alone)) <= 1


def test_a_line_of_a_fax_across_the_field_is_no_writing() -> None:
    y = (NAME.box.y0 + NAME.box.y1) / 2
    line = line_in(Paper(FORM).draw([(20, y), (590, y)], width=0.3), NAME.key)
    assert line.blank


def test_grains_beside_the_letters_are_counted_because_any_may_have_been_a_dot() -> None:
    clean = line_in(Paper(FORM).fill(EMAIL.key, "aeronovaeu", size=10), EMAIL.key)
    paper = Paper(FORM).fill(EMAIL.key, "aeronovaeu", size=10)
    for x in (150, 170, 190):
        paper.dot(EMAIL.box.x0 + x, EMAIL.box.y1 - 6, 1.0)
    assert line_in(paper, EMAIL.key).specks >= clean.specks + 3


# ---------------------------------------------------------------- what is left of the print


@pytest.mark.parametrize("shift", [0, 1, 2])
def test_a_label_printed_fat_and_a_little_off_is_no_writing(shift: int) -> None:
    """It leaves slivers of its letters around the field."""
    fat = cv2.erode(np.roll(Paper(FORM).pixels, shift, axis=1), np.ones((3, 3), np.uint8))
    laid = laid_well(page_of(np.asarray(fat, np.uint8)), FORM)
    black = black_level(laid.pixels)
    for key in ("section2.telephone_extension", "section3.telephone_extension", "section2.company", EMAIL.key):
        assert find_line(lift(laid, FORM, field_of(FORM, key).box, black)).blank, key


def test_a_digit_beside_a_label_is_writing() -> None:
    extension = field_of(FORM, "section2.telephone_extension")
    line = line_in(Paper(FORM).fill(extension.key, "7", size=9), extension.key)
    assert not line.blank


# ---------------------------------------------------------------- the second look


def test_the_unlifted_line_has_the_print_too() -> None:
    lifted = lifted_from(Paper(FORM).fill(NAME.key, "gyp", size=12, drop=0.5), NAME.box)
    line = find_line(lifted)
    whole = unlifted(lifted, line)
    assert (whole < 128).sum() > (line.pixels < 128).sum() + 100  # the rule that the letters stand on
    assert abs(whole.shape[1] - line.pixels.shape[1]) <= 24


# ---------------------------------------------------------------- how dark ink is


@given(st.integers(0, 255), st.integers(0, 255))
def test_ink_is_never_the_papers_noise_nor_only_the_blackest(paper: int, ink: int) -> None:
    pixels = np.full((40, 200), min(paper, ink), np.uint8)
    pixels[10:30, 20:60] = max(paper, ink)
    assert FAINTEST <= ink_level(pixels) <= INK


def test_the_resolution_of_a_line_is_that_of_the_readers() -> None:
    line = line_in(Paper(FORM).fill(NAME.key, "H", size=12), NAME.key, "150 dpi")
    assert line.height == pytest.approx(12 * 0.73 * DPI / 72, abs=4)
