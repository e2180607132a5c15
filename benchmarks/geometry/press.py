"""A blank as a press would print it: each line where the form has it, to a fraction of a pixel.

The pipeline's own picture of a blank cannot say how well pages are laid on it: what is wrong with that would not show.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pypdfium2

from benchmarks.synthesis.paper import DPI

if TYPE_CHECKING:
    from pipeline.model import Pixels
    from pipeline.specs import FormSpec

# Lines and letters are put on whole pixels when drawn: drawn so much finer, they are off by an eighth of one at most.
FINER = 4
# So that a length of whole pixels is not taken for a little more, and a pixel added and the page stretched into it.
LESS = 1 - 1e-9


@cache
def press(spec: FormSpec, number: int) -> Pixels:
    """The page at 300 dpi, 8-bit grey."""
    with pypdfium2.PdfDocument(spec.blank) as document:
        page = document[number - 1]
        width, height = (round(side * DPI / 72) for side in page.get_size())
        fine = page.render(scale=FINER * DPI / 72 * LESS, grayscale=True, may_draw_forms=False).to_numpy()
        pixels = np.asarray(cv2.resize(fine, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
    pixels.setflags(write=False)
    return pixels


def filled(spec: FormSpec, number: int, page: Pixels) -> Pixels:
    """What somebody wrote on the pipeline's picture of the blank, on the pressed page instead."""
    pressed = press(spec, number)
    height = min(len(pressed), len(page))
    plain = spec.blank_pixels(number, DPI)
    written = np.where(page[:height] == plain[:height], 255, page[:height]).astype(np.uint8)
    sheet = pressed.copy()
    sheet[:height] = np.minimum(sheet[:height], written)
    return sheet
