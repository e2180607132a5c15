"""The figures by who filled the form and how it was scanned, beside what is aimed at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.evaluation.judging import Identification, Judged
from pipeline.evaluation.share import Share
from pipeline.model import Verdict

CERTAIN = 0.99
EASY = frozenset({"clean", "office"})
FILLS = ("typed", "hand", "digital")
QUALITIES = ("clean", "office", "fax", "phone", "poor", "digital")


@dataclass(frozen=True)
class Target:
    """What a group of documents must reach: form and edition known, decided rightly without a person (shares)."""

    name: str
    holds: Callable[[str, str], bool]
    identified: float
    decided: float


TARGETS = (
    Target("typed, clean and office", lambda fill, quality: fill == "typed" and quality in EASY, 0.995, 0.95),
    Target("typed, fax", lambda fill, quality: (fill, quality) == ("typed", "fax"), 0.98, 0.80),
    Target("typed, phone and poor", lambda fill, quality: fill == "typed" and quality in {"phone", "poor"}, 0.95, 0.55),
    Target("by hand, clean and office", lambda fill, quality: fill == "hand" and quality in EASY, 0.99, 0.45),
    Target("by hand, the rest", lambda fill, quality: fill == "hand" and quality not in EASY, 0.92, 0.25),
    Target("filled on screen", lambda fill, quality: fill == "digital", 1.0, 1.0),
)


class Standing(StrEnum):
    """How a measured share stands to what is aimed at, with n in mind."""

    REACHED = "reached"
    REACHED_FEW = "reached, n too small to prove it"
    MISSED_FEW = "missed, n too small to be sure"
    MISSED = "missed"
    NOTHING = "no document"


@dataclass(frozen=True)
class GroupFigures:
    """certain: fields of confidence 0.99 or more that are exactly right; letters: of those, right but for accents and
    capitals. accepted_wrong: accepted records with a wrong value other than an accent or a capital."""

    name: str
    documents: int
    identified: Share
    left: int
    identified_wrong: int
    decided: Share
    false_accepts: int
    false_rejects: int
    accepted: int
    accepted_wrong: int
    accepted_accents: int
    fields: Share
    certain: Share
    certain_letters: Share


def figures_of(name: str, judged: Sequence[Judged]) -> GroupFigures:
    forms = [each for each in judged if each.identification not in (Identification.NO_FORM, Identification.NOT_NEEDED)]
    fields = [field for each in judged for field in each.fields]
    certain = [field for field in fields if field.confidence >= CERTAIN]
    return GroupFigures(
        name=name,
        documents=len(judged),
        identified=Share.among(each.identification is Identification.RIGHT for each in forms),
        left=sum(each.identification is Identification.LEFT for each in forms),
        identified_wrong=sum(each.identification is Identification.WRONG for each in forms),
        decided=Share.among(each.decided_rightly for each in judged if each.decidable),
        false_accepts=sum(each.false_accept for each in judged),
        false_rejects=sum(each.false_reject for each in judged),
        accepted=sum(each.record.decision is Verdict.ACCEPT for each in judged),
        accepted_wrong=sum(bool(each.wrong_letters) or each.wrong_delivery for each in judged),
        accepted_accents=sum(each.only_accents_wrong for each in judged),
        fields=Share.among(field.exact for field in fields if not field.both_blank),
        certain=Share.among(field.exact for field in certain),
        certain_letters=Share.among(field.letters for field in certain),
    )


def by_target(judged: Sequence[Judged]) -> tuple[tuple[Target, GroupFigures], ...]:
    return tuple(
        (target, figures_of(target.name, [each for each in judged if belongs(each, target)])) for target in TARGETS
    )


def belongs(judged: Judged, target: Target) -> bool:
    fill, quality = judged.truth.fill, judged.truth.quality
    return fill is not None and target.holds(fill, quality or "")


def by_fill_and_quality(judged: Sequence[Judged]) -> tuple[GroupFigures, ...]:
    """Every pair that occurs, then what is no form, then all."""
    groups: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for each in judged:
        if each.truth.fill:
            groups[each.truth.fill, each.truth.quality or "–"].append(each)
    ordered = sorted(groups, key=lambda pair: (rank(FILLS, pair[0]), rank(QUALITIES, pair[1])))
    figures = [figures_of(", ".join(pair), groups[pair]) for pair in ordered]
    formless = [each for each in judged if not each.truth.fill]
    if formless:
        figures.append(figures_of("no form", formless))
    return (*figures, figures_of("all", judged))


def rank(known: Sequence[str], name: str) -> tuple[int, str]:
    """In the known order, anything else after it by name."""
    return (known.index(name) if name in known else len(known)), name


def standing(share: Share, aim: float) -> Standing:
    if share.rate is None:
        return Standing.NOTHING
    low, high = share.bounds
    if share.rate >= aim:
        return Standing.REACHED if low >= aim or aim == 1 else Standing.REACHED_FEW
    return Standing.MISSED_FEW if high >= aim else Standing.MISSED
