"""Underscores that lie on a printed rule: there the rule is darker than elsewhere, over as many pixels as one is wide.

Lifted off with the rule they leave a space, and all readers see that alike: `kim tremblay@medilien.coop`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.writing.lift import INK

if TYPE_CHECKING:
    from pipeline.model import Pixels
    from pipeline.writing.lift import Lifted

# All in pixels at 300 dpi. An underscore is so long, and is looked for in so much of a rule at least, of which no
# writing stands so near.
SHORTEST, LONGEST, LEAST_RULE, NEAR = 12, 60, 200, 4
# And letters are so near it on both sides, so high above the rule at most, of which this share reaches over it.
BESIDE, HIGH, MOST_ABOVE = 24, 60, 0.25
# How much more ink a column of the rule has there, in pixels that are all black, and in the usual differences between
# its columns; a hole of so many columns does not part it.
MORE, NOISE, LEAST_NOISE, HOLE = 0.3, 5.0, 0.05, 5
# Of a rule that is so dark in more places, or further, nobody knows what is on it: a scan has bent it, or a fax has
# broken it. What is shorter is a point, or the foot of a letter.
MOST = 3
# The usual difference is so many times the median one (of a normal distribution).
DEVIATION = 1.4826


def with_underscores(lifted: Lifted) -> Lifted:
    """The same with the underscores in its ink that lie on a rule."""
    ink = lifted.ink
    for rows in _rules(lifted):
        for columns in underscores_on(lifted.raw, rows):
            if _is_between_letters(lifted.ink, rows, columns):
                ink = ink.copy() if ink is lifted.ink else ink
                ink[rows, columns] = lifted.raw[rows, columns]
    return lifted if ink is lifted.ink else replace(lifted, ink=ink)


def _is_between_letters(ink: Pixels, rows: slice, columns: slice) -> bool:
    """Whether letters stand beside these columns, and nothing above them in the line."""
    written = np.asarray((ink[max(0, rows.start - HIGH) : rows.start] > INK).any(axis=0))
    before, above, behind = (
        written[max(0, start) : end]
        for start, end in (
            (columns.start - BESIDE, columns.start),
            (columns.start, columns.stop),
            (columns.stop, columns.stop + BESIDE),
        )
    )
    return bool(before.any() and behind.any() and above.mean() <= MOST_ABOVE)


def _rules(lifted: Lifted) -> list[slice]:
    """The rows of each rule, and of HALO beside it, that runs across the lower half of the field."""
    across = lifted.ruled.mean(axis=1) > 0.5
    across[: (lifted.inner[1] + lifted.inner[3]) // 2] = False
    return _runs(across)


def underscores_on(raw: Pixels, rows: slice) -> list[slice]:
    """The columns of each underscore on the rule in these rows. raw: darkness, before the print was taken out."""
    near = cv2.max(
        raw[max(0, rows.start - NEAR) : rows.start].max(axis=0, initial=0),
        raw[rows.stop : rows.stop + NEAR].max(axis=0, initial=0),
    ).reshape(-1)
    inks = raw[rows].sum(axis=0, dtype=np.float64) / 255
    bare = (near < INK // 2) & (inks > 0.5)
    if bare.sum() < LEAST_RULE:
        return []
    usual = float(np.median(inks[bare]))
    noise = max(LEAST_NOISE, DEVIATION * float(np.median(np.abs(inks[bare] - usual))))
    dark = bare & (inks >= usual + max(MORE, NOISE * noise))
    closed = cv2.morphologyEx(dark.astype(np.uint8).reshape(1, -1), cv2.MORPH_CLOSE, np.ones((1, HOLE), np.uint8))
    runs = [run for run in _runs(closed.reshape(-1) > 0) if run.stop - run.start >= SHORTEST]
    return runs if len(runs) <= MOST and all(run.stop - run.start <= LONGEST for run in runs) else []


def _runs(mask: NDArray[np.bool_]) -> list[slice]:
    """From where to where the mask holds, each time."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(np.int8), [0])))).tolist()
    return [slice(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)]
