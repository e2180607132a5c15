"""What counts as right, and what is made of it: over records that the command made of samples/, some bent on purpose.

The counts expected of `evaluation/records.jsonl` as it is are those of the mail room's own scorer.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from pipeline.__main__ import main
from pipeline.config import Confidence
from pipeline.evaluation.judging import Exclusion, Identification, Judged, judge
from pipeline.evaluation.matching import ends_alike, match
from pipeline.evaluation.page import report_page
from pipeline.evaluation.reliability import Series, automation_at, bins_of, curve_of
from pipeline.evaluation.sameness import same, same_letters
from pipeline.evaluation.share import Share, percent
from pipeline.evaluation.summary import Summary, summarise
from pipeline.evaluation.targets import Standing, standing
from pipeline.evaluation.truth import EvaluationError, Truth, load_records, load_truths
from pipeline.model import Kind, Record, Verdict
from pipeline.specs import load_specs

ROOT = Path(__file__).parent.parent
TRUTH = ROOT / "samples" / "truth.jsonl"
RECORDS = Path(__file__).parent / "evaluation" / "records.jsonl"
FIGURES = {"automation.csv", "automation.png", "groups.csv", "reliability.png", "report.html", "tables.md"}

Json = dict[str, Any]
Bend = Callable[[Json], None]

KINDS: Mapping[str, Kind] = {field.key: field.kind for spec in load_specs(ROOT / "forms_specs") for field in spec.field}
TRUTHS = load_truths(TRUTH)
# Two that are rightly accepted: filled on screen, and a typed scan.
SCREEN = "mail/0036.eml#1"
SCAN = "scans/2022-04-19/90033.pdf#0"


def summary_of(bends: Mapping[str, Bend] | None = None, drop: str = "") -> Summary:
    """The samples' records, some bent by the name of their document, one perhaps left out."""
    pairs = match(TRUTHS, load_records([RECORDS])).pairs
    records = [bent(record, (bends or {}).get(truth.name)) for truth, record in pairs if truth.name != drop]
    return summarise(match(TRUTHS, records), KINDS, Confidence())


def bent(record: Record, bend: Bend | None) -> Record:
    if bend is None:
        return record
    content = json.loads(record.model_dump_json())
    bend(content)
    return Record.model_validate(content)


def bent_sample(name: str, bend: Bend) -> Judged:
    return next(each for each in summary_of({name: bend}).judged if each.truth.name == name)


def with_value(key: str, value: str | None, **more: Any) -> Bend:
    def bend(record: Json) -> None:
        record["fields"][key] |= {"value": value} | more

    return bend


def accept(record: Json) -> None:
    record |= {"decision": "accept", "reasons": []}


def reason(code: str, field: str | None = None) -> Json:
    return {"code": code, "field": field, "message": {"fr": "", "en": ""}}


# ---------------------------------------------------------------- the same counts as the scorer's


def test_the_counts_are_those_of_the_mail_room_s_scorer() -> None:
    summary = summary_of()
    overall = summary.overall
    assert (len(summary.judged), len(summary.matches.missing), len(summary.matches.extra)) == (25, 0, 0)
    assert (overall.identified, overall.identified_wrong, overall.left) == (Share(18, 18), 0, 0)
    assert sum(each.identification is Identification.NOT_NEEDED for each in summary.judged) == 1
    assert Share.among(each.straight for each in summary.judged) == Share(15, 25)
    assert (overall.false_accepts, overall.false_rejects, overall.accepted_wrong) == (0, 0, 0)
    assert overall.fields == Share(242, 260)
    assert overall.certain == Share(229, 230)


