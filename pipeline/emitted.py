"""The records as a JSON Lines file: a picture of the store, never a second truth.

It is only ever added to, in the order of the audit trail, whole lines at a time and synced; so after a crash it holds
the first so many lines and perhaps a torn one. That is cut off, and what is missing added. A file that is anything
else is made anew.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from sqlalchemy import func, select

from pipeline.model import Record
from pipeline.store import audit
from pipeline.store.originals import sync_folder
from pipeline.store.records import Store
from pipeline.store.schema import AuditRow, DocumentRow, SupersededRow

LINES_AT_ONCE = 200
TAIL_BYTES = 1 << 20


class Emitted:
    """The file and how far it has come. Raises `StoreError` and OSError."""

    def __init__(self, path: Path, store: Store) -> None:
        self._path, self._store = path, store
        self._sequence = self._check()

    def catch_up(self) -> int:
        """Adds the lines that are missing; how many."""
        added = 0
        while lines := list(islice(self._after(self._sequence), LINES_AT_ONCE)):
            with self._path.open("ab") as file:
                file.write(b"".join(line for _, line in lines))
                file.flush()
                os.fsync(file.fileno())
            self._sequence = lines[-1][0]
            added += len(lines)
        return added

    def _check(self) -> int:
        """The audit entry that the last whole line is of; the file is begun anew if it is not what it should be."""
        with self._path.open("a+b") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - TAIL_BYTES))
            tail = file.read()
            whole = tail.rfind(b"\n") + 1
            last = tail[:whole].rstrip(b"\n").rpartition(b"\n")[2]
            sequence = self._sequence_of(last)
            if sequence is None or count_lines(self._path) - bool(tail[whole:]) != self._lines_until(sequence):
                sequence, whole, size = 0, 0, 0
                file.truncate(0)
            else:
                file.truncate(size - len(tail) + whole)
            os.fsync(file.fileno())
        sync_folder(self._path.parent)
        return sequence

    def _sequence_of(self, line: bytes) -> int | None:
        """Which audit entry the line is of: 0 for no line, None for one that is not a record's."""
        if not line:
            return 0
        try:
            subject = json.loads(line)["id"]
        except (ValueError, KeyError, TypeError):
            return None
        newest = select(func.max(AuditRow.sequence)).where(
            AuditRow.event == audit.DECIDED, AuditRow.subject == str(subject)
        )
        with self._store.transaction(alone=False) as session:
            return session.scalar(newest)

    def _lines_until(self, sequence: int) -> int:
        count = select(func.count()).where(AuditRow.event == audit.DECIDED, AuditRow.sequence <= sequence)
        with self._store.transaction(alone=False) as session:
            return session.scalar(count) or 0

    def _after(self, sequence: int) -> Iterator[tuple[int, bytes]]:
        found = (
            # A record that was changed since is told as it was then; the change has an entry of its own.
            select(AuditRow.sequence, func.coalesce(SupersededRow.record, DocumentRow.record).label("record"))
            .join(DocumentRow, DocumentRow.id == AuditRow.subject)
            .outerjoin(SupersededRow, SupersededRow.entry == AuditRow.sequence)
            .where(AuditRow.event == audit.DECIDED, AuditRow.sequence > sequence)
            .order_by(AuditRow.sequence)
            .limit(LINES_AT_ONCE)
        )
        with self._store.transaction(alone=False) as session:
            rows = session.execute(found).all()
        for row in rows:
            yield row.sequence, (Record.model_validate_json(row.record).to_contract_json() + "\n").encode()


def count_lines(path: Path) -> int:
    """Lines in the file, a last one without its end too."""
    lines, last = 0, b"\n"
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            lines += chunk.count(b"\n")
            last = chunk[-1:]
    return lines + (last != b"\n")
