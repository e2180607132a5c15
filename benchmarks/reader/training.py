"""What the trainings of the small networks share: a time to learn in, a falling rate, and the file that is shipped."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from random import Random
from typing import TypeVar

import cv2
import numpy as np
import torch
from torch import Tensor, nn

Example = TypeVar("Example")
Network = TypeVar("Network", bound=nn.Module)

BATCH = 32
RATE, LAST_RATE = 2e-3, 1e-5
SHARD = "????-????.npz"


def arguments_of(doc: str | None, *, goes_on: bool = False) -> argparse.ArgumentParser:
    """What a training is told. doc: of its module; goes_on: whether it may go on from weights."""
    parser = argparse.ArgumentParser(description=(doc or "").partition(":")[0])
    parser.add_argument("--shards", type=Path, required=True)
    parser.add_argument("--held", type=Path, help="shards to judge on")
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--out", type=Path, required=True)
    if goes_on:
        parser.add_argument("--start", type=Path, help="weights (.pt) to go on from")
    parser.add_argument("--seed", type=int, default=1)
    return parser


def begun(network: Callable[[], Network], seed: int, start: Path | None = None) -> Network:
    """A network as this seed makes it, or with the weights to start from."""
    cv2.setNumThreads(1)
    torch.manual_seed(seed)
    model = network()
    if start:
        model.load_state_dict(torch.load(start))
    return model


def train(
    model: nn.Module,
    shards: Path,
    read: Callable[[Path], Iterable[Example]],
    loss_of: Callable[[Sequence[Example], np.random.Generator], Tensor],
    minutes: float,
    seed: int,
) -> None:
    """Lets the model learn for so many minutes, batch by batch of a shard at random after another.

    read: the examples of a shard; loss_of: what the model makes of a batch of them.
    """
    rng, order = np.random.default_rng(seed), Random(seed)
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=1e-2)
    started = time.monotonic()
    model.train()
    losses: list[float] = []
    while True:
        examples = list(read(order.choice(sorted(shards.glob(SHARD)))))
        order.shuffle(examples)
        for first in range(0, len(examples) - BATCH, BATCH):
            spent = (time.monotonic() - started) / (60 * minutes)
            if spent >= 1:
                return
            for group in optimiser.param_groups:
                group["lr"] = RATE * (1 - spent) + LAST_RATE
            loss = loss_of(examples[first : first + BATCH], rng)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            losses.append(float(loss.detach()))
        print(f"{spent * minutes:.1f} min, {len(losses)} steps, loss {np.mean(losses[-200:]):.4f}", flush=True)


def export(model: nn.Module, out: Path, says: str, height: int, seed: int) -> None:
    """The model as a file that onnxruntime runs: from `ink` of any width, so many pixels high, to what it `says`."""
    write_onnx(model, (torch.zeros(1, 1, height, 160),), out, ("ink",), says, {"ink": {3: "width"}}, seed)


def write_onnx(
    model: nn.Module,
    given: tuple[Tensor, ...],
    out: Path,
    names: Sequence[str],
    says: str,
    sizes: dict[str, dict[int, str]],
    seed: int,
) -> None:
    """The model as a file that onnxruntime runs.

    given: examples of what it takes, by these names; sizes: which of their dimensions may be any, by name and axis.
    """
    import onnx

    model.eval()
    torch.onnx.export(
        model, given, str(out), input_names=list(names), output_names=[says],
        dynamic_axes=sizes, opset_version=17, dynamo=False,
    )  # fmt: skip
    written = onnx.load(out)
    written.metadata_props.add(key="version", value=f"1.{seed}")
    onnx.save(written, out)
