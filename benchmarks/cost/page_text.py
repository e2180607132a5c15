"""OCR that gives a page's text and knows no fields: what of a form can be found in it, as kindly as can be."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.cost.scans import FLAT_DPI, comparable
from pipeline.model import Kind
from pipeline.values import canonical

if TYPE_CHECKING:
    from benchmarks.cost.scans import Scan
    from pipeline.specs import FieldSpec

# A comb of 12 cells comes as up to 12 tokens, an address line as about as many.
LONGEST = 16


class Piece(NamedTuple):
    """A text that was found on page `page` (1 is the first), with the middle of its box in points."""

    page: int
    x: float
    y: float
    text: str


def read_sidecar(scan: Scan) -> str:
    """OCRmyPDF in this process, without the PDF that it would write: the text of the sheets that hold the form.

    "" for what it will not open.
    """
    import ocrmypdf

    with tempfile.TemporaryDirectory() as name, suppress(ocrmypdf.exceptions.ExitCodeException):
        sidecar = Path(name) / "text.txt"
        ocrmypdf.ocr(
            BytesIO(scan.content),
            "-",
            output_type="none",
            sidecar=sidecar,
            language=["fra"],
            force_ocr=True,
            rotate_pages=True,
            pages=",".join(str(sheet + 1) for sheet in scan.sheets),
            jobs=1,
            use_threads=True,
            optimize=0,
            progress_bar=False,
        )
        return sidecar.read_text(encoding="utf-8")
    return ""


def read_pages(scan: Scan) -> list[Piece]:
    """RapidOCR as it comes, but for the look whether each line is upside down: our laid pages are not."""
    import cv2

    pieces = []
    for number, flat in scan.flat.items():
        found = rapidocr_engine()(cv2.cvtColor(flat, cv2.COLOR_GRAY2BGR), use_cls=False)
        for box, text in zip(found.boxes if found.txts else (), found.txts or (), strict=True):
            x, y = box.mean(axis=0) * 72 / FLAT_DPI
            pieces.append(Piece(number, float(x), float(y), text))
    return pieces


@cache
def rapidocr_engine() -> Any:
    from rapidocr import RapidOCR

    onnx = "EngineConfig.onnxruntime"
    threads = {f"{onnx}.intra_op_num_threads": 1, f"{onnx}.inter_op_num_threads": 1}
    return RapidOCR(params={"Global.log_level": "error", **threads})


def in_their_boxes(scan: Scan, pieces: Sequence[Piece]) -> dict[str, str]:
    """A field's text is that of the pieces whose middle lies in its box, line by line."""
    return {spec.key: text_in(spec, pieces) for spec in scan.written}


def text_in(spec: FieldSpec, pieces: Sequence[Piece]) -> str:
    x0, y0, x1, y1 = spec.box
    inside = [each for each in pieces if each.page == spec.page and x0 <= each.x <= x1 and y0 <= each.y <= y1]
    line = (y1 - y0) / 2
    return " ".join(each.text for each in sorted(inside, key=lambda each: (each.y // line, each.x)))


def judged_kindly(scan: Scan, texts: Mapping[str, str]) -> dict[str, Any]:
    """The true value of each field whose text means it, spaces apart: the signs of a comb come with spaces between."""
    parts = {spec.key: spec for spec in scan.written}
    return {
        key: true
        for key, text in texts.items()
        if (true := scan.truth.get(key)) and means(parts[key], text.strip(), true)
    }


def found_anywhere(scan: Scan, text: str) -> dict[str, Any]:
    """The true value of each written field that stands somewhere on the page, wherever that is.

    Stands there: some tokens in a row, joined with or without spaces, mean the true value to our own grammar. Kinder
    than any rule that could be used on a form whose values are not known.
    """
    tokens = text.split()
    return {spec.key: scan.truth.get(spec.key) for spec in scan.written if stands_in(tokens, spec, scan.truth)}


def stands_in(tokens: Sequence[str], spec: FieldSpec, truth: Mapping[str, Any]) -> bool:
    wanted = truth.get(spec.key)
    return isinstance(wanted, str) and any(means(spec, run, wanted) for run in runs(tokens))


def runs(tokens: Sequence[str]) -> Iterator[str]:
    for start in range(len(tokens)):
        for end in range(start + 1, min(start + LONGEST, len(tokens)) + 1):
            yield " ".join(tokens[start:end])


def means(spec: FieldSpec, run: str, wanted: str) -> bool:
    if spec.kind is Kind.EMAIL:
        return without_spaces(run).lower() == without_spaces(wanted).lower()
    if spec.kind is Kind.TEXT:
        return without_spaces(run) == without_spaces(wanted)
    # Numbers, and dates in words: the grammar tells, which is slow, so it is asked only where there is a digit.
    return any(sign.isdigit() for sign in run) and canonical(spec.kind, spec.key, run) == wanted


def without_spaces(text: str) -> str:
    return "".join(str(comparable(text)).split())
