"""What a blank prints: words in pieces, rules, form fields; from its drawing, or from its pixels where it is a scan.

All in points from the page's top left corner.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pdfplumber
import pypdf
import pypdfium2
import pytesseract
from PIL import Image
from pytesseract import Output

from pipeline.model import Box

if TYPE_CHECKING:
    from pipeline.model import Pixels

# Words further apart than so many times their height are of two labels.
GAP = 0.75
# A drawn thing thinner than this is a rule.
THIN = 1.6
# Rules are one when they lie on a line within this, and touch within this.
SAME = 0.8
SCAN_DPI = 300
# In a scan a rule is at least so long, in points: longer than a letter is high.
SHORTEST_RULE = 11.0
# Words are read at less: it takes half the time, and as many are right.
WORD_DPI = 200
LEAST_CONFIDENCE = 30.0
DARK, TINTED = 140, 235
# Black over so many pixels either way is no rule.
SOLID = 17
# A section's bar, and a square to tick, in points.
BAR_WIDTH, BAR_HEIGHTS = 150.0, (8.0, 26.0)
SQUARE = (5.0, 13.0)
# A page with fewer words than this in its drawing is a scan.
FEWEST_WORDS = 20


@dataclass(frozen=True)
class Piece:
    """Some words in a line that belong together."""

    text: str
    box: Box


@dataclass(frozen=True)
class Rule:
    """A printed rule: at `at` (y of one across, x of one down) from `start` to `end`."""

    at: float
    start: float
    end: float


@dataclass(frozen=True)
class FormWidget:
    """A form field of the blank: full name, /FT without its slash."""

    name: str
    kind: str
    box: Box


@dataclass(frozen=True)
class PrintedPage:
    """squares: those found by their shape, in a scan, whose sides are too short for rules. scanned: from pixels."""

    number: int
    width: float
    height: float
    pieces: tuple[Piece, ...]
    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    widgets: tuple[FormWidget, ...] = ()
    squares: tuple[Box, ...] = ()
    scanned: bool = False


def read_blank(path: Path) -> tuple[PrintedPage, ...]:
    """The blank's pages. Raises `ValueError` for what is no PDF."""
    try:
        with pdfplumber.open(path) as file:
            pages = [drawn_page(page) for page in file.pages]
    except Exception as error:
        raise ValueError(f"{path}: n'est pas un PDF lisible / is no readable PDF") from error
    widgets = widgets_of(path)
    return tuple(with_widgets(page if is_drawn(page) else scanned_page(path, page.number), widgets) for page in pages)


def is_drawn(page: PrintedPage) -> bool:
    return sum(len(piece.text.split()) for piece in page.pieces) >= FEWEST_WORDS


# ---------------------------------------------------------------- from the drawing


def drawn_page(page: pdfplumber.page.Page) -> PrintedPage:
    words = [
        Piece(word["text"], Box(word["x0"], word["top"], word["x1"], word["bottom"])) for word in page.extract_words()
    ]
    across, down = [], []
    for edge in page.edges:
        if edge["orientation"] == "h":
            across.append(Rule((edge["top"] + edge["bottom"]) / 2, edge["x0"], edge["x1"]))
        elif edge["orientation"] == "v":
            down.append(Rule((edge["x0"] + edge["x1"]) / 2, edge["top"], edge["bottom"]))
    return PrintedPage(
        page.page_number, float(page.width), float(page.height), pieces_of(words), joined(across), joined(down)
    )


def pieces_of(words: Sequence[Piece]) -> tuple[Piece, ...]:
    """Words that follow one another in a line, joined."""
    found: list[Piece] = []
    for line in lines_of(words):
        for rank, word in enumerate(sorted(line, key=lambda each: each.box.x0)):
            before = found[-1] if rank else None
            if before is not None and follows(before, word):
                top, bottom = min(before.box.y0, word.box.y0), max(before.box.y1, word.box.y1)
                found[-1] = Piece(f"{before.text} {word.text}", Box(before.box.x0, top, word.box.x1, bottom))
            else:
                found.append(word)
    return tuple(found)


