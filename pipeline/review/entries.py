"""What a person sent for the fields of a document: checked, and taken as entries."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.correct import Action, Entry, same_reading
from pipeline.model import FieldRecord, Kind, Reason, Record
from pipeline.review.accounts import Account
from pipeline.review.field_view import FieldView, reasons_to_reject
from pipeline.specs import FormSpec
from pipeline.store.ledger import now
from pipeline.store.schema import CorrectionRow

ACTION, VALUE, AGAIN = "action:", "value:", "again:"
LONGEST = 320  # an e-mail address is no longer (RFC 3696)


@dataclass(frozen=True)
class Sent:
    """entries: by field. unequal: the addresses whose second typing is not the first."""

    entries: dict[str, Entry]
    unequal: tuple[str, ...]


def sent_entries(form: Mapping[str, str], views: Sequence[FieldView]) -> Sent:
    """The entries of the fields of which something was said; any other stays as it was read."""
    entries: dict[str, Entry] = {}
    unequal = []
    for view in views:
        action = form.get(ACTION + view.key, "")
        if action not in {each.value for each in Action}:
            continue
        text = form.get(VALUE + view.key, "").strip()[:LONGEST]
        entries[view.key] = Entry(Action(action), text)
        if view.twice and action == Action.VALUE and not same_address(text, form.get(AGAIN + view.key, "")):
            unequal.append(view.key)
    return Sent(entries, tuple(unequal))


def same_address(one: str, other: str) -> bool:
    return one.strip().lower() == other.strip().lower()


def reason_by_hand(form: Mapping[str, str], spec: FormSpec | None) -> Reason | None:
    """The reason to reject that a person chose; None where they chose none that there is."""
    code = next((code for code in reasons_to_reject() if code.value == form.get("code")), None)
    if code is None:
        return None
    field = spec.find_field(form.get("field", "")) if spec else None
    return Reason.of(code, field=field.key if field else None, label=field.label if field else None)


def correction(
    record: Record, key: str, kind: Kind, account: Account, *, cause: str, entry: Entry, found: FieldRecord
) -> CorrectionRow:
    """What a person found, beside what had been read."""
    read = record.fields[key]
    return CorrectionRow(
        document_id=record.id,
        account_id=account.id,
        at=now(),
        cause=cause,
        field=key,
        kind=kind.value,
        action=entry.action.value,
        read_value=json.dumps(read.value, ensure_ascii=False),
        read_raw=read.raw,
        read_confidence=read.confidence,
        value=json.dumps(found.value, ensure_ascii=False),
        same=entry.action is not Action.ILLEGIBLE and same_value(kind, read, found),
    )


def same_value(kind: Kind, read: FieldRecord, found: FieldRecord) -> bool:
    """Whether the reading was right."""
    same = same_reading(kind, read.value, found.value)
    return same and (read.value is not None or bool(read.raw) == bool(found.raw))
