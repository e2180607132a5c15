"""How a record would differ: decision, reasons, fields."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import Code, FieldRecord, Record
from pipeline.reprocess.treatment import Treatment


@dataclass(frozen=True)
class Change:
    """A record as it is and as it would be. by_person: somebody decided it, so it stays as it is."""

    before: Record
    after: Record
    treatment: Treatment
    by_person: bool

    @property
    def decision(self) -> bool:
        """Whether what becomes of the document would differ."""
        return self.before.decision is not self.after.decision or self.before.delivery != self.after.delivery

    @property
    def any(self) -> bool:
        return self.before.to_contract_json() != self.after.to_contract_json()

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields whose value would differ, or whether it is in doubt."""
        keys = dict.fromkeys((*self.before.fields, *self.after.fields))
        return tuple(key for key in keys if self._told(self.before, key) != self._told(self.after, key))

    @property
    def reasons_gone(self) -> tuple[str, ...]:
        return tuple(each for each in named(self.before) if each not in named(self.after))

    @property
    def reasons_new(self) -> tuple[str, ...]:
        return tuple(each for each in named(self.after) if each not in named(self.before))

    def _told(self, record: Record, key: str) -> tuple[object, ...]:
        read: FieldRecord | None = record.fields.get(key)
        doubted = any(reason.field == key and reason.code is Code.LOW_CONFIDENCE for reason in record.reasons)
        return (None,) if read is None else (read.value, read.raw if read.value is None else None, doubted)


def named(record: Record) -> list[str]:
    """The record's reasons, each with its field."""
    return [reason.code.value + (f" {reason.field}" if reason.field else "") for reason in record.reasons]
