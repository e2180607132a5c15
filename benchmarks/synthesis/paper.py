"""The page on the desk: its resolution, and how ink gets onto it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from benchmarks.synthesis.pen import Coverage
    from pipeline.model import Pixels

DPI = 300
POINT = DPI / 72


def lay(page: Pixels, cover: Coverage, x: float, y: float, ink: int) -> None:
    """Lays ink of a grey level over the page; darker print under it stays. (x, y): where the cover's corner goes."""
    left, top = round(x), round(y)
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(page.shape[1], left + cover.shape[1]), min(page.shape[0], top + cover.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    under = page[y0:y1, x0:x1].astype(np.float32)
    part = cover[y0 - top : y1 - top, x0 - left : x1 - left]
    inked = under * (1 - part) + np.minimum(under, ink) * part
    page[y0:y1, x0:x1] = np.round(inked).astype(np.uint8)
