"""The ways of reading a form that are held against each other. Each starts from what a `Scan` has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import Any

from benchmarks.cost.page_text import (
    found_anywhere,
    in_their_boxes,
    judged_kindly,
    rapidocr_engine,
    read_pages,
    read_sidecar,
)
from benchmarks.cost.plain import cut_naively, load_blanks, missing_tools, read_each, read_list
from benchmarks.cost.scans import Machine, Scan
from benchmarks.cost.stages import FollowedEngine, Stages

OCR = "ocr"
Values = Mapping[str, Any]
Texts = Mapping[str, str]


@dataclass(frozen=True)
class Way:
    """One way. `read` is what costs, and times its OCR as a stage of its own; `judge` makes values of what it gives.

    `judge` gives one answer or several; a field is right if it is so in any. `lacks`: what is missing on this machine
    and how to get it, or "". `load`: what a run does once, not for each document.
    """

    name: str
    title: str
    read: Callable[[Scan, Stages], Any]
    judge: Callable[[Scan, Any], tuple[Values, ...]]
    lacks: Callable[[], str] = lambda: ""
    load: Callable[[Scan], object] = lambda scan: None


def our_way(machine: Machine) -> Way:
    """The very call that `pipeline process` makes for one document, its engines loaded."""

    def read(scan: Scan, stages: Stages) -> Values:
        engines = tuple(FollowedEngine(each, stages) for each in machine.engines)
        with stages.everywhere():
            record = Machine(machine.settings, machine.specs, engines).read(scan.content, scan.source)
        return {key: each.value for key, each in record.fields.items()}

    return Way("ours", "ours: `pipeline process`", read, lambda scan, values: (values,))


def naive_way() -> Way:
    def read(scan: Scan, stages: Stages) -> Texts:
        cuts = cut_naively(scan)
        with stages.timed(OCR):
            return read_each(cuts)

    title = "(a) naive: pytesseract, one call a field"
    return Way("naive", title, read, judge_fields, missing_tools, load_blanks)


def list_way() -> Way:
    def read(scan: Scan, stages: Stages) -> Texts:
        cuts = cut_naively(scan)
        with stages.timed(OCR):
            return read_list(cuts)

    title = "(b) the same, one call on a list"
    return Way("list", title, read, judge_fields, missing_tools, load_blanks)


def lifted_list_way() -> Way:
    def read(scan: Scan, stages: Stages) -> Texts:
        with stages.timed(OCR):
            return read_list(scan.lifted)

    title = "(b') the list on what ours lifted, OCR alone"
    return Way("list-lifted", title, read, judge_fields, partial(missing_tools, poppler=False))


def judge_fields(scan: Scan, texts: Texts) -> tuple[Values, ...]:
    return (judged_kindly(scan, texts),)


def sidecar_way() -> Way:
    def read(scan: Scan, stages: Stages) -> str:
        with stages.timed(OCR):
            return read_sidecar(scan)

    def lacks() -> str:
        if find_spec("ocrmypdf") is None:
            return "needs: .venv/bin/python -m pip install 'ocrmypdf>=17'"
        return missing_tools(poppler=False)

    def judge(scan: Scan, text: str) -> tuple[Values, ...]:
        return (found_anywhere(scan, text),)

    return Way("ocrmypdf", "(c) OCRmyPDF, text sidecar", read, judge, lacks)


def rapid_way() -> Way:
    def read(scan: Scan, stages: Stages) -> Any:
        with stages.timed(OCR):
            return read_pages(scan)

    def judge(scan: Scan, pieces: Any) -> tuple[Values, ...]:
        return judged_kindly(scan, in_their_boxes(scan, pieces)), found_anywhere(
            scan, " ".join(each.text for each in pieces)
        )

    def lacks() -> str:
        return "" if find_spec("rapidocr") else "needs: .venv/bin/python -m pip install 'rapidocr>=3.8'"

    title = "(d) RapidOCR, whole laid page, OCR alone"
    return Way("rapidocr", title, read, judge, lacks, lambda scan: rapidocr_engine())


def all_ways(machine: Machine) -> tuple[Way, ...]:
    """Ours first."""
    return our_way(machine), naive_way(), list_way(), lifted_list_way(), sidecar_way(), rapid_way()
