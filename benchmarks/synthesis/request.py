"""One request: what is written in each field, and what a person who reads it perfectly decides."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pipeline.model import CODE_ORDER, FIELD_ORDER, Code
from pipeline.specs import FormSpec

CUTOFF = date(2022, 3, 31)
RULED_EDITION = "2022-03"


@dataclass
class Request:
    """What goes onto one form.

    values: canonical, as in the truth. written: the text to draw. struck: a first text, struck out before `written`.
    ticks: the options ticked, by field; scratched: those ticked and then scratched out.
    """

    spec: FormSpec
    received: date
    values: dict[str, str | bool | None] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    struck: dict[str, str] = field(default_factory=dict)
    ticks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    scratched: dict[str, str] = field(default_factory=dict)
    invalid: list[str] = field(default_factory=list)
    ambiguous: list[str] = field(default_factory=list)
    reasons: list[tuple[Code, str | None]] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)

    @property
    def obsolete(self) -> bool:
        return self.spec.edition < RULED_EDITION and self.received >= CUTOFF

    def truth(self) -> dict[str, Any]:
        """The keys of the truth that rest on what is written."""
        codes = sorted(self.reasons, key=lambda reason: (CODE_ORDER[reason[0]], FIELD_ORDER[reason[1]]))
        if self.obsolete:
            codes = [(Code.EDITION_OBSOLETE, None)]
        by_mail = self.received < CUTOFF or self.values.get("section2.environment") == "training"
        delivery = {
            "channel": "registered-mail" if by_mail else "email",
            "username_to": None if by_mail else self.values.get("section3.email"),
            "temporary_password_to": None if by_mail else self.values.get("section2.email"),
        }
        return {
            "cases": self.cases or ["plain"],
            "number": self.spec.number,
            "edition": self.spec.edition,
            "fields": self.values,
            "invalid": self.invalid,
            "ambiguous": sorted(set(self.ambiguous), key=lambda key: FIELD_ORDER[key]),
            "decision": "reject" if codes else "accept",
            "reasons": [{"code": str(code), "field": key} for code, key in codes],
            "delivery": None if codes else delivery,
        }
