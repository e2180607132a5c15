"""The footer as a picture: the blank's edition is known through what scanners do, no other digit is taken for it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from scanned_forms import grain_of

from pipeline.model import Page
from pipeline.printed.imprint import footer_glyphs, shows_edition, typeface
from pipeline.register import LaidPage
from pipeline.specs import FormSpec, load_specs

Pixels = NDArray[np.uint8]
SPECS = load_specs(Path(__file__).parent.parent / "forms_specs")
DPI = 300.0


def laid(spec: FormSpec, number: int, pixels: Pixels) -> LaidPage:
    """A page that lies on its blank exactly, at DPI."""
    height, width = pixels.shape
    page = Page(0, pixels, DPI, width * 72 / DPI, height * 72 / DPI)
    return LaidPage(number, page, pixels, np.diag([DPI / 72, DPI / 72, 1.0]), None, 1.0, 0.0)


def scanned(pixels: Pixels, blur: float, grain: float, seed: int = 1) -> Pixels:
    """The page with its lower part, where the footer is, as a scanner has it."""
    page = pixels.copy()
    foot = page[round(0.88 * page.shape[0]) :]
    noise = grain_of(foot.shape, seed) * np.float32(grain)
    foot[:] = np.clip(cv2.GaussianBlur(foot, (0, 0), blur) + noise, 0, 255)
    return page


def with_digit(spec: FormSpec, number: int, rank: int, digit: str) -> Pixels:
    """The blank with the edition's digit `rank` (from 0) printed over by another one."""
    pixels = spec.blank_pixels(number, DPI).copy()
    glyph = [each for each in footer_glyphs(spec, number) if each.character.isdigit()][-4:][rank]
    height, width = glyph.ink.shape
    pixels[glyph.top : glyph.top + height, glyph.left : glyph.left + width][glyph.ink > 0] = 255
    other = min(typeface(SPECS)[digit], key=lambda ink: abs(ink.shape[0] - height))
    left = glyph.left + (width - other.shape[1]) // 2
    place = pixels[glyph.top : glyph.top + other.shape[0], left : left + other.shape[1]]
    np.minimum(place, 255 - other, out=place)
    return pixels


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
@pytest.mark.parametrize(("blur", "grain"), [(0.01, 0), (1.2, 8), (2.0, 15)])
def test_each_blank_shows_its_edition_through_blur_and_grain(spec: FormSpec, blur: float, grain: float) -> None:
    for number in range(1, len(spec.page) + 1):
        assert shows_edition(laid(spec, number, scanned(spec.blank_pixels(number, DPI), blur, grain)), spec, SPECS)


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
@pytest.mark.parametrize("rank", range(4))
def test_no_other_digit_is_taken_for_the_editions(spec: FormSpec, rank: int) -> None:
    own = [each.character for each in footer_glyphs(spec, 1) if each.character.isdigit()][-4:][rank]
    for digit in "0123456789":
        if digit != own:
            page = scanned(with_digit(spec, 1, rank, digit), 1.4, 8)
            assert not shows_edition(laid(spec, 1, page), spec, SPECS), digit


def test_a_page_without_a_footer_shows_none() -> None:
    spec = SPECS[0]
    page = laid(spec, 1, np.full_like(spec.blank_pixels(1, DPI), 255))
    assert not shows_edition(page, spec, SPECS)


def test_a_footer_a_little_out_of_place_is_found() -> None:
    spec = SPECS[0]
    moved = np.roll(spec.blank_pixels(1, DPI), (3, -4), axis=(0, 1))
    assert shows_edition(laid(spec, 1, np.ascontiguousarray(moved)), spec, SPECS)


def test_a_spec_whose_footer_is_not_what_the_blank_prints_is_left_to_the_readers() -> None:
    spec = SPECS[0]
    pages = (replace_footer(spec, "9999 195 22/03"), *spec.page[1:])
    other = spec.model_copy(update={"page": pages})
    assert footer_glyphs(other, 1) == ()
    assert not shows_edition(laid(other, 1, other.blank_pixels(1, DPI)), other, SPECS)


def replace_footer(spec: FormSpec, footer: str) -> object:
    return spec.page[0].model_copy(update={"footer": footer})


def test_another_forms_number_over_the_same_edition_is_not_taken_for_it() -> None:
    spec = next(spec for spec in SPECS if spec.name == "4123 2022-03")
    pixels = spec.blank_pixels(1, DPI).copy()
    others = next(spec for spec in SPECS if spec.name == "4058 2022-03")
    for glyph, other in zip(footer_glyphs(spec, 1)[1:4], footer_glyphs(others, 1)[1:4], strict=True):
        height, width = glyph.ink.shape
        pixels[glyph.top : glyph.top + height, glyph.left : glyph.left + width][glyph.ink > 0] = 255
        place = pixels[glyph.top : glyph.top + other.ink.shape[0], glyph.left : glyph.left + other.ink.shape[1]]
        np.minimum(place, 255 - other.ink, out=place)
    assert not shows_edition(laid(spec, 1, scanned(pixels, 1.2, 8)), spec, SPECS)
