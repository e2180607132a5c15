"""Combs, a cell a character: what stands in each cell, and writing that takes no notice of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

from pipeline.ink import darker
from pipeline.model import Kind
from pipeline.pieces import pieces_of
from pipeline.writing.grains import without_noise
from pipeline.writing.lift import DPI, Lifted
from pipeline.writing.lines import (
    LEAST_SIGN,
    LETTER,
    OVERRUN,
    PAD_X,
    PAD_Y,
    Line,
    contrasted,
    find_line,
    floor_of,
    ink_level,
)
from pipeline.writing.underscores import may_lie_unseen, with_underscores

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.model import Box, Pixels
    from pipeline.specs import FieldSpec

# What is left of a cell's walls lies so near to them, in pixels at DPI, as are all these.
WALL = 4
# So many rows more than the line's are looked at on either side.
MARGIN = 3
# Where this share of a comb's walls is crossed, the writing takes no notice of them: of a comb with so many walls
# within the writing by itself, of any other if that is so of all on the page together, which have so many. Type that
# runs through the cells crosses all but those between two letters or words; of 142 handwritten combs of the labelled
# scans with two walls or more four reach it.
CROSSED, LEAST_WALLS, WALLS_TOGETHER = 0.7, 2, 6
# Beside others that are written across, this share of a comb's walls is enough: along some a stroke lies, which crosses
# none. Of 29 combs with two walls or more on such pages all reach it; of 717 typed and 611 by hand on others, 30 and 33
# do (the labelled scans and generated documents, seeds 712 and 713).
CROSSED_TOO = 0.5
# A wall is crossed by what is dark on it, in so many pixels, and goes on beside it, in so many columns of BESIDE.
ON_WALL, BESIDE, COLUMNS = 6, 6, 7


def lines_of(fields: Sequence[tuple[FieldSpec, Lifted]]) -> list[tuple[FieldSpec, Lifted, Line]]:
    """The line of writing in each field of a page. A comb that was written across as if it had no cells is no comb."""
    fields = [(spec, with_underscores(lifted) if spec.kind is Kind.EMAIL else lifted) for spec, lifted in fields]
    found = without_noise([(spec, lifted, find_line(lifted, spec.cells)) for spec, lifted in fields])
    found = [
        (spec, lifted, replace(line, bare=spec.kind is Kind.EMAIL and not may_lie_unseen(lifted, line)))
        for spec, lifted, line in found
    ]
    crossings = [crossed_walls(lifted, spec.cells, line) for spec, lifted, line in found]
    crossed, walls = (sum(each) for each in zip(*crossings, strict=True)) if crossings else (0, 0)
    everywhere = walls >= WALLS_TOGETHER and crossed >= CROSSED * walls
    return [
        (across(spec), lifted, replace(find_line(lifted), cut=True))
        if _is_across(*crossing, everywhere=everywhere)
        else (spec, lifted, line)
        for (spec, lifted, line), crossing in zip(found, crossings, strict=True)
    ]


def _is_across(crossed: int, walls: int, *, everywhere: bool) -> bool:
    """Whether a comb was written across that is crossed so, by itself or on a page where that is so of all together."""
    if everywhere:
        return crossed > 0 and crossed >= CROSSED_TOO * walls
    return walls >= LEAST_WALLS and crossed >= CROSSED * walls


def across(spec: FieldSpec) -> FieldSpec:
    """The field without its comb, as one that is written on freely."""
    return spec.model_copy(update={"layout": "line", "comb": ()})


def crossed_walls(lifted: Lifted, cells: Sequence[Box], line: Line) -> tuple[int, int]:
    """Through how many of the walls between cells the writing goes, and how many lie within it."""
    if not cells or line.blank:
        return 0, 0
    left, top = line.origin
    height, width = line.pixels.shape[0] - 2 * PAD_Y, line.pixels.shape[1] - 2 * PAD_X
    rows = lifted.ink[top : top + height]
    # As dark as what is written: of a few letters in a long comb, most of what is dark at all is left of its walls.
    dark = darker(rows, ink_level(rows[:, left : left + width]))
    middles = [((one.x1 + other.x0) / 2 - lifted.box.x0) * DPI / 72 for one, other in pairwise(cells)]
    walls = [round(middle) for middle in middles if left + WALL < middle < left + width - WALL]
    crossed = sum(
        int(dark[:, wall - 3 : wall + 4].sum()) >= ON_WALL
        and int(dark[:, max(0, wall - BESIDE) : wall + BESIDE + 1].any(axis=0).sum()) >= COLUMNS
        for wall in walls
    )
    return crossed, len(walls)


def inked_cells(lifted: Lifted, cells: Sequence[Box], line: Line | None = None) -> tuple[bool, ...]:
    """Which cells of a comb hold ink; with `line`, of those that it runs through."""
    level = ink_level(lifted.ink)
    inked = [_holds_ink(part, level) for part in _cell_parts(lifted, cells, level)]
    if line is None:
        return tuple(inked)
    start, stop = line.origin[0], line.origin[0] + line.pixels.shape[1] - 2 * PAD_X
    middles = [((cell.x0 + cell.x1) / 2 - lifted.box.x0) * DPI / 72 for cell in cells]
    reach = cells[0].width * DPI / 72 / 2
    return tuple(ink and start - reach < x < stop + reach for ink, x in zip(inked, middles, strict=True))


def cells_closed_up(lifted: Lifted, cells: Sequence[Box], line: Line) -> Pixels:
    """The ink of each cell of a comb in the line's rows, its blank margins cut, set in one line as in running text."""
    if line.blank:
        return np.full((1, 1), 255, np.uint8)
    level = ink_level(lifted.ink)
    parts = []
    for part in _cell_parts(lifted, cells, level, line):
        columns = np.flatnonzero(darker(part, level).sum(axis=0) >= 2)
        if len(columns) and _holds_ink(part, level):
            parts.append(part[:, max(0, columns[0] - 4) : columns[-1] + 5])
        elif parts:
            parts.append(np.zeros((part.shape[0], 14), np.uint8))
    if not parts:
        return np.full((1, 1), 255, np.uint8)
    joined = np.hstack(parts)
    rows = np.flatnonzero(darker(joined, level).sum(axis=1) >= 2)
    if not len(rows):
        return np.full((1, 1), 255, np.uint8)
    trimmed = joined[max(0, rows[0] - 3) : rows[-1] + 4]
    return contrasted(cv2.copyMakeBorder(trimmed, PAD_Y, PAD_Y, PAD_X, PAD_X, cv2.BORDER_CONSTANT, value=0))


