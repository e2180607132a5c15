"""Forms filled on screen: read from what the page itself says, as long as that is what one sees."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.config import Settings
from pipeline.document import open_document
from pipeline.identify import identify
from pipeline.model import Reading, ReadingSource
from pipeline.ocr import load_engines
from pipeline.read import read
from pipeline.specs import load_specs

SPECS = load_specs(Path(__file__).parent.parent / "forms_specs")
# A flat blank: what is filled in is text over the page.
SPEC = next(spec for spec in SPECS if spec.name == "4134 2022-03")
EMAIL = SPEC.find_field("section2.email")
ADDRESS = "zoe.lavoie@gmail.com"


def filled(address: str = ADDRESS, *, hidden: bool = False, covered: bool = False) -> pikepdf.Pdf:
    """The blank with an address in its place; in white, or under it."""
    assert EMAIL is not None
    pdf = pikepdf.open(SPEC.blank)
    height = float(pdf.pages[EMAIL.page - 1].mediabox[3])
    overlay = io.BytesIO()
    canvas = Canvas(overlay, pagesize=(float(pdf.pages[0].mediabox[2]), height))
    canvas.setFont("Helvetica", 9)
    if hidden:
        canvas.setFillGray(1)
    canvas.drawString(EMAIL.box.x0 + 4, height - EMAIL.box.y1 + 4, address)
    if covered:
        canvas.setFillGray(1)
        canvas.rect(EMAIL.box.x0 + 2, height - EMAIL.box.y1 + 1.5, EMAIL.box.width - 4, 11, stroke=0, fill=1)
    canvas.save()
    with pikepdf.open(overlay) as written:
        pdf.pages[EMAIL.page - 1].add_overlay(written.pages[0], None)
        kept = io.BytesIO()
        pdf.save(kept)
    return pikepdf.open(kept)


def saying(pdf: pikepdf.Pdf, shape: str, letter: str) -> pikepdf.Pdf:
    """The same page, whose text says `letter` wherever it draws `shape`."""
    table = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Lie def /CMapType 2 def "
        b"1 begincodespacerange <00> <ff> endcodespacerange\n2 beginbfrange\n<20> <7e> <0020>\nendbfrange\n"
        b"1 beginbfchar\n<%02x> <%04x>\nendbfchar\nendcmap end end" % (ord(shape), ord(letter))
    )
    for font in (each for each in pdf.objects if isinstance(each, pikepdf.Dictionary)):
        if font.get("/BaseFont") == "/Helvetica":
            font.ToUnicode = pdf.make_stream(table)
    return pdf


def address_of(pdf: pikepdf.Pdf) -> Reading:
    stream = io.BytesIO()
    pdf.save(stream)
    settings = Settings()
    engines = load_engines(settings.ocr.engines)
    found = identify(open_document(stream.getvalue(), settings.limits), SPECS, engines)
    return read(found.pages, found.spec, engines)["section2.email"]


def test_text_is_taken_as_it_is() -> None:
    reading = address_of(filled())
    assert (reading.value, reading.source) == (ADDRESS, ReadingSource.TEXT)
    assert reading.confidence > 0.9999


@pytest.mark.parametrize("address", ["f_bouchard1l@kinea.ca", "O0l1I@kinea.ca"])
def test_signs_that_look_alike_are_what_the_text_says(address: str) -> None:
    assert address_of(filled(address)).confidence > 0.9999


def test_text_that_draws_other_letters_than_it_says_is_doubted() -> None:
    reading = address_of(saying(filled("zoe.lavoie@gmail.com"), "z", "m"))
    assert reading.confidence < 0.9


@pytest.mark.parametrize("how", ["hidden", "covered"])
def test_text_that_one_does_not_see_is_never_acted_on(how: str) -> None:
    reading = address_of(filled(hidden=how == "hidden", covered=how == "covered"))
    assert reading.value is None or reading.confidence < 0.9


def place() -> tuple[float, float, float, float]:
    """The address's own place in PDF points, counted from below: left, foot, right, top."""
    assert EMAIL is not None
    with pikepdf.open(SPEC.blank) as blank:
        height = float(blank.pages[EMAIL.page - 1].mediabox[3])
    left, foot = EMAIL.box.x0 + 4, height - EMAIL.box.y1 + 4
    return left, foot - 2, left + 92, foot + 8


def marked(pdf: pikepdf.Pdf, subtype: str, box: tuple[float, float, float, float], drawn: str | None) -> pikepdf.Pdf:
    """The same page with an annotation, drawn so (None: without an appearance)."""
    assert EMAIL is not None
    left, foot, right, top = box
    middle = (foot + top) / 2
    annotation = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name(f"/{subtype}"), F=4)
    annotation.Rect = pikepdf.Array(box)
    annotation.QuadPoints = pikepdf.Array([left, top, right, top, left, foot, right, foot])
    annotation.InkList = pikepdf.Array([pikepdf.Array([left, middle, right, middle])])
    annotation.Contents = "zoe.lavoie2@gmail.com"
    if drawn is not None:
        form = pdf.make_stream(drawn.encode())
        form.Type, form.Subtype = pikepdf.Name.XObject, pikepdf.Name.Form
        form.BBox = pikepdf.Array([0, 0, right - left, top - foot])
        annotation.AP = pikepdf.Dictionary(N=form)
    pdf.pages[EMAIL.page - 1].Annots = pikepdf.Array([pdf.make_indirect(annotation)])
    return pdf


@pytest.mark.parametrize("subtype", ["StrikeOut", "Ink", "Caret", "Text", "Highlight", "Line", "Stamp"])
@pytest.mark.parametrize("drawn", ["1 0 0 RG 1 w 0 5 m 92 5 l S", None])
def test_what_was_struck_out_or_remarked_on_upon_the_screen_is_doubted(subtype: str, drawn: str | None) -> None:
    """The text is still there, and engines read it through the line."""
    reading = address_of(marked(filled(), subtype, place(), drawn))
    assert reading.value == ADDRESS
    assert reading.confidence < 0.9


def test_a_remark_beside_a_field_is_none_on_it() -> None:
    left, foot, right, top = place()
    reading = address_of(marked(filled(), "StrikeOut", (left, foot - 60, right, top - 60), "0 5 m 92 5 l S"))
    assert reading.confidence > 0.9999


def drawn_upon(line: str) -> pikepdf.Pdf:
    """The filled page with a line in its content, as a flattened annotation leaves it."""
    assert EMAIL is not None
    pdf = filled()
    pdf.pages[EMAIL.page - 1].contents_add(f"q 0.1 0 0.6 RG 1 w {line} S Q".encode())
    return pdf


def test_text_with_a_line_through_it_is_doubted() -> None:
    left, foot, right, top = place()
    middle = (foot + top) / 2
    assert address_of(drawn_upon(f"{left} {middle} m {right} {middle} l")).confidence < 0.9
    assert address_of(drawn_upon(f"{left + 14} {foot} m {left + 22} {top} l")).confidence < 0.9
    assert address_of(drawn_upon(f"{left} {foot - 1} m {left} {foot - 1} l")).confidence > 0.9999
