"""The rules: what each finds, and that it finds nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from example_form import at, form_spec, good_readings, reading, with_values, with_written

from pipeline.config import Rules
from pipeline.findings import Finding
from pipeline.model import Code, Kind, Readings, ReadingSource
from pipeline.specs import FieldSpec
from pipeline.validate import RULES, edition_obsolete, validate

RECEIVED = at("2022-04-06")
Found = set[tuple[Code, str | None]]


def found(readings: Readings, *, edition: str = "2022-03", received: datetime = RECEIVED) -> Found:
    findings = validate(form_spec(edition), readings, received, Rules())
    return {(finding.code, finding.field) for finding in findings}


@pytest.mark.parametrize("edition", ["2022-03", "2024-10", "2015-02"])
def test_a_good_form_breaks_no_rule(edition: str) -> None:
    assert found(good_readings(edition), edition=edition) == set()


def test_each_rule_has_its_code() -> None:
    assert set(RULES) == {
        Code.FIELD_MISSING,
        Code.FIELD_INVALID,
        Code.EMAIL_INVALID,
        Code.EMAIL_SHARED_MAILBOX,
        Code.EMAILS_NOT_DIFFERENT,
        Code.SIGNATURE_MISSING,
    }


@pytest.mark.parametrize("field", form_spec().field, ids=lambda field: field.key)
def test_a_blank_field(field: FieldSpec) -> None:
    key, kind = field.key, field.kind
    readings = good_readings() | {key: reading(key, False if kind is Kind.SIGNATURE else None)}
    code = Code.SIGNATURE_MISSING if kind is Kind.SIGNATURE else Code.FIELD_MISSING
    assert found(readings) == (set() if key.endswith("extension") else {(code, key)})


@pytest.mark.parametrize(("signed", "sure"), [(True, False), (False, True)])
def test_a_section_with_nothing_but_a_signature_may_have_been_lost_by_the_scan(signed: bool, sure: bool) -> None:
    """So a scan in black and white left of a pale pencil's section 3 the signature in ink alone."""
    blank = {key: reading(key, None) for key in good_readings() if key.startswith("section3.")}
    readings = good_readings() | blank | {"section3.signature": reading("section3.signature", signed)}
    assert set(missing(readings).values()) == {sure}
    assert all(missing(readings | {"section3.given_name": reading("section3.given_name", "Anne")}).values())
    # Who has looked at the paper knows.
    seen = replace(readings["section3.email"], source=ReadingSource.REVIEWER)
    assert missing(readings | {"section3.email": seen})["section3.email"]


def missing(readings: Readings) -> dict[str | None, bool]:
    """The fields that are missing, and whether that is sure."""
    findings = validate(form_spec(), readings, RECEIVED, Rules())
    return {each.field: each.sure for each in findings if each.code is Code.FIELD_MISSING}


@pytest.mark.parametrize(
    ("key", "raw", "code"),
    [
        ("section2.telephone", "819491489", Code.FIELD_INVALID),
        ("section3.telephone", "jacques", Code.FIELD_INVALID),
        ("section2.telephone_extension", "1234567", Code.FIELD_INVALID),
        ("section3.licence_number", "48213", Code.FIELD_INVALID),
        ("section2.signed_on", "2022-00-15", Code.FIELD_INVALID),
        ("section2.language", "fr en", Code.FIELD_INVALID),
        ("section2.environment", "production training", Code.FIELD_INVALID),
        ("section2.email", "jacques.untel.xx.com", Code.EMAIL_INVALID),
        ("section3.email", "jacques@xx..com", Code.EMAIL_INVALID),
    ],
)
def test_what_is_written_is_not_valid(key: str, raw: str, code: Code) -> None:
    assert found(with_written(good_readings(), key, raw)) == {(code, key)}


