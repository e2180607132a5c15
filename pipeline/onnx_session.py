"""Networks, run by onnxruntime on one thread; those of our own each loaded once a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any


@cache
def session(path: Path) -> Any:
    """The session of a network that is a file of its own."""
    return opened(path)


def opened(model: Path | bytes) -> Any:
    """A session of a network, a file or its content. Raises what onnxruntime does, `ImportError` without it."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
