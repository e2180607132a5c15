"""The whole job over samples/, by the command itself: what `make run` does, held against what is right."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pipeline.model import FIELD_KEYS, REASONS, Code, Reason, Verdict
from pipeline.specs import load_specs

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "samples"

Json = dict[str, Any]
# Where a document lies and which bytes it has: enough to tell the samples apart.
Key = tuple[str, str | None]

RECORD_KEYS = {"schema", "id", "source", "form", "decision", "reasons", "fields", "delivery"}
SOURCE_KEYS = {"path", "attachment", "message_id", "sender", "received", "sha256"}
FIELD_RECORD_KEYS = {"value", "raw", "confidence", "source", "page", "box"}
DELIVERY_KEYS = {"channel", "username_to", "temporary_password_to"}
# Compared as one and the same in a text.
SAME = {"’": "'", "–": "-", "—": "-", "œ": "oe", "Œ": "OE"}
# Refusals that rest on no reading: no doubt can excuse leaving them to a person.
CERTAIN = {
    Code.NO_ATTACHMENT,
    Code.NOT_A_PDF,
    Code.DOCUMENT_ENCRYPTED,
    Code.DOCUMENT_UNREADABLE,
    Code.DUPLICATE_DOCUMENT,
}


def read_lines(path: Path) -> list[Json]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


TRUTHS: dict[Key, Json] = {(truth["path"], truth["sha256"]): truth for truth in read_lines(SAMPLES / "truth.jsonl")}


@dataclass(frozen=True)
class Run:
    """One pass over the samples: the lines of every --records file, in order, and what was said beside."""

    lines: tuple[str, ...]
    statuses: tuple[int, ...]
    said: str

    @property
    def records(self) -> list[Json]:
        return [json.loads(line) for line in self.lines]


def run_samples(data: Path) -> Run:
    """Everything under samples/ into the store at `data`, as the command does it for anybody."""
    lines: list[str] = []
    statuses: list[int] = []
    said = ""
    for folder, received in [("mail", ""), *((f"scans/{day.name}", f"{day.name}T12:00:00") for day in scan_days())]:
        out = data / "run.jsonl"
        command = [sys.executable, "-m", "pipeline", "process", f"samples/{folder}", "--data", str(data)]
        command += ["--records", str(out), *(["--received", received] if received else [])]
        # A wide, plain terminal: the table of decisions is not what is looked at here.
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=900, env=os.environ | {"COLUMNS": "200"}
        )
        statuses.append(done.returncode)
        said += done.stdout + done.stderr
        lines += out.read_text(encoding="utf-8").splitlines() if out.is_file() else []
        out.unlink(missing_ok=True)
    return Run(tuple(lines), tuple(statuses), said)


def scan_days() -> list[Path]:
    return sorted(folder for folder in (SAMPLES / "scans").iterdir() if folder.is_dir())


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="session")
def run(data: Path) -> Run:
    return run_samples(data)


@pytest.fixture(scope="session")
def records(run: Run) -> dict[Key, Json]:
    return {key_of(record): record for record in run.records}


def key_of(record: Json) -> Key:
    return record["source"]["path"].removeprefix("samples/"), record["source"]["sha256"]


def base_name(name: str | None) -> str | None:
    return name and re.split(r"[/\\]", name)[-1]


def folded(value: object) -> object:
    """A text without accents and capitals, curved apostrophes and long dashes."""
    if not isinstance(value, str):
        return value
    plain = value
    for written, same in SAME.items():
        plain = plain.replace(written, same)
    letters = unicodedata.normalize("NFD", " ".join(plain.split()))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


def reason_pairs(reasons: list[Any]) -> set[tuple[str, str | None]]:
    """Codes with their fields, of a record's or the truth's reasons; the truth's alternatives are bare codes."""
    return {(reason, None) if isinstance(reason, str) else (reason["code"], reason.get("field")) for reason in reasons}


def name_of(key: Key) -> str:
    return f"{key[0]} {TRUTHS[key]['attachment'] or ''}".strip()


each_document = pytest.mark.parametrize("key", TRUTHS, ids=name_of)


def test_the_truth_tells_documents_apart_and_has_every_decision() -> None:
    assert len(TRUTHS) == 25
    assert {truth["decision"] for truth in TRUTHS.values()} == {verdict.value for verdict in Verdict}


def test_every_document_has_exactly_one_record(run: Run) -> None:
    assert run.statuses == (0,) * len(run.statuses), run.said
    assert sorted(map(str, map(key_of, run.records))) == sorted(map(str, TRUTHS))
    assert len({record["id"] for record in run.records}) == len(TRUTHS)


