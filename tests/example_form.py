"""A form of the tests' own and what was read in it: nobody's real values."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pipeline.model import FIELD_KEYS, Bilingual, Box, Kind, Reading, Readings, ReadingSource
from pipeline.specs import FieldSpec, FormSpec, OptionSpec, PageSpec

TEXT_BOX = Box(10, 10, 100, 20)
KINDS = {
    "telephone": Kind.PHONE,
    "telephone_extension": Kind.DIGITS,
    "email": Kind.EMAIL,
    "language": Kind.CHOICE,
    "environment": Kind.CHOICE,
    "signature": Kind.SIGNATURE,
    "signed_on": Kind.DATE,
    "licence_number": Kind.DIGITS,
}
OPTIONS = {"language": ("fr", "en"), "environment": ("production", "training")}
VALUES: dict[str, str | bool | None] = {
    "section2.family_name": "Untel",
    "section2.given_name": "Jacques",
    "section2.job_title": "Analyste",
    "section2.company": "Logiciels d’Exemple inc.",
    "section2.telephone": "+14185550123",
    "section2.telephone_extension": None,
    "section2.email": "jacques.untel@xx.com",
    "section2.language": "fr",
    "section2.environment": "production",
    "section2.signature": True,
    "section2.signed_on": "2022-04-04",
    "section3.family_name": "Unetelle",
    "section3.given_name": "Anne-Élise",
    "section3.job_title": "Pharmacienne",
    "section3.licence_number": "123456",
    "section3.telephone": "+15815550123",
    "section3.telephone_extension": "204",
    "section3.email": "anne.unetelle@yy.ca",
    "section3.signature": True,
    "section3.signed_on": "2022-04-05",
}
# What the editions before 2022-03 do not have.
NEW_FIELDS = frozenset(
    {
        "section2.email",
        "section2.environment",
        "section2.signature",
        "section2.signed_on",
        "section3.email",
    }
)


def kind_of(key: str) -> Kind:
    return KINDS.get(key.split(".")[1], Kind.TEXT)


def field_spec(key: str) -> FieldSpec:
    name = key.split(".")[1]
    return FieldSpec(
        key=key,
        kind=kind_of(key),
        box=TEXT_BOX,
        page=1,
        required=name != "telephone_extension",
        label=Bilingual(fr=f"Libellé {key}", en=f"Label {key}"),
        option=tuple(
            OptionSpec(value=value, label=Bilingual(fr=value, en=value), box=TEXT_BOX)
            for value in OPTIONS.get(name, ())
        ),
    )


def form_spec(edition: str = "2022-03") -> FormSpec:
    keys = [key for key in FIELD_KEYS if edition >= "2022-03" or key not in NEW_FIELDS]
    return FormSpec(
        number="4058",
        edition=edition,
        title=Bilingual(fr="Inscription", en="Registration"),
        page=(PageSpec(box=TEXT_BOX, footer="4058 195"),),
        field=tuple(field_spec(key) for key in keys),
        folder=Path("nowhere"),
    )


def reading(key: str, value: str | bool | None, *, raw: str | None = None, confidence: float = 1.0) -> Reading:
    """One reading; `raw` is the value itself unless given."""
    kind = kind_of(key)
    return Reading(
        key=key,
        value=value,
        raw=raw if raw is not None or not isinstance(value, str) else value,
        confidence=confidence,
        source=ReadingSource.MARK if kind in (Kind.CHOICE, Kind.SIGNATURE) else ReadingSource.OCR,
        page=1,
        box=TEXT_BOX,
    )


def good_readings(edition: str = "2022-03") -> Readings:
    """Every field of the edition, read with certainty and breaking no rule."""
    return {field.key: reading(field.key, VALUES[field.key]) for field in form_spec(edition).field}


def with_values(readings: Readings, **changes: str | bool | None) -> Readings:
    """With other values, keys written as `section2_email`."""
    changed = {key.replace("_", ".", 1): value for key, value in changes.items()}
    return readings | {key: reading(key, value) for key, value in changed.items()}


def with_written(readings: Readings, key: str, raw: str) -> Readings:
    """With something written in `key` that is not valid."""
    return readings | {key: reading(key, None, raw=raw)}


def with_doubt(readings: Readings, *keys: str) -> Readings:
    return readings | {key: replace(readings[key], confidence=0.5) for key in keys}


def at(day: str, time: str = "12:00:00-04:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{time}")
