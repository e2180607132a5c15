"""Single paths through the frames: the best of all, and the best that spells a given text."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from pipeline.ctc import Posteriors


class Run(NamedTuple):
    """One character on the time axis: its class, first frame, frame after the last, and best posterior."""

    label: int
    start: int
    stop: int
    probability: float


def greedy(posteriors: Posteriors, blank: int) -> list[Run]:
    """The characters along the best path: repeats of a class are one character, blanks part them."""
    if not len(posteriors):
        return []
    best = posteriors.argmax(axis=1)
    top = posteriors.max(axis=1)
    starts = np.flatnonzero(np.concatenate(([True], best[1:] != best[:-1])))
    stops = np.append(starts[1:], len(best))
    peaks = np.maximum.reduceat(top, starts)
    runs = zip(best[starts].tolist(), starts.tolist(), stops.tolist(), peaks.tolist(), strict=True)
    return [Run(label, start, stop, peak) for label, start, stop, peak in runs if label != blank]


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
