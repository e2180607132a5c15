"""The spine: the stages in order, for one document."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.config import Settings
from pipeline.decide import decide, with_invalid_nulled
from pipeline.document import open_document
from pipeline.identify import identify, identify_as
from pipeline.language.domains import known_to
from pipeline.model import (
    Code,
    Identity,
    OcrEngine,
    Reason,
    Record,
    Refused,
    Source,
)
from pipeline.outcome import decided_record, refused_record
from pipeline.read import read
from pipeline.sniff import looks_like_pdf
from pipeline.specs import FormSpec
from pipeline.validate import day_of_reception, edition_obsolete, validate


def process(
    source: Source,
    content: bytes,
    *,
    specs: Sequence[FormSpec],
    settings: Settings,
    engines: Sequence[OcrEngine],
    record_id: str = "",
    named: FormSpec | None = None,
) -> Record:
    """The record of one document. What is wrong with the document is in its reasons; raises only for our own faults.

    record_id: given by the store, which alone knows what makes two documents the same. named: the edition that a person
    says it is.
    """
    try:
        refuse_other_than_pdf(content)
        document = open_document(content, settings.limits)
        found = identify_as(document, named) if named else identify(document, specs, engines)
        refuse_obsolete(found.identity, source, settings)
        received = day_of_reception(source.received, settings.rules)
        readings = read(found.pages, found.spec, engines, received, known_to(frozenset(settings.ocr.known_domains)))
    except Refused as refusal:
        return refused_record(record_id, source, *reasons_of(refusal, source, settings), identity=refusal.identity)
    findings = validate(found.spec, readings, source.received, settings.rules)
    decision = decide(
        spec=found.spec,
        readings=readings,
        findings=findings,
        form_reasons=page_reasons(found.missing),
        received=source.received,
        settings=settings,
    )
    shown = with_invalid_nulled(readings, findings)
    return decided_record(record_id, source, found.identity, found.spec, shown, decision)


def refuse_other_than_pdf(content: bytes) -> None:
    if not content:
        raise Refused(Reason.of(Code.DOCUMENT_UNREADABLE))
    if not looks_like_pdf(content):
        raise Refused(Reason.of(Code.NOT_A_PDF))


def refuse_obsolete(identity: Identity, source: Source, settings: Settings) -> None:
    """A form refused for its edition is not read any further."""
    if is_obsolete(identity, source, settings):
        raise Refused(Reason.of(Code.EDITION_OBSOLETE, detail=identity.edition or ""), identity=identity)


def is_obsolete(identity: Identity, source: Source, settings: Settings) -> bool:
    if identity.number is None or identity.edition is None:
        return False
    return edition_obsolete(identity.number, identity.edition, source.received, settings.rules)


def reasons_of(refusal: Refused, source: Source, settings: Settings) -> tuple[Reason, ...]:
    """The refusal's reasons; an edition that has no spec may still be known to be too old."""
    unknown = any(reason.code is Code.EDITION_UNKNOWN for reason in refusal.reasons)
    if unknown and refusal.identity and is_obsolete(refusal.identity, source, settings):
        return (Reason.of(Code.EDITION_OBSOLETE, detail=refusal.identity.edition or ""),)
    return refusal.reasons


def page_reasons(missing: Sequence[int]) -> tuple[Reason, ...]:
    if not missing:
        return ()
    return (Reason.of(Code.PAGE_MISSING, detail=", ".join(map(str, missing))),)
