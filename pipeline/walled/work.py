"""The work inside the wall: everything that touches what strangers sent."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from pipeline.config import Settings
from pipeline.document import open_document
from pipeline.identify import identify, identify_as
from pipeline.jobs import (
    Cut,
    Cuttings,
    Depict,
    Depiction,
    Draw,
    Leaf,
    Picture,
    ReadDocument,
    Request,
    TakeApart,
)
from pipeline.language.lexicon import words
from pipeline.model import Box, Document, OcrEngine, Record, Refused
from pipeline.ocr import load_engines
from pipeline.printed.imprint import typeface
from pipeline.printed.shortlist import shortlist
from pipeline.process import process
from pipeline.register import LaidPage, template
from pipeline.show import Sheet, draw_record
from pipeline.specs import FormSpec, load_specs
from pipeline.versions import versions_of
from pipeline.walled.parcels import document_bytes, take_apart
from pipeline.writing.lift import DPI, INK, lift, print_of, without_dust

PICTURE_DPI = 150.0
# What is cut out for a person to read: a little of what is around it too, in points.
CUT_DPI = 200.0
CUT_MARGIN = 3.0
SHORTEST_CUT = 100.0
# Pages shown of what is no known form.
MOST_LEAVES = 8
# Pages of blanks whose print is kept at hand, at 8 MB each; that of others is drawn again for each document.
MOST_PRINTS = 24


def open_work(settings: Settings) -> Desk:
    """The child's work, for its whole life: from a `Request` as JSON to its answer as JSON.

    Raises `SpecError` and `EngineError`: specs and engines are loaded here, once.
    """
    # A fork takes no threads along, but the locks that they hold: with OpenCV's, one document in some hundreds hung.
    cv2.setNumThreads(1)
    desk = Desk(settings, load_specs(settings.paths.specs), load_engines(settings.ocr.engines))
    shortlist(desk.specs)
    typeface(desk.specs)
    words()
    return desk


@dataclass(frozen=True)
class Desk:
    """Specs and engines at hand. What is worked out of a blank is kept for every later job, each a fork of this one."""

    settings: Settings
    specs: tuple[FormSpec, ...]
    engines: tuple[OcrEngine, ...]

    def __call__(self, request: bytes) -> str:
        job = Request.model_validate_json(request).job
        match job:
            case TakeApart():
                return take_apart(Path(job.original).read_bytes(), self.settings).model_dump_json()
            case ReadDocument():
                return self.read(job).model_dump_json()
            case Draw():
                return self.draw(job)
            case Cut():
                return self.cut(job).model_dump_json()
            case Depict():
                return self.depict(job).model_dump_json()

    def warm_up(self) -> Iterator[None]:
        """What not every document needs, a page at a time: of the newest editions, for they come most."""
        newest = sorted(self.specs, key=lambda spec: spec.edition, reverse=True)
        pages = [(spec, page) for spec in newest for page in range(1, len(spec.page) + 1)]
        for spec, page in pages:
            template(spec, page)
            yield
        for spec, page in pages[:MOST_PRINTS]:
            print_of(spec, page)
            yield

    def read(self, job: ReadDocument) -> Record:
        record = process(
            job.source,
            document_bytes(job.original, job.rank, self.settings),
            specs=self.specs,
            settings=self.settings,
            engines=self.engines,
            record_id=job.record_id,
            named=self.find_spec(job.form),
        )
        return record.model_copy(update={"versions": versions_of(record, self.specs, self.settings, self.engines)})

    def find_spec(self, name: str | None) -> FormSpec | None:
        return next((spec for spec in self.specs if spec.name == name), None)

    def draw(self, job: Draw) -> str:
        record = Record.model_validate_json(job.record)
        spec = self.find_spec(f"{record.form.number} {record.form.edition}")
        kinds = {field.key: field.kind for field in spec.field} if spec else {}
        limits = self.settings.confidence
        image = draw_record(
            record,
            self.sheet(document_bytes(job.original, job.rank, self.settings), job.page or first_page(record)),
            labels={field.key: field.label for field in spec.field} if spec else {},
            sure=lambda key, field: key in kinds and field.confidence >= limits.threshold(kinds[key]),
        )
        return Picture(png=png_of(image)).model_dump_json()

    def cut(self, job: Cut) -> Cuttings:
        try:
            document = open_document(document_bytes(job.original, job.rank, self.settings), self.settings.limits)
            pages = identify(document, self.specs, self.engines).pages
        except Refused:
            return Cuttings(pngs=(None,) * len(job.boxes))
        return Cuttings(
            pngs=tuple(
                png_of(Image.fromarray(pages[number].crop(box, PICTURE_DPI))) if number in pages else None
                for number, box in job.boxes
            )
        )

    def depict(self, job: Depict) -> Depiction:
        """Raises `Refused` for nothing: a document that cannot be opened has no pages to show."""
        try:
            document = open_document(document_bytes(job.original, job.rank, self.settings), self.settings.limits)
        except Refused:
            return Depiction(laid=False, leaves=(), pngs=(None,) * len(job.boxes))
        spec = self.find_spec(job.form)
        try:
            laid = identify_as(document, spec).pages if spec else {}
        except Refused:
            laid = {}
        sheets = (
            [laid_sheet(laid[number], spec) for number in sorted(laid)]
            if spec and laid
            else [Sheet(page.index + 1, page.pixels, page.width, page.height) for page in document.pages[:MOST_LEAVES]]
        )
        return Depiction(
            laid=bool(laid),
            leaves=tuple(map(leaf, sheets)),
            pngs=tuple(
                cut_out(laid[number], around_ink(laid[number], spec, box)) if spec and number in laid else None
                for number, box in job.boxes
            ),
        )

    def sheet(self, content: bytes, number: int) -> Sheet | None:
        """The form's page laid on its blank; of what is no form, the file's page as it is; None if there is none.

        Nor is there one of a form's page that is missing: another page must not lie under its boxes.
        """
        try:
            document = open_document(content, self.settings.limits)
        except Refused:
            return None
        try:
            found = identify(document, self.specs, self.engines)
        except Refused:
            return sheet_as_it_is(document, number)
        if number in found.missing:
            return None
        if number not in found.pages:
            return sheet_as_it_is(document, number)
        return laid_sheet(found.pages[number], found.spec)


def laid_sheet(laid: LaidPage, spec: FormSpec) -> Sheet:
    """The whole page of the form, laid straight, at `PICTURE_DPI`."""
    width, height = spec.page_size(laid.number)
    return Sheet(laid.number, laid.crop(Box(0, 0, width, height), PICTURE_DPI), width, height)


def leaf(sheet: Sheet) -> Leaf:
    """The sheet at `PICTURE_DPI` at most."""
    image = Image.fromarray(sheet.pixels)
    image.thumbnail((round(sheet.width * PICTURE_DPI / 72), round(sheet.height * PICTURE_DPI / 72)))
    return Leaf(number=sheet.number, width=sheet.width, height=sheet.height, png=png_of(image))


def around_ink(laid: LaidPage, spec: FormSpec, box: Box) -> Box:
    """The box, its left and right drawn in to what is written, so that this is shown large; all of it if nothing is."""
    lifted = lift(laid, spec, box, laid.black, margin=0)
    columns = np.flatnonzero((without_dust(lifted.ink) > INK).sum(axis=0) > 1)
    if not columns.size:
        return box
    left, right = (lifted.box.x0 + float(column) * 72 / DPI for column in (columns[0], columns[-1]))
    spare = max(0.0, SHORTEST_CUT - (right - left)) / 2 + CUT_MARGIN
    return Box(max(box.x0, left - spare), box.y0, min(box.x1, right + spare), box.y1)


def cut_out(laid: LaidPage, box: Box) -> str:
    """A box with a little around it, as a PNG (base64)."""
    widened = Box(box.x0 - CUT_MARGIN, box.y0 - CUT_MARGIN, box.x1 + CUT_MARGIN, box.y1 + CUT_MARGIN)
    return png_of(Image.fromarray(laid.crop(widened, CUT_DPI)))


def first_page(record: Record) -> int:
    """The first page with fields that were read, else the first of all."""
    return min((field.page for field in record.fields.values() if field.confidence), default=1)


def png_of(image: Image.Image) -> str:
    """Base64, as it crosses."""
    png = BytesIO()
    image.save(png, format="PNG")
    return b64encode(png.getvalue()).decode()


def sheet_as_it_is(document: Document, number: int) -> Sheet | None:
    if not 1 <= number <= len(document.pages):
        return None
    page = document.pages[number - 1]
    return Sheet(number, page.pixels, page.width, page.height)
