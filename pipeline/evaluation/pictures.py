"""Pictures of fields, cut out of the documents behind the wall that reading them was behind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from pipeline.jobs import Cut, Cuttings
from pipeline.model import Box, Record
from pipeline.store.records import Store
from pipeline.walled.walls import Failure, Walls

# Around a field, in points: what its writing touches, and where the box lies wrong.
MARGIN = 4.0

Pictures = Mapping[tuple[str, str], str]


def cut_pictures(
    wanted: Iterable[tuple[Record, str]], store: Store, walls: Walls, workers: int
) -> dict[tuple[str, str], str]:
    """PNGs (base64) by record and field, for those that could be had: the form must be found in the document again,
    and the store must have kept it."""
    keys: dict[str, dict[str, None]] = defaultdict(dict)
    records: dict[str, Record] = {}
    for record, key in wanted:
        records[record.id] = record
        if key in record.fields:
            keys[record.id][key] = None

    def cut(record_id: str) -> dict[tuple[str, str], str]:
        return cut_one(records[record_id], tuple(keys[record_id]), store, walls)

    with ThreadPoolExecutor(workers) as executor:
        found = list(executor.map(cut, keys))
    return {name: picture for each in found for name, picture in each.items()}


def cut_one(record: Record, keys: tuple[str, ...], store: Store, walls: Walls) -> dict[tuple[str, str], str]:
    document = store.find(record.id)
    if document is None or document.original is None or document.source.sha256 != record.source.sha256:
        return {}
    boxes = tuple((record.fields[key].page, widened(record.fields[key].box)) for key in keys)
    answer = walls.ask(Cut(original=document.original, rank=document.rank, boxes=boxes))
    if isinstance(answer, Failure):
        return {}
    pictures = Cuttings.model_validate_json(answer).pngs
    return {(record.id, key): png for key, png in zip(keys, pictures, strict=True) if png is not None}


def widened(box: tuple[float, float, float, float]) -> Box:
    left, top, right, bottom = box
    return Box(left - MARGIN, top - MARGIN, right + MARGIN, bottom + MARGIN)
