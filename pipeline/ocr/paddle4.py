"""The PP-OCRv4 recogniser of the older rapidocr wheel: another network with other training, for a second opinion.

It knows fewer French letters (no circumflex, no cedilla), so that it is a witness for letters and digits and never
for accents. Its wheel wants Python below 3.13; where it is missing the engine is left out.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.ctc import Labels, decode
from pipeline.model import Crop, EngineMissingError, Transcript
from pipeline.ocr.paddle import CHARACTERS, prepare

if TYPE_CHECKING:
    from collections.abc import Sequence

WHEEL = "rapidocr_onnxruntime"
MODEL_NAME = "ch_PP-OCRv4_rec_infer.onnx"


class Paddle4Engine:
    """PP-OCRv4 (mobile); one thread, one crop at a time."""

    name = "paddle4"

    def __init__(self) -> None:
        path = _find_model()
        self.version = f"{path.stem} (rapidocr-onnxruntime {importlib.metadata.version('rapidocr-onnxruntime')})"
        self._session = _session(path)
        self._input = self._session.get_inputs()[0].name
        known = [*self._session.get_modelmeta().custom_metadata_map["character"].splitlines(), " "]
        kept = [rank for rank, character in enumerate(known) if character in CHARACTERS or character == " "]
        self._keep = np.array([0, *(rank + 1 for rank in kept)])
        self.labels = Labels(("", *(known[rank] for rank in kept)))

    def read(self, crops: Sequence[Crop]) -> list[Transcript]:
        return [self._read(crop) for crop in crops]

    def _read(self, crop: Crop) -> Transcript:
        if not crop.pixels.size:
            return Transcript("")
        image, filled = prepare(crop.pixels)
        posteriors = self._session.run(None, {self._input: image})[0][0][:, self._keep]
        return decode(posteriors, self.labels, alphabet=crop.alphabet, filled=filled)


def _session(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def _find_model() -> Path:
    found = importlib.util.find_spec(WHEEL)
    if found is None or found.origin is None:
        raise EngineMissingError("paddle4: install the package `rapidocr-onnxruntime` (Python below 3.13)")
    path = Path(found.origin).parent / "models" / MODEL_NAME
    if not path.is_file():
        raise EngineMissingError(f"paddle4: {path} is missing; install `rapidocr-onnxruntime` 1.4.4")
    return path
