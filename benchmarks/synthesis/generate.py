"""Filled, degraded scans with their truth: `python -m benchmarks.synthesis.generate --out DIR --count N --seed S`.

Writes DIR/scans/DATE/NNNN.pdf (one image a page) and DIR/truth.jsonl, a line a document. The same seed, fonts and
specs give the same pixels and the same truth.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import time
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.random import Generator
from PIL import Image

from benchmarks.synthesis.chance import chance, is_held_out, pick, weighted
from benchmarks.synthesis.composing import make_request
from benchmarks.synthesis.fetch_fonts import CURSIVE, HAND, TYPED
from benchmarks.synthesis.fill import (
    Corrections,
    Fonts,
    Writer,
    comb_signs,
    fill,
    make_writers,
    with_corrections,
    with_pale_pens,
    with_some_by_hand,
)
from benchmarks.synthesis.noise import Scan, degrade, make_device
from benchmarks.synthesis.request import RULED_EDITION, Request
from pipeline.model import Kind
from pipeline.specs import FormSpec, load_specs

TORONTO = ZoneInfo("America/Toronto")
QUALITIES = {"clean": 0.17, "office": 0.38, "fax": 0.17, "phone": 0.14, "poor": 0.14}
FORMER_DATES = (date(2021, 10, 27), date(2022, 3, 16))
RULED_DATES = tuple(
    map(date.fromisoformat, "2022-03-28 2022-05-19 2022-12-06 2023-07-30 2024-04-18 2024-09-27".split())
)
NEWEST_DATES = tuple(map(date.fromisoformat, "2024-11-13 2025-06-10 2025-12-29".split()))
NEWEST_EDITION = "2024-10"
SECTIONS = ("section2", "section3")
NONE = Corrections()


def find_fonts(root: Path, held_out: bool) -> Fonts:
    """The fonts under root/typed and root/hand that are held out, or the others. Raises `SystemExit` without any."""
    typed, hand = (
        tuple(
            path
            for name in sorted(names.split())
            if is_held_out(name) == held_out and (path := root / style / f"{name}.ttf").is_file()
        )
        for style, names in (("typed", TYPED), ("hand", HAND))
    )
    if not typed or not hand:
        raise SystemExit(f"{root}: no fonts; see benchmarks/synthesis/README.md")
    return Fonts(typed, hand, tuple(path for path in hand if path.stem in CURSIVE.split()))


def choose_spec(rng: Generator, specs: tuple[FormSpec, ...]) -> FormSpec:
    """Any edition; those before 2022-03 are a tenth of all."""
    old = [spec for spec in specs if spec.edition < RULED_EDITION]
    return pick(rng, old if chance(rng, 0.1) else [spec for spec in specs if spec not in old])


def choose_date(rng: Generator, spec: FormSpec) -> date:
    """A day of reception at which the edition is still good, but for a few old ones."""
    if spec.edition < RULED_EDITION:
        return pick(rng, FORMER_DATES if chance(rng, 0.85) else RULED_DATES)
    if spec.edition >= NEWEST_EDITION:
        return pick(rng, NEWEST_DATES)
    return pick(rng, [day for day in RULED_DATES if spec.valid_until is None or day <= spec.valid_until])


@dataclass(frozen=True)
class Stress:
    """What a set has more of than mail does: documents that are typed but for some fields; the share of pens that have
    run nearly dry; corrections of what is typed."""

    mixed: bool = False
    pale: float = 0.0
    corrections: Corrections = NONE


def make_document(
    seed: int, rank: int, specs: tuple[FormSpec, ...], fonts: Fonts, held_out: bool, stress: Stress = Stress()
) -> tuple[bytes, dict[str, Any]]:
    """One PDF and its truth (without its path); document `rank` does not rest on how many there are."""
    rng = np.random.default_rng([seed, rank])
    spec = choose_spec(rng, specs)
    received = choose_date(rng, spec)
    hand = chance(rng, 0.45) and not stress.mixed
    device = make_device(rng, weighted(rng, QUALITIES))
    request = make_request(rng, spec, received, hand, held_out)
    writers = make_writers(rng, fonts, hand, device.keeps_pencil)
    if stress.mixed:
        writers = with_some_by_hand(np.random.default_rng([seed, rank, 1]), request, writers)
    if stress.pale:
        writers = with_pale_pens(np.random.default_rng([seed, rank, 2]), writers, stress.pale)
    if stress.corrections:
        writers = with_corrections(np.random.default_rng([seed, rank, 3]), request, writers, stress.corrections)
    scans = degrade(rng, fill(rng, request, writers), device)
    content = to_pdf(scans)
    noon = datetime(received.year, received.month, received.day, 12, tzinfo=TORONTO)
    truth = {
        "attachment": None,
        "index": 0,
        "sha256": hashlib.sha256(content).hexdigest(),
        "fill": "mixed" if stress.mixed else "hand" if hand else "typed",
        "quality": device.quality,
        "encoding": "g4" if scans[0].bilevel else "jpeg",
        "mail": None,
        "received": noon.isoformat(),
        "message_id": None,
    }
    return content, truth | request.truth() | {
        "written": as_drawn(request, writers),
        "fonts": [writers[section].text.font.stem for section in SECTIONS],
        "by_hand": sorted(key for section in SECTIONS for key in writers[section].by_hand),
        "amended": sorted(_corrected(writers) & {*request.ambiguous}),
        "pens": [writers[section].hand.ink for section in SECTIONS],
    }


def _corrected(writers: dict[str, Writer]) -> frozenset[str]:
    return frozenset().union(*(writer.amended | writer.ruled | writer.painted for writer in writers.values()))


def as_drawn(request: Request, writers: dict[str, Writer]) -> dict[str, str]:
    """What stands in each written field, sign by sign; without signatures and what has a part struck out."""
    drawn = {}
    for part in request.spec.field:
        text = request.written.get(part.key)
        if text is None or part.kind is Kind.SIGNATURE or part.key in request.struck:
            continue
        signs = comb_signs(request, part, text)
        combed = part.layout == "comb" and not writers[part.key.partition(".")[0]].straight
        drawn[part.key] = signs if combed and len(signs) <= len(part.cells) else text
    return drawn


def to_pdf(scans: list[Scan]) -> bytes:
    """One image a page, by Pillow: a bilevel one as Group 4, a grey one as JPEG; the same bytes every time."""
    images = [Image.fromarray(scan.pixels).convert("1" if scan.bilevel else "L") for scan in scans]
    stamp = time.gmtime(0)
    target = io.BytesIO()
    options = {} if scans[0].bilevel else {"quality": scans[0].jpeg}
    images[0].save(
        target,
        "PDF",
        save_all=True,
        append_images=images[1:],
        dpi=scans[0].dpi,
        creationDate=stamp,
        modDate=stamp,
        **options,
    )
    return target.getvalue()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fonts", type=Path, default=Path("build/fonts"), help="folder with typed/ and hand/")
    parser.add_argument("--specs", type=Path, default=Path("forms_specs"))
    parser.add_argument("--fonts-held-out", action="store_true", help="only fonts and people that other sets never use")
    parser.add_argument("--mixed", action="store_true", help="typed documents with some fields by hand")
    parser.add_argument("--pale", type=float, default=0.0, help="this share of pens has run nearly dry (0 to 1)")
    parser.add_argument("--amended", type=float, default=0.0, help="this share of typed fields is corrected (0 to 1)")
    parser.add_argument("--ruled", type=float, default=0.0, help="this share of typed fields is struck out (0 to 1)")
    parser.add_argument("--painted", type=float, default=0.0, help="this share of typed addresses lacks a letter")
    arguments = parser.parse_args()
    corrections = Corrections(arguments.amended, arguments.ruled, arguments.painted)
    stress = Stress(arguments.mixed, arguments.pale, corrections)
    specs = load_specs(arguments.specs)
    fonts = find_fonts(arguments.fonts, arguments.fonts_held_out)
    arguments.out.mkdir(parents=True, exist_ok=True)
    with (arguments.out / "truth.jsonl").open("w", encoding="utf-8") as lines:
        for rank in range(arguments.count):
            content, truth = make_document(arguments.seed, rank, specs, fonts, arguments.fonts_held_out, stress)
            path = Path("scans", truth["received"][:10], f"{rank:04}.pdf")
            (arguments.out / path).parent.mkdir(parents=True, exist_ok=True)
            (arguments.out / path).write_bytes(content)
            lines.write(json.dumps({"path": str(path)} | truth, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
