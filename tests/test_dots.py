"""An i, a j, and what has no dot, told from one another in a line of small letters."""

from __future__ import annotations

import numpy as np
import pytest
from typed_lines import SANS, SERIF, line_of

from pipeline.glyphs.dots import told_by_dots
from pipeline.glyphs.placed import Place


def told(written: str, read: str, family: str = SANS, noise: float = 0.0) -> set[int]:
    pixels, places = line_of(written, family, noise)
    return set(told_by_dots(pixels, [Place(letter, *place) for letter, place in zip(read, places, strict=True)]))


@pytest.mark.parametrize("family", [SANS, SERIF])
@pytest.mark.parametrize("noise", [0, 25])
def test_each_that_is_read_as_it_is_written_is_told(family: str, noise: float) -> None:
    assert told("milena1.rola", "milena1.rola", family, noise) == {1, 2, 6, 10}


def test_a_j_is_told_where_no_other_letter_stands_over_its_tail() -> None:
    assert told("roja", "roja", SANS) == {2}


@pytest.mark.parametrize("family", [SANS, SERIF])
@pytest.mark.parametrize(
    ("written", "read"),
    [("mario", "marlo"), ("marlo", "mario"), ("mar1o", "mario"), ("roja", "roia"), ("maria", "marja")],
)
def test_one_that_is_read_as_another_is_not(written: str, read: str, family: str) -> None:
    assert told(written, read, family) == set()


def test_an_l_and_a_one_are_the_same_to_it() -> None:
    assert told("marlo", "mar1o") == {3}


def test_a_dot_that_has_run_into_its_stem_does_not_make_it_tall() -> None:
    pixels, places = line_of("mario")
    left, right = (round(edge * pixels.shape[1]) for edge in places[3])
    stem = pixels[:, left:right]
    inked = np.flatnonzero((stem < 128).any(axis=1))
    between = [row for row in range(inked[0], inked[-1]) if row not in inked]
    assert between
    columns = np.flatnonzero((stem < 128).any(axis=0))
    stem[between, columns[len(columns) // 2]] = 60
    read = [Place(letter, *place) for letter, place in zip("marlo", places, strict=True)]
    assert told_by_dots(pixels, read) == frozenset()


def test_nothing_is_told_without_letters_to_measure_by() -> None:
    assert told("il", "il") == set()
