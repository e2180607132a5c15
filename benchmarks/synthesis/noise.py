"""What a scanner, a fax or a telephone does to a page, from a page at 300 dpi."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.synthesis.chance import chance, pick

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.model import Pixels

    Matrix = NDArray[np.float64]

QUALITIES = ("clean", "office", "fax", "phone", "poor")


@dataclass(frozen=True)
class Scan:
    """One page as sent: `bilevel` goes out as Group 4, else as JPEG of `jpeg` quality; dpi across and down."""

    pixels: Pixels
    dpi: tuple[float, float]
    jpeg: int
    bilevel: bool


@dataclass(frozen=True)
class Device:
    """What the pages go through: one resolution and one kind of image for all."""

    quality: str
    dpi: int
    bilevel: bool

    @property
    def keeps_pencil(self) -> bool:
        """Whether pale writing survives, so that the truth can still be read."""
        return not self.bilevel and self.quality != "poor"


def make_device(rng: Generator, quality: str) -> Device:
    dpi = {"office": int(pick(rng, (200, 200, 240, 300))), "poor": int(pick(rng, (200, 200, 240)))}.get(quality, 300)
    return Device(quality, dpi, quality == "fax" or (quality == "office" and dpi == 300 and chance(rng, 0.5)))


def degrade(rng: Generator, pages: list[Pixels], device: Device) -> list[Scan]:
    """The pages as the device sends them."""
    makers = {"clean": _clean, "office": _office, "fax": _fax, "phone": _phone, "poor": _poor}
    return [makers[device.quality](rng, page, device.dpi, device.bilevel) for page in pages]


def _clean(rng: Generator, page: Pixels, dpi: int, bilevel: bool) -> Scan:
    image = _lay_on_glass(rng, page, dpi, degrees=0.25, scale=0.004, shift=3)
    image = _expose(rng, image, white=rng.uniform(246, 255), black=rng.uniform(0, 25), noise=rng.uniform(0.5, 2.5))
    return Scan(image, (dpi, dpi), int(rng.integers(80, 94)), bilevel)


def _office(rng: Generator, page: Pixels, dpi: int, bilevel: bool) -> Scan:
    image = _lay_on_glass(rng, page, dpi, degrees=0.8, scale=0.03, shift=9)
    image = _soften(image, rng.uniform(0.3, 0.8) * dpi / 300)
    image = _expose(rng, image, white=rng.uniform(236, 255), black=rng.uniform(5, 50), noise=rng.uniform(1.5, 5))
    _punch(rng, image, dpi)
    _speck(rng, image, int(rng.integers(0, 25)), dpi)
    if bilevel:
        return Scan(_threshold(image, rng.uniform(150, 205)), (dpi, dpi), 0, True)
    return Scan(image, (dpi, dpi), int(rng.integers(55, 85)), bilevel)


def _fax(rng: Generator, page: Pixels, dpi: int, bilevel: bool) -> Scan:
    image = _lay_on_glass(rng, page, dpi, degrees=1.0, scale=0.03, shift=10)
    image = _feed(rng, image) if chance(rng, 0.4) else image
    image = _soften(image, rng.uniform(0.4, 0.9))
    size = (1728, round(image.shape[0] * 196 / 300))
    wide = cv2.resize(image, (round(image.shape[1] * 204 / 300), size[1]), interpolation=cv2.INTER_AREA)
    line = np.full((size[1], size[0]), 255, np.uint8)
    line[:, : min(size[0], wide.shape[1])] = wide[:, : size[0]]
    line = _expose(rng, line, white=rng.uniform(235, 255), black=rng.uniform(0, 45), noise=rng.uniform(4, 14))
    image = _threshold(line, rng.uniform(140, 195))
    for _ in range(int(rng.poisson(0.8))):
        column = int(rng.integers(20, image.shape[1] - 20))
        image[int(rng.integers(0, 300)) : int(rng.integers(900, image.shape[0])), column] = 0
    for _ in range(int(rng.poisson(1.0))):
        row, start = int(rng.integers(0, image.shape[0])), int(rng.integers(0, 1500))
        image[row, start : start + int(rng.integers(40, 900))] = int(pick(rng, (0, 255)))
    flips = rng.random(image.shape, dtype=np.float32) < rng.uniform(0, 0.0012)
    image[flips] = 255 - image[flips]
    return Scan(image, (204, 196), 0, bilevel)


def _phone(rng: Generator, page: Pixels, dpi: int, bilevel: bool) -> Scan:
    width = int(rng.integers(1900, 2500))
    height = round(width * float(rng.uniform(1.26, 1.36)))
    sheet = page.shape[1], page.shape[0]
    edge = rng.uniform(0.01, 0.06, 8) * np.tile([width, height], 4)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    inward = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]], np.float32)
    target = (corners + inward * edge.reshape(4, 2)).astype(np.float32)
    source = np.array([[0, 0], [sheet[0], 0], [sheet[0], sheet[1]], [0, sheet[1]]], np.float32)
    matrix = cv2.getPerspectiveTransform(source, target)
    soft = _soften(page, 0.35 * sheet[0] / width)
    image = cv2.warpPerspective(soft, matrix, (width, height), borderValue=float(rng.uniform(40, 120)))
    lit = image * _light(rng, image.shape[0], image.shape[1], rng.uniform(0.1, 0.35))
    image = _soften(lit, rng.uniform(0.5, 1.2))
    image = _expose(rng, image, white=rng.uniform(205, 245), black=rng.uniform(15, 55), noise=rng.uniform(2, 7))
    seen = width * dpi / sheet[0]
    return Scan(image, (seen, seen), int(rng.integers(55, 85)), bilevel)


def _poor(rng: Generator, page: Pixels, dpi: int, bilevel: bool) -> Scan:
    image = _lay_on_glass(rng, page, dpi, degrees=2.0, scale=0.03, shift=12)
    image = _feed(rng, image) if chance(rng, 0.3) else image
    lit = _soften(image, rng.uniform(0.5, 1.0)) * _light(rng, image.shape[0], image.shape[1], rng.uniform(0.1, 0.3))
    white = rng.uniform(170, 225)
    image = _expose(rng, lit, white=white, black=white * rng.uniform(0.3, 0.6), noise=rng.uniform(5, 13))
    _speck(rng, image, int(rng.integers(20, 160)), dpi)
    _punch(rng, image, dpi)
    return Scan(image, (dpi, dpi), int(rng.integers(38, 65)), bilevel)


def _lay_on_glass(rng: Generator, page: Pixels, dpi: int, degrees: float, scale: float, shift: float) -> Pixels:
    """Rotation, print scale (and A4 paper now and then), shift in points; at `dpi`. One page in 30 upside down."""
    height, width = page.shape
    paper = (8.268, 11.693) if chance(rng, 0.08) else (8.5, 11.0)
    size = round(paper[0] * dpi), round(paper[1] * dpi)
    tilt = float(np.clip(rng.normal(0, degrees / 2), -degrees, degrees))
    turn = np.radians(tilt + (180 if chance(rng, 0.033) else 0))
    zoom = dpi / 300 * (1 + rng.uniform(-scale, scale)) * np.array([1, 1 + rng.normal(0, 0.0015)])
    rotate = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) * zoom
    offset = rng.uniform(-shift, shift, 2) * dpi / 72
    centre = np.array(size) / 2 + offset - rotate @ (np.array([width, height]) / 2)
    matrix: Matrix = np.column_stack([rotate, centre])
    soft = _soften(page, 0.4 * 300 / dpi) if dpi < 300 else page
    return np.asarray(cv2.warpAffine(soft, matrix, size, flags=cv2.INTER_LINEAR, borderValue=255.0), np.uint8)


def _feed(rng: Generator, image: Pixels) -> Pixels:
    """The paper's feed slips: rows stretched and squeezed by up to a few pixels."""
    height, width = image.shape
    knots = np.cumsum(rng.normal(0, 1.6, 9))
    rows = np.arange(height) + np.interp(np.arange(height), np.linspace(0, height, 9), knots - knots.mean())
    map_y = np.repeat(rows.astype(np.float32)[:, None], width, axis=1)
    map_x = np.repeat(np.arange(width, dtype=np.float32)[None], height, axis=0)
    return np.asarray(cv2.remap(image, map_x, map_y, cv2.INTER_LINEAR, borderValue=255.0), np.uint8)


