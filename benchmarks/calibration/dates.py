"""What knowing the day of reception does for dates: `python -m benchmarks.calibration.dates --fonts DIR --count N
--seed S`.

N dates are written in fonts that no reader learnt from and scanned one by one; then each is weighed as if its form had
come on a day that makes it likely, and on days that make it unlikely: ahead, a year away to the day, old. Prints how
many are acted on, and how many of these are wrong, when that day is not known and when it is. `weigh` trusts that a
date is likely, so what counts is that of the unlikely ones none is taken for a likely one.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator

from benchmarks.calibration.gather import SPECS
from benchmarks.reader.crops import CropMaker
from benchmarks.reader.fonts import load_both
from pipeline.calibration import load_calibration
from pipeline.config import Settings
from pipeline.model import Kind, OcrEngine
from pipeline.ocr import load_engines
from pipeline.specs import load_specs
from pipeline.values import understand
from pipeline.weighing.weigh import weigh
from pipeline.witnesses.testimony import LATER, Round, Testimony, hear, show
from pipeline.writing.combs import lines_of
from pipeline.writing.lift import DPI

# Between how many days a form comes after its date; before it, where it lies ahead.
DAYS = {
    "likely": (0, 40),
    "ahead": (-300, -3),
    "a year ahead": (-365, -325),
    "a year ago": (366, 405),
    "old": (60, 360),
}


def written_dates(maker: CropMaker, count: int, engines: Sequence[OcrEngine]) -> Iterator[tuple[Testimony, str, str]]:
    """`count` dates as all engines read them, what each is (ISO 8601), and whether it is typed or by hand."""
    while count:
        filled = maker.write([Kind.DATE])
        value = understand(Kind.DATE, filled.field.key, filled.text).certain_value
        if value is not None:
            first = hear(show(lines_of([(filled.field, filled.lifted)])), engines, DPI, Round.FIRST)
            (testimony,) = hear(first, engines, DPI, *LATER)
            yield testimony, value, filled.style
            count -= 1


def judge(testimony: Testimony, value: str, rng: Generator, least: float) -> Iterator[str]:
    """What the table counts of this date: by the days after which its form came, not known and known."""
    calibration = load_calibration()
    for name, (first, last) in DAYS.items():
        received = date.fromisoformat(value) + timedelta(days=int(rng.integers(first, last + 1)))
        yield f"{name}: n"
        for known, day in (("not known", None), ("known", received)):
            reading = weigh(replace(testimony, received=day), 1.0, calibration)
            if reading.confidence >= least:
                yield f"{name}: {known}, acted on"
                yield from () if reading.value == value else (f"{name}: {known}, wrong",)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--fonts", type=Path, required=True, help="folder with typed/ and hand/")
    parser.add_argument("--count", type=int, default=1500, help="dates to write")
    parser.add_argument("--seed", type=int, default=84_000)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    settings, rng = Settings(), np.random.default_rng(given.seed)
    maker = CropMaker(load_specs(SPECS), load_both(given.fonts, held_out=True), given.seed)
    dates = written_dates(maker, given.count, load_engines(settings.ocr.engines))
    least = settings.confidence.threshold(Kind.DATE)
    found: Counter[str] = Counter()
    for testimony, value, style in dates:
        found.update(f"{style}, {line}" for line in judge(testimony, value, rng, least))
    for line, count in sorted(found.items()):
        print(f"{line:45} {count:6}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
