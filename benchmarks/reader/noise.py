"""What happens to a page between the pen and the PDF: scanner, fax, telephone, a poor copy.

`degrade` takes paper (8-bit grey at 300 dpi, ink dark) and gives the pixels as sent, their resolution, and where each
point of the paper went. It serves whole pages and pieces of pages alike.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    Generator = np.random.Generator

Pixels = NDArray[np.uint8]
Matrix = NDArray[np.float64]
Quality = Literal["clean", "office", "fax", "phone", "poor"]
QUALITIES: tuple[Quality, ...] = ("clean", "office", "fax", "phone", "poor")
PAPER_DPI = 300


@dataclass(frozen=True)
class Scan:
    """pixels: as sent; dpi: their mean resolution; matrix: paper pixels to `pixels`, both counted from the corner;
    bilevel: only 0 and 255 are there."""

    pixels: Pixels = field(repr=False)
    dpi: float
    matrix: Matrix = field(repr=False)
    bilevel: bool = False


def degrade(paper: Pixels, quality: Quality, rng: Generator, whole: bool = True) -> Scan:
    """The paper as it arrives. whole: a page, with the light over all of it; else a piece, turned about itself."""
    return _WAYS[quality](paper, rng, whole)


# ---------------------------------------------------------------- the five ways


def _clean(paper: Pixels, rng: Generator, whole: bool) -> Scan:
    dpi = float(rng.choice((300, 300, 300, 200)))
    scan = _laid(paper, dpi, rng, turn=0.4, background=int(rng.integers(240, 256)))
    pixels = _noisy(cv2.GaussianBlur(scan.pixels, (0, 0), rng.uniform(0.3, 0.8)), rng, rng.uniform(0, 2.5))
    return _with(scan, _jpeg(pixels, int(rng.integers(75, 95))))


def _office(paper: Pixels, rng: Generator, whole: bool) -> Scan:
    dpi = float(rng.choice((200, 200, 240, 300, 150 if rng.random() < 0.2 else 200)))
    scan = _laid(paper, dpi, rng, turn=1.3, background=int(rng.integers(225, 255)))
    pixels = cv2.GaussianBlur(scan.pixels, (0, 0), rng.uniform(0.3, 1.1) * dpi / 240)
    pixels = _noisy(_ghosted(pixels, rng), rng, rng.uniform(1, 8))
    if rng.random() < 0.3:
        return _with(scan, _thresholded(_specked(pixels, rng, 2e-5), rng), bilevel=True)
    return _with(scan, _jpeg(_specked(pixels, rng, 1e-5), int(rng.integers(35, 85))))


def _fax(paper: Pixels, rng: Generator, whole: bool) -> Scan:
    fine = rng.random() < 0.8
    scan = _laid(paper, 204.0, rng, turn=1.0, background=255, down=196.0 if fine else 98.0)
    pixels = cv2.GaussianBlur(scan.pixels, (0, 0), rng.uniform(0.25, 0.8))
    pixels = _thresholded(_noisy(pixels, rng, rng.uniform(4, 25)), rng)
    pixels = _fax_lines(_salted(pixels, rng, float(rng.choice((0, 3e-4, 1.5e-3)))), rng)
    if not fine:
        tall = cv2.resize(pixels, (pixels.shape[1], pixels.shape[0] * 2), interpolation=cv2.INTER_NEAREST)
        return Scan(tall, 204.0, np.diag([1.0, 2.0, 1.0]) @ scan.matrix, True)
    return _with(scan, pixels, bilevel=True)


def _phone(paper: Pixels, rng: Generator, whole: bool) -> Scan:
    dpi = float(rng.uniform(140, 240))
    scan = _laid(
        paper, dpi, rng, turn=2.5, background=int(rng.integers(60, 110)) if whole else 235, tilt=0.035, border=True
    )
    pixels = cv2.GaussianBlur(scan.pixels, (0, 0), rng.uniform(0.4, 1.3))
    if rng.random() < 0.25:
        pixels = _shaken(pixels, rng)
    pixels = _noisy(_shaded(pixels, rng, 0.45), rng, rng.uniform(1, 9))
    return _with(scan, _jpeg(pixels, int(rng.integers(40, 85))))


def _poor(paper: Pixels, rng: Generator, whole: bool) -> Scan:
    dpi = float(rng.choice((150, 200, 200, 300)))
    faint = rng.uniform(0.4, 0.75)
    pale = (255 - (255 - paper.astype(np.float32)) * faint).astype(np.uint8)
    scan = _laid(pale, dpi, rng, turn=1.5, background=255)
    pixels = cv2.GaussianBlur(scan.pixels, (0, 0), rng.uniform(0.5, 1.4) * dpi / 220)
    pixels = cv2.convertScaleAbs(pixels, alpha=rng.uniform(0.65, 0.95))
    pixels = _shaded(_specked(_ghosted(pixels, rng), rng, 5e-5), rng, 0.25)
    return _with(scan, _jpeg(_noisy(pixels, rng, rng.uniform(5, 20)), int(rng.integers(35, 80))))


_WAYS = {"clean": _clean, "office": _office, "fax": _fax, "phone": _phone, "poor": _poor}


# ---------------------------------------------------------------- steps


def _laid(
    paper: Pixels,
    dpi: float,
    rng: Generator,
    turn: float,
    background: int,
    down: float | None = None,
    tilt: float = 0.0,
    border: bool = False,
) -> Scan:
    """The paper on the glass: turned up to about `turn` degrees, printed a little larger or smaller, shifted.

    down: the resolution downwards where it is another; tilt: how far the corners stray, as a share of the size.
    """
    height, width = paper.shape
    across, down = dpi / PAPER_DPI, (down or dpi) / PAPER_DPI
    angle, size = np.deg2rad(rng.normal(0, turn / 2)), rng.uniform(0.97, 1.03)
    cos, sin = np.cos(angle) * size, np.sin(angle) * size
    turned = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    centre = np.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1]])
    edge = 0.06 if border else 0.0
    out = (round(width * across * (1 + edge)), round(height * down * (1 + edge)))
    back = np.array([[across, 0, out[0] / 2], [0, down, out[1] / 2], [0, 0, 1]])
    matrix: Matrix = back @ turned @ centre
    if tilt:
        corners = np.array([[0, 0], [out[0], 0], [out[0], out[1]], [0, out[1]]], dtype=np.float32)
        moved = corners + rng.normal(0, tilt / 2, (4, 2)).astype(np.float32) * np.array(out, dtype=np.float32)
        matrix = cv2.getPerspectiveTransform(corners, moved.astype(np.float32)) @ matrix
    half = np.array([[1, 0, 0.5], [0, 1, 0.5], [0, 0, 1]])
    indexed = np.linalg.inv(half) @ matrix @ half
    # Averaged over the pixels that become one: a scanner's cell sees all of them.
    shrink = 0.5 * max(0.0, 1 / min(across, down) - 1)
    source = cv2.GaussianBlur(paper, (0, 0), shrink) if shrink > 0.1 else paper
    pixels = cv2.warpPerspective(source, indexed, out, flags=cv2.INTER_LINEAR, borderValue=float(background))
    if background < 255 and not border:
        pixels = cv2.min(pixels, background)
    return Scan(pixels, dpi, matrix)


def _bytes(values: NDArray[Any]) -> Pixels:
    return np.asarray(values.clip(0, 255), dtype=np.uint8)


def _with(scan: Scan, pixels: Pixels, bilevel: bool = False) -> Scan:
    return Scan(pixels, scan.dpi, scan.matrix, bilevel)


def _noisy(pixels: Pixels, rng: Generator, amount: float) -> Pixels:
    if amount < 0.3:
        return pixels
    grain = np.empty(pixels.shape, np.int16)
    cv2.setRNGSeed(int(rng.integers(1 << 30)))
    cv2.randn(grain, 0, amount)
    if rng.random() < 0.4:
        grain = cv2.GaussianBlur(grain, (0, 0), 0.7) * 2
    return _bytes(cv2.add(pixels.astype(np.int16), grain))


def _thresholded(pixels: Pixels, rng: Generator) -> Pixels:
    return np.where(pixels > rng.uniform(135, 205), 255, 0).astype(np.uint8)


def _jpeg(pixels: Pixels, quality: int) -> Pixels:
    _, packed = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), dtype=np.uint8)


def _salted(pixels: Pixels, rng: Generator, share: float) -> Pixels:
    """Single pixels turned over."""
    count = rng.poisson(share * pixels.size)
    rows, columns = rng.integers(0, pixels.shape[0], count), rng.integers(0, pixels.shape[1], count)
    pixels = pixels.copy()
    pixels[rows, columns] = 255 - pixels[rows, columns]
    return pixels


def _specked(pixels: Pixels, rng: Generator, share: float) -> Pixels:
    """Dust: dark grains of one to four pixels."""
    pixels = pixels.copy()
    for _ in range(rng.poisson(share * pixels.size)):
        at = (int(rng.integers(pixels.shape[1])), int(rng.integers(pixels.shape[0])))
        cv2.circle(pixels, at, int(rng.integers(0, 3)), int(rng.integers(0, 120)), -1, cv2.LINE_AA)
    return pixels


def _fax_lines(pixels: Pixels, rng: Generator) -> Pixels:
    """Lines of the fax that came through black, white or twice."""
    pixels = pixels.copy()
    for row in rng.integers(0, len(pixels), rng.poisson(len(pixels) / 500)):
        start = int(rng.integers(0, pixels.shape[1]))
        kind = rng.random()
        if kind < 0.35:
            pixels[row, start : start + int(rng.integers(20, 600))] = 0
        elif kind < 0.7:
            pixels[row] = 255
        elif row:
            pixels[row] = pixels[row - 1]
    return pixels


def _ghosted(pixels: Pixels, rng: Generator) -> Pixels:
    """The back of the sheet shining through, now and then."""
    if rng.random() > 0.12:
        return pixels
    behind = cv2.GaussianBlur(pixels[:, ::-1], (0, 0), 2.5)
    faint = rng.uniform(0.03, 0.1)
    return _bytes(cv2.min(pixels, (255 - (255 - behind.astype(np.float32)) * faint).astype(np.uint8)))


def _shaded(pixels: Pixels, rng: Generator, depth: float) -> Pixels:
    """Uneven light: a smooth field over the sheet."""
    corners = 1 - depth * rng.random((3, 3)).astype(np.float32)
    light = cv2.resize(corners, (pixels.shape[1], pixels.shape[0]), interpolation=cv2.INTER_CUBIC)
    return _bytes(pixels * light)


def _shaken(pixels: Pixels, rng: Generator) -> Pixels:
    """Moved while it was taken."""
    length = int(rng.integers(2, 5))
    kernel = np.zeros((length, length), np.float32)
    angle = rng.uniform(0, np.pi)
    middle = (length - 1) / 2
    for step in np.linspace(-middle, middle, 12):
        kernel[round(middle + step * np.sin(angle)), round(middle + step * np.cos(angle))] += 1
    return _bytes(cv2.filter2D(pixels, -1, kernel / kernel.sum()))
