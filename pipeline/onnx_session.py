"""Small networks of our own, each loaded once a process and run on one thread."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any


@cache
def session(path: Path) -> Any:
    """The onnxruntime session of a network."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
