"""The documents that both ways read, what each holds, and how many of its fields came out right."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline import process
from pipeline.config import Settings
from pipeline.ink import black_level
from pipeline.model import Box, Kind, OcrEngine, Record, Refused, Source
from pipeline.specs import FieldSpec, FormSpec
from pipeline.walled.parcels import document_bytes
from pipeline.writing.lift import INK, lift

if TYPE_CHECKING:
    from pipeline.identify import Identified
    from pipeline.model import Pixels

MARKS = frozenset({Kind.CHOICE, Kind.SIGNATURE})
# At what resolution others are lent our laid pages: their OCR would shrink larger ones.
FLAT_DPI = 200
BORDER = 20  # pixels


@dataclass(frozen=True)
class Scan:
    """One scanned document: its bytes, what is in it, and the edition's spec. `pages` are those of it that are read.

    What ours found out about it, lent to the others without its cost: `sheets` of the file that hold those pages (0 is
    the first); `flat`, those pages laid on their blanks, at `FLAT_DPI`; `lifted`, what is written in each field, the
    printed form taken off, at `pipeline.writing.lift.DPI`.
    """

    name: str
    content: bytes = field(repr=False)
    source: Source
    spec: FormSpec
    pages: tuple[int, ...]
    kind: str
    truth: Mapping[str, Any] = field(repr=False)
    unclear: frozenset[str]
    sheets: tuple[int, ...] = ()
    flat: Mapping[int, Pixels] = field(default_factory=dict, repr=False)
    lifted: Mapping[str, Pixels] = field(default_factory=dict, repr=False)

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


def written_keys(scan: Scan) -> list[str]:
    """The written fields that count: not blank ones, those whose writing is not valid, those with two readings."""
    return [each.key for each in scan.written if scan.truth.get(each.key) is not None and each.key not in scan.unclear]


def right_keys(scan: Scan, values: Mapping[str, Any]) -> set[str]:
    """Those of the written fields that count whose whole value is the true one."""
    return {key for key in written_keys(scan) if comparable(values.get(key)) == comparable(scan.truth[key])}


def comparable(value: object) -> object:
    """A text as texts are compared: composed, its spaces single, its apostrophes and dashes straight."""
    if not isinstance(value, str):
        return value
    text = " ".join(unicodedata.normalize("NFC", value).split())
    return re.sub("[–—]", "-", text.replace("’", "'"))


def find_scans(folder: Path, machine: Machine, most: int | None) -> tuple[list[Scan], list[str]]:
    """The typed and handwritten scans that come to be read, each once; and those that do not, with the reason.

    At most `most` are looked at, evenly from first to last. Read by ours once, which also loads every blank that they
    need.
    """
    specs = {(spec.number, spec.edition): spec for spec in machine.specs}
    lines = (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()
    told = {line["sha256"]: line for line in map(json.loads, lines) if line["fill"] in ("typed", "hand")}
    known = [line for line in told.values() if (line["number"], line["edition"]) in specs]
    scans, passed = [], []
    for line in spread(known, most):
        name = f"{line['path']}#{line['index']}" if line["path"].endswith(".eml") else line["path"]
        try:
            scans.append(make_scan(folder, name, line, specs[line["number"], line["edition"]], machine))
        except Refused as refusal:
            passed.append(f"{name}: {refusal}")
    return scans, passed


def spread(items: Sequence[Any], most: int | None) -> Sequence[Any]:
    """At most so many of them, evenly from first to last."""
    if most is None or len(items) <= most:
        return items
    return [items[rank * len(items) // most] for rank in range(most)]


def make_scan(folder: Path, name: str, told: Mapping[str, Any], spec: FormSpec, machine: Machine) -> Scan:
    """Raises `Refused` for a document that ends before any field is read."""
    path = folder / told["path"]
    source = Source(path=told["path"], received=datetime.fromisoformat(told["received"]))
    content = document_bytes(path, told["index"] if path.suffix == ".eml" else None, machine.settings)
    with identities() as found:
        record = machine.read(content, source)
    pages = sorted({each.page for each in record.fields.values() if each.confidence})
    if (record.form.number, record.form.edition) != (spec.number, spec.edition) or not pages:
        raise Refused(*record.reasons)
    laid = found[-1].pages
    blacks = {number: black_level(laid[number].pixels) for number in pages}
    unclear = frozenset(told["invalid"]) | frozenset(told["ambiguous"])
    return Scan(
        name=name,
        content=content,
        source=source,
        spec=spec,
        pages=tuple(pages),
        kind=f"{told['fill']}, {told['quality']}",
        truth=told["fields"],
        unclear=unclear,
        sheets=tuple(laid[number].page.index for number in pages),
        flat={number: laid[number].crop(Box(0, 0, *spec.page_size(number)), FLAT_DPI) for number in pages},
        lifted={
            each.key: trimmed(lift(laid[each.page], spec, each.box, blacks[each.page], margin=0).ink)
            for each in spec.field
            if each.page in pages and each.kind not in MARKS
        },
    )


def trimmed(ink: Pixels) -> Pixels:
    """Black on white, cut to where something is written, with a white border: as Tesseract has it best."""
    found = np.argwhere(ink > INK)
    (top, left), (bottom, right) = (found.min(axis=0), found.max(axis=0) + 1) if len(found) else ((0, 0), ink.shape)
    return np.pad(255 - ink[top:bottom, left:right], BORDER, constant_values=255)


@contextmanager
def identities() -> Iterator[list[Identified]]:
    """What the spine finds documents to be while it lasts: the pipeline itself shows its records only."""
    found: list[Identified] = []
    plain = vars(process)["identify"]

    def identify(*arguments: Any, **named: Any) -> Identified:
        found.append(plain(*arguments, **named))
        return found[-1]

    vars(process)["identify"] = identify
    try:
        yield found
    finally:
        vars(process)["identify"] = plain
