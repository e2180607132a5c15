"""The pixels of one PDF page: the scanner's own image where the page is plainly that image, else a rendering."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pypdfium2
from pypdfium2 import raw as pdfium

from pipeline.ink import OVERVIEW_DPI, value_at
from pipeline.model import Code, Reason, Refused
from pipeline.pieces import pieces_of

if TYPE_CHECKING:
    from pipeline.config import Limits
    from pipeline.model import Pixels
    from pipeline.pages.sheet import Sheet

DIGITAL_DPI = 200.0
LEAST_DPI, MOST_DPI = 200.0, 300.0
# Below this a page image may be too coarse to be the scan itself.
OWN_IMAGE_LEAST_DPI = 150.0
# An image that ends so near the sheet's edges, in points, covers it.
EDGE = 1.0


def check_size(page: pypdfium2.PdfPage, limits: Limits) -> None:
    """Raises `Refused` where the page or an image in it declares more pixels than the limits allow.

    A page counts at 72 dots per inch: files that say a unit where they mean a pixel are no larger than their images.
    """
    width, height = page.get_size()
    sizes = [item.get_px_size() for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])]
    if max(across * down for across, down in [(width, height), *sizes]) > limits.max_page_pixels:
        raise Refused(Reason.of(Code.DOCUMENT_TOO_LARGE, detail=f"> {limits.max_page_pixels // 1_000_000} Mpx"))


def whole_matrix(item: pypdfium2.PdfObject) -> pypdfium2.PdfMatrix:
    """What takes an image's unit square to the page: its own matrix, then those of the forms that it is in."""
    matrix = item.get_matrix()
    while item.container is not None:
        item = item.container
        matrix = matrix.multiply(item.get_matrix())
    return matrix


def page_image(page: pypdfium2.PdfPage, sheet: Sheet, limits: Limits, plain: bool) -> tuple[Pixels, float]:
    """The page as displayed, 8-bit grey, and its resolution in dots per inch on the sheet.

    plain: whether no image of the file has a mask, a layer or inverted colours, which its bare pixels do not show.
    """
    items = list(page.get_objects())
    images = [item for item in items if item.type == pdfium.FPDF_PAGEOBJ_IMAGE]
    if plain and len(images) == 1 and _is_all(page, sheet, images[0], items):
        own = _own_image(images[0], sheet)
        if own is not None:
            return own
    return rendered(page, sheet, _image_dpi(images, sheet), limits)


def _image_dpi(images: list[pypdfium2.PdfObject], sheet: Sheet) -> float:
    """The finest resolution of the page's images, within what a reader can use."""
    finest = LEAST_DPI
    for item in images:
        a, b, c, d, _, _ = whole_matrix(item).get()
        for pixels, length in zip(item.get_px_size(), (math.hypot(a, b), math.hypot(c, d)), strict=True):
            finest = max(finest, 72 * pixels / max(length * sheet.scale, 1e-3))
    return min(MOST_DPI, finest)


def _is_all(
    page: pypdfium2.PdfPage, sheet: Sheet, image: pypdfium2.PdfObject, items: list[pypdfium2.PdfObject]
) -> bool:
    """Whether the page shows nothing but this image, upright and from edge to edge."""
    if sheet.rotation != 0 or pdfium.FPDFPage_GetAnnotCount(page) != 0:
        return False
    if not all(item.raw is image.raw or _is_invisible_text(item) for item in items):
        return False
    if pdfium.FPDFPageObj_HasTransparency(image) or pdfium.FPDFPageObj_CountMarks(image) > 0:
        return False
    matrix = whole_matrix(image)
    a, b, c, d, _, _ = matrix.get()
    if abs(b) > 1e-3 * abs(a) or abs(c) > 1e-3 * abs(d) or a <= 0 or d <= 0:
        return False
    if pdfium.FPDFClipPath_CountPaths(pdfium.FPDFPageObj_GetClipPath(image)) > 0:
        return False
    box = sheet.place(*matrix.on_rect(0, 0, 1, 1))
    return max(abs(box.x0), abs(box.y0), abs(box.x1 - sheet.width), abs(box.y1 - sheet.height)) < EDGE


def _is_invisible_text(item: pypdfium2.PdfObject) -> bool:
    return bool(
        item.type == pdfium.FPDF_PAGEOBJ_TEXT
        and pdfium.FPDFTextObj_GetTextRenderMode(item) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
    )


