"""Crops by the thousand, on disk: `python -m benchmarks.reader.shards --out DIR --fonts DIR --seed N --count N`.

Drawing crops and learning from them run side by side, one process each; the shards are what they share.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from benchmarks.reader.crops import CropMaker
from benchmarks.reader.fonts import load_both
from benchmarks.reader.texts import KINDS
from pipeline.model import Kind
from pipeline.ocr.own import HEIGHT, prepare
from pipeline.specs import load_specs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pipeline.model import Pixels

SIZE = 2000
SPECS = Path(__file__).parent.parent.parent / "forms_specs"


def arguments_of(doc: str | None) -> argparse.ArgumentParser:
    """What the drawing of shards is told. doc: of its module."""
    parser = argparse.ArgumentParser(description=(doc or "").partition(":")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--fonts", type=Path, default=Path("build/fonts"), help="folder with typed/ and hand/")
    parser.add_argument("--seed", type=int, required=True, help="shard n of a seed is always the same")
    parser.add_argument("--count", type=int, required=True, help="shards")
    parser.add_argument("--held-out", action="store_true", help="the fonts kept for judging")
    return parser


def draw(out: Path, seed: int, count: int, write: Callable[[Path, int], None]) -> None:
    """`count` shards of a seed, each whole or not at all; those that are there already are left alone.

    write: one of them into a file, from a seed of its own.
    """
    out.mkdir(parents=True, exist_ok=True)
    for rank in range(count):
        path = out / f"{seed:04d}-{rank:04d}.npz"
        if not path.exists():
            part = path.with_suffix(".part.npz")
            write(part, seed * 100_000 + rank)
            part.rename(path)


def write_shard(path: Path, maker: CropMaker, size: int, kinds: Sequence[Kind] = KINDS) -> None:
    """`size` crops of fields of these kinds as the network takes them, 8 bits a pixel, side by side in one array."""
    samples = [maker.make(kinds) for _ in range(size)]
    lines = [np.round(prepare(sample.pixels) * 255).astype(np.uint8) for sample in samples]
    notes = [[sample.text, sample.kind.value, sample.style, sample.quality, sample.font] for sample in samples]
    np.savez(path, ink=np.hstack(lines), widths=[line.shape[1] for line in lines], notes=json.dumps(notes))


def read_shard(path: Path) -> Iterator[tuple[Pixels, list[str]]]:
    """Each crop's ink (HEIGHT x width) and its text, kind, style, quality and font."""
    with np.load(path) as shard:
        ink, widths, notes = shard["ink"], shard["widths"], json.loads(str(shard["notes"]))
    assert ink.shape[0] == HEIGHT
    at = 0
    for width, note in zip(widths.tolist(), notes, strict=True):
        yield ink[:, at : at + width], note
        at += width


def main() -> int:
    parser = arguments_of(__doc__)
    parser.add_argument("--kinds", nargs="*", default=[kind.value for kind in KINDS], help="of fields to write in")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    specs, fonts = load_specs(SPECS), load_both(given.fonts, given.held_out)
    kinds = [Kind(kind) for kind in given.kinds]

    def write(path: Path, seed: int) -> None:
        write_shard(path, CropMaker(specs, fonts, seed), SIZE, kinds)

    draw(given.out, given.seed, given.count, write)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
