"""What recognisers of lines share: crops made into a network's input, and its posteriors decoded into text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from pipeline.ctc import Labels, decode
from pipeline.model import Crop, EngineError, Transcript
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

    Batches cost more than they save on a processor, because every crop is padded to the widest. padded: to which width
    a crop of this width is padded; late: by how many frames the network marks a character too far right.
    """

    def __init__(
        self,
        network: LineNetwork,
        labels: Labels,
        prepare: Prepare,
        *,
        padded: Callable[[int], int] = lambda width: width,
        late: float = 0.0,
    ) -> None:
        self._network, self._labels, self._prepare, self._padded, self._late = network, labels, prepare, padded, late

    def read(self, crops: Sequence[Crop]) -> list[Transcript]:
        """What is read in each crop; nothing in an empty one. Raises `EngineError` where the network cannot be run."""
        found = [Transcript("")] * len(crops)
        lines = {rank: self._prepare(crop.pixels) for rank, crop in enumerate(crops) if crop.pixels.size}
        for rank in sorted(lines, key=lambda rank: lines[rank].shape[-1]):
            found[rank] = self._read(crops[rank], lines[rank])
        return found

    def _read(self, crop: Crop, line: NDArray[np.float32]) -> Transcript:
        width = line.shape[-1]
        shown: NDArray[np.float32] = np.zeros((1, *line.shape[:-1], self._padded(width)), np.float32)
        shown[..., :width] = line
        return decode(
            self._network(shown),
            self._labels,
            alphabet=crop.alphabet,
            spaces=crop.spaces,
            filled=width / shown.shape[-1],
            late=self._late,
        )


@contextmanager
def said_of(engine: str, path: Path) -> Iterator[None]:
    """What goes wrong with a model's file while an engine is loaded is said of both, as an `EngineError`."""
    try:
        yield
    except (OSError, KeyError, UnexpectedModelError, EngineError) as error:
        raise EngineError(f"{engine}: {path} cannot be used: {error}") from error
