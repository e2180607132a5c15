"""Generated scans: what people do to paper is done where the truth says so, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from matplotlib import font_manager
from scanned_forms import Pixels

from benchmarks.synthesis.amendments import amend, paint_over, rule_out
from benchmarks.synthesis.paper import DPI, POINT, lay
from benchmarks.synthesis.pen import Pen, write
from pipeline.model import Box

FONT = Path(font_manager.findfont("DejaVu Sans"))
TYPE, HAND = Pen(FONT, typed=True, size=9.5, ink=20), Pen(FONT, typed=False, size=7.0, ink=60, stroke=4.0)
BOX = Box(20, 20, 220, 40)
BLANK = np.full((250, 1000), 250, np.uint8)


def typed(text: str) -> Pixels:
    page = BLANK.copy()
    cover, base = write(np.random.default_rng(1), TYPE, text, DPI)
    lay(page, cover, BOX.x0 * POINT, (BOX.y1 - 5) * POINT - base, TYPE.ink)
    return page


@pytest.mark.parametrize("seed", range(8))
def test_a_correction_darkens_the_paper_about_one_letter(seed: int) -> None:
    page = typed("zue.ruy@gmail.com")
    before = page.copy()
    assert amend(np.random.default_rng(seed), page, BLANK, BOX, HAND)
    rows, columns = np.nonzero(page != before)
    assert (page <= before).all()
    assert len(rows) > 20
    assert np.ptp(columns) < 2.5 * 9.5 * POINT
    assert BOX.y0 * POINT - 40 < rows.min() and rows.max() < BOX.y1 * POINT + 40


@pytest.mark.parametrize("seed", range(4))
def test_a_ruler_strikes_out_all_of_it(seed: int) -> None:
    page = typed("zue.ruy@gmail.com")
    before = page.copy()
    assert rule_out(np.random.default_rng(seed), page, BLANK, BOX, HAND)
    struck, written = (np.flatnonzero((each < 128).any(axis=0)).tolist() for each in (page, before))
    assert {*range(written[0], written[-1] + 1)} <= {*struck}


@pytest.mark.parametrize("seed", range(8))
def test_painting_over_takes_ink_away_within_the_line(seed: int) -> None:
    page = typed("zue.ruy@gmail.com")
    before = page.copy()
    assert paint_over(np.random.default_rng(seed), page, BLANK, BOX)
    assert (page >= before).all()
    left = np.flatnonzero((page < 128).any(axis=0))
    assert {left[0], left[-1]} == {*np.flatnonzero((before < 128).any(axis=0))[[0, -1]]}


def test_where_nothing_is_written_nothing_is_corrected() -> None:
    page = BLANK.copy()
    assert not amend(np.random.default_rng(1), page, BLANK, BOX, HAND)
    assert not rule_out(np.random.default_rng(1), page, BLANK, BOX, HAND)
    assert not paint_over(np.random.default_rng(1), page, BLANK, BOX)
    assert (page == BLANK).all()
