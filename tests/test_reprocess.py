"""Deciding again what is kept: what would change is shown first, what need not be read again is not."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from review_house import RECEIVED, SPEC, fields_of, in_doubt, office, source_at
from scanned_forms import ROOT, SPECS
from sqlalchemy import select

from pipeline.balance import examine
from pipeline.config import Settings
from pipeline.correct import redecide
from pipeline.model import Code, Form, Reason, Record, Verdict, Versions
from pipeline.reprocess import apply, decided_by_people
from pipeline.reprocess.change import Change
from pipeline.reprocess.treatment import Treatment, treatment
from pipeline.store.records import DATABASE_NAME, Store
from pipeline.store.schema import AuditRow, ReviewRow, SupersededRow
from pipeline.versions import layout_of, terms_of, versions_of

SETTINGS = Settings()


def record(*, fields: bool = True, reasons: tuple[Code, ...] = ()) -> Record:
    found = Record(
        id="1",
        source=source_at(RECEIVED),
        form=Form(number=SPEC.number, edition=SPEC.edition, confidence=0.999),
        decision=Verdict.ACCEPT,
        reasons=tuple(Reason.of(code) for code in reasons),
        fields=fields_of() if fields else {},
    )
    return found.model_copy(update={"versions": versions_of(found, SPECS, SETTINGS, ())})


def today(**changed: object) -> Versions:
    return versions_of(record(), SPECS, SETTINGS, ()).model_copy(update=changed)


# ---------------------------------------------------------------- what must be done again


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, Treatment.KEEP),
        ({"rules": "x"}, Treatment.DECIDE),
        ({"terms": "x"}, Treatment.DECIDE),
        ({"layout": "x"}, Treatment.READ),
        ({"family": "x"}, Treatment.READ),
        ({"engines": ("x 1",)}, Treatment.READ),
        ({"program": "x"}, Treatment.READ),
        ({"limits": "x"}, Treatment.KEEP),
    ],
)
def test_only_what_rests_on_a_change_is_done_again(changed: dict[str, object], expected: Treatment) -> None:
    assert treatment(record(), today(**changed), obsolete=False) is expected


def test_a_document_that_was_not_read_is_read_when_that_may_go_otherwise() -> None:
    limited = record(fields=False, reasons=(Code.PROCESSING_LIMIT,))
    here = versions_of(limited, SPECS, SETTINGS, ())
    assert treatment(limited, here, obsolete=False) is Treatment.KEEP
    assert treatment(limited, here.model_copy(update={"limits": "x"}), obsolete=False) is Treatment.READ
    old = record(fields=False, reasons=(Code.EDITION_OBSOLETE,))
    assert treatment(old, here, obsolete=True) is Treatment.KEEP
    assert treatment(old, here, obsolete=False) is Treatment.READ
    assert treatment(record(), today(), obsolete=True) is Treatment.DECIDE
    never = old.model_copy(update={"versions": None})
    assert treatment(never, here, obsolete=False) is Treatment.KEEP
    assert treatment(record().model_copy(update={"versions": None}), here, obsolete=False) is Treatment.READ
    assert (
        treatment(record().model_copy(update={"duplicate_of": "2"}), today(rules="x"), obsolete=False) is Treatment.KEEP
    )


def test_a_label_is_no_reason_to_read_again() -> None:
    """But a box is, and so is the blank."""
    field = SPEC.field[0]
    renamed = SPEC.model_copy(
        update={"field": (field.model_copy(update={"label": SPEC.field[1].label, "required": False}), *SPEC.field[1:])}
    )
    assert layout_of(renamed) == layout_of(SPEC)
    assert terms_of(renamed) != terms_of(SPEC)
    moved = SPEC.model_copy(
        update={"field": (field.model_copy(update={"box": field.box._replace(x0=field.box.x0 + 1)}), *SPEC.field[1:])}
    )
    assert layout_of(moved) != layout_of(SPEC)


def test_domains_that_are_named_make_all_be_read_again() -> None:
    named = SETTINGS.model_copy(update={"ocr": SETTINGS.ocr.model_copy(update={"known_domains": ("kinea.ca",)})})
    assert treatment(record(), versions_of(record(), SPECS, named, ()), obsolete=False) is Treatment.READ


def test_a_new_edition_makes_its_kin_be_read_again_and_no_other_form() -> None:
    others = [spec for spec in SPECS if spec.name != "4123 2025-01"]
    kin = [spec for spec in SPECS if spec.number == SPEC.number]
    assert len(kin) > 1
    fewer = [spec for spec in SPECS if spec.name != kin[0].name or spec.name == SPEC.name]
    fewer = [spec for spec in SPECS if spec.number != SPEC.number or spec.name == SPEC.name]
    assert versions_of(record(), fewer, SETTINGS, ()).family != today().family
    foreign = [spec for spec in others if spec.number != "4444"]
    assert versions_of(record(), foreign, SETTINGS, ()).family == today().family


# ---------------------------------------------------------------- the same readings under other rules


def test_a_rule_applies_from_when_to_when() -> None:
    shared = record().model_copy(update={"fields": fields_of(section2__email="information@xx.com")})
    assert [reason.code for reason in redecide(shared, SPEC, SETTINGS).reasons] == [Code.EMAIL_SHARED_MAILBOX]
    for period, verdict in (
        ({"since": date(2022, 4, 6)}, Verdict.ACCEPT),
        ({"since": date(2022, 4, 5)}, Verdict.REJECT),
        ({"until": date(2022, 4, 4)}, Verdict.ACCEPT),
        ({"until": date(2022, 4, 5)}, Verdict.REJECT),
    ):
        rules = Settings.model_validate({"rules": {"in_force": {"email-shared-mailbox": period}}})
        assert redecide(shared, SPEC, rules).decision is verdict, period


def test_a_rule_that_is_none_cannot_have_a_period() -> None:
    with pytest.raises(ValueError, match="low-confidence is no rule"):
        Settings.model_validate({"rules": {"in_force": {"low-confidence": {}}}})


def test_a_value_that_was_not_valid_may_be_under_other_rules() -> None:
    """A date ahead of reception has no value in the record; what is written there is kept."""
    late = record().model_copy(update={"fields": fields_of(section2__signed_on="2022-04-06")})
    refused = redecide(late, SPEC, SETTINGS)
    assert refused.fields["section2.signed_on"].value is None
    auckland = Settings.model_validate({"rules": {"timezone": "Pacific/Auckland"}})
    assert redecide(refused, SPEC, auckland).fields["section2.signed_on"].value == "2022-04-06"
    assert redecide(refused, SPEC, auckland).decision is Verdict.ACCEPT


# ---------------------------------------------------------------- entering it


def change_of(before: Record, decision: Verdict, *, by_person: bool = False) -> Change:
    reasons = (Reason.of(Code.PROCESSING_LIMIT),) if decision is Verdict.REVIEW else ()
    after = before.model_copy(update={"decision": decision, "reasons": reasons})
    return Change(before, after, Treatment.DECIDE, by_person)


def test_a_change_is_entered_with_its_history_and_people_are_asked_anew(tmp_path: Path) -> None:
    with office(tmp_path) as room:
        store = room.house.store
        accepted, doubtful = room.enter(in_doubt()), room.enter(in_doubt("section2.email"))
        changes = [
            change_of(room.record(accepted), Verdict.REVIEW),
            change_of(room.record(doubtful), Verdict.REJECT),
        ]
        assert apply(store, changes) == (2, 0)
        assert [room.record(each).decision for each in (accepted, doubtful)] == [Verdict.REVIEW, Verdict.REJECT]
        with store.transaction() as session:
            reviews = {row.document_id: row.cause for row in session.scalars(select(ReviewRow))}
            before = {
                row.document_id: json.loads(row.record)["decision"] for row in session.scalars(select(SupersededRow))
            }
            actors = [row.actor for row in session.scalars(select(AuditRow).where(AuditRow.event == "decided"))]
        assert reviews == {accepted: "doubt"}
        assert before == {accepted: "accept", doubtful: "review"}
        assert actors == [None, None, "reprocess", "reprocess"]
        assert list(examine(store, None)) == []
        assert apply(store, changes) == (0, 2), "what changed meanwhile is left"


def test_what_a_person_decided_or_has_before_them_is_left(tmp_path: Path) -> None:
    with office(tmp_path) as room:
        first, second = room.enter(in_doubt("section2.email")), room.enter(in_doubt("section2.email"))
        marie = room.sign_in("marie")
        marie.finish(first, marie.open(first), "reject", code="signature-missing", field="section3.signature")
        assert decided_by_people(room.house.store) == {first}
        marie.open(second)
        changes = [
            change_of(room.record(first), Verdict.ACCEPT, by_person=True),
            change_of(room.record(second), Verdict.ACCEPT),
        ]
        assert apply(room.house.store, changes) == (0, 1)
        assert room.record(first).decision is Verdict.REJECT


# ---------------------------------------------------------------- the command


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
    )


@pytest.fixture(scope="module")
def treated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A mail room that has really read two documents: one is accepted, one in doubt."""
    root = tmp_path_factory.mktemp("treated")
    shutil.copytree(ROOT / "forms_specs", root / "forms_specs")
    (root / "config.toml").write_text("[paths]\ndata = 'data'\n")
    assert run(root, "process", str(ROOT / "samples" / "mail" / "0036.eml")).returncode == 0
    return root


