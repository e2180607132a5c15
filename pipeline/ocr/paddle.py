"""The PP-OCR recogniser whose weights ship inside the rapidocr wheel, run by onnxruntime alone."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import math
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from pipeline.ctc import Labels, decode
from pipeline.model import Crop, EngineError, Transcript
from pipeline.ocr.pruning import UnexpectedModelError, metadata, prune_outputs
from pipeline.onnx_session import opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
# Narrower crops cost less, and 96 read as well as the 320 that the network was trained with (measured on lone cells).
LEAST_WIDTH = 96
GREATEST_WIDTH = 3200
# The network marks a character so many frames (of eight pixels) right of its middle.
LATE = 0.3


class PaddleEngine:
    """PP-OCRv6 (small) with its output layer cut to `CHARACTERS`; one thread, one crop at a time.

    Batches cost more than they save on a processor, because every crop is padded to the widest.
    """

    name = "paddle"

    def __init__(self) -> None:
        path = find_model()
        self.version = f"{path.stem} (rapidocr {importlib.metadata.version(WHEEL)})"
        self._session, self.labels = _load(path)

    def read(self, crops: Sequence[Crop]) -> list[Transcript]:
        return [self._read(crop) for crop in crops]

    def _read(self, crop: Crop) -> Transcript:
        if not crop.pixels.size:
            return Transcript("")
        image, filled = prepare(crop.pixels)
        with _their_errors_as_ours():
            posteriors = self._session.run(None, {"x": image})[0][0]
        return decode(posteriors, self.labels, alphabet=crop.alphabet, spaces=crop.spaces, filled=filled, late=LATE)


def prepare(pixels: Pixels) -> tuple[NDArray[np.float32], float]:
    """The network's input (1 x 3 x 48 x width, -1 to 1) and which share of its width the crop fills."""
    height, width = pixels.shape
    scaled = min(GREATEST_WIDTH, max(1, math.ceil(HEIGHT * width / height)))
    line = cv2.resize(pixels, (scaled, HEIGHT)).astype(np.float32)
    image = np.zeros((1, 3, HEIGHT, max(scaled, LEAST_WIDTH)), dtype=np.float32)
    image[:, :, :, :scaled] = line / 127.5 - 1.0
    return image, scaled / image.shape[-1]


def find_model() -> Path:
    """The recogniser's file inside the wheel. Raises `EngineError` saying what to install."""
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
        model = path.read_bytes()
        known = metadata(model)["character"].split("\n")
        kept = [index for index, character in enumerate(known) if character in CHARACTERS]
        classes = len(known) + 2  # the blank before them, the space after
        keep = np.array([0, *(index + 1 for index in kept), classes - 1])
        pruned = prune_outputs(model, classes, keep)
        with _their_errors_as_ours():
            session = opened(pruned)
    except ImportError as error:
        raise EngineError("paddle: install the package `onnxruntime`") from error
    except (OSError, KeyError, UnexpectedModelError) as error:
        raise EngineError(f"paddle: {path} cannot be used: {error}") from error
    return session, Labels(("", *(known[index] for index in kept), " "))


@contextmanager
def _their_errors_as_ours() -> Iterator[None]:
    """onnxruntime's own exceptions, which have no base class but `Exception`, become `EngineError`."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state

    theirs = (state.Fail, state.InvalidArgument, state.InvalidGraph, state.InvalidProtobuf, state.RuntimeException)
    try:
        yield
    except theirs as error:
        raise EngineError(f"paddle: {error}") from error
