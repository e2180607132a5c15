"""How much of a glyph is one of two letters that look alike."""

from __future__ import annotations

import numpy as np
import pytest
from typed_lines import SANS, SERIF, line_of

from pipeline.glyphs.likeness import Ink, blend, correlation


def inks_of(letters: str, family: str, noise: float = 0.0) -> list[Ink]:
    """Each letter typed by itself, 0 where there is no ink."""
    return [np.float32(255) - line_of(letter, family, noise)[0].astype(np.float32) for letter in letters]


def pictures_of(letter: str, family: str) -> list[Ink]:
    """Two pictures of a letter, cut to its ink."""
    (ink,) = inks_of(letter, family)
    rows, columns = (np.flatnonzero((ink > 128).any(axis=axis)) for axis in (1, 0))
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return [cut, cut * np.float32(0.9)]


@pytest.mark.parametrize("family", [SANS, SERIF])
@pytest.mark.parametrize("noise", [0, 40])
@pytest.mark.parametrize("pair", ["l1", "o0", "I1", "O0"])
def test_ink_is_of_the_letter_that_it_is(pair: str, family: str, noise: float) -> None:
    first, second = (pictures_of(letter, family) for letter in pair)
    for letter, share in zip(pair, (1.0, 0.0), strict=True):
        (ink,) = inks_of(letter, family, noise)
        assert blend(ink, first, second).share == pytest.approx(share, abs=0.3)
        assert blend(ink, second, first).share == pytest.approx(1 - share, abs=0.3)


def test_what_is_neither_is_explained_by_neither() -> None:
    one, other = (pictures_of(letter, SANS) for letter in "l1")
    (own,), (stranger,) = inks_of("l", SANS), inks_of("W", SANS)
    assert blend(own, one, other).explained > 0.95
    assert blend(stranger, one, other).explained < blend(own, one, other).explained - 0.2


def test_paper_is_like_nothing() -> None:
    paper = np.zeros((40, 30), np.float32)
    (letter, _) = pictures_of("l", SANS)
    assert correlation(paper, letter) == 0
    assert blend(paper, [letter], pictures_of("1", SANS)).explained == 0
