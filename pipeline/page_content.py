"""What a born-digital page says in text and form values. A text layer over a scan is never believed."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pypdfium2
from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdfium2 import raw as pdfium

from pipeline.model import Box, Widget, Word

if TYPE_CHECKING:
    from collections.abc import Iterator

INVISIBLE = 3
# An image over so much of the page makes it a scan, whatever text lies on or under it.
SCAN_COVERS = 0.5
# Fewer visible characters than this are a stamp or a header on a scan, not a page.
LEAST_CHARACTERS = 80


@dataclass(frozen=True)
class PageText:
    born_digital: bool
    words: tuple[Word, ...] = ()


def page_text(page: pypdfium2.PdfPage) -> PageText:
    """The visible words of a page that was never printed; of any other page none."""
    width, height = page.get_size()
    covered = sum(_area(item) for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4))
    if covered > SCAN_COVERS * width * height:
        return PageText(False)
    text = page.get_textpage()
    if text.count_chars() < LEAST_CHARACTERS:
        return PageText(False)
    characters = tuple(_visible(text, page))
    if len(characters) < LEAST_CHARACTERS:
        return PageText(False)
    return PageText(True, tuple(_words(characters)))


def _area(item: Any) -> float:
    left, bottom, right, top = item.get_bounds()
    return max(0.0, float(right - left)) * max(0.0, float(top - bottom))


def _visible(text: pypdfium2.PdfTextPage, page: pypdfium2.PdfPage) -> Iterator[tuple[str, Box]]:
    """Each character that shows on the page, with its box in points from the top left, as displayed."""
    left, bottom, right, top = page.get_bbox()
    for index in range(text.count_chars()):
        letter = chr(pdfium.FPDFText_GetUnicode(text, index))
        item = pdfium.FPDFText_GetTextObject(text, index)
        if item and pdfium.FPDFTextObj_GetTextRenderMode(item) == INVISIBLE:
            continue
        x0, y0, x1, y1 = text.get_charbox(index, loose=True)
        if x1 < left or x0 > right or y1 < bottom or y0 > top:
            continue
        yield letter, Box(x0 - left, top - y1, x1 - left, top - y0)


def _words(characters: tuple[tuple[str, Box], ...]) -> Iterator[Word]:
    """Characters joined to words: parted by spaces, by a gap, or by a new line."""
    letters: list[str] = []
    box: Box | None = None
    for letter, here in characters:
        apart = box is not None and (
            here.x0 - box.x1 > 0.25 * here.height or here.x1 < box.x0 or abs(here.y1 - box.y1) > 0.6 * here.height
        )
        if letters and box is not None and (letter.isspace() or apart):
            yield Word("".join(letters), box)
            letters, box = [], None
        if letter.isspace() or not letter.isprintable():
            continue
        letters.append(letter)
        box = here if box is None else Box(box.x0, min(box.y0, here.y0), max(box.x1, here.x1), max(box.y1, here.y1))
    if letters and box is not None:
        yield Word("".join(letters), box)


# ---------------------------------------------------------------- form values


def page_annotations(content: bytes, index: int) -> tuple[tuple[Widget, ...], tuple[Word, ...]]:
    """The AcroForm widgets of one page, and the words typed on it as notes (a typed name is no signature).

    A file that pypdf cannot follow has none: its fields are read as drawn.
    """
    try:
        page = PdfReader(BytesIO(content)).pages[index]
        return tuple(_page_widgets(page)), tuple(_typed_notes(page))
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OverflowError):
        return (), ()


def _annotations(page: Any) -> Iterator[tuple[Any, Box]]:
    left, top = float(page.cropbox.left), float(page.cropbox.top)
    for reference in page.get("/Annots") or []:
        annotation = reference.get_object()
        x0, y0, x1, y1 = (float(number) for number in annotation["/Rect"])
        yield annotation, Box(min(x0, x1) - left, top - max(y0, y1), max(x0, x1) - left, top - min(y0, y1))


def _typed_notes(page: Any) -> Iterator[Word]:
    for annotation, box in _annotations(page):
        text = str(annotation.get("/Contents") or "").strip()
        if annotation.get("/Subtype") == "/FreeText" and text:
            yield Word(text, box)


def _page_widgets(page: Any) -> Iterator[Widget]:
    for annotation, box in _annotations(page):
        if annotation.get("/Subtype") != "/Widget":
            continue
        kind = _inherited(annotation, "/FT")
        if kind == "/Btn":
            state = str(annotation.get("/AS", "/Off"))
            yield Widget(_full_name(annotation), "checkbox", "" if state == "/Off" else state[1:], box)
        elif kind == "/Sig":
            yield Widget(_full_name(annotation), "signature", "", box)
        elif kind in ("/Tx", "/Ch"):
            value = _inherited(annotation, "/V")
            yield Widget(_full_name(annotation), "text", "" if value is None else str(value), box)


def _inherited(annotation: Any, key: str, depth: int = 0) -> Any:
    if key in annotation:
        return annotation[key]
    if "/Parent" in annotation and depth < 10:
        return _inherited(annotation["/Parent"].get_object(), key, depth + 1)
    return None


def _full_name(annotation: Any, depth: int = 0) -> str:
    own = str(annotation["/T"]) if "/T" in annotation else ""
    if "/Parent" in annotation and depth < 10:
        above = _full_name(annotation["/Parent"].get_object(), depth + 1)
        return f"{above}.{own}" if above and own else above or own
    return own
