"""The footer as a picture: whether the ink there is that of the blank's own edition and of no other digit.

An engine reads small, blurred digits badly, and a 3 as an 8. The question is not what they are but whether they are
the blank's, and its own picture answers that: each digit of the edition is laid over the scan, and then every other
digit in its place, all in the typeface of the published blanks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pypdfium2

from pipeline.model import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.model import Pixels
    from pipeline.register import LaidPage
    from pipeline.specs import FormSpec

DPI = 300
# Pixels at DPI: what is looked at around the footer and around a digit, and how far a digit may be from its place.
AROUND, BESIDE, SLIP = 8, 2, 2
# The print is softened so, and then as much more as makes it most like the scan.
SOFT = 0.8
SOFTER = (0.0, 0.7, 1.2, 1.8, 2.5)
# The scan must look like the blank's footer (correlation), and each digit of the edition be nearer to the blank's than
# to any other, by this share of what parts the two pictures: 1 is the blank's digit exactly, -1 the other one.
# Measured on 146 pages of all qualities: 0.75 and more, and 0.10 and more; a page with another digit has as much less.
LIKE, NEARER = 0.6, 0.05
# Digits of another height are of another size of type.
SAME_SIZE = 2
NUMBER_DIGITS, EDITION_DIGITS = 4, 4
# Darkness, 0 to 255, from which print is print and not its soft edge.
FAINT = 60
# Print that is this much paler than the blank's is none.
LEAST_GAIN = 0.05


@dataclass(frozen=True)
class Glyph:
    """A printed character: its place in pixels at DPI on the blank's page, and its darkness 0 to 255."""

    character: str
    left: int
    top: int
    ink: Pixels = field(repr=False)


@cache
def footer_glyphs(spec: FormSpec, number: int) -> tuple[Glyph, ...]:
    """The characters of the footer that the blank prints on page `number`; none where its text cannot be had."""
    ink = 255 - spec.blank_pixels(number, DPI)
    with pypdfium2.PdfDocument(spec.blank) as document:
        page = document[number - 1]
        height, text = page.get_height(), page.get_textpage()
        corners = (text.get_charbox(rank) for rank in range(text.count_chars()))
        boxes = ((rank, Box(x0, height - y1, x1, height - y0)) for rank, (x0, y0, x1, y1) in enumerate(corners))
        outer = spec.page[number - 1].box
        printed = [(text.get_text_range(rank, 1), box) for rank, box in boxes if _about(outer, box)]
    glyphs = []
    for character, box in printed:
        if character.strip():
            left, top = int(box.x0 * DPI / 72) - 1, int(box.y0 * DPI / 72) - 1
            right, bottom = int(box.x1 * DPI / 72) + 2, int(box.y1 * DPI / 72) + 2
            glyphs.append(Glyph(character, left, top, _alone(ink[top:bottom, left:right])))
    spelt = "".join(glyph.character for glyph in glyphs)
    return tuple(glyphs) if spelt == spec.page[number - 1].footer.replace(" ", "") else ()


@cache
def footer_print(spec: FormSpec, number: int, left: int, top: int, right: int, bottom: int) -> Pixels:
    """The darkness of that part of the blank's page, in pixels at DPI."""
    printed: Pixels = 255 - spec.blank_pixels(number, DPI)[top:bottom, left:right]
    return printed


