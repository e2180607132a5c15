"""Networks, each on one thread.

Our own are run by onnxruntime. PP-OCR, which reads lines, is half of what a page costs so, and a processor that reckons
in bfloat16 (Intel's with AMX, and AVX-512 of some makes) runs it three times as fast in it: there OpenVINO does. What
that changes in a reading, and why our own reader is left out, is in docs/performance.md ("Sixteen bits").
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.model import EngineError

if TYPE_CHECKING:
    from numpy.typing import NDArray

# From a line (1 x channels x height x width) to frames x classes.
LineNetwork = Callable[["NDArray[np.float32]"], "NDArray[np.float32]"]

# Widths come in steps: to make ready for a width that was not there yet costs OpenVINO ten readings, and some memory.
STEP = 16
# Made ready beforehand, up to this width: wider lines are few.
READY = 1024


@dataclass(frozen=True)
class Widths:
    """Which widths lines are padded to. least: the narrowest; steps: half as many at least are in each doubling. The
    more, the less is padded, and the more must be made ready."""

    least: int
    steps: int

    def of(self, width: int) -> int:
        """The least of them that is no less than this."""
        wanted, step = max(width, self.least), STEP
        while wanted > step * self.steps:
            step *= 2
        return -(-wanted // step) * step

    def ready(self) -> list[int]:
        """Those that are made ready beforehand."""
        return sorted({self.of(width) for width in range(self.least, READY + 1)})


@cache
def session(path: Path) -> Any:
    """The session of a small network that is a file of its own."""
    return _opened(path)


def line_network(model: bytes) -> LineNetwork:
    """A network that reads lines, in 32-bit floats.

    Raises `EngineError` where the model cannot be used, and the network does where it cannot be run.
    """
    return _ThirtyTwoBits(model)


def swift_line_network(model: bytes, widths: Widths) -> LineNetwork | None:
    """The same in bfloat16, made ready for these widths; None where the processor does not reckon in it."""
    core = _bfloat16_core()
    return _SixteenBits(core, model, widths) if core else None


class _ThirtyTwoBits:
    """By onnxruntime."""

    def __init__(self, model: bytes) -> None:
        try:
            import onnxruntime  # noqa: F401 - asked for by itself, so that it is known to be there
            from onnxruntime.capi import onnxruntime_pybind11_state as state
        except ImportError as error:
            raise EngineError("install the package `onnxruntime`") from error
        # Its own exceptions have no base class but `Exception`.
        self._theirs = (
            state.Fail,
            state.InvalidArgument,
            state.InvalidGraph,
            state.InvalidProtobuf,
            state.RuntimeException,
        )
        try:
            self._session = _opened(model)
        except self._theirs as error:
            raise EngineError(str(error)) from error
        self._input = self._session.get_inputs()[0].name

    def __call__(self, lines: NDArray[np.float32]) -> NDArray[np.float32]:
        try:
            found: NDArray[np.float32] = self._session.run(None, {self._input: lines})[0][0]
        except self._theirs as error:
            raise EngineError(f"a network failed: {error}") from error
        return found


class _SixteenBits:
    """By OpenVINO. It is told to start no thread of its own, for a document's process is a fork of this one."""

    def __init__(self, core: Any, model: bytes, widths: Widths) -> None:
        told = {
            "INFERENCE_PRECISION_HINT": "bf16",
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_NUM_THREADS": 1,
            "NUM_STREAMS": 1,
        }
        from openvino import Tensor

        self._tensor = Tensor
        try:
            compiled = core.compile_model(core.read_model(model), "CPU", told)
        except RuntimeError as error:
            raise EngineError(str(error)) from error
        self._request = compiled.create_infer_request()
        _, channels, height, _ = compiled.input(0).get_partial_shape()
        shape = (1, channels.get_length(), height.get_length())
        for width in widths.ready():
            self(np.zeros((*shape, width), np.float32))

    def __call__(self, lines: NDArray[np.float32]) -> NDArray[np.float32]:
        try:
            # As it lies in memory: to have it looked through and copied takes a tenth of the time.
            self._request.set_input_tensor(self._tensor(lines, shared_memory=True))
            self._request.infer()
            found: NDArray[np.float32] = self._request.get_output_tensor(0).data[0].copy()
        except RuntimeError as error:
            raise EngineError(f"a network failed: {error}") from error
        return found


def _opened(model: Path | bytes) -> Any:
    """A session of a network, a file or its content. Raises what onnxruntime does, `ImportError` without it."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


@cache
def _bfloat16_core() -> Any:
    """OpenVINO, where it is installed and the processor reckons in bfloat16; None otherwise."""
    try:
        from openvino import Core
    except ImportError:
        return None
    core = Core()
    return core if "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES") else None
