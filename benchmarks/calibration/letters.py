"""How often the glyphs of an address are confirmed to be what they are, or what they are not:
`python -m benchmarks.calibration.letters --documents DIR`.

DIR is what `benchmarks.synthesis.generate --fonts-held-out` left. Of each typed address each o, 0, l and 1, among
capitals each O, 0, I and 1, is asked for by itself (`pipeline/glyphs/shapes.py`), as what it is and as what it may be
taken for. Prints how many there are of each, how many of them are confirmed as either, and how many the network that
looks at single glyphs (`pipeline/glyphs/kinds.py`) tells, and takes for another.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import cv2

from benchmarks.calibration.gather import SPECS, heard_in_documents
from pipeline.addresses.looks import shapes_in, told_in
from pipeline.addresses.signs import settled_end
from pipeline.config import Settings
from pipeline.glyphs.kinds import SEEN, TAKEN_FOR, odds_of
from pipeline.glyphs.placed import OTHER, OTHER_CAPITAL
from pipeline.glyphs.shapes import Shapes
from pipeline.model import Kind
from pipeline.ocr import load_engines
from pipeline.pen import TYPE
from pipeline.specs import load_specs
from pipeline.witnesses.testimony import Testimony

# Addresses are in small letters here, whatever they are written in.
CAPITAL = {sign.lower(): other.lower() for sign, other in OTHER_CAPITAL.items()}
# A sign among small letters or capitals, and what was asked of it: "", how often it was there; or of the network.
TOLD, MISTAKEN = "told", "mistaken"
Asked = tuple[str, bool, str]


def count_confirmed(testimonies: Iterable[tuple[Testimony, str]]) -> Counter[Asked]:
    """How often each sign of these addresses is confirmed as itself and as the other, and how often it was there."""
    found: Counter[Asked] = Counter()
    for testimony, address in testimonies:
        told = told_in(testimony, address)
        capitals = told.capitals
        others = CAPITAL if capitals else OTHER
        for place in set(range(len(address))) - settled_end(address):
            sign = address[place]
            if sign in others:
                found[sign, capitals, ""] += 1
                odds = odds_of(told.kinds[place], sign, TAKEN_FOR[sign]) if place in told.kinds else 0.0
                found[sign, capitals, TOLD] += odds >= SEEN
                found[sign, capitals, MISTAKEN] += odds <= -SEEN
                found.update(
                    (sign, capitals, asked) for asked in (sign, others[sign]) if _is(testimony, address, place, asked)
                )
    return found


def _is(testimony: Testimony, address: str, place: int, sign: str) -> bool:
    """Whether the glyph in that place is confirmed as the sign; nothing is asked of the others."""
    asked = f"{address[:place]}{sign}{address[place + 1 :]}"
    others = frozenset(range(len(address))) - {place}
    return shapes_in(testimony, asked, others) is Shapes.CONFIRMED


def typed_addresses(truth: dict[str, Any], testimonies: Iterable[Testimony]) -> Iterable[tuple[Testimony, str]]:
    """The typed addresses of a page, each as it was written."""
    for testimony in testimonies:
        key = testimony.field.key
        address = (truth["fields"].get(key) or "").lower()
        typed = testimony.field.kind is Kind.EMAIL and testimony.witnesses and testimony.pen <= TYPE
        if typed and "@" in address and key not in truth["invalid"]:
            yield testimony, address


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--documents", type=Path, required=True, help="folder with truth.jsonl")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    truths = [json.loads(line) for line in (given.documents / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    engines = load_engines(Settings().ocr.engines)
    found: Counter[Asked] = Counter()
    for truth, _, every in heard_in_documents(given.documents, truths, load_specs(SPECS), engines):
        found.update(count_confirmed(typed_addresses(truth, every)))
    print("letter       n  confirmed  as the other  seen  taken for another")
    for others, capitals in ((OTHER, False), (CAPITAL, True)):
        for sign, other in others.items():
            n = found[sign, capitals, ""]
            so, otherwise = (found[sign, capitals, asked] / max(n, 1) for asked in (sign, other))
            seen, mistaken = found[sign, capitals, TOLD] / max(n, 1), found[sign, capitals, MISTAKEN]
            name = sign.upper() if capitals else sign
            print(f"{name:6} {n:7}  {so:9.1%}  {otherwise:12.2%}  {seen:4.0%}  {mistaken:17}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
