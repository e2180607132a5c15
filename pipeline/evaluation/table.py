"""A table as rows of text, and the two formats that it is written in."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO


@dataclass(frozen=True)
class Table:
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def as_csv(table: Table) -> str:
    file = StringIO()
    csv.writer(file, lineterminator="\n").writerows([table.header, *table.rows])
    return file.getvalue()


def as_markdown(tables: Sequence[Table]) -> str:
    return "\n".join(line for table in tables for line in markdown_lines(table))


def markdown_lines(table: Table) -> Iterator[str]:
    yield f"## {table.title}"
    yield ""
    yield f"| {' | '.join(map(plain, table.header))} |"
    yield f"|{' --- |' * len(table.header)}"
    for row in table.rows:
        yield f"| {' | '.join(map(plain, row))} |"
    yield ""


def plain(cell: str) -> str:
    return cell.replace("|", "\\|").replace("\n", " ")