@each_document
def test_a_record_has_the_keys_of_the_contract(key: Key, records: dict[Key, Json]) -> None:
    record, truth = records[key], TRUTHS[key]
    assert set(record) - {"duplicate_of"} == RECORD_KEYS
    assert record["schema"] == 1
    assert set(record["source"]) == SOURCE_KEYS
    # A folder in an attachment's name is none of ours: a reader may leave it out.
    assert base_name(record["source"]["attachment"]) == base_name(truth["attachment"])
    assert record["source"]["message_id"] == truth["message_id"]
    assert datetime.fromisoformat(record["source"]["received"]) == datetime.fromisoformat(truth["received"])
    assert set(record["form"]) == {"number", "edition", "confidence"}
    for reason in record["reasons"]:
        assert set(reason) == {"code", "field", "message"}
        assert all(reason["message"][language] for language in ("fr", "en"))
    order = [Reason.model_validate(reason).order for reason in record["reasons"]]
    assert order == sorted(order)
    assert (record["decision"] == "accept") == (not record["reasons"]) == (record["delivery"] is not None)


@each_document
def test_a_record_has_every_field_of_its_edition(key: Key, records: dict[Key, Json]) -> None:
    record = records[key]
    fields_of = {
        (spec.number, spec.edition): {field.key for field in spec.field} for spec in load_specs(ROOT / "forms_specs")
    }
    if not record["fields"]:
        assert record["decision"] != "accept"
        return
    assert set(record["fields"]) == fields_of[record["form"]["number"], record["form"]["edition"]]
    assert set(record["fields"]) <= set(FIELD_KEYS)
    for field in record["fields"].values():
        assert set(field) == FIELD_RECORD_KEYS
        assert 0 <= field["confidence"] <= 1
        x0, y0, x1, y1 = field["box"]
        assert 0 <= x0 < x1 <= 700 and 0 <= y0 < y1 <= 900, "points of a Letter or A4 page"


@each_document
def test_no_decision_is_wrong(key: Key, records: dict[Key, Json]) -> None:
    """What a person would decide otherwise is never decided; leaving it to a person is no mistake, but see below."""
    record, truth = records[key], TRUTHS[key]
    assert record["decision"] in (truth["decision"], "review")
    if any(reason["code"] in CERTAIN for reason in truth["reasons"]) or truth["fill"] == "digital":
        assert record["decision"] == truth["decision"], record["reasons"]


@each_document
def test_no_refusal_gives_a_wrong_reason(key: Key, records: dict[Key, Json]) -> None:
    record, truth = records[key], TRUTHS[key]
    right = reason_pairs(truth["reasons"])
    given = {pair for pair in reason_pairs(record["reasons"]) if REASONS[Code(pair[0])].verdict is Verdict.REJECT}
    if record["decision"] == "reject":
        others = [reason_pairs(alternative) for alternative in truth.get("alternatives", [])]
        assert given and (given <= right or given in others)
    if truth["decision"] == "review":
        assert right <= reason_pairs(record["reasons"])


@each_document
def test_the_form_is_right_or_not_said(key: Key, records: dict[Key, Json]) -> None:
    form, truth = records[key]["form"], TRUTHS[key]
    assert form["number"] in (None, truth["number"])
    assert form["edition"] in (None, truth["edition"])


@each_document
def test_an_accepted_record_is_right_in_every_field(key: Key, records: dict[Key, Json]) -> None:
    record, truth = records[key], TRUTHS[key]
    if record["decision"] != "accept":
        return
    values = {name: folded(field["value"]) for name, field in record["fields"].items()}
    assert values == {name: folded(truth["fields"][name]) for name in values}
    assert set(record["delivery"]) == DELIVERY_KEYS
    assert record["delivery"] == truth["delivery"]


def test_a_duplicate_names_the_first(records: dict[Key, Json]) -> None:
    duplicates = [key for key, truth in TRUTHS.items() if truth["cases"] == ["duplicate"]]
    assert duplicates
    for key in duplicates:
        first = records[key]["duplicate_of"]
        assert next(other for other, record in records.items() if record["id"] == first) == (
            "scans/2022-04-19/90033.pdf",
            key[1],
        )


def test_running_again_changes_nothing(run: Run, data: Path) -> None:
    again = run_samples(data)
    assert again.statuses == run.statuses
    assert again.lines == run.lines
