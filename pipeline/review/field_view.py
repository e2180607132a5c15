"""One field of a record as a person is shown it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.correct import NO, SEVERAL, YES, doubtful_keys
from pipeline.model import REASONS, Bilingual, Box, Code, FieldRecord, Kind, ReadingSource, Reason, Record
from pipeline.specs import FieldSpec, FormSpec
from pipeline.values import understand

CANADIAN_NUMBER = re.compile(r"\+1(\d{3})(\d{3})(\d{4})")
YES_OR_NO = ((YES, Bilingual(fr="Oui", en="Yes")), (NO, Bilingual(fr="Non", en="No")))
MORE_THAN_ONE = (SEVERAL, Bilingual(fr="Plusieurs cases", en="More than one box"))


@dataclass(frozen=True)
class FieldView:
    """box: in points on the form's page. text: what to start from; "" where nothing was read or may be shown.

    doubtful: the reading is in doubt; broken: the rules that it breaks. twice: it is to be typed a second time.
    """

    key: str
    kind: Kind
    label: Bilingual
    page: int
    box: Box
    text: str
    alternatives: tuple[str, ...]
    options: tuple[tuple[str, Bilingual], ...]
    confidence: float
    doubtful: bool
    broken: tuple[Reason, ...]
    blank: bool
    required: bool
    given: bool
    twice: bool = False

    @property
    def section(self) -> str:
        return self.key.partition(".")[0].removeprefix("section")

    @property
    def order(self) -> int:
        """Doubts about the reading first, broken rules after, the rest last."""
        return 0 if self.doubtful else 1 if self.broken else 2


def field_views(record: Record, spec: FormSpec, *, email_entry: str, hidden: bool = False) -> list[FieldView]:
    """The record's fields in the order in which a person treats them.

    email_entry: as configured. hidden: addresses in doubt are shown without what was read or typed before.
    """
    doubtful = set(doubtful_keys(record))
    broken = {
        field.key: tuple(
            reason for reason in record.reasons if reason.field == field.key and reason.code is not Code.LOW_CONFIDENCE
        )
        for field in spec.field
    }
    views = []
    for field in spec.field:
        read = record.fields.get(field.key)
        if read is None:
            continue
        unread = field.key in doubtful
        secret = hidden and unread and field.kind is Kind.EMAIL
        views.append(
            FieldView(
                key=field.key,
                kind=field.kind,
                label=field.label,
                page=field.page,
                box=field.box,
                text="" if secret else text_of(field, read),
                alternatives=() if secret else alternatives_of(field, read),
                options=options_of(field),
                confidence=read.confidence,
                doubtful=unread,
                broken=broken[field.key],
                blank=read.value is None and not read.raw,
                required=field.required,
                given=read.source is ReadingSource.REVIEWER,
                twice=unread and field.kind is Kind.EMAIL and email_entry == "twice",
            )
        )
    return sorted(views, key=lambda view: view.order)


def text_of(field: FieldSpec, read: FieldRecord) -> str:
    """What to start from: the value as people write it, else what was read."""
    if field.kind is Kind.SIGNATURE:
        return {True: YES, False: NO}.get(bool(read.value), "") if read.value is not None else ""
    if read.value is None:
        if field.kind is Kind.CHOICE:
            return SEVERAL if read.raw else ""
        return read.raw or (read.alternatives[0] if read.alternatives else "")
    return written(field.kind, str(read.value))


def alternatives_of(field: FieldSpec, read: FieldRecord) -> tuple[str, ...]:
    if field.kind in (Kind.SIGNATURE, Kind.CHOICE):
        return ()
    shown = text_of(field, read)
    each = (
        written(field.kind, value) for value in read.alternatives if understand(field.kind, field.key, value).values
    )
    return tuple(dict.fromkeys(value for value in each if value != shown))[:3]


def written(kind: Kind, value: str) -> str:
    """A telephone number in groups, as on paper: so it is compared sooner."""
    number = CANADIAN_NUMBER.fullmatch(value) if kind is Kind.PHONE else None
    return f"{number[1]} {number[2]}-{number[3]}" if number else value


def options_of(field: FieldSpec) -> tuple[tuple[str, Bilingual], ...]:
    if field.kind is Kind.SIGNATURE:
        return YES_OR_NO
    if field.kind is Kind.CHOICE:
        return (*((option.value, option.label) for option in field.option), MORE_THAN_ONE)
    return ()


def reasons_to_reject() -> list[Code]:
    """Those that a person may give by hand, in the contract's order."""
    return [code for code, kind in REASONS.items() if kind.verdict == "reject" and code is not Code.DUPLICATE_DOCUMENT]