@pytest.mark.parametrize(
    ("kind", "share"),
    [
        (Kind.TEXT, Share(96, 102)),
        (Kind.PHONE, Share(27, 28)),
        (Kind.EMAIL, Share(17, 25)),
        (Kind.DIGITS, Share(14 + 5, 14 + 8)),
        (Kind.DATE, Share(28, 28)),
        (Kind.CHOICE, Share(29, 29)),
        (Kind.SIGNATURE, Share(26, 26)),
    ],
)
def test_and_so_they_are_by_kind_of_field(kind: Kind, share: Share) -> None:
    """The scorer tells licence numbers from extensions: both are digits here."""
    fields = [field for each in summary_of().judged for field in each.fields if field.kind is kind]
    assert Share.among(field.exact for field in fields if not field.both_blank) == share


@pytest.mark.parametrize(
    ("kind", "one", "other", "alike", "letters_alike"),
    [
        (Kind.TEXT, "Côté  d’Azur", "Côté d'Azur", True, True),
        (Kind.TEXT, "Jean–Guy", "Jean-Guy", True, True),
        (Kind.TEXT, "Cote", "Côté", False, True),
        (Kind.TEXT, "COEUR", "Cœur", False, True),
        (Kind.TEXT, "Roy", "Roi", False, False),
        (Kind.TEXT, None, "", True, True),
        (Kind.EMAIL, "A@b.ca", "a@B.ca", True, True),
        (Kind.EMAIL, "a@b.ca", "à@b.ca", False, True),
        (Kind.PHONE, "418 555-0123", "+14185550123", True, True),
        (Kind.PHONE, "418 555-012", "+14185550123", False, False),
        (Kind.DATE, "2022-04-05T00:00", "2022-04-05", True, True),
        (Kind.SIGNATURE, None, False, True, True),
        (Kind.SIGNATURE, True, False, False, False),
    ],
)
def test_what_is_the_same(
    kind: Kind, one: str | bool | None, other: str | bool | None, alike: bool, letters_alike: bool
) -> None:
    assert (same(kind, one, other), same_letters(kind, one, other)) == (alike, letters_alike)


# ---------------------------------------------------------------- what is wrong is seen


def test_a_false_accept_is_counted_and_comes_first() -> None:
    summary = summary_of({"scans/2022-04-05/0008 Demande d'accès.pdf#0": accept})
    assert summary.overall.false_accepts == 1
    assert [each.truth.name for each in summary.worst.decisions] == ["scans/2022-04-05/0008 Demande d'accès.pdf#0"]
    assert not summary.worst.decisions[0].decided_rightly


def test_a_false_reject_is_counted() -> None:
    summary = summary_of({SCAN: lambda record: record.update(decision="reject")})
    assert summary.overall.false_rejects == 1


def test_a_wrong_address_that_was_accepted_is_a_wrong_value_and_leads_the_wrong_fields() -> None:
    summary = summary_of({SCREEN: with_value("section3.email", "someone@example.com", confidence=1.0)})
    assert (summary.overall.accepted_wrong, summary.overall.accepted_accents) == (1, 0)
    worst = summary.worst.wrong[0]
    assert (worst.judged.truth.name, worst.field.key, worst.acted_on) == (SCREEN, "section3.email", True)
    assert summary.overall.decided.count == summary_of().overall.decided.count - 1


def test_an_accent_is_counted_apart_from_a_wrong_letter() -> None:
    truth = next(truth for truth in TRUTHS if truth.name == SCREEN)
    name = str((truth.fields or {})["section2.family_name"])
    summary = summary_of({SCREEN: with_value("section2.family_name", name.swapcase())})
    assert (summary.overall.accepted_wrong, summary.overall.accepted_accents) == (0, 1)


def test_credentials_sent_elsewhere_are_wrong_even_if_every_field_is_right() -> None:
    judged = bent_sample(SCREEN, lambda record: record["delivery"].update(username_to="x@example.com"))
    assert judged.wrong_delivery
    assert not judged.decided_rightly