def _alone(ink: Pixels) -> Pixels:
    """The glyph without what its neighbours have in its box: its largest piece."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats((ink > FAINT).astype(np.uint8), connectivity=8)
    if len(stats) < 2:
        return ink.copy()  # not a part of the whole page, which would be kept with it
    largest = (labels == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())).astype(np.uint8)
    return np.where(cv2.dilate(largest, np.ones((3, 3), np.uint8)) > 0, ink, 0).astype(np.uint8)


def _about(outer: Box, box: Box) -> bool:
    """Whether the middle of `box` lies in `outer`."""
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    return outer.x0 <= x <= outer.x1 and outer.y0 <= y <= outer.y1


@cache
def typeface(specs: tuple[FormSpec, ...]) -> Mapping[str, tuple[Pixels, ...]]:
    """The pictures of each digit in the footers of all blanks; many editions share them."""
    found: dict[str, dict[tuple[tuple[int, ...], bytes], Pixels]] = {}
    for spec in specs:
        for number in range(1, len(spec.page) + 1):
            for glyph in footer_glyphs(spec, number):
                if glyph.character.isdigit():
                    found.setdefault(glyph.character, {})[glyph.ink.shape, glyph.ink.tobytes()] = glyph.ink
    return {digit: tuple(pictures.values()) for digit, pictures in found.items()}


def shows_edition(laid: LaidPage, spec: FormSpec, specs: Sequence[FormSpec]) -> bool:
    """Whether the page shows the footer of `spec`, number and edition; False also where that cannot be told."""
    digits = _digits(spec, laid.number)
    footer = _footer(laid, spec) if digits else None
    return footer is not None and footer.names(digits, typeface(tuple(specs)))


def shown_edition(laid: LaidPage, spec: FormSpec, specs: Sequence[FormSpec]) -> tuple[str, str] | None:
    """Number and edition whose digits are most like what is in the place of those of `spec`; None if nothing is.

    No more than a likely name: whether the page shows it is for `shows_edition` to say, with that edition's own blank.
    """
    digits = _digits(spec, laid.number)
    footer = _footer(laid, spec) if digits else None
    if footer is None:
        return None
    # The blank's own pictures of a digit are those of its type; others are tried where it has none.
    pictures = {**typeface(tuple(specs)), **typeface((spec,))}
    shown = [footer.likeliest(glyph, pictures) for glyph in digits]
    number, edition = "".join(shown[:NUMBER_DIGITS]), "".join(shown[-EDITION_DIGITS:])
    return number, f"20{edition[:2]}-{edition[2:]}"


def _digits(spec: FormSpec, number: int) -> Sequence[Glyph]:
    """The footer's digits; none where the blank's text does not give them all."""
    digits = [glyph for glyph in footer_glyphs(spec, number) if glyph.character.isdigit()]
    return digits if len(digits) >= NUMBER_DIGITS + EDITION_DIGITS else ()


def _footer(laid: LaidPage, spec: FormSpec) -> _Footer | None:
    """The blank's footer in the page, if what is there looks like it."""
    glyphs = footer_glyphs(spec, laid.number)
    left, top = min(glyph.left for glyph in glyphs), min(glyph.top for glyph in glyphs)
    right = max(glyph.left + glyph.ink.shape[1] for glyph in glyphs)
    bottom = max(glyph.top + glyph.ink.shape[0] for glyph in glyphs)
    pixels = (left - AROUND, top - AROUND, right + AROUND, bottom + AROUND)
    scan = _softened(255 - laid.crop(Box(*(edge * 72 / DPI for edge in pixels)), DPI), SOFT)
    return _found(scan, footer_print(spec, laid.number, left, top, right, bottom), (left, top))


