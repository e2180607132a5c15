"""Samples out of whole documents: registered, lifted and trimmed exactly as the pipeline does it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from benchmarks.reader.crops import Sample
from pipeline.config import Limits
from pipeline.document import open_document
from pipeline.identify import identify
from pipeline.ink import black_level
from pipeline.model import Kind, OcrEngine, Refused
from pipeline.witnesses.testimony import renderings
from pipeline.writing.lift import lift
from pipeline.writing.lines import find_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pipeline.specs import FormSpec


def samples_of(
    folder: Path, specs: Sequence[FormSpec], engines: Sequence[OcrEngine], rendering: str
) -> Iterator[Sample]:
    """A sample for each written field of the documents that `benchmarks.synthesis.generate` left in `folder`.

    rendering: plain, cells or raw (see `pipeline.witnesses.testimony.renderings`); fields without it are passed over.
    """
    for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        truth: dict[str, Any] = json.loads(line)
        try:
            document = open_document((folder / truth["path"]).read_bytes(), Limits())
            found = identify(document, specs, engines)
        except Refused:
            continue
        doubtful = {*truth["invalid"], *truth["ambiguous"]}
        for laid in found.pages.values():
            black = black_level(laid.pixels)
            for each in found.spec.fields_of_page(laid.number):
                value = truth["fields"].get(each.key)
                if not isinstance(value, str) or each.kind is Kind.CHOICE or each.key in doubtful:
                    continue
                lifted = lift(laid, found.spec, each.box, black)
                trimmed = find_line(lifted, each.cells)
                pixels = renderings(each, lifted, trimmed).get(rendering)
                if pixels is None or trimmed.blank:
                    continue
                comb = each.layout == "comb"
                text = value.replace(" ", "") if comb else value
                yield Sample(pixels, text, each.kind, truth["fill"], truth["quality"], "", comb)
