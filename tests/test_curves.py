"""The benchmark of how cost grows measures what it says: editions that load, real commands, memory of them all."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from benchmarks.cost.command import pss, tree
from benchmarks.cost.editions import Look, make_editions
from benchmarks.cost.made import make_document
from benchmarks.cost.points import Point, around, empty_documents
from benchmarks.curves import CURVES, row
from benchmarks.report import report
from pipeline.config import Limits
from pipeline.document import open_document
from pipeline.specs import load_spec, load_specs

SPENT = dict.fromkeys(("dispatcher", "behind the wall", "a look", "a document", "a page"), 7.0)
SPECS = Path(__file__).parent.parent / "forms_specs"

COSTS = {"fill": "typed", "pages": 2, "seconds": [2.0, 4.0, 90.0], "ocr": [0, 0, 0], "right": 9, "fields": 10}
COMPARED = {
    "titles": {"ours": "ours", "naive": "(a) naive"},
    "costs": {"ours": [COSTS], "naive": [COSTS | {"seconds": [30.0], "right": 5}]},
    "stages": {"lift": 0.25, "paddle": 0.75},
}


class TestEditions:
    @pytest.mark.parametrize("look", Look)
    def test_more_editions_are_those_known_and_others_with_footers_of_their_own(
        self, look: Look, tmp_path: Path
    ) -> None:
        make_editions(SPECS, tmp_path / "specs", 20, look)
        specs = load_specs(tmp_path / "specs")
        assert len(specs) == 20
        assert {spec.name for spec in load_specs(SPECS)} < {spec.name for spec in specs}
        assert len({spec.page[0].footer for spec in specs}) == 20
        made = next(spec for spec in specs if spec.number == "4058" and spec.edition.startswith("2026"))
        same = made.blank_pixels(1, 50)[:-40] == load_spec(SPECS / "4058" / "2022-03").blank_pixels(1, 50)[:-40]
        assert np.all(same) == (look is Look.SAME)


class TestDocuments:
    def test_a_form_has_as_many_letters_behind_it_as_wanted(self) -> None:
        spec = load_spec(SPECS / "4058" / "2022-03")
        content, source = make_document(spec, 1, others=2)
        assert len(open_document(content, Limits()).pages) == 3
        assert source.received.year >= 2022
        assert make_document(spec, 1, others=2)[0] == content


class TestCommand:
    def test_what_is_around_the_reading_is_counted_for_each_document(self) -> None:
        point = around(4)
        assert point.size == 4
        assert point.milliseconds["dispatcher"] > 1
        assert point.milliseconds["behind the wall"] > 1
        assert point.peak > 20

    def test_documents_to_read_are_all_different(self) -> None:
        assert len(set(empty_documents(500))) == 500

    def test_memory_is_that_of_a_process_and_all_below_it(self) -> None:
        hold = "import time; block = bytearray(50_000_000); time.sleep(20)"
        start = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}])"
        with subprocess.Popen([sys.executable, "-c", start]) as process:
            held = 0.0
            for _ in range(100):
                time.sleep(0.05)
                held = max(held, sum(pss(each) for each in tree(process.pid)))
                if held > 50:
                    break
            for each in reversed(list(tree(process.pid))):
                subprocess.run(["kill", str(each)], check=False)
        assert held > 47.6
        assert pss(process.pid) == 0


class TestReport:
    def test_what_was_measured_becomes_tables_and_pictures(self, tmp_path: Path) -> None:
        (tmp_path / "compare.json").write_text(json.dumps(COMPARED))
        curves = {name: [asdict(Point(size, SPENT, 300.0)) for size in (9, 200)] for name in CURVES}
        (tmp_path / "curves.json").write_text(json.dumps(curves))
        report(tmp_path, tmp_path / "pictures")
        said = (tmp_path / "figures.md").read_text()
        assert "| ours | 2,000 | 1.0 | 90.0 % |" in said
        assert "| (a) naive | 15,000 | 7.5 | 50.0 % |" in said
        assert "| paddle | 750.0 | 75.0 % |" in said
        assert "| 200 | 7.0 | 7.0 | 7.0 | 7.0 | 7.0 | 300 |" in said
        pictures = {path.name: path.stat().st_size for path in (tmp_path / "pictures").iterdir()}
        assert set(pictures) == {f"performance-{name}.png" for name in ("beside", "stages", "growth", "memory")}
        assert max(pictures.values()) < 60_000

    def test_without_figures_it_says_what_is_missing(self, tmp_path: Path) -> None:
        with pytest.raises(SystemExit, match=r"nothing was measured yet: no compare\.json or curves\.json"):
            report(tmp_path, tmp_path)


class TestPrinting:
    def test_a_point_says_its_size_cost_memory_and_notes(self) -> None:
        said = row(Point(200, {"a page": 12.34}, 345.6, {"right": 15}))
        assert said.split() == ["200", "a", "page", "12.3", "ms", "memory", "346", "MB", "right", "15"]

    def test_sizes_reach_as_far_as_required(self) -> None:
        assert CURVES["around"].sizes[0] == 10 and CURVES["around"].sizes[-1] == 3000
        assert CURVES["same-look"].sizes[0] == CURVES["other-looks"].sizes[0] == len(load_specs(SPECS))
        assert CURVES["same-look"].sizes[-1] == CURVES["other-looks"].sizes[-1] == 200
