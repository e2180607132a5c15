"""The pixels of one PDF page: the scanner's own image where the page is plainly that image, else a rendering."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
import pypdfium2
from pypdfium2 import raw as pdfium

from pipeline.ink import even_out
from pipeline.model import Code, Reason, Refused

if TYPE_CHECKING:
    from pipeline.config import Limits
    from pipeline.model import Pixels

DIGITAL_DPI = 200.0
LEAST_DPI, MOST_DPI = 200.0, 300.0
# Below this a page image may be too coarse to be the scan itself.
OWN_IMAGE_LEAST_DPI = 150.0
# Share of the page that an image must cover to be the scan.
COVERS = 0.98
# A page is blank when no patch of this many inches has strokes: writing and print come in clusters, specks do not.
BLANK_DPI = 75


def page_image(page: pypdfium2.PdfPage, born_digital: bool, limits: Limits) -> tuple[Pixels, float]:
    """The page as displayed, 8-bit grey, and its resolution in dots per inch.

    Raises `Refused` where the page or an image in it has more pixels than the limits allow.
    """
    images = list(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4))
    for item in images:
        width, height = item.get_px_size()
        if width * height > limits.max_page_pixels:
            raise _too_large(limits)
    if born_digital:
        return _rendered(page, DIGITAL_DPI, limits)
    if len(images) == 1:
        own = _own_image(page, images[0])
        if own is not None:
            return own
    return _rendered(page, _image_dpi(images), limits)


def _image_dpi(images: list[pypdfium2.PdfObject]) -> float:
    """The finest resolution of the page's images, within what a reader can use."""
    finest = LEAST_DPI
    for item in images:
        left, bottom, right, top = item.get_bounds()
        width, height = item.get_px_size()
        if right > left and top > bottom:
            finest = max(finest, 72 * width / (right - left), 72 * height / (top - bottom))
    return min(MOST_DPI, finest)


def _own_image(page: pypdfium2.PdfPage, image: pypdfium2.PdfObject) -> tuple[Pixels, float] | None:
    """The page's one image, untouched, where it is the whole of what the page shows; else None."""
    alone = sum(1 for item in page.get_objects(max_depth=2) if item.type != pdfium.FPDF_PAGEOBJ_TEXT) == 1
    plain = alone and page.get_rotation() == 0 and pdfium.FPDFPage_GetAnnotCount(page) == 0
    if not plain or not _upright_and_covering(page, image):
        return None
    width, height = page.get_size()
    columns, rows = image.get_px_size()
    across, down = 72 * columns / width, 72 * rows / height
    if not OWN_IMAGE_LEAST_DPI <= across <= 1.2 * MOST_DPI or abs(across / down - 1) > 0.01:
        return None
    bitmap = image.get_bitmap(render=False)
    pixels = _grey(bitmap.to_numpy(), bitmap.mode)
    if pixels is None or pixels.shape != (rows, columns):
        return None
    return pixels, (across + down) / 2


def _upright_and_covering(page: pypdfium2.PdfPage, image: pypdfium2.PdfObject) -> bool:
    a, b, c, d, _, _ = image.get_matrix().get()
    if abs(b) > 1e-3 * abs(a) or abs(c) > 1e-3 * abs(d) or a <= 0 or d <= 0:
        return False
    if pdfium.FPDFPageObj_HasTransparency(image):
        return False
    left, bottom, right, top = image.get_bounds()
    box = page.get_bbox()
    tolerance = 1.0
    return (
        abs(left - box[0]) < tolerance
        and abs(bottom - box[1]) < tolerance
        and abs(right - box[2]) < tolerance
        and abs(top - box[3]) < tolerance
    )


def _grey(array: np.ndarray, mode: str) -> Pixels | None:
    if mode == "L":
        return np.ascontiguousarray(array.reshape(array.shape[:2]))
    if mode in ("BGR", "BGRX"):
        return cv2.cvtColor(array[:, :, :3], cv2.COLOR_BGR2GRAY)
    return None


def _rendered(page: pypdfium2.PdfPage, dpi: float, limits: Limits) -> tuple[Pixels, float]:
    width, height = page.get_size()
    if width * height * (LEAST_DPI / 72) ** 2 > limits.max_page_pixels:
        raise _too_large(limits)
    while width * height * (dpi / 72) ** 2 > limits.max_page_pixels:
        dpi *= 0.9
    array = page.render(scale=dpi / 72, grayscale=True).to_numpy()
    pixels = np.ascontiguousarray(array.reshape(array.shape[:2]))
    return pixels, dpi


def _too_large(limits: Limits) -> Refused:
    return Refused(Reason.of(Code.DOCUMENT_TOO_LARGE, detail=f"> {limits.max_page_pixels // 1_000_000} Mpx"))


def is_blank(pixels: Pixels, dpi: float) -> bool:
    """Whether a page shows nothing but paper: no run of marks such as a line of writing or a printed bar makes."""
    small = cv2.resize(pixels, None, fx=BLANK_DPI / dpi, fy=BLANK_DPI / dpi, interpolation=cv2.INTER_AREA)
    flat = cv2.medianBlur(even_out(small, BLANK_DPI), 3)
    margin = round(0.35 * BLANK_DPI)
    inner = flat[margin:-margin, margin:-margin]
    if inner.size == 0:
        return True
    noise = float(np.median(255 - inner))
    dark = (inner < min(215.0, 225.0 - 3 * noise)).astype(np.uint8)
    # Letters of a line run together when dilated by a letter's width; specks do not.
    joined = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((3, 9), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    wide = stats[1:][(stats[1:, cv2.CC_STAT_WIDTH] >= 20) & (stats[1:, cv2.CC_STAT_HEIGHT] >= 4)]
    return len(wide) == 0
