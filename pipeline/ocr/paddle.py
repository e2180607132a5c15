"""The PP-OCR recogniser whose weights ship inside the rapidocr wheel, run by onnxruntime alone."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from pipeline.ctc import Labels, decode
from pipeline.model import Crop, EngineError, Transcript
from pipeline.ocr.pruning import UnexpectedModelError, metadata, prune_outputs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.model import Pixels

WHEEL = "rapidocr"
MODEL_NAME = "PP-OCRv6_rec_small.onnx"
# What the forms can hold: ASCII, French letters, typographic quotation marks, dashes and signs.
CHARACTERS = (
    "".join(map(chr, range(0x21, 0x7F)))
    + "àâäçéèêëîïíôöóòùûüúÿñáåãõìæœßøÀÂÄÇÉÈÊËÎÏÍÔÖÓÒÙÛÜÚŸÑÁÅÃÕÌÆŒØ"
    + "’‘“”«»–—°ºª²·•…€£§"
)
# The network's input: this many pixels high, at least so wide (the rest is padded), at most so wide (it is squeezed).
HEIGHT = 48
LEAST_WIDTH = 320
GREATEST_WIDTH = 3200


class PaddleEngine:
    """PP-OCRv6 (small) with its output layer cut to `CHARACTERS`; one thread, one crop at a time.

    Batches cost more than they save on a processor, because every crop is padded to the widest.
    """

    name = "paddle"

    def __init__(self) -> None:
        path = _find_model()
        self.version = f"{path.stem} (rapidocr {importlib.metadata.version(WHEEL)})"
        try:
            self._session, self._labels = _load(path)
        except (OSError, UnexpectedModelError, KeyError, RuntimeError) as error:
            raise EngineError(f"paddle: {path} cannot be used: {error}") from error

    def read(self, crops: Sequence[Crop]) -> list[Transcript]:
        return [self._read(crop) for crop in crops]

    def _read(self, crop: Crop) -> Transcript:
        if not crop.pixels.size:
            return Transcript("")
        image, filled = prepare(crop.pixels)
        try:
            posteriors = self._session.run(None, {"x": image})[0][0]
        except RuntimeError as error:
            raise EngineError(f"paddle: {error}") from error
        return decode(posteriors, self._labels, alphabet=crop.alphabet, filled=filled)


def prepare(pixels: Pixels) -> tuple[NDArray[np.float32], float]:
    """The network's input (1 x 3 x 48 x width, -1 to 1) and which share of its width the crop fills."""
    height, width = pixels.shape
    scaled = min(GREATEST_WIDTH, max(1, math.ceil(HEIGHT * width / height)))
    line = cv2.resize(pixels, (scaled, HEIGHT)).astype(np.float32)
    image = np.zeros((1, 3, HEIGHT, max(scaled, LEAST_WIDTH)), dtype=np.float32)
    image[:, :, :, :scaled] = line / 127.5 - 1.0
    return image, scaled / image.shape[-1]


def _find_model() -> Path:
    found = importlib.util.find_spec(WHEEL)
    if found is None or found.origin is None:
        raise EngineError("paddle: the recogniser's weights are missing; install the package `rapidocr`")
    path = Path(found.origin).parent / "models" / MODEL_NAME
    if not path.is_file():
        raise EngineError(f"paddle: {path} is missing; install a `rapidocr` that ships it (3.10 does)")
    return path


def _load(path: Path) -> tuple[Any, Labels]:
    """The session on the cut network, and what its outputs write."""
    try:
        import onnxruntime
    except ImportError as error:
        raise EngineError("paddle: install the package `onnxruntime`") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    model = path.read_bytes()
    known = metadata(model)["character"].split("\n")
    classes = len(known) + 2  # the blank before them, the space after
    kept = [index for index, character in enumerate(known) if character in CHARACTERS]
    keep = np.array([0, *(index + 1 for index in kept), classes - 1])
    session = onnxruntime.InferenceSession(
        prune_outputs(model, classes, keep), options, providers=["CPUExecutionProvider"]
    )
    return session, Labels(("", *(known[index] for index in kept), " "))
