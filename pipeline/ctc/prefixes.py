"""The prefix beam: texts with their whole probability, summed over all the ways in which the frames may spell them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pipeline.ctc import Posteriors

Path = tuple[int, ...]
# Per text the probability of its paths that end in a blank, and of those that end in its last character.
Beams = dict[Path, tuple[float, float]]

# A class with less than this in a frame starts no new branch of the beam.
BRANCH_FLOOR = 0.002
BEAM_WIDTH = 16


def beam(posteriors: Posteriors, blank: int, *, width: int = BEAM_WIDTH) -> list[tuple[Path, float]]:
    """Texts (as classes) with their whole probability over all paths, likeliest first, at most `width` of them.

    Classes below `BRANCH_FLOOR` are passed over in each frame, so probabilities are slightly low.
    """
    beams: Beams = {(): (1.0, 0.0)}
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


def _step(beams: Beams, choices: list[tuple[int, float]], blank: int, width: int) -> Beams:
    """The beams one frame further."""
    grown: Beams = {}

    def add(prefix: Path, ended: float, open_: float) -> None:
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
