"""The PP-OCR recogniser whose weights ship inside the rapidocr wheel, run without the code of that wheel."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import math
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from pipeline.ctc import Labels
from pipeline.model import EngineError
from pipeline.networks import Widths, line_network, swift_line_network
from pipeline.ocr.pruning import metadata, prune_outputs
from pipeline.ocr.recogniser import Recogniser, said_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.model import Crop, Pixels, Transcript

WHEEL = "rapidocr"
MODEL_NAME = "PP-OCRv6_rec_small.onnx"
# What the forms can hold: ASCII, French letters, typographic quotation marks, dashes and signs.
CHARACTERS = (
    "".join(map(chr, range(0x21, 0x7F)))
    + "àâäçéèêëîïíôöóòùûüúÿñáåãõìæœßøÀÂÄÇÉÈÊËÎÏÍÔÖÓÒÙÛÜÚŸÑÁÅÃÕÌÆŒØ"
    + "’‘“”«»–—°ºª²·•…€£§"
)
# The network's input: this many pixels high, at most so wide (it is squeezed).
HEIGHT = 48
# At least so wide: 96 reads as well as the 320 that the network was trained with, and costs less (measured on lone
# cells). It was trained on padded lines, and reads them a little better than others (docs/performance.md, "Sixteen
# bits").
WIDTHS = Widths(least=96, steps=4)
GREATEST_WIDTH = 3200
# The network marks a character so many frames (of eight pixels) right of its middle.
LATE = 0.3


class PaddleEngine:
    """PP-OCRv6 (small) with its output layer cut to `CHARACTERS`. exact: in 32-bit floats on every processor."""

    name = "paddle"

    def __init__(self, *, exact: bool = False) -> None:
        path = find_model()
        with said_of(self.name, path):
            model, self.labels = _cut(path.read_bytes())
            swift = None if exact else swift_line_network(model, WIDTHS)
            network = swift or line_network(model)
        self._recogniser = Recogniser(network, self.labels, prepare, padded=WIDTHS.of, late=LATE)
        release = importlib.metadata.version(WHEEL)
        self.version = f"{path.stem} ({WHEEL} {release}{', bfloat16' if swift else ''})"

    def read(self, crops: Sequence[Crop]) -> list[Transcript]:
        return self._recogniser.read(crops)


def prepare(pixels: Pixels) -> NDArray[np.float32]:
    """The network's input: 3 x 48 x width, -1 to 1."""
    height, width = pixels.shape
    scaled = min(GREATEST_WIDTH, max(1, math.ceil(HEIGHT * width / height)))
    line = cv2.resize(pixels, (scaled, HEIGHT)).astype(np.float32) / 127.5 - 1.0
    return np.broadcast_to(line, (3, *line.shape))


def find_model() -> Path:
    """The recogniser's file inside the wheel. Raises `EngineError` saying what to install."""
    found = importlib.util.find_spec(WHEEL)
    if found is None or found.origin is None:
        raise EngineError("paddle: the recogniser's weights are missing; install the package `rapidocr`")
    path = Path(found.origin).parent / "models" / MODEL_NAME
    if not path.is_file():
        raise EngineError(f"paddle: {path} is missing; install a `rapidocr` that ships it (3.10 does)")
    return path


def _cut(model: bytes) -> tuple[bytes, Labels]:
    """The network with only the outputs that are needed, and what these write."""
    known = metadata(model)["character"].split("\n")
    kept = [index for index, character in enumerate(known) if character in CHARACTERS]
    classes = len(known) + 2  # the blank before them, the space after
    keep = np.array([0, *(index + 1 for index in kept), classes - 1])
    return prune_outputs(model, classes, keep), Labels(("", *(known[index] for index in kept), " "))
