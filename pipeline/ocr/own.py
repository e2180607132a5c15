"""Our own small recogniser: trained on crops as our own lifting makes them (benchmarks/reader), and run as it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from pipeline.ctc import Labels
from pipeline.networks import line_network
from pipeline.ocr.pruning import metadata
from pipeline.ocr.recogniser import Recogniser, said_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.model import Crop, Pixels, Transcript

MODEL = Path(__file__).parent.parent / "models" / "reader.onnx"
# The network's input: this many pixels high, at least and at most so wide; four columns make a frame.
HEIGHT = 40
LEAST_WIDTH, GREATEST_WIDTH = 24, 2400
STRIDE = 4


class OwnEngine:
    """The network in pipeline/models/reader.onnx; its alphabet is in its metadata."""

    name = "own"

    def __init__(self, model: Path = MODEL) -> None:
        with said_of(self.name, model):
            content = model.read_bytes()
            notes = metadata(content)
            labels = Labels(("", " ", *json.loads(notes["characters"])))
            network = line_network(content)
            self.version = notes["version"]
        self._recogniser = Recogniser(network, labels, lambda pixels: prepare(pixels)[None])

    def read(self, crops: Sequence[Crop]) -> list[Transcript]:
        return self._recogniser.read(crops)


def prepare(pixels: Pixels) -> NDArray[np.float32]:
    """The network's input: ink 0 to 1, `HEIGHT` high, as wide as the crop's shape asks, in whole frames."""
    height, width = pixels.shape
    scaled = min(GREATEST_WIDTH, max(LEAST_WIDTH, round(HEIGHT * width / height)))
    scaled += -scaled % STRIDE
    shrinks = cv2.INTER_AREA if height > HEIGHT else cv2.INTER_LINEAR
    line = cv2.resize(pixels, (scaled, HEIGHT), interpolation=shrinks)
    return np.asarray((255.0 - line) / 255.0, dtype=np.float32)
