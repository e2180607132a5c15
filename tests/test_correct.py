"""What a person enters, under the same rules: nothing is decided that they did not look at."""

from __future__ import annotations

import json

import pytest
from review_house import GOOD, RECEIVED, SPEC, fields_of, source_at

from pipeline.config import Settings
from pipeline.correct import Action, Entry, correct, doubtful_keys, rejected, to_be_typed
from pipeline.model import Code, Form, ReadingSource, Reason, Record, Verdict

SETTINGS = Settings()


def record(*doubts: str, reasons: tuple[Reason, ...] = (), **values: object) -> Record:
    named = tuple(Reason.of(Code.LOW_CONFIDENCE, field=key) for key in doubts)
    return Record(
        id="1",
        source=source_at(RECEIVED),
        form=Form(number=SPEC.number, edition=SPEC.edition, confidence=0.999),
        decision=Verdict.REVIEW,
        reasons=(*reasons, *named),
        fields=fields_of(doubts, **values),
    )


def value(text: str) -> Entry:
    return Entry(Action.VALUE, text)


def codes(found: Record) -> list[tuple[str, str | None]]:
    return [(reason.code.value, reason.field) for reason in found.reasons]


def test_a_confirmed_doubt_is_accepted_and_says_who_read_it() -> None:
    found = correct(record("section2.email"), SPEC, {"section2.email": value("Jacques.Untel@xx.com")}, SETTINGS)
    assert found.decision is Verdict.ACCEPT
    assert found.delivery is not None
    assert found.delivery.temporary_password_to == "jacques.untel@xx.com"
    email = found.fields["section2.email"]
    assert (email.value, email.source, email.confidence) == ("jacques.untel@xx.com", ReadingSource.REVIEWER, 1.0)
    assert found.fields["section3.email"].source is ReadingSource.OCR
    assert email.alternatives == ("jacques.unte1@xx.com",)


def test_a_doubt_that_nobody_looked_at_stays() -> None:
    """Though its confidence, rounded for the record, is at the threshold."""
    doubtful = record("section2.email", "section3.email")
    sure = doubtful.fields["section3.email"].model_copy(update={"confidence": 1.0})
    doubtful = doubtful.model_copy(update={"fields": doubtful.fields | {"section3.email": sure}})
    found = correct(doubtful, SPEC, {"section2.email": value("jacques.untel@xx.com")}, SETTINGS)
    assert found.decision is Verdict.REVIEW
    assert codes(found) == [("low-confidence", "section3.email")]


def test_of_what_was_recorded_before_there_were_chances_a_look_has_its_text() -> None:
    kept = json.loads(record("section2.email").model_dump_json())
    kept["fields"]["section2.email"]["looks"] = {"own plain": "zoe@xx.com"}
    assert Record.model_validate(kept).fields["section2.email"].looks == {"own plain": {"zoe@xx.com": 1.0}}


@pytest.mark.parametrize(
    ("key", "entry", "code"),
    [
        ("section2.email", value("jacques.untel"), "email-invalid"),
        ("section2.email", value("information@xx.com"), "email-shared-mailbox"),
        ("section2.email", Entry(Action.BLANK), "field-missing"),
        ("section2.language", value("several"), "field-invalid"),
        ("section2.language", Entry(Action.BLANK), "field-missing"),
        ("section3.signature", value("false"), "signature-missing"),
        ("section3.signature", Entry(Action.BLANK), "signature-missing"),
        ("section2.signed_on", value("2022-04-09"), "field-invalid"),
        ("section2.signed_on", value("31 avril 2022"), "field-invalid"),
        ("section3.licence_number", value("12345"), "field-invalid"),
        ("section2.telephone", value("555-0123"), "field-invalid"),
    ],
)
def test_the_rules_are_the_pipelines(key: str, entry: Entry, code: str) -> None:
    found = correct(record(key), SPEC, {key: entry}, SETTINGS)
    assert (found.decision, codes(found)) == (Verdict.REJECT, [(code, key)])
    assert found.delivery is None


