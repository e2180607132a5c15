"""Underscores that lie on a printed rule: there the rule is darker than elsewhere, over as many pixels as one is wide.

Lifted off with the rule they leave a space, and all readers see that alike: `kim tremblay@medilien.coop`. And where no
mark can lie unseen, a space is one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.writing.lift import INK
from pipeline.writing.lines import PAD_X, PAD_Y

if TYPE_CHECKING:
    from pipeline.model import Pixels
    from pipeline.writing.lift import Lifted
    from pipeline.writing.lines import Line

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
# A gap that may hold a mark is so wide, and an underscore lies so far below the line at most, in heights of a letter.
WIDE, DEEP = 0.35, 0.5
# Off a rule it is dark in this share of a gap's columns; on one it adds so many black pixels to each, less than the
# uneven rule of a fax differs by. What is dark at a gap's edges is the letters'.
BAR, SEEN, EDGE = 0.5, 0.5, 2
# One with thin strokes adds hardly more than this to what the palest share of the rule has so far round it.
HAIRLINE, PALEST, ROUND = 0.12, 0.25, 200
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


def may_lie_unseen(lifted: Lifted, line: Line) -> bool:
    """Whether a mark may lie on a rule or a label, or too faintly to be read, in a wide gap of a typed line; or it has
    no wide gap."""
    if line.blank:
        return True
    (left, top), (height, width) = line.origin, line.pixels.shape
    rows, columns = slice(top, top + height - 2 * PAD_Y), slice(left, left + width - 2 * PAD_X)
    rules = _runs(lifted.ruled.mean(axis=1) > 0.5)
    dark = lifted.raw >= INK // 2
    for rule in rules:
        dark[rule] = False
    free = np.logical_not((dark & ~lifted.lettered)[rows, columns].any(axis=0))
    gaps = [
        slice(left + run.start + EDGE, left + run.stop - EDGE)
        for run in _runs(free)
        if run.stop - run.start >= WIDE * line.height + 2 * EDGE
    ]
    low = slice(line.foot, line.foot + round(DEEP * line.height))
    if not gaps or any(dark[low, gap].mean(axis=1).max(initial=0) >= BAR for gap in gaps):
        return True
    near = [rule for rule in rules if rule.start < low.stop and rule.stop > rows.start]
    if near and lifted.black_and_white:
        # What is black anyway becomes no darker: a fax lost `hugo_proulx@jalon.fr`'s mark in its rule, whole.
        return True
    darker = [_darker_columns(lifted.raw, rule) for rule in near]
    return any(there is None or any(_may_hide(there, gap) for gap in gaps) for there in darker)


def _may_hide(rule: _Darker, gap: slice) -> bool:
    """Whether a mark may lie on a rule in a gap: the rule is darker there, or so uneven that nobody would see it."""
    around = slice(max(0, gap.start - ROUND), gap.stop + ROUND)
    palest = np.quantile(rule.inks[around][rule.bare[around]], PALEST) if rule.bare[around].any() else 0.0
    return bool(rule.more > SEEN or rule.dark[gap].any() or rule.inks[gap].mean() - palest > HAIRLINE)


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
    found = _darker_columns(raw, rows)
    if found is None:
        return []
    closed = cv2.morphologyEx(found.dark.astype(np.uint8).reshape(1, -1), cv2.MORPH_CLOSE, np.ones((1, HOLE), np.uint8))
    runs = [run for run in _runs(closed.reshape(-1) > 0) if run.stop - run.start >= SHORTEST]
    return runs if len(runs) <= MOST and all(run.stop - run.start <= LONGEST for run in runs) else []


class _Darker(NamedTuple):
    """The columns in which a rule is darker than it usually is, and no writing stands near; by how much at least, and
    how much ink a column has, in pixels that are all black; which columns nothing stands near."""

    dark: NDArray[np.bool_]
    more: float
    inks: NDArray[np.float64]
    bare: NDArray[np.bool_]


def _darker_columns(raw: Pixels, rows: slice) -> _Darker | None:
    """Where the rule in these rows is darker; None where too little of it lies bare."""
    near = cv2.max(
        raw[max(0, rows.start - NEAR) : rows.start].max(axis=0, initial=0),
        raw[rows.stop : rows.stop + NEAR].max(axis=0, initial=0),
    ).reshape(-1)
    inks = raw[rows].sum(axis=0, dtype=np.float64) / 255
    bare = np.asarray((near < INK // 2) & (inks > 0.5))
    if bare.sum() < LEAST_RULE:
        return None
    usual = float(np.median(inks[bare]))
    noise = max(LEAST_NOISE, DEVIATION * float(np.median(np.abs(inks[bare] - usual))))
    more = max(MORE, NOISE * noise)
    return _Darker(np.asarray(bare & (inks >= usual + more)), more, inks, bare)


def _runs(mask: NDArray[np.bool_]) -> list[slice]:
    """From where to where the mask holds, each time."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], mask.astype(np.int8), [0])))).tolist()
    return [slice(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)]
