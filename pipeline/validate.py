"""The rules on what was read: one function a rule, one code a rule. Readings in, findings out.

A finding says what is wrong and on which readings that rests; whether those are certain enough is decided in `decide`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from pipeline.config import Period, Rules
from pipeline.findings import Finding
from pipeline.mailboxes import Mailbox, begins_a_name, kind_of_mailbox, same_mailbox
from pipeline.mailboxes_in_doubt import read_alike, read_as_shared
from pipeline.model import Code, Kind, Reading, Readings, ReadingSource
from pipeline.specs import FieldSpec, FormSpec
from pipeline.values import understand

# Few people date their signature ahead, and many a misread date lies there: so that half of what is certain enough
# elsewhere is not wrong here, a date ahead must be this certain (docs/design/confidence.md, "Dates ahead").
SURELY_AHEAD = 0.9995


@dataclass(frozen=True)
class Case:
    """What the rules look at."""

    spec: FormSpec
    readings: Readings
    received: datetime
    rules: Rules

    def read_fields(self, *kinds: Kind) -> Iterator[tuple[FieldSpec, Reading]]:
        """The spec's fields of these kinds (of any, without) that were read: an absent page has no readings."""
        for field in self.spec.field:
            if field.key in self.readings and (not kinds or field.kind in kinds):
                yield field, self.readings[field.key]

    def names_in(self, section: str) -> list[str]:
        """What the person of a section is called, as it was read."""
        readings = (self.readings.get(f"{section}.{name}") for name in ("given_name", "family_name"))
        return [reading.value for reading in readings if reading is not None and isinstance(reading.value, str)]

    def emails(self) -> dict[str, str]:
        """The valid addresses by field."""
        fields = self.read_fields(Kind.EMAIL)
        return {field.key: reading.value for field, reading in fields if isinstance(reading.value, str)}


Rule = Callable[[Case], Iterator[Finding]]
RULES: dict[Code, Rule] = {}
ALWAYS = Period()


def rule(code: Code) -> Callable[[Rule], Rule]:
    """Marks the one function that finds `code`."""

    def register(function: Rule) -> Rule:
        if code in RULES:
            raise ValueError(f"two rules for {code}")
        RULES[code] = function
        return function

    return register


def validate(spec: FormSpec, readings: Readings, received: datetime, rules: Rules) -> tuple[Finding, ...]:
    """Every rule in force that the readings break, in the contract's order. `received` is aware."""
    case = Case(spec, readings, received, rules)
    day = day_of_reception(received, rules)
    applied = [function for code, function in RULES.items() if rules.in_force.get(code, ALWAYS).holds(day)]
    found = (finding for function in applied for finding in function(case))
    return tuple(sorted(found, key=lambda finding: finding.order))


def day_of_reception(received: datetime, rules: Rules) -> date:
    return received.astimezone(ZoneInfo(rules.timezone)).date()


def edition_obsolete(number: str, edition: str, received: datetime, rules: Rules) -> bool:
    """Whether an edition (`2022-03`) is refused for the day on which it was received (rules 1 and 2).

    The rules treat all forms alike; `number` is asked for because an edition alone says nothing.
    """
    return edition < rules.first_accepted_edition and day_of_reception(received, rules) >= rules.cutoff


# ---------------------------------------------------------------- the rules


@rule(Code.FIELD_MISSING)
def field_missing(case: Case) -> Iterator[Finding]:
    lost = _may_be_lost(case)
    for field, reading in case.read_fields():
        if field.required and field.kind is not Kind.SIGNATURE and reading.blank:
            seen_so = reading.source is ReadingSource.REVIEWER
            yield Finding(Code.FIELD_MISSING, field.key, (field.key,), sure=seen_so or field.section not in lost)


def _may_be_lost(case: Case) -> set[str]:
    """The sections in which somebody signed and wrote nothing else: whoever fills none does not sign either, and a scan
    that makes white of a pale pencil leaves what was signed in ink."""
    written = [(field, reading) for field, reading in case.read_fields() if field.kind is not Kind.CHOICE]
    signed = {field.section for field, reading in written if field.kind is Kind.SIGNATURE and reading.value}
    return signed - {field.section for field, reading in written if field.kind is not Kind.SIGNATURE and reading.raw}


@rule(Code.FIELD_INVALID)
def field_invalid(case: Case) -> Iterator[Finding]:
    for field, reading in case.read_fields(Kind.PHONE, Kind.DIGITS, Kind.DATE, Kind.CHOICE):
        if written_wrong(field, reading):
            yield Finding(Code.FIELD_INVALID, field.key, (field.key,))
        elif field.kind is Kind.DATE and lies_ahead(case, reading):
            yield Finding(Code.FIELD_INVALID, field.key, (field.key,), sure=reading.confidence >= SURELY_AHEAD)


@rule(Code.EMAIL_INVALID)
def email_invalid(case: Case) -> Iterator[Finding]:
    for field, reading in case.read_fields(Kind.EMAIL):
        if written_wrong(field, reading):
            yield Finding(Code.EMAIL_INVALID, field.key, (field.key,))


@rule(Code.EMAIL_SHARED_MAILBOX)
def email_shared_mailbox(case: Case) -> Iterator[Finding]:
    emails = case.emails()
    for field, reading in case.read_fields(Kind.EMAIL):
        address = emails.get(field.key, "")
        named = begins_a_name(address, case.names_in(field.section))
        if not named and read_as_shared(reading.looks, case.rules.shared_mailboxes):
            # Whoever it is of: the domain may stay in doubt.
            yield Finding(Code.EMAIL_SHARED_MAILBOX, field.key, ())
            continue
        kind = kind_of_mailbox(address, case.rules.shared_mailboxes)
        if kind is not Mailbox.PERSONAL:
            sure = kind is Mailbox.SHARED and not named
            yield Finding(Code.EMAIL_SHARED_MAILBOX, field.key, (field.key,), sure=sure)


@rule(Code.EMAILS_NOT_DIFFERENT)
def emails_not_different(case: Case) -> Iterator[Finding]:
    emails = case.emails()
    looks = [reading.looks for _, reading in case.read_fields(Kind.EMAIL)]
    if len(emails) == 2 and not same_mailbox(*emails.values()):
        return
    if emails and len(looks) == 2 and read_alike(*looks):
        # Whatever it is, it is written twice: what each of them says may stay in doubt.
        yield Finding(Code.EMAILS_NOT_DIFFERENT, None, ())
    elif len(emails) == 2:
        yield Finding(Code.EMAILS_NOT_DIFFERENT, None, tuple(emails))


@rule(Code.SIGNATURE_MISSING)
def signature_missing(case: Case) -> Iterator[Finding]:
    for field, reading in case.read_fields(Kind.SIGNATURE):
        if field.required and reading.value is not True:
            yield Finding(Code.SIGNATURE_MISSING, field.key, (field.key,))


# ---------------------------------------------------------------- what they ask


def written_wrong(field: FieldSpec, reading: Reading) -> bool:
    """Something is written that cannot be a value: of a choice, more than one tick."""
    if not reading.invalid:
        return False
    return field.kind is Kind.CHOICE or understand(field.kind, field.key, reading.raw or "").invalid


def lies_ahead(case: Case, reading: Reading) -> bool:
    """The date written is later than the day of reception. A date already nulled for that is known by its `raw`."""
    written = reading.value if isinstance(reading.value, str) else reading.raw
    day = understand(Kind.DATE, reading.key, written or "").certain_value
    return day is not None and date.fromisoformat(day) > day_of_reception(case.received, case.rules)
