"""One PDF's bytes to pages as displayed: pixels, and for a page that was never printed its text and form values.

pdfium alone decides how many pages there are, their boxes and what they look like; pypdf is asked for form values and
pikepdf repairs what pdfium cannot open. pdfium is not thread-safe: one thread of a process may be in here.
"""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pypdfium2
from pypdfium2 import raw as pdfium

from pipeline.config import Limits
from pipeline.model import Code, Document, Page, Reason, Refused
from pipeline.page_content import page_annotations, page_text
from pipeline.page_pixels import is_blank, page_image
from pipeline.sniff import looks_like_pdf


def open_document(content: bytes, limits: Limits) -> Document:
    """The document's pages. Raises `Refused` for what cannot be opened, is over the limits or shows nothing."""
    if not content:
        raise Refused(Reason.of(Code.DOCUMENT_UNREADABLE))
    if len(content) > limits.max_bytes:
        raise Refused(Reason.of(Code.DOCUMENT_TOO_LARGE, detail=f"> {limits.max_bytes // 1_000_000} MB"))
    if not looks_like_pdf(content):
        raise Refused(Reason.of(Code.NOT_A_PDF))
    with _open(content) as file:
        if len(file) == 0:
            raise Refused(Reason.of(Code.DOCUMENT_UNREADABLE))
        if len(file) > limits.max_pages:
            raise Refused(Reason.of(Code.DOCUMENT_TOO_LARGE, detail=f"> {limits.max_pages} pages"))
        file.init_forms()
        pages = tuple(_page(file, index, content, limits) for index in range(len(file)))
    if all(page.blank for page in pages):
        raise Refused(Reason.of(Code.DOCUMENT_UNREADABLE))
    return Document(pages)


def _open(content: bytes) -> pypdfium2.PdfDocument:
    """The file as pdfium opens it, repaired first where it must be."""
    try:
        file = pypdfium2.PdfDocument(content)
        if len(file) > 0:
            return file
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pdfium.FPDF_ERR_PASSWORD:
            raise Refused(Reason.of(Code.DOCUMENT_ENCRYPTED)) from error
    try:
        return pypdfium2.PdfDocument(_repaired(content))
    except pypdfium2.PdfiumError as error:
        raise Refused(Reason.of(Code.DOCUMENT_UNREADABLE)) from error


def _repaired(content: bytes) -> bytes:
    """The file written anew by qpdf, which rebuilds a broken cross-reference table."""
    try:
        with pikepdf.open(BytesIO(content)) as file:
            written = BytesIO()
            file.save(written)
            return written.getvalue()
    except pikepdf.PasswordError as error:
        raise Refused(Reason.of(Code.DOCUMENT_ENCRYPTED)) from error
    except (pikepdf.PdfError, RuntimeError, ValueError) as error:
        raise Refused(Reason.of(Code.DOCUMENT_UNREADABLE)) from error


def _page(file: pypdfium2.PdfDocument, index: int, content: bytes, limits: Limits) -> Page:
    try:
        page = file[index]
        width, height = page.get_size()
    except pypdfium2.PdfiumError as error:
        raise Refused(Reason.of(Code.DOCUMENT_UNREADABLE)) from error
    text = page_text(page)
    widgets, notes = page_annotations(content, index) if text.born_digital else ((), ())
    pixels, dpi = page_image(page, text.born_digital, limits)
    return Page(
        index,
        pixels,
        dpi,
        width,
        height,
        words=text.words + notes,
        widgets=widgets,
        born_digital=text.born_digital,
        blank=is_blank(pixels, dpi),
    )
