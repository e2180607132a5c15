"""What numbers are read as that run through the walls of a comb: `python -m benchmarks.calibration.walls --fonts DIR
--count N --seed S`.

A stroke that lies on a wall is lifted off with it, and an 8 is a 3 to all that look at what is left. Telephones and
numbers are typed across combs, in fonts that no reader learnt from, and scanned one by one, until there are N. Prints
how many both networks and Tesseract read alike without the walls, and how many of these are wrong; and the same of
those that `is_seen_through_walls` lets pass, for the networks look at them with the walls left in, too.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2

from benchmarks.reader.crops import CropMaker
from benchmarks.reader.fonts import load_both
from pipeline.config import Settings
from pipeline.model import Kind, OcrEngine
from pipeline.ocr import load_engines
from pipeline.specs import load_specs
from pipeline.weighing.agreement import is_rivalled, is_seen_through_walls
from pipeline.weighing.weigh import rank
from pipeline.witnesses.testimony import LATER, Round, Testimony, hear, meaning_of, show, written
from pipeline.writing.combs import lines_of
from pipeline.writing.lift import DPI

SPECS = Path(__file__).parent.parent.parent / "forms_specs"


def cut_numbers(maker: CropMaker, count: int, engines: Sequence[OcrEngine]) -> Iterator[tuple[Testimony, str]]:
    """`count` numbers that run through a comb, as all engines read them, and what each is."""
    while count:
        filled = maker.write([Kind.PHONE, Kind.DIGITS])
        lines = lines_of([(filled.field, filled.lifted)]) if filled.style == "typed" and filled.field.cells else []
        if any(line.cut for _, _, line in lines):
            (testimony,) = hear(hear(show(lines), engines, DPI, Round.FIRST), engines, DPI, *LATER)
            yield testimony, meaning_of(testimony.field, written(testimony.field, filled.text))[0]
            count -= 1


def judge(testimony: Testimony, wanted: str) -> Iterator[str]:
    """Which of the printed lines count this number."""
    yield "all"
    without = {each.key for each in testimony.witnesses if each.place in ("own plain", "paddle plain", "tesseract")}
    if len(without) == 1:
        yield "read alike without the walls"
        yield from () if without == {wanted} else ("… and wrong",)
    key = rank(testimony)[0]
    if is_seen_through_walls(testimony, key) and not is_rivalled(testimony, key):
        yield "seen through the walls"
        yield from () if key == wanted else ("… and wrong, seen through them",)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--fonts", type=Path, required=True, help="folder with typed/ and hand/")
    parser.add_argument("--count", type=int, default=500, help="numbers that run through a comb")
    parser.add_argument("--seed", type=int, default=83_000)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    maker = CropMaker(load_specs(SPECS), load_both(given.fonts, held_out=True), given.seed)
    engines = load_engines(Settings().ocr.engines)
    found = Counter(line for numbers in cut_numbers(maker, given.count, engines) for line in judge(*numbers))
    for line, count in found.items():
        print(f"{line:40} {count:6}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
