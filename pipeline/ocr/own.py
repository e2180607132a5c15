"""Our own small recogniser: trained on crops as our own lifting makes them (benchmarks/reader), run by onnxruntime."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from pipeline.ctc import Labels, decode
from pipeline.model import Crop, EngineError, Transcript
from pipeline.onnx_session import session

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.model import Pixels

MODEL = Path(__file__).parent.parent / "models" / "reader.onnx"
# The network's input: this many pixels high, at least and at most so wide; four columns make a frame.
HEIGHT = 40
LEAST_WIDTH, GREATEST_WIDTH = 24, 2400
STRIDE = 4


class OwnEngine:
    """The network in pipeline/models/reader.onnx; one thread, one crop at a time. Its alphabet is in its metadata."""

    name = "own"

    def __init__(self, model: Path = MODEL) -> None:
        self._session, notes = _load(model)
        self.labels = Labels(("", " ", *json.loads(notes["characters"])))
        self.version = notes["version"]

    def read(self, crops: Sequence[Crop]) -> list[Transcript]:
        return [self._read(crop) for crop in crops]

    def _read(self, crop: Crop) -> Transcript:
        if not crop.pixels.size:
            return Transcript("")
        posteriors = self.posteriors(crop.pixels)
        return decode(posteriors, self.labels, alphabet=crop.alphabet, spaces=crop.spaces)

    def posteriors(self, pixels: Pixels) -> NDArray[np.float32]:
        """Frames x classes: how probable each character is in each frame of the crop."""
        found: NDArray[np.float32] = self._session.run(None, {"ink": prepare(pixels)[None, None]})[0][0]
        return found


def prepare(pixels: Pixels) -> NDArray[np.float32]:
    """The network's input: ink 0 to 1, `HEIGHT` high, as wide as the crop's shape asks, in whole frames."""
    height, width = pixels.shape
    scaled = min(GREATEST_WIDTH, max(LEAST_WIDTH, round(HEIGHT * width / height)))
    scaled += -scaled % STRIDE
    shrinks = cv2.INTER_AREA if height > HEIGHT else cv2.INTER_LINEAR
    line = cv2.resize(pixels, (scaled, HEIGHT), interpolation=shrinks)
    return np.asarray((255.0 - line) / 255.0, dtype=np.float32)


def _load(path: Path) -> tuple[Any, dict[str, str]]:
    """The session and the model's notes. Raises `EngineError` saying what is missing."""
    try:
        from onnxruntime.capi import onnxruntime_pybind11_state as state
    except ImportError as error:
        raise EngineError("own: install the package `onnxruntime`") from error
    theirs = (state.Fail, state.InvalidArgument, state.InvalidGraph, state.InvalidProtobuf, state.NoSuchFile)
    try:
        found = session(path)
        return found, found.get_modelmeta().custom_metadata_map
    except theirs as error:
        raise EngineError(f"own: {path} cannot be used: {error}") from error
