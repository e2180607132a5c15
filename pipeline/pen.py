"""Whether a pen or a machine wrote a line: by its strokes, not by whether it can be read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING

import cv2
import numpy as np

from pipeline.networks import session

if TYPE_CHECKING:
    from pipeline.model import Pixels

MODEL = Path(__file__).parent / "models" / "pen.onnx"
# The network's input: so many pixels high; wider lines are cut, and narrow ones repeated.
HEIGHT, NARROWEST, WIDEST = 40, 160, 1200
# From this probability on, of pen or of print, its word is taken (benchmarks/reader/README.md has the error rates).
CERTAIN = 0.95
# A line is type when a pen has at most this probability. From DOUBTFUL_TYPE on its own word is taken, for a hand may
# add to what is typed; but where its letters are alike.
TYPE, DOUBTFUL_TYPE = 0.5, 0.7
# What one person fills is judged together: the log odds of a section's other words, within SUREST either way, count on
# average as much as a line's own, and its letters' unlikeness so many times the distance of its logarithm from a bound,
# within MOST_ALIKE and MOST_UNLIKE. Derived in docs/design/confidence.md; so is what that makes of lines.
SUREST, LEAST_WORDS = 4.0, 2
UNLIKENESS_COUNTS, AS_UNLIKE, LEAST_UNLIKE, MOST_ALIKE, MOST_UNLIKE = 6.0, -2.75, 0.005, -8.0, 5.0
ALIKE = -1.0


def by_section(pen: float, words: Sequence[float]) -> float:
    """The log odds that a pen wrote a line, by the line itself and the other `words` of its section."""
    return _log_odds(pen) + (fmean(map(_log_odds, words)) if len(words) >= LEAST_WORDS else 0.0)


def is_settled(odds: float) -> bool:
    """Whether these log odds stay what they are whatever the letters say."""
    return odds <= -MOST_UNLIKE or odds >= -MOST_ALIKE


def by_letters(unlikeness: float | None) -> float:
    """The log odds that a pen wrote a line by how unlike its letters are (`pipeline/glyphs/alike_letters.py`)."""
    if unlikeness is None:
        return 0.0
    odds = UNLIKENESS_COUNTS * (math.log(LEAST_UNLIKE + unlikeness) - AS_UNLIKE)
    return min(MOST_UNLIKE, max(MOST_ALIKE, odds))


def within_section(pen: float, words: Sequence[float], unlikeness: float | None, own: float = DOUBTFUL_TYPE) -> float:
    """How probable it is that a pen wrote a line, by the line itself, the other `words` of its section, and its
    letters.

    own: from where on its own word is taken.
    """
    letters = by_letters(unlikeness)
    if pen > own and letters > ALIKE:
        return pen
    return 1.0 / (1.0 + math.exp(-(by_section(pen, words) + letters)))


def _log_odds(probability: float) -> float:
    least = 1.0 / (1.0 + math.exp(SUREST))
    bounded = min(max(probability, least), 1.0 - least)
    return math.log(bounded / (1.0 - bounded))


def pen_probability(ink: Pixels) -> float:
    """How probable it is that a pen wrote this line, 0 to 1. ink: darkness 0 to 255, trimmed, any size."""
    height, width = ink.shape
    line = cv2.resize(ink, (max(16, round(HEIGHT * width / height)), HEIGHT), interpolation=cv2.INTER_AREA)
    line = np.tile(line, (1, -(-NARROWEST // line.shape[1])))[:, :WIDEST]
    found = session(MODEL).run(None, {"ink": line[None, None].astype(np.float32) / 255.0})[0]
    return float(np.ravel(found)[0])
