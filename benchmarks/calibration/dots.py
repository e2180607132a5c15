"""How often `pipeline/glyphs/dots.py` takes a letter for what it is, or for another:
`python -m benchmarks.calibration.dots --fonts DIR --count N --seed S`.

Typed addresses are written and scanned one by one in fonts that no reader learnt from; where PP-OCR reads nothing else
wrong, each i, j, l and 1 is held out as itself and as each of the others. Prints how many there are of each, and how
many of them are told to be each.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import cv2

from benchmarks.reader.crops import CropMaker
from benchmarks.reader.fonts import load_both
from pipeline.config import Settings
from pipeline.glyphs.dots import ASKED, told_by_dots
from pipeline.glyphs.placed import Place, in_capitals
from pipeline.model import Kind, OcrEngine
from pipeline.ocr import load_engines
from pipeline.pen import TYPE
from pipeline.specs import load_specs
from pipeline.witnesses.testimony import Round, Testimony, hear, show
from pipeline.writing.combs import lines_of
from pipeline.writing.lift import DPI

SPECS = Path(__file__).parent.parent.parent / "forms_specs"


def count_told(maker: CropMaker, count: int, engines: Sequence[OcrEngine]) -> Counter[tuple[str, str]]:
    """How often each letter is told to be each, and (`letter`, "") how often it was there, in `count` addresses."""
    found: Counter[tuple[str, str]] = Counter()
    for _ in range(count):
        filled = maker.write([Kind.EMAIL])
        for testimony in hear(show(lines_of([(filled.field, filled.lifted)])), engines, DPI, Round.FIRST):
            places = _places(testimony, filled.text)
            for rank, place in enumerate(places):
                if place.character in ASKED:
                    found[place.character, ""] += 1
                    found.update((place.character, other) for other in _told(testimony, places, rank))
    return found


def _places(testimony: Testimony, text: str) -> list[Place]:
    """Where the signs of an address of small letters stand; none where it is no type or not so many were read."""
    for look in testimony.witnesses:
        seen = [place.character for place in look.places]
        if (
            look.place == "paddle plain"
            and testimony.pen <= TYPE
            and not in_capitals(look.places)
            and _alike(seen, text)
        ):
            return [place._replace(character=sign) for place, sign in zip(look.places, text, strict=True)]
    return []


def _alike(seen: Sequence[str], text: str) -> bool:
    """Whether nothing was misread but letters that are asked for: else the places are those of others."""
    return len(seen) == len(text) and all(
        one == other or {one, other} <= ASKED for one, other in zip(seen, text, strict=True)
    )


def _told(testimony: Testimony, places: list[Place], rank: int) -> list[str]:
    others = {sign: [*places] for sign in sorted(ASKED)}
    for sign, held_out in others.items():
        held_out[rank] = places[rank]._replace(character=sign)
    return [sign for sign, held_out in others.items() if rank in told_by_dots(testimony.line.pixels, held_out)]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--fonts", type=Path, required=True, help="folder with typed/ and hand/")
    parser.add_argument(
        "--count", type=int, default=1000, help="addresses to write, by hand too, which are passed over"
    )
    parser.add_argument("--seed", type=int, default=70_000)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    fonts = load_both(given.fonts, held_out=True)
    found = count_told(
        CropMaker(load_specs(SPECS), fonts, given.seed), given.count, load_engines(Settings().ocr.engines)
    )
    print("letter       n  " + "".join(f"{f'told {sign}':>9}" for sign in sorted(ASKED)))
    for letter in sorted(ASKED):
        n = found[letter, ""]
        shares = "".join(f"{found[letter, sign] / max(n, 1):9.2%}" for sign in sorted(ASKED))
        print(f"{letter:6} {n:7}  {shares}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
