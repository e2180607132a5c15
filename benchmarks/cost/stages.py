"""CPU time by stage of our way, measured from outside: the pipeline itself carries no clock."""

from __future__ import annotations

import resource
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from pipeline import identify, process, read, register
from pipeline.model import Crop, OcrEngine, Transcript
from pipeline.witnesses import testimony as witnesses

# Stages by the functions that make them: whatever one calls of another is that other's.
STAGES: dict[str, tuple[tuple[ModuleType, str], ...]] = {
    "open": ((process, "open_document"),),
    "identify": ((process, "identify"),),
    "register": ((identify, "describe"), (identify, "match"), (identify, "lay"), (identify, "even_out")),
    "lift": ((read, "lift"), (register, "black_level")),
    "lines": ((read, "lines_of"), (witnesses, "renderings"), (witnesses, "inked_cells")),
    "marks": ((read, "read_choice"), (read, "read_signature")),
    "decide": ((process, "validate"), (process, "decide"), (process, "decided_record")),
}


def cpu_seconds() -> float:
    """User and system time until now, of this process and of the children that it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


@dataclass
class Stages:
    """CPU seconds by stage. Of stages in one another each has its own: what an inner one takes is not the outer's."""

    clock: Callable[[], float]
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    _inner: list[float] = field(default_factory=list)

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        self._inner.append(0.0)
        began = self.clock()
        try:
            yield
        finally:
            whole = self.clock() - began
            self.seconds[stage] += whole - self._inner.pop()
            if self._inner:
                self._inner[-1] += whole

    def following(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def followed(*arguments: Any, **named: Any) -> Any:
            with self.timed(stage):
                return function(*arguments, **named)

        return followed

    @contextmanager
    def everywhere(self) -> Iterator[None]:
        """While it lasts, each function of `STAGES` is timed."""
        plain = [(module, name, getattr(module, name)) for places in STAGES.values() for module, name in places]
        for stage, places in STAGES.items():
            for module, name in places:
                setattr(module, name, self.following(stage, getattr(module, name)))
        try:
            yield
        finally:
            for module, name, function in plain:
                setattr(module, name, function)


class FollowedEngine:
    """An engine whose time is its own stage."""

    def __init__(self, engine: OcrEngine, stages: Stages) -> None:
        self.name, self.version = engine.name, engine.version
        self._engine, self._stages = engine, stages

    def read(self, crops: Sequence[Crop]) -> list[Transcript]:
        with self._stages.timed(self.name):
            return self._engine.read(crops)
