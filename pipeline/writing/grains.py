"""Grains: whether what little is in a field is the page's own noise or left of its rules, or may be what a scan left of
writing."""

from __future__ import annotations

from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from pipeline.pieces import pieces_of
from pipeline.writing.lines import (
    FAINTEST,
    ON_RULES,
    PAD_X,
    PAD_Y,
    STROKE,
    Line,
    ink_levels,
    inked,
    left_of_rules,
)
from pipeline.writing.pale import has_pale_strokes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Pixels
    from pipeline.pieces import Mask
    from pipeline.specs import FieldSpec
    from pipeline.writing.lift import Lifted

# A field with no more room than this, in pixels at 300 dpi, shows by its grains alone whether something is written: a
# number, a date in cells. In a long one a short name is lost among its grains.
SMALL = 30_000
# Where a page is noisy, so much of the paper beside its writing is grains, in shares of its pixels; a field with at
# most so many times as much is as noisy. Derived in docs/design/confidence.md.
NOISY, LIKE_THE_PAGE = 0.0025, 2.5
# What was written left so many pixels of ink at least, in so many grains.
STREWN = (40, 4)
# Grains hang together in pieces of less than this, in pixels at 300 dpi; more is a stroke.
PIECE = 2 * STROKE
# What is beside a line begins so far behind its end and ends so far before the field's; less than LEAST_PAPER of it is
# too little to tell, and so is what less than LEAST_PAPERS fields have together.
BEHIND, BEFORE, LEAST_PAPER, LEAST_PAPERS = 30, 10, 60, 3
# Of what is darker than TRACE this percentile is the usual darkness of a field's ink; a section's writing is pale where
# the median of these is less than twice the least darkness that is looked at. Of 907 sections 12 are, all by hand
# (docs/design/confidence.md).
TRACE, USUAL, PALE = 25, 90, 2 * FAINTEST
# What is darker than this in a line's picture is ink.
DARK = 128

Lines = tuple["FieldSpec", "Lifted", Line]


class _Paper(NamedTuple):
    """A part of the ink in a field, and what of it lies along rules."""

    ink: Pixels
    along: Mask


def without_noise(page: Sequence[Lines]) -> list[Lines]:
    """The lines of a page's fields: blank where there is nothing but what is left of rules, or, in a small field, no
    more than the page's own grains; faint where a small one has so many more that they may be writing, where there are
    pale strokes, or where others of its section are, or all of its writing is pale: who wrote those so faintly may have
    written there too."""
    found = [(spec, lifted, _settled(lifted, line, bool(spec.cells), page)) for spec, lifted, line in page]
    found = [(spec, lifted, _seen_if_pale(lifted, line)) for spec, lifted, line in found]
    faint = {spec.section for spec, _, line in found if line.faint} | _pale_sections(found)
    return [
        (spec, lifted, replace(line, faint=True) if line.blank and spec.section in faint else line)
        for spec, lifted, line in found
    ]


def _seen_if_pale(lifted: Lifted, line: Line) -> Line:
    return replace(line, faint=True) if line.blank and not line.faint and has_pale_strokes(lifted) else line


def _pale_sections(page: Sequence[Lines]) -> set[str]:
    """The sections with a blank field whose writing is so pale elsewhere that as much of it is not seen."""
    asked = {spec.section for spec, _, line in page if line.blank}
    darkness: dict[str, list[float]] = {section: [] for section in asked}
    for spec, lifted, line in page:
        traces = lifted.ink[lifted.ink >= TRACE] if spec.section in asked and not line.blank else ()
        if len(traces):
            darkness[spec.section].append(float(np.percentile(traces, USUAL)))
    return {section for section, dark in darkness.items() if dark and median(dark) < PALE}


def _settled(lifted: Lifted, line: Line, comb: bool, page: Sequence[Lines]) -> Line:
    nothing = replace(line, pixels=np.full((1, 1), 255, np.uint8), area=0, faint=False)
    if line.doubtful and _is_residue(lifted, line):
        # Something as large as a letter may be beside it: what runs along a rule was taken for the line then.
        return replace(nothing, faint=line.amended)
    left, top, right, bottom = lifted.inner
    shown = slice(top, bottom), slice(left, right)
    if not (line.blank or line.doubtful) or lifted.ink[shown].size > SMALL:
        return line
    field = _Paper(lifted.ink[shown], lifted.along_rules[shown])
    levels = ink_levels(cv2.GaussianBlur(field.ink, (3, 3), 0), comb=comb)
    here = _grains(field, *levels)
    if here is None:
        return line
    little = line.faint or line.doubtful
    if not little and (here[0] < STREWN[0] or here[1] < STREWN[1]):
        return line
    papers = [paper for _, other, its in page if (paper := _beside(other, its)) is not None]
    around = [_grains(paper, *levels) or (0, 0) for paper in papers]
    noise = sum(ink for ink, _ in around) / max(1, sum(paper.ink.size for paper in papers))
    like_the_page = here[0] / field.ink.size <= LIKE_THE_PAGE * noise
    if little:
        return nothing if like_the_page and noise >= NOISY and len(papers) >= LEAST_PAPERS else line
    return line if like_the_page else replace(line, faint=True)


def _is_residue(lifted: Lifted, line: Line) -> bool:
    """Whether what little ink there is lies along printed rules and the walls of cells."""
    along = lifted.along_rules
    dark = line.pixels[PAD_Y:-PAD_Y, PAD_X:-PAD_X] < DARK
    left, top = line.origin
    return bool(along[top : top + dark.shape[0], left : left + dark.shape[1]][dark].mean() >= ON_RULES)


def _beside(lifted: Lifted, line: Line) -> _Paper | None:
    """The paper behind a line of writing, up to the end of its field, where there is enough of it."""
    if line.blank or line.doubtful:
        return None
    _, top, right, bottom = lifted.inner
    start = line.origin[0] + line.pixels.shape[1] - 2 * PAD_X + BEHIND
    if right - BEFORE - start < LEAST_PAPER:
        return None
    shown = slice(top, bottom), slice(start, right - BEFORE)
    return _Paper(lifted.ink[shown], lifted.along_rules[shown])


def _grains(paper: _Paper, level: float, dot_level: float) -> tuple[int, int] | None:
    """How many pixels are grains, and how many grains they make, what is left of rules left out; None where a piece is
    larger than grains are."""
    pieces = pieces_of(inked(cv2.GaussianBlur(paper.ink, (3, 3), 0), level, dot_level))
    counted = ~left_of_rules(pieces, paper.along)
    counted[0] = False
    if (np.maximum(pieces.heights, pieces.widths)[counted] >= PIECE).any():
        return None
    return int(pieces.areas[counted].sum()), int(counted.sum())
