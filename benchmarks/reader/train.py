"""Trains the recogniser: `python -m benchmarks.reader.train --shards DIR --work DIR --minutes N --out reader.onnx`.

Reads whatever shards are there (more may arrive meanwhile), each crop slightly changed every time, for so many minutes
of wall-clock with a cosine schedule; keeps a checkpoint every few minutes and resumes from it. Needs the extra `train`.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.reader.network import Exported, Reader
from benchmarks.reader.shards import read_shard
from benchmarks.reader.texts import CHARACTERS
from benchmarks.reader.weights import mix, reader_of
from benchmarks.synthesis.chance import is_held_out
from pipeline.ocr.own import HEIGHT, STRIDE

if TYPE_CHECKING:
    from pipeline.model import Pixels

LEARNING_RATE, LAST_RATE, WARM_UP = 1.5e-3, 2e-5, 300
COLUMNS = 24 * 320  # pixels of width in a batch
# The first rounds show only clean typing: without that the letters' places are found late.
# The share of crops that are shown empty.
EMPTY = 0.01
EASY_ROUNDS = 12
EASY = ("clean", "office", "phone")
SHARDS_AT_ONCE = 3
# Numbers of 16 bits make a step shorter, but ten times longer on a processor without them.
BRIEF = bool(torch.cpu.get_capabilities().get("avx512_bf16"))
LABELS = {character: rank for rank, character in enumerate(" " + CHARACTERS, start=1)}
Crop = tuple["Pixels", str]


def changed(ink: Pixels, rng: np.random.Generator) -> Pixels:
    """The crop a little darker or lighter, wider or narrower, moved, with a stain: no two looks are the same."""
    import cv2

    if rng.random() < 0.5:
        factor = float(rng.uniform(0.85, 1.18))
        width = max(24, round(ink.shape[1] * factor))
        ink = cv2.resize(ink, (width, HEIGHT))
    if rng.random() < 0.35:
        scale, shift = float(rng.uniform(0.88, 1.08)), float(rng.uniform(-2, 2))
        move = np.array([[1, 0, 0], [0, scale, HEIGHT / 2 * (1 - scale) + shift]], dtype=np.float32)
        ink = cv2.warpAffine(ink, move, (ink.shape[1], HEIGHT))
    if rng.random() < 0.3:
        ink = cv2.convertScaleAbs(ink, alpha=float(rng.uniform(0.6, 1.3)))
    if rng.random() < 0.12:
        at = int(rng.integers(ink.shape[1]))
        ink = ink.copy()
        ink[int(rng.integers(HEIGHT - 3)) :, at : at + int(rng.integers(1, 4))][:2] = int(rng.integers(80, 256))
    return ink


def emptied(ink: Pixels, rng: np.random.Generator) -> Pixels:
    """Paper of the crop's size with nothing on it but, at times, dust and a rest of a rule."""
    paper = np.zeros_like(ink)
    for _ in range(int(rng.integers(0, 4))):
        row, column = int(rng.integers(HEIGHT - 2)), int(rng.integers(max(1, ink.shape[1] - 3)))
        paper[row : row + 2, column : column + int(rng.choice((1, 2, 3, 80)))] = int(rng.integers(30, 256))
    return paper


def endless_batches(folder: Path, seed: int, easy_rounds: int) -> Iterator[list[Crop]]:
    """Batches of crops of like width, out of a few shards at a time; the newest shards come first, once."""
    rng = Random(seed)
    seen: set[Path] = set()
    for turn in itertools.count():
        easy = turn < easy_rounds
        paths = sorted(path for path in folder.glob("*.npz") if ".part" not in path.name)
        fresh = [path for path in paths if path not in seen]
        chosen = (fresh + rng.sample(paths, min(len(paths), SHARDS_AT_ONCE)))[:SHARDS_AT_ONCE]
        seen.update(chosen if not easy else ())
        crops = [
            (ink, note[0])
            for path in (rng.sample(paths, min(len(paths), SHARDS_AT_ONCE)) if easy else chosen)
            for ink, note in read_shard(path)
            if not is_held_out(note[4]) and (not easy or (note[2] == "typed" and note[3] in EASY))
        ]
        crops.sort(key=lambda crop: crop[0].shape[1] + rng.uniform(-20, 20))
        batches: list[list[Crop]] = [[]]
        for crop in crops:
            if (len(batches[-1]) + 1) * crop[0].shape[1] > COLUMNS:
                batches.append([])
            batches[-1].append(crop)
        rng.shuffle(batches)
        yield from (batch for batch in batches if batch)