def decisions(root: Path) -> dict[str, str]:
    with Store(root / "data") as store, sqlite3.connect(root / "data" / DATABASE_NAME) as database:
        ids = [row[0] for row in database.execute("SELECT id FROM documents ORDER BY sequence")]
        return {each.id: each.decision.value for each in store.records(ids)}


def test_the_command_shows_the_difference_and_changes_nothing_unasked(treated: Path, tmp_path: Path) -> None:
    shutil.copytree(treated, tmp_path, dirs_exist_ok=True)
    before = decisions(tmp_path)
    assert sorted(before.values()) == ["accept", "review"]

    same = run(tmp_path, "reprocess", "--dry-run")
    assert same.returncode == 0, same.stderr
    assert "2  inchangé" in same.stdout

    (tmp_path / "new.toml").write_text("[paths]\ndata = 'data'\n[rules]\nfirst_accepted_edition = '2030-01'\n")
    looked = run(tmp_path, "reprocess", "--config", "new.toml", "--page", "diff.html")
    assert "accept → reject  + edition-obsolete" in looked.stdout
    assert "0  relu" in looked.stdout
    assert decisions(tmp_path) == before, "nobody said yes"
    assert "edition-obsolete" in (tmp_path / "diff.html").read_text()
    assert run(tmp_path, "reprocess", "--config", "new.toml", "--form", "4134", "--yes").returncode == 0
    assert run(tmp_path, "reprocess", "--config", "new.toml", "--since", "2040-01-01", "--yes").returncode == 0
    assert decisions(tmp_path) == before, "another form, another time"
    applied = run(tmp_path, "reprocess", "--config", "new.toml", "--yes")
    assert "Changés : 2" in applied.stderr
    assert set(decisions(tmp_path).values()) == {"reject"}

    back = run(tmp_path, "reprocess", "--yes")
    assert "2  relu" in back.stdout
    assert decisions(tmp_path) == before
    assert run(tmp_path, "audit", "verify").returncode == 0


