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
NOTHING = (0.0, 0.0)


def beam(posteriors: Posteriors, blank: int, *, width: int = BEAM_WIDTH) -> list[tuple[Path, float]]:
    """Texts (as classes) with their whole probability over all paths, likeliest first, at most `width` of them.

    Classes below `BRANCH_FLOOR` are passed over in each frame, so probabilities are slightly low.
    """
    beams: Beams = {(): (1.0, 0.0)}
    scale = 0.0
    for choices in _choices(posteriors):
        beams = _only(beams, *choices[0], blank) if len(choices) == 1 else _step(beams, choices, blank)
        if len(beams) > width:
            beams = dict(sorted(beams.items(), key=lambda item: -(item[1][0] + item[1][1]))[:width])
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


def _only(beams: Beams, label: int, share: float, blank: int) -> Beams:
    """The beams one frame further in which one class alone is worth following."""
    if label == blank:
        return {prefix: ((ended + open_) * share, 0.0) for prefix, (ended, open_) in beams.items()}
    grown: Beams = {}
    for prefix, (ended, open_) in beams.items():
        if prefix and prefix[-1] == label:
            # A text that ends in the label may also be one with this label more, of which that was the last but one.
            before = grown.get(prefix, NOTHING)
            grown[prefix] = before[0], before[1] + open_ * share
        else:
            ended += open_
        if ended:
            longer = (*prefix, label)
            before = grown.get(longer, NOTHING)
            grown[longer] = before[0], before[1] + ended * share
    return grown


def _step(beams: Beams, choices: list[tuple[int, float]], blank: int) -> Beams:
    """The beams one frame further."""
    grown: Beams = {}
    for prefix, (ended, open_) in beams.items():
        last = prefix[-1] if prefix else -1
        total = ended + open_
        for label, share in choices:
            if label == blank:
                before = grown.get(prefix, NOTHING)
                grown[prefix] = before[0] + total * share, before[1]
                continue
            carried = total
            if label == last:
                before = grown.get(prefix, NOTHING)
                grown[prefix] = before[0], before[1] + open_ * share
                carried = ended
            if carried:
                longer = (*prefix, label)
                before = grown.get(longer, NOTHING)
                grown[longer] = before[0], before[1] + carried * share
    return grown
