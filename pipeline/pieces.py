"""The pieces that dark pixels make: what touches, corners included, is one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pipeline.model import Pixels

Mask = NDArray[np.bool_]
Integers = NDArray[np.int32]


@dataclass(frozen=True)
class Pieces:
    """labels: for each pixel the rank of its piece, 0 on the ground. The others have a row for each rank, the ground's
    first. boxes: left, top, width, height; areas: in pixels; centres: x, y."""

    labels: Integers = field(repr=False)
    boxes: Integers = field(repr=False)
    areas: Integers = field(repr=False)
    centres: NDArray[np.float64] = field(repr=False)

    def __len__(self) -> int:
        """How many there are, the ground left out."""
        return len(self.areas) - 1

    @property
    def lefts(self) -> Integers:
        return self.boxes[:, 0]

    @property
    def tops(self) -> Integers:
        return self.boxes[:, 1]

    @property
    def widths(self) -> Integers:
        return self.boxes[:, 2]

    @property
    def heights(self) -> Integers:
        return self.boxes[:, 3]

    def where(self, chosen: Mask) -> Pixels:
        """1 where the chosen pieces are. chosen: one for each rank; what it says of the ground counts for nothing."""
        table = chosen.astype(np.uint8)
        table[0] = 0
        return table.take(self.labels)

    def without(self, unwanted: Mask) -> Pieces:
        """The other pieces; the ground's row stays as it was."""
        kept = ~unwanted
        kept[0] = True
        if kept.all():
            return self
        ranks = np.where(kept, np.cumsum(kept) - 1, 0).astype(np.int32)
        return Pieces(ranks.take(self.labels), self.boxes[kept], self.areas[kept], self.centres[kept])


def pieces_of(dark: Pixels) -> Pieces:
    """The pieces of what is not 0. By Wu's algorithm: OpenCV's default takes three times as long to measure them."""
    _, labels, stats, centres = cv2.connectedComponentsWithStatsWithAlgorithm(dark, 8, cv2.CV_32S, cv2.CCL_WU)
    return Pieces(labels, stats[:, :4], stats[:, cv2.CC_STAT_AREA], centres)
