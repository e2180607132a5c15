"""The words that show on a page. What a page holds and does not show makes its text unfit to be believed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pypdfium2
from pypdfium2 import raw as pdfium

from pipeline.model import Box, Word

if TYPE_CHECKING:
    from pipeline.model import Pixels
    from pipeline.pages.sheet import Sheet

# Text rendering modes that draw nothing.
INVISIBLE = frozenset({3, 7})
# More than any form has: what is beyond may be there to keep us busy.
MOST_CHARACTERS = 30_000
# Grey levels between the lightest and the darkest of what shows under a word: less is no print.
LEAST_CONTRAST = 24
# Two words over each other by so much of the smaller one's area cannot both be read.
OVER_EACH_OTHER = 0.5


class Character(NamedTuple):
    """`drawn` is False for what the page draws in an invisible mode; `known` for a glyph that stands for a letter."""

    letter: str
    box: Box
    drawn: bool = True
    known: bool = True


def page_characters(page: pypdfium2.PdfPage, sheet: Sheet) -> list[Character]:
    """The characters of a page's content, with their boxes on the sheet; none at all where there are too many."""
    text = page.get_textpage()
    count = text.count_chars()
    return [_character(text, index, sheet) for index in range(count)] if count <= MOST_CHARACTERS else []


def _character(text: pypdfium2.PdfTextPage, index: int, sheet: Sheet) -> Character:
    code = pdfium.FPDFText_GetUnicode(text, index)
    letter = chr(code) if 0 <= code < 0x110000 else "\ufffd"
    item = pdfium.FPDFText_GetTextObject(text, index)
    drawn = not item or pdfium.FPDFTextObj_GetTextRenderMode(item) not in INVISIBLE
    known = unicodedata.category(letter) not in ("Co", "Cn", "Cs") and letter != "\ufffd"
    known = known and pdfium.FPDFText_HasUnicodeMapError(text, index) != 1
    return Character(letter, sheet.place(*text.get_charbox(index, loose=True)), drawn, known)


def shown_words(characters: Sequence[Character], sheet: Sheet, pixels: Pixels) -> tuple[Word, ...] | None:
    """The words of a page of which these are the pixels; None where its text is not what it shows.

    It is not where letters or digits are invisible, covered or white on white, where words lie over each other (of two
    layers one may be hidden), or where nobody knows which letters the glyphs are.
    """
    on_sheet = [each for each in characters if sheet.holds(each.box)]
    if any(not (each.drawn and each.known) for each in on_sheet if not each.letter.isspace() and each.letter > "\x1f"):
        return None
    words = tuple(join(on_sheet))
    told = [word for word in words if any(letter.isalnum() for letter in word.text)]
    if not all(_has_contrast(word.box, sheet, pixels) for word in told) or _over_each_other(told):
        return None
    return words


def join(characters: Sequence[Character]) -> Iterator[Word]:
    """Characters joined to words, the way most of them run: parted by spaces, by a gap, or by a new line."""
    quarters = _quarter_turns(characters)
    letters: list[str] = []
    box: Box | None = None
    for letter, here, *_ in characters:
        if (
            letters
            and box is not None
            and (letter.isspace() or _apart(_turned(box, quarters), _turned(here, quarters)))
        ):
            yield Word("".join(letters), box)
            letters, box = [], None
        if letter.isspace() or not letter.isprintable():
            continue
        letters.append(letter)
        box = here if box is None else _around(box, here)
    if letters and box is not None:
        yield Word("".join(letters), box)


def _apart(word: Box, letter: Box) -> bool:
    beside = letter.x0 - word.x1 > 0.25 * letter.height or letter.x1 < word.x0
    return beside or abs(letter.y1 - word.y1) > 0.6 * letter.height


def _around(box: Box, other: Box) -> Box:
    return Box(min(box.x0, other.x0), min(box.y0, other.y0), max(box.x1, other.x1), max(box.y1, other.y1))


def _quarter_turns(characters: Sequence[Character]) -> int:
    """How many quarter turns clockwise the text of a page is displayed turned: where most letters' next one is."""
    ways = [0, 0, 0, 0]
    for one, two in pairwise(characters):
        if one.letter.isspace() or two.letter.isspace():
            continue
        right = one.box.x0 + one.box.x1 < two.box.x0 + two.box.x1
        down = one.box.y0 + one.box.y1 < two.box.y0 + two.box.y1
        x, y = abs(two.box.x0 - one.box.x0), abs(two.box.y0 - one.box.y0)
        ways[(0 if right else 2) if x > y else (1 if down else 3)] += 1
    return ways.index(max(ways))


def _turned(box: Box, quarters: int) -> Box:
    """The box turned back, about the sheet's corner."""
    x0, y0, x1, y1 = box
    return (box, Box(y0, -x1, y1, -x0), Box(-x1, -y1, -x0, -y0), Box(-y1, x0, -y0, x1))[quarters]


def _has_contrast(box: Box, sheet: Sheet, pixels: Pixels) -> bool:
    rows, columns = pixels.shape
    across, down = columns / sheet.width, rows / sheet.height
    left, right = max(0, int(box.x0 * across)), min(columns, int(np.ceil(box.x1 * across)))
    top, bottom = max(0, int(box.y0 * down)), min(rows, int(np.ceil(box.y1 * down)))
    under = pixels[top:bottom, left:right]
    return under.size > 0 and int(under.max()) - int(under.min()) >= LEAST_CONTRAST


def _over_each_other(words: Sequence[Word]) -> bool:
    if len(words) < 2:
        return False
    boxes = np.array([word.box for word in words], dtype=np.float64)
    areas = np.maximum((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]), 1e-6)
    for index, box in enumerate(boxes[:-1]):
        rest = boxes[index + 1 :]
        width = np.minimum(box[2], rest[:, 2]) - np.maximum(box[0], rest[:, 0])
        height = np.minimum(box[3], rest[:, 3]) - np.maximum(box[1], rest[:, 1])
        common = np.clip(width, 0, None) * np.clip(height, 0, None)
        if bool((common > OVER_EACH_OTHER * np.minimum(areas[index], areas[index + 1 :])).any()):
            return True
    return False