def _own_image(image: pypdfium2.PdfObject, sheet: Sheet) -> tuple[Pixels, float] | None:
    """The image's own pixels; None where they are not square, too coarse or fine, or of unknown colours."""
    columns, rows = image.get_px_size()
    across, down = 72 * columns / sheet.width, 72 * rows / sheet.height
    if not OWN_IMAGE_LEAST_DPI <= across <= 1.2 * MOST_DPI or abs(across / down - 1) > 0.01:
        return None
    try:
        bitmap = image.get_bitmap(render=False)
    except pypdfium2.PdfiumError:
        return None
    pixels = _grey(bitmap.to_numpy(), bitmap.mode)
    if pixels is None or pixels.shape != (rows, columns):
        return None
    return pixels, (across + down) / 2


def _grey(array: np.ndarray, mode: str) -> Pixels | None:
    if mode == "L":
        return np.ascontiguousarray(array.reshape(array.shape[:2])).copy()
    if mode in ("BGR", "BGRX"):
        return cv2.cvtColor(np.ascontiguousarray(array[:, :, :3]), cv2.COLOR_BGR2GRAY)
    return None


def rendered(
    page: pypdfium2.PdfPage, sheet: Sheet, dpi: float, limits: Limits, annotations: bool = True
) -> tuple[Pixels, float]:
    """The page as pdfium draws it, at `dpi` dots per inch on the sheet or fewer where the limits say so."""
    dpi = min(dpi, 72 * (0.98 * limits.max_page_pixels / sheet.area) ** 0.5)
    # Whole rows and columns: a page at its image's own resolution is not resampled, whatever its size in points.
    columns, rows = (max(1, round(side * dpi / 72)) for side in (sheet.width, sheet.height))
    bitmap = pypdfium2.PdfBitmap.new_native(columns, rows, pdfium.FPDFBitmap_Gray)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, columns, rows)
    flags = pdfium.FPDF_GRAYSCALE | (pdfium.FPDF_ANNOT if annotations else 0)
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, columns, rows, 0, flags)
    if annotations and page.formenv:
        pdfium.FPDF_FFLDraw(page.formenv, bitmap, page, 0, 0, columns, rows, 0, flags)
    return bitmap.to_numpy().reshape(rows, columns).copy(), 36 * (columns / sheet.width + rows / sheet.height)


def is_black_and_white(page: pypdfium2.PdfPage) -> bool:
    """Whether all that a page shows are images of one bit a pixel."""
    images = list(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]))
    return bool(images) and all(_bits_of(image, page) == 1 for image in images)


def _bits_of(image: pypdfium2.PdfObject, page: pypdfium2.PdfPage) -> int:
    """Of a pixel; 0 where pdfium does not know."""
    known = pdfium.FPDF_IMAGEOBJ_METADATA()
    return int(known.bits_per_pixel) if pdfium.FPDFImageObj_GetImageMetadata(image, page, known) else 0


def is_blank(overview: Pixels) -> bool:
    """Whether a page shows nothing but paper: no run of marks such as a line of writing or a printed bar makes."""
    flat = cv2.medianBlur(overview, 3)
    margin = round(0.35 * OVERVIEW_DPI)
    inner = flat[margin:-margin, margin:-margin]
    if inner.size == 0:
        return True
    noise = value_at(255 - inner, 0.5)
    dark = (inner < min(215.0, 225.0 - 3 * noise)).astype(np.uint8)
    return not (_has_line(dark) or _has_line(np.ascontiguousarray(dark.T)))


def _has_line(dark: Pixels) -> bool:
    """Whether marks, at OVERVIEW_DPI, stand in a row as letters do.

    Streaks from edge to edge are the scanner's, and what is about as high as it is wide is a punched hole.
    """
    # Letters of a line run together when dilated by a letter's width; specks do not.
    joined = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((3, 9), np.uint8))
    pieces = pieces_of(joined)
    wide, high = pieces.widths[1:], pieces.heights[1:]
    streak = (wide > 0.85 * dark.shape[1]) & (high < 12)
    hole = (wide < 27) & (high > 0.7 * wide)
    return bool(((wide >= 20) & (high >= 4) & ~streak & ~hole).any())
