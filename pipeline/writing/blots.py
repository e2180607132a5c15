"""What is too thick for any stroke: the shadow of a punched hole, a blot, what a marker has blackened.

Engines read a hole at the edge of a field as a letter, or the line beside it, shrunk to the hole's height, not at all.
What it lies on nobody can read, so where it may hide a letter the field is a doubt.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from pipeline.ink import darker

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.model import Pixels

# All in pixels at 300 dpi. No pen that forms are filled in with, and no typeface in their fields, has strokes of this
# width (1.5 mm); round a blot so much is its own blurred edge.
THICK, EDGE = 18, 5
# Blots are looked for in a picture of a fourth of the size, where one is dark throughout for so many pixels.
REDUCED, SOLID = 4, 4
# A letter is hidden where so many columns are covered over this share of a line's height, or an empty box's.
LEAST_COLUMNS, HIDDEN = 12, 0.5
LEAST_ROWS = 14
# Between a field's edge and its first letter there is no room for another within this share of a line's height.
NO_ROOM = 0.7


def blots_in(ink: Pixels, level: float) -> Pixels | None:
    """1 where blots are, their edges included; None where there is none. ink: 0 is none, height x width; level: the
    darkness from which it counts."""
    dark = darker(ink, level)
    small = cv2.resize(dark * np.uint8(255), None, fx=1 / REDUCED, fy=1 / REDUCED, interpolation=cv2.INTER_AREA)
    if not cv2.erode(darker(small, 250), np.ones((SOLID, SOLID), np.uint8)).any():
        return None
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (THICK, THICK))
    # Beyond the picture a blot may go on.
    beyond = cv2.copyMakeBorder(dark, THICK, THICK, THICK, THICK, cv2.BORDER_REPLICATE)
    found = cv2.dilate(cv2.morphologyEx(beyond, cv2.MORPH_OPEN, disc), np.ones((2 * EDGE + 1,) * 2, np.uint8))
    found = found[THICK:-THICK, THICK:-THICK]
    return np.asarray(found, np.uint8) if found.any() else None


def hide_letters(blots: Pixels, letters: NDArray[np.int32], box: tuple[int, int, int, int]) -> bool:
    """Whether blots may lie on letters of a field.

    letters: left, top, width and height of each that is seen, box: left, top, right and bottom, in pixels of `blots`.
    """
    left, top, right, bottom = box
    least = float(LEAST_ROWS)
    if len(letters):
        top, bottom = int(np.median(letters[:, 1])), int(np.median(letters[:, 1] + letters[:, 3]))
        least, first = HIDDEN * (bottom - top), int(letters[:, 0].min())
        left = first if first - left < NO_ROOM * (bottom - top) else left
    covered = blots[max(0, top) : max(0, bottom), max(0, left) : max(0, right)].sum(axis=0)
    return bool((covered > least).sum() >= LEAST_COLUMNS)