@pytest.mark.parametrize(
    ("reasons", "wrong"),
    [
        ([reason("field-missing", "section3.email")], False),
        ([reason("field-missing", "section3.email"), reason("low-confidence", "section2.company")], False),
        ([reason("field-missing", "section2.company"), reason("field-missing", "section3.email")], True),
        ([reason("signature-missing", "section2.signature")], True),
    ],
)
def test_a_refusal_for_a_reason_that_does_not_hold_is_no_right_decision(reasons: list[Json], wrong: bool) -> None:
    name = "scans/2022-04-05/0008 Demande d'accès.pdf#0"
    truth = next(truth for truth in TRUTHS if truth.name == name)
    assert [(each.code, each.field) for each in truth.reasons] == [("field-missing", "section3.email")]
    judged = bent_sample(name, lambda record: record.update(reasons=reasons))
    assert judged.wrong_reasons == wrong
    assert judged.decided_rightly != wrong


@pytest.mark.parametrize(
    ("form", "decision", "expected"),
    [
        ({"number": "4058", "edition": "2022-03"}, "review", Identification.WRONG),
        ({"number": None, "edition": None}, "review", Identification.LEFT),
        ({"number": None, "edition": None}, "accept", Identification.WRONG),
    ],
)
def test_a_form_taken_for_another_is_wrong_and_one_left_to_a_person_is_not(
    form: Json, decision: str, expected: Identification
) -> None:
    judged = bent_sample(
        "mail/0001.eml#0", lambda record: record.update(form=form | {"confidence": 0.9}, decision=decision)
    )
    assert judged.identification is expected


def test_a_document_without_a_record_is_missing_and_a_record_too_many_is_said() -> None:
    summary = summary_of(drop=SCAN)
    assert [truth.name for truth in summary.matches.missing] == [SCAN]
    strange = bent(load_records([RECORDS])[0], lambda record: record["source"].update(sha256="0" * 64))
    assert match(TRUTHS, [strange]).extra == (strange,)


def test_documents_with_the_same_bytes_are_told_apart_by_their_names() -> None:
    """The second is a duplicate, and only it."""
    duplicate = next(each for each in summary_of().judged if each.truth.name == "scans/2022-04-19/90034.PDF#0")
    assert duplicate.record.decision is Verdict.REJECT
    assert duplicate.record.source.path.endswith("90034.PDF")
    assert not ends_alike("a/90034.PDF", "b/90034.PDF")
    assert ends_alike("samples/b/90034.PDF", "b/90034.PDF")


def test_what_cannot_be_compared_is_left_out_and_counted() -> None:
    summary = summary_of()
    assert summary.excluded[Exclusion.INVALID] == sum(
        len(set(each.truth.invalid) & set(each.record.fields)) for each in summary.judged
    )
    record = next(each.record for each in summary.judged if each.truth.name == SCAN)
    truth = next(truth for truth in TRUTHS if truth.name == SCAN)
    ambiguous = truth.model_copy(update={"ambiguous": ("section2.email",)})
    left = judge(ambiguous, record.model_copy(update={"decision": Verdict.REVIEW}), KINDS)
    assert left.excluded == (("section2.email", Exclusion.AMBIGUOUS),)
    assert not left.decidable
    decided = judge(ambiguous, record, KINDS)
    assert decided.excluded == ()
    assert "section2.email" in {field.key for field in decided.fields}


# ---------------------------------------------------------------- what stands in the way


def doubt(*keys: str) -> Bend:
    return lambda record: record.update(decision="review", reasons=[reason("low-confidence", key) for key in keys])


def test_an_acceptance_hangs_on_every_doubtful_field() -> None:
    summary = summary_of({SCREEN: doubt("section2.email", "section2.company")})
    blocked = next(each for each in summary.blocked if each.judged.truth.name == SCREEN)
    assert blocked.hangs_on == ("section2.email", "section2.company")
    alone = summary_of({SCREEN: doubt("section2.email")})
    lonely = next(each for each in alone.worst.lonely if each.blocked.judged.truth.name == SCREEN)
    assert (lonely.key, lonely.kind, lonely.right, lonely.needed) == ("section2.email", Kind.EMAIL, True, 0.9999)


