"""A stroke that goes further than type does: somebody has struck a letter out, or written one in."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from scanned_forms import Pixels
from typed_lines import SANS, SERIF, line_of, read_as

from pipeline.glyphs.extents import goes_too_far, lower_than_others
from pipeline.glyphs.placed import Place

ADDRESSES = ["milena.gorska@kinea.ca", "j_roy-pageau1948@videotron.ca", "LOUIS.ROY@GMAIL.COM"]


def typed(text: str, family: str, noise: float = 0.0) -> tuple[Pixels, list[Place]]:
    pixels, places = line_of(text, family, noise)
    return read_as(pixels, text, places)


@pytest.mark.parametrize("family", [SANS, SERIF])
@pytest.mark.parametrize("noise", [0, 25])
@pytest.mark.parametrize("text", ADDRESSES)
def test_no_glyph_of_type_does(text: str, family: str, noise: float) -> None:
    assert not goes_too_far(*typed(text, family, noise))


@pytest.mark.parametrize("family", [SANS, SERIF])
@pytest.mark.parametrize("text", ADDRESSES)
def test_what_strikes_a_letter_out_does(text: str, family: str) -> None:
    pixels, places = typed(text, family)
    height, width = pixels.shape
    struck = places[2]
    left, right = round(struck.left * width), round(struck.right * width)
    cv2.line(pixels, (left, height - 2), (right, 2), 0, 4, cv2.LINE_AA)
    assert goes_too_far(pixels, places)


@pytest.mark.parametrize("family", [SANS, SERIF])
def test_a_high_letter_whose_stem_came_off_is_as_high_as_it_was(family: str) -> None:
    """So `r-therrien@noroit.ca` was a doubt, of whose only high letter a pale scan had parted stem and arch."""
    pixels, places = typed("r-therien@noroi.ca", family)
    h = places[3]
    left, right = round(h.left * pixels.shape[1]), round(h.right * pixels.shape[1])
    inked = np.flatnonzero((pixels[:, left:right] < 128).any(axis=0)) + left
    parted = inked[0] + (inked[-1] - inked[0]) * 2 // 5
    pixels[:, parted : parted + 2] = 255
    places[3] = h._replace(left=h.left + 0.3 * (h.right - h.left))
    assert not goes_too_far(pixels, places)


@pytest.mark.parametrize(("letter", "further"), [("f", False), ("h", True)])
def test_an_f_may_have_a_tail(letter: str, *, further: bool) -> None:
    """In some typefaces it has: three right addresses in one such were doubts."""
    pixels, places = typed(f"{letter}.roy@kinea.ca", SERIF)
    columns = slice(round(places[0].left * pixels.shape[1]), round(places[0].right * pixels.shape[1]))
    foot = int(np.flatnonzero((pixels[:, columns] < 128).any(axis=1))[-1])
    middle = int(np.flatnonzero(pixels[foot - 3, columns] < 128).mean()) + columns.start
    pixels[foot - 2 : foot + 9, middle - 2 : middle + 2] = 0
    assert goes_too_far(pixels, places) is further


def test_of_too_few_letters_nobody_knows() -> None:
    assert not goes_too_far(*typed("11", SANS))


@pytest.mark.parametrize("family", [SANS, SERIF])
@pytest.mark.parametrize(("size", "further"), [(6, False), (14, True)])
def test_a_speck_above_the_letters_is_no_stroke(family: str, size: int, *, further: bool) -> None:
    """So an address was a doubt for dust; what somebody wrote in above is larger."""
    pixels, places = typed(ADDRESSES[0], family)
    pixels = cv2.copyMakeBorder(pixels, 30, 0, 0, 0, cv2.BORDER_CONSTANT, value=255)
    pixels[8 : 8 + size, 60 : 60 + size] = 0
    assert goes_too_far(pixels, places) is further


def shortened(text: str, rank: int, by: int) -> tuple[Pixels, list[Place]]:
    """A line of which one letter's upper rows are wiped."""
    pixels, places = typed(text, SANS)
    columns = slice(round(places[rank].left * pixels.shape[1]), round(places[rank].right * pixels.shape[1]))
    top = int(np.flatnonzero((pixels[:, columns] < 128).any(axis=1))[0])
    pixels[: top + by, columns] = 255
    return pixels, places


@pytest.mark.parametrize(("by", "lower"), [(0, 0.0), (4, 0.17)])
def test_how_much_lower_an_l_is_than_its_like(by: int, lower: float) -> None:
    found = lower_than_others(*shortened("dalbasela", 7, by))
    assert found.keys() == {2, 7}
    assert found[7] == pytest.approx(lower, abs=0.04)
    assert found[2] == pytest.approx(0.0, abs=0.02)


def test_without_others_that_are_as_high_nobody_knows() -> None:
    assert lower_than_others(*typed("rosela", SANS)) == {}
