"""The tables: for Markdown, CSV and the page alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.evaluation.blocking import blocks_by_kind, by_code, by_number_of_fields
from pipeline.evaluation.reliability import Automation, bins_of
from pipeline.evaluation.share import percent
from pipeline.evaluation.summary import Summary
from pipeline.evaluation.table import Table
from pipeline.evaluation.targets import GroupFigures, standing

GROUP_HEADER = (
    "groupe / group",
    "documents",
    "formulaire et édition justes / form and edition right",
    "laissés à une personne / left to a person",
    "faux / wrong",
    "décidés justement sans personne / decided rightly without a person",
    "fausses acceptations / false accepts",
    "faux refus / false rejects",
    "acceptés / accepted",
    "... avec une valeur fausse / with a wrong value",
    "... un accent ou une majuscule / an accent or capital",
    "champs exacts / fields exact",
    "certitude ≥ 0,99 et exacts / confidence ≥ .99 and exact",
    "... accents et majuscules à part / accents and capitals aside",
)


def group_row(figures: GroupFigures) -> tuple[str, ...]:
    return (
        figures.name,
        str(figures.documents),
        figures.identified.text,
        str(figures.left),
        str(figures.identified_wrong),
        figures.decided.text,
        str(figures.false_accepts),
        str(figures.false_rejects),
        str(figures.accepted),
        str(figures.accepted_wrong),
        str(figures.accepted_accents),
        figures.fields.text,
        figures.certain.text,
        figures.certain_letters.text,
    )


def target_table(summary: Summary) -> Table:
    rows = [
        (
            target.name,
            str(figures.documents),
            figures.identified.text,
            f"{percent(target.identified)}: {standing(figures.identified, target.identified)}",
            figures.decided.text,
            f"{percent(target.decided)}: {standing(figures.decided, target.decided)}",
            str(figures.false_accepts + figures.false_rejects + figures.identified_wrong),
            str(figures.accepted_wrong),
        )
        for target, figures in summary.targets
    ]
    return Table(
        "Ce qui est visé et ce qui est atteint / What is aimed at and what is reached",
        (
            "documents",
            "n",
            "formulaire et édition justes / form and edition right",
            "visé / aimed at",
            "décidés justement sans personne / decided rightly without a person",
            "visé / aimed at",
            "décisions, formulaires ou éditions faux (visé : 0) / wrong decisions, forms or editions (aim: 0)",
            "acceptés avec une valeur fausse (visé : 0) / accepted with a wrong value (aim: 0)",
        ),
        tuple(rows),
    )


def group_table(summary: Summary) -> Table:
    return Table(
        "Par remplissage et qualité / By fill and quality",
        GROUP_HEADER,
        tuple(group_row(figures) for figures in summary.groups),
    )


AUTOMATION_HEADER = (
    "kind",
    "error_rate",
    "threshold",
    "configured",
    "readings",
    "acted_on",
    "share_acted_on",
    "wrong",
    "share_wrong",
    "wrong_low",
    "wrong_high",
)


def automation_rows(rows: Iterable[Automation]) -> Iterator[tuple[str, ...]]:
    """The bounds are Wilson's, 95 %."""
    for row in rows:
        low, high = row.wrong.bounds
        yield (
            row.name,
            f"{row.error_rate:g}",
            f"{row.threshold:g}",
            "yes" if row.configured else "",
            str(row.acted.of),
            str(row.acted.count),
            number(row.acted.rate),
            str(row.wrong.count),
            number(row.wrong.rate),
            number(low),
            number(high),
        )


def automation_table(summary: Summary) -> Table:
    return Table(
        "Automatisation et exactitude / Automation against accuracy",
        AUTOMATION_HEADER,
        tuple(automation_rows(summary.automation)),
    )


def reliability_table(summary: Summary) -> Table:
    rows = [
        (series.name, f"{each.low:g}–{each.high:g}", f"{each.confidence:.4f}", each.right.text)
        for series in summary.series
        for each in bins_of(series)
    ]
    return Table(
        "Fiabilité / Reliability",
        ("champs / fields", "classe / bin", "certitude moyenne / mean confidence", "justes / right"),
        tuple(rows),
    )


def blocking_tables(summary: Summary) -> tuple[Table, ...]:
    """What stands between the documents and their decisions."""
    found = summary.blocked
    return (
        Table(
            "Ce que bloque chaque genre de champ / What each kind of field holds back",
            (
                "genre / kind",
                "documents retenus / documents held back",
                "par un seul champ / by a single field",
                "libérés si ce genre était certain / freed if this kind were certain",
            ),
            tuple(
                (row.kind.value, str(row.documents), str(row.alone), str(row.freed))
                for row in blocks_by_kind(found, summary.kinds)
            ),
        ),
        Table(
            "À combien de champs tient la décision / On how many fields the decision hangs",
            ("champs douteux / doubtful fields", "documents"),
            tuple(
                (str(fields) if fields else "autre cause / something else", str(documents))
                for fields, documents in by_number_of_fields(found)
            ),
        ),
        Table(
            "Motifs de vérification / Reasons for review",
            ("motif / reason", "documents"),
            tuple((code.value, str(documents)) for code, documents in by_code(found)),
        ),
    )


def blocked_table(summary: Summary) -> Table:
    rows = [
        (
            each.judged.truth.name,
            f"{each.judged.truth.fill or '–'}, {each.judged.truth.quality or '–'}",
            each.judged.truth.decision.value + (" (ambigu / ambiguous)" if each.judged.truth.ambiguous else ""),
            ", ".join(code.value for code in each.codes),
            ", ".join(each.hangs_on) or "autre cause / something else",
            ", ".join(key for key in each.doubtful if key not in each.hangs_on) or "–",
        )
        for each in summary.blocked
    ]
    return Table(
        "Documents laissés à une personne / Documents left to a person",
        (
            "document",
            "remplissage, qualité / fill, quality",
            "décision juste / right decision",
            "motifs / reasons",
            "tient à / hangs on",
            "aussi douteux / doubtful too",
        ),
        tuple(rows),
    )


def number(value: float | None) -> str:
    return "" if value is None else f"{value:.6f}"
