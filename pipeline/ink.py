"""Ink and paper: the light taken out of a page, so that paper is white and ink is as dark as it was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from pipeline.model import Pixels

# The paper is looked for in windows of this size: wider than any stroke or ruled bar, narrower than a shadow.
PAPER_WINDOW_INCHES = 0.35
OVERVIEW_DPI = 75


def even_out(pixels: Pixels, dpi: float) -> Pixels:
    """The page with its background divided out: paper near 255 whatever the light; same shape, 8-bit grey.

    The paper's brightness is the upper envelope of a reduced copy (a closing), smoothed; shadows and grey paper go,
    strokes and print stay. `dpi` is the resolution of `pixels`.
    """
    reduce = max(1, round(dpi / 50))
    small = cv2.resize(pixels, None, fx=1 / reduce, fy=1 / reduce, interpolation=cv2.INTER_AREA)
    window = max(3, round(PAPER_WINDOW_INCHES * dpi / reduce) | 1)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (window, window)))
    paper = cv2.GaussianBlur(paper, (window, window), 0)
    paper = cv2.resize(paper, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_LINEAR)
    cv2.max(paper, 1, dst=paper)
    return np.asarray(cv2.divide(pixels, paper, dst=paper, scale=255), np.uint8)


def overview_of(pixels: Pixels, dpi: float) -> Pixels:
    """The page as it looks from afar, at `OVERVIEW_DPI`, its light evened out. `dpi` is the resolution of `pixels`."""
    reduce = OVERVIEW_DPI / dpi
    # Smoothed as it shrinks: fax dots and scanner noise go, and what is as large as letters stays.
    return even_out(cv2.resize(pixels, None, fx=reduce, fy=reduce, interpolation=cv2.INTER_AREA), OVERVIEW_DPI)


def black_level(pixels: Pixels, share: float = 0.005) -> float:
    """How dark the page's own print is: the grey value under which the darkest `share` of the pixels lie."""
    return value_at(pixels, share)


def value_at(pixels: Pixels, share: float) -> float:
    """The value, 0 to 255, at or under which this share of the pixels lie (a percentile, by counting)."""
    return values_at(pixels, share)[0]


def values_at(pixels: Pixels, *shares: float) -> list[float]:
    """The values at or under which these shares of the pixels lie, counted once."""
    counts = cv2.calcHist([pixels], [0], None, [256], [0, 256]).reshape(-1).cumsum()
    return [float(np.searchsorted(counts, share * counts[-1])) for share in shares]


def darker(ink: Pixels, level: float) -> Pixels:
    """1 where the darkness is above the level, else 0."""
    return np.asarray(cv2.threshold(ink, level, 1, cv2.THRESH_BINARY)[1], np.uint8)
