"""The benchmark against other ways counts what it says: times, fields and what is required."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from benchmarks.compare import measure, usable
from benchmarks.cost.costs import Cost, table, verdicts
from benchmarks.cost.page_text import Piece, found_anywhere, in_their_boxes, judged_kindly
from benchmarks.cost.plain import DPI, cut_naively, laid_naively, missing_tools, read_list
from benchmarks.cost.scans import Machine, Scan, find_scans, right_keys, spread, trimmed, written_keys
from benchmarks.cost.stages import STAGES, FollowedEngine, Stages, cpu_seconds
from benchmarks.cost.ways import Way, list_way, naive_way, our_way
from pipeline import process
from pipeline.config import load
from pipeline.model import Crop, Kind, Source
from pipeline.ocr import CannedEngine, load_engines
from pipeline.specs import FormSpec, load_spec, load_specs

ROOT = Path(__file__).parent.parent
SPECS, SAMPLES = ROOT / "forms_specs", ROOT / "samples"
FONT = ROOT / "pipeline" / "show" / "fonts" / "DejaVuSans.ttf"


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
        assert right_keys(scan, values) == {"section2.family_name", "section2.telephone"}
        assert written_keys(scan) == ["section2.family_name", "section2.given_name", "section2.telephone"]

    def test_a_field_not_read_is_not_right(self, spec: FormSpec) -> None:
        assert right_keys(scan_of(spec, TRUTH), {}) == set()
        assert len(written_keys(scan_of(spec, TRUTH))) == 5

    def test_fields_of_a_page_that_is_not_there_do_not_count(self, spec: FormSpec) -> None:
        assert written_keys(scan_of(spec, TRUTH, pages=())) == []

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


def way_called(name: str, lacking: str = "") -> Way:
    return Way(name, name, lambda scan, stages: None, lambda scan, given: (), lambda: lacking)


WAYS = [way_called("ours"), way_called("naive"), way_called("ocrmypdf")]


def costs_of(fill: str, naive: float, right: int) -> dict[str, list[Cost]]:
    """Two documents of two pages and ten fields each: ours at one second a page with nine right."""
    named = {"ours": (1.0, 9), "naive": (naive, right), "ocrmypdf": (1.5, 9)}
    return {
        name: [Cost(fill, 2, [2 * each, 2 * each, 99.0], [0.0, 0.0, 0.0], rights, 10) for _ in range(2)]
        for name, (each, rights) in named.items()
    }


class TestVerdicts:
    @pytest.mark.parametrize(
        ("fill", "naive", "right", "met"),
        [
            ("typed", 10.0, 9, True),
            ("typed", 9.9, 3, False),
            ("typed", 20.0, 10, False),
            ("hand", 6.0, 3, True),
            ("hand", 5.9, 3, False),
        ],
    )
    def test_as_cheap_as_required_and_no_less_right(self, fill: str, naive: float, right: int, met: bool) -> None:
        first, second = verdicts(WAYS, costs_of(fill, naive, right))
        assert first.endswith(": met" if met else ": NOT met")
        assert (
            second
            == f"{fill}: at least 1 times cheaper than ocrmypdf and no less right: 1.50 times, 90.0% to 90.0%: met"
        )

    def test_a_row_a_way_with_the_median_of_the_rounds_and_n(self) -> None:
        lines = table(WAYS, costs_of("hand", 7.0, 3), "hand")
        assert lines[2].split() == ["naive", "7000", "-", "7.00", "7.00-7.00", "30.0%"]
        assert "(n = 2 documents, 20 written fields)" in lines
        assert table(WAYS, costs_of("hand", 7.0, 3), "typed") == []

    def test_a_way_that_this_machine_lacks_is_named_with_what_it_needs(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        ways = [*WAYS, way_called("better", "needs: apt-get install better")]
        assert [way.name for way in usable(ways, [])] == ["ours", "naive", "ocrmypdf"]
        assert "SKIPPED better: needs: apt-get install better" in capsys.readouterr().err
        assert [way.name for way in usable(WAYS, ["naive"])] == ["ours", "naive"]

    def test_documents_are_taken_evenly(self) -> None:
        assert spread("abcdefgh", 3) == ["a", "c", "f"]
        assert spread("ab", 3) == spread("ab", None) == "ab"


class TestKindness:
    """What others read is right wherever it can be taken for right."""

    def test_signs_of_a_comb_may_come_apart(self, spec: FormSpec) -> None:
        texts = {"section2.family_name": "L' É c u y e r\n", "section2.given_name": "Z0é", "section2.telephone": ""}
        assert judged_kindly(scan_of(spec, TRUTH), texts) == {"section2.family_name": "L'Écuyer"}

    def test_a_value_may_stand_anywhere_on_the_page(self, spec: FormSpec) -> None:
        page = "Nom de famille L’ Écuyer Prénom 20e\nTéléphone ( 418 ) 555 - 0123 poste Roy"
        found = found_anywhere(scan_of(spec, TRUTH), page)
        assert set(found) == {"section2.family_name", "section2.telephone", "section3.family_name"}

    def test_what_lies_in_a_field_is_its_text_line_by_line(self, spec: FormSpec) -> None:
        x0, y0, x1, y1 = next(each.box for each in spec.field if each.key == "section3.family_name")
        middle = (y0 + y1) / 2
        pieces = [
            Piece(1, (x0 + x1) / 2, middle, "Tremblay"),
            Piece(1, x0 + 2, middle, "Roy"),
            Piece(1, x0 + 2, y0 - 6, "Nom de famille"),
            Piece(2, x0 + 2, middle, "elsewhere"),
        ]
        assert in_their_boxes(scan_of(spec, TRUTH), pieces)["section3.family_name"] == "Roy Tremblay"


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
        assert (
            missing_tools()
            == "needs on Debian and Ubuntu: apt-get install poppler-utils tesseract-ocr tesseract-ocr-fra"
        )
        assert "poppler" not in missing_tools(poppler=False)

    def test_one_call_reads_a_list_in_its_order(self) -> None:
        cuts = {"first": written("4185550123"), "none": np.full((60, 200), 255, np.uint8), "last": written("670950")}
        texts = {key: text.strip() for key, text in read_list(cuts).items()}
        assert (texts["first"], texts["last"]) == ("4185550123", "670950")
        assert read_list({}) == {}

    def test_of_a_file_that_cannot_be_drawn_nothing_is_cut(self, spec: FormSpec) -> None:
        assert cut_naively(scan_of(spec, TRUTH)) == {}


def written(text: str) -> np.ndarray:
    pixels = np.full((80, 400), 255, np.uint8)
    image = Image.fromarray(pixels)
    font = ImageFont.truetype(str(FONT), 40)
    ImageDraw.Draw(image).text((20, 15), text, font=font, fill=0)
    return np.asarray(image)


class TestLifted:
    def test_ink_is_cut_out_black_on_white(self) -> None:
        ink = np.zeros((50, 300), np.uint8)
        ink[20:30, 100:140] = 255
        assert trimmed(ink).shape == (50, 80)
        assert trimmed(ink)[25, 40] == 0
        assert trimmed(np.zeros((50, 300), np.uint8)).min() == 255


class TestWhole:
    """Real documents by real ways."""

    def test_a_sample_goes_every_way(self, machine: Machine) -> None:
        scans, passed = find_scans(SAMPLES, machine, 1)
        assert len(scans) == 1 and not passed
        ways = usable([our_way(machine), naive_way(), list_way()], [])
        costs, stages = measure(scans, ways, 1)
        assert costs["ours"][0].right > costs["naive"][0].right
        assert {"open", "register", "lift", "tesseract"} <= set(stages)
        assert costs["naive"][0].seconds[0] > costs["naive"][0].ocr[0] > 0


@pytest.fixture(scope="module")
def machine() -> Machine:
    settings = load(ROOT / "config.toml")
    return Machine(settings, load_specs(SPECS), load_engines(settings.ocr.engines))