def as_tensors(crops: list[Crop], rng: np.random.Generator | None) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Ink, targets end to end, frames of each crop, letters of each. rng: None leaves the crops as they are."""
    if rng is not None:
        crops = [(emptied(ink, rng), "") if rng.random() < EMPTY else (changed(ink, rng), text) for ink, text in crops]
    inks = [crop[0] for crop in crops]
    width = max(ink.shape[1] for ink in inks)
    width += -width % STRIDE
    ink = np.zeros((len(inks), 1, HEIGHT, width), dtype=np.float32)
    for rank, each in enumerate(inks):
        ink[rank, 0, :, : each.shape[1]] = each / 255.0
    labels = [[LABELS[letter] for letter in crop[1] if letter in LABELS] for crop in crops]
    frames = [math.ceil(each.shape[1] / STRIDE) for each in inks]
    flat = [label for text in labels for label in text]
    return torch.from_numpy(ink), torch.tensor(flat), torch.tensor(frames), torch.tensor([len(text) for text in labels])


def rate(first: float, progress: float, step: int) -> float:
    """The learning rate `progress` (0..1) of the time into the training that began with `first`."""
    cosine = LAST_RATE + (first - LAST_RATE) * 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))
    return cosine * min(1.0, (step + 1) / WARM_UP)


def begun(start: Path | None, shards: Path, seed: int) -> Reader:
    """The network as it is before the first step: new, or with the weights of the exported model `start`."""
    if start is None:
        return Reader()
    crops = [crop for batch in itertools.islice(endless_batches(shards, seed, 0), 8) for crop in batch]
    return reader_of(start, as_tensors(crops, None)[0])


def train(given: argparse.Namespace) -> None:
    shards, minutes, seed = given.shards, given.minutes, given.seed
    reader = begun(given.start, shards, seed)
    optimiser = torch.optim.AdamW(reader.parameters(), lr=given.rate, weight_decay=1e-2)
    average = {name: value.clone() for name, value in reader.state_dict().items()}
    state_path = given.work / "state.pt"
    step, seen, before = 0, 0, 0.0
    if state_path.exists():
        state = torch.load(state_path)
        reader.load_state_dict(state["reader"])
        optimiser.load_state_dict(state["optimiser"])
        average, step, seen, before = state["average"], state["step"], state["seen"], state["seconds"]
    rng = np.random.default_rng(seed + step)
    ctc = nn.CTCLoss(zero_infinity=True)
    started = saved = time.monotonic()
    reader.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    reader.train()
    losses: list[float] = []
    for crops in endless_batches(shards, seed + step, EASY_ROUNDS if step == 0 and given.start is None else 0):
        spent = before + time.monotonic() - started
        if spent > minutes * 60:
            break
        for group in optimiser.param_groups:
            group["lr"] = rate(given.rate, spent / (minutes * 60), step)
        ink, targets, frames, lengths = as_tensors(crops, rng)
        with torch.autocast("cpu", torch.bfloat16, enabled=BRIEF):
            logs = reader(ink.contiguous(memory_format=torch.channels_last))
        loss = ctc(logs.transpose(0, 1), targets, frames, lengths)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(reader.parameters(), 5.0)
        optimiser.step()
        step, seen = step + 1, seen + len(crops)
        losses.append(float(loss.detach()))
        keep = min(0.998, step / (step + 10))
        for name, value in reader.state_dict().items():
            average[name].copy_(value if not value.is_floating_point() else average[name].lerp(value, 1 - keep))
        if step % 100 == 0:
            print(f"{spent / 60:.1f} min, step {step}, {seen} crops, loss {np.mean(losses[-100:]):.3f}", flush=True)
        if time.monotonic() - saved > 180:
            saved = time.monotonic()
            save(state_path, reader, optimiser, average, step, seen, spent)
    save(state_path, reader, optimiser, average, step, seen, before + time.monotonic() - started)


def save(
    path: Path,
    reader: Reader,
    optimiser: torch.optim.Optimizer,
    average: dict[str, Tensor],
    step: int,
    seen: int,
    seconds: float,
) -> None:
    part = path.with_suffix(".part")
    state = {"reader": reader.state_dict(), "optimiser": optimiser.state_dict(), "average": average}
    torch.save(state | {"step": step, "seen": seen, "seconds": seconds}, part)
    part.rename(path)


def export(state_path: Path, out: Path) -> None:
    """The averaged weights as ONNX, with the characters and a version in the notes."""
    import onnx

    state = torch.load(state_path)
    reader = Reader()
    reader.load_state_dict(state["average"])
    reader.eval()
    out.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        Exported(reader), (torch.zeros(1, 1, HEIGHT, 160),), str(out), input_names=["ink"],
        output_names=["probabilities"],
        dynamic_axes={"ink": {3: "width"}, "probabilities": {1: "frames"}}, opset_version=17, dynamo=False,
    )  # fmt: skip
    model = onnx.load(out)
    notes = {"characters": json.dumps(list(CHARACTERS)), "version": f"1.{state['step']} ({state['seen']} crops)"}
    for key, value in notes.items():
        model.metadata_props.add(key=key, value=value)
    onnx.save(model, out)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--shards", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="folder of the checkpoint")
    parser.add_argument("--minutes", type=float, required=True, help="0: only export the checkpoint")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="an exported model whose weights to go on from")
    parser.add_argument(
        "--share", type=float, default=1.0, help="of the weights that are new in the end, the rest START's"
    )
    parser.add_argument("--rate", type=float, default=LEARNING_RATE, help="the learning rate at first")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(given.seed)
    given.work.mkdir(parents=True, exist_ok=True)
    if given.minutes:
        train(given)
    export(given.work / "state.pt", given.out)
    if given.start:
        mix(given.start, given.out, given.share)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
