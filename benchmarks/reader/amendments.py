"""Typed lines that somebody has corrected with a pen, and others: `python -m benchmarks.reader.amendments --out DIR
--fonts DIR --seed N --count N`.

All engines read type rightly through a thin stroke; `benchmarks/reader/train_amended.py` learns from these to see it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from benchmarks.reader.crops import UNIT, CropMaker, put_on
from benchmarks.reader.fonts import load_both
from benchmarks.reader.shards import SPECS, arguments_of, draw
from benchmarks.synthesis import strokes
from pipeline.specs import load_specs
from pipeline.witnesses.amended import prepare
from pipeline.writing.lines import PAD_X

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from benchmarks.reader.crops import Sheet
    from benchmarks.reader.fonts import Font, Style
    from benchmarks.reader.pen import Generator, Ink
    from pipeline.model import Pixels
    from pipeline.specs import FormSpec

    Cover = NDArray[np.float32]

# Lines of a shard, and which share of them is amended.
SIZE, SHARE = 2000, 0.5
# A letter is so wide and high at least, in pixels at 300 dpi; what is smaller is a dot or a sign.
LEAST = (5, 14)
INKED = 100
# A stroke is seen by what of it lies beside the type, in pixels; by less nobody sees it.
SEEN = 45
# Pens at 300 dpi.
THINNEST, THICKEST = 2.4, 6.5
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True)
class Struck:
    """A pen's ink over a typed line: coverage as the line's, height x width, and the columns it is in."""

    ink: Ink
    left: int
    right: int


@dataclass(frozen=True)
class _Letter:
    left: float
    top: float
    width: float
    height: float

    def at(self, across: float, down: float) -> tuple[float, float]:
        """A point by shares of the letter's width and height from its top left."""
        return self.left + across * self.width, self.top + down * self.height


Draw = Callable[["Generator", "Cover", _Letter, "Font"], None]


def strike(rng: Generator, ink: Ink, hand: Font) -> Struck | None:
    """Somebody's correction of one or a few letters of what is typed; None where there is no letter, or nothing to be
    seen of the stroke. hand: a font for what is written in."""
    letters = _letters(ink)
    if not letters:
        return None
    letter = letters[int(rng.integers(len(letters)))]
    cover = np.zeros(ink.shape, np.float32)
    draw = WAYS[int(rng.choice(len(WAYS), p=SHARES))]
    draw(rng, cover, letter, hand)
    drawn = np.round(cover * float(rng.uniform(180, 255))).astype(np.uint8)
    seen = (drawn > INKED) & (ink <= INKED)
    columns = np.flatnonzero((drawn > INKED).any(axis=0))
    if seen.sum() < SEEN:
        return None
    return Struck(drawn, int(columns[0]), int(columns[-1]) + 1)


def _letters(ink: Ink) -> list[_Letter]:
    stats = cv2.connectedComponentsWithStats((ink > INKED).astype(np.uint8), connectivity=8)[2][1:]
    return [
        _Letter(float(left), float(top), float(width), float(height))
        for left, top, width, height, _ in stats.tolist()
        if width >= LEAST[0] and height >= LEAST[1]
    ]


def _thickness(rng: Generator) -> float:
    return float(rng.uniform(THINNEST, THICKEST))


def _line(rng: Generator, cover: Cover, *points: tuple[float, float], stray: float = 1.2) -> None:
    strokes.draw(cover, np.array(points) + rng.normal(0, stray, (len(points), 2)), _thickness(rng))


def _dash(rng: Generator, cover: Cover, letter: _Letter, hand: Font) -> None:
    """Through the letter, or a few from it on, once or twice."""
    reach = float(rng.choice((0.05, 0.3, 1.2, 2.5), p=(0.35, 0.35, 0.15, 0.15))) + float(rng.uniform(0, 0.3))
    for _ in range(1 if rng.random() < 0.75 else 2):
        level = float(rng.uniform(0.3, 0.75))
        start, end = letter.at(-0.1 - float(rng.uniform(0, 0.25)), level), letter.at(1 + reach, level)
        middle = ((start[0] + end[0]) / 2, start[1])
        _line(rng, cover, start, middle, end)


