"""The editor of editions: what is changed on the page is checked, and saved as the file that people read."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from review_house import Desk, Office, office
from scanned_forms import spec_of

from pipeline.specs import load_spec

PAGE = "/editions/4444/2020-01"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as made:
        yield made


@pytest.fixture
def aline(room: Office) -> Desk:
    return room.sign_in("aline")


def opened(aline: Desk) -> tuple[dict[str, str], dict[str, Any]]:
    """The hidden values of the page, and the edition as it has it."""
    page = aline.client.get(PAGE).text
    spec = json.loads(unescape(re.findall(r'data-spec="([^"]*)"', page)[0]))
    return dict(re.findall(r'name="(csrf)" value="([^"]*)"', page)), spec


def test_an_edition_in_use_is_saved_as_a_proposal_that_says_the_same(room: Office, aline: Desk) -> None:
    hidden, spec = opened(aline)
    answer = aline.client.post(f"{PAGE}/save", data=hidden | {"spec": json.dumps(spec)})
    assert answer.url.path == PAGE
    saved = load_spec(room.house.settings.paths.drafts / "4444" / "2020-01")
    live = spec_of("4444", "2020-01")
    assert saved.model_dump(exclude={"folder"}) == live.model_dump(exclude={"folder"})


def test_what_is_changed_is_checked_and_kept(room: Office, aline: Desk) -> None:
    hidden, spec = opened(aline)

    def faults() -> list[str]:
        answer = aline.client.post(f"{PAGE}/check", data=hidden | {"spec": json.dumps(spec)})
        return list(answer.json()["faults"])

    assert faults() == []
    first, second = spec["field"][0], spec["field"][1]
    before = first["box"]
    first["box"] = second["box"]
    assert any("lie on one another" in text for text in faults())
    first["box"] = [before[0], before[1] - 10, before[2], before[3]]
    assert any("printed text in its box" in text for text in faults())
    first["box"] = [100, 100, 50, 50]
    assert any("left < right" in text for text in faults())
    first["box"], first["label"]["fr"], first["required"] = before, "Nom", False
    assert faults() == []
    aline.client.post(f"{PAGE}/save", data=hidden | {"spec": json.dumps(spec)})
    saved = load_spec(room.house.settings.paths.drafts / "4444" / "2020-01")
    assert (saved.field[0].label.fr, saved.field[0].required) == ("Nom", False)
    assert 'fr = "Nom"' in (saved.folder / "spec.toml").read_text()


def test_a_mark_stays_until_it_is_settled(room: Office, aline: Desk) -> None:
    drafts = room.house.settings.paths.drafts / "4444" / "2020-01"
    shutil.copytree(spec_of("4444", "2020-01").folder, drafts)
    text = (drafts / "spec.toml").read_text().replace('kind = "text"', 'kind = "text"\nunsure = "pourquoi"', 1)
    (drafts / "spec.toml").write_text(text)
    hidden, spec = opened(aline)
    assert spec["field"][0]["unsure"] == "pourquoi"
    found = aline.client.post(f"{PAGE}/check", data=hidden | {"spec": json.dumps(spec)}).json()["faults"]
    assert found == ["section2.family_name : pourquoi"]
    spec["field"][0]["unsure"] = ""
    aline.client.post(f"{PAGE}/save", data=hidden | {"spec": json.dumps(spec)})
    assert load_spec(drafts).name == "4444 2020-01"


def test_what_cannot_be_an_edition_is_not_written(room: Office, aline: Desk) -> None:
    hidden, spec = opened(aline)
    for wrong in ("{}", "[]", json.dumps(spec | {"field": []}), json.dumps(spec | {"else": 1})):
        assert aline.client.post(f"{PAGE}/save", data=hidden | {"spec": wrong}).status_code == 422
    assert not room.house.settings.paths.drafts.exists()
    for path in ("/editions/9999/2022-03", "/editions/../2022-03", "/editions/4444/..%2f..", f"{PAGE}/9.png"):
        assert aline.client.get(path).status_code == 404
    spec["number"], spec["edition"] = "../..", "x"
    aline.client.post(f"{PAGE}/save", data=hidden | {"spec": json.dumps(spec)})
    assert [path.name for path in room.house.settings.paths.drafts.rglob("spec.toml")] == ["spec.toml"]
    assert (room.house.settings.paths.drafts / "4444" / "2020-01" / "spec.toml").exists()
