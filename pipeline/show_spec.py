"""Draws a spec over its blank, so that a person can see whether the boxes are where the ink goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pipeline.model import Box, Kind

if TYPE_CHECKING:
    from pipeline.model import Pixels
    from pipeline.specs import FieldSpec, FormSpec

DPI = 100.0
GAP = 12  # pixels between two pages side by side
CAPTION = 6.0  # height of the captions, in points
Colour = tuple[int, int, int]
COLOURS: dict[Kind, Colour] = {
    Kind.TEXT: (0, 90, 200),
    Kind.PHONE: (0, 140, 70),
    Kind.DIGITS: (0, 140, 140),
    Kind.EMAIL: (170, 0, 170),
    Kind.CHOICE: (210, 90, 0),
    Kind.SIGNATURE: (200, 0, 0),
    Kind.DATE: (120, 90, 0),
}
FOOTER: Colour = (90, 90, 90)


def draw_spec(spec: FormSpec, dpi: float = DPI) -> list[Pixels]:
    """Each page of the blank with its boxes, keys and kinds: RGB pixels, height x width x 3.

    The key of a field that may be left blank is in brackets; thin lines are the cells of a comb.
    """
    return [_draw_page(spec, page, dpi) for page in range(1, len(spec.page) + 1)]


def side_by_side(pages: list[Pixels]) -> Image.Image:
    """The pages in one picture, left to right, to be saved as PNG."""
    images = [Image.fromarray(page) for page in pages]
    width = sum(image.width for image in images) + GAP * (len(images) - 1)
    sheet = Image.new("RGB", (width, max(image.height for image in images)), (128, 128, 128))
    left = 0
    for image in images:
        sheet.paste(image, (left, 0))
        left += image.width + GAP
    return sheet


def _draw_page(spec: FormSpec, page: int, dpi: float) -> Pixels:
    image = Image.fromarray(spec.blank_pixels(page, dpi)).convert("RGB")
    pen = _Pen(image, dpi)
    footer = spec.page[page - 1]
    pen.outline(footer.box, FOOTER)
    pen.write(footer.box.x1 + 3, footer.box.y0, f"footer {footer.footer!r}", FOOTER)
    for field in spec.fields_of_page(page):
        _draw_field(pen, field)
    return np.asarray(image)


def _draw_field(pen: _Pen, field: FieldSpec) -> None:
    colour = COLOURS[field.kind]
    box = field.box
    pen.outline(box, colour)
    for part in (*field.cells, *(option.box for option in field.option)):
        pen.outline(part, colour)
    name = field.key if field.required else f"({field.key})"
    if field.kind is Kind.CHOICE:
        for option in field.option:
            pen.write(option.box.x0, option.box.y0 - CAPTION, option.value, colour)
        pen.write(box.x0, box.y1, f"{name} {field.kind}", colour)
        return
    caption = f"{name} {field.kind} {field.layout}"
    if field.layout != "comb" and pen.width(caption) > box.width:
        caption = caption.replace(".", ".\n").replace(" ", "\n", 1)
    pen.write(box.x0 + 1, box.y0 + 1, caption, colour)


class _Pen:
    """Draws on one page in points."""

    def __init__(self, image: Image.Image, dpi: float) -> None:
        self._draw = ImageDraw.Draw(image, "RGBA")
        self._scale = dpi / 72
        self._font = ImageFont.load_default(size=max(8.0, CAPTION * self._scale))

    def outline(self, box: Box, colour: Colour) -> None:
        corners = [value * self._scale for value in box]
        self._draw.rectangle(corners, outline=colour, fill=(*colour, 30), width=1)

    def width(self, text: str) -> float:
        return self._draw.textlength(text, font=self._font) / self._scale

    def write(self, left: float, top: float, text: str, colour: Colour) -> None:
        """Lines of text on a pale plate, which keeps them legible over what is printed."""
        corner = (left * self._scale, top * self._scale)
        plate = self._draw.multiline_textbbox(corner, text, font=self._font, spacing=1)
        self._draw.rectangle(plate, fill=(255, 255, 255, 190))
        self._draw.multiline_text(corner, text, fill=colour, font=self._font, spacing=1)
