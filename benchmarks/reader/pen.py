"""Writing: text as ink on paper, typed or as by a hand. Ink is coverage, 0 (none) to 255, at any resolution."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image, ImageDraw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from benchmarks.reader.fonts import Font

    Ink = NDArray[np.uint8]
    Generator = np.random.Generator


@dataclass(frozen=True)
class Manner:
    """How someone writes. size: pixels an em; spacing: extra pixels between letters; slant: shift per height;
    wobble, jitter: pixels by which the baseline and each letter stray; shape: pixels of elastic change; weight: pixels
    by which strokes are thicker (or thinner); dry: share of the ink that is broken; dark: 0..1, how dark the ink is."""

    size: int
    spacing: float = 0.0
    slant: float = 0.0
    wobble: float = 0.0
    jitter: float = 0.0
    shape: float = 0.0
    weight: float = 0.0
    dry: float = 0.0
    dark: float = 1.0


def typed_manner(rng: Generator, dpi: float, points: float | None = None) -> Manner:
    points = float(rng.uniform(7.5, 12.5)) if points is None else points
    spacing = float(rng.uniform(-0.6, 4)) if rng.random() < 0.15 else 0.0
    return Manner(
        round(points * dpi / 72),
        spacing,
        weight=float(rng.normal(0, 0.5)),
        dry=float(max(0, rng.normal(-0.1, 0.12))),
        dark=float(rng.uniform(0.75, 1)),
    )


def hand_manner(rng: Generator, dpi: float, points: float | None = None) -> Manner:
    points = float(rng.uniform(9.5, 17)) if points is None else points
    scale = dpi / 300
    return Manner(
        round(points * dpi / 72),
        spacing=float(rng.normal(0.5, 1.5)) * scale,
        slant=float(rng.normal(0, 0.1)),
        wobble=float(abs(rng.normal(0, 2))) * scale,
        jitter=float(abs(rng.normal(0, 1.3))) * scale,
        shape=float(abs(rng.normal(0, 1.8))) * scale,
        weight=float(rng.normal(0.2, 0.9)) * scale,
        dry=float(max(0, rng.normal(-0.1, 0.15))),
        dark=float(rng.uniform(0.65, 1)),
    )


def write(text: str, font: Font, manner: Manner, rng: Generator) -> Ink:
    """A line of `text` as ink, with a margin of a third of the letter size all round, baseline at `baseline_of`."""
    face = font.at(manner.size)
    margin = manner.size // 3
    by_letter = manner.spacing or manner.jitter or manner.wobble
    width = int(face.getlength(text) + max(0.0, manner.spacing) * len(text) + 4 * manner.jitter) + 2 * margin
    image = Image.new("L", (width + manner.size // 2, manner.size * 2), 0)
    pencil = ImageDraw.Draw(image)
    baseline = baseline_of(manner)
    if not by_letter:
        pencil.text((margin, baseline), text, font=face, fill=255, anchor="ls")
    else:
        _write_by_letter(pencil, text, font, manner, rng, margin, baseline)
    return finish(np.asarray(image), manner, rng)


def _write_by_letter(
    pencil: ImageDraw.ImageDraw, text: str, font: Font, manner: Manner, rng: Generator, margin: int, baseline: int
) -> None:
    face = font.at(manner.size)
    phase, speed = rng.uniform(0, 6.28), rng.uniform(0.1, 0.5)
    drift = rng.normal(0, 0.15) * manner.wobble
    at = float(margin)
    for rank, letter in enumerate(text):
        rise = manner.wobble * np.sin(phase + speed * rank) + drift * rank / 4 + rng.normal(0, manner.jitter)
        size = max(8, manner.size + round(float(rng.normal(0, 0.35 * manner.jitter)) * manner.size / 50))
        pencil.text((at, baseline + rise), letter, font=font.at(size), fill=255, anchor="ls")
        advance = face.getlength(text[rank : rank + 2]) - face.getlength(text[rank + 1 : rank + 2])
        at += advance + manner.spacing + rng.normal(0, manner.jitter * 0.7)


def baseline_of(manner: Manner) -> int:
    return round(manner.size * 1.3)


def write_in_cells(
    text: str,
    centres: Sequence[float],
    baseline: float,
    size: tuple[int, int],
    font: Font,
    manner: Manner,
    rng: Generator,
) -> Ink:
    """One letter a cell around `centres` (pixels), on a sheet of `size` (width, height)."""
    image = Image.new("L", size, 0)
    pencil = ImageDraw.Draw(image)
    shift = rng.normal(0, manner.jitter + 0.5)
    for letter, centre in zip(text, centres, strict=False):
        rise = rng.normal(0, manner.jitter + 0.3)
        across = centre + shift + rng.normal(0, 1.5 * manner.jitter + 0.3)
        pencil.text((across, baseline + rise), letter, font=font.at(manner.size), fill=255, anchor="ms")
    return finish(np.asarray(image), manner, rng)


def finish(ink: Ink, manner: Manner, rng: Generator) -> Ink:
    """Slant, elastic change, weight of the strokes, dry spots and darkness."""
    if manner.slant or manner.shape > 0.2:
        ink = _bent(ink, manner, rng)
    if abs(manner.weight) > 0.15:
        ink = _weighted(ink, manner.weight)
    if manner.dry > 0.02:
        ink = _dried(ink, manner.dry, rng)
    return ink if manner.dark >= 1 else cv2.convertScaleAbs(ink, alpha=manner.dark)


def _bent(ink: Ink, manner: Manner, rng: Generator) -> Ink:
    height, width = ink.shape
    columns, rows = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    columns += manner.slant * (rows - 0.65 * height)
    if manner.shape > 0.2:
        grid = (max(2, height // 18), max(2, width // 18))
        for axis in (columns, rows):
            field = rng.normal(0, manner.shape, grid).astype(np.float32)
            axis += cv2.resize(field, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.remap(ink, columns, rows, cv2.INTER_LINEAR), dtype=np.uint8)


def _weighted(ink: Ink, weight: float) -> Ink:
    """Thicker or thinner by about `weight` pixels: the grey between the ink and its dilation (or erosion)."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3))
    whole, rest = divmod(abs(weight), 1.0)
    change = cv2.dilate if weight > 0 else cv2.erode
    if whole:
        ink = change(ink, kernel, iterations=min(3, int(whole)))
    return np.asarray(cv2.addWeighted(ink, 1 - rest, change(ink, kernel), rest, 0), dtype=np.uint8)


def _dried(ink: Ink, dry: float, rng: Generator) -> Ink:
    """Ink missing in spots of a few pixels."""
    height, width = ink.shape
    coarse = rng.random((height // 3 + 1, width // 3 + 1), dtype=np.float32)
    field = cv2.resize(cv2.GaussianBlur(coarse, (3, 3), 0), (width, height))
    level = float(np.quantile(field[::4, ::4], min(0.5, dry)))
    return np.where(field < level, ink // 4, ink).astype(np.uint8)
