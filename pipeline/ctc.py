"""From a recogniser's posteriors to text: connectionist temporal classification, greedy and by prefix beam.

A matrix of posteriors has one row a frame (left to right over the crop) and one column a class; one class is the
blank. What an alphabet forbids is struck out *before* decoding and the rest is not scaled up again: a character that
was only read because the likelier one was forbidden keeps its low probability.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pipeline.model import Transcript

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Posteriors = NDArray[np.float32] | NDArray[np.float64]

# A class with less than this in a frame starts no new branch of the beam.
BRANCH_FLOOR = 0.002
BEAM_WIDTH = 16
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


class Run(NamedTuple):
    """One character on the time axis: its class, first frame, frame after the last, and best posterior."""

    label: int
    start: int
    stop: int
    probability: float


@lru_cache(maxsize=256)
def allowed_classes(labels: Labels, alphabet: frozenset[str] | None) -> NDArray[np.bool_]:
    """True for each class that may be read: the blank, and the characters of `alphabet` (None: all)."""
    allowed = [alphabet is None or not character or character in alphabet for character in labels.characters]
    return np.array(allowed, dtype=np.bool_)


def decode(
    posteriors: Posteriors, labels: Labels, *, alphabet: frozenset[str] | None = None, filled: float = 1.0
) -> Transcript:
    """The likeliest text of a crop with what else it may be.

    posteriors: frames x classes, each row summing to 1 at most. `filled` is the share of the frames' width that the
    crop takes up, the rest being padding: spans are fractions of the crop.
    """
    masked = posteriors * allowed_classes(labels, alphabet)
    runs = greedy(masked, labels.blank)
    path = tuple(run.label for run in runs)
    if masked.max(axis=1, initial=0.0).min(initial=1.0) >= CERTAIN:
        certainty = float(np.prod(masked.max(axis=1, initial=0.0), dtype=np.float64))
        return _transcript(labels, runs, ((labels.text(path), certainty),), len(masked), filled)
    found = beam(masked, labels.blank)
    if found[0][0] != path:
        runs = align(masked, found[0][0], labels.blank)
    candidates = tuple((labels.text(prefix), probability) for prefix, probability in found[:CANDIDATES])
    return _transcript(labels, runs, candidates, len(masked), filled)


def greedy(posteriors: Posteriors, blank: int) -> list[Run]:
    """The characters along the best path: repeats of a class are one character, blanks part them."""
    if not len(posteriors):
        return []
    best = posteriors.argmax(axis=1)
    top = posteriors.max(axis=1)
    starts = np.flatnonzero(np.concatenate(([True], best[1:] != best[:-1])))
    stops = np.append(starts[1:], len(best))
    peaks = np.maximum.reduceat(top, starts)
    return [
        Run(int(best[start]), int(start), int(stop), float(peak))
        for start, stop, peak in zip(starts, stops, peaks, strict=True)
        if best[start] != blank
    ]


def beam(posteriors: Posteriors, blank: int, *, width: int = BEAM_WIDTH) -> list[tuple[tuple[int, ...], float]]:
    """Texts (as classes) with their whole probability over all paths, likeliest first, at most `width` of them.

    Classes below `BRANCH_FLOOR` are passed over in each frame, so probabilities are slightly low.
    """
    beams: dict[tuple[int, ...], tuple[float, float]] = {(): (1.0, 0.0)}
    scale = 0.0
    for choices in _choices(posteriors):
        if len(choices) == 1 and choices[0][0] == blank:
            share = choices[0][1]
            beams = {prefix: ((ended + open_) * share, 0.0) for prefix, (ended, open_) in beams.items()}
        else:
            beams = _step(beams, choices, blank, width)
        total = sum(ended + open_ for ended, open_ in beams.values())
        if total <= 0.0:
            return [((), 0.0)]
        if total < 1e-30:
            beams = {prefix: (ended / total, open_ / total) for prefix, (ended, open_) in beams.items()}
            scale += float(np.log(total))
    factor = float(np.exp(scale))
    found = [(prefix, min(1.0, sum(shares) * factor)) for prefix, shares in beams.items()]
    return sorted(found, key=lambda item: -item[1])


def _choices(posteriors: Posteriors) -> list[list[tuple[int, float]]]:
    """Per frame the classes worth following, with their posterior; always at least the best one."""
    frames: list[list[tuple[int, float]]] = [[] for _ in range(len(posteriors))]
    worth = posteriors >= BRANCH_FLOOR
    worth[np.arange(len(posteriors)), posteriors.argmax(axis=1)] = True
    rows, columns = np.nonzero(worth)
    for row, column, share in zip(rows.tolist(), columns.tolist(), posteriors[rows, columns].tolist(), strict=True):
        frames[row].append((column, share))
    return frames


def _step(
    beams: dict[tuple[int, ...], tuple[float, float]], choices: list[tuple[int, float]], blank: int, width: int
) -> dict[tuple[int, ...], tuple[float, float]]:
    """One frame further; per text the probability of its paths that end in a blank, and in its last character."""
    grown: dict[tuple[int, ...], tuple[float, float]] = {}

    def add(prefix: tuple[int, ...], ended: float, open_: float) -> None:
        before = grown.get(prefix, (0.0, 0.0))
        grown[prefix] = before[0] + ended, before[1] + open_

    for prefix, (ended, open_) in beams.items():
        last = prefix[-1] if prefix else -1
        for label, share in choices:
            if label == blank:
                add(prefix, (ended + open_) * share, 0.0)
            elif label == last:
                add(prefix, 0.0, open_ * share)
                if ended:
                    add((*prefix, label), 0.0, ended * share)
            else:
                add((*prefix, label), 0.0, (ended + open_) * share)
    if len(grown) <= width:
        return grown
    best = sorted(grown.items(), key=lambda item: -(item[1][0] + item[1][1]))[:width]
    return dict(best)


def align(posteriors: Posteriors, path: tuple[int, ...], blank: int) -> list[Run]:
    """Where each character of `path` lies on its single best path through the frames (Viterbi)."""
    if not path:
        return []
    states = np.full(2 * len(path) + 1, blank)
    states[1::2] = path
    with np.errstate(divide="ignore"):
        emitted = np.log(posteriors[:, states].astype(np.float64))
    # A character may follow another one directly unless it is the same one.
    skips = np.zeros(len(states), dtype=np.bool_)
    skips[3::2] = states[3::2] != states[1:-2:2]
    score = np.full(len(states), -np.inf)
    score[:2] = emitted[0, :2]
    back = np.zeros(emitted.shape, dtype=np.int64)
    for frame in range(1, len(emitted)):
        options = np.stack((score, _shifted(score, 1), np.where(skips, _shifted(score, 2), -np.inf)))
        back[frame] = options.argmax(axis=0)
        score = options.max(axis=0) + emitted[frame]
    state = int(len(states) - 1 if score[-1] > score[-2] else len(states) - 2)
    visited = [state]
    for frame in range(len(emitted) - 1, 0, -1):
        state -= int(back[frame, state])
        visited.append(state)
    return _runs_of_states(np.array(visited[::-1]), posteriors, path)


def _runs_of_states(visited: NDArray[np.int64], posteriors: Posteriors, path: tuple[int, ...]) -> list[Run]:
    runs = []
    for rank, label in enumerate(path):
        frames = np.flatnonzero(visited == 2 * rank + 1)
        start, stop = (int(frames[0]), int(frames[-1]) + 1) if len(frames) else (0, 0)
        probability = float(posteriors[start:stop, label].max(initial=0.0))
        runs.append(Run(label, start, stop, probability))
    return runs


def _shifted(values: NDArray[np.float64], by: int) -> NDArray[np.float64]:
    shifted = np.full(len(values), -np.inf)
    shifted[by:] = values[:-by]
    return shifted


def _transcript(
    labels: Labels, runs: list[Run], candidates: tuple[tuple[str, float], ...], frames: int, filled: float
) -> Transcript:
    return Transcript(
        text=labels.text(tuple(run.label for run in runs)),
        probabilities=tuple(min(1.0, run.probability) for run in runs),
        spans=_spans(runs, frames, filled),
        candidates=candidates,
    )


def _spans(runs: list[Run], frames: int, filled: float) -> tuple[tuple[float, float], ...]:
    """The characters' places as fractions of the crop's width.

    A recogniser marks only the middle of a glyph, so the gap between two neighbours is shared half and half.
    """
    if not runs:
        return ()
    inner = [(before.stop + after.start) / 2 for before, after in pairwise(runs)]
    typical = (runs[-1].stop - runs[0].start) / len(runs) / 2
    edges = [runs[0].start - typical, *inner, runs[-1].stop + typical]
    placed = [min(1.0, max(0.0, edge / frames / filled)) for edge in edges]
    return tuple(pairwise(placed))