def _slash(rng: Generator, cover: Cover, letter: _Letter, hand: Font) -> None:
    over = float(rng.uniform(-0.1, 0.3))
    low, high = letter.at(float(rng.uniform(-0.3, 0.2)), 1 + over), letter.at(float(rng.uniform(0.8, 1.3)), -over)
    if rng.random() < 0.35:
        low, high = (high[0], low[1]), (low[0], high[1])
    _line(rng, cover, low, high)


def _cross(rng: Generator, cover: Cover, letter: _Letter, hand: Font) -> None:
    over = float(rng.uniform(-0.05, 0.2))
    _line(rng, cover, letter.at(-0.1, 1 + over), letter.at(1.1, -over))
    _line(rng, cover, letter.at(-0.1, -over), letter.at(1.1, 1 + over))


def _zigzag(rng: Generator, cover: Cover, letter: _Letter, hand: Font) -> None:
    count = int(rng.integers(4, 9))
    across = np.linspace(-0.1, 1.1 + float(rng.uniform(0, 1)), count)
    points = [letter.at(float(x), 0.1 if rank % 2 else 0.9) for rank, x in enumerate(across)]
    _line(rng, cover, *points, stray=2.0)


def _written_over(rng: Generator, cover: Cover, letter: _Letter, hand: Font) -> None:
    """Another letter upon it, a little larger or smaller."""
    middle = letter.at(0.5 + float(rng.normal(0, 0.15)), 0.5 + float(rng.normal(0, 0.08)))
    _write(rng, cover, middle, letter.height * float(rng.uniform(0.8, 1.3)), hand)


def _written_in(rng: Generator, cover: Cover, letter: _Letter, hand: Font) -> None:
    """Another one above it, or above the gap behind it, with a caret or without."""
    height = letter.height * float(rng.uniform(0.5, 1.0))
    above = float(rng.uniform(0.35, 0.75)) * height + float(rng.uniform(-0.2, 0.1)) * letter.height
    x, y = letter.at(float(rng.uniform(0.2, 1.2)), 0.0)
    _write(rng, cover, (x, y - above), height, hand)
    if rng.random() < 0.6:
        foot, side = letter.top + letter.height, float(rng.uniform(4, 10))
        low = foot + float(rng.uniform(4, 12))
        _line(rng, cover, (x - side, low), (x, foot - float(rng.uniform(-1, 6))), (x + side, low))


