"""The printed footer: form number, language code and edition, as in `4058 195 22/03`."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from pipeline.ink import even_out
from pipeline.language.edits import distance
from pipeline.model import Box, Crop, Transcript
from pipeline.pieces import pieces_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import OcrEngine, Page, Pixels
    from pipeline.register import LaidPage

ALPHABET = frozenset("0123456789/ ")
PATTERN = re.compile(r"(?<!\d)(\d{4}) ?(\d{3}) ?(\d{2})/(0[1-9]|1[0-2])(?!\d)")
READ_DPI = 300
SEARCH_DPI = 150
# A footer line in pixels at SEARCH_DPI, for print of 5 to 11 points; fourteen characters are so much wider than high.
LINE_HEIGHTS = (7, 28)
LINE_ASPECTS = (4.0, 16.0)
MOST_LINES = 10
# Every character of a footer that is not where a known blank has it must be at least this sure to be believed.
SURE = 0.8


@dataclass(frozen=True)
class Footer:
    """A footer as read: number, edition as YYYY-MM, and the weakest character's score."""

    number: str
    edition: str
    score: float


def parse(transcript: Transcript) -> Footer | None:
    """The footer in what was read, or None. Two-digit years are of this century: the forms are younger."""
    found = PATTERN.search(transcript.text)
    if found is None:
        return None
    number, _, year, month = found.groups()
    # Spaces are left out of the score: whether one is seen says nothing about the digits.
    marks = [
        probability
        for rank, probability in enumerate(transcript.probabilities)
        if found.start() <= rank < found.end() and transcript.text[rank] != " "
    ]
    return Footer(number, f"20{year}-{month}", min(marks, default=0.0))


def parse_text(text: str) -> Footer | None:
    return parse(Transcript(text, (1.0,) * len(text)))


def read_laid(laid: LaidPage, box: Box, engines: Sequence[OcrEngine]) -> list[list[str]]:
    """What is printed where the blank has its footer: per engine its readings, sharp and softened against noise."""
    around = Box(box.x0 - 6, box.y0 - 4, box.x1 + 6, box.y1 + 4)
    sharp = laid.crop(around, READ_DPI)
    soft = cv2.GaussianBlur(sharp, (0, 0), 1.2)
    crops = [Crop(pixels, READ_DPI, ALPHABET) for pixels in (sharp, soft)]
    return [[transcript.text for transcript in engine.read(crops)] for engine in engines]


def search(page: Page, engine: OcrEngine) -> Footer | None:
    """The footer of a page that lies on no blank, in any of four orientations, at the bottom left; None if not seen."""
    reduced = cv2.resize(
        page.pixels, None, fx=SEARCH_DPI / page.dpi, fy=SEARCH_DPI / page.dpi, interpolation=cv2.INTER_AREA
    )
    flat = even_out(reduced, SEARCH_DPI)
    best: Footer | None = None
    for turns in range(4):
        footers = [parse(transcript) for transcript in engine.read(_candidate_lines(np.rot90(flat, turns)))]
        for footer in footers:
            if footer is not None and footer.score >= SURE and (best is None or footer.score > best.score):
                best = footer
        if best is not None:
            return best
    return None


def voices(heard: Sequence[Sequence[str]], printed: str) -> int:
    """How many engines read the printed footer; `heard` has the readings of each."""
    return sum(any(names(text, printed) for text in texts) for texts in heard)


def contradictions(heard: Sequence[Sequence[str]], printed: str) -> Counter[tuple[str, str]]:
    """The whole footers that engines read which are not the printed one; none of an engine that reads that one too."""
    return Counter(
        (footer.number, footer.edition)
        for texts in heard
        if not any(names(text, printed) for text in texts)
        for footer in {parse_text(text) for text in texts}
        if footer is not None
    )


def names(read: str, printed: str) -> bool:
    """Whether a footer as read, perhaps badly, can only be `printed`.

    Up to three characters of number and language code may be lost or wrong, for the page's look says those too;
    of the edition's digits none, for a next edition may differ there alone. Its stroke may be taken for a 1.
    """
    if PATTERN.fullmatch(read.strip()):
        # A whole footer, read without a gap, says what it says.
        return read.replace(" ", "") == printed.replace(" ", "")
    number, year, month = printed.replace(" ", "")[:-5], printed[-5:-3], printed[-2:]
    shown = re.fullmatch(rf"(.*?){year}[/1]{{0,2}}{month}", read.replace(" ", ""))
    return shown is not None and distance(shown[1], number) <= 3


def _candidate_lines(flat: Pixels) -> Sequence[Crop]:
    """Crops of the lines at the bottom left that have a footer's shape, lowest first."""
    height, width = flat.shape
    top, right = round(height * 0.72), round(width * 0.5)
    corner = np.ascontiguousarray(flat[top:, :right])
    joined = cv2.dilate((corner < 140).astype(np.uint8), np.ones((1, 15), np.uint8))
    lines = [
        (int(x), int(y), int(w), int(h))
        for x, y, w, h in pieces_of(joined).boxes[1:]
        if LINE_HEIGHTS[0] <= h <= LINE_HEIGHTS[1] and LINE_ASPECTS[0] <= w / h <= LINE_ASPECTS[1]
    ]
    lines.sort(key=lambda line: -line[1])
    return [
        Crop(corner[max(0, y - 5) : y + h + 5, max(0, x - 5) : x + w + 5], SEARCH_DPI, ALPHABET)
        for x, y, w, h in lines[:MOST_LINES]
    ]
