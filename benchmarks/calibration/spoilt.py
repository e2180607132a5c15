"""How often an address that is none is known for one for certain, and one that is, wrongly:
`python -m benchmarks.calibration.spoilt --fonts DIR --count N --seed S`.

Addresses are written in fonts that no reader learnt from, and scanned one by one: as they should be, or with what no
address has. Prints how many there are of each, and how many are refused; of those that are addresses, which. There is
no page around them, so they are weighed as on one that is in tune.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from random import Random

import cv2

from benchmarks.calibration.pairs import SPECS, STYLES, Writer
from benchmarks.reader import texts
from benchmarks.reader.fonts import load_both
from pipeline.calibration import load_calibration
from pipeline.config import Settings
from pipeline.model import Kind
from pipeline.ocr import load_engines
from pipeline.specs import load_specs
from pipeline.values import understand
from pipeline.weighing.beside import among_the_rest
from pipeline.weighing.weigh import weigh
from pipeline.witnesses.testimony import LATER, Round, hear, show
from pipeline.writing.combs import lines_of
from pipeline.writing.lift import DPI

WAYS = VALID, COMMA_BEHIND, COMMA, POINTS, NO_AT_SIGN, SPACE = (
    "nothing",
    "a comma behind it",
    "a comma for a point",
    "two points",
    "no at sign",
    "a space",
)
IN_TUNE = 1.0


def spoilt(rng: Random, address: str, way: str) -> str:
    local, _, domain = address.partition("@")
    if way == COMMA_BEHIND:
        return f"{address},"
    if way == COMMA:
        place = rng.choice([rank for rank, sign in enumerate(address) if sign == "."])
        return f"{address[:place]},{address[place + 1 :]}"
    if way == SPACE:
        place = rng.randrange(1, max(2, len(local)))
        return f"{local[:place]} {local[place:]}@{domain}"
    return {VALID: address, POINTS: f"{local}@{domain.replace('.', '..', 1)}", NO_AT_SIGN: f"{local}.{domain}"}[way]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--fonts", type=Path, required=True, help="folder with typed/ and hand/")
    parser.add_argument("--count", type=int, default=1000, help="addresses to write")
    parser.add_argument("--seed", type=int, default=87_000)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    settings, rng = Settings(), Random(given.seed)
    fonts, engines = load_both(given.fonts, held_out=True), load_engines(settings.ocr.engines)
    enough, calibration = settings.confidence.threshold(Kind.EMAIL), load_calibration()
    writer = Writer(load_specs(SPECS), fonts, given.seed)
    found: Counter[tuple[str, str]] = Counter()
    while sum(found[style, way] for style in STYLES for way in WAYS) < given.count:
        style, way = rng.choice(STYLES), rng.choice(WAYS)
        writer.in_font(style, rng.choice(fonts[style]))
        plain = texts.sample(rng, Kind.EMAIL).replace(" ", "").lower()
        if understand(Kind.EMAIL, "email", plain).certain_value is None:
            continue
        address = spoilt(rng, plain, way)
        written = writer.written(address.upper() if rng.random() < 0.3 else address, style)
        if written is None:
            continue
        shown = show(lines_of([(written.field, written.lifted)]))
        (heard,) = among_the_rest(hear(hear(shown, engines, DPI, Round.FIRST), engines, DPI, *LATER))
        reading = weigh(heard, IN_TUNE, calibration)
        refused = reading.value is None and reading.raw is not None and reading.confidence >= enough
        found[style, way] += 1
        found[style, f"{way}, refused"] += refused
        if refused and way == VALID:
            print(f"{style} {written.text} {reading.raw}")
    print("| style | spoilt by | n | refused |", "|---|---|---|---|", sep="\n")
    for style in STYLES:
        for way in WAYS:
            print(f"| {style} | {way} | {found[style, way]} | {found[style, f'{way}, refused']} |")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