@pytest.mark.parametrize(
    ("key", "raw"),
    [
        ("section2.signed_on", "04/05/2022"),
        ("section2.telephone", "418 555-0123 poste 204"),
        ("section2.telephone_extension", "s.o."),
        ("section2.telephone", "418 555-0123"),
        ("section2.email", "jacques.untel@xx.com"),
    ],
)
def test_what_is_doubtful_or_valid_after_all_is_not_invalid(key: str, raw: str) -> None:
    assert found(with_written(good_readings(), key, raw)) == set()


@pytest.mark.parametrize(
    ("day", "received", "ahead"),
    [
        ("2022-04-06", at("2022-04-06"), False),
        ("2022-04-07", at("2022-04-06"), True),
        # Already the 7th in Greenwich, still the 6th in Toronto; and the other way round.
        ("2022-04-07", at("2022-04-07", "03:30:00+00:00"), True),
        ("2022-04-07", at("2022-04-07", "04:30:00+00:00"), False),
        ("1999-12-31", at("2022-04-06"), False),
    ],
)
def test_a_date_later_than_reception(day: str, received: datetime, ahead: bool) -> None:
    readings = with_values(good_readings(), section2_signed_on=day)
    expected: Found = {(Code.FIELD_INVALID, "section2.signed_on")} if ahead else set()
    assert found(readings, received=received) == expected


def test_a_date_nulled_for_being_later_than_reception_stays_so() -> None:
    readings = with_written(good_readings(), "section3.signed_on", "30 avril 2022")
    assert found(readings) == {(Code.FIELD_INVALID, "section3.signed_on")}


@pytest.mark.parametrize("key", ["section2.email", "section3.email"])
def test_a_shared_mailbox(key: str) -> None:
    readings = good_readings() | {key: reading(key, "reception@xx.com")}
    assert found(readings) == {(Code.EMAIL_SHARED_MAILBOX, key)}
    assert all(finding.sure for finding in validate(form_spec(), readings, RECEIVED, Rules()))
    assert validate(form_spec(), readings, RECEIVED, Rules(shared_mailboxes=())) == ()


def test_a_mailbox_that_may_be_shared_is_left_open() -> None:
    readings = with_values(good_readings(), section3_email="pharmacie.roy@xx.com")
    expected = Finding(Code.EMAIL_SHARED_MAILBOX, "section3.email", ("section3.email",), sure=False)
    assert validate(form_spec(), readings, RECEIVED, Rules()) == (expected,)


def test_a_role_that_begins_its_persons_name_may_be_that_person() -> None:
    """`lab68983@` was refused as a laboratory's, and was L'Abbé's."""
    looks = {key: {"lab68983@xx.com": 1.0} for key in ("own plain", "own second", "paddle plain", "paddle second")}
    address = replace(reading("section2.email", "lab68983@xx.com"), looks=looks)
    for name, sure in (("L'Abbé", False), ("Roy", True)):
        readings = with_values(good_readings(), section2_family_name=name) | {"section2.email": address}
        (finding,) = validate(form_spec(), readings, RECEIVED, Rules())
        assert finding.code is Code.EMAIL_SHARED_MAILBOX
        assert finding.sure is sure


@pytest.mark.parametrize("environment", ["production", "training"])
def test_the_two_addresses_differ_also_for_training(environment: str) -> None:
    readings = with_values(
        good_readings(),
        section2_environment=environment,
        section2_email="jacques.untel@gmail.com",
        section3_email="jacquesuntel@gmail.com",
    )
    (finding,) = validate(form_spec(), readings, RECEIVED, Rules())
    assert finding == Finding(Code.EMAILS_NOT_DIFFERENT, None, ("section2.email", "section3.email"))


