"""Cuts a recogniser's output layer down to the classes that are needed, in memory.

A recogniser of 18,710 classes spends a sixth of its time on characters that no form here holds. Only the last
layer's weights change, so its ONNX file (a protocol buffer) is walked field by field, and the rest copied as it is;
the `onnx` package would do the same for many megabytes more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Field numbers of onnx.proto.
MODEL_GRAPH, MODEL_METADATA = 7, 14
GRAPH_INITIALIZER, GRAPH_OUTPUT, GRAPH_VALUE_INFO = 5, 12, 13
TENSOR_DIMS, TENSOR_TYPE, TENSOR_NAME, TENSOR_RAW_DATA = 1, 2, 8, 9
VALUE_NAME, VALUE_TYPE, TYPE_TENSOR, ELEMENT_TYPE = 1, 2, 1, 1
FLOAT = 1

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5


class UnexpectedModelError(ValueError):
    """The file is not an ONNX model whose last layer can be cut."""


def prune_outputs(model: bytes, classes: int, keep: NDArray[np.int64]) -> bytes:
    """The model with only the outputs `keep`, in that order, of its `classes`.

    Every float tensor whose last dimension is `classes` is taken to belong to the last layer: there must be exactly
    a weight matrix and a bias. Raises `UnexpectedModelError` otherwise.
    """
    out = bytearray()
    graphs = 0
    for number, wire, value in _fields(memoryview(model)):
        graphs += number == MODEL_GRAPH
        out += _field(number, wire, _pruned_graph(value, classes, keep) if number == MODEL_GRAPH else value)
    if graphs != 1:
        raise UnexpectedModelError("not an ONNX model")
    return bytes(out)


def metadata(model: bytes) -> dict[str, str]:
    """The notes that the model carries, such as the list of its characters."""
    entries = (
        [bytes(value).decode() for _, _, value in _fields(entry) if isinstance(value, memoryview)]
        for number, _, entry in _fields(memoryview(model))
        if number == MODEL_METADATA
    )
    return {entry[0]: entry[1] for entry in entries if len(entry) == 2}


def _pruned_graph(graph: memoryview | int, classes: int, keep: NDArray[np.int64]) -> bytes:
    out = bytearray()
    ranks = []
    for number, wire, value in _fields(graph):
        if number == GRAPH_VALUE_INFO:
            continue  # shapes of inner values: optional, and those of the last layer would be wrong
        changed: memoryview | bytes | int = value
        if number == GRAPH_OUTPUT:
            changed = _without_shape(value)
        elif number == GRAPH_INITIALIZER and (dims := _dims(value)) and dims[-1] == classes:
            changed = _pruned_tensor(value, dims, keep)
            ranks.append(len(dims))
        out += _field(number, wire, changed)
    if sorted(ranks) != [1, 2]:
        raise UnexpectedModelError(f"no last layer of {classes} classes")
    return bytes(out)


def _dims(tensor: memoryview | int) -> list[int]:
    return [value for number, wire, value in _fields(tensor) if number == TENSOR_DIMS and isinstance(value, int)]


def _pruned_tensor(tensor: memoryview | int, dims: list[int], keep: NDArray[np.int64]) -> bytes:
    parts = {number: value for number, _, value in _fields(tensor)}
    raw = parts.get(TENSOR_RAW_DATA)
    if parts.get(TENSOR_TYPE) != FLOAT or not isinstance(raw, memoryview):
        raise UnexpectedModelError("the last layer's weights are not plain floats")
    values = np.frombuffer(raw, dtype="<f4").reshape(dims)[..., keep]
    head = b"".join(_field(TENSOR_DIMS, VARINT, size) for size in values.shape)
    name = _field(TENSOR_NAME, BYTES, parts[TENSOR_NAME])
    return head + _field(TENSOR_TYPE, VARINT, FLOAT) + name + _field(TENSOR_RAW_DATA, BYTES, values.tobytes())


def _without_shape(output: memoryview | int) -> bytes:
    """The declaration of an output, a float tensor, without its shape."""
    name = next(value for number, _, value in _fields(output) if number == VALUE_NAME)
    tensor = _field(TYPE_TENSOR, BYTES, _field(ELEMENT_TYPE, VARINT, FLOAT))
    return _field(VALUE_NAME, BYTES, name) + _field(VALUE_TYPE, BYTES, tensor)


def _fields(message: memoryview | int) -> Iterator[tuple[int, int, memoryview | int]]:
    """The fields of a protocol buffer: number, wire type, value (fixed-size ones as their bytes)."""
    if isinstance(message, int):
        raise UnexpectedModelError("a number where a message should be")
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        number, wire = key >> 3, key & 7
        if wire == VARINT:
            value, at = _varint(message, at)
            yield number, wire, value
            continue
        if wire == BYTES:
            size, at = _varint(message, at)
        elif wire in (FIXED32, FIXED64):
            size = 4 if wire == FIXED32 else 8
        else:
            raise UnexpectedModelError(f"wire type {wire}")
        if at + size > len(message):
            raise UnexpectedModelError("the file ends too early")
        yield number, wire, message[at : at + size]
        at += size


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    result = shift = 0
    while True:
        if at >= len(message):
            raise UnexpectedModelError("the file ends too early")
        byte = message[at]
        at += 1
        result |= (byte & 0x7F) << shift
        if byte < 0x80:
            return result, at
        shift += 7


def _field(number: int, wire: int, value: memoryview | bytes | int) -> bytes:
    key = _written_varint(number << 3 | wire)
    if isinstance(value, int):
        return key + _written_varint(value)
    if wire == BYTES:
        return key + _written_varint(len(value)) + bytes(value)
    return key + bytes(value)


def _written_varint(value: int) -> bytes:
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
