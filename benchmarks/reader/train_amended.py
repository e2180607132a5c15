"""Trains what sees that a pen has gone over a typed line: `python -m benchmarks.reader.train_amended --shards DIR
--minutes N --out amended.onnx`.

The lines are those of `benchmarks/reader/amendments.py`. The network says for each fourth column whether a pen is
there, and the likeliest column speaks for the line. `--held DIR` judges it on lines in fonts that it never saw: of how
many that nobody amended it says so, and how many amended ones it sees, by what it is asked to say.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.reader.amendments import Shown, read_shard
from benchmarks.reader.network import convolution
from benchmarks.reader.training import SHARD, arguments_of, begun, export, train
from pipeline.witnesses.amended import HEIGHT

WIDTH = 560
# Columns of the picture to one of the network's; what struck columns count for beside the others, and a line.
COLUMNS, STRUCK_COUNTS, LINE_COUNTS = 4, 3.0, 0.3
BOUNDS = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99)


class Amended(nn.Module):
    """Ink (batch x 1 x 40 x width) to the log odds, for each fourth column, that a pen has struck it."""

    def __init__(self) -> None:
        super().__init__()
        self.image = nn.Sequential(
            convolution(1, 12, 5, 2),
            convolution(12, 24, 3, 2),
            convolution(24, 24, 3),
            convolution(24, 32, 3, (2, 1)),
            convolution(32, 48, 3),
        )
        self.flat = nn.Sequential(nn.Conv2d(48, 64, (5, 3), padding=(0, 1), bias=False), nn.BatchNorm2d(64))
        self.line = nn.Linear(128, 64)
        self.look = nn.Conv1d(64, 64, 9, padding=4, groups=64, bias=False)
        self.mixed = nn.Conv1d(64, 64, 1)
        self.drop = nn.Dropout(0.1)
        self.struck = nn.Conv1d(64, 1, 1)

    def columns(self, ink: Tensor) -> Tensor:
        seen = self.flat(self.image(ink)).squeeze(2)
        # What the line's type is like, against which a stroke is one of a pen's.
        whole = self.line(torch.cat((seen.mean(dim=2), seen.amax(dim=2)), dim=1))
        about = nn.functional.silu(seen + whole.unsqueeze(2))
        about = about + nn.functional.silu(self.mixed(self.look(about)))
        found: Tensor = self.struck(self.drop(about)).squeeze(1)
        return found

    def forward(self, ink: Tensor) -> Tensor:
        return torch.sigmoid(self.columns(ink).amax(dim=1))


def batch_of(lines: Sequence[Shown], rng: np.random.Generator) -> tuple[Tensor, Tensor]:
    """A piece of each line, darker or paler, wider or narrower by a little; and its struck columns."""
    inks = np.zeros((len(lines), HEIGHT, WIDTH), np.float32)
    struck = np.zeros((len(lines), WIDTH), np.float32)
    for rank, line in enumerate(lines):
        width = round(line.ink.shape[1] * float(rng.uniform(0.85, 1.2)))
        ink = cv2.resize(line.ink, (width, HEIGHT), interpolation=cv2.INTER_LINEAR)
        marks = cv2.resize(line.struck[None].astype(np.float32), (width, 1), interpolation=cv2.INTER_NEAREST)[0]
        start = int(rng.integers(0, max(0, width - WIDTH) + 1))
        if marks.any() and not marks[start : start + WIDTH].any():
            start = max(0, min(width - WIDTH, int(np.flatnonzero(marks)[0]) - int(rng.integers(0, WIDTH))))
        ink, marks = ink[:, start : start + WIDTH], marks[start : start + WIDTH]
        inks[rank, :, : ink.shape[1]] = np.clip(ink * float(rng.uniform(0.8, 1.1)), 0, 255) / 255
        struck[rank, : len(marks)] = marks
    wide = nn.functional.max_pool1d(torch.from_numpy(struck)[:, None], COLUMNS)[:, 0]
    return torch.from_numpy(inks)[:, None], wide


def loss_of(columns: Tensor, struck: Tensor) -> Tensor:
    weight = 1.0 + (STRUCK_COUNTS - 1.0) * struck
    each = nn.functional.binary_cross_entropy_with_logits(columns, struck * 0.98 + 0.005, weight=weight)
    line = nn.functional.binary_cross_entropy_with_logits(columns.amax(dim=1), struck.amax(dim=1) * 0.98 + 0.005)
    return each + LINE_COUNTS * line


def judge(model: Amended, held: Path) -> dict[str, dict[str, float]]:
    """By quality: how many lines nobody amended, and amended ones; and for each bound, how many of either reach it."""
    counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(int))
    model.eval()
    for path in sorted(held.glob(SHARD)):
        for line in read_shard(path):
            with torch.no_grad():
                said = float(model(torch.from_numpy(line.ink[None, None].astype(np.float32) / 255)))
            name = "amended" if line.struck.any() else "as typed"
            group = counts[line.quality]
            group[name] += 1
            for bound in BOUNDS:
                group[f"{name} {bound}"] += said >= bound
    return counts


def main() -> int:
    given = arguments_of(__doc__, goes_on=True).parse_args()
    model = begun(Amended, given.seed, given.start)

    def loss(lines: Sequence[Shown], rng: np.random.Generator) -> Tensor:
        ink, struck = batch_of(lines, rng)
        return loss_of(model.columns(ink), struck)

    train(model, given.shards, read_shard, loss, given.minutes, given.seed)
    torch.save(model.state_dict(), given.out.with_suffix(".pt"))
    export(model, given.out, "amended", HEIGHT, given.seed)
    if given.held:
        for group, counts in sorted(judge(model, given.held).items()):
            print(group, json.dumps(counts))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
