"""Marks that are no writing: ticks in boxes, and signatures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import cv2
import numpy as np

from pipeline.ink import darker, value_at
from pipeline.meaning import fold
from pipeline.model import Crop
from pipeline.pen import CERTAIN as PEN_CERTAIN
from pipeline.pen import pen_probability
from pipeline.pieces import pieces_of
from pipeline.writing.lift import DPI, PALEST_INK, Lifted, lift, without_dust
from pipeline.writing.lines import ink_level
from pipeline.writing.pale import has_a_trail, has_pale_strokes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.model import OcrEngine, Pixels, Transcript
    from pipeline.pieces import Mask, Pieces
    from pipeline.register import LaidPage
    from pipeline.specs import FieldSpec, FormSpec

# ---------------------------------------------------------------- ticks

# The printed square's own line, and what registration leaves of it, in pixels at DPI.
SQUARE_LINE = 5
# Mean darkness (0..255) above the paper's, and above the spread of the paper's own noise in windows of the same size:
# less is an empty square, more a tick, between them nobody knows. Derived in docs/design/marks.md.
EMPTY, TICKED = 2.0, 6.0
EMPTY_SPREADS, TICKED_SPREADS = 2.0, 4.0
# A tick goes so far both ways, in pixels at DPI; what does not is an unclear mark at most.
TICK, NO_STROKE = 7, 4.0
# But pieces that go over so much of the square both ways, so many of them, are what a scan left of one.
BROKEN_UP, PIECES_LEFT, LEAST_PIECE = 0.7, 3, 4
# The lightest of a tick's ink: above the paper, and its own noise so many times, and a share of its darkest.
LIGHTEST, LIGHTEST_SPREADS, LIGHTEST_SHARE = 12.0, 4.0, 0.2
# A mark beside the squares is at least so large: more than what is left of a printed letter.
BESIDE = 22
# A faint trace beside a clear tick is dirt; two marks of which one is so much darker are a correction.
TRACE, SCRATCHED = 0.15, 2.0
# A square this dark is filled to the edge: alone it is a way of ticking (12 of 12 in the labelled scans), beside
# another mark it is scratched out.
SOLID = 140.0
# A marker's band in a square is wider than a pen's stroke, so many pixels at DPI, and even.
BAND = 13
# Ticks leave this share of a square lighter than half of their darkest, or more; of 31 squares with one of two ticks
# that counted as such none was covered by more than 0.58 but one, by 0.67; of 9 that were scratched out none by less
# than 0.65 (generated forms; docs/design/marks.md).
COVERED, NO_PENCIL = 0.6, 60.0
CERTAIN, FAIR, NONE = 0.999, 0.6, 0.3


@dataclass(frozen=True)
class Choice:
    """Which options are ticked, and how certain that is."""

    ticked: tuple[str, ...]
    confidence: float


def read_choice(laid: LaidPage, spec: FormSpec, field: FieldSpec, black: float) -> Choice:
    """The ticked options of a choice, by ink in each square against the paper around. Where a marker's band makes a
    difference, nobody knows whether it is meant for a tick."""
    around = lift(laid, spec, field.box, black, margin=14, bands=True)
    signals, evened, covered, spreads = {}, {}, {}, []
    for option in field.option:
        square = lift(laid, spec, option.box, black, margin=4, bands=True)
        left, top, right, bottom = square.inner
        inside = square.ink[top + SQUARE_LINE : bottom - SQUARE_LINE, left + SQUARE_LINE : right - SQUARE_LINE]
        paper, spread = _paper(around, bottom - top - 2 * SQUARE_LINE)
        signal = float(inside.mean()) - paper
        pieces = pieces_of(darker(inside, faint(inside, spread)))
        stroke = _has_stroke(pieces) or _is_broken_up(pieces)
        signals[option.value] = signal if stroke else min(signal, NO_STROKE)
        evened[option.value] = signals[option.value] - max(0.0, _shade(inside) - paper)
        covered[option.value] = _covered(inside)
        spreads.append(spread)
    choice = weigh(signals, max(spreads), covered)
    if choice.ticked != weigh(evened, max(spreads), covered).ticked:
        return Choice(choice.ticked, FAIR)
    # Nothing in a square, but a circle around it or a tick beside it: a person sees what is meant.
    beside = not choice.ticked and _has_stroke(pieces_of(darker(around.ink, ink_level(around.ink))), BESIDE)
    return Choice((), FAIR) if beside else choice


def _shade(inside: Pixels) -> float:
    """The mean darkness of what in a square is even, wider than a pen's stroke, and pale: a marker's band."""
    smooth = cv2.GaussianBlur(inside, (0, 0), 2)
    even = cv2.morphologyEx(smooth, cv2.MORPH_OPEN, np.ones((BAND, BAND), np.uint8))
    return float((even * (even <= PALEST_INK)).mean())


def faint(ink: Pixels, spread: float) -> float:
    """The darkness from which a pixel of a tick is one: pencil lines are much lighter in places than where they meet,
    but still not as light as the paper's own noise."""
    return max(LIGHTEST + LIGHTEST_SPREADS * spread, LIGHTEST_SHARE * value_at(ink, 0.995))


