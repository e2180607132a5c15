"""How well the readers read what they never saw: `python -m benchmarks.reader.judge --fonts DIR --count N --seed S`.

Crops in fonts held out of training, read by our own reader and by the paddle one: whole fields that are right, by kind,
hand, quality and font, and how often both are wrong and say the same. Prints tables for the README beside this.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import cv2

from benchmarks.reader.crops import CropMaker, Sample
from benchmarks.reader.fonts import load_both
from benchmarks.reader.pages import samples_of
from benchmarks.reader.shards import SPECS
from pipeline.meaning import fold
from pipeline.model import Crop, Kind, OcrEngine, Transcript
from pipeline.ocr.own import MODEL, OwnEngine
from pipeline.ocr.paddle import PaddleEngine
from pipeline.specs import load_specs
from pipeline.values import canonical
from pipeline.witnesses.testimony import ALPHABETS, DIGITS, PLAIN


@dataclass(frozen=True)
class Verdict:
    """What both readers made of one field, in the form in which texts of its kind are compared; scores uncalibrated."""

    kind: str
    style: str
    quality: str
    font: str
    want: str
    own: str
    paddle: str
    own_score: float
    paddle_score: float


@dataclass
class Tally:
    """Counts of fields: all, right by each reader, by either, read the same by both, and the same but wrong."""

    fields: int = 0
    own: int = 0
    paddle: int = 0
    either: int = 0
    agreed: int = 0
    alike: list[Verdict] = field(default_factory=list)

    def add(self, seen: Verdict) -> None:
        self.fields += 1
        self.own += seen.own == seen.want
        self.paddle += seen.paddle == seen.want
        self.either += seen.want in (seen.own, seen.paddle)
        self.agreed += seen.own == seen.paddle
        if seen.own == seen.paddle != seen.want:
            self.alike.append(seen)


def meant(sample: Sample, text: str) -> str:
    """What readings of this sample are compared by: accents and capitals of a text do not count, nor how a telephone,
    a date or a number is spelt."""
    text = " ".join(text.translate(PLAIN).split())
    if sample.comb:
        text = text.replace(" ", "")
    if sample.kind is Kind.TEXT:
        return fold(text)
    if sample.kind is Kind.EMAIL:
        return text.lower().replace(" ", "")
    if sample.kind is Kind.DATE and (day := canonical(Kind.DATE, "", text)):
        return day
    digits = "".join(letter for letter in fold(text) if letter.isalnum())
    return digits[-10:] if sample.kind is Kind.PHONE else digits


def judged(
    samples: Iterable[Sample], own: OcrEngine, paddle: OcrEngine, seconds: dict[str, float]
) -> Iterator[Verdict]:
    """The verdict on each sample; `seconds` gathers the processor time by engine."""
    for sample in samples:
        digits = sample.comb and sample.kind is not Kind.TEXT
        crop = Crop(sample.pixels, 300, DIGITS if digits else ALPHABETS[sample.kind])
        read: dict[str, Transcript] = {}
        for engine in (own, paddle):
            started = time.process_time()
            read[engine.name] = engine.read([crop])[0]
            seconds[engine.name] += time.process_time() - started
        yield Verdict(
            sample.kind.value,
            sample.style,
            sample.quality,
            sample.font,
            meant(sample, sample.text),
            meant(sample, read[own.name].text),
            meant(sample, read[paddle.name].text),
            read[own.name].score,
            read[paddle.name].score,
        )


def table(verdicts: list[Verdict], group: Callable[[Verdict], str]) -> str:
    tallies: dict[str, Tally] = defaultdict(Tally)
    for verdict in verdicts:
        tallies[group(verdict)].add(verdict)
    head = "| group | fields | own % | paddle % | either % | agree % | alike and wrong |"
    rows = [head, "|---|---|---|---|---|---|---|"]
    for name, each in sorted(tallies.items()):
        shares = [f"{100 * count / each.fields:.1f}" for count in (each.own, each.paddle, each.either, each.agreed)]
        rows.append(f"| {name} | {each.fields} | {' | '.join(shares)} | {len(each.alike)} |")
    return "\n".join(rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--fonts", type=Path, help="folder with typed/ and hand/: judge on crops made for this")
    parser.add_argument("--documents", type=Path, help="or on the documents that `benchmarks.synthesis.generate` left")
    parser.add_argument("--rendering", default="plain", help="of documents: plain, cells or raw")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=90_000)
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--json", type=Path, help="also write each verdict here, a line each")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    specs, own, paddle = load_specs(SPECS), OwnEngine(given.model), PaddleEngine()
    if given.documents:
        samples = samples_of(given.documents, specs, [paddle], given.rendering)
    else:
        maker = CropMaker(specs, load_both(given.fonts, held_out=True), given.seed)
        samples = (maker.make() for _ in range(given.count))
    seconds: dict[str, float] = defaultdict(float)
    verdicts = list(judged(samples, own, paddle, seconds))
    print(f"own {own.version}; {len(verdicts)} crops of {given.documents or f'seed {given.seed}'}")
    for name, spent in seconds.items():
        print(f"{name}: {1e3 * spent / len(verdicts):.1f} ms of processor a crop")
    print("\n" + table(verdicts, lambda each: f"{each.style} {each.kind}"))
    print("\n" + table(verdicts, lambda each: f"{each.style} {each.quality}"))
    if given.fonts:
        print("\n" + table(verdicts, lambda each: f"{each.style} {each.font}"))
    for each in [each for each in verdicts if each.own == each.paddle != each.want][:40]:
        print(f"alike and wrong: {each.want} read {each.own} ({each.own_score:.2f}, {each.paddle_score:.2f})")
    if given.json:
        lines = (json.dumps(asdict(each), ensure_ascii=False) for each in verdicts)
        given.json.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