def test_two_spellings_of_one_mailbox_are_refused() -> None:
    found = correct(record("section2.email"), SPEC, {"section2.email": value("Anne.Tremblay+it@yy.ca")}, SETTINGS)
    assert codes(found) == [("emails-not-different", None)]


def test_what_cannot_be_read_is_not_decided() -> None:
    found = correct(record("section2.email"), SPEC, {"section2.email": Entry(Action.ILLEGIBLE)}, SETTINGS)
    assert (found.decision, codes(found)) == (Verdict.REVIEW, [("low-confidence", "section2.email")])


def test_a_person_settles_whose_mailbox_it_is() -> None:
    """`pharmacie.roy@` may be shared: the pipeline asks, and who confirms it has answered."""
    doubtful = record("section2.email", section2__email="pharmacie.roy@xx.com")
    assert correct(doubtful, SPEC, {}, SETTINGS).decision is Verdict.REVIEW
    found = correct(doubtful, SPEC, {"section2.email": value("pharmacie.roy@xx.com")}, SETTINGS)
    assert found.decision is Verdict.ACCEPT


def test_a_date_that_could_be_two_must_be_written_as_one() -> None:
    doubtful = record("section2.signed_on")
    assert correct(doubtful, SPEC, {"section2.signed_on": value("03/04/2022")}, SETTINGS).decision is Verdict.REVIEW
    assert correct(doubtful, SPEC, {"section2.signed_on": value("2022-04-03")}, SETTINGS).decision is Verdict.ACCEPT


def test_a_missing_page_stays_missing() -> None:
    page = Reason.of(Code.PAGE_MISSING, detail="2")
    found = correct(record("section2.email", reasons=(page,)), SPEC, {"section2.email": value("a.b@c.ca")}, SETTINGS)
    assert codes(found) == [("page-missing", None)]
    assert found.decision is Verdict.REVIEW


def test_a_person_may_refuse_for_a_reason_that_no_rule_finds() -> None:
    reason = Reason.of(Code.SEVERAL_FORMS_IN_ONE_FILE, detail="2")
    found = correct(record("section2.email"), SPEC, {}, SETTINGS, by_hand=[reason])
    assert found.decision is Verdict.REJECT
    assert codes(found) == [("several-forms-in-one-file", None), ("low-confidence", "section2.email")]
    bare = record().model_copy(update={"fields": {}, "form": Form(), "reasons": (Reason.of(Code.FORM_UNIDENTIFIED),)})
    refused = rejected(bare, [Reason.of(Code.FORM_NOT_ACCEPTED, detail="4096")])
    assert codes(refused) == [("form-not-accepted", None), ("form-unidentified", None)]


def test_a_form_that_the_pipeline_cannot_read_is_typed_whole() -> None:
    blank = to_be_typed(record().model_copy(update={"fields": {}}), SPEC)
    assert set(doubtful_keys(blank)) == set(GOOD)
    entries = {
        key: value(str(written).lower() if isinstance(written, bool) else written) for key, written in GOOD.items()
    }
    found = correct(blank, SPEC, entries, SETTINGS)
    assert (found.decision, codes(found)) == (Verdict.ACCEPT, [])
    assert {key: read.value for key, read in found.fields.items()} == GOOD


def test_what_nobody_changed_is_decided_as_before() -> None:
    certain = record()
    assert correct(certain, SPEC, {}, SETTINGS).fields == certain.fields


def test_addresses_that_looks_read_alike_are_two_once_a_person_has_typed_one() -> None:
    read = {
        "looks": {"own plain": {"zoe@xx.com": 1.0}, "paddle plain": {"zoe@xx.com": 1.0}},
        "value": "zoe@xx.com",
        "raw": "zoe@xx.com",
    }
    kept = record("section2.email", "section3.email")
    alike = {key: kept.fields[key].model_copy(update=read) for key in ("section2.email", "section3.email")}
    kept = kept.model_copy(update={"fields": kept.fields | alike})
    assert ("emails-not-different", None) in codes(correct(kept, SPEC, {}, SETTINGS))
    found = correct(kept, SPEC, {"section2.email": value("zac@xx.com")}, SETTINGS)
    assert found.decision is Verdict.REVIEW
    assert codes(found) == [("low-confidence", "section3.email")]
