"""What a born-digital page says in text and form values. A text layer over a scan is never believed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pypdfium2
from pypdfium2 import raw as pdfium

from pipeline.model import Widget, Word
from pipeline.pages.pixels import DIGITAL_DPI, rendered, whole_matrix
from pipeline.pages.text import Character, page_characters, shown_words
from pipeline.pages.widgets import doubted, page_widgets, undrawn_notes

if TYPE_CHECKING:
    from pipeline.config import Limits
    from pipeline.model import Pixels
    from pipeline.pages.sheet import Sheet

# An image over so much of the page, or several over so much, may be a scan of it, whatever text lies on or under them.
# A pasted signature or a letterhead covers less.
IMAGE_COVERS, IMAGES_COVER = 0.1, 0.3
# Fewer characters than this are a stamp or a header on a scan, not a page.
LEAST_CHARACTERS = 80


@dataclass(frozen=True)
class PageContent:
    """The page as displayed, at `dpi`, and what it says."""

    pixels: Pixels
    dpi: float
    words: tuple[Word, ...]
    widgets: tuple[Widget, ...]


def page_content(file: pypdfium2.PdfDocument, index: int, sheet: Sheet, limits: Limits) -> PageContent | None:
    """What a page says that was never printed; None for a scan, and for a page whose text is not what it shows.

    Changes the page in the opened file: what annotations draw becomes its content, so that the words of form values
    and of typed notes are found where they are drawn.
    """
    page = file[index]
    if _is_pictured(page, sheet):
        return None
    own = page_characters(page, sheet)
    if sum(not each.letter.isspace() for each in own) < LEAST_CHARACTERS:
        return None
    widgets, notes = page_widgets(file, page, sheet), tuple(undrawn_notes(page, sheet))
    if pdfium.FPDFPage_GetAnnotCount(page) == 0:
        pixels, dpi = rendered(page, sheet, DIGITAL_DPI, limits)
        words = shown_words(own, sheet, pixels)
        return None if words is None else PageContent(pixels, dpi, words, widgets)
    bare, _ = rendered(page, sheet, DIGITAL_DPI, limits, annotations=False)
    shown, dpi = rendered(page, sheet, DIGITAL_DPI, limits)
    flat = _flattened(file, page, index)
    if flat is None or _is_pictured(flat, sheet):
        return None
    whole = page_characters(flat, sheet)
    words = shown_words(whole, sheet, shown)
    if words is None:
        return None
    return PageContent(shown, dpi, words + notes, doubted(widgets, _added(own, whole), sheet, bare, shown))


def _is_pictured(page: pypdfium2.PdfPage, sheet: Sheet) -> bool:
    areas = []
    for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]):
        box = sheet.place(*whole_matrix(item).on_rect(0, 0, 1, 1))
        areas.append(box.width * box.height)
    return max(areas, default=0.0) > IMAGE_COVERS * sheet.area or sum(areas) > IMAGES_COVER * sheet.area


def _flattened(file: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, index: int) -> pypdfium2.PdfPage | None:
    """The page with its annotations, as displayed, made part of its content."""
    if pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_FAIL:
        return None
    page.close()
    return file[index]


def _added(before: Sequence[Character], after: Sequence[Character]) -> list[Character]:
    """The characters of `after` that `before` has not got."""
    left = Counter(map(_place, before))
    added = []
    for each in after:
        place = _place(each)
        if left[place] > 0:
            left[place] -= 1
        else:
            added.append(each)
    return added


def _place(character: Character) -> tuple[str, ...]:
    x0, y0, x1, y1 = character.box
    return character.letter, f"{x0:.1f}", f"{y0:.1f}", f"{x1:.1f}", f"{y1:.1f}"
