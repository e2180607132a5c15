"""Writing too pale to be taken for ink: a pencil, or a pen that has run dry, in a scan in shades of grey.

It is not read. But where it is, nothing is blank for certain, and no signature missing: people see it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from pipeline.ink import darker
from pipeline.pieces import pieces_of
from pipeline.writing.lift import INK

if TYPE_CHECKING:
    from pipeline.writing.lift import Lifted

# Strokes are looked for by how much darker they are than what is around them: softened a little, against the mean of a
# window of so many pixels at 300 dpi, in which a smudge is as dark as its surroundings.
SOFT, AROUND = 1.5, 27
# They are so much darker at least, of 255, and so many times as much as the paper's own shades differ (what parts their
# third quarter from their half). Derived in docs/design/confidence.md ("Pale strokes").
DARKER, NOISIER = 4.0, 6.0
# A stroke is so long, and has so many pixels; what is thin and as long as that along an edge is a rule's. Less than
# LEAST of them together is nothing.
LONG, AREA, THIN, RULE, LEAST = 15, 30, 5, 60, 120
# What is on average as dark as this is ink, or dirt, and no matter of this.
DARK = 70.0
# What a fax leaves of a pale pen is specks, dust to the size of a letter's point. So many of them in a window of a
# signature's length and a line's height, and so many times as many as are there on average, are a trail. Derived in
# docs/design/marks.md.
SPECK, TRAIL, LEAST_SPECKS, DENSER = 12, (200, 24), 12, 8.0
# What is within so many pixels of print, or of the field's edge, says nothing; nor does less than SHARE of paper.
BESIDE_PRINT, EDGE, SHARE = 4, 3, 0.2


def has_pale_strokes(lifted: Lifted) -> bool:
    """Whether there are strokes in the field, however pale."""
    left, top, right, bottom = (max(0, side) for side in lifted.inner)
    ink = lifted.ink[top:bottom, left:right]
    free = _paper(lifted.printed[top:bottom, left:right])
    if not ink.size or not free.any() or not ink[free > 0].any():
        return False
    paper = free.astype(np.float32)
    near = cv2.GaussianBlur(ink * paper, (0, 0), SOFT) / np.maximum(cv2.GaussianBlur(paper, (0, 0), SOFT), SHARE)
    around = cv2.blur(ink * paper, (AROUND, AROUND)) / np.maximum(cv2.blur(paper, (AROUND, AROUND)), SHARE)
    relief = (near - around) * paper
    half, third_quarter = np.percentile(relief[::2, ::2][free[::2, ::2] > 0], (50, 75))
    pieces = pieces_of((relief > max(DARKER, NOISIER * (third_quarter - half))).astype(np.uint8))
    longer, thinner = np.maximum(pieces.widths, pieces.heights), np.minimum(pieces.widths, pieces.heights)
    strokes = (longer >= LONG) & (pieces.areas >= AREA) & ~((thinner <= THIN) & (longer > RULE))
    strokes &= np.bincount(pieces.labels.ravel(), near.ravel(), len(pieces) + 1) < DARK * pieces.areas
    strokes[0] = False
    return bool(pieces.areas[strokes].sum() >= LEAST)


def has_a_trail(lifted: Lifted) -> bool:
    """Whether specks lie close together in the field, as what is left of a stroke."""
    left, top, right, bottom = (max(0, side) for side in lifted.inner)
    ink = lifted.ink[top:bottom, left:right]
    if not ink.size:
        return False
    pieces = pieces_of(darker(ink, INK // 2))
    small = np.maximum(pieces.widths, pieces.heights) <= SPECK
    small &= pieces.areas > 1
    small[0] = False
    specks: np.ndarray = np.zeros(ink.shape, np.float32)
    across, down = pieces.centres[small].astype(int).T
    np.add.at(specks, (down, across), 1)
    crowd = cv2.boxFilter(specks, -1, TRAIL, normalize=False, borderType=cv2.BORDER_CONSTANT).max()
    usual = specks.mean() * TRAIL[0] * TRAIL[1]
    return bool(round(crowd) >= LEAST_SPECKS and crowd >= DENSER * usual)


def _paper(printed: np.ndarray) -> np.ndarray:
    """1 where neither print nor the field's edge is near."""
    size = 2 * BESIDE_PRINT + 1
    beside = cv2.dilate(printed.astype(np.uint8), np.ones((size, size), np.uint8))
    free: np.ndarray = 1 - beside
    free[:EDGE], free[-EDGE:], free[:, :EDGE], free[:, -EDGE:] = 0, 0, 0, 0
    return free
