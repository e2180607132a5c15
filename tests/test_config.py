"""Settings: what is refused, and that the explained file is the built-in one."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel

from pipeline.config import Confidence, ConfigError, Settings, load
from pipeline.model import Kind

EXPLAINED = Path(__file__).parents[1] / "config.toml"


def test_the_explained_file_says_the_built_in_values() -> None:
    said = load(EXPLAINED)
    built_in = Settings()
    assert said.model_copy(update={"paths": built_in.paths, "watch": built_in.watch}) == built_in
    (folder,) = built_in.watch.folders
    placed = folder.model_copy(update={"path": EXPLAINED.parent / folder.path})
    assert said.watch == built_in.watch.model_copy(update={"folders": (placed,)})
    assert (said.paths.data, said.paths.specs) == (EXPLAINED.parent / "data", EXPLAINED.parent / "forms_specs")


def test_every_setting_is_in_the_explained_file() -> None:
    written = tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))
    for name, section in Settings():
        assert isinstance(section, BaseModel)
        assert set(written[name]) == set(type(section).model_fields)
    assert set(written) == set(Settings.model_fields)


def test_every_setting_has_its_explanation() -> None:
    """A comment stands above each key, or above the key or the section's head right before it."""
    lines = EXPLAINED.read_text(encoding="utf-8").splitlines()
    starts = [row for row, line in enumerate(lines) if line[:1].isalpha()]
    assert starts
    for row in starts:
        above = row - 1
        while above and (lines[above][:1].isalpha() or lines[above].startswith("[")):
            above -= 1
        assert lines[above].startswith("#"), f"line {row + 1}: {lines[row]}"


def test_without_a_file_the_built_in_settings_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(None).rules == Settings().rules
    assert load(None).paths.data == tmp_path / "data"


def test_config_toml_of_the_working_directory_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config.toml").write_text("[limits]\nmax_pages = 7\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert load(None).limits.max_pages == 7


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    path = tmp_path / "there" / "settings.toml"
    path.parent.mkdir()
    path.write_text('[paths]\ndata = "../store"\nspecs = "/somewhere"\n', encoding="utf-8")
    paths = load(path).paths
    assert paths.data.resolve() == (tmp_path / "store").resolve()
    assert paths.specs == Path("/somewhere")


def test_the_rules_are_read_as_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[rules]\ncutoff = 2023-01-01\nshared_mailboxes = ["accueil"]\n', encoding="utf-8")
    rules = load(path).rules
    assert rules.cutoff == date(2023, 1, 1)
    assert rules.shared_mailboxes == ("accueil",)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[rules]\ncut_off = 2022-03-31\n", "rules.cut_off"),
        ("[reglements]\n", "reglements"),
        ('[rules]\ntimezone = "America/Quebec City"\n', "rules.timezone"),
        ('[rules]\nfirst_accepted_edition = "22/03"\n', "rules.first_accepted_edition"),
        ('[rules]\nfirst_accepted_edition = "2022-13"\n', "rules.first_accepted_edition"),
        ('[rules]\ncutoff = "soon"\n', "rules.cutoff"),
        ('[rules]\nshared_mailboxes = "info"\n', "rules.shared_mailboxes"),
        ('[ocr]\nknown_domains = ["@kinea.ca"]\n', "ocr.known_domains"),
        ('[ocr]\nknown_domains = ["Kinea.ca"]\n', "ocr.known_domains"),
        ("[limits]\nmax_pages = 0\n", "limits.max_pages"),
        ('[limits]\nmax_bytes = "40 MB"\n', "limits.max_bytes"),
        ("[confidence]\nemail = 0\n", "confidence.email"),
        ("[confidence]\nemail = 1.5\n", "confidence.email"),
        ("[confidence]\nemail = nan\n", "confidence.email"),
    ],
)
def test_a_wrong_setting_is_refused_with_file_and_key(tmp_path: Path, text: str, key: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as refusal:
        load(path)
    assert str(refusal.value).startswith(f"{path}: {key}: ")


@pytest.mark.parametrize("content", [b"[rules\n", b"\xff\xfe"])
def test_a_file_that_is_no_toml_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"config\.toml: "):
        load(path)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"nowhere\.toml: No such file"):
        load(tmp_path / "nowhere.toml")


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_field_has_its_threshold(kind: Kind) -> None:
    assert Confidence().threshold(kind) == 1 - getattr(Confidence(), kind.value)
    assert 0.99 < Confidence().threshold(kind) < 1


def test_the_threshold_for_addresses_is_the_strictest() -> None:
    assert max(Kind, key=Confidence().threshold) is Kind.EMAIL