@dataclass(frozen=True)
class _Footer:
    """A footer found in a scan.

    scan: darkness as the print has it, softened; printed: the blank's; soft: how much it is to be softened to look like
    the scan; origin: the print's left and top on the blank's page; place: its left and top in the scan.
    """

    scan: NDArray[np.float32]
    printed: Pixels
    soft: float
    origin: tuple[int, int]
    place: tuple[int, int]

    def names(self, glyphs: Sequence[Glyph], digits: Mapping[str, tuple[Pixels, ...]]) -> bool:
        """Whether the edition is these glyphs' and the number, which the page's look says too, not plainly another."""
        number, edition = glyphs[:NUMBER_DIGITS], glyphs[-EDITION_DIGITS:]
        return all(self.nearest(glyph, digits) >= NEARER for glyph in edition) and all(
            self.nearest(glyph, digits) >= -NEARER for glyph in number
        )

    def nearest(self, glyph: Glyph, digits: Mapping[str, tuple[Pixels, ...]]) -> float:
        """How much nearer the scan is to this digit than to the likeliest other one: 1 to -1."""
        others = [shape for digit, shape in _of_size(glyph, digits) if digit != glyph.character]
        if not others:
            return -1.0
        pictures = self._pictures(glyph, [glyph.ink, *others])
        apart = self._distances(glyph, pictures)
        between = ((pictures[1:] - pictures[0]) ** 2).sum(axis=(1, 2))
        return float(((apart[1:] - apart[0]) / np.maximum(between, 1.0)).min())

    def likeliest(self, glyph: Glyph, digits: Mapping[str, tuple[Pixels, ...]]) -> str:
        """The digit that is most like the scan in this one's place."""
        shown = list(_of_size(glyph, digits))
        if not shown:
            return next(iter(digits))
        apart = self._distances(glyph, self._pictures(glyph, [shape for _, shape in shown]))
        return shown[int(apart.argmin())][0]

    def _pictures(self, glyph: Glyph, inks: Sequence[Pixels]) -> NDArray[np.float32]:
        """The print about this glyph's place with each of `inks` instead of it, softened: one after the other."""
        height, width = glyph.ink.shape
        x, y = glyph.left - self.origin[0], glyph.top - self.origin[1]
        emptied = self.printed.copy()
        emptied[y : y + height, x : x + width][glyph.ink > 0] = 0
        down, across = (_softening(*each, self.soft) for each in zip(emptied.shape, self._window(glyph), strict=True))
        shown = np.repeat(emptied[None], len(inks), axis=0)
        for picture, ink in zip(shown, inks, strict=True):
            start = max(0, x + (width - ink.shape[1]) // 2)
            place = picture[y : y + ink.shape[0], start : start + ink.shape[1]]
            np.maximum(place, ink[: place.shape[0], : place.shape[1]], out=place)
        rows, columns = np.flatnonzero(down.any(axis=0)), np.flatnonzero(across.any(axis=0))
        near = shown[:, rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32)
        return np.asarray(down[:, rows] @ near @ across[:, columns].T, np.float32)

    def _window(self, glyph: Glyph) -> tuple[slice, slice]:
        height, width = glyph.ink.shape
        x, y = glyph.left - self.origin[0], glyph.top - self.origin[1]
        rows, columns = self.printed.shape
        return (
            slice(max(0, y - BESIDE), min(rows, y + height + BESIDE)),
            slice(max(0, x - BESIDE), min(columns, x + width + BESIDE)),
        )

    def _distances(self, glyph: Glyph, pictures: NDArray[np.float32]) -> NDArray[np.float64]:
        """For each picture the sum of squares between it and the scan at its place, where it fits best."""
        rows, columns = self._window(glyph)
        row, column = rows.start + self.place[1], columns.start + self.place[0]
        height, width = pictures.shape[1:]
        part = self.scan[max(0, row - SLIP) : row + height + SLIP, max(0, column - SLIP) : column + width + SLIP]
        places = np.lib.stride_tricks.sliding_window_view(part, (height, width)).reshape(-1, height * width)
        seen, drawn = places.astype(np.float64), pictures.reshape(len(pictures), -1).astype(np.float64)
        squares = (drawn**2).sum(axis=1)[:, None] + (seen**2).sum(axis=1) - 2 * drawn @ seen.T
        nearest: NDArray[np.float64] = squares.min(axis=1)
        return nearest


def _of_size(glyph: Glyph, digits: Mapping[str, tuple[Pixels, ...]]) -> Iterator[tuple[str, Pixels]]:
    """The pictures of digits in type of this glyph's size."""
    for digit, shapes in digits.items():
        yield from ((digit, shape) for shape in shapes if abs(shape.shape[0] - glyph.ink.shape[0]) <= SAME_SIZE)


def _found(scan: NDArray[np.float32], printed: Pixels, origin: tuple[int, int]) -> _Footer | None:
    """The print in the scan, which is brought to its darkness; None where nothing there looks like it."""
    picture = _softened(printed, SOFT)
    _, likeness, _, (x, y) = cv2.minMaxLoc(cv2.matchTemplate(scan, picture, cv2.TM_CCOEFF_NORMED))
    if likeness < LIKE:
        return None
    seen = scan[y : y + picture.shape[0], x : x + picture.shape[1]].ravel()
    fits = []
    for softer in SOFTER:
        soft = float(np.hypot(SOFT, softer))
        ink = _softened(printed, soft).ravel()
        gain, paper = np.polyfit(ink, seen, 1)
        fits.append((float(((gain * ink + paper - seen) ** 2).sum()), soft, float(gain), float(paper)))
    _, soft, gain, paper = min(fits)
    return _Footer(((scan - paper) / max(gain, LEAST_GAIN)).astype(np.float32), printed, soft, origin, (x, y))


def _softened(ink: Pixels, soft: float) -> NDArray[np.float32]:
    return np.asarray(cv2.GaussianBlur(ink.astype(np.float32), (0, 0), soft), dtype=np.float32)


def _softening(size: int, window: slice, soft: float) -> NDArray[np.float32]:
    """What softens a line of `size` pixels, as a matrix: a row for each pixel of the window."""
    return np.asarray(cv2.GaussianBlur(np.eye(size, dtype=np.float32), (1, 0), sigmaX=0, sigmaY=soft))[window]
