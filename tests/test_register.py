"""A page laid on its blank: every field is found where the scanner put it, and a page that is another's is not laid.

Distances are in pixels at 300 dpi, of which twelve make a millimetre; a printed rule is two to four pixels wide.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pdf_pages
import pytest
from scanned_forms import (
    DPI,
    POINT,
    SPECS,
    WAYS,
    Paper,
    Pixels,
    Points,
    Scanned,
    bent,
    faxed,
    in_perspective,
    laid_on,
    laid_well,
    page_of,
    spec_of,
    straight,
    turned,
)

from pipeline.identify import FITS, MAY_FIT
from pipeline.model import Box
from pipeline.register import LaidPage, describe, landmarks, lay, match, template
from pipeline.specs import FormSpec

PAGES = [(spec, number) for spec in SPECS for number in range(1, len(spec.page) + 1)]
EVERY_PAGE = pytest.mark.parametrize(("spec", "number"), PAGES, ids=[f"{spec.name} {page}" for spec, page in PAGES])
FORM = spec_of("4134", "2022-03")
BLANK = Paper(FORM).pixels
# Within these a mask of the print that is one pixel too wide, and swells with what the scan shows, still covers it.
USUAL, MOST = 1.0, 3.0


def corners(spec: FormSpec, number: int) -> Points:
    """The corners of everything that is looked at on a page: its fields, options and footer."""
    boxes = [spec.page[number - 1].box]
    for field in spec.fields_of_page(number):
        boxes += [field.box, *(option.box for option in field.option)]
    return np.array([(x, y) for box in boxes for x in (box.x0, box.x1) for y in (box.y0, box.y1)])


def errors(laid: LaidPage, scan: Scanned, points: Points) -> Points:
    """How far from where they are the points are found, in pixels at 300 dpi."""
    return np.asarray(np.linalg.norm(laid.locate(points) - scan.where(points), axis=1) * DPI / scan.page.dpi)


def finds_all(scan: Scanned, spec: FormSpec, number: int) -> None:
    off = errors(laid_well(scan.page, spec, number), scan, corners(spec, number))
    assert np.median(off) < USUAL
    assert off.max() < MOST


# ---------------------------------------------------------------- where everything is


@pytest.mark.parametrize("way", WAYS)
def test_every_field_is_found_however_the_page_was_scanned(way: str) -> None:
    finds_all(WAYS[way](BLANK), FORM, 1)


@EVERY_PAGE
def test_every_page_of_every_edition_is_found_on_a_fax(spec: FormSpec, number: int) -> None:
    finds_all(faxed(Paper(spec, number).pixels), spec, number)


def test_writing_all_over_the_form_moves_nothing() -> None:
    paper = Paper(FORM)
    for field in FORM.field:
        paper.fill(field.key, "Bergeron-Lachapelle gypsophile"[: len(field.cells) or None], size=13)
    for y in range(300, 420, 9):
        paper.draw([(60, y), (560, y + 4)], width=2.5)
    finds_all(straight(paper.pixels), FORM, 1)


def test_a_shadow_over_half_the_page_moves_nothing() -> None:
    light = np.linspace(1.0, 0.35, BLANK.shape[1])
    finds_all(straight((BLANK * light).astype(np.uint8)), FORM, 1)


@pytest.mark.parametrize("swing", [6, 10, 18])
def test_what_a_sheet_is_bent_by_is_taken_up(swing: float) -> None:
    scan = bent(BLANK, swing)
    laid, points = laid_well(scan.page, FORM), corners(FORM, 1)
    assert errors(replace(laid, bend=None), scan, points).max() > MOST  # no homography is enough for such a sheet
    assert errors(laid, scan, points).max() < MOST


def test_a_sheet_that_is_bent_too_much_to_be_followed_is_not_laid() -> None:
    laid = laid_on(bent(BLANK, swing=45).page, FORM)
    assert laid is None or laid.share < FITS


def test_a_grey_level_blank_is_followed_to_less_than_a_pixel_as_it_says() -> None:
    scan = turned(BLANK, 1.0)
    laid = laid_well(scan.page, FORM)
    assert laid.share > 0.95
    assert laid.residual < USUAL
    assert laid.number == 1


# ---------------------------------------------------------------- there and back


@pytest.mark.parametrize("way", ["three quarters", "perspective", "A4"])
def test_back_from_the_page_to_the_blank_is_within_a_point(way: str) -> None:
    scan = WAYS[way](BLANK)
    points = corners(FORM, 1)
    there = laid_well(scan.page, FORM).locate_back(scan.where(points))
    assert np.abs(there - points).max() < 1.0


@pytest.mark.parametrize("way", ["upside down", "perspective", "bent", "150 dpi"])
@pytest.mark.parametrize("dpi", [100.0, 150.0, 300.0])
def test_a_crop_has_a_spot_where_it_was_made(way: str, dpi: float) -> None:
    x, y = 410.0, 205.0
    box = Box(x - 60, y - 25, x + 60, y + 25)
    paper = Paper(FORM)
    paper.pixels[round(box.y0 * POINT) : round(box.y1 * POINT), round(box.x0 * POINT) : round(box.x1 * POINT)] = 255
    paper.dot(x, y, 5)
    crop = laid_well(WAYS[way](paper.pixels).page, FORM).crop(box, dpi)
    assert crop.shape == (round(50 * dpi / 72), round(120 * dpi / 72))
    rows, columns = np.nonzero(crop < 128)
    middle = ((columns.mean() + 0.5) * DPI / dpi, (rows.mean() + 0.5) * DPI / dpi)
    assert np.hypot(middle[0] - 60 * POINT, middle[1] - 25 * POINT) < MOST


def test_between_the_places_that_are_worked_out_a_crop_takes_its_pixels_evenly() -> None:
    """They had been taken in steps of half a pixel, up to a quarter of one from where they are."""
    slope = np.tile(np.arange(31, dtype=np.uint8) * 8, (24, 1))
    page = replace(page_of(BLANK), pixels=slope)
    laid = LaidPage(1, page, slope, np.eye(3), np.zeros((10, 2)), share=1.0, residual=0.0)
    crop = laid.crop(Box(0, 0, 31, 24), 72)
    assert np.abs(crop.astype(int) - slope).max() <= 1


def test_a_crop_is_straightened_and_its_light_is_even() -> None:
    scan = in_perspective(BLANK)
    shaded = (scan.page.pixels * np.linspace(0.5, 1.0, len(BLANK))[:, None]).astype(np.uint8)
    box = Box(36, 220, 576, 380)
    crop = laid_well(page_of(shaded), FORM).crop(box, 150)
    printed = FORM.blank_pixels(1, 150)[round(220 * 150 / 72) :, round(36 * 150 / 72) :][: crop.shape[0]]
    printed = printed[:, : crop.shape[1]]
    alike = np.corrcoef(blurred(crop), blurred(printed))[0, 1]
    assert alike > 0.95
    paper = crop[cv2.erode(printed, np.ones((9, 9), np.uint8)) > 250]
    assert np.percentile(paper, 2) > 235


def blurred(pixels: Pixels) -> Points:
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), 1.5), np.float64).ravel()


# ---------------------------------------------------------------- what is refused


@EVERY_PAGE
def test_no_other_page_and_no_other_edition_is_laid_on_a_blank(spec: FormSpec, number: int) -> None:
    """An older edition of the same form has much of its text, and every field elsewhere."""
    page = faxed(Paper(spec, number).pixels).page
    features = describe(page)
    for other, its_number in PAGES:
        laid = laid_on(page, other, its_number, features)
        if (other, its_number) == (spec, number):
            assert laid is not None
            assert laid.share >= FITS
        else:
            assert laid is None or laid.share < FITS


def test_a_mirrored_form_is_none() -> None:
    laid = laid_on(page_of(BLANK[:, ::-1]), FORM)
    assert laid is None or laid.share < MAY_FIT


@pytest.mark.parametrize("part", [0.5, 0.7])
def test_the_upper_part_of_a_form_is_not_taken_for_the_whole(part: float) -> None:
    cut = BLANK.copy()
    cut[round(part * len(cut)) :] = 255
    laid = laid_on(page_of(cut), FORM)
    assert laid is None or laid.share < FITS


@pytest.mark.parametrize(
    "pixels",
    [pdf_pages.written_page(2550, 3300), pdf_pages.blank_page(2550, 3300)],
    ids=["a letter", "a blank sheet"],
)
def test_what_is_no_form_lies_on_no_blank(pixels: Pixels) -> None:
    for spec, number in PAGES:
        laid = laid_on(page_of(pixels), spec, number)
        assert laid is None or laid.share < MAY_FIT


def test_nothing_on_the_page_is_nothing_to_match() -> None:
    white = page_of(np.full_like(BLANK, 255))
    assert match(describe(white), landmarks(FORM, 1)) == (None, 0)


def test_a_first_guess_that_is_wrong_gives_a_page_that_does_not_fit() -> None:
    """Half an inch off, patches of small print find their like here and there, but no page."""
    start, _ = match(describe(page_of(BLANK)), landmarks(FORM, 1))
    assert start is not None
    slipped = start.copy()
    slipped[:2, 2] += 36 * POINT
    assert lay(page_of(BLANK), slipped, template(FORM, 1)).share < MAY_FIT
