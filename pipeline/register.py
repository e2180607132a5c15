"""A page laid on a blank: where each point of the printed form lies in the page's pixels, and how well that fits.

Coarse to fine: ORB features at 75 dpi give a similarity in any orientation; patches of the blank, sought around
where they should be at 150 dpi, give a homography; what a homography cannot bend (paper feed, a curled sheet) is
taken up by a smooth cubic displacement. The share of patches found is the fit: a foreign page has few.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.ink import OVERVIEW_DPI, black_level, even_out, overview_of
from pipeline.model import Box

if TYPE_CHECKING:
    from pipeline.model import Page, Pixels
    from pipeline.specs import FormSpec

Points = NDArray[np.float64]
Matrix = NDArray[np.float64]
Descriptors = NDArray[np.uint8]

COARSE_DPI = OVERVIEW_DPI
FINE_DPI = 150
# The blank is drawn so much finer and reduced: else its letters go to whole pixels, and its patches with them.
FINER = 4
# With 800 every page of the labelled scans finds its blank as with 1500, in half the time; the patches do the rest.
FEATURES = 800
PATCH = 32  # pixels at FINE_DPI: about two lines of small print
PATCHES = 140
# Patches nearer than this to where the fit puts them, in pixels at FINE_DPI, agree with it.
AGREEMENT = 2.0
PATCH_SCORE = 0.55
GRID = 16  # pixels between located points of a crop


@dataclass(frozen=True)
class Template:
    """One page of one blank, prepared at FINE_DPI: its size, and its patches, PATCH wide and high, by their middles."""

    number: int
    width: int
    height: int
    places: Points = field(repr=False)
    patches: tuple[Pixels, ...] = field(repr=False)


@dataclass(frozen=True)
class Features:
    """What a page shows at COARSE_DPI; `scale` takes its coordinates back to its own pixels, a blank's to points."""

    keypoints: Points = field(repr=False)
    descriptors: Descriptors = field(repr=False)
    scale: float


@dataclass(frozen=True)
class LaidPage:
    """A page laid on page `number` of a blank. `pixels` are the page's, their light evened out.

    homography: points (1/72 inch) on the blank to pixels of `pixels`; bend: cubic coefficients, points to pixels, on
    top of it. share: part of the blank's patches found where the fit puts them, 0 to 1. residual: median distance in
    pixels at 300 dpi between patches and fit.
    """

    number: int
    page: Page = field(repr=False)
    pixels: Pixels = field(repr=False)
    homography: Matrix = field(repr=False)
    bend: Matrix | None = field(repr=False)
    share: float
    residual: float

    @cached_property
    def black(self) -> float:
        """How dark the page's own print is, as a grey value."""
        return black_level(self.pixels)

    def crop(self, box: Box, dpi: float) -> Pixels:
        """The part of the page under `box` (points on the blank), straightened, at `dpi`."""
        width, height = max(1, round(box.width * dpi / 72)), max(1, round(box.height * dpi / 72))
        if self.bend is None:
            return self._flat_crop(box, dpi, width, height)
        # Located on a coarse grid and filled in between: over so few pixels the page's bend is a straight line.
        across, down = max(2, width // GRID + 1), max(2, height // GRID + 1)
        columns = box.x0 + (np.linspace(0, width - 1, across) + 0.5) * 72 / dpi
        rows = box.y0 + (np.linspace(0, height - 1, down) + 0.5) * 72 / dpi
        where = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2)
        coarse = (self.locate(where) - 0.5).astype(np.float32).reshape(down, across, 2)
        left, right = _between(down, height), _between(across, width)
        where_x, where_y = (left @ coarse[..., axis] @ right.T for axis in (0, 1))
        return cv2.remap(self.pixels, where_x, where_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)

    def _flat_crop(self, box: Box, dpi: float, width: int, height: int) -> Pixels:
        unit = 72 / dpi
        to_points = np.array([[unit, 0, box.x0 + unit / 2], [0, unit, box.y0 + unit / 2], [0, 0, 1]])
        to_pixels = np.array([[1, 0, -0.5], [0, 1, -0.5], [0, 0, 1]]) @ self.homography @ to_points
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return cv2.warpPerspective(
            self.pixels, to_pixels, (width, height), flags=flags, borderMode=cv2.BORDER_REPLICATE
        )

    def locate(self, points: Points) -> Points:
        """Points on the blank (n x 2) to pixel coordinates in `pixels` (n x 2)."""
        found = _apply(self.homography, points)
        return found if self.bend is None else found + _cubic(points) @ self.bend

    def locate_back(self, pixels: Points) -> Points:
        """Pixel coordinates in `pixels` (n x 2) to points on the blank (n x 2), the bend left out: within a point."""
        return _apply(np.linalg.inv(self.homography).astype(np.float64), pixels)