def test_a_box_that_moved_is_read_again_and_shown_with_both_crops(treated: Path, tmp_path: Path) -> None:
    shutil.copytree(treated, tmp_path, dirs_exist_ok=True)
    (accepted,) = (each for each, decision in decisions(tmp_path).items() if decision == "accept")
    spec = tmp_path / "forms_specs" / "4058" / "2022-03" / "spec.toml"
    text = spec.read_text()
    name = text.index('key = "section2.family_name"')
    start = text.index("box = [", name)
    end = text.index("]", start)
    left, top, right, bottom = map(float, text[start + 7 : end].split(","))
    low = f"box = [{left}, {top + 300}, {right}, {bottom + 300}"
    spec.write_text(text[:start] + low + text[end:])
    looked = run(tmp_path, "reprocess", "--dry-run", "--page", "diff.html")
    assert looked.returncode == 0, looked.stderr
    assert "section2.family_name" in looked.stdout
    page = (tmp_path / "diff.html").read_text()
    assert page.count("data:image/png") >= 2
    assert accepted not in page or "4444" not in page
    on_a_cluster = run(tmp_path, "reprocess", "--dry-run", "--engine", "dask", "--workers", "1")
    assert (on_a_cluster.returncode, on_a_cluster.stdout) == (0, looked.stdout), on_a_cluster.stderr
