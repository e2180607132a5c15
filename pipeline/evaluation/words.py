"""What the terminal says."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.evaluation.share import percent
from pipeline.evaluation.summary import Summary


def in_words(summary: Summary) -> Iterator[str]:
    """A few lines for the terminal, without anything about people."""
    overall = summary.overall
    yield f"Documents : {overall.documents} · sans enregistrement / without a record: {len(summary.matches.missing)}"
    yield f"Décidés justement sans personne / Decided rightly without a person: {overall.decided.text}"
    yield f"Fausses acceptations / False accepts: {overall.false_accepts}"
    yield f"Faux refus / False rejects: {overall.false_rejects}"
    yield (
        f"Acceptés avec une valeur fausse / Accepted with a wrong value: {overall.accepted_wrong} (accents : "
        f"{overall.accepted_accents})"
    )
    yield f"Champs exacts / Fields exact: {overall.fields.text}"
    yield f"Certitude ≥ 0,99 et exacts / Confidence ≥ .99 and exact: {overall.certain.text}"
    for target, figures in summary.targets:
        if figures.documents:
            yield f"  {target.name:<26} {figures.decided.text}  (visé / aim {percent(target.decided)})"
