"""Pen strokes that are no letters: signatures, ticks, lines through a text; coverage like `pen.write`'s."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.synthesis.chance import weighted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.synthesis.pen import Coverage

    Points = NDArray[np.float64]


def draw(cover: Coverage, points: Points, thickness: float) -> None:
    """A smooth line through `points` (x, y in pixels), `thickness` pixels wide."""
    ranks = np.arange(len(points))
    dense = np.linspace(0, len(points) - 1, max(2, 14 * len(points)))
    curve = np.stack([np.interp(dense, ranks, points[:, axis]) for axis in (0, 1)], axis=1)
    if len(points) > 3:
        kernel = np.hanning(13)
        kernel /= kernel.sum()
        padded = np.pad(curve, ((6, 6), (0, 0)), mode="edge")
        curve = np.stack([np.convolve(padded[:, axis], kernel, "valid") for axis in (0, 1)], axis=1)
    fixed = np.round(curve * 16).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(cover, [fixed], False, 1.0, max(1, round(thickness)), cv2.LINE_AA, 4)


def signature(rng: Generator, width: int, height: int, thickness: float) -> Coverage:
    """A scribble: one tall loop, then waves that flatten, sometimes with a line under them."""
    cover = np.zeros((height, width), np.float32)
    count = int(rng.integers(6, 18))
    x = np.linspace(0.04, 0.96, count) + rng.normal(0, 0.35 / count, count)
    swing = np.where(np.arange(count) % 2 == 0, -1.0, 1.0) * rng.uniform(0.1, 0.32, count)
    swing[: max(1, count // 5)] *= 1.6
    y = 0.55 + swing * np.linspace(1, float(rng.uniform(0.3, 1)), count)
    draw(cover, np.stack([x * width, np.clip(y, 0.03, 0.97) * height], axis=1), thickness)
    if rng.random() < 0.5:
        turn = np.linspace(0, 2 * np.pi * rng.uniform(0.8, 1.6), 12) + rng.uniform(0, 6)
        loop = np.stack([np.cos(turn) * rng.uniform(0.05, 0.14), np.sin(turn) * rng.uniform(0.2, 0.42)], axis=1)
        draw(cover, (loop + np.array([rng.uniform(0.15, 0.5), 0.5])) * [width, height], thickness)
    if rng.random() < 0.35:
        ends = np.array([[rng.uniform(0, 0.3), 0.85], [rng.uniform(0.6, 1.0), rng.uniform(0.7, 0.95)]])
        draw(cover, ends * [width, height], thickness)
    return cover


def tick(rng: Generator, side: float, thickness: float) -> Coverage:
    """A mark for a checkbox `side` pixels wide, drawn on a square of three sides: cross, check, fill, dot, slash."""
    span = round(3 * side)
    cover = np.zeros((span, span), np.float32)
    shape = weighted(rng, {"cross": 5, "check": 5, "fill": 1, "slash": 0.7, "scribble": 1})

    def line(*points: tuple[float, float]) -> None:
        places = (np.array(points) + rng.normal(0, 0.07, (len(points), 2)) + 1) * side
        draw(cover, places, thickness)

    reach = float(rng.uniform(0, 0.25))
    if shape == "cross":
        line((-reach + 0.1, -reach + 0.1), (0.9 + reach, 0.9 + reach))
        line((0.9 + reach, -reach + 0.1), (0.1 - reach, 0.9 + reach))
    elif shape == "check":
        line((0.1, 0.45), (0.4, 0.95), (1.0 + 2 * reach, -0.1 - 2 * reach))
    elif shape == "slash":
        line((0.1 - reach, 0.9 + reach), (0.9 + reach, 0.1 - reach))
    elif shape == "fill":
        for level in np.arange(0.12, 0.95, 0.16):
            line((0.1, float(level)), (0.9, float(level)))
    else:
        line(*[(float(rng.uniform(0, 1)), float(rng.uniform(0, 1))) for _ in range(9)])
    return cover


def scratch(rng: Generator, width: int, height: int, thickness: float) -> Coverage:
    """A zigzag that blots out what is under it."""
    cover = np.zeros((height, width), np.float32)
    count = int(rng.integers(9, 15))
    x = np.linspace(0.02, 0.98, count) * width
    y = np.where(np.arange(count) % 2 == 0, 0.1, 0.9) * height + rng.normal(0, 0.06 * height, count)
    draw(cover, np.stack([x, y], axis=1), thickness)
    draw(cover, np.stack([x[::-1], y], axis=1), thickness)
    return cover
