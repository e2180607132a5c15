"""Which record is of which document of the truth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from pipeline.evaluation.truth import Truth
from pipeline.model import Record

Test = Callable[[Record], bool]


@dataclass(frozen=True)
class Matches:
    """missing: documents without a record; absent: second copies of a message, rightly without; extra: records of
    no document of the truth."""

    pairs: tuple[tuple[Truth, Record], ...]
    missing: tuple[Truth, ...]
    absent: tuple[Truth, ...]
    extra: tuple[Record, ...]


def match(truths: Sequence[Truth], records: Sequence[Record]) -> Matches:
    """By the bytes' sha256; where several documents have the same bytes, by attachment and path first, then by path.

    Second copies of a message choose last. What holds no document has no sha256, and is found by its path.
    """
    same_bytes: dict[str | None, list[int]] = defaultdict(list)
    for rank, record in enumerate(records):
        same_bytes[record.source.sha256].append(rank)
    found: dict[int, int] = {}
    taken: set[int] = set()

    def take(truth_rank: int, candidates: Iterable[int], *tests: Test) -> None:
        free = [rank for rank in candidates if rank not in taken]
        hit = next((rank for test in tests for rank in free if test(records[rank])), None)
        if hit is not None:
            found[truth_rank] = hit
            taken.add(hit)

    order = sorted(range(len(truths)), key=lambda rank: truths[rank].optional)
    for exact in (True, False):
        for rank in order:
            truth = truths[rank]
            if rank in found:
                continue
            if truth.sha256 is None:
                take(rank, range(len(records)), whole_file(truth))
            elif exact:
                take(rank, same_bytes[truth.sha256], same_attachment(truth), same_path(truth))
            else:
                take(rank, same_bytes[truth.sha256], lambda _: True)
    lost = [truth for rank, truth in enumerate(truths) if rank not in found]
    return Matches(
        pairs=tuple((truths[rank], records[found[rank]]) for rank in sorted(found)),
        missing=tuple(truth for truth in lost if not truth.optional),
        absent=tuple(truth for truth in lost if truth.optional),
        extra=tuple(record for rank, record in enumerate(records) if rank not in taken),
    )


def same_path(truth: Truth) -> Test:
    return lambda record: ends_alike(record.source.path, truth.path)


def same_attachment(truth: Truth) -> Test:
    return lambda record: (
        ends_alike(record.source.path, truth.path) and (record.source.attachment or None) == truth.attachment
    )


def whole_file(truth: Truth) -> Test:
    return lambda record: ends_alike(record.source.path, truth.path) and not record.source.attachment


def ends_alike(one: str, other: str) -> bool:
    """The same path but for the folder that either starts from."""
    parts, others = PurePosixPath(one.replace("\\", "/")).parts, PurePosixPath(other).parts
    shortest = min(len(parts), len(others))
    return shortest > 0 and parts[-shortest:] == others[-shortest:]