def lines_of(words: Sequence[Piece]) -> list[list[Piece]]:
    """Words whose middles are at the same height, but for what a dash or a capital moves them."""
    lines: list[list[Piece]] = []
    for word in sorted(words, key=lambda each: each.box.y0 + each.box.y1):
        first = lines[-1][0] if lines else None
        apart = abs(middle_of(word) - middle_of(first)) if first else 0.0
        if first and apart <= 0.35 * max(first.box.height, word.box.height):
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def middle_of(piece: Piece) -> float:
    return (piece.box.y0 + piece.box.y1) / 2


def follows(before: Piece, word: Piece) -> bool:
    height = max(word.box.height, before.box.height)
    return -height <= word.box.x0 - before.box.x1 <= GAP * height


def joined(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Pieces of one rule made one."""
    found: list[Rule] = []
    level: list[Rule] = []
    for rule in [*sorted(rules, key=lambda each: each.at), None]:
        if level and (rule is None or rule.at - level[0].at > SAME):
            found += joined_on_a_line(level)
            level = []
        if rule is not None:
            level.append(rule)
    return tuple(found)


def joined_on_a_line(rules: Iterable[Rule]) -> list[Rule]:
    found: list[Rule] = []
    for rule in sorted(rules, key=lambda each: each.start):
        if found and rule.start <= found[-1].end + SAME:
            found[-1] = Rule(found[-1].at, found[-1].start, max(found[-1].end, rule.end))
        else:
            found.append(rule)
    return found


def widgets_of(path: Path) -> dict[int, tuple[FormWidget, ...]]:
    """The form fields by page (1 is the first), with names as a filled form gives them."""
    found: dict[int, list[FormWidget]] = {}
    reader = pypdf.PdfReader(path)
    for number, page in enumerate(reader.pages, start=1):
        height = float(page.mediabox.height)
        for reference in page.get("/Annots") or ():
            annotation = reference.get_object()
            if annotation.get("/Subtype") != "/Widget":
                continue
            x0, y0, x1, y1 = (float(each) for each in annotation["/Rect"])
            box = Box(min(x0, x1), height - max(y0, y1), max(x0, x1), height - min(y0, y1))
            found.setdefault(number, []).append(FormWidget(full_name(annotation), kind_of(annotation), box))
    return {number: tuple(each) for number, each in found.items()}


def full_name(annotation: pypdf.generic.DictionaryObject | None) -> str:
    parts: list[str] = []
    while annotation is not None and len(parts) < 20:
        if "/T" in annotation:
            parts.insert(0, str(annotation["/T"]))
        parent = annotation.get("/Parent")
        annotation = parent.get_object() if parent is not None else None
    return ".".join(parts)


def kind_of(annotation: pypdf.generic.DictionaryObject) -> str:
    kind = annotation.get("/FT")
    parent = annotation.get("/Parent")
    if kind is None and parent is not None:
        kind = parent.get_object().get("/FT")
    return str(kind or "").removeprefix("/")


def with_widgets(page: PrintedPage, widgets: dict[int, tuple[FormWidget, ...]]) -> PrintedPage:
    return replace(page, widgets=widgets.get(page.number, ()))


# ---------------------------------------------------------------- from pixels


def scanned_page(path: Path, number: int) -> PrintedPage:
    """Words by Tesseract, rules and squares by their shape."""
    with pypdfium2.PdfDocument(path) as document:
        width, height = document[number - 1].get_size()
        pixels = document[number - 1].render(scale=SCAN_DPI / 72, grayscale=True).to_numpy()
    pixels = pixels.reshape(pixels.shape[:2])
    dark = (pixels < DARK).astype(np.uint8)
    length = round(SHORTEST_RULE * SCAN_DPI / 72)
    headings = bars_in(pixels)
    return PrintedPage(
        number,
        float(width),
        float(height),
        pieces_of(read_words(pixels, headings)),
        joined(rules_in(dark, length)),
        joined(rules_in(np.ascontiguousarray(dark.T), length)),
        squares=tuple(squares_in(dark)),
        scanned=True,
    )


def read_words(pixels: Pixels, bars: Sequence[Box]) -> list[Piece]:
    """The words of the page, and of each bar by itself: light letters on dark are not read with the rest."""
    scale = WORD_DPI / SCAN_DPI
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    found = [piece for piece in words_in(small, 0.0, 0.0, "--psm 11") if not any(holds(bar, piece.box) for bar in bars)]
    unit = WORD_DPI / 72
    for bar in bars:
        rows = slice(round(bar.y0 * unit), round(bar.y1 * unit))
        columns = slice(round(bar.x0 * unit), round(bar.x1 * unit))
        part = small[rows, columns]
        if part.size and part.mean() < 140:
            part = 255 - part
        stretched = cv2.normalize(part, None, 0, 255, cv2.NORM_MINMAX) if part.size else part
        framed = cv2.copyMakeBorder(stretched, 8, 8, 8, 8, cv2.BORDER_CONSTANT, value=255)
        found += words_in(framed, bar.x0 - 8 / unit, bar.y0 - 8 / unit, "--psm 7")
    return found


def words_in(pixels: Pixels, left: float, top: float, mode: str) -> list[Piece]:
    """left, top: where the picture lies, in points."""
    unit = 72 / WORD_DPI
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # four threads take three times as long here
    said = pytesseract.image_to_data(Image.fromarray(pixels), lang="fra", config=mode, output_type=Output.DICT)
    found = []
    for rank, text in enumerate(said["text"]):
        if text.strip() and float(said["conf"][rank]) >= LEAST_CONFIDENCE:
            x, y = left + said["left"][rank] * unit, top + said["top"][rank] * unit
            box = Box(x, y, x + said["width"][rank] * unit, y + said["height"][rank] * unit)
            found.append(Piece(text.strip(), box))
    return found


def holds(outer: Box, inner: Box) -> bool:
    x, y = (inner.x0 + inner.x1) / 2, (inner.y0 + inner.y1) / 2
    return outer.x0 <= x <= outer.x1 and outer.y0 <= y <= outer.y1


def rules_in(dark: Pixels, length: int) -> list[Rule]:
    """The rules along the rows of a mask, and the upper and lower edges of what is solid.

    What is solid is looked at by itself: a rule that touches two black bars would else make one thing of them.
    """
    solid = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((SOLID, SOLID), np.uint8))
    thin = dark & (1 - cv2.dilate(solid, np.ones((3, 3), np.uint8)))
    runs = cv2.morphologyEx(thin, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    found = [Rule(top + height / 2, left, left + width) for left, top, width, height in things_in(runs)]
    for left, top, width, height in things_in(solid):
        found += [Rule(top, left, left + width), Rule(top + height, left, left + width)]
    return found


def things_in(mask: Pixels) -> Iterator[tuple[float, float, float, float]]:
    """Left, top, width and height, in points, of each connected thing."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    for row in stats[1:count]:
        left, top, width, height = (float(edge) * 72 / SCAN_DPI for edge in row[:4])
        yield left, top, width, height


def bars_in(pixels: Pixels) -> list[Box]:
    """Tinted or black bars, with letters dark or light on them."""
    unit = SCAN_DPI / 72
    filled = cv2.morphologyEx((pixels < TINTED).astype(np.uint8), cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    kernel = np.ones((round(BAR_HEIGHTS[0] * unit), round(BAR_WIDTH * unit)), np.uint8)
    bars = cv2.morphologyEx(filled, cv2.MORPH_OPEN, kernel)
    return [
        Box(left, top, left + width, top + height)
        for left, top, width, height in things_in(bars)
        if height <= BAR_HEIGHTS[1]
    ]


def squares_in(dark: Pixels) -> Iterator[Box]:
    """Hollow squares of the size of a box to tick."""
    unit = 72 / SCAN_DPI
    contours, hierarchy = cv2.findContours(dark, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    for contour, (_, _, child, parent) in zip(contours, hierarchy[0] if hierarchy is not None else (), strict=True):
        left, top, width, height = cv2.boundingRect(contour)
        sides = (width * unit, height * unit)
        hollow = parent < 0 <= child and cv2.contourArea(contours[child]) > 0.5 * width * height
        if hollow and all(SQUARE[0] <= side <= SQUARE[1] for side in sides) and abs(sides[0] - sides[1]) <= 1.5:
            yield Box(left * unit, top * unit, (left + width) * unit, (top + height) * unit)
