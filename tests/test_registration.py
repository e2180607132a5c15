"""The measure of how well pages are laid on their blanks: it sees what is there, to a fraction of a pixel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.geometry.dots import distances, find_dots, make_dots
from benchmarks.geometry.press import filled, press
from benchmarks.geometry.ways import WAYS, Way, fed, on_a4, printed_at, upside_down
from benchmarks.registration import MOST, USUAL, Tally, Tools, laid_pages, measure, residuals_of, send
from benchmarks.synthesis.paper import POINT
from pipeline.config import Settings
from pipeline.document import open_document
from pipeline.identify import identify
from pipeline.ocr import load_engines
from pipeline.specs import load_spec, load_specs

if TYPE_CHECKING:
    from pipeline.model import Pixels

SPECS = load_specs(Path(__file__).parent.parent / "forms_specs")
LETTER = (3300, 2550)


@pytest.fixture(scope="module")
def tools() -> Tools:
    return Tools(Settings(), SPECS, tuple(load_engines(("paddle",))))


def way(name: str) -> Way:
    return next(each for each in WAYS if each.name == name)


def test_dots_are_found_where_they_are() -> None:
    dots = make_dots(LETTER)
    off, lost = distances(dots.middles * POINT, find_dots(dots.pixels, 300))
    assert (len(off), lost) == (len(dots.middles), 0)
    assert off.max() < 0.01


@pytest.mark.parametrize(
    ("bend", "x", "y"),
    [
        (upside_down, 612 - 100.0, 792 - 200.0),
        (printed_at(0.97), 306 + 0.97 * (100 - 306), 396 + 0.97 * (200 - 396)),
        (on_a4, 100 * 2480 / 2550, 3508 / 3300 * 396 + (200 - 396) * 2480 / 2550),
        (fed(0.01, 0), 100.0, 202.0),
    ],
)
def test_a_way_takes_a_point_where_it_says(bend: Callable[[Pixels], Pixels], x: float, y: float) -> None:
    """One dot at (100, 200) points, and where it is on the sheet that arrives."""
    sheet = np.full(LETTER, 255, np.uint8)
    sheet[round(200 * POINT) - 8 : round(200 * POINT) + 8, round(100 * POINT) - 8 : round(100 * POINT) + 8] = 0
    rows, columns = np.nonzero(bend(sheet) < 128)
    assert columns.mean() + 0.5 == pytest.approx(x * POINT, abs=0.8)
    assert rows.mean() + 0.5 == pytest.approx(y * POINT, abs=0.8)


def test_writing_is_moved_onto_the_pressed_page() -> None:
    spec = SPECS[0]
    page = spec.blank_pixels(1, 300).copy()
    assert np.array_equal(filled(spec, 1, page), press(spec, 1))
    page[1000:1010, 1000:1200] = 20
    written = filled(spec, 1, page)
    assert (written[1000:1010, 1000:1200] <= 20).all()
    assert (written != press(spec, 1)).sum() <= 2000


@pytest.mark.parametrize("name", ["flatbed, clean", "fax", "on A4, office"])
def test_pages_are_laid_as_well_as_is_required(name: str, tools: Tools) -> None:
    tally = Tally()
    measure(send(np.random.default_rng(5), SPECS, way(name), seed=6), tools, tally)
    assert tally.refused == tally.wrong == 0
    assert len(tally.residuals) == tally.pages
    for residuals in tally.residuals:
        assert len(residuals) > 20
        assert np.percentile(residuals, 95) <= USUAL
        assert residuals.max() <= MOST


def test_a_page_laid_wrongly_is_seen(tools: Tools) -> None:
    """Five pixels to the right, and a hundred: no dot passes for another."""
    sent = send(np.random.default_rng(5), SPECS, way("flatbed, clean"), seed=6)
    found = identify(open_document(sent.content, tools.settings.limits), SPECS, tools.engines)
    laid, dots = next(laid_pages(found, sent))
    for pixels in (5, 100):
        shift = np.array([[1, 0, pixels], [0, 1, 0], [0, 0, 1]], np.float64)
        wrong = replace(laid, homography=shift @ laid.homography)
        residuals, _ = residuals_of(wrong, dots, sent.spec)
        assert np.median(residuals) > 4


def test_a_document_taken_for_another_is_counted(tools: Tools) -> None:
    sent = send(np.random.default_rng(5), SPECS, way("flatbed, clean"), seed=6)
    other = next(spec for spec in SPECS if spec.name != sent.spec.name)
    tally = Tally()
    measure(replace(sent, spec=load_spec(other.folder)), tools, tally)
    assert (tally.wrong, tally.residuals) == (len(other.page), [])
