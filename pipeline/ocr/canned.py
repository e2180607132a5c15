"""An engine whose answers are given beforehand: for tests of everything above the engines, without any of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.model import EngineError, Transcript

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pipeline.model import Crop


class CannedEngine:
    """Answers crop after crop from a list, or by a function of the crop; keeps the crops it was shown in `seen`.

    A plain string is answered as surely read, its characters of equal width.
    """

    name = "canned"
    version = "1"

    def __init__(self, answers: Iterable[str | Transcript] | Callable[[Crop], str | Transcript] = ()) -> None:
        self._answer = answers if callable(answers) else _in_turn(answers)
        self.seen: list[Crop] = []

    def read(self, crops: Sequence[Crop]) -> list[Transcript]:
        """Raises `EngineError` when the list of answers is used up."""
        self.seen.extend(crops)
        return [surely(answer) if isinstance(answer := self._answer(crop), str) else answer for crop in crops]


def surely(text: str) -> Transcript:
    """A transcript of `text` with probability 1 throughout."""
    count = len(text)
    spans = tuple((rank / count, (rank + 1) / count) for rank in range(count))
    return Transcript(text, (1.0,) * count, spans, ((text, 1.0),))


def _in_turn(answers: Iterable[str | Transcript]) -> Callable[[Crop], str | Transcript]:
    remaining = iter(answers)

    def answer(_: Crop) -> str | Transcript:
        try:
            return next(remaining)
        except StopIteration:
            raise EngineError("canned: more crops than answers") from None

    return answer
