"""Ink lifted off the print: all of what was written, and nothing of what was printed.

What was written is known to the pixel, because it was written here on a blank.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
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
from pipeline.model import Box, Kind
from pipeline.register import LaidPage
from pipeline.specs import FormSpec
from pipeline.writing.lift import DPI, DUST_AREA, INK, Lifted, lift, print_of, without, without_dust

Mask = NDArray[np.bool_]

PAGES = [(spec, number) for spec in SPECS for number in range(1, len(spec.page) + 1)]
EVERY_PAGE = pytest.mark.parametrize(("spec", "number"), PAGES, ids=[f"{spec.name} {page}" for spec, page in PAGES])
EVERY_WAY = pytest.mark.parametrize("way", WAYS)
FORM = spec_of("4123", "2022-03")
NAME = field_of(FORM, "section2.family_name")
EMAIL = field_of(FORM, "section2.email")
# Ink is where it was to so many pixels: what laying leaves, and the blur of a scan.
SLACK = np.ones((7, 7), np.uint8)


@dataclass(frozen=True)
class Known:
    """A field's lifted ink, and the pixels in the same region that were written."""

    lifted: Lifted
    written: Mask

    @property
    def dark(self) -> Mask:
        return np.asarray(self.lifted.ink > INK)

    @property
    def kept(self) -> float:
        """Which share of the written pixels is there."""
        return float((self.written & grown(self.dark)).sum() / self.written.sum())

    @property
    def foreign(self) -> int:
        """How many pixels of ink are in the field where nothing was written."""
        return int(inside(self.lifted, self.dark & ~grown(self.written)).sum())


def grown(mask: Mask) -> Mask:
    return np.asarray(cv2.dilate(mask.astype(np.uint8), SLACK) > 0)


def known(paper: Paper, box: Box, laid: LaidPage) -> Known:
    lifted = lift(laid, paper.spec, box, black_level(laid.pixels))
    blank = Paper(paper.spec, paper.number).pixels
    wrote = blank.astype(int) - paper.pixels > 60
    top, left = round(lifted.box.y0 * POINT), round(lifted.box.x0 * POINT)
    height, width = lifted.ink.shape
    return Known(lifted, np.asarray(wrote[top : top + height, left : left + width]))


def inside(lifted: Lifted, pixels: NDArray[Any]) -> NDArray[Any]:
    """What of the region is in the field's own box."""
    left, top, right, bottom = lifted.inner
    return pixels[top:bottom, left:right]


def rules_in(pixels: Pixels) -> int:
    """How many pixels belong to straight dark lines of a centimetre and more."""
    dark = (pixels > INK).astype(np.uint8)
    across = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, 118), np.uint8))
    return int(across.sum())


# ---------------------------------------------------------------- the print goes


@EVERY_PAGE
def test_nothing_is_left_of_an_empty_field(spec: FormSpec, number: int) -> None:
    laid = laid_well(straight(Paper(spec, number).pixels).page, spec, number)
    black = black_level(laid.pixels)
    for field in spec.fields_of_page(number):
        lifted = lift(laid, spec, field.box, black)
        assert (lifted.raw > INK).any()  # its rules and its label were there
        assert not (inside(lifted, without_dust(lifted.ink)) > INK).any()


@EVERY_WAY
def test_a_crop_holds_the_ink_and_not_the_rule(way: str) -> None:
    texts = {NAME.key: "Gagné-Jolicoeur", EMAIL.key: "jp.gauthier@videotron.ca", "section3.signed_on": "2022-04-05"}
    paper = Paper(FORM)
    for key, text in texts.items():
        paper.fill(key, text)
    laid = laid_well(WAYS[way](paper.pixels).page, FORM)
    for key in texts:
        found = known(paper, field_of(FORM, key).box, laid)
        assert rules_in(found.lifted.raw) > 400
        assert rules_in(found.lifted.ink) == 0
        assert found.kept > 0.98
        assert found.foreign <= 10


@EVERY_WAY
def test_digits_come_off_a_comb_whole_and_alone(way: str) -> None:
    form = spec_of("4058", "2022-03")
    paper = Paper(form).fill("section2.telephone", "4185550123", size=9).fill("section2.signed_on", "20220405", size=9)
    laid = laid_well(WAYS[way](paper.pixels).page, form)
    for key in ("section2.telephone", "section2.signed_on"):
        found = known(paper, field_of(form, key).box, laid)
        assert found.kept > 0.98
        assert found.foreign <= 40


