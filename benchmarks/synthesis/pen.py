"""How a writer's text looks: coverage of the paper by ink, drawn glyph by glyph at 300 dpi."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from benchmarks.synthesis.chance import chance

Coverage = NDArray[np.float32]
MARGIN = 24


@dataclass(frozen=True)
class Pen:
    """One writer's way: `size` is the height of a capital in points (of the em for typed text); `ink` is its grey.

    slant: shear; jitter: of every glyph, as a share of the size; stroke: least width in pixels at 300 dpi.
    grain: how much of the paper shows through, as with a pencil.
    """

    font: Path
    typed: bool
    size: float
    ink: int
    slant: float = 0.0
    jitter: float = 0.0
    stroke: float = 2.6
    grain: float = 0.0


def make_hand(rng: Generator, font: Path, faint: bool) -> Pen:
    """Somebody's hand, and the pen in it; `faint`: it may be a pencil or a pale pen."""
    pencil = faint and chance(rng, 0.15)
    return Pen(
        font,
        False,
        size=float(rng.uniform(6.0, 9.5)),
        ink=int(rng.integers(80, 125)) if pencil else int(rng.integers(5, 95 if faint else 60)),
        slant=float(rng.normal(0.05, 0.09)),
        jitter=float(rng.uniform(0.01, 0.05)),
        stroke=float(rng.uniform(4.5 if pencil else 3.2, 6.5)),
        grain=float(rng.uniform(0.15, 0.4)) if pencil else float(rng.uniform(0, 0.12)),
    )


def make_type(rng: Generator, font: Path) -> Pen:
    typewriter = any(word in font.stem for word in ("courier", "elite", "cutive"))
    return Pen(
        font,
        True,
        size=float(rng.uniform(8.0, 11.5)),
        ink=int(rng.integers(0, 70)),
        jitter=0.02 if typewriter else 0.0,
        stroke=float(rng.uniform(2.5, 3.6)),
    )


@lru_cache(maxsize=4096)
def load_font(path: Path, pixels: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, pixels)


@lru_cache(maxsize=512)
def letter_share(path: Path) -> float:
    """The height of a capital as a share of the em; less where small letters are tiny beside it."""
    capital, small = ((box[3] - box[1]) / 200 for box in (load_font(path, 200).getbbox(sign) for sign in ("H", "x")))
    return max(0.2, min(capital, small / 0.55))


def em_pixels(pen: Pen, dpi: float) -> int:
    points = pen.size if pen.typed else pen.size / letter_share(pen.font)
    return max(8, round(points * dpi / 72))


def measure(pen: Pen, text: str, dpi: float) -> float:
    """The width of `text` in pixels, jitter left out."""
    return float(load_font(pen.font, em_pixels(pen, dpi)).getlength(text))


def fit(pen: Pen, text: str, width: float, dpi: float) -> Pen:
    """The pen, smaller where the text would not fit in `width` pixels."""
    need = measure(pen, text, dpi)
    return pen if need <= width else replace(pen, size=max(3.2, pen.size * width / need))


def write(rng: Generator, pen: Pen, text: str, dpi: float) -> tuple[Coverage, int]:
    """The ink of `text` (0 paper, 1 ink) with `MARGIN` pixels around, and the row of the baseline."""
    em = em_pixels(pen, dpi)
    font = load_font(pen.font, em)
    canvas = Image.new("L", (int(font.getlength(text) * 1.12) + 2 * MARGIN + em, int(em * 2.2) + 2 * MARGIN))
    draw = ImageDraw.Draw(canvas)
    base = MARGIN + round(em * 1.4)
    if pen.jitter == 0:
        draw.text((MARGIN, base), text, font=font, fill=255, anchor="ls")
    else:
        _write_glyphs(rng, pen, draw, text, em, base)
    cover: Coverage = np.asarray(canvas, np.float32) / np.float32(255)
    if not pen.typed:
        cover = _warp(rng, cover, base, pen.slant, em)
    return texture(rng, thicken(cover, min(pen.stroke, 0.12 * em)), pen.grain), base


def _write_glyphs(rng: Generator, pen: Pen, draw: ImageDraw.ImageDraw, text: str, em: int, base: int) -> None:
    """Every glyph by itself: its size and place wander, more for a hand than for a typewriter."""
    x, drift = float(MARGIN), 0.0
    whole = load_font(pen.font, em)
    for rank, sign in enumerate(text):
        drift = 0.8 * drift + float(rng.normal(0, pen.jitter * 0.6))
        scale = 1.0 if pen.typed else 1 + float(rng.normal(0, pen.jitter * 0.8))
        y = base + (drift + float(rng.normal(0, pen.jitter * 0.5))) * em
        draw.text((x, y), sign, font=load_font(pen.font, max(6, round(em * scale))), fill=255, anchor="ls")
        x += whole.getlength(text[: rank + 1]) - whole.getlength(text[:rank])
        if not pen.typed:
            x += float(rng.normal(0.1, 0.5)) * pen.jitter * em


def _warp(rng: Generator, cover: Coverage, base: int, slant: float, em: int) -> Coverage:
    """Slant, and a smooth wander that makes two glyphs of one letter differ."""
    height, width = cover.shape
    coarse = (max(2, height * 2 // em), max(2, width * 2 // em))
    wander = rng.normal(0, 0.025 * em, (2, *coarse)).astype(np.float32)
    dx = cv2.resize(wander[0], (width, height), interpolation=cv2.INTER_CUBIC)
    dy = cv2.resize(wander[1], (width, height), interpolation=cv2.INTER_CUBIC)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    source_x = (columns + dx + slant * (rows - base)).astype(np.float32)
    return np.asarray(cv2.remap(cover, source_x, rows + dy, cv2.INTER_LINEAR), np.float32)


def thicken(cover: Coverage, least: float) -> Coverage:
    """Widens strokes that are thinner than `least` pixels: a font's hairline is no pen's."""
    ink = (cover > 0.5).astype(np.uint8)
    if not ink.any():
        return cover
    # Across a stroke of width w the mean distance to its edge is a quarter of w.
    width = 4 * float(cv2.distanceTransform(ink, cv2.DIST_L2, 3)[ink > 0].mean())
    extra = round(least - width)
    if extra < 1:
        return cover
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (extra + 1, extra + 1))
    return np.asarray(cv2.GaussianBlur(cv2.dilate(cover, disc), (0, 0), 0.6), np.float32)


def texture(rng: Generator, cover: Coverage, grain: float) -> Coverage:
    """The grain of the paper through the strokes."""
    if not grain:
        return cover
    rough = cv2.GaussianBlur(rng.standard_normal(cover.shape, dtype=np.float32), (0, 0), 0.8) * 1.8
    return np.asarray(cover * np.clip(1 - grain + grain * rough, 0, 1), np.float32)
