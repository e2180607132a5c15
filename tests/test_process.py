"""The spine: the order of the stages, and that what is wrong with a document always ends in a record.

The stages are replaced by ones that say what they find; the real ones are held together in test_samples.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from example_form import at, form_spec, good_readings, with_doubt, with_values

from pipeline import process as spine
from pipeline.config import Ocr, Settings
from pipeline.identify import Identified
from pipeline.language.domains import COMMON
from pipeline.model import Code, Document, Identity, Readings, Reason, Record, Refused, Source, Verdict
from pipeline.outcome import field_record, refused_record

PDF = b"%PDF-1.7"
SURE = Identity("4058", "2022-03", 0.99)


def refuse(*reasons: Reason, identity: Identity | None = None) -> Callable[..., Any]:
    def stage(*_: object, **__: object) -> Any:
        raise Refused(*reasons, identity=identity)

    return stage


def never(*_: object, **__: object) -> Any:
    raise AssertionError("this stage was not to be reached")


class Stages:
    """What each stage finds, and a run over them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self.set("open_document", lambda content, limits: Document(pages=()))
        self.find(Identified(SURE, form_spec(), {}, ()))
        self.read(good_readings())

    def set(self, name: str, stage: Callable[..., Any]) -> None:
        self._monkeypatch.setattr(spine, name, stage)

    def find(self, found: Identified) -> None:
        self.set("identify", lambda document, specs, engine: found)

    def read(self, readings: Readings) -> None:
        self.set("read", lambda pages, spec, engines, received, domains: readings)

    def run(self, content: bytes = PDF, *, day: str = "2022-04-06") -> Record:
        source = Source(path="a.pdf", received=at(day), sha256="00")
        return spine.process(source, content, specs=[form_spec()], settings=Settings(), engines=[], record_id="0123")


@pytest.fixture
def stages(monkeypatch: pytest.MonkeyPatch) -> Stages:
    return Stages(monkeypatch)


def codes(record: Record) -> list[Code]:
    return [reason.code for reason in record.reasons]


def test_a_good_form_is_accepted_with_all_its_fields(stages: Stages) -> None:
    record = stages.run()
    assert record.decision is Verdict.ACCEPT
    assert record.id == "0123"
    assert (record.form.number, record.form.edition) == ("4058", "2022-03")
    assert list(record.fields) == list(good_readings())
    assert record.delivery
    assert record.delivery.temporary_password_to == "jacques.untel@xx.com"


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", Code.DOCUMENT_UNREADABLE), (b"PK\x03\x04", Code.NOT_A_PDF), (b"GIF89a", Code.NOT_A_PDF)],
)
def test_what_is_no_pdf_is_not_opened(stages: Stages, content: bytes, code: Code) -> None:
    stages.set("open_document", never)
    record = stages.run(content)
    assert (record.decision, codes(record), record.fields) == (Verdict.REJECT, [code], {})


def test_a_refusal_by_any_stage_is_a_record_with_what_was_known(stages: Stages) -> None:
    encrypted = Reason.of(Code.DOCUMENT_ENCRYPTED)
    stages.set("open_document", refuse(encrypted))
    assert stages.run().reasons == (encrypted,)
    stages = Stages(stages._monkeypatch)
    stages.set(
        "identify", refuse(Reason.of(Code.FORM_NOT_ACCEPTED, detail="4096"), identity=Identity("4096", "2020-01", 0.9))
    )
    record = stages.run()
    assert codes(record) == [Code.FORM_NOT_ACCEPTED]
    assert record.form.number == "4096"
    assert record.delivery is None


def test_the_reader_is_told_the_agencys_day_of_reception_and_the_domains_that_it_knows(stages: Stages) -> None:
    told: list[tuple[date, frozenset[str]]] = []

    def read(pages: object, spec: object, engines: object, received: date, domains: frozenset[str]) -> Readings:
        told.append((received, domains))
        return good_readings()

    stages.set("read", read)
    source = Source(path="a.pdf", received=datetime(2022, 4, 7, 2, tzinfo=UTC), sha256="00")
    settings = Settings(ocr=Ocr(known_domains=("kinea.ca",)))
    spine.process(source, PDF, specs=[form_spec()], settings=settings, engines=[])
    assert told == [(date(2022, 4, 6), COMMON | {"kinea.ca"})]