def test_a_rule_that_toner_or_a_fax_made_thick_goes_too() -> None:
    paper = Paper(FORM).fill(NAME.key, "Gagné", size=11)
    thick = np.asarray(cv2.erode(paper.pixels, np.ones((5, 5), np.uint8)), np.uint8)  # two pixels on every side
    laid = laid_well(page_of(thick), FORM)
    assert rules_in(lift(laid, FORM, NAME.box, black_level(laid.pixels)).ink) == 0


# ---------------------------------------------------------------- the ink stays


@pytest.mark.parametrize("way", ["straight", "upside down", "fax", "200 dpi", "bent"])
def test_descenders_that_cross_the_rule_are_kept_below_it(way: str) -> None:
    paper = Paper(FORM).fill(NAME.key, "gyppy", size=12, drop=0.3)
    found = known(paper, NAME.box, laid_well(WAYS[way](paper.pixels).page, FORM))
    below = slice(found.lifted.inner[3] + 4, None)
    written = found.written[below]
    assert written.sum() > 60  # they do go below
    assert (written & grown(found.dark)[below]).sum() > 0.8 * written.sum()
    assert rules_in(found.lifted.ink) == 0


@pytest.mark.parametrize("way", ["straight", "askew", "200 dpi"])
def test_a_stroke_that_crosses_a_rule_is_one_stroke(way: str) -> None:
    x, y = (NAME.box.x0 + NAME.box.x1) / 2, NAME.box.y1
    lifted = lifted_from(Paper(FORM).draw([(x, y - 9), (x + 2, y + 7)]), NAME.box, WAYS[way])
    count, _, stats, _ = cv2.connectedComponentsWithStats((without_dust(lifted.ink) > INK).astype(np.uint8))
    tall = [piece for piece in stats[1:] if piece[cv2.CC_STAT_HEIGHT] > 12]
    assert len(tall) == 1
    assert tall[0][cv2.CC_STAT_HEIGHT] > 14 * POINT * 0.9
    assert count - 1 == len(tall)


def test_an_underscore_over_the_rule_is_another_thing_than_the_rule() -> None:
    papers = [Paper(FORM).fill(EMAIL.key, text, drop=5.5) for text in ("jp_roy@xx.ca", "jp roy@xx.ca")]
    with_, without_ = (known(each, EMAIL.box, laid_well(straight(each.pixels).page, FORM)) for each in papers)
    assert with_.kept > 0.98
    assert int(with_.dark.sum()) - int(without_.dark.sum()) > 40


@pytest.mark.parametrize("grey", [60, 110, 150])
def test_a_pale_page_has_ink_as_dark_as_a_black_one(grey: int) -> None:
    """What counts is how dark the writing is beside the page's own print."""
    paper = Paper(FORM).fill(NAME.key, "Gagné", size=12, ink=0)
    pale = (grey + paper.pixels.astype(float) * (255 - grey) / 255).astype(np.uint8)
    laid = laid_well(page_of(pale), FORM)
    ink = lift(laid, FORM, NAME.box, black_level(laid.pixels)).ink
    assert np.percentile(ink[ink > INK], 75) > 220


# ---------------------------------------------------------------- where it is


@pytest.mark.parametrize("shade", [0.65, 0.8, 0.93])
def test_a_markers_band_goes_and_what_was_written_under_it_stays(shade: float) -> None:
    box = field_of(FORM, "section2.family_name").box
    band = Box(box.x0 - 4, box.y0 + 4, box.x1 - 60, box.y1 + 4)
    plain, marked = (
        Paper(FORM).fill("section2.family_name", "Lajoie"),
        Paper(FORM).fill("section2.family_name", "Lajoie"),
    )
    seen, shaded = lifted_from(plain, box), lifted_from(marked.mark(band, shade), box)
    assert float(((seen.ink > INK) != (shaded.ink > INK)).mean()) < 0.01
    assert int((shaded.ink > 40).sum()) < 1.3 * int((seen.ink > 40).sum())


