"""What a blank prints: words in pieces, rules, form fields; from its drawing, or from its pixels where it is a scan.

All in points from the page's top left corner.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pdfplumber
import pypdf
import pypdfium2
import pytesseract
from PIL import Image
from pytesseract import Output

from pipeline.model import Box

# Words further apart than so many times their height are of two labels.
GAP = 0.75
# A drawn thing thinner than this is a rule.
THIN = 1.6
# Rules are one when they lie on a line within this, and touch within this.
SAME = 0.8
SCAN_DPI = 300
# In a scan a rule is at least so long, in points: longer than a letter is high.
SHORTEST_RULE = 11.0
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
    """scanned: taken from pixels."""

    number: int
    width: float
    height: float
    pieces: tuple[Piece, ...]
    across: tuple[Rule, ...]
    down: tuple[Rule, ...]
    widgets: tuple[FormWidget, ...] = ()
    scanned: bool = False


def read_blank(path: Path) -> tuple[PrintedPage, ...]:
    """The blank's pages. Raises `ValueError` for what is no PDF."""
    try:
        with pdfplumber.open(path) as file:
            pages = [drawn_page(page) for page in file.pages]
    except Exception as error:
        raise ValueError(f"{path}: n'est pas un PDF lisible / is no readable PDF") from error
    widgets = widgets_of(path)
    return tuple(
        with_widgets(page if len(page.pieces) >= FEWEST_WORDS else scanned_page(path, page.number), widgets)
        for page in pages
    )


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
    for word in sorted(words, key=lambda each: (round((each.box.y0 + each.box.y1) / 2), each.box.x0)):
        before = found[-1] if found else None
        if before is not None and follows(before, word):
            box = Box(before.box.x0, min(before.box.y0, word.box.y0), word.box.x1, max(before.box.y1, word.box.y1))
            found[-1] = Piece(f"{before.text} {word.text}", box)
        else:
            found.append(word)
    return tuple(found)


def follows(before: Piece, word: Piece) -> bool:
    middle = (word.box.y0 + word.box.y1) / 2
    height = word.box.height
    return before.box.y0 < middle < before.box.y1 and -height <= word.box.x0 - before.box.x1 <= GAP * height


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
    return PrintedPage(
        page.number,
        page.width,
        page.height,
        page.pieces,
        page.across,
        page.down,
        widgets.get(page.number, ()),
        page.scanned,
    )


# ---------------------------------------------------------------- from pixels


def scanned_page(path: Path, number: int) -> PrintedPage:
    """Words by Tesseract, rules by their shape."""
    with pypdfium2.PdfDocument(path) as document:
        width, height = document[number - 1].get_size()
        pixels = document[number - 1].render(scale=SCAN_DPI / 72, grayscale=True).to_numpy()
    pixels = pixels.reshape(pixels.shape[:2])
    dark = (pixels < 140).astype(np.uint8)
    length = round(SHORTEST_RULE * SCAN_DPI / 72)
    return PrintedPage(
        number,
        float(width),
        float(height),
        pieces_of(read_words(pixels)),
        joined(rules_in(dark, length)),
        joined(rules_in(np.ascontiguousarray(dark.T), length)),
        scanned=True,
    )


def read_words(pixels: np.ndarray) -> list[Piece]:
    """Words dark on light and light on dark."""
    unit = 72 / SCAN_DPI
    found: list[Piece] = []
    for shown in (pixels, 255 - pixels):
        said = pytesseract.image_to_data(Image.fromarray(shown), lang="fra", config="--psm 11", output_type=Output.DICT)
        for rank, text in enumerate(said["text"]):
            if text.strip() and float(said["conf"][rank]) >= 30:
                left, top = said["left"][rank] * unit, said["top"][rank] * unit
                box = Box(left, top, left + said["width"][rank] * unit, top + said["height"][rank] * unit)
                if not any(overlaps(box, other.box) for other in found):
                    found.append(Piece(text.strip(), box))
    return found


def overlaps(one: Box, other: Box) -> bool:
    return one.x0 < other.x1 and other.x0 < one.x1 and one.y0 < other.y1 and other.y0 < one.y1


def rules_in(dark: np.ndarray, length: int) -> list[Rule]:
    """The rules along the rows of a mask; bars count by their two edges."""
    unit = 72 / SCAN_DPI
    runs = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    found = []
    for left, top, width, height, _ in stats[1:count]:
        start, end = left * unit, (left + width) * unit
        if height * unit <= 3 * THIN:
            found.append(Rule((top + height / 2) * unit, start, end))
        else:
            found += [Rule(top * unit, start, end), Rule((top + height) * unit, start, end)]
    return found
