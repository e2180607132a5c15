"""How often a hand is taken for type, and type for a hand: `python -m benchmarks.calibration.pens --documents DIR...`.

DIR is what `benchmarks.synthesis.generate --fonts-held-out` left. Of the fields that a hand filled, or a machine, it is
printed how many there are and how many are mistaken: by their strokes alone, and as `among_the_rest` tells them, by
their section's words and how alike their letters are. Then, of typed lines and of a hand's, by quality, how unlike
their letters are (`pipeline.glyphs.alike_letters.unlikeness`): the 5th, 50th and 95th percentile. At last the weights
of a logistic fit on the addresses: of the line itself, the other words, the logarithm of the unlikeness, and of 1.
"""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.calibration.gather import SPECS, lines_in_documents
from pipeline.glyphs.alike_letters import unlikeness
from pipeline.model import Kind, OcrEngine
from pipeline.ocr import load_engines
from pipeline.pen import LEAST_UNLIKE, TYPE, by_section
from pipeline.specs import FormSpec, load_specs
from pipeline.weighing.beside import WORDS, among_the_rest, sections_of, words_in
from pipeline.witnesses.testimony import Round, Testimony, hear, show
from pipeline.writing.lift import DPI

STEPS = 50


class Judged(NamedTuple):
    """A field: its kind, whether a hand wrote it, on what kind of scan; how probable that is by its strokes and among
    the rest; the log odds of itself alone and of its section, and how unlike its letters are, where that is known."""

    kind: Kind
    hand: bool
    quality: str
    strokes: float
    among: float
    own_odds: float
    section_odds: float
    unlike: float | None


def heard(
    folder: Path, specs: Sequence[FormSpec], engine: OcrEngine
) -> Iterator[tuple[dict[str, Any], list[Testimony]]]:
    """Each document's truth, and its fields as PP-OCR read them; nothing of one that is not identified rightly."""
    truths = [json.loads(line) for line in (folder / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    for truth, pages in lines_in_documents(folder, truths, specs, [engine]):
        yield truth, hear([each for inked in pages for each in show(inked)], [engine], DPI, Round.FIRST)


def judge(truth: dict[str, Any], form: Sequence[Testimony]) -> Iterator[Judged]:
    """The document's fields but its dates, which a hand writes in what is typed."""
    now = {each.field.key: each.pen for each in among_the_rest(form)}
    for section in sections_of(form):
        words = {each.field.key: each for each in section if each.field.kind in WORDS}
        letters = unlikeness(words_in(section), words)
        for each in section:
            key = each.field.key
            others = [other.pen for name, other in words.items() if name != key]
            odds = by_section(each.pen, []), by_section(each.pen, others)
            hand = truth["fill"] == "hand"
            yield Judged(each.field.kind, hand, truth["quality"], each.pen, now[key], *odds, letters.get(key))


def fitted(judged: Sequence[Judged]) -> NDArray[np.float64]:
    """The weights under which who wrote these lines is likeliest (Newton's method)."""
    known = [each for each in judged if each.unlike is not None]
    inputs = np.array(
        [
            [each.own_odds, each.section_odds - each.own_odds, math.log(LEAST_UNLIKE + (each.unlike or 0.0)), 1.0]
            for each in known
        ]
    )
    outcomes = np.array([each.hand for each in known], dtype=np.float64)
    weights = np.zeros(inputs.shape[1])
    for _ in range(STEPS):
        chances = 1 / (1 + np.exp(-inputs @ weights))
        curve = (inputs.T * (chances * (1 - chances))) @ inputs + 0.01 * np.eye(len(weights))
        weights += np.linalg.solve(curve, inputs.T @ (outcomes - chances) - 0.01 * weights)
    return weights


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--documents", type=Path, nargs="+", required=True, help="folders with truth.jsonl")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    specs, (engine,) = load_specs(SPECS), load_engines(["paddle"])
    documents = (document for folder in given.documents for document in heard(folder, specs, engine))
    judged = [each for truth, form in documents for each in judge(truth, form)]
    counts: Counter[tuple[str, str]] = Counter()
    unlike: dict[tuple[str, str], list[float]] = defaultdict(list)
    for each in judged:
        what = f"{each.kind.value}, {'by hand' if each.hand else 'typed'}"
        counts[what, "n"] += 1
        counts[what, "by strokes"] += (each.strokes > TYPE) != each.hand
        counts[what, "among the rest"] += (each.among > TYPE) != each.hand
        if each.unlike is not None:
            unlike[each.quality, "by hand" if each.hand else "typed"].append(each.unlike)
    for what in sorted({what for what, _ in counts}):
        print(
            f"{what:20}", *(f"{name} {counts[what, name]}" for name in ("n", "by strokes", "among the rest")), sep="  "
        )
    for (quality, who), found in sorted(unlike.items()):
        print(f"{quality:8} {who:8}", len(found), *np.percentile(found, [5, 50, 95]).round(3))
    print("weights:", *fitted([each for each in judged if each.kind is Kind.EMAIL]).round(2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