@cache
def landmarks(spec: FormSpec, number: int) -> Features:
    """The features of page `number` of the spec's blank; kept, since every page that comes is matched against them."""
    keypoints, descriptors = _orb(spec.blank_pixels(number, COARSE_DPI))
    return Features(keypoints * 72 / COARSE_DPI, descriptors, 72 / COARSE_DPI)


@cache
def template(spec: FormSpec, number: int) -> Template:
    """The prepared page `number` of the spec's blank; kept, for it takes a tenth of a second."""
    drawn = spec.blank_pixels(number, FINE_DPI * FINER)
    fine = cv2.resize(drawn, (drawn.shape[1] // FINER, drawn.shape[0] // FINER), interpolation=cv2.INTER_AREA)
    height, width = fine.shape
    places, half = _choose_patches(fine), PATCH // 2
    # Copies, or each would keep the whole page.
    patches = tuple(fine[y - half : y + half, x - half : x + half].copy() for x, y in places.astype(int))
    return Template(number, width, height, places, patches)


def describe(page: Page) -> Features:
    """The page's features, made once and matched against every blank."""
    overview = overview_of(page.pixels, page.dpi) if page.overview is None else page.overview
    keypoints, descriptors = _orb(overview)
    scale = page.dpi / COARSE_DPI
    return Features(keypoints * scale, descriptors, scale)


def match(features: Features, blank: Features) -> tuple[Matrix | None, int]:
    """The similarity that takes the blank's points to the page's pixels, and how many features agree on it."""
    if len(features.descriptors) < 8 or len(blank.descriptors) < 8:
        return None, 0
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(blank.descriptors, features.descriptors, k=2)
    good = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < 0.85 * pair[1].distance]
    if len(good) < 8:
        return None, 0
    here = np.array([blank.keypoints[each.queryIdx] for each in good])
    there = np.array([features.keypoints[each.trainIdx] for each in good])
    matrix, inliers = cv2.estimateAffinePartial2D(
        here, there, method=cv2.RANSAC, ransacReprojThreshold=4 * features.scale, maxIters=3000, confidence=0.999
    )
    if matrix is None:
        return None, 0
    return np.vstack([matrix, [0, 0, 1]]), int(inliers.sum())


def lay(page: Page, start: Matrix, blank: Template, pixels: Pixels | None = None) -> LaidPage:
    """The page laid on the blank from a first similarity (`start`: blank's points to page's pixels)."""
    pixels = even_out(page.pixels, page.dpi) if pixels is None else pixels
    matrix = start
    here, there = np.empty((0, 2)), np.empty((0, 2))
    for reach, every in ((22, 3), (10, 2), (5, 1)):
        here, there = _find_patches(LaidPage(blank.number, page, pixels, matrix, None, 0, 0), blank, reach, every)
        if len(here) < 8:
            break
        found, _ = cv2.findHomography(here, there, cv2.RANSAC, 3.0 * _scale(matrix) * 72 / FINE_DPI, maxIters=2000)
        if found is None:
            break
        matrix = found
    laid = LaidPage(blank.number, page, pixels, matrix, None, 0.0, float("inf"))
    return _with_bend(laid, here, there, len(blank.places))


def _with_bend(laid: LaidPage, here: Points, there: Points, total: int) -> LaidPage:
    """The page with the displacement that its homography leaves, where enough patches carry it, and its fit."""
    unit = _scale(laid.homography) * 72 / FINE_DPI  # page pixels in one pixel at FINE_DPI
    if len(here) < 8:
        return laid
    error = there - _apply(laid.homography, here)
    near = np.linalg.norm(error, axis=1) < 8 * unit
    bend = None
    if near.sum() >= 40:
        for _ in range(3):
            basis = _cubic(here[near])
            ridge = 1e-3 * near.sum() * np.eye(basis.shape[1])
            bend = np.linalg.solve(basis.T @ basis + ridge, basis.T @ error[near])
            distance = np.linalg.norm(error - _cubic(here) @ bend, axis=1)
            near = distance < max(AGREEMENT * unit, 3 * float(np.median(distance[near])))
    left = error if bend is None else error - _cubic(here) @ bend
    distance = np.linalg.norm(left, axis=1) / unit
    agree = distance < AGREEMENT
    residual = float(np.median(distance[agree])) * 300 / FINE_DPI if agree.any() else float("inf")
    return replace(laid, bend=bend, share=float(agree.sum()) / total, residual=residual)


def _find_patches(laid: LaidPage, blank: Template, reach: int, every: int) -> tuple[Points, Points]:
    """Where the blank's patches are: points on the blank, and pixels in the page.

    reach: how far they are sought, in pixels at FINE_DPI; every: which of them (2: every second).
    """
    flat = laid.crop(_whole(blank.width, blank.height), FINE_DPI)
    here, there = [], []
    half = PATCH // 2
    padded = cv2.copyMakeBorder(flat, reach, reach, reach, reach, cv2.BORDER_REPLICATE)
    for (x, y), patch in zip(blank.places[::every].astype(int), blank.patches[::every], strict=True):
        window = padded[y - half : y + half + 2 * reach, x - half : x + half + 2 * reach]
        scores = cv2.matchTemplate(window, patch, cv2.TM_CCOEFF_NORMED)
        _, best, _, (column, row) = cv2.minMaxLoc(scores)
        if best < PATCH_SCORE:
            continue
        here.append((x, y))
        there.append((x + column - reach + _peak(scores[row], column), y + row - reach + _peak(scores[:, column], row)))
    if not here:
        return np.empty((0, 2)), np.empty((0, 2))
    points = np.array(here, dtype=np.float64) * 72 / FINE_DPI
    moved = np.array(there, dtype=np.float64) * 72 / FINE_DPI
    return points, laid.locate(moved)


@lru_cache(maxsize=64)
def _between(places: int, steps: int) -> NDArray[np.float32]:
    """What each of so many steps, from the first of some places to the last, has of each: steps x places."""
    at = np.linspace(0, places - 1, steps)[:, None]
    return np.maximum(0.0, 1.0 - np.abs(at - np.arange(places))).astype(np.float32)


def _whole(width: int, height: int) -> Box:
    return Box(0.0, 0.0, width * 72 / FINE_DPI, height * 72 / FINE_DPI)


def _peak(scores: NDArray[np.float32], at: int) -> float:
    """The maximum's place between samples, by a parabola: -0.5 to 0.5."""
    if not 0 < at < len(scores) - 1:
        return 0.0
    left, middle, right = float(scores[at - 1]), float(scores[at]), float(scores[at + 1])
    bottom = left - 2 * middle + right
    return 0.0 if bottom >= 0 else max(-0.5, min(0.5, 0.5 * (left - right) / bottom))


def _choose_patches(fine: Pixels) -> Points:
    """Where the blank has corners in both directions, spread over the page: n x 2 pixels at FINE_DPI."""
    strength = cv2.cornerMinEigenVal(cv2.GaussianBlur(fine, (3, 3), 0), PATCH // 2)
    margin = PATCH
    strength[:margin], strength[-margin:], strength[:, :margin], strength[:, -margin:] = 0, 0, 0, 0
    corners = cv2.goodFeaturesToTrack(
        fine, PATCHES, 0.0005, 50, mask=(strength > 0.02 * strength.max()).astype(np.uint8), blockSize=PATCH // 2
    )
    if corners is None:
        return np.empty((0, 2))
    points: Points = corners.reshape(-1, 2).astype(np.float64)
    inside = (points >= margin).all(axis=1) & (points < np.array(fine.shape[::-1]) - margin).all(axis=1)
    return np.round(points[inside])


def _orb(pixels: Pixels) -> tuple[Points, Descriptors]:
    detector = cv2.ORB_create(
        nfeatures=FEATURES, scaleFactor=1.2, nlevels=6, edgeThreshold=15, patchSize=31, fastThreshold=10
    )
    keypoints, descriptors = detector.detectAndCompute(np.ascontiguousarray(pixels), None)
    if descriptors is None:
        return np.empty((0, 2)), np.empty((0, 32), np.uint8)
    return np.array([point.pt for point in keypoints], dtype=np.float64) + 0.5, descriptors


def _apply(matrix: Matrix, points: Points) -> Points:
    moved = points @ matrix[:, :2].T + matrix[:, 2]
    result: Points = moved[:, :2] / moved[:, 2:]
    return result


def _scale(matrix: Matrix) -> float:
    """Page pixels in one point, about."""
    return float(np.sqrt(abs(np.linalg.det(matrix[:2, :2] / matrix[2, 2]))))


def _cubic(points: Points) -> Points:
    """The ten monomials up to the third degree of points scaled to about -1..1 on a letter page: n x 10."""
    x, y = points[:, 0] / 306 - 1, points[:, 1] / 396 - 1
    one = np.ones_like(x)
    return np.stack([one, x, y, x * x, x * y, y * y, x**3, x * x * y, x * y * y, y**3], axis=1)
