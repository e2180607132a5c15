"""Ticks and signatures: strokes of a pen as ink on a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from benchmarks.synthesis.pen import Generator, Ink

Corners = tuple[float, float, float, float]
FINE = 3  # strokes are placed to an eighth of a pixel


def tick(sheet: Ink, box: Corners, rng: Generator) -> None:
    """A cross, a check mark or a scribble on the `box` (left, top, right, bottom pixels), over its edges too."""
    left, top, right, bottom = box
    size = right - left
    thick = max(2, round(size * float(rng.uniform(0.07, 0.15))))
    shift = rng.normal(0, 0.06 * size, 2)
    points = np.array([[left, top], [right, bottom], [right, top], [left, bottom]]) + shift
    points += rng.normal(0, 0.08 * size, (4, 2)) * 1.0
    drawn = rng.random()
    if drawn < 0.5:
        _stroke(sheet, points[:2], thick)
        _stroke(sheet, points[2:], thick)
    elif drawn < 0.9:
        middle = np.array([left + 0.4 * size, bottom - 0.05 * size]) + shift
        _stroke(
            sheet,
            np.array(
                [np.array([left + 0.1 * size, top + 0.5 * size]) + shift, middle, points[2] + [0.2 * size, -0.2 * size]]
            ),
            thick,
        )
    else:
        _stroke(sheet, np.array([[left + size * share, top + size * (0.2 if rank % 2 else 0.8)]
                                 for rank, share in enumerate(np.linspace(0.15, 0.85, 7))]), thick + 1)  # fmt: skip


def signature(sheet: Ink, box: Corners, rng: Generator) -> None:
    """Loops and waves of one pen over the `box`, now and then underlined; never words."""
    left, top, right, bottom = box
    high = bottom - top
    width = min((right - left) * 0.9, high * rng.uniform(2.0, 6.0))
    start = left + float(rng.uniform(0, right - left - width))
    count = int(rng.integers(7, 16))
    across = start + np.linspace(0, width, count) + rng.normal(0, width / count * 0.6, count)
    down = top + high * (0.55 + rng.normal(0, 0.22, count))
    down[0] = top + high * rng.uniform(0.0, 0.4)
    thick = int(rng.integers(3, 7))
    _stroke(sheet, _smooth(np.stack([across, down], axis=1)), thick)
    if rng.random() < 0.4:
        line = np.array(
            [[start, bottom - 0.1 * high], [start + width * rng.uniform(0.6, 1.1), bottom - rng.uniform(0, 0.3) * high]]
        )
        _stroke(sheet, line, thick)


def _smooth(
    points: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Catmull-Rom through the points."""
    padded = np.vstack([points[:1], points, points[-1:]])
    steps = np.linspace(0, 1, 12, endpoint=False)[:, None]
    parts = []
    for rank in range(len(points) - 1):
        a, b, c, d = padded[rank : rank + 4]
        parts.append(
            0.5
            * (2 * b + (c - a) * steps + (2 * a - 5 * b + 4 * c - d) * steps**2 + (3 * b - a - 3 * c + d) * steps**3)
        )
    return np.vstack(parts)


def _stroke(sheet: Ink, points: np.ndarray[tuple[int, int], np.dtype[np.float64]], thick: int) -> None:
    path = np.round(points * 2**FINE).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(sheet, [path], False, 255, thick, cv2.LINE_AA, FINE)
