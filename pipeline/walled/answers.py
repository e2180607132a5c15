"""What a child answers, checked before it is believed: it may have been taken over by what it read."""

from __future__ import annotations

import logging

from pydantic import ValidationError

from pipeline.config import Settings
from pipeline.deliveries import Delivery
from pipeline.jobs import Enclosure, Parcel
from pipeline.model import Code, Reason, Record
from pipeline.outcome import refused_record
from pipeline.store.arrivals import Arrival
from pipeline.store.records import Stored
from pipeline.walled.walls import Failure

LOGGER = logging.getLogger(__name__)


def too_large(arrival: Arrival, settings: Settings) -> Parcel:
    limit = f"{settings.limits.max_bytes // 1_000_000} Mo"
    reason = Reason.of(Code.DOCUMENT_TOO_LARGE, detail=limit)
    return Parcel(enclosures=(Enclosure(sha256=arrival.sha256, reasons=(reason,)),))


def parcel_from(answer: str | Failure, delivery: Delivery) -> Parcel:
    """What is in the file; one that could not be taken apart is one document that says so."""
    failure = answer if isinstance(answer, Failure) else None
    if isinstance(answer, str):
        try:
            return Parcel.model_validate_json(answer)
        except ValidationError:
            failure = Failure(Code.PROCESSING_LIMIT, "answer is no parcel")
    assert failure
    LOGGER.warning("file %s: not taken apart: %s", delivery.arrival.key[:16], failure.detail)
    content = None if delivery.mail else delivery.arrival.sha256
    return Parcel(mail=delivery.mail, enclosures=(Enclosure(sha256=content, reasons=(Reason.of(failure.code),)),))


def record_from(answer: str | Failure, document: Stored) -> Record:
    """The document's record: the answer may only speak of the document that it was asked about."""
    failure = answer if isinstance(answer, Failure) else None
    if isinstance(answer, str):
        try:
            record = Record.model_validate_json(answer)
        except ValidationError:
            failure = Failure(Code.PROCESSING_LIMIT, "answer is no record")
        else:
            if (record.id, record.source) == (document.id, document.source):
                return record
            failure = Failure(Code.PROCESSING_LIMIT, "answer is about another document")
    assert failure
    LOGGER.warning("document %s: %s: %s", document.id, failure.code.value, failure.detail)
    return refused_record(document.id, document.source, Reason.of(failure.code))
