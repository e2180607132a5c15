"""Tesseract with its French model, on crops prepared as it reads them best."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from pipeline.model import Crop, EngineError, Transcript
from pipeline.ocr.tesseract_backends import INSTALL, LANGUAGE, TARGET_DPI, Manner, best_backend

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Pixels
    from pipeline.ocr.tesseract_backends import Backend

# Where distributions put the trained data; TESSDATA_PREFIX comes before them.
DATA_FOLDERS = (
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)
# Page segmentation of a line: "uniform block", whose line finding copes with accents and slant better than "single
# line"; but of short crops "single line" reads more (341 of 360 rendered cells and short numbers, against 333).
LINE_SEGMENTATION, SHORT_SEGMENTATION = 6, 7
SHORT = 5.0
BLUR_SIGMA = 1.0
BORDER = 12
# A bigger crop is no line of a form, and one with more specks than this (print has under 100) is noise, in which
# Tesseract takes ten times as long to find letters that nobody wrote.
GREATEST_PIXELS = 4_000_000
MOST_SPECKS = 1500


class TesseractEngine:
    """Reads prepared crops with the LSTM model; probabilities are Tesseract's own confidences."""

    name = "tesseract"

    def __init__(self, backend: Backend | None = None) -> None:
        self._backend = backend or best_backend(find_data())
        self.version = self._backend.version

    def read(self, crops: Sequence[Crop]) -> list[Transcript]:
        """One transcript a crop; a crop that is empty, too large or mere noise is not tried and gives an empty one."""
        transcripts = [Transcript("")] * len(crops)
        prepared = [(rank, prepare(crop)) for rank, crop in enumerate(crops) if is_readable(crop)]
        images = [image for _, image in prepared]
        manners = [Manner(crops[rank].alphabet, segmentation(image)) for rank, image in prepared]
        found = self._backend.read(images, manners) if images else []
        for (rank, image), transcript in zip(prepared, found, strict=True):
            transcripts[rank] = _limited(_without_border(transcript, image.shape[1]), crops[rank].alphabet)
        return transcripts


def find_data() -> Path:
    """The folder with the French model. Raises `EngineError` saying what to install."""
    prefix = os.environ.get("TESSDATA_PREFIX")
    for folder in (prefix, *DATA_FOLDERS) if prefix else DATA_FOLDERS:
        for candidate in (Path(folder), Path(folder) / "tessdata"):
            if (candidate / f"{LANGUAGE}.traineddata").is_file():
                return candidate
    raise EngineError(f"tesseract: no {LANGUAGE}.traineddata was found; {INSTALL}")


def is_readable(crop: Crop) -> bool:
    """Whether the crop may be given to Tesseract: some ink, not too large, and not all specks."""
    pixels = crop.pixels
    if min(pixels.shape, default=0) < 3 or pixels.size > GREATEST_PIXELS or np.ptp(pixels) < 40:
        return False
    dark = (pixels < (int(pixels.min()) + int(pixels.max())) // 2).astype(np.uint8)
    return int(cv2.connectedComponents(dark)[0]) <= MOST_SPECKS


def prepare(crop: Crop) -> Pixels:
    """The crop as Tesseract reads it best: stretched to pure white, smoothed, reduced, with a white border."""
    low, high = np.percentile(crop.pixels, (1, 90)).tolist()
    span = max(high - low, 1.0)
    stretched = np.clip((crop.pixels.astype(np.float32) - low) * (255 / span), 0, 255).astype(np.uint8)
    smooth = cv2.GaussianBlur(stretched, (0, 0), BLUR_SIGMA)
    scale = min(1.0, TARGET_DPI / crop.dpi)
    height, width = (max(1, round(side * scale)) for side in smooth.shape)
    reduced = cv2.resize(smooth, (width, height), interpolation=cv2.INTER_AREA)
    bordered = np.full((height + 2 * BORDER, width + 2 * BORDER), 255, dtype=np.uint8)
    bordered[BORDER:-BORDER, BORDER:-BORDER] = reduced
    return bordered


def segmentation(image: Pixels) -> int:
    """Tesseract's page segmentation mode for a prepared crop."""
    height, width = (side - 2 * BORDER for side in image.shape)
    return SHORT_SEGMENTATION if width < SHORT * height else LINE_SEGMENTATION


def _without_border(transcript: Transcript, width: int) -> Transcript:
    """Spans in fractions of the prepared image become fractions of the crop."""
    inner = width - 2 * BORDER

    def moved(edge: float) -> float:
        return min(1.0, max(0.0, (edge * width - BORDER) / inner))

    spans = tuple((moved(left), moved(right)) for left, right in transcript.spans)
    return Transcript(transcript.text, transcript.probabilities, spans)


def _limited(transcript: Transcript, alphabet: frozenset[str] | None) -> Transcript:
    """Without characters outside the alphabet: a whitelist does not keep Tesseract from putting spaces."""
    if alphabet is None or alphabet.issuperset(transcript.text):
        return transcript
    kept = [rank for rank, character in enumerate(transcript.text) if character in alphabet]
    return Transcript(
        "".join(transcript.text[rank] for rank in kept),
        tuple(transcript.probabilities[rank] for rank in kept),
        tuple(transcript.spans[rank] for rank in kept) if transcript.spans else (),
    )
