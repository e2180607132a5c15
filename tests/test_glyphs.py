"""Zeros, o's, ones and l's, told from one another by the letters around them."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import cv2
import numpy as np
import pytest
from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont
from scanned_forms import Pixels

from pipeline.glyphs import LETTERS_OF_NUMBERS, LETTERS_OF_WORDS, Letter, Place, Shapes, letters_of, shapes_of

SANS, SERIF = "DejaVu Sans", "DejaVu Serif"


@cache
def font_of(family: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_manager.findfont(family), 42)


def line_of(written: str, family: str = SANS, noise: float = 0.0) -> tuple[Pixels, list[tuple[float, float]]]:
    """The text as type, and where each character stands."""
    font = font_of(family)
    stops = [font.getlength(written[:count]) for count in range(len(written) + 1)]
    image = Image.new("L", (round(stops[-1]) + 20, 70), 255)
    ImageDraw.Draw(image).text((10, 8), written, font=font, fill=0)
    pixels = np.asarray(image, np.float32)
    grain = np.random.default_rng(3).normal(0, noise, pixels.shape)
    pixels = cv2.GaussianBlur(pixels, (3, 3), 0) + grain
    places = [((start + 10) / image.width, (stop + 10) / image.width) for start, stop in pairwise(stops)]
    return np.clip(pixels, 0, 255).astype(np.uint8), places


def shapes(written: str, read: str, family: str = SANS, noise: float = 0.0) -> Shapes:
    pixels, places = line_of(written, family, noise)
    return shapes_of(pixels, [Place(letter, *place) for letter, place in zip(read, places, strict=True)])


@pytest.mark.parametrize(
    "text", ["dam0urs.j@icloud.com", "stonge@videotron.ca", "karine11@kinela-sante.com", "amelie@me.ca"]
)
@pytest.mark.parametrize("noise", [0, 25])
def test_what_is_read_as_it_is_written_is_confirmed(text: str, noise: float) -> None:
    assert shapes(text, text, noise=noise) is Shapes.CONFIRMED


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("dam0urs.j@icloud.com", "damours.j@icloud.com"),
        ("stonge@videotron.ca", "st0nge@videotron.ca"),
        ("u1ysse.elan@bell.net", "ulysse.elan@bell.net"),
        ("jerome1l@videotron.ca", "jeromell@videotron.ca"),
        ("jeromel1@videotron.ca", "jerome11@videotron.ca"),
    ],
)
@pytest.mark.parametrize("family", [SANS, SERIF])
def test_what_is_read_otherwise_never_is(written: str, read: str, family: str) -> None:
    assert shapes(written, read, family) is not Shapes.CONFIRMED


def test_a_zero_read_as_an_o_is_contradicted_in_any_typeface() -> None:
    for family in (SANS, SERIF):
        assert shapes("dam0urs@me.ca", "damours@me.ca", family) is Shapes.CONTRADICTED


def test_an_l_with_serifs_is_left_open() -> None:
    assert shapes("lucie@me.ca", "lucie@me.ca", SERIF) is Shapes.OPEN


def page_in(family: str) -> list[Letter]:
    """The letters of a page on which words and numbers are typed in that typeface."""
    words, numbers = line_of("Logiciels du Lac, Rollande Otis", family), line_of("418 555-0110, 2022-10-01", family)
    read = [
        (pixels, [Place(letter, *place) for letter, place in zip(text, places, strict=True)])
        for (pixels, places), text in (
            (words, "Logiciels du Lac, Rollande Otis"),
            (numbers, "418 555-0110, 2022-10-01"),
        )
    ]
    return [
        *letters_of(*read[0], "words", LETTERS_OF_WORDS),
        *letters_of(*read[1], "numbers", LETTERS_OF_NUMBERS),
    ]


@pytest.mark.parametrize("family", [SANS, SERIF])
@pytest.mark.parametrize("noise", [0, 20])
def test_the_letters_of_the_page_tell_what_the_line_does_not(family: str, noise: float) -> None:
    page = page_in(family)

    def told(written: str, read: str) -> Shapes:
        pixels, places = line_of(written, family, noise)
        return shapes_of(pixels, [Place(letter, *place) for letter, place in zip(read, places, strict=True)], page)

    for text in ("lucie@me.ca", "01otis@me.ca", "rolland@me.ca"):
        assert told(text, text) is Shapes.CONFIRMED
    for written, read in (("1ucie@me.ca", "lucie@me.ca"), ("lucie@me.ca", "1ucie@me.ca"), ("r0s@me.ca", "ros@me.ca")):
        assert told(written, read) is not Shapes.CONFIRMED


def test_letters_in_another_size_of_type_say_nothing() -> None:
    pixels, places = line_of("lucie@me.ca", SERIF)
    read = [Place(letter, *place) for letter, place in zip("lucie@me.ca", places, strict=True)]
    other_size = [letter._replace(height=2 * (letter.height or 0)) for letter in page_in(SERIF)]
    assert shapes_of(pixels, read, other_size) is Shapes.OPEN


def test_only_the_first_characters_are_judged_where_the_rest_is_known() -> None:
    pixels, places = line_of("eve@lac.ca", SERIF)
    read = [Place(letter, *place) for letter, place in zip("eve@lac.ca", places, strict=True)]
    assert shapes_of(pixels, read) is Shapes.OPEN
    assert shapes_of(pixels, read, upto=4) is Shapes.CONFIRMED


def test_capitals_and_what_cannot_be_measured_are_left_open() -> None:
    assert shapes("LOUIS@ME.CA", "LOUIS@ME.CA") is Shapes.OPEN
    pixels, _ = line_of("louis@me.ca")
    assert shapes_of(pixels, [Place("o", 0.5, 0.5)]) is Shapes.OPEN


def test_an_address_without_any_of_them_has_nothing_to_confirm() -> None:
    assert shapes("eve@tva.ca", "eve@tva.ca") is Shapes.CONFIRMED