def test_an_obsolete_edition_stands_alone_and_is_not_read(stages: Stages) -> None:
    stages.find(Identified(Identity("4058", "2015-02", 0.99), form_spec("2015-02"), {}, (2,)))
    stages.set("read", never)
    record = stages.run(day="2022-03-31")
    assert (record.decision, codes(record)) == (Verdict.REJECT, [Code.EDITION_OBSOLETE])
    assert "2015-02" in record.reasons[0].message.fr


def test_an_old_edition_received_before_the_cutoff_is_read(stages: Stages) -> None:
    stages.find(Identified(Identity("4058", "2015-02", 0.99), form_spec("2015-02"), {}, ()))
    stages.read(with_values(good_readings("2015-02"), section3_signed_on="2022-03-29"))
    record = stages.run(day="2022-03-30")
    assert record.decision is Verdict.ACCEPT
    assert record.delivery
    assert record.delivery.channel.value == "registered-mail"


def test_an_edition_without_a_spec_is_obsolete_or_unknown_never_read(stages: Stages) -> None:
    stages.set("read", never)
    for edition, code in (("2010-05", Code.EDITION_OBSOLETE), ("2026-01", Code.EDITION_UNKNOWN)):
        identity = Identity("4058", edition, 0.9)
        stages.set("identify", refuse(Reason.of(Code.EDITION_UNKNOWN, detail=edition), identity=identity))
        assert codes(stages.run()) == [code]


def test_a_missing_page_is_said_beside_what_is_wrong(stages: Stages) -> None:
    stages.find(Identified(SURE, form_spec(), {}, (2,)))
    assert (stages.run().decision, codes(stages.run())) == (Verdict.REVIEW, [Code.PAGE_MISSING])
    stages.read(with_values(good_readings(), section3_signature=False))
    record = stages.run()
    assert record.decision is Verdict.REJECT
    assert codes(record) == [Code.SIGNATURE_MISSING, Code.PAGE_MISSING]


def test_a_doubt_is_never_an_accept(stages: Stages) -> None:
    for key in good_readings():
        if key.endswith(("name", "title", "company", "extension")):
            continue
        stages.read(with_doubt(good_readings(), key))
        record = stages.run()
        assert record.decision is not Verdict.ACCEPT, key
        assert record.delivery is None


def test_the_value_of_an_invalid_field_is_null_and_what_is_written_stays(stages: Stages) -> None:
    stages.read(with_values(good_readings(), section3_signed_on="2023-01-01"))
    record = stages.run()
    assert Code.FIELD_INVALID in codes(record)
    assert record.fields["section3.signed_on"].value is None
    assert record.fields["section3.signed_on"].raw == "2023-01-01"


def test_our_own_faults_are_not_the_document_s(stages: Stages) -> None:
    def broken(*_: object) -> Any:
        raise RuntimeError("ours")

    stages.set("read", broken)
    with pytest.raises(RuntimeError, match="ours"):
        stages.run()


def test_a_refusal_with_a_reject_reason_is_a_reject_and_reasons_are_in_the_contract_s_order() -> None:
    source = Source(path="a.pdf", received=at("2022-04-06"))
    reasons = (Reason.of(Code.PROCESSING_LIMIT), Reason.of(Code.NOT_A_PDF))
    record = refused_record("0123", source, *reasons)
    assert record.decision is Verdict.REJECT
    assert codes(record) == [Code.NOT_A_PDF, Code.PROCESSING_LIMIT]
    assert refused_record("0123", source, reasons[0]).decision is Verdict.REVIEW


def test_a_recorded_field_keeps_what_the_reviewer_needs() -> None:
    reading = good_readings()["section2.email"]
    field = field_record(reading)
    assert (field.value, field.raw, field.page, field.box) == (reading.value, reading.raw, 1, tuple(reading.box))
