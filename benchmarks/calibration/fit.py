"""Fits what each piece of evidence is worth: `python -m benchmarks.calibration.fit EVIDENCE... --out confidence.json`.

EVIDENCE are the files of `benchmarks.calibration.gather`. For each kind of field a logistic model, its factors bound to
their sign (a witness for a value never speaks against it), lightly held towards nothing. What is printed is
cross-validated: every document is judged by weights fitted without it, so the table says what unseen documents of the
same making would give. `--judge FILE...` prints the same table for other evidence, with the weights of all of it.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped]

from pipeline.calibration import BLANK, Calibration, Weights
from pipeline.config import Settings
from pipeline.model import Kind

Row = dict[str, Any]
KINDS = (*(kind.value for kind in (Kind.TEXT, Kind.EMAIL, Kind.PHONE, Kind.DIGITS, Kind.DATE)), BLANK)
FOLDS = 8
# The penalty on the square of each factor: a prior of about this many fields' worth.
HELD = 0.3


def read_rows(paths: Iterable[Path]) -> list[Row]:
    """Both views of every field (the first engines, and all of them), each with its document."""
    rows = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            field = json.loads(line)
            about = {key: field[key] for key in ("fill", "quality", "document", "field")}
            about["file"] = path.name
            rows += [about | field[view] | {"view": view} for view in ("first", "all")]
    # Only what may be left blank is ever taken for blank.
    return [row for row in rows if row["kind"] != BLANK or row["objected"] == 1.0]


def fit(rows: Sequence[Row], names: Sequence[str]) -> Weights:
    """The weights under which these rows' outcomes are likeliest."""
    amounts = np.array([[row["evidence"].get(name, 0.0) for name in names] for row in rows])
    outcomes = np.array([row["right"] for row in rows], dtype=np.float64)
    inputs = np.hstack([np.ones((len(rows), 1)), amounts])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        odds = inputs @ weights
        cost = np.logaddexp(0, odds) - outcomes * odds
        slope = inputs.T @ (1 / (1 + np.exp(-odds)) - outcomes)
        held = np.concatenate(([0.0], weights[1:]))
        return float(cost.sum() + HELD / 2 * (held**2).sum()), slope + HELD * held

    signs = {"+": (0.0, None), "=": (0.0, None), "-": (None, 0.0)}
    bounds = [(None, None), *(signs.get(name[-1], (None, None)) for name in names)]
    best = minimize(loss, np.zeros(inputs.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds).x
    factors = {name: round(float(weight), 3) for name, weight in zip(names, best[1:], strict=True)}
    return Weights(round(float(best[0]), 3), factors)


def names_in(rows: Sequence[Row]) -> list[str]:
    return sorted({name for row in rows for name in row["evidence"]})


def with_probability(rows: Sequence[Row], calibration: Calibration) -> list[Row]:
    """The rows with the probability of the reading, objections counted."""
    return [
        row | {"probability": min(calibration.probability(row["kind"], row["evidence"]), row["objected"])}
        for row in rows
    ]


def cross_validated(rows: Sequence[Row]) -> list[Row]:
    """The rows, each with the probability that weights fitted on other documents give it."""
    names = names_in(rows)
    judged: list[Row] = []
    for kind in KINDS:
        mine = [row for row in rows if row["kind"] == kind]
        for fold in range(FOLDS):
            weights = fit([row for row in mine if _fold(row) != fold], names)
            left_out = [row for row in mine if _fold(row) == fold]
            judged += with_probability(left_out, Calibration("", {kind: weights}))
    return judged


def _fold(row: Row) -> int:
    return hashlib.sha256(f"{row['file']} {row['document']}".encode()).digest()[0] % FOLDS


def table(rows: Sequence[Row], least: dict[str, float]) -> str:
    """By kind, fill and quality: fields, right ones, those sure enough to act on, and how many of these are wrong."""
    groups: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        if row["view"] == "all":
            groups[row["kind"], row["fill"], "all"].append(row)
            groups[row["kind"], row["fill"], row["quality"]].append(row)
    lines = [
        "| kind | fill | quality | fields | right % | sure % | wrong of the sure |",
        "|---|---|---|---|---|---|---|",
    ]
    for (kind, fill, quality), group in sorted(groups.items()):
        sure = [row for row in group if row["probability"] >= least[kind]]
        wrong = sum(not row["right"] for row in sure)
        shares = f"{100 * sum(row['right'] for row in group) / len(group):.1f} | {100 * len(sure) / len(group):.1f}"
        lines.append(f"| {kind} | {fill} | {quality} | {len(group)} | {shares} | {wrong} |")
    return "\n".join(lines)


def reliability(rows: Sequence[Row]) -> str:
    """Expected beside found: of readings said to be so probable, how many are right."""
    edges = (0.0, 0.5, 0.8, 0.9, 0.97, 0.99, 0.995, 0.999, 0.9999, 1.000001)
    lines = ["| kind | said | fields | said on average | right |", "|---|---|---|---|---|"]
    for kind in KINDS:
        for low, high in itertools.pairwise(edges):
            group = [row for row in rows if row["kind"] == kind and low <= row["probability"] < high]
            if group:
                said = math.fsum(row["probability"] for row in group) / len(group)
                right = sum(row["right"] for row in group) / len(group)
                lines.append(f"| {kind} | {low:g} to {min(high, 1):g} | {len(group)} | {said:.4f} | {right:.4f} |")
    return "\n".join(lines)


def worst(rows: Sequence[Row], count: int = 12) -> str:
    """The wrong readings that are said to be most probable."""
    wrong = sorted((row for row in rows if not row["right"]), key=lambda row: -row["probability"])
    return "\n".join(
        f"{row['probability']:.5f} {row['kind']} {row['fill']} {row['quality']} {row['view']} {row['document']}"
        f" {row['field']}: {row['wanted']!r} read {row['read']!r}"
        for row in wrong[:count]
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("evidence", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--judge", type=Path, nargs="*", default=[])
    given = parser.parse_args()
    rows = read_rows(given.evidence)
    accepted = Settings().confidence
    least = {kind: accepted.threshold(Kind.DIGITS if kind == BLANK else Kind(kind)) for kind in KINDS}
    judged = cross_validated(rows)
    print(f"cross-validated over {len({(row['file'], row['document']) for row in rows})} documents\n")
    print(table(judged, least), "\n\n" + reliability(judged), "\n\n" + worst(judged), sep="")
    names = names_in(rows)
    kinds = {kind: fit([row for row in rows if row["kind"] == kind], names) for kind in KINDS}
    version = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(given.evidence))).hexdigest()[:12]
    calibration = Calibration(version, kinds)
    found = {kind: {"bias": each.bias, "factors": dict(each.factors)} for kind, each in kinds.items()}
    given.out.write_text(json.dumps({"version": version, "kinds": found}, indent=1) + "\n", encoding="utf-8")
    if given.judge:
        others = with_probability(read_rows(given.judge), calibration)
        print(f"\njudged on {', '.join(path.name for path in given.judge)}\n")
        print(table(others, least), "\n\n" + reliability(others), "\n\n" + worst(others), sep="")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