def test_a_refusal_hangs_on_the_fields_of_one_reason_only() -> None:
    name = "scans/2022-04-05/0008 Demande d'accès.pdf#0"
    summary = summary_of({name: doubt("section2.company", "section3.email")})
    blocked = next(each for each in summary.blocked if each.judged.truth.name == name)
    assert blocked.hangs_on == ("section3.email",)


def test_a_document_that_another_reason_holds_back_hangs_on_no_field() -> None:
    bend: Bend = lambda record: record.update(  # noqa: E731 - a table entry
        decision="review", reasons=[reason("page-missing"), reason("low-confidence", "section2.email")]
    )
    blocked = next(each for each in summary_of({SCREEN: bend}).blocked if each.judged.truth.name == SCREEN)
    assert blocked.hangs_on == ()


def test_what_the_truth_leaves_to_a_person_is_not_held_back() -> None:
    names = {each.judged.truth.name for each in summary_of().blocked}
    assert names
    assert not names & {truth.name for truth in TRUTHS if truth.decision is Verdict.REVIEW}


# ---------------------------------------------------------------- the arithmetic


@pytest.mark.parametrize(
    ("share", "bounds"),
    [
        # As published: Newcombe, Statistics in Medicine 17 (1998), table I, method 3.
        (Share(81, 263), (0.2553, 0.3662)),
        (Share(15, 148), (0.0624, 0.1605)),
        (Share(0, 20), (0.0, 0.1611)),
        (Share(1, 29), (0.0061, 0.1718)),
        (Share(0, 0), (0.0, 1.0)),
    ],
)
def test_wilson_s_interval(share: Share, bounds: tuple[float, float]) -> None:
    assert share.bounds == pytest.approx(bounds, abs=5e-5)


def test_a_percentage_is_never_rounded_to_all_or_none() -> None:
    assert [percent(value) for value in (1, 0.99999, 0.5, 0.00001, 0)] == [
        "100.0 %",
        "> 99.9 %",
        "50.0 %",
        "< 0.1 %",
        "0.0 %",
    ]


@pytest.mark.parametrize(
    ("share", "aim", "expected"),
    [
        (Share(990, 1000), 0.95, Standing.REACHED),
        (Share(20, 20), 0.95, Standing.REACHED_FEW),
        (Share(18, 20), 0.95, Standing.MISSED_FEW),
        (Share(10, 20), 0.95, Standing.MISSED),
        (Share(0, 0), 0.95, Standing.NOTHING),
    ],
)
def test_a_target_is_held_against_the_interval(share: Share, aim: float, expected: Standing) -> None:
    assert standing(share, aim) is expected


def test_thresholds_bins_and_curve() -> None:
    series = Series("email", Kind.EMAIL, ((1.0, True), (0.995, True), (0.99, False), (0.6, True), (0.6, False)))
    at = automation_at(series, 0.01, configured=True)
    assert (at.acted, at.wrong) == (Share(3, 5), Share(1, 3))
    bins = bins_of(series)
    assert [(each.low, each.right) for each in bins] == [
        (0.5, Share(1, 2)),
        (0.99, Share(0, 1)),
        (0.995, Share(1, 1)),
        (0.999, Share(1, 1)),
    ]
    assert curve_of(series) == ((0.2, 0.0), (0.4, 0.0), (0.6, 1 / 3), (1.0, 0.4))


# ---------------------------------------------------------------- the command


def run(*arguments: str | Path | int) -> int:
    return main([str(argument) for argument in arguments])


