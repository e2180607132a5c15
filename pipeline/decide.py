"""Accept, reject or review, and who gets what: the one place where certainty counts.

Nothing is accepted unless every field of the edition was read with certainty and breaks no rule; nothing is rejected
for a reason that rests on a doubtful reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.config import Rules, Settings
from pipeline.findings import Finding
from pipeline.model import Channel, Code, Delivery, Kind, Reading, Readings, ReadingSource, Reason, Verdict
from pipeline.specs import FieldSpec, FormSpec
from pipeline.values import understand

USERNAME_TO = "section3.email"
TEMPORARY_PASSWORD_TO = "section2.email"
ENVIRONMENT = "section2.environment"

INVALID_CODES = frozenset({Code.FIELD_INVALID, Code.EMAIL_INVALID})
REGISTERED_MAIL = Delivery(channel=Channel.REGISTERED_MAIL)


@dataclass(frozen=True)
class Decision:
    """What becomes of a document: reasons in the contract's order; `delivery` only when accepted."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    delivery: Delivery | None = None


def decide(
    *,
    spec: FormSpec,
    readings: Readings,
    findings: Sequence[Finding],
    form_reasons: tuple[Reason, ...],
    received: datetime,
    settings: Settings,
) -> Decision:
    """Weighs the findings on the readings of one document.

    readings: as read, values that are not valid not yet nulled. form_reasons: those about the form as a whole (a page
    is missing). received: aware.
    """
    doubtful = doubtful_fields(spec, readings, findings, settings)
    unread = () if form_reasons else unread_fields(spec, readings)
    in_doubt = dict.fromkeys((*doubtful, *unread))
    broken = [finding for finding in findings if finding.sure and not in_doubt.keys() & set(finding.rests_on)]
    named = [(finding.code, finding.field) for finding in broken] + [(Code.LOW_CONFIDENCE, key) for key in in_doubt]
    reasons = (*form_reasons, *(reason_of(spec, code, key) for code, key in dict.fromkeys(named)))
    if reasons:
        verdict = Verdict.REJECT if any(reason.verdict is Verdict.REJECT for reason in reasons) else Verdict.REVIEW
        return Decision(verdict, tuple(sorted(reasons, key=lambda reason: reason.order)))
    return Decision(Verdict.ACCEPT, delivery=delivery(spec, readings, received, settings.rules))


def with_invalid_nulled(readings: Readings, findings: Iterable[Finding]) -> Readings:
    """The readings as recorded: the value of a field that a rule found invalid is None, and its `raw` stays."""
    invalid = {finding.field for finding in findings if finding.code in INVALID_CODES}
    return {key: replace(reading, value=None) if key in invalid else reading for key, reading in readings.items()}


# ---------------------------------------------------------------- certainty


def doubtful_fields(
    spec: FormSpec, readings: Readings, findings: Iterable[Finding], settings: Settings
) -> tuple[str, ...]:
    """The fields whose reading is not certain enough to act on, or on which a rule needs a person's judgement.

    Where a person has given the value, that judgement is made: they were asked.
    """
    findings = tuple(findings)
    judged = {
        finding.field
        for finding in findings
        if not finding.sure and not (finding.field in readings and is_given(readings[finding.field]))
    }
    invalid = {finding.field for finding in findings if finding.code in INVALID_CODES}
    return tuple(
        field.key
        for field in spec.field
        if (reading := readings.get(field.key)) is not None
        and (
            not reading.confidence >= settings.confidence.threshold(field.kind)  # so that NaN is doubtful
            or not makes_sense(field, reading, field.key in invalid)
            or field.key in judged
        )
    )


def unread_fields(spec: FormSpec, readings: Readings) -> tuple[str, ...]:
    """The fields without any reading: expected only where a page is missing."""
    return tuple(field.key for field in spec.field if field.key not in readings)


def is_given(reading: Reading) -> bool:
    """Whether a person has said what is written, and not that it cannot be read."""
    return reading.source is ReadingSource.REVIEWER and reading.confidence == 1.0


def makes_sense(field: FieldSpec, reading: Reading, found_invalid: bool) -> bool:
    """Whether a reading can be what it claims: a reader that contradicts itself is not certain, whatever it says.

    A value is canonical; where there is none, nothing is written or a rule found that it is not valid.
    """
    if field.kind is Kind.SIGNATURE:
        return isinstance(reading.value, bool)
    if reading.source is not ReadingSource.REVIEWER and ambiguous(field, reading):
        return False
    if reading.value is None:
        return reading.blank or found_invalid
    if field.kind is Kind.CHOICE:
        return reading.value in {option.value for option in field.option}
    return isinstance(reading.value, str) and reading.value in understand(field.kind, field.key, reading.value).values


def ambiguous(field: FieldSpec, reading: Reading) -> bool:
    """What is written could mean several things. A reviewer has said which; a reader may not."""
    return field.kind is not Kind.CHOICE and understand(field.kind, field.key, reading.raw or "").doubtful


# ---------------------------------------------------------------- what is said and sent


def reason_of(spec: FormSpec, code: Code, key: str | None) -> Reason:
    field = spec.find_field(key) if key else None
    return Reason.of(code, field=key, label=field.label if field else None)


def delivery(spec: FormSpec, readings: Readings, received: datetime, rules: Rules) -> Delivery:
    """Where the credentials of an accepted request go (rules 2, 5 and 6). Every reading is certain here."""
    former = received.astimezone(ZoneInfo(rules.timezone)).date() < rules.cutoff
    environment = readings.get(ENVIRONMENT)
    training = environment is not None and environment.value == "training"
    if former or training or spec.edition < rules.first_accepted_edition:
        return REGISTERED_MAIL
    username_to, temporary_password_to = readings[USERNAME_TO].value, readings[TEMPORARY_PASSWORD_TO].value
    if not (isinstance(username_to, str) and isinstance(temporary_password_to, str)):
        raise ValueError(f"{spec.name}: accepted without both e-mail addresses")
    return Delivery(channel=Channel.EMAIL, username_to=username_to, temporary_password_to=temporary_password_to)
