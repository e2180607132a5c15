"""Whether a pen or a machine wrote a line: by its strokes, not by whether it can be read."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from pipeline.model import Pixels

MODEL = Path(__file__).parent / "models" / "pen.onnx"
# The network's input: so many pixels high; wider lines are cut, and narrow ones repeated.
HEIGHT, NARROWEST, WIDEST = 40, 160, 1200
# From this probability on, of pen or of print, its word is taken (benchmarks/reader/README.md has the error rates).
CERTAIN = 0.95
# A line is type when a pen has at most this probability.
TYPE = 0.5


def pen_probability(ink: Pixels) -> float:
    """How probable it is that a pen wrote this line, 0 to 1. ink: darkness 0 to 255, trimmed, any size."""
    height, width = ink.shape
    line = cv2.resize(ink, (max(16, round(HEIGHT * width / height)), HEIGHT), interpolation=cv2.INTER_AREA)
    line = np.tile(line, (1, -(-NARROWEST // line.shape[1])))[:, :WIDEST]
    found = _session(MODEL).run(None, {"ink": line[None, None].astype(np.float32) / 255.0})[0]
    return float(np.ravel(found)[0])


@cache
def _session(path: Path) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