def _write(rng: Generator, cover: Cover, middle: tuple[float, float], height: float, hand: Font) -> None:
    """A letter by hand, so many pixels high, about a point."""
    sign = LETTERS[int(rng.integers(len(LETTERS)))]
    mask = hand.at(max(20, round(height * 1.5))).getmask(sign)
    box = mask.getbbox()
    if box is None:
        return
    glyph = np.array(mask, dtype=np.uint8).reshape(mask.size[1], mask.size[0])[box[1] : box[3], box[0] : box[2]]
    scale = height / glyph.shape[0]
    glyph = cv2.resize(glyph, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    thick = np.ones((max(1, round(_thickness(rng) / 2)),) * 2, np.uint8)
    glyph = np.asarray(cv2.dilate(cv2.copyMakeBorder(glyph, 3, 3, 3, 3, cv2.BORDER_CONSTANT), thick), np.uint8)
    left, top = round(middle[0] - glyph.shape[1] / 2), round(middle[1] - glyph.shape[0] / 2)
    rows = slice(max(0, top), max(0, min(cover.shape[0], top + glyph.shape[0])))
    columns = slice(max(0, left), max(0, min(cover.shape[1], left + glyph.shape[1])))
    part = glyph[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    if part.size:
        cover[rows, columns] = np.maximum(cover[rows, columns], part / np.float32(255))


def _bowed(rng: Generator, cover: Cover, letter: _Letter, hand: Font) -> None:
    """A bow by which one letter is made another: a c an o, a 3 an 8, a 1 a 7."""
    turn, sweep = float(rng.uniform(0, 2 * np.pi)), float(rng.uniform(1.5, 4.5))
    angles = np.linspace(turn, turn + sweep, 6)
    x, y = letter.at(0.5 + float(rng.normal(0, 0.2)), 0.5 + float(rng.normal(0, 0.25)))
    across, down = letter.height * float(rng.uniform(0.2, 0.45)), letter.height * float(rng.uniform(0.2, 0.5))
    points = [(x + across * float(np.cos(angle)), y + down * float(np.sin(angle))) for angle in angles]
    _line(rng, cover, *points)


WAYS: tuple[Draw, ...] = (_dash, _slash, _cross, _zigzag, _written_over, _written_in, _bowed)
SHARES = (0.28, 0.18, 0.08, 0.06, 0.14, 0.16, 0.10)


@dataclass(frozen=True)
class Shown:
    """A typed line as the network takes it, and for each of its columns whether a pen has struck it; its scan's quality
    and its field's kind."""

    ink: Pixels
    struck: NDArray[np.bool_]
    quality: str
    kind: str


class AmendedMaker(CropMaker):
    """Endless typed lines out of a seed, so many of them amended."""

    hand_share = 0.0

    def __init__(
        self, specs: Sequence[FormSpec], fonts: dict[Style, tuple[Font, ...]], seed: int, share: float
    ) -> None:
        super().__init__(specs, fonts, seed)
        self._share = share
        self._struck: Struck | None = None
        self._left = 0.0

    def written_on(self, sheet: Sheet, ink: Ink, style: Style) -> Pixels:
        self._left = sheet.region.x0
        paper = super().written_on(sheet, ink, style)
        amended = self.rng.random() < self._share
        self._struck = strike(self.rng, ink, self.words.choice(self.fonts["hand"])) if amended else None
        return paper if self._struck is None else put_on(paper, self._struck.ink, "hand", self.rng)

    def line(self) -> Shown:
        """One line; which of its columns are struck is known to a pixel or two."""
        written = self.write()
        line, lifted = written.line, written.lifted
        struck = np.zeros((1, line.pixels.shape[1]), np.uint8)
        if self._struck is not None:
            ahead = round((self._left - lifted.box.x0) * UNIT) - line.origin[0] + PAD_X
            struck[0, max(0, self._struck.left + ahead) : max(0, self._struck.right + ahead)] = 1
        ink = prepare(line.pixels)
        scaled = cv2.resize(struck, (ink.shape[1], 1), interpolation=cv2.INTER_AREA)[0] > 0
        return Shown(ink, scaled, written.quality, written.field.kind.value)


def write_shard(path: Path, maker: AmendedMaker) -> None:
    """SIZE lines of this maker's."""
    lines = [maker.line() for _ in range(SIZE)]
    np.savez(
        path,
        ink=np.hstack([line.ink for line in lines]),
        struck=np.hstack([line.struck for line in lines]),
        widths=[line.ink.shape[1] for line in lines],
        notes=json.dumps([[line.quality, line.kind] for line in lines]),
    )


def read_shard(path: Path) -> Iterator[Shown]:
    with np.load(path) as shard:
        ink, struck, widths, notes = shard["ink"], shard["struck"], shard["widths"], json.loads(str(shard["notes"]))
    at = 0
    for width, (quality, kind) in zip(widths.tolist(), notes, strict=True):
        yield Shown(ink[:, at : at + width], struck[at : at + width], quality, kind)
        at += width


def main() -> int:
    given = arguments_of(__doc__).parse_args()
    cv2.setNumThreads(1)
    specs, fonts = load_specs(SPECS), load_both(given.fonts, given.held_out)

    def write(path: Path, seed: int) -> None:
        write_shard(path, AmendedMaker(specs, fonts, seed, SHARE))

    draw(given.out, given.seed, given.count, write)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