def _holds_ink(part: Pixels, level: float) -> bool:
    """Whether a cell has more than what is left of its own walls: something as high as a letter, or as heavy as a
    hyphen."""
    inner = darker(part[:, WALL:-WALL], level)
    if not inner.any():
        return False
    pieces = pieces_of(inner)
    as_letter = (pieces.heights >= LETTER) & (pieces.widths >= 2)
    return bool((as_letter | (pieces.areas >= LEAST_SIGN))[1:].any())


def _cell_parts(lifted: Lifted, cells: Sequence[Box], level: float, line: Line | None = None) -> Iterator[Pixels]:
    """Each cell's ink without what is left of the comb's floor; with `line`, in its rows only."""
    top, bottom = max(0, lifted.inner[1] - OVERRUN[1]), lifted.inner[3] + OVERRUN[3]
    if line is not None:
        first = line.origin[1] - MARGIN
        top, bottom = max(top, first), min(bottom, first + line.pixels.shape[0] - 2 * PAD_Y + 2 * MARGIN)
    rows = lifted.ink[top:bottom]
    pieces = pieces_of(darker(rows, level))
    cleaned = rows * (1 - pieces.where(floor_of(pieces, lifted, (0, top))))
    for cell in cells:
        left = round((cell.x0 - lifted.box.x0) * DPI / 72)
        right = round((cell.x1 - lifted.box.x0) * DPI / 72)
        yield _without_walls(cleaned[:, max(0, left + 2) : right - 1])


def _without_walls(part: Pixels) -> Pixels:
    """A cell's ink without what lies along its walls alone."""
    pieces = pieces_of(part)
    along = (pieces.lefts + pieces.widths <= WALL + 2) | (pieces.lefts >= part.shape[1] - WALL - 2)
    return part * (1 - pieces.where(along))
