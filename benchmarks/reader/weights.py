"""Takes up again what was exported: the weights of a reader.onnx back into the network that is trained; and mixes two.

The export has folded every normalisation into the convolution before it. Each gets back here the mean and spread that
`crops` show at its place, and the weights with which it then does what it did: nothing more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from benchmarks.reader.network import Along, Exported, Reader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# How far the probabilities of both may be apart.
SAME = 1e-4
Folded = tuple[nn.Conv2d | nn.Conv1d, nn.BatchNorm2d | nn.BatchNorm1d]


def reader_of(model: Path, ink: Tensor) -> Reader:
    """The reader that was exported to `model`. ink: crops as it reads them (batch x 1 x 40 x width).

    Raises `ValueError` where the model is of another shape than `network.Reader`, or the reader reads otherwise.
    """
    import onnx
    import onnxruntime
    from onnx import numpy_helper

    graph = onnx.load(model).graph
    weights = {each.name: torch.from_numpy(numpy_helper.to_array(each).copy()) for each in graph.initializer}
    reader = Reader()
    kept = {name.removeprefix("reader."): value for name, value in weights.items() if name.startswith("reader.")}
    reader.load_state_dict(kept, strict=False)
    convolved = [node for node in graph.node if node.op_type == "Conv" and not node.input[1].startswith("reader.")]
    pairs = list(folded(reader))
    for (convolution, norm), node in zip(pairs, convolved, strict=True):
        weight, bias = weights[node.input[1]], weights[node.input[2]]
        if convolution.weight.shape != weight.shape:
            raise ValueError(f"{model}: {node.name} is {tuple(weight.shape)}, not {tuple(convolution.weight.shape)}")
        convolution.weight.data.copy_(weight)
        _set(norm, torch.zeros_like(bias), torch.ones_like(bias), bias)
    _measured(reader, pairs, ink)
    before = onnxruntime.InferenceSession(model).run(None, {"ink": ink[:1].numpy()})[0]
    with torch.no_grad():
        off = float((Exported(reader)(ink[:1]) - torch.from_numpy(before)).abs().max())
    if off > SAME:
        raise ValueError(f"{model}: its weights give other probabilities here, by {off:.4f}")
    return reader


def folded(reader: Reader) -> Iterator[Folded]:
    """Each convolution that is normalised, with its normalisation, in the order in which ink goes through them."""
    inside = [each for each in reader.image.modules() if isinstance(each, nn.Conv2d | nn.BatchNorm2d)]
    yield from zip(inside[::2], inside[1::2], strict=True)
    for along in reader.line:
        assert isinstance(along, Along)
        yield along.look, along.norm


def _set(norm: nn.BatchNorm2d | nn.BatchNorm1d, mean: Tensor, variance: Tensor, bias: Tensor) -> None:
    """Lets `norm` add `bias` and do nothing else, as long as what it sees has this mean and variance."""
    assert norm.running_mean is not None and norm.running_var is not None
    norm.running_mean.copy_(mean)
    norm.running_var.copy_(variance)
    norm.weight.data.copy_(torch.sqrt(variance + norm.eps))
    norm.bias.data.copy_(bias + mean)


def _measured(reader: Reader, pairs: list[Folded], ink: Tensor) -> None:
    biases = [norm.bias.detach().clone() for _, norm in pairs]
    seen: dict[int, tuple[Tensor, Tensor]] = {}
    hooks = []
    for rank, (_, norm) in enumerate(pairs):

        def note(_: nn.Module, inputs: tuple[Tensor], rank: int = rank) -> None:
            rest = [axis for axis in range(inputs[0].dim()) if axis != 1]
            seen[rank] = inputs[0].mean(rest), inputs[0].var(rest)

        hooks.append(norm.register_forward_pre_hook(note))
    reader.eval()
    with torch.no_grad():
        reader(ink)
    for hook in hooks:
        hook.remove()
    for rank, (_, norm) in enumerate(pairs):
        _set(norm, *seen[rank], biases[rank])


def mix(start: Path, trained: Path, share: float) -> None:
    """Makes `trained`, which went on from `start`, the mean of both, weight by weight: `share` of it is its own.

    What was learnt first is not forgotten then, and what was learnt since mostly kept
    (https://arxiv.org/abs/2109.01903).
    """
    import onnx
    from onnx import numpy_helper

    before, after = onnx.load(start), onnx.load(trained)
    for old, new in zip(before.graph.initializer, after.graph.initializer, strict=True):
        one, other = numpy_helper.to_array(old), numpy_helper.to_array(new)
        if other.dtype.kind == "f":
            mean = ((1 - share) * one + share * other).astype(other.dtype)
            new.CopyFrom(numpy_helper.from_array(mean, new.name))
    began, goes_on = (_version_of(model) for model in (before, after))
    goes_on.value = f"{began.value.split()[0]}+{goes_on.value.split()[0].rpartition('.')[2]}"
    onnx.save(after, trained)


def _version_of(model: Any) -> Any:
    return next(each for each in model.metadata_props if each.key == "version")
