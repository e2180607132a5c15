"""Glyphs of typed addresses in which look-alikes stand for one another, with letters of the same page beside:
`python -m benchmarks.reader.glyphs --out DIR --fonts DIR --seed N --count N`.

`benchmarks/reader/train_glyphs.py` learns from these. In a third of the places where an o may stand a zero does, and
the other way round, so that nothing is learnt of words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import cv2
import numpy as np

from benchmarks.reader import people, texts
from benchmarks.reader.crops import (
    INKED,
    QUALITY_SHARES,
    UNIT,
    CropMaker,
    fitted,
    ink_on_line,
    lifted_line,
    part_of,
    put_on,
    sheet_around,
)
from benchmarks.reader.fonts import load_both
from benchmarks.reader.noise import PAPER_DPI, QUALITIES
from benchmarks.reader.pen import typed_manner
from benchmarks.reader.shards import SPECS, arguments_of, draw
from pipeline.glyphs.kinds import ENOUGH, NONE, SHOWN, SIGNS
from pipeline.glyphs.placed import TAKEN, window_at
from pipeline.model import Kind
from pipeline.specs import load_specs
from pipeline.writing.lines import PAD_X

if TYPE_CHECKING:
    from benchmarks.reader.fonts import Font
    from benchmarks.reader.noise import Quality
    from benchmarks.reader.pen import Manner
    from pipeline.model import Pixels

# Pages of a shard; glyphs of a page that are asked, half of them look-alikes at least.
SIZE, ASKED = 500, 10
GROUPS, CAPITAL_GROUPS = ("o0", "l1i"), ("O0", "I1L")
SWAPPED, IN_CAPITALS, KEPT_KIND = 0.35, 0.12, 0.75
# By how much the middle of a glyph is mistaken, in pixels: where it stands alone, and where it touches others.
ALONE_OFF, TOUCHING_OFF, TOUCHING = 1.0, 3.5, 0.3


@dataclass(frozen=True)
class Page:
    """Windows of glyphs and what they are, as places in SIGNS; windows of known letters, as places in SHOWN."""

    glyphs: Pixels
    signs: tuple[int, ...]
    letters: Pixels
    kinds: tuple[int, ...]
    quality: Quality
    font: str


class PageMaker(CropMaker):
    """Endless pages out of a seed: an address, a telephone, names, in one typeface and scanned alike."""

    def page(self) -> Page:
        while True:
            found = self._page()
            if found is not None:
                return found

    def _page(self) -> Page | None:
        rng, words = self.rng, self.words
        quality = QUALITIES[int(rng.choice(len(QUALITIES), p=QUALITY_SHARES))]
        font, manner = words.choice(self.fonts["typed"]), typed_manner(rng, PAPER_DPI)
        capitals = rng.random() < IN_CAPITALS
        glyphs = self._glyphs(Kind.EMAIL, address(words, capitals=capitals), font, manner, quality)
        asked = _chosen(glyphs, words)
        if not asked:
            return None
        known = []
        for kind in (Kind.PHONE, Kind.DIGITS, Kind.TEXT, Kind.TEXT, Kind.TEXT):
            text = texts.sample(words, kind) if kind is not Kind.TEXT else name(words, capitals=capitals)
            wanted = "01" if kind is not Kind.TEXT else "OI" if capitals else "oli"
            known += [each for each in self._glyphs(kind, text, font, manner, quality) if each[0] in wanted]
        kept = [kind for kind in SHOWN if rng.random() < KEPT_KIND]
        shown = [each for kind in kept for each in [each for each in known if each[0] == kind][:ENOUGH]]
        return Page(
            np.stack([window for _, window in asked]),
            tuple(SIGNS.index(sign) for sign, _ in asked),
            np.stack([window for _, window in shown] or [np.zeros(TAKEN, np.uint8)]),
            tuple(SHOWN.index(sign) for sign, _ in shown) or (NONE,),
            quality,
            font.name,
        )

    def _glyphs(self, kind: Kind, text: str, font: Font, manner: Manner, quality: Quality) -> list[tuple[str, Pixels]]:
        """The signs of a text, typed and scanned, and what is seen of each; nothing where it was lost."""
        rng = self.rng
        spec, where = self.words.choice([each for each in self.fields[kind] if not each[1].cells])
        text = font.as_drawn(text)
        fits = fitted(text, font, manner, where.box) if font.can_write(text) else None
        if fits is None:
            return []
        text, manner, width = fits
        sheet = sheet_around(spec, where, part_of(where.box, width + 8, rng))
        ink = ink_on_line(sheet, text, font, manner, rng, on_rule=rng.random() < 0.1)
        inked = np.flatnonzero((ink > INKED).any(axis=0))
        if not len(inked):
            return []
        found = lifted_line(sheet, put_on(sheet.paper, ink, "typed", rng), int((ink > INKED).sum()), quality, rng)
        if found is None:
            return []
        lifted, line = found
        ahead = (sheet.region.x0 - lifted.box.x0) * UNIT - line.origin[0] + PAD_X
        begin = inked[0] - font.at(manner.size).getbbox(text, anchor="ls")[0] + ahead
        middles = (begin + middle for middle in _middles(text, font, manner))
        return [
            (sign, window_at(line.pixels, middle + self._off()))
            for sign, middle in zip(text, middles, strict=True)
            if sign in SIGNS
        ]

    def _off(self) -> float:
        return float(self.rng.normal(0, TOUCHING_OFF if self.rng.random() < TOUCHING else ALONE_OFF))


def _middles(text: str, font: Font, manner: Manner) -> list[float]:
    """Where the middle of each letter's ink stands, in pixels from where the line begins."""
    face = font.at(manner.size)
    found = []
    for rank, letter in enumerate(text):
        left, _, right, _ = face.getbbox(letter, anchor="ls")
        found.append(face.getlength(text[:rank]) + manner.spacing * rank + (left + right) / 2)
    return found