def test_a_role_is_a_shared_mailbox_though_nobody_is_sure_of_its_domain() -> None:
    looks = {key: {"reception@xx.com": 1.0} for key in ("own plain", "paddle plain", "paddle second")}
    doubtful = replace(reading("section2.email", "reception@xx.com", confidence=0.4), looks=looks)
    (finding,) = validate(form_spec(), good_readings() | {"section2.email": doubtful}, RECEIVED, Rules())
    assert finding == Finding(Code.EMAIL_SHARED_MAILBOX, "section2.email", ())
    assert validate(form_spec(), {"section2.email": doubtful}, RECEIVED, Rules(shared_mailboxes=())) == ()


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("jacques.untel@xx.com", "jacques.untel@xx.com", True),
        ("jacques.untel@xx.com", None, True),
        ("jacques.untel@xx.com", "jacques.unte1@xx.com", False),
    ],
    ids=["the same", "one of them no address", "best read otherwise"],
)
def test_what_is_read_alike_twice_is_one_address_though_nobody_is_sure_which(
    one: str, other: str | None, found: bool
) -> None:
    looks = {key: {"jacques.untel@xx.com": 1.0} for key in ("own plain", "paddle plain")}
    doubtful = {
        key: replace(reading(key, value, raw="jacques.untel@xx.com.", confidence=0.4), looks=looks)
        for key, value in (("section2.email", one), ("section3.email", other))
    }
    findings = validate(form_spec(), good_readings() | doubtful, RECEIVED, Rules())
    assert (Finding(Code.EMAILS_NOT_DIFFERENT, None, ()) in findings) is found


def test_an_address_that_is_none_is_not_compared() -> None:
    readings = with_written(good_readings(), "section2.email", "anne@yy")
    readings = with_written(readings, "section3.email", "anne@yy")
    assert found(readings) == {(Code.EMAIL_INVALID, "section2.email"), (Code.EMAIL_INVALID, "section3.email")}


def test_all_the_reasons_that_hold_come_in_the_contract_s_order() -> None:
    readings = with_values(
        with_written(good_readings(), "section3.licence_number", "48213"),
        section3_signature=False,
        section2_signature=False,
        section3_family_name=None,
        section2_company=None,
        section2_email="info@xx.com",
        section3_email="info+b2b@xx.com",
    )
    findings = validate(form_spec(), readings, RECEIVED, Rules())
    assert [(finding.code, finding.field) for finding in findings] == [
        (Code.FIELD_MISSING, "section2.company"),
        (Code.FIELD_MISSING, "section3.family_name"),
        (Code.FIELD_INVALID, "section3.licence_number"),
        (Code.EMAIL_SHARED_MAILBOX, "section2.email"),
        (Code.EMAIL_SHARED_MAILBOX, "section3.email"),
        (Code.EMAILS_NOT_DIFFERENT, None),
        (Code.SIGNATURE_MISSING, "section2.signature"),
        (Code.SIGNATURE_MISSING, "section3.signature"),
    ]


def test_only_the_fields_of_the_edition_count() -> None:
    stray = good_readings("2015-02") | {"section2.email": replace(reading("section2.email", None), raw="no address")}
    assert found(stray, edition="2015-02") == set()


def test_only_the_fields_that_were_read_count() -> None:
    first_page = {key: value for key, value in good_readings().items() if key.startswith("section2.")}
    assert found(first_page) == set()


@pytest.mark.parametrize(
    ("edition", "received", "obsolete"),
    [
        ("2015-02", at("2022-03-30", "23:52:00-04:00"), False),
        ("2015-02", at("2022-03-31", "00:00:00-04:00"), True),
        ("2015-02", at("2022-03-31", "03:59:00+00:00"), False),
        ("2020-01", at("2022-04-06"), True),
        ("2022-02", at("2022-04-06"), True),
        ("2022-03", at("2022-04-06"), False),
        ("2022-03", at("2022-03-01"), False),
        ("2024-10", at("2025-01-01"), False),
    ],
)
def test_old_editions_are_refused_from_the_cutoff_on(edition: str, received: datetime, obsolete: bool) -> None:
    assert edition_obsolete("4058", edition, received, Rules()) is obsolete


def test_the_cutoff_is_configuration() -> None:
    assert edition_obsolete("4058", "2022-03", at("2025-01-01"), Rules(first_accepted_edition="2024-10"))
    assert not edition_obsolete("4058", "2015-02", at("2022-04-06"), Rules.model_validate({"cutoff": "2022-05-01"}))
