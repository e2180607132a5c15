"""A line of writing out of a field's lifted ink: the specks gone, trimmed, ready for an engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ink import darker, value_at, values_at
from pipeline.pieces import Pieces, pieces_of
from pipeline.writing.blots import blots_in, hide_letters
from pipeline.writing.lift import DPI, INK, Lifted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Box, Pixels
    from pipeline.pieces import Mask

# All in pixels at DPI. Writing runs over its box by so much on each side: left, top, right, bottom.
OVERRUN = (10, 8, 12, 24)
# A part of a letter is at least so high or wide; less is a dot, an accent or dust.
STROKE = 12
# No letter or digit is lower than this (one millimetre); what lies flat is a residue of a rule, or a dash alone.
LETTER = 12
# The narrowest is so wide, and has so much ink.
LEAST_LETTER = (4, 40)
RULE = 60
# A pale stroke has this share of the darkness of the darkest ink at least, 0 to 255, and so much.
PALE, PALEST = 0.15, 25.0
# A straight thin line of this length is no stroke; what has this share of its ink on printed letters is left of them.
LONG, ON_LETTERS = 120, 0.85
# A line through writing strikes it out where it runs so many columns, in pixels, between these shares of the height in
# which all but so much of its ink lies at either end.
STRUCK, BODY, BULK = 60, 0.2, 0.1
# A letter begins at most so far below the box.
BELOW = 6
# What is left of a comb's floor lies so near to it; a piece of it is so low.
FLOOR, FLAT = 7, 5
FAINTEST = 35.0
# A dot is at least this share of the square of the writing's stroke: less is a grain.
DOT_SHARE, LEAST_DOT = 0.3, 4.0
# Dots and accents stand close to letters: what is further above the tallest or below the lowest, as a share of the
# tallest one's height, is dust. Where all are equally high, give or take this share, they may be small letters, above
# which a dot stands higher.
BEYOND, BEYOND_SMALL, EQUALLY_HIGH = 0.25, 0.45, 0.2
# Ink further than this many letter heights from the rest, and less than this share of it, is no part of the line.
STRAY_GAP, STRAY_SHARE = 4.0, 0.15
# A bare stroke, a 1, is so high as the line's letters and so wide as it is high; print so many pixels above is its end.
STROKE_HEIGHT, STROKE_WIDTH, TOUCHING = 0.6, 0.4, 2
# A hyphen of fine 9-point type has so much ink, in pixels.
LEAST_SIGN = 14
# So much of what is around the line is in its picture, and so much paper beside that.
SPARE, PAD_X, PAD_Y = 2, 10, 7
NO_LETTERS = np.zeros((0, 4), np.int32)
# Less ink than this is none, more than that is writing; between them nobody knows. A digit 1 of 8-point print has 120.
NO_INK, SOME_INK = 25, 90
# So much ink in loose grains may be writing. On generated scans, fields that a fax broke up had 126 and more (n = 11),
# blank ones less in 19 of 20.
FAINT_INK = 100
# So much of what is left of a printed rule lies along it. Of nine blank fields with more in grains (seeds 712 to 715)
# that leaves less than 60, of four written ones nine tenths.
ON_RULES = 0.85


@dataclass(frozen=True)
class Line:
    """The writing in a field.

    pixels: dark on white, trimmed, at DPI; area: ink in pixels; origin: its left and top in the lifted region; height:
    the height of its letters in pixels; foot: the row in the lifted region above which most of these end; specks: loose
    grains left out, of which any may have been a dot; faint: nothing is as high as a letter, but so many grains may be
    what a fax left of a pencil, or a blot lies where one writes; cut: it runs through the walls of a comb, with which
    strokes that lay on them were taken away; clipped: a bare stroke ends at a printed rule above it, with a flat piece
    beside it there, which may be left of the bar of a 7; amended: something as large as a letter is beside it, as what
    somebody wrote in above or below, a ruler's line runs through it, or a blot may hide a letter of it; bare: of an
    address, that nothing is in its wide gaps, nor lies there on a rule unseen.
    """

    pixels: Pixels = field(repr=False)
    area: int
    origin: tuple[int, int]
    height: int
    foot: int = 0
    specks: int = 0
    faint: bool = False
    cut: bool = False
    clipped: bool = False
    amended: bool = False
    bare: bool = False

    @property
    def blank(self) -> bool:
        return self.area < NO_INK

    def row_of(self, row: int) -> int:
        """Where a row of the lifted region is in `pixels`."""
        return row - self.origin[1] + PAD_Y + SPARE

    @property
    def doubtful(self) -> bool:
        return NO_INK <= self.area < SOME_INK


def find_line(lifted: Lifted, cells: Sequence[Box] = ()) -> Line:
    """The line of writing in the lifted ink. cells: those of a comb, where signs stand further from one another."""
    ink, origin = _within(lifted)
    blots = _blots(lifted)
    if blots is not None:
        ink = np.where(blots, 0, ink).astype(np.uint8)
    smooth = cv2.GaussianBlur(ink, (3, 3), 0)
    level, dot_level = ink_levels(smooth, comb=bool(cells))
    written = _written_columns(smooth, min(level, dot_level))
    if written is None:
        return Line(np.full((1, 1), 255, np.uint8), 0, origin, 0, faint=_is_hidden(blots, lifted))
    within, ink, smooth, origin = origin, ink[:, written], smooth[:, written], (origin[0] + written.start, origin[1])
    pieces = pieces_of(inked(smooth, level, dot_level))
    if cells:
        pieces = pieces.without(floor_of(pieces, lifted, origin))
    written_pieces = pieces
    pieces, long_lines = _without_long_lines(pieces)
    pieces = _without_residue(pieces, lifted, origin)
    boxes, areas, centres = pieces.boxes, pieces.areas, pieces.centres
    sized = ((boxes[:, 2] >= STROKE) | (boxes[:, 3] >= STROKE)) & ~_is_rule(boxes)
    # What begins below the box is the next field's: letters that run over begin in it.
    sized &= ~((boxes[:, 1] + origin[1] >= lifted.inner[3] + BELOW) & (boxes[:, 3] >= LETTER))
    sized[0] = False
    tall = sized & (boxes[:, 3] >= LETTER)
    if not tall.any():
        faint = _grains(pieces, lifted, origin) >= FAINT_INK or _is_hidden(blots, lifted)
        return Line(np.full((1, 1), 255, np.uint8), 0, origin, 0, specks=len(pieces), faint=faint)
    if np.percentile(boxes[sized, 3], 75) < LETTER:
        # Most of it lies flat, left of a rule: the letters say where the line is.
        sized = tall
    height = float(np.percentile(boxes[sized, 3], 75))
    middle = float(np.average(centres[sized, 1], weights=areas[sized]))
    sized &= ~_strays(boxes, areas, sized, height)
    least_dot = max(LEAST_DOT, DOT_SHARE * _stroke_width(pieces.where(sized)) ** 2)
    keep = _belongs(boxes, areas, centres, sized, height, middle, least_dot)
    if cells:
        keep |= _signs(boxes, areas, centres, keep, middle, height, cells[0].width * DPI / 72)
    left, top = boxes[keep, 0].min(), boxes[keep, 1].min()
    right, bottom = (boxes[keep, 0] + boxes[keep, 2]).max(), (boxes[keep, 1] + boxes[keep, 3]).max()
    part = slice(max(0, top - SPARE), bottom + SPARE), slice(max(0, left - SPARE), right + SPARE)
    letters = pieces.where(keep)
    print_left = (written_pieces.labels > 0) & (pieces.labels == 0)
    if cells:
        # What is left of the walls would come with it.
        print_left = print_left | lifted.printed[_shown(pieces, origin)]
    letters = _with_pale_strokes(letters, smooth, level, print_left)
    trimmed = ink[part] * cv2.dilate(letters[part], np.ones((5, 5), np.uint8))
    padded = cv2.copyMakeBorder(trimmed, PAD_Y, PAD_Y, PAD_X, PAD_X, cv2.BORDER_CONSTANT, value=0)
    specks = int((~keep[1:] & (areas[1:] >= least_dot)).sum())
    return Line(
        contrasted(padded),
        int(areas[keep].sum()),
        (origin[0] + int(left), origin[1] + int(top)),
        round(height),
        origin[1] + round(float(np.median(boxes[keep & sized, 1] + boxes[keep & sized, 3]))),
        specks,
        clipped=_is_clipped(boxes[keep], written_pieces, lifted, origin),
        amended=_is_amended(pieces, keep, lifted, origin)
        or _is_struck_out(pieces.where(keep), long_lines)
        or _is_hidden(blots, lifted, boxes[keep] + (origin[0] - within[0], 0, 0, 0)),
    )


def _blots(lifted: Lifted) -> Pixels | None:
    """1 where a blot is in what `_within` shows of a field; None where none is. They are looked for in all that was
    lifted, for the edge cuts them off."""
    found = blots_in(lifted.ink, INK)
    return None if found is None else found[_around(lifted)]


def _is_hidden(blots: Pixels | None, lifted: Lifted, letters: NDArray[np.int32] = NO_LETTERS) -> bool:
    """Whether blots may hide letters of the line, or all of them. letters: those that are seen, in `_within`."""
    if blots is None:
        return False
    rows, columns = _around(lifted)
    left, top, right, bottom = lifted.inner
    return hide_letters(
        blots, letters, (left - columns.start, top - rows.start, right - columns.start, bottom - rows.start)
    )


def _is_amended(pieces: Pieces, keep: Mask, lifted: Lifted, origin: tuple[int, int]) -> bool:
    """Whether a piece as large as a letter is left out of the line; not one that the edge cuts off, nor one that begins
    below the box, which is a neighbour's."""
    letters = (
        ~keep & (pieces.heights >= LETTER) & (pieces.widths >= LEAST_LETTER[0]) & (pieces.areas >= LEAST_LETTER[1])
    )
    letters &= (pieces.tops > 1) & (pieces.lefts > 1) & (pieces.tops + origin[1] < lifted.inner[3] + BELOW)
    return bool(letters[1:].any())