def _soften(image: NDArray[np.generic], sigma: float) -> Pixels:
    soft: Pixels = cv2.GaussianBlur(image, (0, 0), max(0.1, float(sigma)))
    return soft


def _light(rng: Generator, height: int, width: int, depth: float) -> NDArray[np.float32]:
    """Uneven light: 1 at the brightest, smooth, `depth` darker at the darkest."""
    coarse = rng.random((4, 3), dtype=np.float32)
    field = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    low, high = float(field.min()), float(field.max())
    return np.asarray(1 - depth * (high - field) / max(1e-6, high - low), np.float32)


def _expose(rng: Generator, image: NDArray[np.generic], white: float, black: float, noise: float) -> Pixels:
    """Paper at `white`, ink at `black`, Gaussian noise, a third of it coarser than a pixel."""
    shade = image.astype(np.float32) * ((white - black) / 255) + black
    shade += rng.standard_normal(image.shape, dtype=np.float32) * noise * 0.8
    height, width = image.shape
    coarse = rng.standard_normal((height // 3 + 1, width // 3 + 1), dtype=np.float32) * noise * 0.5
    shade += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_LINEAR)
    exposed: Pixels = np.clip(shade, 0, 255).astype(np.uint8)
    return exposed


def _threshold(image: Pixels, level: float) -> Pixels:
    return np.where(image < level, 0, 255).astype(np.uint8)


def _speck(rng: Generator, image: Pixels, count: int, dpi: int) -> None:
    """Dust: dots up to half a millimetre."""
    for _ in range(count):
        place = int(rng.integers(0, image.shape[1])), int(rng.integers(0, image.shape[0]))
        cv2.circle(image, place, int(rng.integers(0, max(1, dpi // 120) + 1)), int(rng.integers(0, 140)), -1)


def _punch(rng: Generator, image: Pixels, dpi: int) -> None:
    """The shadows of punched holes at the left edge, on one page in eight."""
    if not chance(rng, 0.125):
        return
    x = int(rng.uniform(0.25, 0.42) * dpi)
    for share in (0.13, 0.5, 0.87):
        cv2.circle(image, (x, int(share * image.shape[0])), round(0.125 * dpi), int(rng.integers(20, 120)), -1)
