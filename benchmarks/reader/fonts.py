"""The fonts to write with: which there are, which are never trained on, and what each can write."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from PIL import ImageFont

from benchmarks.synthesis.chance import is_held_out

Style = Literal["typed", "hand"]


@dataclass(frozen=True)
class Font:
    name: str
    style: Style
    path: Path

    @property
    def held_out(self) -> bool:
        return is_held_out(self.name)

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        """The font at `size` pixels an em."""
        return _sized(self.path, size)

    def can_write(self, text: str) -> bool:
        return characters(self.path).issuperset(text.replace(" ", ""))

    def as_drawn(self, text: str) -> str:
        """The text as it looks in this font: one whose small letters are capitals writes capitals."""
        return text.upper() if has_one_case(self.path) else text


def load_fonts(folder: Path, style: Style, held_out: bool) -> tuple[Font, ...]:
    """The fonts in `folder`/`style`, by name; either those for judging or those for training.

    Raises `FileNotFoundError` where there are none.
    """
    paths = sorted((folder / style).glob("*.[ot]tf"))
    fonts = tuple(font for path in paths if (font := Font(path.stem, style, path)).held_out is held_out)
    if not fonts:
        raise FileNotFoundError(f"{folder / style}: no fonts here; see benchmarks/synthesis/fetch_fonts.py")
    return fonts


def load_both(folder: Path, held_out: bool) -> dict[Style, tuple[Font, ...]]:
    """Typed and hand-like fonts: see `load_fonts`."""
    return {"typed": load_fonts(folder, "typed", held_out), "hand": load_fonts(folder, "hand", held_out)}


@lru_cache(maxsize=4096)
def _sized(path: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size, layout_engine=ImageFont.Layout.BASIC)


@cache
def characters(path: Path) -> frozenset[str]:
    """What the font has a glyph for, of the Latin blocks and the typographic signs: one with ink, and not the empty box
    that stands for what is missing."""
    missing = _glyph(path, "\uffff")
    codes = (*range(0x21, 0x180), *range(0x2010, 0x2040))
    return frozenset(
        letter for code in codes if any(_glyph(path, letter := chr(code))) and _glyph(path, letter) != missing
    )


def _glyph(path: Path, letter: str) -> bytes:
    return bytes(_sized(path, 40).getmask(letter))


@cache
def has_one_case(path: Path) -> bool:
    """Whether small letters look like the capitals: the same shape once at one size."""
    return float(np.mean([_likeness(path, letter) for letter in "aegbr"])) > 0.72


def _likeness(path: Path, letter: str) -> float:
    """How much a small letter's ink and the capital's lie on each other, 0 to 1."""
    small, capital = (_shape(path, each) for each in (letter, letter.upper()))
    return float((small & capital).sum() / max(1, (small | capital).sum()))


def _shape(path: Path, letter: str) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    import cv2

    mask = _sized(path, 80).getmask(letter)
    box = mask.getbbox() or (0, 0, 1, 1)
    pixels = np.array(mask, dtype=np.uint8).reshape(mask.size[1], mask.size[0])[box[1] : box[3], box[0] : box[2]]
    return np.asarray(cv2.resize(pixels, (24, 32), interpolation=cv2.INTER_AREA) > 90)
