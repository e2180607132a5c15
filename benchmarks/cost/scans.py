"""The documents that both ways read, what each holds, and how many of its fields came out right."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline import process
from pipeline.config import Settings
from pipeline.model import Kind, OcrEngine, Record, Refused, Source
from pipeline.specs import FieldSpec, FormSpec
from pipeline.work import document_bytes

MARKS = frozenset({Kind.CHOICE, Kind.SIGNATURE})


@dataclass(frozen=True)
class Scan:
    """One scanned document: its bytes, what is in it, and the edition's spec. `pages` are those of it that are read."""

    name: str
    content: bytes = field(repr=False)
    source: Source
    spec: FormSpec
    pages: tuple[int, ...]
    kind: str
    truth: Mapping[str, Any] = field(repr=False)
    unclear: frozenset[str]

    @property
    def written(self) -> list[FieldSpec]:
        return [each for each in self.spec.field if each.kind not in MARKS and each.page in self.pages]


@dataclass(frozen=True)
class Machine:
    """What a run has loaded before its first document."""

    settings: Settings
    specs: tuple[FormSpec, ...]
    engines: tuple[OcrEngine, ...]

    def read(self, content: bytes, source: Source) -> Record:
        return process.process(
            content=content, source=source, settings=self.settings, specs=self.specs, engines=self.engines
        )


def count_right(scan: Scan, values: Mapping[str, Any]) -> tuple[int, int]:
    """How many of the scan's written fields came out exactly right, and how many there are.

    Left out are blank ones, those whose writing is not valid, and those that a person could read in two ways.
    """
    keys = [each.key for each in scan.written if scan.truth.get(each.key) is not None and each.key not in scan.unclear]
    return sum(comparable(values.get(key)) == comparable(scan.truth[key]) for key in keys), len(keys)


def comparable(value: object) -> object:
    """A text as texts are compared: composed, its spaces single, its apostrophes and dashes straight."""
    if not isinstance(value, str):
        return value
    text = " ".join(unicodedata.normalize("NFC", value).split())
    return re.sub("[–—]", "-", text.replace("’", "'"))


def find_scans(folder: Path, machine: Machine, most: int | None) -> tuple[list[Scan], list[str]]:
    """The typed and handwritten scans that come to be read, each once; and those that do not, with the reason.

    Read by ours once, which also loads every blank that they need.
    """
    specs = {(spec.number, spec.edition): spec for spec in machine.specs}
    scans: dict[str, Scan] = {}
    passed = []
    for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        told = json.loads(line)
        spec = specs.get((told["number"], told["edition"]))
        if told["fill"] not in ("typed", "hand") or spec is None or told["sha256"] in scans:
            continue
        path = folder / told["path"]
        name = f"{told['path']}#{told['index']}" if path.suffix == ".eml" else told["path"]
        source = Source(path=told["path"], received=datetime.fromisoformat(told["received"]))
        try:
            content = document_bytes(path, told["index"] if path.suffix == ".eml" else None, machine.settings)
        except Refused as refusal:
            passed.append(f"{name}: {refusal}")
            continue
        record = machine.read(content, source)
        pages = sorted({each.page for each in record.fields.values() if each.confidence})
        if (record.form.number, record.form.edition) != (spec.number, spec.edition) or not pages:
            passed.append(f"{name}: {', '.join(reason.code for reason in record.reasons)}")
            continue
        unclear = frozenset(told["invalid"]) | frozenset(told["ambiguous"])
        kind = f"{told['fill']}, {told['quality']}"
        scans[told["sha256"]] = Scan(name, content, source, spec, tuple(pages), kind, told["fields"], unclear)
        if most and len(scans) == most:
            break
    return list(scans.values()), passed
