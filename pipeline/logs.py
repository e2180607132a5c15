"""The daemon's log lines: when, how grave, what; ids and codes, and nothing about people.

What our own modules say is written for that. What other libraries say is not: of it only who said it where is kept, and
of an exception its kind and place.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime

OURS = "pipeline"


class PlainFormatter(logging.Formatter):
    """One line for a person."""

    def format(self, record: logging.LogRecord) -> str:
        return f"{moment(record)} {record.levelname.lower()} {said(record)}"


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": moment(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": said(record),
        }
        return json.dumps(line, ensure_ascii=False)


def set_up(form: str) -> None:
    """Sends all log lines to standard error, as "text" or "json"."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter() if form == "json" else PlainFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(OURS).setLevel(logging.INFO)


def moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def said(record: logging.LogRecord) -> str:
    """The message on one line; a library's is not repeated."""
    if record.name == OURS or record.name.startswith(f"{OURS}."):
        text = " ".join(record.getMessage().split())
    else:
        text = f"{record.name} complains at {record.module}:{record.lineno}"
    error = record.exc_info[1] if record.exc_info else None
    return f"{text}: {place_of(error)}" if error else text


def place_of(error: BaseException) -> str:
    """Kind and place of a fault, without its text, which may quote a name or an address."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"
