"""What has to be done again for a record under today's editions, rules and engines: nothing, the decision, or all."""

from __future__ import annotations

from enum import StrEnum

from pipeline.model import Code, Record, Versions

# Reasons that rest on what a document may cost.
LIMITS = frozenset({Code.DOCUMENT_TOO_LARGE, Code.PROCESSING_LIMIT})


class Treatment(StrEnum):
    KEEP = "keep"
    DECIDE = "decide"
    READ = "read"


def treatment(record: Record, today: Versions, *, obsolete: bool) -> Treatment:
    """today: by what the record would now be made; obsolete: whether its edition would now be refused for its date.

    A record without versions was never read (no attachment, a duplicate), or was before versions were kept.
    """
    made = record.versions
    if record.duplicate_of is not None:
        return Treatment.KEEP
    if made is None:
        return Treatment.READ if record.fields else Treatment.KEEP
    if (made.program, made.engines, made.family) != (today.program, today.engines, today.family):
        return Treatment.READ
    if made.limits != today.limits and any(reason.code in LIMITS for reason in record.reasons):
        return Treatment.READ
    if not record.fields:
        refused_for_date = any(reason.code is Code.EDITION_OBSOLETE for reason in record.reasons)
        return Treatment.READ if refused_for_date and not obsolete else Treatment.KEEP
    if obsolete:
        return Treatment.DECIDE
    if made.layout != today.layout:
        return Treatment.READ
    return Treatment.DECIDE if (made.terms, made.rules) != (today.terms, today.rules) else Treatment.KEEP