@pytest.mark.parametrize("way", ["straight", "grainy", "fax", "150 dpi"])
def test_without_a_band_the_ink_is_what_it_was_to_the_bit(way: str) -> None:
    box = field_of(FORM, "section2.email").box
    laid = laid_well(WAYS[way](Paper(FORM).fill("section2.email", "lajoie@kinea.ca").pixels).page, FORM)
    kept, taken = (lift(laid, FORM, box, black_level(laid.pixels), bands=bands) for bands in (True, False))
    assert np.array_equal(kept.ink, taken.ink)


def test_the_fields_box_is_found_in_the_region() -> None:
    laid = laid_well(straight(Paper(FORM).pixels).page, FORM)
    lifted = lift(laid, FORM, NAME.box, 0.0, margin=9)
    left, top, right, bottom = lifted.inner
    for pixel, edge, start in (
        (left, NAME.box.x0, lifted.box.x0),
        (right, NAME.box.x1, lifted.box.x0),
        (top, NAME.box.y0, lifted.box.y0),
        (bottom, NAME.box.y1, lifted.box.y0),
    ):
        assert abs(pixel - (edge - start) * DPI / 72) <= 1
    height, width = lifted.ink.shape
    assert lifted.raw.shape == lifted.printed.shape == lifted.ink.shape
    assert abs(width - (NAME.box.width + 18) * DPI / 72) <= 2
    assert abs(height - (NAME.box.height + 18) * DPI / 72) <= 2


def test_a_field_at_the_papers_edge_has_what_paper_there_is() -> None:
    laid = laid_well(straight(Paper(FORM).pixels).page, FORM)
    lifted = lift(laid, FORM, Box(0, 0, 40, 20), 0.0)
    assert lifted.box[:2] == (0, 0)
    assert lifted.inner[:2] == (0, 0)
    assert lifted.ink.shape == lifted.raw.shape


def test_ink_in_the_margin_is_lifted_too() -> None:
    x, y = NAME.box.x0 + 60, NAME.box.y1 + 6
    assert (lifted_from(Paper(FORM).dot(x, y, 4), NAME.box).ink > INK).any()


def test_ink_in_a_box_can_be_left_out() -> None:
    paper = Paper(FORM).fill(NAME.key, "Roy", size=12)
    paper.type("Roy", NAME.box.x0 + 120, NAME.box.y1 - 4.5, size=12)
    lifted = lifted_from(paper, NAME.box)
    first = Box(NAME.box.x0 + 2, NAME.box.y0, NAME.box.x0 + 60, NAME.box.y1)
    left = without(lifted, [first])
    middle = round((NAME.box.x0 + 90 - lifted.box.x0) * POINT)
    assert (lifted.ink[:, :middle] > INK).any()
    assert not (left.ink[:, :middle] > INK).any()
    assert np.array_equal(left.ink[:, middle:], lifted.ink[:, middle:])
    assert without(lifted, []) is lifted


# ---------------------------------------------------------------- dust


def test_grains_go_and_a_final_point_stays() -> None:
    ink = np.zeros((60, 200), np.uint8)
    for column in range(10, 100, 10):
        ink[20, column : column + 2] = 255
    ink[40:43, 150:153] = 255
    clean = without_dust(ink)
    assert not clean[:, :140].any()
    assert np.array_equal(clean[:, 140:], ink[:, 140:])
    assert DUST_AREA < 3 * 3


def test_grains_that_touch_writing_are_writing() -> None:
    ink = np.zeros((60, 200), np.uint8)
    ink[10:50, 100] = 255
    ink[9, 101] = 255
    assert np.array_equal(without_dust(ink), ink)


# ---------------------------------------------------------------- what a blank prints


@EVERY_PAGE
def test_the_mask_of_the_print_is_thin(spec: FormSpec, number: int) -> None:
    """It covers what the blank prints and no more than a pixel beside it: a thick mask eats what is written there."""
    printed = print_of(spec, number)
    blank = spec.blank_pixels(number, DPI)
    assert (printed.mask[blank < 128] > 0).all()
    near = cv2.erode(blank, np.ones((3, 3), np.uint8)) < 200
    assert not (printed.mask[~near] > 0).any()
    for field in spec.fields_of_page(number):
        if field.kind not in (Kind.CHOICE, Kind.SIGNATURE):
            rows = slice(round(field.box.y0 * POINT), round(field.box.y1 * POINT))
            columns = slice(round(field.box.x0 * POINT), round(field.box.x1 * POINT))
            assert printed.mask[rows, columns].mean() < 0.3
