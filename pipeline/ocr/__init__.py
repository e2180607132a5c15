"""The OCR engines, by name. An engine is one class with one method, `read`, and one row in `ENGINES`."""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING

from pipeline.model import EngineError, EngineMissingError
from pipeline.ocr.canned import CannedEngine
from pipeline.ocr.paddle import PaddleEngine
from pipeline.ocr.paddle4 import Paddle4Engine
from pipeline.ocr.tesseract import TesseractEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.model import OcrEngine

__all__ = ["ENGINES", "CannedEngine", "Paddle4Engine", "PaddleEngine", "TesseractEngine", "load_engines"]

logger = logging.getLogger(__name__)

ENGINES: dict[str, Callable[[], OcrEngine]] = {
    "paddle": PaddleEngine,
    "paddle4": Paddle4Engine,
    "tesseract": TesseractEngine,
}


def load_engines(names: Sequence[str]) -> tuple[OcrEngine, ...]:
    """The engines of these names, in this order, each started once a process.

    One that only adds an opinion and is not installed is left out, with a warning. Raises `EngineError` for a name that
    is not in `ENGINES`, and for an engine that cannot start.
    """
    started = []
    for name in names:
        try:
            started.append(_engine(name))
        except EngineMissingError as error:
            logger.warning("%s; left out: more documents go to review", error)
    if not started:
        raise EngineError("no OCR engine could be started")
    return tuple(started)


@cache
def _engine(name: str) -> OcrEngine:
    if name not in ENGINES:
        raise EngineError(f"no OCR engine is called {name!r}; there are: {', '.join(ENGINES)}")
    return ENGINES[name]()
