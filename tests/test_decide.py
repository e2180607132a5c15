"""What is decided, and on what certainty."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from example_form import (
    VALUES,
    at,
    form_spec,
    good_readings,
    reading,
    with_doubt,
    with_values,
    with_written,
)
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import Settings
from pipeline.decide import Decision, decide, with_invalid_nulled
from pipeline.model import FIELD_KEYS, Channel, Code, Delivery, Kind, Readings, ReadingSource, Reason, Verdict
from pipeline.specs import FormSpec
from pipeline.validate import validate

RECEIVED = at("2022-04-06")
SETTINGS = Settings()
PAGE_MISSING = Reason.of(Code.PAGE_MISSING, detail="2")
SEVERAL_FORMS = Reason.of(Code.SEVERAL_FORMS_IN_ONE_FILE, detail="2")
REGISTERED_MAIL = Delivery(channel=Channel.REGISTERED_MAIL)


def decided(
    readings: Readings,
    *form_reasons: Reason,
    spec: FormSpec | None = None,
    received: datetime = RECEIVED,
) -> Decision:
    spec = spec or form_spec()
    findings = validate(spec, readings, received, SETTINGS.rules)
    return decide(
        spec=spec,
        readings=readings,
        findings=findings,
        form_reasons=form_reasons,
        received=received,
        settings=SETTINGS,
    )


def why(decision: Decision) -> list[tuple[str, str | None]]:
    return [(str(reason.code), reason.field) for reason in decision.reasons]


# ---------------------------------------------------------------- accepted


def test_accepted_by_email_the_two_credentials_apart() -> None:
    delivery = Delivery(
        channel=Channel.EMAIL, username_to="anne.unetelle@yy.ca", temporary_password_to="jacques.untel@xx.com"
    )
    assert decided(good_readings()) == Decision(Verdict.ACCEPT, (), delivery)


@pytest.mark.parametrize(
    ("edition", "received", "environment"),
    [
        ("2022-03", at("2022-04-06"), "training"),
        ("2022-03", at("2022-03-30", "23:52:00-04:00"), "production"),
        ("2015-02", at("2022-03-30", "23:52:00-04:00"), None),
    ],
    ids=["training", "former procedure", "old edition"],
)
def test_accepted_by_registered_mail(edition: str, received: datetime, environment: str | None) -> None:
    readings = with_values(good_readings(edition), section2_signed_on="2022-03-29", section3_signed_on="2022-03-29")
    readings = with_values(readings, section2_environment=environment) if environment else readings
    decision = decided(readings, spec=form_spec(edition), received=received)
    assert decision == Decision(Verdict.ACCEPT, (), REGISTERED_MAIL)


def test_a_reading_at_the_threshold_is_certain_and_just_below_is_not() -> None:
    for field in form_spec().field:
        threshold = SETTINGS.confidence.threshold(field.kind)
        at_it = good_readings() | {field.key: reading(field.key, VALUES[field.key], confidence=threshold)}
        below = good_readings() | {field.key: reading(field.key, VALUES[field.key], confidence=threshold - 1e-6)}
        assert decided(at_it).verdict is Verdict.ACCEPT
        assert why(decided(below)) == [("low-confidence", field.key)]


# ---------------------------------------------------------------- doubtful


@pytest.mark.parametrize("key", FIELD_KEYS)
def test_any_doubtful_field_is_for_a_person(key: str) -> None:
    decision = decided(with_doubt(good_readings(), key))
    assert decision.verdict is Verdict.REVIEW
    assert why(decision) == [("low-confidence", key)]
    assert decision.delivery is None


@pytest.mark.parametrize("key", FIELD_KEYS)
def test_a_doubtful_blank_is_neither_missing_nor_blank(key: str) -> None:
    blank = reading(key, False if key.endswith("signature") else None, confidence=0.9)
    assert why(decided(good_readings() | {key: blank})) == [("low-confidence", key)]


@pytest.mark.parametrize("key", FIELD_KEYS)
def test_a_field_without_a_reading_is_never_accepted(key: str) -> None:
    readings = {other: value for other, value in good_readings().items() if other != key}
    assert why(decided(readings)) == [("low-confidence", key)]


@pytest.mark.parametrize(
    ("key", "raw", "code"),
    [
        ("section2.email", "jacques@xx", "email-invalid"),
        ("section3.licence_number", "48213", "field-invalid"),
        ("section2.environment", "production training", "field-invalid"),
        ("section2.telephone", "819491489", "field-invalid"),
    ],
)
def test_what_is_not_valid_is_refused_only_when_certain(key: str, raw: str, code: str) -> None:
    readings = with_written(good_readings(), key, raw)
    assert decided(readings).verdict is Verdict.REJECT
    assert why(decided(readings)) == [(code, key)]
    assert decided(with_doubt(readings, key)).verdict is Verdict.REVIEW
    assert why(decided(with_doubt(readings, key))) == [("low-confidence", key)]


@pytest.mark.parametrize("doubtful", [("section2.email",), ("section3.email",), ("section2.email", "section3.email")])
def test_two_addresses_are_the_same_only_when_both_are_certain(doubtful: tuple[str, ...]) -> None:
    readings = with_values(good_readings(), section2_email="anne.unetelle+ti@yy.ca")
    assert why(decided(readings)) == [("emails-not-different", None)]
    decision = decided(with_doubt(readings, *doubtful))
    assert decision.verdict is Verdict.REVIEW
    assert why(decision) == [("low-confidence", key) for key in doubtful]


def test_a_mailbox_that_may_be_shared_is_for_a_person() -> None:
    decision = decided(with_values(good_readings(), section2_email="pharmacie.roy@xx.com"))
    assert decision.verdict is Verdict.REVIEW
    assert why(decision) == [("low-confidence", "section2.email")]


@pytest.mark.parametrize(
    ("key", "raw"),
    [
        ("section2.signed_on", "04/03/2022"),
        ("section2.telephone", "418 555-0123 poste 204"),
        ("section2.telephone_extension", "s.o."),
    ],
)
def test_ambiguous_writing_is_for_a_person_however_well_it_was_read(key: str, raw: str) -> None:
    assert why(decided(with_written(good_readings(), key, raw))) == [("low-confidence", key)]
    guessed = reading(key, VALUES[key], raw=raw)
    assert why(decided(good_readings() | {key: guessed})) == [("low-confidence", key)]


def test_a_reviewer_may_say_what_ambiguous_writing_means() -> None:
    said = replace(reading("section2.signed_on", "2022-04-03", raw="03/04/2022"), source=ReadingSource.REVIEWER)
    assert decided(good_readings() | {said.key: said}).verdict is Verdict.ACCEPT


@pytest.mark.parametrize(
    ("key", "value", "raw"),
    [
        ("section2.telephone", "418 555-0123", None),
        ("section2.email", "Jacques.Untel@xx.com", None),
        ("section2.email", "jacques", None),
        ("section2.email", None, "jacques.untel@xx.com"),
        ("section2.family_name", None, "Untel"),
        ("section2.company", "—", None),
        ("section2.signed_on", "4 avril 2022", None),
        ("section2.language", "de", None),
        ("section2.language", True, None),
        ("section2.signature", "true", None),
        ("section3.licence_number", "48213", None),
        ("section2.telephone_extension", True, None),
    ],
)
def test_a_reading_that_contradicts_itself_is_not_certain(key: str, value: str | bool | None, raw: str | None) -> None:
    decision = decided(good_readings() | {key: reading(key, value, raw=raw)})
    assert decision.verdict is Verdict.REVIEW
    assert ("low-confidence", key) in why(decision)


def test_a_confidence_that_is_no_number_is_none() -> None:
    readings = good_readings() | {"section2.email": reading("section2.email", "j@xx.com", confidence=float("nan"))}
    assert why(decided(readings)) == [("low-confidence", "section2.email")]


# ---------------------------------------------------------------- several reasons


def test_a_sure_reason_refuses_whatever_else_is_doubtful_or_missing() -> None:
    readings = with_values(good_readings(), section2_signature=False, section3_email="info@yy.ca")
    readings = with_doubt(readings, "section3.email", "section2.company")
    decision = decided(readings, PAGE_MISSING)
    assert decision.verdict is Verdict.REJECT
    assert why(decision) == [
        ("signature-missing", "section2.signature"),
        ("page-missing", None),
        ("low-confidence", "section2.company"),
        ("low-confidence", "section3.email"),
    ]


def test_a_missing_page_s_fields_are_not_named_one_by_one() -> None:
    first_page = {key: value for key, value in good_readings().items() if key.startswith("section2.")}
    decision = decided(first_page, PAGE_MISSING)
    assert decision == Decision(Verdict.REVIEW, (PAGE_MISSING,))


def test_a_reason_about_the_whole_form_refuses_it() -> None:
    decision = decided(good_readings(), SEVERAL_FORMS)
    assert decision == Decision(Verdict.REJECT, (SEVERAL_FORMS,))


def test_messages_name_the_field_as_the_form_does() -> None:
    decision = decided(with_values(good_readings(), section2_company=None))
    message = decision.reasons[0].message
    assert "Libellé section2.company" in message.fr
    assert "Label section2.company" in message.en


# ---------------------------------------------------------------- always

CONFIDENCES = st.floats(0, 1) | st.just(1.0)
CHANGES = st.dictionaries(st.sampled_from(FIELD_KEYS), CONFIDENCES, max_size=4)
RAWS = st.sampled_from(["", "04/03/2022", "x", "info@xx.com", "418 555-0123", "fr", "training", "2030-01-01"])


@given(CHANGES, st.dictionaries(st.sampled_from(FIELD_KEYS), RAWS, max_size=3), st.sets(st.sampled_from(FIELD_KEYS)))
def test_nothing_is_accepted_on_an_uncertain_or_absent_reading(
    confidences: dict[str, float], written: dict[str, str], absent: set[str]
) -> None:
    readings = good_readings()
    for key, raw in written.items():
        readings = with_written(readings, key, raw)
    for key, confidence in confidences.items():
        readings = readings | {key: replace(readings[key], confidence=confidence)}
    readings = {key: value for key, value in readings.items() if key not in absent}
    decision = decided(readings)
    fields = form_spec().field
    uncertain = {
        field.key
        for field in fields
        if field.key not in readings or readings[field.key].confidence < SETTINGS.confidence.threshold(field.kind)
    }
    assert uncertain <= {reason.field for reason in decision.reasons if reason.code is Code.LOW_CONFIDENCE}
    assert (decision.verdict is Verdict.ACCEPT) == (not decision.reasons) == (decision.delivery is not None)
    assert list(decision.reasons) == sorted(decision.reasons, key=lambda reason: reason.order)
    assert len({(reason.code, reason.field) for reason in decision.reasons}) == len(decision.reasons)
    rejecting = [reason for reason in decision.reasons if reason.verdict is Verdict.REJECT]
    assert (decision.verdict is Verdict.REJECT) == bool(rejecting)
    assert not {reason.field for reason in rejecting if reason.field} & uncertain


def test_what_a_rule_found_invalid_is_recorded_as_null_with_what_is_written() -> None:
    readings = with_values(good_readings(), section3_signed_on="2022-04-30")
    findings = validate(form_spec(), readings, RECEIVED, SETTINGS.rules)
    recorded = with_invalid_nulled(readings, findings)
    assert recorded["section3.signed_on"] == replace(readings["section3.signed_on"], value=None)
    assert recorded["section3.signed_on"].raw == "2022-04-30"
    assert {key for key in readings if readings[key] != recorded[key]} == {"section3.signed_on"}
    assert readings["section3.signed_on"].value == "2022-04-30"
    assert decided(recorded) == decided(readings)


def test_a_shared_mailbox_stays_in_the_record() -> None:
    readings = with_values(good_readings(), section3_email="info@yy.ca")
    assert with_invalid_nulled(readings, validate(form_spec(), readings, RECEIVED, SETTINGS.rules)) == readings


def test_every_kind_of_field_is_covered() -> None:
    assert {field.kind for field in form_spec().field} == set(Kind)
