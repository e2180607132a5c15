"""What keeps a document from its decision: which reasons, which fields, and which of these alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.evaluation.judging import Judged
from pipeline.evaluation.truth import ExpectedReason
from pipeline.model import Code, Kind, Verdict

EMAILS = frozenset({"section2.email", "section3.email"})


@dataclass(frozen=True)
class Blocked:
    """A document left to a person that one could decide: by which reasons, and on which doubtful fields it hangs.

    hangs_on: the fewest doubtful fields that would have to be certain; () where certainty alone would not do (another
    reason stands in the way, or the reading is such that the ground for the refusal does not show).
    """

    judged: Judged
    codes: tuple[Code, ...]
    doubtful: tuple[str, ...]
    hangs_on: tuple[str, ...]


@dataclass(frozen=True)
class KindBlocks:
    """For one kind of field: how many documents hang on it at all, how many on one field of it alone, and how many
    would be decided if every field of this kind were certain."""

    kind: Kind
    documents: int
    alone: int
    freed: int


def blocked_of(judged: Sequence[Judged]) -> tuple[Blocked, ...]:
    """Those that the truth accepts or refuses and that were left to a person, what hangs on fewest fields first."""
    found = [
        blocked(each)
        for each in judged
        if each.record.decision is Verdict.REVIEW and each.truth.decision is not Verdict.REVIEW
    ]
    return tuple(sorted(found, key=lambda each: (len(each.hangs_on) or 1000, each.judged.truth.name)))


def blocked(judged: Judged) -> Blocked:
    reasons = judged.record.reasons
    doubtful = tuple(each.field for each in reasons if each.code is Code.LOW_CONFIDENCE and each.field)
    codes = tuple(dict.fromkeys(each.code for each in reasons))
    return Blocked(judged, codes, doubtful, hangs_on(judged, codes, doubtful))


def hangs_on(judged: Judged, codes: Sequence[Code], doubtful: tuple[str, ...]) -> tuple[str, ...]:
    """To accept, every field must be certain. To refuse, those that one reason rests on are enough."""
    if set(codes) != {Code.LOW_CONFIDENCE}:
        return ()
    if judged.truth.decision is Verdict.ACCEPT:
        return doubtful
    grounds = (tuple(key for key in doubtful if key in rests_on(reason)) for reason in judged.truth.reasons)
    return min((ground for ground in grounds if ground), key=len, default=())


def rests_on(reason: ExpectedReason) -> frozenset[str]:
    if reason.code is Code.EMAILS_NOT_DIFFERENT:
        return EMAILS
    return frozenset({reason.field} if reason.field else ())


def blocks_by_kind(found: Sequence[Blocked], kinds: Mapping[str, Kind]) -> tuple[KindBlocks, ...]:
    """Every kind that holds a document back, the one that frees most documents first."""
    sets = [[kinds.get(key, Kind.TEXT) for key in each.hangs_on] for each in found if each.hangs_on]
    rows = [
        KindBlocks(
            kind=kind,
            documents=sum(kind in each for each in sets),
            alone=sum(each == [kind] for each in sets),
            freed=sum(set(each) == {kind} for each in sets),
        )
        for kind in Kind
    ]
    return tuple(sorted((row for row in rows if row.documents), key=lambda row: (-row.freed, -row.documents)))


def by_number_of_fields(found: Sequence[Blocked]) -> tuple[tuple[int, int], ...]:
    """How many documents hang on so many fields; 0 stands for those that certainty alone would not free."""
    return tuple(sorted(Counter(len(each.hangs_on) for each in found).items()))


def by_code(found: Sequence[Blocked]) -> tuple[tuple[Code, int], ...]:
    return tuple(Counter(code for each in found for code in each.codes).most_common())
