"""One PDF's bytes to pages as displayed: pixels, and for a page that was never printed its text and form values.

pdfium alone decides how many pages there are, their boxes, what they look like and what they say; pikepdf repairs what
pdfium cannot open. pdfium is not thread-safe: one thread of a process may be in here.
"""

from __future__ import annotations

import re
from io import BytesIO

import pikepdf
import pypdfium2
from pypdfium2 import raw as pdfium

from pipeline.config import Limits
from pipeline.ink import overview_of
from pipeline.model import Code, Document, Page, Reason, Refused
from pipeline.pages.content import page_content
from pipeline.pages.pixels import check_size, is_black_and_white, is_blank, page_image
from pipeline.pages.sheet import Sheet
from pipeline.pages.widgets import page_markup
from pipeline.sniff import looks_like_pdf

# Keys of an image by which it shows otherwise than its pixels alone: masks, inverted colours, layers. A stream's keys
# are never compressed or encrypted, so that one look at the bytes tells; a chance hit costs a rendering.
NOT_PLAIN = re.compile(rb"/(?:S?Mask|ImageMask|Decode|OC)(?=[\s<\[/\d])")
# A whole file ends with its mark; a scanner or a mail server may put a little behind it.
END_WITHIN = 2048
END = re.compile(rb"startxref\s+(\d{1,15})\s+%%EOF")
TABLE = re.compile(rb"\s*(?:xref\b|\d+\s+\d+\s+obj\b)")
LOCKED = frozenset({pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY})


def open_document(content: bytes, limits: Limits) -> Document:
    """The document's pages. Raises `Refused` for what cannot be opened, is over the limits or shows nothing."""
    if not content:
        raise Refused(Reason.of(Code.DOCUMENT_UNREADABLE))
    if len(content) > limits.max_bytes:
        raise Refused(Reason.of(Code.DOCUMENT_TOO_LARGE, detail=f"> {limits.max_bytes // 1_000_000} MB"))
    if not looks_like_pdf(content):
        raise Refused(Reason.of(Code.NOT_A_PDF))
    try:
        pages = _pages(content if _has_sound_end(content) else _checked(content), limits)
    except (pypdfium2.PdfiumError, ValueError):
        try:
            pages = _pages(_repaired(content), limits)
        except (pypdfium2.PdfiumError, ValueError) as error:
            raise Refused(Reason.of(Code.DOCUMENT_UNREADABLE)) from error
    if all(page.blank for page in pages):
        raise Refused(Reason.of(Code.DOCUMENT_UNREADABLE))
    return Document(pages)


def _pages(content: bytes, limits: Limits) -> tuple[Page, ...]:
    """The pages as pdfium opens them. Raises `PdfiumError` or `ValueError` for a file or a page that it cannot."""
    plain = NOT_PLAIN.search(content) is None
    with _open(content) as file:
        if len(file) == 0:
            raise ValueError("no page")
        if len(file) > limits.max_pages:
            raise Refused(Reason.of(Code.DOCUMENT_TOO_LARGE, detail=f"> {limits.max_pages} pages"))
        file.init_forms()
        for index in range(len(file)):
            check_size(file[index], limits)
        return tuple(_page(file, index, limits, plain) for index in range(len(file)))


def _open(content: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code in LOCKED:
            raise Refused(Reason.of(Code.DOCUMENT_ENCRYPTED)) from error
        raise


def _has_sound_end(content: bytes) -> bool:
    """Whether the file ends as it should, and its end knows where its table of objects is."""
    ends = list(END.finditer(content, max(0, len(content) - END_WITHIN)))
    if not ends:
        return False
    at = int(ends[-1][1])
    # With junk before the header, offsets may count from it or from the header.
    return any(TABLE.match(content, start + at) for start in (0, content.find(b"%PDF-")))


def _checked(content: bytes) -> bytes:
    """A file without a sound end, as it is, unless a part is lost. Raises `Refused` where one is."""
    try:
        with pikepdf.open(BytesIO(content)) as file:
            _refuse_cut(file, content)
    except (pikepdf.PdfError, RuntimeError, ValueError):
        pass  # pdfium says whether it opens
    return content


def _repaired(content: bytes) -> bytes:
    """The file written anew by qpdf, which rebuilds a broken cross-reference table."""
    try:
        with pikepdf.open(BytesIO(content)) as file:
            _refuse_cut(file, content)
            written = BytesIO()
            file.save(written)
            return written.getvalue()
    except pikepdf.PasswordError as error:
        raise Refused(Reason.of(Code.DOCUMENT_ENCRYPTED)) from error
    except (pikepdf.PdfError, RuntimeError, ValueError) as error:
        raise Refused(Reason.of(Code.DOCUMENT_UNREADABLE)) from error


def _refuse_cut(file: pikepdf.Pdf, content: bytes) -> None:
    """Raises `Refused` for a file of which a part is lost: what it still shows would be taken for all there is."""
    lost = any(each is None or each._type_code == pikepdf.ObjectType.null for each in file.objects)
    if lost or content.rfind(b" obj") > content.rfind(b"endobj"):
        raise Refused(Reason.of(Code.DOCUMENT_UNREADABLE))


def _page(file: pypdfium2.PdfDocument, index: int, limits: Limits, plain: bool) -> Page:
    sheet = Sheet.of(file[index])
    markup = tuple(page_markup(file, file[index], sheet))
    said = page_content(file, index, sheet, limits)
    if said is not None:
        pixels, dpi, words, widgets = said.pixels, said.dpi, said.words, said.widgets
    else:
        (pixels, dpi), words, widgets = page_image(file[index], sheet, limits, plain), (), ()
    overview = overview_of(pixels, dpi)
    return Page(
        index,
        pixels,
        dpi,
        sheet.width,
        sheet.height,
        words=words,
        widgets=widgets,
        markup=markup,
        born_digital=said is not None,
        black_and_white=said is None and is_black_and_white(file[index]),
        blank=is_blank(overview),
        overview=overview,
    )