def _chosen(glyphs: list[tuple[str, Pixels]], words: Random) -> list[tuple[str, Pixels]]:
    """Some of the glyphs, the look-alikes first."""
    alike = [each for each in glyphs if each[0] in SHOWN]
    others = [each for each in glyphs if each[0] not in SHOWN]
    words.shuffle(alike)
    words.shuffle(others)
    return [*alike[: ASKED - 2], *others[:ASKED]][:ASKED]


def address(words: Random, *, capitals: bool) -> str:
    """An address in which look-alikes stand for one another."""
    text = texts.sample(words, Kind.EMAIL).replace(" ", "")
    text = text.upper() if capitals else text.lower()
    for group in CAPITAL_GROUPS if capitals else GROUPS:
        text = "".join(words.choice(group) if sign in group and words.random() < SWAPPED else sign for sign in text)
    return text


def name(words: Random, *, capitals: bool) -> str:
    text = words.choice((people.family_name, people.given_name, people.company, lambda rng: rng.choice(people.TITLES)))(
        words
    )
    return text.upper() if capitals else text


def write_shard(path: Path, maker: PageMaker) -> None:
    """SIZE pages of this maker's."""
    pages = [maker.page() for _ in range(SIZE)]
    np.savez_compressed(
        path,
        glyphs=np.concatenate([page.glyphs for page in pages]),
        signs=[sign for page in pages for sign in page.signs],
        letters=np.concatenate([page.letters for page in pages]),
        kinds=[kind for page in pages for kind in page.kinds],
        sizes=[(len(page.signs), len(page.kinds)) for page in pages],
        notes=[(page.quality, page.font) for page in pages],
    )


def read_shard(path: Path) -> Iterator[Page]:
    with np.load(path) as shard:
        found = {key: shard[key] for key in shard.files}
    first = known = 0
    for (asked, shown), (quality, font) in zip(found["sizes"].tolist(), found["notes"].tolist(), strict=True):
        here, there = slice(first, first + asked), slice(known, known + shown)
        signs, kinds = tuple(found["signs"][here].tolist()), tuple(found["kinds"][there].tolist())
        yield Page(found["glyphs"][here], signs, found["letters"][there], kinds, quality, font)
        first, known = first + asked, known + shown


def main() -> int:
    given = arguments_of(__doc__).parse_args()
    cv2.setNumThreads(1)
    specs, fonts = load_specs(SPECS), load_both(given.fonts, given.held_out)

    def write(path: Path, seed: int) -> None:
        write_shard(path, PageMaker(specs, fonts, seed))

    draw(given.out, given.seed, given.count, write)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
