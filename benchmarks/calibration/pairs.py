"""How often `read_alike` (`pipeline/mailboxes_in_doubt.py`) takes two addresses for one, where they are and where not:
`python -m benchmarks.calibration.pairs --fonts DIR --count N --seed S`.

Pairs of addresses are written in one font that no reader learnt from, and scanned one by one: the same address twice,
or two that differ by a single sign, by signs that look alike, or by a point. Prints how many there are of each, and how
many are taken for one.
"""

from __future__ import annotations

import argparse
import string
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import cv2

from benchmarks.reader import texts
from benchmarks.reader.crops import CropMaker, Written
from benchmarks.reader.fonts import Font, Style, load_both
from pipeline.config import Settings
from pipeline.mailboxes import mailbox
from pipeline.mailboxes_in_doubt import read_alike
from pipeline.model import Kind, OcrEngine
from pipeline.ocr import load_engines
from pipeline.specs import FieldSpec, FormSpec, load_specs
from pipeline.weighing.weigh import thoughts_of
from pipeline.witnesses.testimony import LATER, Round, hear, show
from pipeline.writing.combs import lines_of
from pipeline.writing.lift import DPI

if TYPE_CHECKING:
    from pipeline.model import Looks

SPECS = Path(__file__).parent.parent.parent / "forms_specs"
WAYS = SAME, SIGN, LOOK_ALIKE, POINT = "the same", "another sign", "a look-alike", "a point"
STYLES: tuple[Style, ...] = ("typed", "hand")
LOOK_ALIKES = ("0o", "1l", "il", "gq", "uv", "rn", "ce", "5s", "2z", "17", "49", "nm", "ao", "co", "38", "69", "ft")


class Writer(CropMaker):
    """Writes what it is told to, in one font."""

    text = ""

    def in_font(self, style: Style, font: Font) -> None:
        self.fonts = {**self.fonts, style: (font,)}

    def _text_for(self, where: FieldSpec) -> str:
        return self.text

    def written(self, text: str, style: Style) -> Written | None:
        """The text as it was written and scanned, if it came through whole."""
        self.text = text
        for _ in range(40):
            found = self._try([Kind.EMAIL])
            if found is not None and found.style == style and found.text == text:
                return found
        return None


def looks_at(filled: Written, engines: Sequence[OcrEngine]) -> Looks:
    """What each look may have read, as `Reading.looks` has it."""
    shown = show(lines_of([(filled.field, filled.lifted)]))
    heard = hear(hear(shown, engines, DPI, Round.FIRST), engines, DPI, *LATER)
    return {witness.place: thoughts_of(witness) for testimony in heard for witness in testimony.witnesses}


def other_than(rng: Random, address: str, how: str) -> str | None:
    """Another address that differs in this way; None where this one has nothing to change."""
    local, _, domain = address.partition("@")
    if how == SAME:
        return address
    if how == POINT:
        changed = local.replace(".", "", 1) if "." in local else f"{local[:2]}.{local[2:]}"
    elif how == SIGN:
        place = rng.randrange(len(local))
        kinds = string.digits if local[place].isdigit() else string.ascii_lowercase
        changed = local[:place] + rng.choice(kinds) + local[place + 1 :]
    else:
        swaps = [(one, pair) for pair in LOOK_ALIKES for one in range(len(local)) if local[one] in pair]
        if not swaps:
            return None
        place, pair = rng.choice(swaps)
        changed = local[:place] + pair[1 - pair.index(local[place])] + local[place + 1 :]
    found = f"{changed}@{domain}"
    return found if len(changed) > 2 and mailbox(found) != mailbox(address) else None


def count_alike(
    specs: Sequence[FormSpec], fonts: dict[Style, tuple[Font, ...]], count: int, seed: int, engines: Sequence[OcrEngine]
) -> tuple[Counter[tuple[str, str]], list[str]]:
    """How many pairs there were by style and difference, how many of them were taken for one, and which of those were
    not."""
    rng, writer = Random(seed), Writer(specs, fonts, seed)
    found: Counter[tuple[str, str]] = Counter()
    wrong = []
    while sum(found[style, how] for style in STYLES for how in WAYS) < count:
        style, how = rng.choice(STYLES), rng.choice(WAYS)
        writer.in_font(style, rng.choice(fonts[style]))
        one = texts.sample(rng, Kind.EMAIL).replace(" ", "").lower()
        other = other_than(rng, one, how)
        written = [writer.written(text, style) for text in (one, other) if text]
        if len(written) < 2 or any(each is None for each in written):
            continue
        alike = read_alike(*(looks_at(each, engines) for each in written if each is not None))
        found[style, how] += 1
        found[style, f"{how}, taken for one"] += alike
        if alike and how != SAME:
            wrong.append(f"{style} {one} {other}")
    return found, wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--fonts", type=Path, required=True, help="folder with typed/ and hand/")
    parser.add_argument("--count", type=int, default=1000, help="pairs to write")
    parser.add_argument("--seed", type=int, default=81_000)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    specs, engines = load_specs(SPECS), load_engines(Settings().ocr.engines)
    found, wrong = count_alike(specs, load_both(given.fonts, held_out=True), given.count, given.seed, engines)
    print("| style | differ by | n | taken for one |", "|---|---|---|---|", sep="\n")
    for style in STYLES:
        for how in WAYS:
            print(f"| {style} | {how} | {found[style, how]} | {found[style, f'{how}, taken for one']} |")
    print(*wrong, sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