def _has_stroke(pieces: Pieces, size: int = TICK) -> bool:
    """Whether a piece goes so far both across and down: a tick does, a grain or a line over the page does not."""
    return bool(((pieces.widths >= size) & (pieces.heights >= size))[1:].any())


def _is_broken_up(pieces: Pieces) -> bool:
    """Whether the pieces in a square lie over it as what a scan leaves of a tick: the middle of a thin cross, and its
    ends."""
    boxes = pieces.boxes[1:][pieces.areas[1:] >= LEAST_PIECE]
    if len(boxes) < PIECES_LEFT:
        return False
    extent = (boxes[:, :2] + boxes[:, 2:]).max(axis=0) - boxes[:, :2].min(axis=0)
    return bool((extent >= BROKEN_UP * np.array(pieces.labels.shape[::-1])).all())


def _covered(inside: Pixels) -> float:
    """The share of a square that is darker than half of its darkest."""
    return float((inside > max(NO_PENCIL, value_at(inside, 0.995) / 2)).mean())


def weigh(signals: Mapping[str, float], spread: float, covered: Mapping[str, float] | None = None) -> Choice:
    """The options ticked, from each square's darkness above the paper's; `spread` is the paper's own noise, `covered`
    how much of each square is dark."""
    strongest = max(signals.values())
    empty, ticked = max(EMPTY, EMPTY_SPREADS * spread), max(TICKED, TICKED_SPREADS * spread)
    marked = tuple(value for value, signal in signals.items() if signal >= ticked)
    trace = 0.0 if strongest > SOLID else TRACE * strongest
    unclear = [value for value, signal in signals.items() if empty < signal < ticked and signal > trace]
    if unclear:
        return Choice(marked or (max(signals, key=lambda value: signals[value]),), FAIR)
    if len(marked) > 1:
        # Of two ticks of one hand none is twice as dark: the darker one is scratched out, most likely.
        weakest = min(signals[value] for value in marked)
        filled = {value: (covered or {}).get(value, 0.0) > COVERED for value in marked}
        scratched = strongest > SCRATCHED * weakest or strongest > SOLID or any(filled.values())
        likeliest = min(marked, key=lambda value: (filled[value], signals[value]))
        return Choice((likeliest,), FAIR) if scratched else Choice(marked, CERTAIN)
    return Choice(marked, CERTAIN)


def _paper(around: Lifted, side: int) -> tuple[float, float]:
    """The mean darkness of unprinted, unwritten windows of `side` pixels about the squares, and its spread."""
    busy = (around.printed | (around.raw > 140)).astype(np.float32)
    free = cv2.blur(busy, (side, side)) == 0
    free[:side], free[-side:], free[:, :side], free[:, -side:] = False, False, False, False
    means = cv2.blur(around.ink.astype(np.float32), (side, side))[free]
    if means.size < 50:
        return 0.0, 0.0
    return float(np.median(means)), float(means.std())


