"""The naive way: pdftoppm, ORB features by brute force, the whole page warped, one pytesseract call a field.

And the same with one pytesseract call for all fields: Tesseract takes a list of files.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from benchmarks.cost.scans import Scan
    from pipeline.model import Pixels
    from pipeline.specs import FormSpec

DPI = 300
FEATURES, KEPT = 5000, 0.2
OPTIONS: dict[str, Any] = {"lang": "fra", "config": "--psm 7"}


def missing_tools(*, poppler: bool = True) -> str:
    """What this way lacks on this machine and how to get it, or ""."""
    packages = [] if shutil.which("pdftoppm") or not poppler else ["poppler-utils"]
    if not _has_french_tesseract():
        packages += ["tesseract-ocr", "tesseract-ocr-fra"]
    return f"needs on Debian and Ubuntu: apt-get install {' '.join(packages)}" if packages else ""


def _has_french_tesseract() -> bool:
    if not shutil.which("tesseract"):
        return False
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False)
    return "fra" in listed.stdout.split()


def cut_naively(scan: Scan) -> dict[str, Pixels]:
    """The box of each written field, at `DPI`."""
    cuts: dict[str, Pixels] = {}
    sheets = render(scan.content)
    for number in scan.pages if sheets else ():
        flat = laid_naively(sheets, scan.spec, number)
        for spec in scan.written:
            if spec.page == number:
                left, top, right, bottom = (round(edge * DPI / 72) for edge in spec.box)
                cuts[spec.key] = flat[top:bottom, left:right]
    return cuts


def read_each(cuts: Mapping[str, Pixels]) -> dict[str, str]:
    """One call a field; nothing of one that Tesseract falls over."""
    import pytesseract

    texts: dict[str, str] = {}
    for key, cut in cuts.items():
        with suppress(pytesseract.TesseractError):
            texts[key] = pytesseract.image_to_string(cut, **OPTIONS)
    return texts


def read_list(cuts: Mapping[str, Pixels]) -> dict[str, str]:
    """One call for all; none for nothing, which Tesseract takes for a damaged list. Nothing of any where it falls over
    one: it has died of a division by zero, in the specks of a fax."""
    import pytesseract

    if not cuts:
        return {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = [folder / f"{rank}.pgm" for rank in range(len(cuts))]
        for path, cut in zip(paths, cuts.values(), strict=True):
            cv2.imwrite(str(path), cut)
        listed = folder / "list.txt"
        listed.write_text("".join(f"{path}\n" for path in paths))
        texts: list[str] = []
        with suppress(pytesseract.TesseractError):
            texts = pytesseract.image_to_string(str(listed), **OPTIONS).split("\f")
    return dict(zip(cuts, texts, strict=False))


def load_blanks(scan: Scan) -> None:
    """Prepares what serves every document of the edition, so that no document pays for it."""
    for number in scan.pages:
        blank_features(scan.spec, number)


def render(content: bytes) -> list[Pixels]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "document.pdf").write_bytes(content)
        command = ["pdftoppm", "-gray", "-r", str(DPI), "document.pdf", "page"]
        # It ends with 1 on a damaged file of which it drew some pages or none: then there are no more.
        subprocess.run(command, cwd=folder, check=False, capture_output=True)
        return [cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) for path in sorted(folder.glob("page*.pgm"))]


def laid_naively(sheets: Sequence[Pixels], spec: FormSpec, number: int) -> Pixels:
    """The sheet on which most features agree with the blank's page, warped onto it; as it is where none do."""
    blank = spec.blank_pixels(number, DPI)
    found = [homography(sheet, spec, number) for sheet in sheets]
    best = max(range(len(sheets)), key=lambda rank: found[rank][1])
    matrix = found[best][0]
    shape = blank.shape[::-1]
    flat: Pixels = (
        cv2.resize(sheets[best], shape) if matrix is None else cv2.warpPerspective(sheets[best], matrix, shape)
    )
    return flat


def homography(sheet: Pixels, spec: FormSpec, number: int) -> tuple[np.ndarray | None, int]:
    """From the sheet's pixels to the blank's, and how many features agree on it."""
    here, theirs = features(sheet), blank_features(spec, number)
    if here[1] is None or theirs[1] is None:
        return None, 0
    pairs = sorted(cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(here[1], theirs[1]), key=lambda m: m.distance)
    pairs = pairs[: round(KEPT * len(pairs))]
    if len(pairs) < 4:
        return None, 0
    start = np.array([here[0][pair.queryIdx].pt for pair in pairs], np.float32)
    end = np.array([theirs[0][pair.trainIdx].pt for pair in pairs], np.float32)
    matrix, inliers = cv2.findHomography(start, end, cv2.RANSAC, 5.0)
    return matrix, 0 if matrix is None else int(inliers.sum())


def features(sheet: Pixels) -> tuple[Any, Any]:
    keypoints, descriptors = cv2.ORB_create(FEATURES).detectAndCompute(sheet, None)
    return keypoints, descriptors


@cache
def blank_features(spec: FormSpec, number: int) -> tuple[Any, Any]:
    return features(spec.blank_pixels(number, DPI))
