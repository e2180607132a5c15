"""From a recogniser's posteriors to text: connectionist temporal classification, greedy and by prefix beam.

A matrix of posteriors has one row a frame (left to right over the crop) and one column a class; one class is the
blank. What an alphabet forbids is struck out *before* decoding and the rest is not scaled up again: a character that
was only read because the likelier one was forbidden keeps its low probability.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from pipeline.ctc.paths import Run, align, greedy
from pipeline.ctc.prefixes import beam
from pipeline.model import Transcript

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Posteriors = NDArray[np.float32] | NDArray[np.float64]

CANDIDATES = 8
# Frames whose best class has at least this much cannot change the text: with nothing below it, no beam is run.
CERTAIN = 0.995


@dataclass(frozen=True)
class Labels:
    """What each class of a recogniser writes, in the order of its columns; the blank's entry is ""."""

    characters: tuple[str, ...]

    @property
    def blank(self) -> int:
        return self.characters.index("")

    def text(self, path: tuple[int, ...]) -> str:
        return "".join(self.characters[label] for label in path)


@lru_cache(maxsize=256)
def allowed_classes(labels: Labels, alphabet: frozenset[str] | None) -> NDArray[np.bool_]:
    """True for each class that may be read: the blank, and the characters of `alphabet` (None: all)."""
    allowed = [alphabet is None or not character or character in alphabet for character in labels.characters]
    return np.array(allowed, dtype=np.bool_)


def decode(
    posteriors: Posteriors,
    labels: Labels,
    *,
    alphabet: frozenset[str] | None = None,
    spaces: bool = True,
    filled: float = 1.0,
    late: float = 0.0,
) -> Transcript:
    """The likeliest text of a crop, with what else it may be.

    posteriors: frames x classes, each row summing to 1 at most. spaces: False where a space is nothing, as the gap
    between two cells of a comb is; it then counts as the blank. `filled` is the share of the frames' width that the
    crop takes up, the rest being padding: spans are fractions of the crop. `late` is by how many frames the
    recogniser marks a character too far right.
    """
    masked = posteriors * allowed_classes(labels, alphabet)
    if not spaces and " " in labels.characters:
        space = labels.characters.index(" ")
        masked[:, labels.blank] += posteriors[:, space]
        masked[:, space] = 0
    if not len(masked):
        return Transcript("")
    runs = greedy(masked, labels.blank)
    path = tuple(run.label for run in runs)
    best = masked.max(axis=1)
    if best.min() >= CERTAIN:
        found = [(path, float(best.prod(dtype=np.float64)))]
    else:
        found = beam(masked, labels.blank)
        if found[0][0] != path:
            runs = align(masked, found[0][0], labels.blank)
    return Transcript(
        text=labels.text(found[0][0]),
        probabilities=probabilities(masked, runs, labels.blank),
        spans=spans(runs, late, len(masked) * filled),
        candidates=tuple((labels.text(prefix), probability) for prefix, probability in found[:CANDIDATES]),
    )


def probabilities(posteriors: Posteriors, runs: list[Run], blank: int) -> tuple[float, ...]:
    """Per character its best posterior, but no more than what speaks for there being nothing else beside it.

    In the frames between two characters only the blank or either of the two fits the text. What another character
    has there, or what the alphabet struck out, is a letter that may be left out, and both neighbours bear it.
    """
    if not runs:
        return ()
    starts = np.array([run.start for run in runs])
    stops = np.array([0, *(run.stop for run in runs)])
    frames = np.arange(len(posteriors))
    before = np.searchsorted(starts, frames, side="right")
    padded = np.array([blank, *(run.label for run in runs), blank])
    left, right = padded[before], padded[before + 1]
    fitting = posteriors[:, blank] + np.where(left != blank, posteriors[frames, left], 0)
    fitting = fitting + np.where((right != blank) & (right != left), posteriors[frames, right], 0)
    inside = (before > 0) & (frames < stops[before])
    gaps = np.ones(len(runs) + 1)
    np.minimum.at(gaps, before, np.where(inside, 1.0, fitting))
    return tuple(min(run.probability, *pair) for run, pair in zip(runs, pairwise(gaps.tolist()), strict=True))


def spans(runs: list[Run], late: float, frames: float) -> tuple[tuple[float, float], ...]:
    """The characters' places as fractions of the crop's width, which is `frames` wide.

    A recogniser marks only the middle of a glyph, so the gap between two neighbours is shared half and half.
    """
    if not runs:
        return ()
    inner = [(before.stop + after.start) / 2 for before, after in pairwise(runs)]
    typical = (runs[-1].stop - runs[0].start) / len(runs) / 2
    edges = [runs[0].start - typical, *inner, runs[-1].stop + typical]
    placed = [min(1.0, max(0.0, (edge - late) / frames)) for edge in edges]
    return tuple(pairwise(placed))
