"""The benchmark against the naive way counts what it says: times, fields and the share that is required."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.cost.plain import DPI, laid_naively, missing_tools
from benchmarks.cost.scans import Scan, count_right
from benchmarks.cost.stages import STAGES, FollowedEngine, Stages, cpu_seconds
from benchmarks.naive import Cost, verdict
from pipeline import process
from pipeline.model import Crop, Kind, Source
from pipeline.ocr import CannedEngine
from pipeline.specs import FormSpec, load_spec

SPECS = Path(__file__).parent.parent / "forms_specs"


@pytest.fixture(scope="module")
def spec() -> FormSpec:
    return load_spec(SPECS / "4058" / "2022-03")


def scan_of(spec: FormSpec, truth: dict[str, Any], *unclear: str, pages: tuple[int, ...] = (1,)) -> Scan:
    source = Source(path="a.pdf", received=datetime(2022, 4, 5, tzinfo=UTC))
    return Scan("a.pdf", b"", source, spec, pages, "typed, clean", truth, frozenset(unclear))


TRUTH: dict[str, Any] = {
    "section2.family_name": "L'Écuyer",
    "section2.given_name": "Zoé",
    "section2.telephone": "+14185550123",
    "section2.telephone_extension": None,
    "section2.email": "zoe@@example",
    "section2.signature": True,
    "section3.family_name": "Roy",
}


class TestFields:
    def test_what_is_written_and_clear_counts_whole(self, spec: FormSpec) -> None:
        scan = scan_of(spec, TRUTH, "section2.email", "section3.family_name")
        values = {
            "section2.family_name": "L’Écuyer",
            "section2.given_name": "Zoe",
            "section2.telephone": "+14185550123",
            "section2.telephone_extension": "7",
            "section2.signature": True,
            "section3.family_name": "Roy",
        }
        assert count_right(scan, values) == (2, 3)

    def test_a_field_not_read_is_not_right(self, spec: FormSpec) -> None:
        assert count_right(scan_of(spec, TRUTH), {}) == (0, 5)

    def test_fields_of_a_page_that_is_not_there_do_not_count(self, spec: FormSpec) -> None:
        assert count_right(scan_of(spec, TRUTH, pages=()), {}) == (0, 0)

    def test_ticks_and_signatures_are_not_written(self, spec: FormSpec) -> None:
        kinds = {field.kind for field in scan_of(spec, {}).written}
        assert kinds == set(Kind) - {Kind.CHOICE, Kind.SIGNATURE}


class TestTime:
    def test_a_stage_within_another_is_taken_off_it(self) -> None:
        now = 0.0

        def clock() -> float:
            return now

        stages = Stages(clock)
        with stages.timed("outer"):
            now += 1
            with stages.timed("inner"):
                now += 10
                with stages.timed("outer"):
                    now += 100
            now += 1000
        assert stages.seconds == {"outer": 1101, "inner": 10}

    def test_what_fails_is_timed_too(self) -> None:
        ticks = iter((1.0, 3.0))
        stages = Stages(lambda: next(ticks))
        with pytest.raises(ZeroDivisionError), stages.timed("stage"):
            _ = 1 / 0
        assert stages.seconds == {"stage": 2.0}

    def test_the_functions_are_followed_and_put_back(self) -> None:
        before = [getattr(module, name) for places in STAGES.values() for module, name in places]
        stages = Stages(cpu_seconds)
        with stages.everywhere(), pytest.raises(TypeError):
            vars(process)["open_document"]()
        assert set(stages.seconds) == {"open"}
        assert before == [getattr(module, name) for places in STAGES.values() for module, name in places]

    def test_an_engine_is_a_stage(self) -> None:
        ticks = iter((0.0, 5.0))
        stages = Stages(lambda: next(ticks))
        crop = Crop(np.zeros((4, 4), np.uint8), 300)
        assert FollowedEngine(CannedEngine(["A"]), stages).read([crop])[0].text == "A"
        assert stages.seconds == {"canned": 5.0}

    def test_children_count(self) -> None:
        burn = "import time\nwhile time.process_time() < 0.3: pass"
        began = cpu_seconds()
        subprocess.run([sys.executable, "-c", burn], check=True)
        assert cpu_seconds() - began >= 0.29


class TestVerdict:
    def test_the_ratio_is_that_of_the_medians(self) -> None:
        assert Cost(naive=[4.0, 100.0, 5.0], ours=[0.1, 0.5, 9.0]).ratio == 10.0

    @pytest.mark.parametrize(
        ("ratios", "said"), [((9.0, 10.0, 30.0), ": met"), ((9.0, 9.9, 30.0), ": NOT met"), ((10.0,), "n = 1 ")]
    )
    def test_the_median_decides(self, ratios: tuple[float, ...], said: str) -> None:
        assert said in verdict(ratios)


class TestNaiveWay:
    def test_a_page_upside_down_is_laid_on_its_blank(self, spec: FormSpec) -> None:
        blank = spec.blank_pixels(1, DPI)
        turned = np.ascontiguousarray(np.pad(np.rot90(blank, 2), 20, constant_values=255))
        other = np.full_like(blank, 255)
        flat = laid_naively([other, turned], spec, 1)
        assert flat.shape == blank.shape
        assert np.abs(flat.astype(int) - blank).mean() < 4 < np.abs(blank.astype(int) - np.rot90(blank, 2)).mean()

    def test_what_is_missing_is_named_with_its_package(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        said = missing_tools()
        assert "apt-get install poppler-utils tesseract-ocr tesseract-ocr-fra" in said
