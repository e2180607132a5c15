"""What a pen has gone over: readers read type rightly through a thin stroke, and would pass the correction over."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from scanned_forms import Pixels
from test_addresses import drawn
from test_weigh import EMAIL, NAME, PHONE, TRUSTING, said
from typed_lines import SANS, SERIF, line_of

from pipeline.weighing.weigh import weigh
from pipeline.witnesses.amended import AMENDED, AMENDED_ADDRESS, amended_probability, looked_over
from pipeline.witnesses.testimony import Testimony as Heard
from pipeline.writing.lines import PAD_Y, SPARE

TEXTS = [
    "milena.gorska@kinea.ca",
    "j_roy-pageau1948@videotron.ca",
    "Félix-Étienne Çubrić",
    "418 555-0172",
    "2022-04-19",
]


def stroked(text: str, family: str, way: str, rank: int = 6) -> Pixels:
    """The line with a pen's stroke through its letter `rank`."""
    pixels, places = line_of(text, family)
    width = pixels.shape[1]
    left, right = round(places[rank][0] * width), round(places[rank][1] * width)
    ends = {
        "dash": ((left - 5, 38), (right + 5, 35)),
        "slash": ((left, 54), (right, 12)),
        "long dash": ((left - 4, 34), (right + 60, 38)),
    }
    cv2.line(pixels, *ends[way], 30, 4, cv2.LINE_AA)
    return pixels


@pytest.mark.parametrize("family", [SANS, SERIF])
@pytest.mark.parametrize("noise", [0, 25])
@pytest.mark.parametrize("text", TEXTS)
def test_what_is_typed_and_left_alone_is_not_amended(text: str, family: str, noise: float) -> None:
    assert amended_probability(line_of(text, family, noise)[0]) < AMENDED


@pytest.mark.parametrize("family", [SANS, SERIF])
@pytest.mark.parametrize("way", ["dash", "slash", "long dash"])
@pytest.mark.parametrize("text", TEXTS)
def test_a_pens_stroke_through_a_letter_is_seen(text: str, way: str, family: str) -> None:
    assert amended_probability(stroked(text, family, way)) >= AMENDED


@pytest.mark.parametrize("size", [(6, 9), (40, 3000), (200, 30)])
def test_a_line_of_any_size_can_be_asked_about(size: tuple[int, int]) -> None:
    blank = cv2.resize(line_of("a")[0], size[::-1])
    assert 0.0 <= amended_probability(blank) <= 1.0


def test_only_what_is_typed_is_looked_over() -> None:
    """A hand's strokes go where they go."""
    ink = replace(said(NAME, "Gorska").line, pixels=stroked("Gorska", SANS, "slash", rank=2))
    typed, written = (replace(said(NAME, "Gorska", ink=ink), pen=pen, pictures={"plain": ink.pixels}) for pen in (0, 1))
    assert [each.amended >= AMENDED for each in looked_over([typed, written])] == [True, False]


def on_a_ragged_rule(text: str) -> Heard:
    """The address as PP-OCR placed it, whose underscore has met a rule: thick, and longer than it was."""
    pixels, places = line_of(text)
    heard = drawn(text, pixels, places, score=0.99)
    left, right = (round(edge * pixels.shape[1]) for edge in places[text.index("_")])
    foot = int(np.flatnonzero((pixels[:, : round(places[0][1] * pixels.shape[1])] < 128).any(axis=1))[-1]) + 1
    cv2.line(pixels, (left, foot + 1), (right, foot + 3), 20, 5)
    line = replace(heard.line, pixels=pixels, foot=foot - PAD_Y - SPARE)
    return replace(heard, line=line, pictures={"plain": pixels}, pen=0.0)


def test_an_underscore_is_no_stroke_of_a_pen() -> None:
    """Of three addresses with one on a rule all were doubts for it (seeds 712 to 715)."""
    heard = on_a_ragged_rule("n_roy@polymed.org")
    assert amended_probability(heard.line.pixels) >= AMENDED_ADDRESS, "it looks like one"
    (seen,) = looked_over([heard])
    assert seen.amended < AMENDED_ADDRESS


def test_nor_is_a_plus_among_capitals() -> None:
    """As high as they are it is a cross: two addresses of seeds 726 and 727 were doubts for it."""
    text = "EMILIE.STPIERRE+RAMQ@KINEA.CA"
    pixels, places = line_of(text)
    heard = drawn(text, pixels, places, score=0.99)
    left, right = (round(edge * pixels.shape[1]) for edge in places[text.index("+")])
    middle = (left + right) // 2
    cv2.line(pixels, (middle, 12), (middle, 54), 30, 4, cv2.LINE_AA)
    cv2.line(pixels, (left, 34), (right - 1, 32), 30, 4, cv2.LINE_AA)
    assert amended_probability(pixels) >= AMENDED_ADDRESS, "it looks like one"
    (seen,) = looked_over([replace(heard, pictures={"plain": pixels}, pen=0.0)])
    assert seen.amended < AMENDED_ADDRESS


def test_but_what_is_above_one_may_be() -> None:
    heard = on_a_ragged_rule("n_roy@polymed.org")
    left, right = (round(edge * heard.line.pixels.shape[1]) for edge in line_of("n_roy@polymed.org")[1][1])
    cv2.line(heard.line.pixels, (left - 12, 36), (right + 12, 30), 30, 4, cv2.LINE_AA)
    (seen,) = looked_over([heard])
    assert seen.amended >= AMENDED_ADDRESS


@pytest.mark.parametrize(
    ("field", "text"), [(EMAIL, "zue.ruy@gmail.com"), (PHONE, "418 555-0172"), (NAME, "Gorska"), (PHONE, "418 555-01")]
)
def test_what_is_amended_is_a_doubt_whatever_all_read(field: object, text: str) -> None:
    """Be it right, and be it no valid number at all: the correction may say what was meant."""
    heard = said(field, *[text] * 5)  # type: ignore[arg-type]
    assert weigh(heard, 1.0, TRUSTING).confidence > 0.99
    assert weigh(replace(heard, amended=AMENDED), 1.0, TRUSTING).confidence <= 0.9
