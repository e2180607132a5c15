"""Records held against the truth: how far their confidence can be trusted, what is decided, and where it goes wrong.

`evaluate` compares and writes one folder; see `judging` for what counts as right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.config import Confidence
from pipeline.evaluation.charts import automation_chart, reliability_chart
from pipeline.evaluation.matching import match
from pipeline.evaluation.page import report_page, wanted_pictures
from pipeline.evaluation.pictures import Pictures
from pipeline.evaluation.summary import Summary, exclusion_text, summarise
from pipeline.evaluation.table import as_csv, as_markdown
from pipeline.evaluation.tables import (
    automation_table,
    blocking_tables,
    group_table,
    reliability_table,
    target_table,
)
from pipeline.evaluation.truth import EvaluationError, load_records, load_truths
from pipeline.evaluation.words import in_words
from pipeline.model import Record
from pipeline.specs import FormSpec
from pipeline.store.originals import write_whole

__all__ = ["Evaluation", "EvaluationError", "evaluate"]

# How pictures are had, where they can be: fields in, PNGs out.
Cutter = Callable[[Iterable[tuple[Record, str]]], Pictures]


@dataclass(frozen=True)
class Evaluation:
    """What was found, and in `lines` the few words for the terminal."""

    summary: Summary
    lines: tuple[str, ...]


def evaluate(
    truth: Path,
    records: Sequence[Path],
    out: Path,
    *,
    specs: Iterable[FormSpec],
    confidence: Confidence,
    cutter: Cutter | None,
    most: int,
) -> Evaluation:
    """Writes the report, the tables and the charts into `out`. Raises `EvaluationError` and OSError.

    cutter: None where there is no store to cut pictures from. most: rows of each list of fields in the report.
    """
    matches = match(load_truths(truth), load_records(records))
    if not matches.pairs:
        raise EvaluationError(
            f"{truth}: aucun de ces enregistrements n'est d'un de ces documents / none of the records is of a document "
            "in it"
        )
    kinds = {field.key: field.kind for spec in specs for field in spec.field}
    summary = summarise(matches, kinds, confidence)
    pictures = cutter(wanted_pictures(summary, most)) if cutter else None
    write(summary, pictures, out, most)
    return Evaluation(summary, tuple(in_words(summary)))


def write(summary: Summary, pictures: Pictures | None, out: Path, most: int) -> None:
    """The folder is its owner's alone where it is made here: the report is about people."""
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    reliability = reliability_chart(summary.series, exclusion_text(summary.excluded))
    automation = automation_chart(summary.series, summary.confidence)
    files = {
        "report.html": report_page(summary, pictures, (reliability, automation), most).encode(),
        "reliability.png": reliability,
        "automation.png": automation,
        "automation.csv": as_csv(automation_table(summary)).encode(),
        "groups.csv": as_csv(group_table(summary)).encode(),
        "tables.md": tables_text(summary).encode(),
    }
    for name, content in files.items():
        write_whole(out / name, content)


def tables_text(summary: Summary) -> str:
    """Figures alone, of nobody in particular: these may be kept and compared."""
    tables = (
        target_table(summary),
        group_table(summary),
        automation_table(summary),
        reliability_table(summary),
        *blocking_tables(summary),
    )
    return f"# Évaluation / Evaluation\n\n{exclusion_text(summary.excluded)}\n\n{as_markdown(tables)}"