# ---------------------------------------------------------------- signatures

# In pixels at DPI. Smaller things are dots and grains; a stroke is longer than a letter of print is wide.
STROKE = 25
# Less ink than this in strokes is no signature (a smudge, a line of a fax); more may be one.
LITTLE_INK, ENOUGH_INK = 120, 600


class Row(NamedTuple):
    """Pieces beside one another that are a row of writing: the least size of each, their least number, length and
    height, and how far one may be from the next, across and, half of `rise`, up or down; in pixels at DPI."""

    size: int
    number: int
    length: int
    height: int
    gap: int = 45
    rise: int = 1


# Of strokes, or of what a fax left of them, or a scan of a pale one; and of a thin pen's, which go up and down. So much
# ink they have at least. Derived in docs/design/marks.md.
ROWS = (Row(6, 3, 18, 12), Row(3, 6, 60, 8), Row(2, 3, 30, 1), Row(4, 4, 24, 6, gap=15, rise=11))
ROW_INK = 60
# Letters of print stand apart; a pen joins them: a signature has a stroke this much wider than a letter is high.
JOINED = 1.6
# A pen's stroke is nowhere wider than this, in pixels at DPI. What has all but the share LEFT of its ink in so many
# straight strokes may be a cross that says where to sign, or a dash that says that nobody does; a hand slips by so
# many pixels. Derived in docs/design/marks.md.
WIDEST, CROSS, LEFT, SLIP = 20.0, 2, 0.03, 4.0
# What is signed beside a box, within so many points of it, is so high and so wide at least, in pixels at DPI: no letter
# in a field is both. Derived in docs/design/marks.md.
BESIDE_BOX, SIGNED = 30.0, 60
# What a stamp that asks for a signature says, and words that only stamps have: the first are none, the others a doubt.
ASKS_TO_SIGN = ("signerici", "signezici", "signhere")
STAMP_WORDS = ("signer", "signez", "copie", "copy", "recule", "received")


@dataclass(frozen=True)
class Signature:
    present: bool
    confidence: float
    note: str = ""


MISSING = Signature(False, CERTAIN)


def read_signature(lifted: Lifted, engines: Sequence[OcrEngine]) -> Signature:
    """Whether a pen signed here. Typed names and stamps are none; what may be either is doubtful."""
    left, top, right, bottom = lifted.inner
    ink = cv2.GaussianBlur(without_dust(lifted.ink[max(0, top) : bottom, max(0, left) : right]), (3, 3), 0)
    pieces = pieces_of(darker(ink, ink_level(ink)))
    strokes = _longer(pieces, STROKE)
    area = int(pieces.areas[strokes].sum())
    if area < LITTLE_INK:
        if _is_written(pieces) or has_pale_strokes(lifted) or has_a_trail(lifted):
            return Signature(False, FAIR, "faint ink")
        return MISSING
    if area < ENOUGH_INK:
        return Signature(False, FAIR, "little ink")
    inked = pieces.where(strokes)
    half = float(np.percentile(cv2.distanceTransform(inked, cv2.DIST_L2, 3)[inked > 0], 95))
    if 2 * half > WIDEST:
        return Signature(False, FAIR, "marker")
    if _share_left(inked, half) <= LEFT:
        return Signature(False, FAIR, "cross or dash")
    typed = _typed(ink, pieces.boxes[strokes], engines)
    if typed:
        return Signature(False, CERTAIN if typed == "stamp" else FAIR, typed)
    return Signature(True, CERTAIN)


