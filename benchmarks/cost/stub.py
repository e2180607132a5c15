"""Work for a walled child that reads nothing: what is left is what everything around the reading costs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.config import Settings
from pipeline.jobs import Request, TakeApart
from pipeline.model import Form, Record, Verdict
from pipeline.walled.parcels import document_bytes, take_apart

FORM = Form(number="4058", edition="2022-03", confidence=0.99)


def open_work(settings: Settings) -> Callable[[bytes], str]:
    def work(request: bytes) -> str:
        job = Request.model_validate_json(request).job
        if isinstance(job, TakeApart):
            return take_apart(Path(job.original).read_bytes(), settings).model_dump_json()
        document_bytes(job.original, getattr(job, "rank", None), settings)
        record = Record(id=job.record_id, source=job.source, form=FORM, decision=Verdict.ACCEPT)  # type: ignore[union-attr]
        return record.model_dump_json()

    return work
