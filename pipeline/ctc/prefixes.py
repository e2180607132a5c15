"""The prefix beam: texts with their whole probability, summed over all the ways in which the frames may spell them."""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pipeline.ctc import Posteriors

Path = tuple[int, ...]
# Per text the probability of its paths that end in a blank, and of those that end in its last character.
Beams = dict[Path, tuple[float, float]]
# The classes that a frame may be, with their posteriors.
Choices = dict[int, float]

# A class with less than this in a frame starts no new branch of the beam.
BRANCH_FLOOR = 0.002
BEAM_WIDTH = 16
NOTHING = (0.0, 0.0)


def beam(posteriors: Posteriors, blank: int, *, width: int = BEAM_WIDTH) -> list[tuple[Path, float]]:
    """Texts (as classes) with their whole probability over all paths, likeliest first, at most `width` of them.

    Classes below `BRANCH_FLOOR` are passed over in each frame, so probabilities are slightly low.
    """
    if not posteriors.max(axis=1).all():
        return [((), 0.0)]
    beams: Beams = {(): (1.0, 0.0)}
    scale = 0.0
    for empty, frames in groupby(_choices(posteriors), key=lambda choices: len(choices) == 1 and blank in choices):
        if empty:
            # Every text ends in a blank now, and one is as likely beside the others as before.
            beams = {prefix: (ended + open_, 0.0) for prefix, (ended, open_) in beams.items()}
            scale += sum(math.log(choices[blank]) for choices in frames)
            continue
        for choices in frames:
            beams = _step(beams, choices, blank, width)
            if len(beams) > width:
                beams = dict(sorted(beams.items(), key=lambda item: -(item[1][0] + item[1][1]))[:width])
            total = sum(ended + open_ for ended, open_ in beams.values())
            if total < 1e-30:
                beams = {prefix: (ended / total, open_ / total) for prefix, (ended, open_) in beams.items()}
                scale += math.log(total)
    factor = math.exp(scale)
    found = [(prefix, min(1.0, sum(shares) * factor)) for prefix, shares in beams.items()]
    return sorted(found, key=lambda item: -item[1])


def _choices(posteriors: Posteriors) -> list[Choices]:
    """Per frame the classes worth following, with their posterior; always at least the best one."""
    frames: list[Choices] = [{} for _ in range(len(posteriors))]
    worth = posteriors >= BRANCH_FLOOR
    worth[np.arange(len(posteriors)), posteriors.argmax(axis=1)] = True
    # Several times as quick as `nonzero` of a matrix.
    rows, columns = np.divmod(np.flatnonzero(worth), worth.shape[1])
    for row, column, share in zip(rows.tolist(), columns.tolist(), posteriors[rows, columns].tolist(), strict=True):
        frames[row][column] = share
    return frames


def _step(beams: Beams, choices: Choices, blank: int, width: int) -> Beams:
    """The beams one frame further, without new ones that so many old ones leave behind by the blank alone."""
    ends = choices.get(blank, 0.0)
    letters = sorted(((label, share) for label, share in choices.items() if label != blank), key=lambda each: -each[1])
    least = ends * min(map(sum, beams.values())) if len(beams) >= width else 0.0
    grown: Beams = {}
    for prefix, (ended, open_) in beams.items():
        share = choices.get(prefix[-1], 0.0) if prefix else 0.0
        begun = _carried(beams, prefix) if share else 0.0
        stays = (ended + open_) * ends, (open_ + begun) * share
        if stays != NOTHING:
            grown[prefix] = stays
    for prefix, (ended, open_) in beams.items():
        last = prefix[-1] if prefix else -1
        for label, share in letters:
            # Only behind a blank is a character that comes again another one.
            carried = (ended if label == last else ended + open_) * share
            if carried < least:
                if label == last:
                    continue
                break
            longer = (*prefix, label)
            if carried and longer not in beams:
                grown[longer] = 0.0, carried
    return grown


def _carried(beams: Beams, text: Path) -> float:
    """The probability of what one character more makes this text."""
    ended, open_ = beams.get(text[:-1], NOTHING)
    return ended if text[-1:] == text[-2:-1] else ended + open_
