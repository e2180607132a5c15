"""How probable a reading is, from what its witnesses say: a logistic model for each kind of field.

Its weights are fitted on generated scans in fonts that no reader learnt from, cross-validated by document
(benchmarks/calibration); docs/design/confidence.md has the figures.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

MODEL = Path(__file__).parent / "models" / "confidence.json"
# That a field with some ink in it is blank all the same is a kind of its own: what is left of the print, dust.
BLANK = "blank"


@dataclass(frozen=True)
class Weights:
    """Log odds: `bias`, and the factor of each piece of evidence."""

    bias: float
    factors: Mapping[str, float]


@dataclass(frozen=True)
class Calibration:
    """The weights by kind of field, and for BLANK; `version` names the data they were fitted on."""

    version: str
    kinds: Mapping[str, Weights]

    def probability(self, kind: str, evidence: Mapping[str, float]) -> float:
        """How probable it is, 0 to 1, that the value with this evidence is right. Evidence without a weight is none."""
        weights = self.kinds[kind]
        odds = weights.bias + sum(weights.factors.get(name, 0.0) * amount for name, amount in evidence.items())
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, odds))))


@cache
def load_calibration(path: Path = MODEL) -> Calibration:
    """The calibration that comes with the package."""
    found = json.loads(path.read_text(encoding="utf-8"))
    kinds = {kind: Weights(each["bias"], each["factors"]) for kind, each in found["kinds"].items()}
    return Calibration(found["version"], kinds)
