"""The recogniser: convolutions that halve the height step by step, then a stack that looks along the line; CTC.

No recurrence: how a character is read depends on its neighbourhood of some ten characters at most, and on no word
learnt by heart beyond it.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from benchmarks.reader.texts import CHARACTERS

# The blank, the space, then what `texts` writes.
CLASSES = 2 + len(CHARACTERS)


def convolution(
    inputs: int, outputs: int, size: int | tuple[int, int], stride: int | tuple[int, int] = 1
) -> nn.Sequential:
    high, wide = (size, size) if isinstance(size, int) else size
    padding = (0 if wide == 1 else high // 2, wide // 2)
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, (high, wide), stride, padding, bias=False),
        nn.BatchNorm2d(outputs),
        nn.SiLU(inplace=True),
    )


class Residual(nn.Module):
    """Two convolutions whose result is added to what came in."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = convolution(channels, channels, 3)
        self.second = nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels))

    def forward(self, inputs: Tensor) -> Tensor:
        return nn.functional.silu(inputs + self.second(self.first(inputs)))


class Along(nn.Module):
    """A look to the left and right along the line, channel by channel, then a mixing of the channels."""

    def __init__(self, channels: int, size: int) -> None:
        super().__init__()
        self.look = nn.Conv1d(channels, channels, size, padding=size // 2, groups=channels, bias=False)
        self.norm = nn.BatchNorm1d(channels)
        self.widen = nn.Conv1d(channels, 2 * channels, 1)
        self.narrow = nn.Conv1d(2 * channels, channels, 1)

    def forward(self, inputs: Tensor) -> Tensor:
        mixed: Tensor = self.narrow(nn.functional.silu(self.widen(self.norm(self.look(inputs)))))
        return inputs + mixed


class Reader(nn.Module):
    """Ink (batch x 1 x 40 x width) to log probabilities (batch x width/4 x classes)."""

    def __init__(self) -> None:
        super().__init__()
        self.image = nn.Sequential(
            convolution(1, 32, 5, 2),  # 20 high
            convolution(32, 64, 3, 2),  # 10 high
            Residual(64),
            convolution(64, 96, 3, (2, 1)),  # 5 high
            Residual(96),
            convolution(96, 224, (5, 1)),  # 1 high
        )
        self.line = nn.Sequential(*(Along(224, size) for size in (7, 9, 11, 7)))
        self.norm = nn.BatchNorm1d(224)
        self.drop = nn.Dropout(0.1)
        self.classes = nn.Conv1d(224, CLASSES, 1)

    def forward(self, ink: Tensor) -> Tensor:
        line = self.norm(self.line(self.image(ink).squeeze(2)))
        return nn.functional.log_softmax(self.classes(self.drop(line)).transpose(1, 2).float(), dim=2)


class Exported(nn.Module):
    """What runs in the pipeline: probabilities."""

    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.reader = reader

    def forward(self, ink: Tensor) -> Tensor:
        return torch.exp(self.reader(ink))
