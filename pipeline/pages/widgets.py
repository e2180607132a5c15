"""Form values of a page, and whether they are what the page shows; notes, and what else somebody has added to it."""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pypdfium2
from pypdfium2 import raw as pdfium

from pipeline.model import Box, Markup, Widget, Word

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.model import Pixels
    from pipeline.pages.sheet import Sheet
    from pipeline.pages.text import Character

KINDS: dict[int, Literal["text", "checkbox", "signature"]] = {
    pdfium.FPDF_FORMFIELD_CHECKBOX: "checkbox",
    pdfium.FPDF_FORMFIELD_RADIOBUTTON: "checkbox",
    pdfium.FPDF_FORMFIELD_COMBOBOX: "text",
    pdfium.FPDF_FORMFIELD_LISTBOX: "text",
    pdfium.FPDF_FORMFIELD_TEXTFIELD: "text",
    pdfium.FPDF_FORMFIELD_SIGNATURE: "signature",
}
# A form has some dozens; beyond this somebody wants to keep us busy.
MOST_ANNOTATIONS = 2000
OFF = ("", "Off")
# What people fill in and sign with, and what they say of what is there (ISO 32000-2, 12.5.6).
DRAWN = frozenset({pdfium.FPDF_ANNOT_INK, pdfium.FPDF_ANNOT_STAMP})
REMARKS = frozenset(
    {
        pdfium.FPDF_ANNOT_TEXT,
        pdfium.FPDF_ANNOT_LINE,
        pdfium.FPDF_ANNOT_SQUARE,
        pdfium.FPDF_ANNOT_CIRCLE,
        pdfium.FPDF_ANNOT_POLYGON,
        pdfium.FPDF_ANNOT_POLYLINE,
        pdfium.FPDF_ANNOT_HIGHLIGHT,
        pdfium.FPDF_ANNOT_UNDERLINE,
        pdfium.FPDF_ANNOT_SQUIGGLY,
        pdfium.FPDF_ANNOT_STRIKEOUT,
        pdfium.FPDF_ANNOT_CARET,
        pdfium.FPDF_ANNOT_REDACT,
    }
)
# Grey levels by which an annotation must darken the page to have drawn something there, and on how many square points:
# half of a thin stroke of a tick.
DRAWN_LEVELS = 60
LEAST_DRAWN = 1.0
# What lies so near a widget's edge, as a share of its smaller side, is its border.
BORDER = 0.15


def page_widgets(file: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, sheet: Sheet) -> tuple[Widget, ...]:
    """The AcroForm widgets of a page, as the file has their values. `file` has its forms initialised."""
    if not file.formenv:
        return ()
    return tuple(_widgets(file.formenv, page, sheet))