def _share_left(inked: Pixels, half: float) -> float:
    """What share of the ink (1, else 0) its `CROSS` likeliest straight strokes, twice `half` wide, have not."""
    left = inked.copy()
    rows, columns = np.nonzero(inked)
    for _ in range(CROSS):
        found = cv2.HoughLines(left, 2, np.pi / 90, 1)
        if found is None:
            return 0.0
        distance, angle = found[0][0]
        beside = np.abs(columns * np.cos(angle) + rows * np.sin(angle) - distance)
        left[rows[beside <= half + SLIP], columns[beside <= half + SLIP]] = 0
    return float(left.sum() / len(rows))


def is_signed_beside(around: Lifted) -> bool:
    """Whether somebody signed beside the box: over the date, above the line or below it. around: the box, and
    `BESIDE_BOX` points on every side of it."""
    ink = cv2.GaussianBlur(without_dust(around.ink), (3, 3), 0)
    pieces = pieces_of(darker(ink, ink_level(ink)))
    large = _longer(pieces, STROKE) & (np.minimum(pieces.widths, pieces.heights) >= SIGNED)
    return bool((large & (pieces.areas >= ENOUGH_INK)).any())


def _is_written(pieces: Pieces) -> bool:
    """Whether pieces too short for strokes lie in a row as the letters of a pale or broken signature do."""
    return any(_has_row(pieces, row) for row in ROWS)


def _has_row(pieces: Pieces, likely: Row) -> bool:
    kept = pieces.where(_longer(pieces, likely.size))
    rows = pieces_of(cv2.dilate(kept, np.ones((likely.rise, likely.gap), np.uint8)))
    inked = kept > 0
    row, piece = rows.labels[inked], pieces.labels[inked]
    long, high = rows.widths - likely.gap + 1 >= likely.length, rows.heights - likely.rise + 1 >= likely.height
    ranks = np.flatnonzero(long & high & (np.bincount(row, minlength=len(rows) + 1) >= ROW_INK))
    return any(rank and len(np.unique(piece[row == rank])) >= likely.number for rank in ranks)


def _longer(pieces: Pieces, length: int) -> Mask:
    """Pieces of at least this length, across or down, that are no straight lines along the box's edge or across it:
    such are residue of the print, a fold, a line of a fax."""
    thin = np.minimum(pieces.widths, pieces.heights) <= 6
    long = (pieces.widths > 60) | (pieces.heights > 0.8 * pieces.labels.shape[0])
    found: Mask = (np.maximum(pieces.widths, pieces.heights) >= length) & ~(thin & long)
    found[0] = False
    return found


def _typed(ink: np.ndarray, strokes: np.ndarray, engines: Sequence[OcrEngine]) -> str:
    """`stamp` or `typed` when what is there may be print, else ""."""
    height = float(np.median(strokes[:, 3]))
    widest = float(strokes[:, 2].max())
    joined = widest > JOINED * height and widest > 60
    left, top = strokes[:, 0].min(), strokes[:, 1].min()
    right, bottom = (strokes[:, 0] + strokes[:, 2]).max(), (strokes[:, 1] + strokes[:, 3]).max()
    pixels = np.ascontiguousarray(255 - ink[max(0, top - 6) : bottom + 6, max(0, left - 8) : right + 8])
    first = engines[0].read([Crop(pixels, DPI)])[0]
    text = _letters_in(first)
    if any(word in text for word in ASKS_TO_SIGN):
        return "stamp"
    if any(word in text for word in STAMP_WORDS):
        return "typed"
    # Many sign legibly: the strokes tell a pen from type.
    if sum(letter.isalpha() for letter in text) < 4 or pen_probability(255 - pixels) >= PEN_CERTAIN:
        return ""
    # Print whose letters touch is joined too; what two makes of engine (the first, the last) read alike is legible.
    legible = len(engines) > 1 and text == _letters_in(engines[-1].read([Crop(pixels, DPI)])[0])
    easily = float(np.median(first.probabilities)) > 0.9
    return "typed" if legible or (easily and not joined) else ""


def _letters_in(transcript: Transcript) -> str:
    return "".join(fold(transcript.text).split())
