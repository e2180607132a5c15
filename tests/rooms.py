"""A small mail room for tests: files whose content tells `walled_work` what to do, and ways to run over them."""

from __future__ import annotations

import json
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from pipeline.batch import Batch, Outcome
from pipeline.config import Limits, Paths, Settings
from pipeline.inbox import Incoming, walk
from pipeline.model import Record
from pipeline.store.records import open_store
from pipeline.workforces.workforce import find_workforce

TARGET = "walled_work:open_work"


def pdf(order: str = "accept") -> bytes:
    """A document that `walled_work` treats as `order` says; unequal words make unequal bytes."""
    return f"%PDF- {order}".encode()


def mail(*attachments: tuple[str, bytes], message_id: str | None = "<one@example.org>") -> bytes:
    message = EmailMessage()
    message["From"] = "Jacques Untel <jacques.untel@example.org>"
    message["To"] = "acces@example.org"
    message["Subject"] = "Demande"
    message["Date"] = "Tue, 05 Apr 2022 09:12:00 -0400"
    if message_id:
        message["Message-ID"] = message_id
    message.set_content("Bonjour")
    for name, content in attachments:
        message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return message.as_bytes()


def fill(folder: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


def settings_in(data: Path, **limits: Any) -> Settings:
    return Settings(paths=Paths(data=data, specs=data / "specs"), limits=Limits(**limits))


def treat(folder: Path, settings: Settings, *, workers: int = 2, engine: str = "local") -> tuple[Outcome, list[Record]]:
    """One run over a folder; its outcome and its records in input order."""
    files = [file for file in walk([folder]) if isinstance(file, Incoming)]
    settings.paths.specs.mkdir(parents=True, exist_ok=True)
    with (
        open_store(settings) as store,
        find_workforce(engine, settings, TARGET, workers) as workforce,
    ):
        batch = Batch(files=files, store=store, settings=settings, workforce=workforce)
        outcome = batch.run()
        return outcome, list(store.records(outcome.ids))


def by_name(records: list[Record]) -> dict[str, Record]:
    return {Path(record.source.path).name: record for record in records}


def codes(record: Record) -> list[str]:
    return [reason.code.value for reason in record.reasons]


def readings_made(settings: Settings) -> list[str]:
    """The ids of the documents that children began to read, in order."""
    log = settings.paths.data / "read.log"
    return [line.split()[0] for line in log.read_text().splitlines()] if log.exists() else []


def json_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def alive(pid: str) -> bool:
    """Whether the process still runs; one that ended and that nobody has asked after does not."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] not in "ZX"
