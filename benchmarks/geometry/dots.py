"""A sheet of dots at known places, which goes the way that a page goes: where its dots end up is where the page's
points do, whatever the way was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.synthesis.paper import POINT
from pipeline.ink import even_out, value_at

if TYPE_CHECKING:
    from pipeline.model import Box, Pixels

    Points = NDArray[np.float64]

RADIUS = 9  # pixels at 300 dpi
STEP = 90
# Off the grid by up to so much, so that no shift of the sheet makes it look like itself.
WANDER = 20
SEED = 300
# A dot whose area is further than this from the others' has run into a streak, a speck or the edge.
LEAST_AREA, MOST_AREA = 0.6, 1.4
# Further than this, in pixels, a dot is another's; a page of which more than this share has none is laid wrongly.
FAR = 25.0
MOST_LOST = 0.1


@dataclass(frozen=True)
class Dots:
    """A white sheet at 300 dpi with black dots, and their middles in points."""

    pixels: Pixels
    middles: Points


def make_dots(shape: tuple[int, int]) -> Dots:
    """A sheet of the page's shape; always the same for the same shape."""
    rng = np.random.default_rng(SEED)
    sheet = np.full(shape, 255, np.uint8)
    places = []
    for y in range(STEP, shape[0] - STEP // 2, STEP):
        for x in range(STEP, shape[1] - STEP // 2, STEP):
            place = x + int(rng.integers(-WANDER, WANDER + 1)), y + int(rng.integers(-WANDER, WANDER + 1))
            cv2.circle(sheet, place, RADIUS, 0, -1, cv2.LINE_AA)
            places.append(place)
    return Dots(sheet, (np.array(places, np.float64) + 0.5) / POINT)


def find_dots(pixels: Pixels, dpi: float) -> Points:
    """The middles of the dots in a sheet that has arrived, in its pixels."""
    flat = even_out(pixels, dpi)
    # Dots are 3 in 100 of the sheet: the darkest hundredth is ink, however pale, and its edge halfway to the paper.
    ink = (flat < (value_at(flat, 0.01) + 255) / 2).astype(np.uint8)
    _, _, stats, middles = cv2.connectedComponentsWithStats(ink, connectivity=8)
    areas = stats[1:, cv2.CC_STAT_AREA].astype(np.float64)
    whole = areas > np.pi * (RADIUS * dpi / 300) ** 2 * 0.3
    if not whole.any():
        return np.empty((0, 2))
    usual = float(np.median(areas[whole]))
    good = (areas > LEAST_AREA * usual) & (areas < MOST_AREA * usual)
    return np.asarray(middles[1:][good] + 0.5, np.float64)


def distances(found: Points, arrived: Points) -> tuple[Points, int]:
    """From where points are said to be to the dot that arrived nearest, and how many points have none.

    On the way, dots are lost in streaks and at edges. The nearest is then another, a good part of a step away; that is
    told from a page laid wrongly by its being the exception: no smooth surface is off by that much at one point alone.
    """
    if not len(arrived):
        return np.full(len(found), np.inf), 0
    nearest = np.asarray(np.linalg.norm(found[:, None] - arrived[None], axis=2).min(axis=1))
    lost = nearest > FAR
    if lost.mean() > MOST_LOST:
        return nearest, 0
    return nearest[~lost], int(lost.sum())


def inside(points: Points, boxes: list[Box], margin: float) -> NDArray[np.bool_]:
    """Which points (in points of 1/72 inch) lie in a box or within `margin` of it."""
    hit = np.zeros(len(points), bool)
    for box in boxes:
        across = (points[:, 0] > box.x0 - margin) & (points[:, 0] < box.x1 + margin)
        down = (points[:, 1] > box.y0 - margin) & (points[:, 1] < box.y1 + margin)
        hit |= across & down
    return hit