def _annotations(page: pypdfium2.PdfPage) -> Iterator[Any]:
    for index in range(min(pdfium.FPDFPage_GetAnnotCount(page), MOST_ANNOTATIONS)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        try:
            if annotation:
                yield annotation
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _widgets(forms: Any, page: pypdfium2.PdfPage, sheet: Sheet) -> Iterator[Widget]:
    for annotation in _annotations(page):
        kind = KINDS.get(pdfium.FPDFAnnot_GetFormFieldType(forms, annotation))
        if kind is not None:
            yield _widget(forms, annotation, kind, sheet)


def undrawn_notes(page: pypdfium2.PdfPage, sheet: Sheet) -> Iterator[Word]:
    """What notes say that bring no appearance: other programs draw them, pdfium does not. One word a note."""
    for annotation in _annotations(page):
        if pdfium.FPDFAnnot_GetSubtype(annotation) != pdfium.FPDF_ANNOT_FREETEXT:
            continue
        text = _contents(annotation)
        if text and not _text(pdfium.FPDFAnnot_GetAP, annotation, pdfium.FPDF_ANNOT_APPEARANCEMODE_NORMAL):
            yield Word(text, _box(annotation, sheet))


def page_markup(file: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, sheet: Sheet) -> Iterator[Markup]:
    """What somebody has added to the page: of notes that are text of their own, those over a form's value; no links."""
    values = [
        widget.box for widget in page_widgets(file, page, sheet) if widget.kind == "text" and widget.value.strip()
    ]
    for annotation in _annotations(page):
        kind, box = pdfium.FPDFAnnot_GetSubtype(annotation), _box(annotation, sheet)
        if kind == pdfium.FPDF_ANNOT_HIGHLIGHT and not _contents(annotation):
            # Who colours a field says nothing against it.
            continue
        over = kind == pdfium.FPDF_ANNOT_FREETEXT and any(_touch(box, value) for value in values)
        if over or kind in DRAWN or kind in REMARKS:
            yield Markup(box, kind in DRAWN)


def _contents(annotation: Any) -> str:
    return _text(pdfium.FPDFAnnot_GetStringValue, annotation, b"Contents").strip()


def _box(annotation: Any, sheet: Sheet) -> Box:
    rectangle = pdfium.FS_RECTF()
    pdfium.FPDFAnnot_GetRect(annotation, rectangle)
    return sheet.place(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)


def _widget(forms: Any, annotation: Any, kind: Literal["text", "checkbox", "signature"], sheet: Sheet) -> Widget:
    box = _box(annotation, sheet)
    name = _text(pdfium.FPDFAnnot_GetFormFieldName, forms, annotation)
    value = "" if kind == "signature" else _text(pdfium.FPDFAnnot_GetFormFieldValue, forms, annotation)
    if kind != "checkbox":
        return Widget(name, kind, value, box)
    state = _text(pdfium.FPDFAnnot_GetStringValue, annotation, b"AS")
    # The field's own value, where this widget is the whole field; pdfium's is made of the widgets' states.
    whole = _text(pdfium.FPDFAnnot_GetStringValue, annotation, b"V")
    doubtful = bool(whole) and (whole in OFF) != (state in OFF)
    return Widget(name, kind, "" if state in OFF else state, box, doubtful)


def _text(getter: Callable[..., int], *subject: Any) -> str:
    """What one of pdfium's getters of UTF-16 text says: asked for its length in bytes, then for the text."""
    length = getter(*subject, None, 0)
    buffer = ctypes.create_string_buffer(max(2, length))
    getter(*subject, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    return buffer.raw[: max(0, length - 2)].decode("utf-16-le", errors="replace")


def doubted(
    widgets: Sequence[Widget], drawn: Sequence[Character], sheet: Sheet, bare: Pixels, shown: Pixels
) -> tuple[Widget, ...]:
    """The widgets, doubtful where the page shows something else than their value.

    drawn: the characters that annotations draw; bare: the page without its annotations; shown: with them.
    """
    inked = bare.astype(np.int16) - shown.astype(np.int16) > DRAWN_LEVELS
    return tuple(
        widget
        if widget.doubtful or widget.kind == "signature" or _is_shown(widget, drawn, sheet, inked)
        else replace(widget, doubtful=True)
        for widget in widgets
    )


def _is_shown(widget: Widget, drawn: Sequence[Character], sheet: Sheet, inked: NDArray[np.bool_]) -> bool:
    if widget.kind == "text" and widget.value.strip():
        inside = "".join(each.letter for each in drawn if each.drawn and _within(each.box, widget.box))
        return _bare(inside) == _bare(widget.value) and _is_inked(widget.box, sheet, inked)
    return bool(widget.value.strip()) == _is_inked(widget.box, sheet, inked)


def _is_inked(box: Box, sheet: Sheet, inked: NDArray[np.bool_]) -> bool:
    border = BORDER * min(box.width, box.height)
    across, down = inked.shape[1] / sheet.width, inked.shape[0] / sheet.height
    left, right = max(0, round((box.x0 + border) * across)), max(0, round((box.x1 - border) * across))
    top, bottom = max(0, round((box.y0 + border) * down)), max(0, round((box.y1 - border) * down))
    return bool(inked[top:bottom, left:right].sum() >= LEAST_DRAWN * across * down)


def _within(inner: Box, outer: Box) -> bool:
    x, y = (inner.x0 + inner.x1) / 2, (inner.y0 + inner.y1) / 2
    return bool(outer.x0 <= x <= outer.x1 and outer.y0 <= y <= outer.y1)


def _touch(one: Box, other: Box) -> bool:
    return bool(one.x0 < other.x1 and other.x0 < one.x1 and one.y0 < other.y1 and other.y0 < one.y1)


def _bare(text: str) -> str:
    """Without spaces and line ends, ligatures as their letters, and a number without hyphens: a comb prints its own."""
    folded = unicodedata.normalize("NFKC", text)
    compact = "".join(letter for letter in folded if letter.isprintable() and not letter.isspace())
    digits = compact.replace("-", "")
    return digits if digits.isdigit() else compact
