"""What recognisers of lines share: crops made into a network's input, and its posteriors decoded into text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from pipeline.ctc import Labels, decode
from pipeline.model import Crop, EngineError, Transcript
from pipeline.networks import arithmetic, in_steps
from pipeline.ocr.pruning import UnexpectedModelError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from pipeline.model import Pixels
    from pipeline.networks import LineNetwork

# From a crop's pixels (dark on white, not empty) to a network's input, channels x height x width.
Prepare = Callable[["Pixels"], "NDArray[np.float32]"]


class Recogniser:
    """A network with what it writes; one thread, one crop at a time, those of a width after one another.

    Batches cost more than they save on a processor, because every crop is padded to the widest. least: the width that
    narrower crops are padded to; late: by how many frames it marks a character too far right.
    """

    def __init__(
        self, network: LineNetwork, labels: Labels, prepare: Prepare, *, least: int = 0, late: float = 0.0
    ) -> None:
        self.labels, self.arithmetic = labels, arithmetic(network)
        self._network, self._prepare, self._least, self._late = network, prepare, least, late

    def read(self, crops: Sequence[Crop]) -> list[Transcript]:
        """What is read in each crop; nothing in an empty one. Raises `EngineError` where the network cannot be run."""
        found = [Transcript("")] * len(crops)
        lines = {rank: self._prepare(crop.pixels) for rank, crop in enumerate(crops) if crop.pixels.size}
        for rank in sorted(lines, key=lambda rank: lines[rank].shape[-1]):
            found[rank] = self._read(crops[rank], lines[rank])
        return found

    def _read(self, crop: Crop, line: NDArray[np.float32]) -> Transcript:
        width = line.shape[-1]
        padded: NDArray[np.float32] = np.zeros((1, *line.shape[:-1], in_steps(max(width, self._least))), np.float32)
        padded[..., :width] = line
        return decode(
            self._network(padded),
            self.labels,
            alphabet=crop.alphabet,
            spaces=crop.spaces,
            filled=width / padded.shape[-1],
            late=self._late,
        )


@contextmanager
def said_of(engine: str, path: Path) -> Iterator[None]:
    """What goes wrong with a model's file while an engine is loaded is said of both, as an `EngineError`."""
    try:
        yield
    except (OSError, KeyError, UnexpectedModelError, EngineError) as error:
        raise EngineError(f"{engine}: {path} cannot be used: {error}") from error
