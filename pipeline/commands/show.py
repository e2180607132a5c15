"""`pipeline show`: what was read of a document, drawn."""

from __future__ import annotations

import argparse
from base64 import b64decode

from rich.console import Console

from pipeline.commands import DONE, NOT_RECORDED, UsageError, say
from pipeline.config import Settings
from pipeline.jobs import Draw, Picture
from pipeline.store.originals import write_whole
from pipeline.store.records import open_store
from pipeline.walled.walls import Failure, Walls


def run(options: argparse.Namespace, settings: Settings, console: Console, target: str) -> int:
    with open_store(settings) as store, Walls(settings, target=target) as walls:
        document = store.find(options.record_id)
        record = next(store.records([options.record_id]), None)
        if document is None or record is None:
            raise UsageError(f"{options.record_id}: aucun enregistrement de ce numéro / no record with this id")
        if document.original is None:
            raise UsageError(f"{options.record_id}: trop volumineux, non conservé / too large, not kept")
        job = Draw(original=document.original, rank=document.rank, record=record.model_dump_json(), page=options.page)
        answer = walls.ask(job)
    if isinstance(answer, Failure):
        say(console, f"{options.record_id}: {answer.code.value}: {answer.detail}")
        return NOT_RECORDED
    write_whole(options.out.absolute(), b64decode(Picture.model_validate_json(answer).png))
    return DONE
