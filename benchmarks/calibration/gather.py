"""The evidence for and against every reading of generated writing, a line a field:
`python -m benchmarks.calibration.gather --documents DIR --out evidence.jsonl`, or `--fonts DIR --count N --seed S`.

DIR of documents is what `benchmarks.synthesis.generate --fonts-held-out` left; with `--fonts`, fields are written and
scanned one by one, which is quicker and has no page around. Either way in fonts that no reader learnt from. Each line
says whether the best supported value is right, and what speaks for it: after the first looks and after all of them.
`--part K/N` takes every Nth document, for several processes at once.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2

from benchmarks.reader.crops import CropMaker
from benchmarks.reader.fonts import load_both
from benchmarks.reader.texts import KINDS
from pipeline.calibration import BLANK
from pipeline.config import Settings
from pipeline.document import open_document
from pipeline.identify import identify
from pipeline.model import Kind, OcrEngine, Refused
from pipeline.ocr import load_engines
from pipeline.read import MARKS
from pipeline.register import LaidPage
from pipeline.specs import FieldSpec, FormSpec, load_specs
from pipeline.weighing.beside import among_the_rest, with_the_rest
from pipeline.weighing.texts import spell
from pipeline.weighing.weigh import evidence, objections, rank
from pipeline.witnesses.amended import looked_over
from pipeline.witnesses.testimony import LATER, Round, Testimony, hear, meaning_of, show, written
from pipeline.writing.combs import lines_of
from pipeline.writing.lift import DPI, Lifted, lift
from pipeline.writing.lines import Line

SPECS = Path(__file__).parent.parent.parent / "forms_specs"


def heard_in_documents(
    folder: Path, truths: Sequence[dict[str, Any]], specs: Sequence[FormSpec], engines: Sequence[OcrEngine]
) -> Iterator[tuple[dict[str, Any], list[Testimony], list[Testimony]]]:
    """Of each page of each document its truth, and what was heard of its fields: first, and in all; nothing of a
    document that is not identified rightly."""
    for truth, pages in lines_in_documents(folder, truths, specs, engines):
        for inked in pages:
            yield truth, *_hear(inked, engines)


def lines_in_documents(
    folder: Path, truths: Sequence[dict[str, Any]], specs: Sequence[FormSpec], engines: Sequence[OcrEngine]
) -> Iterator[tuple[dict[str, Any], list[list[tuple[FieldSpec, Lifted, Line]]]]]:
    """Of each document that is identified rightly its truth, and the ink in each page's fields."""
    for truth in truths:
        try:
            document = open_document((folder / truth["path"]).read_bytes(), Settings().limits)
            found = identify(document, specs, engines)
        except Refused:
            continue
        if (found.identity.number, found.identity.edition) == (truth["number"], truth["edition"]):
            yield truth, [lines_of(_lifted(laid, found.spec, truth)) for laid in found.pages.values()]


def _lifted(laid: LaidPage, spec: FormSpec, truth: dict[str, Any]) -> list[tuple[FieldSpec, Lifted]]:
    return [
        (field, lift(laid, spec, field.box, laid.black))
        for field in spec.fields_of_page(laid.number)
        if field.kind not in MARKS and field.key not in (truth["ambiguous"] or ())
    ]


def _hear(
    inked: Sequence[tuple[FieldSpec, Lifted, Line]], engines: Sequence[OcrEngine]
) -> tuple[list[Testimony], list[Testimony]]:
    first = looked_over(among_the_rest(hear(show(inked), engines, DPI, Round.FIRST)))
    return first, with_the_rest(hear(first, engines, DPI, *LATER), first)


def evidence_of_documents(
    folder: Path, truths: Sequence[dict[str, Any]], specs: Sequence[FormSpec], engines: Sequence[OcrEngine]
) -> Iterator[dict[str, Any]]:
    """A line for each field with ink of each document."""
    for truth, first, every in heard_in_documents(folder, truths, specs, engines):
        about = {"fill": truth["fill"], "quality": truth["quality"], "document": truth["path"]}
        values = [truth["fields"].get(each.field.key) for each in first]
        yield from (about | each for each in _lines(first, every, values))


def evidence_of_fields(
    maker: CropMaker, count: int, kinds: Sequence[Kind], engines: Sequence[OcrEngine]
) -> Iterator[dict[str, Any]]:
    """A line for each of `count` fields of these kinds; each is a document of its own."""
    for number in range(count):
        filled = maker.write(kinds)
        about = {"fill": filled.style, "quality": filled.quality, "document": f"{filled.font} {number}"}
        heard = _hear(lines_of([(filled.field, filled.lifted)]), engines)
        yield from (about | each for each in _lines(*heard, [filled.text]))


def _lines(
    first: Sequence[Testimony], every: Sequence[Testimony], values: Sequence[str | None]
) -> Iterator[dict[str, Any]]:
    for early, late, value in zip(first, every, values, strict=True):
        if early.witnesses:
            yield {
                "field": early.field.key,
                "comb": bool(early.field.cells),
                "first": _judged(early, value),
                "all": _judged(late, value),
            }


def _judged(testimony: Testimony, value: str | None) -> dict[str, Any]:
    """Whether the best value is right, the evidence, and what it is worth at most."""
    key = rank(testimony)[0]
    wanted = "" if value is None else meaning_of(testimony.field, written(testimony.field, value))[0]
    _, raw = spell(testimony, key)
    return {
        "kind": testimony.field.kind.value if key else BLANK,
        "right": _bare(key) == _bare(wanted),
        "spelt": raw == value,
        "evidence": evidence(testimony, key),
        "objected": min(objections(testimony, key, raw), default=1.0),
        "read": key,
        "wanted": wanted,
        "said": {witness.place: witness.key for witness in testimony.witnesses},
    }


def _bare(key: str) -> str:
    """What is no value is the same with and without signs and spaces: a comb prints them."""
    return re.sub(r"[^0-9a-z@.]", "", key) if key.startswith("!") else key


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--documents", type=Path, help="folder with truth.jsonl")
    parser.add_argument("--part", default="0/1", help="K/N: every Nth document from the Kth on")
    parser.add_argument("--fonts", type=Path, help="folder with typed/ and hand/: write fields one by one")
    parser.add_argument("--count", type=int, default=1000, help="fields to write")
    parser.add_argument("--seed", type=int, default=70_000)
    parser.add_argument("--kinds", nargs="*", default=[kind.value for kind in KINDS], help="of fields to write")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    specs, engines = load_specs(SPECS), load_engines(Settings().ocr.engines)
    with given.out.open("w", encoding="utf-8") as out:
        if given.fonts:
            maker = CropMaker(specs, load_both(given.fonts, held_out=True), given.seed)
            found = evidence_of_fields(maker, given.count, [Kind(kind) for kind in given.kinds], engines)
        else:
            part, parts = (int(number) for number in given.part.split("/"))
            truths = (given.documents / "truth.jsonl").read_text(encoding="utf-8").splitlines()[part::parts]
            found = evidence_of_documents(given.documents, [json.loads(line) for line in truths], specs, engines)
        for each in found:
            out.write(json.dumps(each, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
