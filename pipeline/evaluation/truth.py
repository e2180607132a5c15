"""The truth and the records as they lie in files, JSON Lines, each line checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from pipeline.model import Code, Record, Verdict


class EvaluationError(Exception):
    """What was given cannot be compared; the text says which file and line, and what to do."""


class TruthPart(BaseModel):
    """Other keys may stand beside those that we need: whoever makes a truth notes more in it."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ExpectedReason(TruthPart):
    code: Code
    field: str | None = None


class ExpectedDelivery(TruthPart):
    channel: str | None = None
    username_to: str | None = None
    temporary_password_to: str | None = None


class Truth(TruthPart):
    """What a careful person decides of one document who reads it perfectly; `samples/README.md` explains each key."""

    path: str
    attachment: str | None = None
    index: int = 0
    sha256: str | None = None
    cases: tuple[str, ...] = ()
    fill: str | None = None
    quality: str | None = None
    number: str | None = None
    edition: str | None = None
    fields: dict[str, str | bool | None] | None = None
    invalid: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    decision: Verdict
    reasons: tuple[ExpectedReason, ...] = ()
    alternatives: tuple[tuple[Code, ...], ...] = ()
    delivery: ExpectedDelivery | None = None
    optional: bool = False

    @property
    def name(self) -> str:
        """What people call the document: its file, and which of that file's documents it is."""
        return f"{self.path}#{self.index}"


Line = TypeVar("Line", Truth, Record)


def load_truths(path: Path) -> tuple[Truth, ...]:
    """The documents with a known answer. Raises `EvaluationError`."""
    return tuple(read_lines(path, Truth))


def load_records(paths: Iterable[Path]) -> tuple[Record, ...]:
    """The records of all files, one after the other. Raises `EvaluationError`."""
    return tuple(record for path in paths for record in read_lines(path, Record))


def read_lines(path: Path, kind: type[Line]) -> Iterator[Line]:
    """What is wrong is said without the values, which are about people."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise EvaluationError(f"{path}: illisible / cannot be read: {why}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield kind.model_validate_json(line)
        except ValidationError as error:
            fault = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(map(str, fault["loc"])) or "JSON"
            raise EvaluationError(f"{path}:{number}: {where}: {fault['msg']}") from error
