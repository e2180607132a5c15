"""What a record was made by: digests of all that it rests on, which tell what must be done again after a change.

Readings rest on the program, the engines, the edition's blank and boxes, and the editions that it is told from; the
decision rests on the readings, the rules, the thresholds and the edition's other terms.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from hashlib import sha256

from pipeline import __version__
from pipeline.calibration import load_calibration
from pipeline.config import Settings
from pipeline.model import OcrEngine, Record, Versions
from pipeline.specs import FormSpec, blank_digest

DIGEST_LENGTH = 16
# Of a field, what decides what is read; what else a spec says of it is in `terms`.
LAYOUT = {"key", "kind", "page", "box", "layout", "comb", "option", "widget"}
NONE = ""


def versions_of(
    record: Record, specs: Sequence[FormSpec], settings: Settings, engines: Sequence[OcrEngine]
) -> Versions:
    """By what this record was, or would now be, made."""
    spec = find_spec(record, specs)
    kin = [each for each in specs if spec is None or each.number == spec.number]
    return Versions(
        program=f"{__version__} {load_calibration().version}",
        engines=(*(f"{engine.name} {engine.version}" for engine in engines), *told_to(settings)),
        family=digest(*(identity_of(each) for each in kin)),
        layout=layout_of(spec) if spec else NONE,
        terms=terms_of(spec) if spec else NONE,
        rules=digest(settings.rules.model_dump_json(), settings.confidence.model_dump_json()),
        limits=digest(settings.limits.model_dump_json()),
    )


def told_to(settings: Settings) -> tuple[str, ...]:
    """What the readers know of an agency's own: nothing where it says nothing."""
    domains = sorted(settings.ocr.known_domains)
    return (f"domains {digest(*domains)}",) if domains else ()


def find_spec(record: Record, specs: Sequence[FormSpec]) -> FormSpec | None:
    """The edition whose fields the record has."""
    name = f"{record.form.number} {record.form.edition}"
    return next((spec for spec in specs if spec.name == name), None) if record.fields else None


@cache
def identity_of(spec: FormSpec) -> str:
    """What an edition is told from others by."""
    return digest(spec.name, blank_digest(spec.blank), *(page.model_dump_json() for page in spec.page))


@cache
def layout_of(spec: FormSpec) -> str:
    return digest(identity_of(spec), *(field.model_dump_json(include=LAYOUT) for field in spec.field))


@cache
def terms_of(spec: FormSpec) -> str:
    return digest(spec.model_dump_json(exclude={"folder"}))


def digest(*texts: str) -> str:
    return sha256("\n".join(texts).encode()).hexdigest()[:DIGEST_LENGTH]
