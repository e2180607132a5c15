"""How often `read_as_shared` (`pipeline/mailboxes_in_doubt.py`) takes an address for that of a short role, and wrongly:
`python -m benchmarks.calibration.roles --fonts DIR --count N --seed S`.

Addresses are written in fonts that no reader learnt from, and scanned one by one: before the at sign stands a role of
two or three letters (`ti`), that with one sign for another that looks like it, or two or three letters at random.
Prints how many there are of each, and how many are taken for a shared mailbox.
"""

from __future__ import annotations

import argparse
import string
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random

import cv2

from benchmarks.calibration.pairs import LOOK_ALIKES, SPECS, STYLES, Writer, looks_at
from benchmarks.reader import texts
from benchmarks.reader.fonts import load_both
from pipeline.config import Settings
from pipeline.mailboxes import shared_mailbox
from pipeline.mailboxes_in_doubt import read_as_shared
from pipeline.model import Kind
from pipeline.ocr import load_engines
from pipeline.specs import load_specs

WAYS = ROLE, LOOK_ALIKE, RANDOM = "a short role", "all but a role", "at random"
SHORT = range(2, 4)
# Beside those of `pairs`: what the letters of short roles look like.
MORE_LOOK_ALIKES = ("tl", "tf", "ij", "hn", "hb", "rv", "xk", "hk", "t1", "i1", "ie")


def before_the_at_sign(rng: Random, roles: Sequence[str], way: str) -> str:
    role = rng.choice(roles)
    if way == ROLE:
        return role
    if way == RANDOM:
        return "".join(rng.choice(string.ascii_lowercase) for _ in range(rng.choice(SHORT)))
    swaps = [
        (place, pair) for pair in (*LOOK_ALIKES, *MORE_LOOK_ALIKES) for place, sign in enumerate(role) if sign in pair
    ]
    place, pair = rng.choice(swaps)
    return role[:place] + pair[1 - pair.index(role[place])] + role[place + 1 :]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--fonts", type=Path, required=True, help="folder with typed/ and hand/")
    parser.add_argument("--count", type=int, default=1000, help="addresses to write")
    parser.add_argument("--seed", type=int, default=85_000)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    settings, rng = Settings(), Random(given.seed)
    fonts, engines = load_both(given.fonts, held_out=True), load_engines(settings.ocr.engines)
    patterns = settings.rules.shared_mailboxes
    roles = [pattern for pattern in patterns if pattern.isalpha() and len(pattern) in SHORT]
    writer = Writer(load_specs(SPECS), fonts, given.seed)
    found: Counter[tuple[str, str]] = Counter()
    while sum(found[style, way] for style in STYLES for way in WAYS) < given.count:
        style, way = rng.choice(STYLES), rng.choice(WAYS)
        writer.in_font(style, rng.choice(fonts[style]))
        domain = texts.sample(rng, Kind.EMAIL).replace(" ", "").lower().partition("@")[2]
        address = f"{before_the_at_sign(rng, roles, way)}@{domain}"
        written = writer.written(address.upper() if rng.random() < 0.4 else address, style)
        if written is None or shared_mailbox(address, patterns) != (way == ROLE):
            continue
        shared = read_as_shared(looks_at(written, engines), patterns)
        found[style, way] += 1
        found[style, f"{way}, taken for one"] += shared
        if shared and way != ROLE:
            print(f"{style} {written.text}")
    print("| style | before the at sign | n | taken for shared |", "|---|---|---|---|", sep="\n")
    for style in STYLES:
        for way in WAYS:
            print(f"| {style} | {way} | {found[style, way]} | {found[style, f'{way}, taken for one']} |")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
