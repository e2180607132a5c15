"""The reviewers' pages over a small store whose records are written here, for tests that need no scan."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2 as httpx
from rooms import TARGET
from scanned_forms import ROOT, SPECS, spec_of
from starlette.testclient import TestClient

from pipeline.config import Paths, Review, Settings
from pipeline.jobs import Enclosure, Parcel
from pipeline.model import Code, FieldRecord, Form, Kind, ReadingSource, Reason, Record, Source, Verdict
from pipeline.review.accounts import Role, add_account
from pipeline.review.application import application
from pipeline.review.pictures import Gallery
from pipeline.review.visit import House
from pipeline.store.arrivals import Arrival
from pipeline.store.originals import read_file
from pipeline.store.records import Store, Stored
from pipeline.walled.walls import Walls

SPEC = spec_of("4123", "2022-03")
PASSWORD = "correct horse battery"
RECEIVED = datetime(2022, 4, 5, 13, 0, tzinfo=UTC)
GOOD: dict[str, str | bool] = {
    "section2.family_name": "Untel",
    "section2.given_name": "Jacques",
    "section2.job_title": "Analyste",
    "section2.company": "Logiciels Boréal",
    "section2.telephone": "+14185550123",
    "section2.telephone_extension": "204",
    "section2.email": "jacques.untel@xx.com",
    "section2.language": "fr",
    "section2.environment": "production",
    "section2.signature": True,
    "section2.signed_on": "2022-04-04",
    "section3.family_name": "Tremblay",
    "section3.given_name": "Anne",
    "section3.job_title": "Pharmacienne",
    "section3.licence_number": "123456",
    "section3.telephone": "+15145550188",
    "section3.telephone_extension": "12",
    "section3.email": "anne.tremblay@yy.ca",
    "section3.signature": True,
    "section3.signed_on": "2022-04-04",
}
HIDDEN = re.compile(r'name="(csrf|claim)" value="([^"]*)"')


def fields_of(doubts: tuple[str, ...] = (), **values: Any) -> dict[str, FieldRecord]:
    """A record's fields, all good and certain but those in doubt. values: by key, a `.` written `__`."""
    written = GOOD | {key.replace("__", "."): value for key, value in values.items()}
    return {
        field.key: FieldRecord(
            value=written[field.key],
            raw=None if field.kind is Kind.SIGNATURE else str(written[field.key]),
            confidence=0.6 if field.key in doubts else 1.0,
            source=ReadingSource.MARK if isinstance(written[field.key], bool) else ReadingSource.OCR,
            page=field.page,
            box=(field.box.x0, field.box.y0, field.box.x1, field.box.y1),
            alternatives=("jacques.unte1@xx.com",) if field.key == "section2.email" else (),
        )
        for field in SPEC.field
    }


def in_doubt(*keys: str, fields: dict[str, FieldRecord] | None = None) -> Callable[[Stored], Record]:
    """Makes the record of a document that went to a person for these fields."""

    def make(document: Stored) -> Record:
        reasons = tuple(
            Reason.of(Code.LOW_CONFIDENCE, field=field.key, label=field.label)
            for field in SPEC.field
            if field.key in keys
        )
        return Record(
            id=document.id,
            source=document.source,
            form=Form(number=SPEC.number, edition=SPEC.edition, confidence=0.999),
            decision=Verdict.REVIEW if keys else Verdict.ACCEPT,
            reasons=reasons,
            fields=fields or fields_of(keys),
        )

    return make


def unidentified(document: Stored) -> Record:
    reason = Reason.of(Code.FORM_UNIDENTIFIED)
    return Record(id=document.id, source=document.source, form=Form(), decision=Verdict.REVIEW, reasons=(reason,))


@dataclass
class Office:
    """The pages, and who may come in: `marie` and `paul` review, `ode` audits, `aline` administers."""

    house: House
    client_for: Callable[[], TestClient]

    def enter(self, make: Callable[[Stored], Record], *, path: str = "a.pdf", content: str = "", **source: Any) -> str:
        """A document with its record, received a minute after the one before; its id."""
        store = self.house.store
        content = content or f"%PDF- accept {datetime.now(UTC).timestamp()}"
        place = self.house.settings.paths.data / "incoming"
        place.write_text(content)
        file = read_file(place, follow=False, max_bytes=1 << 20)
        store.keep(file)
        self._count = getattr(self, "_count", 0) + 1
        received = RECEIVED + timedelta(minutes=self._count)
        arrival = Arrival(
            where=f"{path}{self._count}".encode(),
            path=path,
            sha256=hashlib.sha256(content.encode()).hexdigest(),
            kept=True,
            received=received,
            modified=received,
        )
        (document,) = store.register(arrival, Parcel(enclosures=(Enclosure(sha256=arrival.sha256, **source),)))
        store.record(make(document))
        return document.id

    def sign_in(self, name: str) -> Desk:
        client = self.client_for()
        answer = client.post("/login", data={"name": name, "password": PASSWORD})
        assert answer.status_code == 200, answer.status_code
        return Desk(client, self.house)

    def record(self, document_id: str) -> Record:
        (record,) = self.house.store.records([document_id])
        return record


@dataclass
class Desk:
    """One person's browser, without its screen."""

    client: TestClient
    house: House

    def open(self, document_id: str) -> dict[str, str]:
        """Puts the document on the desk; the hidden values that each change must show."""
        page = self.client.get(f"/documents/{document_id}")
        assert page.status_code == 200, page.text
        return dict(HIDDEN.findall(page.text))

    def finish(self, document_id: str, hidden: dict[str, str], outcome: str = "decide", **said: str) -> httpx.Response:
        """said: `value`, `again` or `action`, then `__` and the key, a `.` written `_`: value__section2_email."""
        form = {key_of(name): value for name, value in said.items()}
        return self.client.post(
            f"/documents/{document_id}/finish", data=hidden | form | {"outcome": outcome}, follow_redirects=False
        )

    def preview(self, document_id: str, hidden: dict[str, str], **said: str) -> dict[str, Any]:
        form = {key_of(name): value for name, value in said.items()}
        answer = self.client.post(f"/documents/{document_id}/preview", data=hidden | form)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = json.loads(answer.text)
        return found


def key_of(name: str) -> str:
    what, _, key = name.partition("__")
    return f"{what}:{key.replace('_', '.', 1)}" if key else what


@contextmanager
def office(root: Path, **review: Any) -> Iterator[Office]:
    settings = Settings(
        paths=Paths(data=root, specs=ROOT / "forms_specs", drafts=root / "drafts"), review=Review(**review)
    )
    with Store(root) as store, Walls(settings, target=TARGET) as walls:
        for name, role in (
            ("marie", Role.REVIEWER),
            ("paul", Role.REVIEWER),
            ("ode", Role.AUDITOR),
            ("aline", Role.ADMIN),
        ):
            add_account(store, name, role, PASSWORD)
        gallery = Gallery(walls)
        house = House(settings, store, SPECS, gallery)
        pages = application(house)
        try:
            yield Office(house, lambda: TestClient(pages, base_url="https://localhost"))
        finally:
            gallery.close()


def source_at(when: datetime) -> Source:
    return Source(path="a.pdf", received=when)
