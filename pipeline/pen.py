"""Whether a pen or a machine wrote a line: by its strokes, not by whether it can be read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from statistics import fmean, median
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
# A line is type when a pen has at most this probability; or DOUBTFUL_TYPE, on a page of whose other lines half or more,
# and three at least, are plainly typed. Of 9,710 generated lines by hand 47 have such company; 4 in 100 typed ones
# have more than TYPE in it, 1.6 more than DOUBTFUL_TYPE. Of lines by hand themselves 7 and 11 in 100 have less.
TYPE, DOUBTFUL_TYPE, PLAIN_TYPE, COMPANY = 0.5, 0.7, 0.2, 3

# An address is judged by its section, which one person writes: the log odds of its other words, within SUREST either
# way, count on average so many times as much as its own. Of 2,567 typed addresses 62 are taken for a hand's that way,
# by themselves or as above 76; of 1,618 by hand 55 for type, before 58 (docs/design/confidence.md).
SECTION_COUNTS, SUREST, LEAST_WORDS = 2.0, 4.0, 2


def among(pen: float, others: Sequence[float]) -> float:
    """How probable it is that a pen wrote a line, by the line itself (`pen`) and by the `others` of its page."""
    typed_page = len(others) >= COMPANY and median(others) <= PLAIN_TYPE
    return min(pen, TYPE) if typed_page and pen <= DOUBTFUL_TYPE else pen


def within_section(pen: float, words: Sequence[float], own: float) -> float:
    """How probable it is that a pen wrote a line, by the line itself and by the other `words` of its section.

    own: from where on its own word is taken, for a hand may add to what is typed.
    """
    if len(words) < LEAST_WORDS or pen > own:
        return pen
    odds = _log_odds(pen) + SECTION_COUNTS * fmean(map(_log_odds, words))
    return 1.0 / (1.0 + math.exp(-odds))


def _log_odds(probability: float) -> float:
    least = 1.0 / (1.0 + math.exp(SUREST))
    bounded = min(max(probability, least), 1.0 - least)
    return math.log(bounded / (1.0 - bounded))


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
