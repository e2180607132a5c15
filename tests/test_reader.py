"""The crops that our reader learns from: they hold what they say, and come back with their seed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from random import Random

import cv2
import numpy as np
import pytest
import reportlab

from benchmarks.reader import people, texts
from benchmarks.reader.crops import CropMaker
from benchmarks.reader.fonts import Font, load_fonts
from benchmarks.reader.glyphs import ASKED, PageMaker
from benchmarks.reader.noise import QUALITIES, Quality, degrade
from pipeline.glyphs.kinds import SIGNS
from pipeline.model import Kind
from pipeline.specs import load_specs
from pipeline.values import canonical

SPECS = load_specs(Path(__file__).parent.parent / "forms_specs")
VERA = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
FONTS = {"typed": (Font("vera", "typed", VERA),), "hand": (Font("vera", "hand", VERA),)}


@pytest.mark.parametrize("quality", QUALITIES)
def test_the_matrix_says_where_the_ink_went(quality: Quality) -> None:
    paper = np.full((900, 900), 255, np.uint8)
    cv2.circle(paper, (300, 600), 25, 0, -1)
    for seed in range(5):
        scan = degrade(paper, quality, np.random.default_rng(seed), whole=False)
        there = scan.matrix @ [300.5, 600.5, 1]
        column, row = there[:2] / there[2]
        inner = cv2.GaussianBlur(scan.pixels, (0, 0), 2)[8:-8, 8:-8].astype(float)
        rows, columns = np.nonzero(inner < inner.min() + 0.4 * (np.median(inner) - inner.min()))
        assert abs(np.median(columns) + 8.5 - column) < 4
        assert abs(np.median(rows) + 8.5 - row) < 4
        assert scan.bilevel == (set(np.unique(scan.pixels)) <= {0, 255})


def test_people_have_valid_addresses_and_telephones() -> None:
    rng = Random(3)
    for _ in range(300):
        assert canonical(Kind.EMAIL, "section2.email", people.person(rng).email), "an address is invalid"
        number = people.phone(rng)
        assert canonical(Kind.PHONE, "section2.telephone", people.written_phone(rng, number)) == f"+1{number}"
        day = date(2022, rng.randint(1, 12), rng.randint(1, 28))
        written = people.written_date(rng, day.year, day.month, day.day)
        assert canonical(Kind.DATE, "section2.signed_on", written) == day.isoformat(), written


def test_crops_hold_what_they_say() -> None:
    maker = CropMaker(SPECS, FONTS, 11)  # type: ignore[arg-type]
    samples = [maker.make() for _ in range(40)]
    assert {sample.kind for sample in samples} == set(texts.KINDS)
    for sample in samples:
        assert set(sample.text) <= set(texts.CHARACTERS) | {" "}
        assert (sample.pixels < 128).any()
        again = CropMaker(SPECS, FONTS, 11).make()  # type: ignore[arg-type]
    assert again.text == samples[0].text
    assert (again.pixels == samples[0].pixels).all()


def test_pages_of_glyphs_hold_what_they_say() -> None:
    """A look-alike is as often what it is taken for, and stands in the middle of its window."""
    maker = PageMaker(SPECS, FONTS, 5)  # type: ignore[arg-type]
    pages = [maker.page() for _ in range(12)]
    signs = [SIGNS[sign] for page in pages for sign in page.signs]
    assert min(signs.count(sign) for sign in "o0l1i") > 3
    for page in pages:
        assert len(page.glyphs) == len(page.signs) <= ASKED
        assert len(page.letters) == len(page.kinds)
    middles = [window[:, 17:23].any() for page in pages for window in page.glyphs]
    assert sum(middles) > 0.95 * len(middles)
    again = PageMaker(SPECS, FONTS, 5).page()  # type: ignore[arg-type]
    assert again.signs == pages[0].signs
    assert (again.glyphs == pages[0].glyphs).all()


def test_fonts_for_judging_are_not_those_for_training(tmp_path: Path) -> None:
    (tmp_path / "hand").mkdir()
    for name in ("kalam", "caveat"):
        (tmp_path / "hand" / f"{name}.ttf").write_bytes(VERA.read_bytes())
    assert [font.name for font in load_fonts(tmp_path, "hand", held_out=True)] == ["kalam"]
    assert [font.name for font in load_fonts(tmp_path, "hand", held_out=False)] == ["caveat"]
    with pytest.raises(FileNotFoundError):
        load_fonts(tmp_path, "typed", held_out=False)
