"""What the rules find: said by `validate`, weighed by `decide`."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import CODE_ORDER, FIELD_ORDER, Code


@dataclass(frozen=True)
class Finding:
    """A rule that is broken.

    field: the field that its reason names, if any. rests_on: keys of the readings that it was concluded from.
    sure: False where even certain readings leave it open, so that a person must judge.
    """

    code: Code
    field: str | None
    rests_on: tuple[str, ...]
    sure: bool = True

    @property
    def order(self) -> tuple[int, int]:
        return CODE_ORDER[self.code], FIELD_ORDER[self.field]
