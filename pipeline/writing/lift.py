"""Ink lifted off the printed form: what was written in a box, without the rules, labels and tints of the blank.

The mask of the print is thin, and strokes that cross it are joined again: a thick mask eats underscores and
descenders, and with them the difference between two addresses.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ink import darker
from pipeline.model import Box
from pipeline.pieces import pieces_of

if TYPE_CHECKING:
    from pipeline.model import Pixels
    from pipeline.register import LaidPage
    from pipeline.specs import FormSpec

Mask = NDArray[np.bool_]

DPI = 300
# Around the field's box, in points: writing runs over.
MARGIN = 9.0
# Printed where the blank is darker than this.
PRINTED = 170
# A stroke is joined across the print over at most so many pixels at DPI.
REACH = 7
# A printed rule is at least so long, in pixels at DPI, across and down.
ACROSS, DOWN = (1, 70), (35, 1)
# A rule may have swollen by so many pixels on each side, where this share of what lies beside the rules is dark.
FAR, SWOLLEN = 8, 0.25
# Of the byte that `Print` has for each pixel: the distance, and one bit for each mask.
DISTANCE, MASK, LETTERED, RULED = 15, 16, 32, 64
# What is left of a printed letter lies within so many pixels of it.
HALO = 3
# What lies within so many pixels of a printed rule lies along it.
ALONG = 5
# A marker's band is so many pixels wide and high at least at DPI, more than any pen's stroke, and so dark (0..255):
# less is the paper's own, more is ink. It is looked for in a copy reduced so many times first.
BAND, PAPER, PALEST_INK, REDUCED = 41, 20, 120, 8
INK = 90  # darkness 0..255, after contrast, from which a pixel is ink
# Grains of less than this (pixels at DPI, about 0.2 mm across) are dust; a final point is larger.
DUST_AREA = 8


@dataclass(frozen=True)
class Lifted:
    """The ink in a field.

    ink: darkness 0 (paper) to 255 (the page's black), height x width at DPI; raw: the same before the print was taken
    out; box: the region in points, margins included; inner: the field's box inside `ink` as (left, top, right, bottom)
    pixels; printed: where the blank prints; lettered, ruled: where it prints letters, rules across, and HALO beside;
    black_and_white: scanned so, and what lies on print makes it no darker.
    """

    ink: Pixels = field(repr=False)
    raw: Pixels = field(repr=False)
    printed: Mask = field(repr=False)
    lettered: Mask = field(repr=False)
    ruled: Mask = field(repr=False)
    box: Box
    inner: tuple[int, int, int, int]
    black_and_white: bool = False

    @cached_property
    def along_rules(self) -> Mask:
        """Where what is left of printed rules and the walls of cells may lie."""
        rules = (self.printed & ~self.lettered).astype(np.uint8)
        return cv2.dilate(rules, np.ones((2 * ALONG + 1, 2 * ALONG + 1), np.uint8)) > 0


@dataclass(frozen=True)
class Print:
    """What a blank's page, or a part of it, prints, at DPI, worked out once.

    `pixels` has it all in one byte a pixel, for every page of every blank is kept: the distance to the nearest rule in
    pixels, FAR where that is further than a swollen rule reaches, and the bits of the masks.
    """

    pixels: Pixels = field(repr=False)

    def part(self, rows: slice, columns: slice) -> Print:
        return Print(self.pixels[rows, columns])

    @property
    def mask(self) -> Pixels:
        """1 where something is printed, one pixel wider than the ink."""
        return (self.pixels & MASK > 0).astype(np.uint8)

    @property
    def beside(self) -> Pixels:
        return (self.pixels & DISTANCE).astype(np.uint8)

    @property
    def lettered(self) -> Mask:
        """Where letters are, and HALO beside them."""
        return self.pixels & LETTERED > 0

    @property
    def ruled(self) -> Mask:
        """Where rules across are, and HALO beside them."""
        return self.pixels & RULED > 0


@cache
def print_of(spec: FormSpec, number: int) -> Print:
    """The print of page `number` of the spec's blank."""
    core = (spec.blank_pixels(number, DPI) < PRINTED).astype(np.uint8)
    solid = cv2.morphologyEx(core, cv2.MORPH_OPEN, np.ones((25, 25), np.uint8))
    rules = solid
    for kernel in (ACROSS, DOWN):
        rules = rules | cv2.morphologyEx(core, cv2.MORPH_OPEN, np.ones(kernel, np.uint8))
    # White letters in a bar leave dark pieces of it between them, which are no letters.
    filled = cv2.morphologyEx(core, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    bars = cv2.morphologyEx(filled, cv2.MORPH_OPEN, np.ones((40, 40), np.uint8))
    letters = core & ~cv2.dilate(rules | bars, np.ones((3, 3), np.uint8))
    across = cv2.morphologyEx(core, cv2.MORPH_OPEN, np.ones(ACROSS, np.uint8)) & ~bars
    distance = cv2.distanceTransform(1 - rules, cv2.DIST_C, 3)
    pixels = np.minimum(distance, FAR).astype(np.uint8)
    for bit, part in (
        (MASK, cv2.dilate(core, np.ones((3, 3), np.uint8)) > 0),
        (LETTERED, _with_halo(letters)),
        (RULED, _with_halo(across)),
    ):
        pixels[part] |= bit
    return Print(pixels)


def _with_halo(pixels: Pixels) -> Mask:
    return cv2.dilate(pixels, np.ones((2 * HALO + 1, 2 * HALO + 1), np.uint8)) > 0


def lift(
    laid: LaidPage, spec: FormSpec, box: Box, black: float, margin: float = MARGIN, *, bands: bool = False
) -> Lifted:
    """The ink under `box` (points on the blank). black: the page's own black level, grey 0..255; bands: whether those
    of a marker stay in, as they must where a square scratched out in grey looks like one."""
    printed = print_of(spec, laid.number)
    height, width = printed.pixels.shape
    left, top = max(0, round((box.x0 - margin) * DPI / 72)), max(0, round((box.y0 - margin) * DPI / 72))
    right = min(width, round((box.x1 + margin) * DPI / 72))
    bottom = min(height, round((box.y1 + margin) * DPI / 72))
    region = Box(left * 72 / DPI, top * 72 / DPI, right * 72 / DPI, bottom * 72 / DPI)
    printed = printed.part(slice(top, bottom), slice(left, right))
    raw = _darkness(laid.crop(region, DPI), black)
    raw = raw if bands else _without_bands(raw, printed.mask)
    mask = printed.mask | _swollen(raw, printed.beside)
    inner = (
        round(box.x0 * DPI / 72) - left,
        round(box.y0 * DPI / 72) - top,
        round(box.x1 * DPI / 72) - left,
        round(box.y1 * DPI / 72) - top,
    )
    return Lifted(
        _without_print(raw, mask > 0),
        raw,
        mask > 0,
        printed.lettered,
        printed.ruled,
        region,
        inner,
        laid.page.black_and_white,
    )


def _darkness(pixels: Pixels, black: float) -> Pixels:
    """Darkness relative to the page's own black: contrast is the page's, not the scanner's."""
    gain = 255.0 / max(30.0, 245.0 - black)
    return cv2.convertScaleAbs(cv2.subtract(243, pixels), alpha=gain)


def _without_bands(raw: Pixels, printed: Pixels) -> Pixels:
    """The darkness without a marker's bands, and pale tints of the print; what was written under them stays. Where
    there are none it is what it was, to the bit, and so it is where one runs into a printed bar."""
    small = cv2.resize(raw, None, fx=1 / REDUCED, fy=1 / REDUCED, interpolation=cv2.INTER_AREA)
    if cv2.erode(small, np.ones((BAND // REDUCED, BAND // REDUCED), np.uint8)).max() < PAPER:
        return raw
    smooth = cv2.max(cv2.blur(raw, (5, 5)), printed * 255)
    shade = cv2.morphologyEx(smooth, cv2.MORPH_OPEN, np.ones((BAND, BAND), np.uint8))
    bands = pieces_of(darker(shade, PAPER))
    barred = np.unique(bands.labels[shade > PALEST_INK])
    return np.asarray(cv2.subtract(raw, shade * bands.where(~np.isin(np.arange(len(bands) + 1), barred))), np.uint8)


def _swollen(raw: Pixels, beside: Pixels) -> Pixels:
    """The rules as wide as this scan has them.

    Blur, toner and a slip of the fit widen all of them alike, and no writing follows every rule of a
    field; so a ring around the rules that is dark over much of its length is print.
    """
    reach = 1
    for distance in range(2, FAR):
        ring = beside == distance
        if not ring.any() or float((raw[ring] > INK // 2).mean()) < SWOLLEN:
            break
        reach = distance
    return (beside <= reach).astype(np.uint8)


def _without_print(raw: Pixels, printed: Mask) -> Pixels:
    """The darkness with the print set to paper, strokes that cross it joined again."""
    ink = raw * ~printed
    down, across = (cv2.min(*_nearest(ink, axis)) for axis in (0, 1))
    joined = cv2.min(cv2.max(down, across), raw)
    return cv2.add(ink, joined * printed)


def _nearest(ink: Pixels, axis: int) -> tuple[Pixels, Pixels]:
    """The darkest ink within REACH pixels before and after each pixel along `axis`."""
    size = 2 * REACH + 1
    forward = np.zeros((size, 1) if axis == 0 else (1, size), np.uint8)
    backward = forward.copy()
    forward.reshape(-1)[:REACH] = 1
    backward.reshape(-1)[REACH + 1 :] = 1
    return cv2.dilate(ink, forward), cv2.dilate(ink, backward)


def without(lifted: Lifted, boxes: Sequence[Box]) -> Lifted:
    """The same without the ink in `boxes` (points on the blank)."""
    if not boxes:
        return lifted
    ink = lifted.ink.copy()
    for box in boxes:
        left, top = round((box.x0 - lifted.box.x0) * DPI / 72), round((box.y0 - lifted.box.y0) * DPI / 72)
        right, bottom = round((box.x1 - lifted.box.x0) * DPI / 72), round((box.y1 - lifted.box.y0) * DPI / 72)
        ink[max(0, top - 8) : max(0, bottom + 8), max(0, left - 8) : max(0, right + 8)] = 0
    return replace(lifted, ink=ink)


def without_dust(ink: Pixels) -> Pixels:
    """The ink without isolated grains."""
    pieces = pieces_of(darker(ink, INK // 2))
    return ink * (1 - pieces.where(pieces.areas < DUST_AREA))