def _is_clipped(boxes: NDArray[np.int32], written: Pieces, lifted: Lifted, origin: tuple[int, int]) -> bool:
    """Whether a bare stroke ends at print above it, with something flat left of its top: of a 7's bar or of the rule.

    boxes: of the line's letters, left, top, width, height; written: all pieces, what is left of rules among them.
    """
    tallest = boxes[:, 3].max()
    bare = boxes[(boxes[:, 3] >= STROKE_HEIGHT * tallest) & (boxes[:, 2] <= STROKE_WIDTH * boxes[:, 3])]
    for left, top, width, height in bare.tolist():
        rows = slice(max(0, top + origin[1] - TOUCHING), top + origin[1] + 1)
        if lifted.printed[rows, left + origin[0] : left + width + origin[0]].any():
            beside = (written.lefts < left) & (written.lefts + written.widths >= left - height // 2)
            flat = (written.heights <= FLAT) & (np.abs(written.tops - top) <= TOUCHING)
            if (beside & flat)[1:].any():
                return True
    return False


def floor_of(pieces: Pieces, lifted: Lifted, origin: tuple[int, int]) -> Mask:
    """The flat pieces along the lower edge of the box: what is left of a comb's printed line."""
    flat: Mask = (pieces.heights <= FLAT) & (pieces.tops >= lifted.inner[3] - origin[1] - FLOOR)
    return flat


def _shown(pieces: Pieces, origin: tuple[int, int]) -> tuple[slice, slice]:
    """The rows and columns of the lifted region in which pieces lie that begin there."""
    (left, top), (height, width) = origin, pieces.labels.shape
    return slice(top, top + height), slice(left, left + width)


def _grains(pieces: Pieces, lifted: Lifted, origin: tuple[int, int]) -> int:
    """The ink of the grains within the box, but for what is left of rules."""
    left, top, right, bottom = lifted.inner
    rows = slice(max(0, top - origin[1]), max(0, bottom - origin[1]))
    columns = slice(max(0, left - origin[0]), max(0, right - origin[0]))
    return int(pieces.where(~left_of_rules(pieces, lifted.along_rules[_shown(pieces, origin)]))[rows, columns].sum())


def left_of_rules(pieces: Pieces, along: Mask) -> Mask:
    """The pieces that are flat, or lie along printed rules. along: where that is, of the same size."""
    flat = (pieces.heights <= 3) & (pieces.widths >= 3 * pieces.heights)
    inked_along = np.bincount(pieces.labels[along], minlength=len(pieces) + 1)
    return np.asarray(flat | (inked_along >= ON_RULES * pieces.areas))


def _without_residue(pieces: Pieces, lifted: Lifted, origin: tuple[int, int]) -> Pieces:
    """The ink without what is left of the print: pieces that lie on printed letters, and flat ones along the upper and
    the right edge of the box.

    Who writes over a label does not stay within its letters, and nobody writes an underscore at the top.
    """
    on_letters = np.bincount(pieces.labels[lifted.lettered[_shown(pieces, origin)]], minlength=len(pieces) + 1)
    residue = on_letters >= ON_LETTERS * pieces.areas
    residue |= (pieces.heights <= FLAT) & (np.abs(pieces.tops + origin[1] - lifted.inner[1]) <= FLOOR)
    residue |= (pieces.widths <= FLAT) & (np.abs(pieces.lefts + origin[0] - lifted.inner[2]) <= FLOOR)
    return pieces.without(residue)


def _is_struck_out(letters: Pixels, long_lines: Pixels | None) -> bool:
    """Whether a long line, as a ruler draws it, runs through the middle of the letters: what runs along their feet is
    left of a rule. letters: their ink without it, which may be in pieces."""
    if long_lines is None:
        return False
    inked_rows, inked_columns = np.nonzero(letters)
    top, foot = np.quantile(inked_rows, (BULK, 1 - BULK))
    rows = slice(round(top + BODY * (foot - top)), round(foot - BODY * (foot - top)) + 1)
    across = long_lines[rows, inked_columns.min() : inked_columns.max() + 1]
    return bool(across.any(axis=0).sum() >= STRUCK)


def _may_have_long_lines(pieces: Pieces) -> bool:
    """Whether a piece is as long as a long line, or half as long and cut off by the edge: who knows how it goes on."""
    starts, lengths = pieces.boxes[1:, :2], pieces.boxes[1:, 2:]
    cut_off = (starts == 0) | (starts + lengths == pieces.labels.shape[::-1])
    return bool((lengths >= np.where(cut_off, LONG // 2, LONG)).any())


def _without_long_lines(pieces: Pieces) -> tuple[Pieces, Pixels | None]:
    """The ink without straight thin lines, but for what a thick stroke of writing has of them; and these lines."""
    if not _may_have_long_lines(pieces):
        return pieces, None
    dark = (pieces.labels > 0).astype(np.uint8)
    across, down = (cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones(size, np.uint8)) for size in ((1, LONG), (LONG, 1)))
    thick = cv2.dilate(cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((6, 6), np.uint8)), np.ones((9, 9), np.uint8))
    lines = ((across | down) > 0) & (thick == 0)
    return pieces_of(np.where(lines, 0, dark).astype(np.uint8)), across * lines


def ink_levels(smooth: Pixels, *, comb: bool) -> tuple[float, float]:
    """The darkness from which a pixel is ink, and that from which a small spot may be a dot.

    A comb is for letters and digits: the faint dots of an address are not looked for.
    """
    darkest, noise = values_at(smooth, 0.995, 0.8)
    return _ink_level(darkest), INK if comb else _dot_level(darkest, noise)


def ink_level(smooth: Pixels) -> float:
    """The darkness from which a pixel is ink: half of what the darkest writing here has, within bounds.

    A pencil is lighter than the page's print; the paper's noise must stay below.
    """
    return _ink_level(value_at(smooth, 0.995))


def _ink_level(darkest: float) -> float:
    return min(max(0.45 * darkest, FAINTEST), INK)


def _dot_level(darkest: float, noise: float) -> float:
    """The darkness from which a small spot may be a dot: thin type has dots lighter than its letters."""
    return min(_above_noise(0.25 * darkest, noise, FAINTEST), INK)


def _above_noise(darkness: float, noise: float, least: float) -> float:
    """The darkness, or more where the paper's own noise comes near it."""
    return max(darkness, 2 * noise + 10, least)


def inked(smooth: Pixels, level: float, dot_level: float) -> Pixels:
    """The ink above `level`, and small separate spots above `dot_level`."""
    dark = darker(smooth, level)
    if dot_level >= level:
        return dark
    pieces = pieces_of(darker(smooth, dot_level))
    return dark | pieces.where(pieces.boxes[:, 2:].max(axis=1) < STROKE)


def _with_pale_strokes(letters: Pixels, smooth: Pixels, level: float, print_left: Mask) -> Pixels:
    """The letters' ink with what hangs on it and is paler: the thin strokes of type whose others are thick, the ring of
    an at sign. print_left: where something is left of the print, which is no stroke."""
    darkest, noise = values_at(smooth, 0.995, 0.8)
    pale = darker(smooth, min(_above_noise(PALE * darkest, noise, PALEST), level))
    pale[cv2.dilate(print_left.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0] = 0
    pieces = pieces_of(pale | letters)
    return pieces.where(np.bincount(pieces.labels[letters > 0], minlength=len(pieces) + 1) > 0)


def _written_columns(smooth: Pixels, level: float) -> slice | None:
    """The columns that hold something above the level, with so many on either side that no line looks cut off."""
    inked = np.flatnonzero(darker(smooth, level).any(axis=0))
    return slice(max(0, int(inked[0]) - LONG), int(inked[-1]) + LONG + 1) if len(inked) else None


def _is_rule(boxes: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Straight thin lines longer than an underscore: what is left of a printed rule, a fold, a line of a fax."""
    return (np.minimum(boxes[:, 2], boxes[:, 3]) <= 5) & (np.maximum(boxes[:, 2], boxes[:, 3]) > RULE)


def _within(lifted: Lifted) -> tuple[Pixels, tuple[int, int]]:
    """The ink in and just around the field's box, and where that begins in the lifted region."""
    rows, columns = _around(lifted)
    return lifted.ink[rows, columns], (columns.start, rows.start)


def _around(lifted: Lifted) -> tuple[slice, slice]:
    """The rows and columns of the field's box and of what is just around it, in the lifted region."""
    height, width = lifted.ink.shape
    left, top, right, bottom = lifted.inner
    return (
        slice(max(0, top - OVERRUN[1]), min(height, bottom + OVERRUN[3])),
        slice(max(0, left - OVERRUN[0]), min(width, right + OVERRUN[2])),
    )


def _stroke_width(letters: Pixels) -> float:
    """The usual width of the strokes, in pixels: four times the mean distance of their pixels to their edge."""
    inside = cv2.distanceTransform(letters, cv2.DIST_L2, 3)
    return 4.0 * float(inside[inside > 0].mean()) if letters.any() else 0.0


def _strays(
    boxes: NDArray[np.int32], areas: NDArray[np.int32], sized: NDArray[np.bool_], height: float
) -> NDArray[np.bool_]:
    """Components that stand far from the writing and are little beside it: residue, dirt, a neighbour's overrun."""
    stray = np.zeros_like(sized)
    order = sorted(np.flatnonzero(sized), key=lambda rank: boxes[rank, 0])
    groups: list[list[int]] = []
    right = -np.inf
    for rank in order:
        if not groups or boxes[rank, 0] - right > STRAY_GAP * height:
            groups.append([])
        groups[-1].append(int(rank))
        right = max(right, boxes[rank, 0] + boxes[rank, 2])
    most = max((int(areas[group].sum()) for group in groups), default=0)
    for group in groups:
        if areas[group].sum() < STRAY_SHARE * most:
            stray[group] = True
    return stray


def _belongs(
    boxes: NDArray[np.int32],
    areas: NDArray[np.int32],
    centres: NDArray[np.float64],
    sized: NDArray[np.bool_],
    height: float,
    middle: float,
    least_dot: float,
) -> NDArray[np.bool_]:
    """Which components are of the line: those about its middle, and dots and accents near one of them."""
    near_middle = np.abs(centres[:, 1] - middle) < 1.1 * height + 4
    keep = sized & near_middle
    if not keep.any():
        keep = sized.copy()
    small = ~sized & (areas >= least_dot) & near_middle & (boxes[:, 2:].max(axis=1) < STROKE)
    small[0] = False
    small &= ~_beyond(boxes, keep)
    left, right = boxes[keep, 0], boxes[keep, 0] + boxes[keep, 2]
    for rank in np.flatnonzero(small):
        gap = np.maximum(left - centres[rank, 0], centres[rank, 0] - right).clip(0).min()
        keep[rank] = gap < 0.9 * height + 4
    return keep


def _beyond(boxes: NDArray[np.int32], letters: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """What stands further above or below all letters than any dot, accent or cedilla does."""
    tops, feet, heights = boxes[:, 1], boxes[:, 1] + boxes[:, 3], boxes[letters, 3]
    equally_high = np.median(heights) >= (1 - EQUALLY_HIGH) * heights.max()
    most = (BEYOND_SMALL if equally_high else BEYOND) * heights.max()
    return np.asarray((tops[letters].min() - feet > most) | (tops - feet[letters].max() > most))


def _signs(
    boxes: NDArray[np.int32],
    areas: NDArray[np.int32],
    centres: NDArray[np.float64],
    kept: NDArray[np.bool_],
    middle: float,
    height: float,
    pitch: float,
) -> NDArray[np.bool_]:
    """Hyphens and apostrophes in a comb: as heavy as one, as high up as letters, with a letter in the next cell on
    either side."""
    signs = ~kept & (areas >= LEAST_SIGN) & (np.abs(centres[:, 1] - middle) < 0.8 * height) & ~_is_rule(boxes)
    signs[0] = False
    for rank in np.flatnonzero(signs):
        gaps = centres[kept, 0] - centres[rank, 0]
        beside = np.abs(gaps) < 1.4 * pitch
        signs[rank] = bool((beside & (gaps < 0)).any() and (beside & (gaps > 0)).any())
    return signs


def unlifted(lifted: Lifted, line: Line) -> Pixels:
    """The line with the rules that run across left in: a witness that the lifting took nothing away along them, no
    descender and no underscore. Labels and walls are taken out here too, for they would be read as letters; but not of
    a line that is `cut`, of which strokes may lie on the walls."""
    left, top = line.origin
    height, width = line.pixels.shape
    rows = slice(max(0, top - PAD_Y - SPARE), top + height - PAD_Y + SPARE)
    columns = slice(max(0, left - PAD_X - SPARE), left + width - PAD_X + SPARE)
    raw, ink = lifted.raw[rows, columns], lifted.ink[rows, columns]
    return contrasted(raw if line.cut else np.where(lifted.ruled[rows, columns], raw, ink))


def contrasted(ink: Pixels) -> Pixels:
    """Ink as the engines want it: dark on white, the darkest of it black."""
    peak = max(60.0, value_at(ink, 0.995))
    return (255 - cv2.convertScaleAbs(ink, alpha=255.0 / peak)).astype(np.uint8)
