"""The sheet of paper that a PDF page stands for: its size, and where the page's coordinates lie on it as displayed."""

from __future__ import annotations

from dataclasses import dataclass

import pypdfium2

from pipeline.model import Box

# Longer sides of a sheet that somebody may print on, in points: from half a letter page to a tabloid one. Beyond them
# the file says nothing of paper (one unit a pixel, a thumbnail), and the sheet is taken for a letter page.
LEAST_LENGTH, MOST_LENGTH = 8.0 * 72, 17.5 * 72
LETTER_LENGTH = 11.0 * 72


@dataclass(frozen=True)
class Sheet:
    """A page as displayed: `width` and `height` in points; `scale` is how many points a unit of the file is.

    rotation: clockwise, 0, 90, 180 or 270; bounds: left, bottom, right, top of what is displayed, in the file's units.
    """

    width: float
    height: float
    scale: float
    rotation: int
    bounds: tuple[float, float, float, float]

    @classmethod
    def of(cls, page: pypdfium2.PdfPage) -> Sheet:
        """The page's sheet. Raises `PdfiumError` for a page without boxes, `ValueError` for one without an area."""
        width, height = page.get_size()
        if not (width > 0 and height > 0):
            raise ValueError("a page without an area")
        longer = max(width, height)
        scale = 1.0 if LEAST_LENGTH <= longer <= MOST_LENGTH else LETTER_LENGTH / longer
        return cls(width * scale, height * scale, scale, page.get_rotation(), page.get_bbox())

    @property
    def area(self) -> float:
        """In square points."""
        return self.width * self.height

    def place(self, x0: float, y0: float, x1: float, y1: float) -> Box:
        """Where a rectangle in the file's units (y upwards, before rotation) lies on the sheet."""
        left, bottom, right, top = self.bounds
        x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
        match self.rotation:
            case 0:
                x0, y0, x1, y1 = x0 - left, top - y1, x1 - left, top - y0
            case 90:
                x0, y0, x1, y1 = y0 - bottom, x0 - left, y1 - bottom, x1 - left
            case 180:
                x0, y0, x1, y1 = right - x1, y0 - bottom, right - x0, y1 - bottom
            case 270:
                x0, y0, x1, y1 = top - y1, right - x1, top - y0, right - x0
        return Box(x0 * self.scale, y0 * self.scale, x1 * self.scale, y1 * self.scale)

    def holds(self, box: Box) -> bool:
        """Whether the middle of a box lies on the sheet."""
        return 0 <= (box.x0 + box.x1) / 2 <= self.width and 0 <= (box.y0 + box.y1) / 2 <= self.height
