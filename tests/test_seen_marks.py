"""Points that are seen in the ink of a typed line, whoever read them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from scanned_forms import Pixels
from typed_lines import SANS, SERIF, line_of

from pipeline.addresses.seen_marks import told_marks
from pipeline.glyphs.placed import Place

ADDRESS = "dr.roy@noroit.qc.ca"
POINTS = {place for place, sign in enumerate(ADDRESS) if sign == "."}


def told(pixels: Pixels, places: list[tuple[float, float]], read: str) -> set[int]:
    return set(told_marks(pixels, [Place(sign, *place) for sign, place in zip(read, places, strict=True)]))


@pytest.mark.parametrize("family", [SANS, SERIF])
@pytest.mark.parametrize("noise", [0, 25])
@pytest.mark.parametrize("written", [ADDRESS, ADDRESS.upper()])
def test_each_point_is_told(family: str, noise: float, written: str) -> None:
    assert told(*line_of(written, family, noise), written) == POINTS


def columns_of(pixels: Pixels, place: tuple[float, float]) -> slice:
    left, right = (round(edge * pixels.shape[1]) for edge in place)
    return slice(left, right)


def test_one_that_is_not_in_the_ink_is_not() -> None:
    pixels, places = line_of(ADDRESS)
    pixels[:, columns_of(pixels, places[2])] = 255
    assert told(pixels, places, ADDRESS) == POINTS - {2}


def test_nor_is_a_speck_above_the_line_or_one_that_is_much_larger() -> None:
    for row, half in ((30, 3), (47, 7)):
        pixels, places = line_of(ADDRESS)
        columns = columns_of(pixels, places[2])
        pixels[:, columns] = 255
        middle = (columns.start + columns.stop) // 2
        cv2.rectangle(pixels, (middle - half, row - half), (middle + half, row + half), 0, -1)
        assert 2 not in told(pixels, places, ADDRESS)


def test_nothing_is_told_without_letters_to_measure_by() -> None:
    pixels = np.full((70, 100), 255, np.uint8)
    pixels[50:54, 10:14] = 0
    assert told(pixels, [(0.0, 0.3), (0.3, 1.0)], ".1") == set()


@pytest.mark.parametrize("family", [SANS, SERIF])
@pytest.mark.parametrize("written", ["dr_roy@noroit.qc.ca", "DR_ROY@NOROIT.QC.CA"])
def test_an_underscore_is_told_and_no_space_nor_a_hyphen_that_is_read_as_one(family: str, written: str) -> None:
    assert 2 in told(*line_of(written, family), written)
    for other in (" ", "-"):
        assert 2 not in told(*line_of(written.replace("_", other), family), written)