def test_the_command_writes_report_tables_and_charts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Twice the same, byte for byte; values of people are in the report alone."""
    empty = tmp_path / "config.toml"
    empty.write_text(f"[paths]\ndata = '{tmp_path / 'none'}'\nspecs = '{ROOT / 'forms_specs'}'\n")
    for out in ("one", "two"):
        assert run("evaluate", TRUTH, RECORDS, "--config", empty, "--out", tmp_path / out) == 0
    files = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    assert files.keys() == FIGURES
    assert files == {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()}
    assert not (tmp_path / "none").exists()
    report = files["report.html"].decode()
    assert report.index("renseignements personnels") < report.index("personal information") < report.index("<h2>")
    assert "Sans images" in report
    said = capsys.readouterr()
    for text in (said.out, said.err, files["tables.md"].decode(), files["groups.csv"].decode()):
        assert not {value for truth in TRUTHS for value in names_in(truth) if value in text}
    assert "15 / 22" in said.out
    rows = list(csv.DictReader((tmp_path / "one" / "automation.csv").open(encoding="utf-8")))
    assert [row["error_rate"] for row in rows if row["kind"] == "email" and row["configured"]] == ["0.0001"]


def names_in(truth: Truth) -> set[str]:
    return {value for value in (truth.fields or {}).values() if isinstance(value, str) and len(value) > 5}


def test_values_in_the_report_are_text_and_never_markup() -> None:
    summary = summary_of({SCREEN: with_value("section2.company", "<script>alert(1)</script>")})
    report = report_page(summary, None, (), most=10)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in report
    assert "<script" not in report


def test_pictures_come_from_the_store_that_made_the_records(tmp_path: Path) -> None:
    """A scan is read by the command; its wrong and its lonely fields are then cut out of it again."""
    data, records, truth = tmp_path / "data", tmp_path / "records.jsonl", tmp_path / "truth.jsonl"
    config = ROOT / "config.toml"
    scan = ROOT / "samples" / "scans" / "2022-04-19" / "90033.pdf"
    when = "2022-04-19T12:00:00"
    common = ("--config", config, "--data", data)
    assert run("process", scan, *common, "--received", when, "--records", records, "--workers", 1) == 0
    lines = [json.loads(line) for line in TRUTH.read_text(encoding="utf-8").splitlines()]
    expected = next(line for line in lines if line["path"].endswith("90033.pdf"))
    expected["fields"]["section2.family_name"] = "Quelqu'un d'autre"
    truth.write_text(json.dumps(expected) + "\n", encoding="utf-8")
    assert run("evaluate", truth, records, *common, "--out", tmp_path / "out", "--workers", 1) == 0
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "Sans images" not in report
    assert '<img alt="section2.family_name" src="data:image/png;base64,' in report


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "truth.jsonl:1: JSON"),
        ('{"path": "a.pdf", "decision": "perhaps"}', "truth.jsonl:1: decision"),
        ('\n{"path": "a.pdf"}', "truth.jsonl:2: decision"),
        ('{"path": "elsewhere.pdf", "decision": "accept"}', "none of the records"),
        (None, "truth.jsonl: illisible"),
    ],
)
def test_what_cannot_be_compared_is_2_with_file_and_line(
    content: str | None, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    truth = tmp_path / "truth.jsonl"
    if content is not None:
        truth.write_text(content, encoding="utf-8")
    assert run("evaluate", truth, RECORDS, "--config", ROOT / "config.toml", "--out", tmp_path / "out") == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_folder_without_a_store_is_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ("--config", ROOT / "config.toml", "--data", tmp_path / "no", "--out", tmp_path / "out")
    assert run("evaluate", TRUTH, RECORDS, *arguments) == 2
    assert "no store here" in capsys.readouterr().err
    assert not (tmp_path / "no").exists()


def test_a_fault_in_a_file_is_said_without_what_is_written_there(tmp_path: Path) -> None:
    file = tmp_path / "records.jsonl"
    file.write_text('{"id": "1", "secret": "jean@example.com"}\n', encoding="utf-8")
    with pytest.raises(EvaluationError) as error:
        load_records([file])
    assert "jean" not in str(error.value)
