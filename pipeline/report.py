"""What a person sees of a run, on standard error: progress while it goes, a table of what was decided and why."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from pipeline.batch import Tally
from pipeline.model import CODE_ORDER, Code, Record, Verdict

SECONDS_BETWEEN_LINES = 10.0
WORDS = {
    Verdict.ACCEPT: ("accepté", "accept", "green"),
    Verdict.REJECT: ("refusé", "reject", "red"),
    Verdict.REVIEW: ("à vérifier", "review", "yellow"),
}


class RateColumn(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.1f}/s" if speed else "", style="dim")


class RunProgress:
    """A bar on a terminal; elsewhere a line now and then. Use as a context; call it with each `Tally`."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._next_line = time.monotonic() + SECONDS_BETWEEN_LINES
        self._bar = Progress(
            TextColumn("[bold]Documents"),
            BarColumn(),
            MofNCompleteColumn(),
            RateColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[decisions]}"),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task("", total=None, decisions="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def __call__(self, tally: Tally) -> None:
        if self._console.is_terminal:
            decisions = "  ".join(
                f"[{style}]{tally.decisions[verdict]} {french}[/]" for verdict, (french, _, style) in WORDS.items()
            )
            self._bar.update(self._task, completed=tally.done, total=tally.total, decisions=decisions)
        elif time.monotonic() >= self._next_line:
            self._next_line = time.monotonic() + SECONDS_BETWEEN_LINES
            counts = ", ".join(f"{verdict.value} {tally.decisions[verdict]}" for verdict in Verdict)
            self._console.print(f"{tally.done}/{tally.total} ({counts})", highlight=False)


def decision_table(records: Iterable[Record]) -> Table:
    """How many documents were decided how, and for which reasons; a document with two reasons counts under both."""
    decisions: Counter[Verdict] = Counter()
    reasons: Counter[tuple[Verdict, Code]] = Counter()
    for record in records:
        decisions[record.decision] += 1
        reasons.update({(record.decision, reason.code) for reason in record.reasons})
    table = Table(
        title="Décisions et motifs / Decisions and reasons",
        caption=f"{decisions.total()} documents ; un document peut avoir plusieurs motifs"
        " / a document may have several reasons",
        box=box.SIMPLE_HEAD,
    )
    table.add_column("Décision / Decision")
    table.add_column("Motif / Reason")
    table.add_column("Documents", justify="right")
    for verdict, (french, english, style) in WORDS.items():
        if not decisions[verdict]:
            continue
        table.add_row(Text(f"{french} / {english}", style=f"bold {style}"), "", Text(str(decisions[verdict]), "bold"))
        codes = sorted((code for held, code in reasons if held is verdict), key=CODE_ORDER.__getitem__)
        for code in codes:
            table.add_row("", code.value, str(reasons[verdict, code]))
        table.add_section()
    return table
