"""Everything that is found of a truth and its records, as one value: what the tables and pages show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.config import Confidence
from pipeline.evaluation.blocking import Blocked, blocked_of
from pipeline.evaluation.judging import Exclusion, Judged, judge
from pipeline.evaluation.matching import Matches
from pipeline.evaluation.reliability import Automation, Series, automation_of, series_of
from pipeline.evaluation.targets import GroupFigures, Target, by_fill_and_quality, by_target
from pipeline.evaluation.worst import Findings, find_worst
from pipeline.model import Kind


@dataclass(frozen=True)
class Summary:
    """kinds: of every field, by key; confidence: the thresholds that the records are held against."""

    matches: Matches
    judged: tuple[Judged, ...]
    series: tuple[Series, ...]
    automation: tuple[Automation, ...]
    targets: tuple[tuple[Target, GroupFigures], ...]
    groups: tuple[GroupFigures, ...]
    blocked: tuple[Blocked, ...]
    worst: Findings
    excluded: Mapping[Exclusion, int]
    kinds: Mapping[str, Kind]
    confidence: Confidence

    @property
    def overall(self) -> GroupFigures:
        return self.groups[-1]


def summarise(matches: Matches, kinds: Mapping[str, Kind], confidence: Confidence) -> Summary:
    judged = tuple(judge(truth, record, kinds) for truth, record in matches.pairs)
    series = series_of([field for each in judged for field in each.fields])
    blocked = blocked_of(judged)
    return Summary(
        matches=matches,
        judged=judged,
        series=series,
        automation=tuple(row for each in series for row in automation_of(each, confidence)),
        targets=by_target(judged),
        groups=by_fill_and_quality(judged),
        blocked=blocked,
        worst=find_worst(judged, blocked, kinds, confidence),
        excluded=Counter(why for each in judged for _, why in each.excluded),
        kinds=kinds,
        confidence=confidence,
    )


EXCLUSION_WORDS = {
    Exclusion.NOT_READ: "non lus (document refusé ou laissé avant la lecture) / not read (refused or left before that)",
    Exclusion.INVALID: "écriture non valide / writing that is not valid",
    Exclusion.AMBIGUOUS: "ambigus, document en vérification / ambiguous, on a document for review",
    Exclusion.PAGE_MISSING: "sur une page manquante / on a missing page",
}


def exclusion_text(excluded: Mapping[Exclusion, int]) -> str:
    """Which fields are in no figure about fields, and how many."""
    parts = [f"{words} : {excluded.get(why, 0)}" for why, words in EXCLUSION_WORDS.items()]
    return f"Champs exclus / Fields left out: {'; '.join(parts)}"
