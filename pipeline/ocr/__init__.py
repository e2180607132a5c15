"""The OCR engines, by name. An engine is one class with one method, `read`, and one row in `ENGINES`."""

from __future__ import annotations

from functools import cache, partial
from typing import TYPE_CHECKING

from pipeline.model import EngineError
from pipeline.ocr.canned import CannedEngine
from pipeline.ocr.own import OwnEngine
from pipeline.ocr.paddle import PaddleEngine
from pipeline.ocr.tesseract import TesseractEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.model import OcrEngine

__all__ = ["ENGINES", "CannedEngine", "OwnEngine", "PaddleEngine", "TesseractEngine", "load_engines"]

ENGINES: dict[str, Callable[[], OcrEngine]] = {
    "own": OwnEngine,
    "paddle": PaddleEngine,
    "paddle-exact": partial(PaddleEngine, exact=True),
    "tesseract": TesseractEngine,
}


def load_engines(names: Sequence[str]) -> tuple[OcrEngine, ...]:
    """The engines of these names, in this order, each started once a process.

    Raises `EngineError` for a name that is not in `ENGINES`, and for an engine that cannot start.
    """
    return tuple(_engine(name) for name in names)


@cache
def _engine(name: str) -> OcrEngine:
    if name not in ENGINES:
        raise EngineError(f"no OCR engine is called {name!r}; there are: {', '.join(ENGINES)}")
    return ENGINES[name]()
