"""Trains what tells a pen from print: `python -m benchmarks.reader.train_pen --shards DIR --minutes N --out pen.onnx`.

A typed name in the place of a signature is no signature, and a legible signature is no typed name: what an engine can
read says nothing of who wrote it. So a small network looks at the strokes. It learns from the reader's shards (fonts
that nobody kept for judging), each crop turned and sheared as signatures are; `--held DIR` judges it on shards made
with `--held-out`: the share right by quality, and how many of each are on the wrong side of what is called certain.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.reader.network import convolution
from benchmarks.reader.shards import read_shard
from benchmarks.reader.training import SHARD, arguments_of, begun, export, train
from pipeline.pen import CERTAIN, HEIGHT

if TYPE_CHECKING:
    from pipeline.model import Pixels

KINDS = ("text", "email")
SHORTEST = 4
WIDTH = 512


class PenOrPrint(nn.Module):
    """Ink (batch x 1 x 40 x width) to the probability that a pen wrote it."""

    def __init__(self) -> None:
        super().__init__()
        self.image = nn.Sequential(
            convolution(1, 16, 5, 2),
            convolution(16, 32, 3, 2),
            convolution(32, 48, 3, 2),
            convolution(48, 64, 3, (2, 1)),
            convolution(64, 64, 3, 1),
        )
        self.drop = nn.Dropout(0.2)
        self.pen = nn.Linear(128, 1)

    def logit(self, ink: Tensor) -> Tensor:
        seen = self.image(ink)
        both = torch.cat((seen.mean(dim=(2, 3)), seen.amax(dim=(2, 3))), dim=1)
        logit: Tensor = self.pen(self.drop(both)).squeeze(1)
        return logit

    def forward(self, ink: Tensor) -> Tensor:
        return torch.sigmoid(self.logit(ink))


def crops_of(path: Path) -> Iterator[tuple[Pixels, bool, str]]:
    """Each line of letters with whether a pen wrote it, and the scan's quality."""
    for ink, (text, kind, style, quality, _) in read_shard(path):
        if kind in KINDS and len(text) >= SHORTEST:
            yield ink, style == "hand", quality


def turned(ink: Pixels, rng: np.random.Generator) -> Pixels:
    """A piece of the line, sheared, turned and set in again: alike for pen and print, so neither gives it away."""
    width = int(min(ink.shape[1], rng.integers(120, WIDTH)))
    start = int(rng.integers(0, ink.shape[1] - width + 1))
    part = cv2.copyMakeBorder(ink[:, start : start + width], 30, 30, 30, 30, cv2.BORDER_CONSTANT, value=0)
    angle, shear = float(rng.normal(0, 3)), float(rng.normal(0, 0.12))
    matrix = cv2.getRotationMatrix2D((part.shape[1] / 2, part.shape[0] / 2), angle, float(rng.uniform(0.8, 1.15)))
    matrix = matrix @ np.array([[1, shear, -shear * part.shape[0] / 2], [0, 1, 0], [0, 0, 1]])
    part = cv2.warpAffine(part, matrix, (part.shape[1], part.shape[0]))
    rows = np.flatnonzero(part.max(axis=1) > 60)
    columns = np.flatnonzero(part.max(axis=0) > 60)
    if len(rows) < 8 or len(columns) < 8:
        return ink[:, start : start + width]
    part = part[max(0, rows[0] - 3) : rows[-1] + 4, max(0, columns[0] - 4) : columns[-1] + 5]
    return np.asarray(cv2.resize(part, (max(16, round(HEIGHT * part.shape[1] / part.shape[0])), HEIGHT)))


def as_tensor(crops: Sequence[Pixels]) -> Tensor:
    """Each crop repeated to the widest's width: paper added beside it would tell its length, not its pen."""
    width = min(WIDTH, max(crop.shape[1] for crop in crops))
    wide = [np.tile(crop, (1, -(-width // crop.shape[1])))[:, :width] for crop in crops]
    return torch.from_numpy(np.stack(wide)[:, None].astype(np.float32) / 255.0)


def judge(model: PenOrPrint, held: Path, seed: int) -> dict[str, dict[str, int]]:
    """Counts by pen or print and quality, over crops in fonts that were never trained on."""
    rng = np.random.default_rng(seed)
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    model.eval()
    for path in sorted(held.glob(SHARD)):
        for ink, pen, quality in crops_of(path):
            with torch.no_grad():
                said = float(model(as_tensor([turned(ink, rng)])))
            group = counts[f"{'pen' if pen else 'print'} {quality}"]
            group["crops"] += 1
            group["right"] += (said > 0.5) == pen
            group["certainly right"] += (said if pen else 1 - said) >= CERTAIN
            group["certainly wrong"] += (1 - said if pen else said) >= CERTAIN
    return counts


def main() -> int:
    given = arguments_of(__doc__).parse_args()
    torch.set_num_threads(1)
    model = begun(PenOrPrint, given.seed)

    def loss(crops: Sequence[tuple[Pixels, bool, str]], rng: np.random.Generator) -> Tensor:
        wanted = torch.tensor([float(pen) for _, pen, _ in crops])
        logit = model.logit(as_tensor([turned(ink, rng) for ink, _, _ in crops]))
        # What is not quite certain must stay so: the targets leave room on either side.
        return nn.functional.binary_cross_entropy_with_logits(logit, wanted * 0.99 + 0.005)

    train(model, given.shards, crops_of, loss, given.minutes, given.seed)
    export(model, given.out, "pen", HEIGHT, given.seed)
    if given.held:
        for group, counts in sorted(judge(model, given.held, given.seed).items()):
            print(group, json.dumps(counts))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
