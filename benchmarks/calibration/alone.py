"""How many fields are acted on, and how many of these wrongly, where each is read by itself:
`python -m benchmarks.calibration.alone --fonts DIR --kinds KIND... --count N --seed S`.

N fields of these kinds are written in fonts that no reader learnt from, half of them words and numbers at random, and
scanned one by one; each is a page of its own, with nothing beside it that would tell more. Prints for each kind and
style how many there are, how many are acted on and how many of these are wrong, and what each wrong one was read as.
Nothing beside a field tells that its pencil was lost in the scan: such are counted as not seen, and not as wrong.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path

import cv2

from benchmarks.calibration.gather import SPECS
from benchmarks.reader.crops import CropMaker, Written
from benchmarks.reader.fonts import load_both
from pipeline.config import Settings
from pipeline.model import Kind, OcrEngine, Reading
from pipeline.ocr import load_engines
from pipeline.read import read_writing
from pipeline.specs import load_specs
from pipeline.witnesses.testimony import meaning_of, show
from pipeline.writing.combs import lines_of

KINDS = (Kind.TEXT, Kind.EMAIL, Kind.PHONE, Kind.DIGITS, Kind.DATE)
N, ACTED_ON, NOT_SEEN, WRONG = "n", "acted on", "not seen", "wrong"


def reading_of(filled: Written, engines: tuple[OcrEngine, ...]) -> Reading:
    """What is read in the field."""
    return read_writing(show(lines_of([(filled.field, filled.lifted)])), engines)[filled.field.key]


def is_right(filled: Written, reading: Reading) -> bool:
    """Whether the reading's value is what was written: of a text its letters and signs, without spaces, accents and
    capitals."""
    key, value = meaning_of(filled.field, filled.text)
    if filled.field.kind is Kind.TEXT:
        return meaning_of(filled.field, reading.raw or "")[0] == key
    return reading.value == value


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--fonts", type=Path, required=True, help="folder with typed/ and hand/")
    parser.add_argument("--kinds", nargs="*", default=[kind.value for kind in KINDS], help="of fields to write")
    parser.add_argument("--count", type=int, default=1500, help="fields to write")
    parser.add_argument("--seed", type=int, default=91_000)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    settings = Settings()
    engines = tuple(load_engines(settings.ocr.engines))
    maker = CropMaker(load_specs(SPECS), load_both(given.fonts, held_out=True), given.seed)
    found: Counter[tuple[str, str]] = Counter()
    for _ in range(given.count):
        filled = maker.write([Kind(kind) for kind in given.kinds])
        kind, group = filled.field.kind, f"{filled.field.kind.value}, {filled.style}"
        reading = reading_of(filled, engines)
        found[group, N] += 1
        if reading.confidence < settings.confidence.threshold(kind):
            continue
        found[group, ACTED_ON] += 1
        if not reading.raw:
            found[group, NOT_SEEN] += 1
        elif not is_right(filled, reading):
            found[group, WRONG] += 1
            print(f"{group}: {filled.text} was read as {reading.raw}")
    counted = (N, ACTED_ON, NOT_SEEN, WRONG)
    print(f"| | {' | '.join(counted)} |", f"|---|{'---|' * len(counted)}", sep="\n")
    for group in sorted({group for group, _ in found}):
        print(f"| {group} | {' | '.join(str(found[group, each]) for each in counted)} |")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
