"""The documents say what is so: commands, settings, reason codes, the help, the examples and the links."""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path

import pytest
from pydantic import BaseModel

from pipeline.arguments import parser
from pipeline.config import Settings
from pipeline.model import FIELD_KEYS, REASONS, Record
from pipeline.specs import FormSpec

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECORDS = (ROOT / "docs" / "records.md").read_text(encoding="utf-8")
PUT_BESIDE = {".venv", "build", "data", "node_modules"}
DOCUMENTS = [path for path in sorted(ROOT.rglob("*.md")) if not PUT_BESIDE & set(path.relative_to(ROOT).parts)]
LINK = re.compile(r"\]\(([^)\s]+)\)")
MAKE_TARGET = re.compile(r"\bmake ([a-z][a-z-]*)")


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def rows(text: str) -> list[list[str]]:
    """Cells of every table row."""
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]


def prose(text: str) -> str:
    """The text without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(path: Path) -> set[str]:
    """The names by which a document's headings are linked to."""
    headings = re.findall(r"^#+ (.*)$", prose(path.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def words(text: str) -> list[str]:
    return text.split()


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    for target in LINK.findall(prose(document.read_text(encoding="utf-8"))):
        if target.startswith("http"):
            continue
        name, _, anchor = target.partition("#")
        place = (document.parent / name).resolve() if name else document
        assert place.exists(), f"{document.name}: {target}"
        if anchor:
            assert anchor in anchors(place), f"{document.name}: {target}"


def test_the_help_shown_is_the_real_one(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Word for word; where lines break depends on the terminal and on the Python version."""
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    monkeypatch.setenv("COLUMNS", "118")
    monkeypatch.setenv("NO_COLOR", "1")
    with pytest.raises(SystemExit) as end:
        parser().parse_args(["process", "--help"])
    assert end.value.code == 0
    real = words(capsys.readouterr().out.partition("exemples /")[0])
    assert real in [words(block) for block in blocks(README, "text")]


def test_every_command_is_shown() -> None:
    usage = parser().format_help()
    commands = re.findall(r"^    ([a-z][a-z-]*)(?: |$)", usage, re.MULTILINE)
    assert {"process", "show", "show-spec"} <= set(commands)
    for command in commands:
        assert re.search(rf"\.venv/bin/pipeline {command}\s", README), command


def test_every_setting_is_named() -> None:
    named = {cells[0].strip("`[]"): re.findall(r"`(\w+)`", cells[1]) for cells in rows(README) if "`[" in cells[0]}
    assert named == {
        name: list(kind.model_fields)
        for name, field in Settings.model_fields.items()
        if isinstance(kind := field.annotation, type) and issubclass(kind, BaseModel)
    }
    assert set(named) == set(Settings.model_fields)


def test_the_configuration_explains_every_setting() -> None:
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    given = tomllib.loads(text)
    assert Settings.model_validate(given)
    assert {name: set(section) for name, section in given.items()} == {
        name: set(section) for name, section in Settings().model_dump().items()
    }


def test_every_reason_is_explained_in_order() -> None:
    told = [(cells[0].strip("`"), cells[1], cells[2] == "yes") for cells in rows(RECORDS) if len(cells) == 4]
    kinds = [(code.value, kind.verdict.value, "{field}" in kind.en) for code, kind in REASONS.items()]
    assert told[2:] == kinds, "after the head of the table"


def test_every_field_is_explained_in_order() -> None:
    told = [key for cells in rows(RECORDS) if len(cells) == 3 for key in re.findall(r"`(section\d\.\w+)`", cells[0])]
    assert told == list(FIELD_KEYS)


@pytest.mark.parametrize("text", [README, RECORDS], ids=["README.md", "docs/records.md"])
def test_the_record_shown_is_one(text: str) -> None:
    (shown,) = blocks(text, "json")
    record = Record.model_validate(json.loads(shown))
    assert json.loads(record.to_contract_json()) == json.loads(shown)


def test_the_spec_shown_is_cut_out_of_a_real_one() -> None:
    (shown,) = blocks(README, "toml")
    path = ROOT / "forms_specs" / "4058" / "2022-03" / "spec.toml"
    text = path.read_text(encoding="utf-8")
    for paragraph in shown.strip().split("\n\n"):
        assert paragraph in text
    assert set(tomllib.loads(shown)) <= set(FormSpec.model_fields)


def test_every_make_target_named_exists_and_every_one_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    explained = set(re.findall(r"^([a-z-]+):.*##", makefile, re.MULTILINE))
    phony = set(re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[0].split())
    assert explained == phony
    named = {
        target for text in (README, CONTRIBUTING) for code in blocks(text, "") for target in MAKE_TARGET.findall(code)
    }
    assert {"run", "test"} <= named <= explained


def test_every_sample_is_described() -> None:
    described = (ROOT / "samples" / "README.md").read_text(encoding="utf-8")
    samples = ROOT / "samples"
    for path in sorted((samples / "mail").iterdir()):
        assert f"| `{path.name}` |" in described
    for path in sorted((samples / "scans").rglob("*.*")):
        assert f"| `{path.relative_to(samples / 'scans')}` |" in described
