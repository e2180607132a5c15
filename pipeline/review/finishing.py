"""The end of the work on a document: decided by the rules, rejected by hand, put aside, or read as another edition."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response

from pipeline.correct import Action, Entry, correct, rejected, to_be_typed
from pipeline.jobs import ReadDocument
from pipeline.model import Code, Kind, Record, Verdict
from pipeline.review import queue
from pipeline.review.accounts import Account
from pipeline.review.desk import find_case
from pipeline.review.entries import Sent, correction, reason_by_hand, same_address, sent_entries
from pipeline.review.field_view import field_views
from pipeline.review.visit import House, Visit, go
from pipeline.specs import FormSpec
from pipeline.store import audit
from pipeline.store.ledger import decide_row, now, review_columns
from pipeline.store.records import Stored
from pipeline.store.schema import CorrectionRow, DocumentRow, ReviewRow
from pipeline.walled.answers import record_from

FIRST = "first"
LONGEST_NOTE = 500


def finish(visit: Visit) -> Response:
    """Ends the work on a document as `outcome` says: decide by the rules, reject by hand, or put aside with a note."""
    outcome = visit.form.get("outcome", "decide")
    with visit.house.store.transaction() as session:
        row = queue.held(session, visit.path["id"], visit.account, visit.form.get("claim", ""))
        document = session.scalars(select(DocumentRow).where(DocumentRow.id == visit.path["id"])).one()
        record = Record.model_validate_json(document.record or "")
        work = Work(visit, session, row, document, record, visit.house.find_spec(record))
        return {"reject": work.reject, "note": work.put_aside}.get(outcome, work.decide)()


@dataclass(frozen=True)
class Work:
    """The end of the work on one document, within one transaction."""

    visit: Visit
    session: Session
    row: ReviewRow
    document: DocumentRow
    record: Record
    spec: FormSpec | None

    def decide(self) -> Response:
        visit = self.visit
        if self.spec is None:
            return self._back(visit.say("desk.choose_first"))
        sent = self._sent()
        if sent.unequal:
            return self._back(visit.say("desk.unequal"))
        found = correct(self.record, self.spec, sent.entries, visit.house.settings)
        if found.decision is Verdict.REVIEW:
            why = " ".join(visit.word(reason.message) for reason in found.reasons)
            return self._back(visit.say("desk.still_in_doubt", why=why))
        two = found.decision is Verdict.ACCEPT and visit.house.settings.review.email_entry == "two-people"
        secret = self._addresses(sent) if two else {}
        if secret and not self._confirmed(secret):
            return self._wait_for_second(sent, secret)
        return self._end(found, sent)

    def reject(self) -> Response:
        reason = reason_by_hand(self.visit.form, self.spec)
        if reason is None:
            return self._back(self.visit.say("desk.choose_reason"))
        if self.spec is None:
            return self._end(rejected(self.record, [reason]), Sent({}, ()))
        sent = self._sent()
        found = correct(self.record, self.spec, sent.entries, self.visit.house.settings, by_hand=[reason])
        return self._end(found, sent)

    def put_aside(self) -> Response:
        note = self.visit.form.get("note", "").strip()[:LONGEST_NOTE]
        if not note:
            return self._back(self.visit.say("desk.note_needed"))
        if self.spec is not None:
            sent = self._sent()
            entries = {key: entry for key, entry in sent.entries.items() if key not in sent.unequal}
            # Whatever the rules would say now: who puts it aside has not finished.
            found = correct(self.record, self.spec, entries, self.visit.house.settings)
            if entries and found.decision is Verdict.REVIEW:
                self._enter(found, Sent(entries, ()))
        self.row.note, self.row.state = note, queue.NOTED
        queue.put_back(self.session, self.row, self.visit.account)
        return go("/next")

    def _sent(self) -> Sent:
        assert self.spec
        email_entry = self.visit.house.settings.review.email_entry
        hidden = self.row.state == queue.SECOND
        return sent_entries(
            self.visit.form, field_views(self.record, self.spec, email_entry=email_entry, hidden=hidden)
        )

    def _addresses(self, sent: Sent) -> dict[str, str]:
        """The addresses typed that were in doubt: a second person is to type them too."""
        assert self.spec
        views = field_views(self.record, self.spec, email_entry="twice")
        return {
            view.key: sent.entries[view.key].text
            for view in views
            if view.twice and view.key in sent.entries and sent.entries[view.key].action is Action.VALUE
        }

    def _confirmed(self, addresses: dict[str, str]) -> bool:
        """Whether somebody else has typed each of them so before."""
        rows = self.session.scalars(
            select(CorrectionRow).where(
                CorrectionRow.document_id == self.record.id,
                CorrectionRow.cause == FIRST,
                CorrectionRow.account_id != self.visit.account.id,
            )
        ).all()
        return all(
            any(row.field == key and same_address(json.loads(row.value) or "", text) for row in rows)
            for key, text in addresses.items()
        )

    def _wait_for_second(self, sent: Sent, addresses: dict[str, str]) -> Response:
        """All but the addresses is entered; they are kept for the comparison with the second person's."""
        assert self.spec
        others = {key: entry for key, entry in sent.entries.items() if key not in addresses}
        self._enter(correct(self.record, self.spec, others, self.visit.house.settings), Sent(others, ()))
        for key, text in addresses.items():
            read = self.record.fields[key]
            typed = read.model_copy(update={"value": text.lower(), "raw": text})
            entry = Entry(Action.VALUE, text)
            self.session.add(
                correction(self.record, key, Kind.EMAIL, self.visit.account, cause=FIRST, entry=entry, found=typed)
            )
        self.row.state, self.row.first_holder = queue.SECOND, self.visit.account.id
        queue.put_back(self.session, self.row, self.visit.account)
        return go("/next?done=review")

    def _end(self, found: Record, sent: Sent) -> Response:
        self._enter(found, sent)
        queue.finish(self.row, self.visit.account)
        return go(f"/next?done={found.decision.value}")

    def _enter(self, found: Record, sent: Sent) -> None:
        """The record, with what was corrected beside what had been read."""
        assert self.spec or not sent.entries
        for key, entry in sent.entries.items():
            field = self.spec.find_field(key) if self.spec else None
            assert field
            self.session.add(
                correction(
                    self.record,
                    key,
                    field.kind,
                    self.visit.account,
                    cause=queue.DOUBT,
                    entry=entry,
                    found=found.fields[key],
                )
            )
        enter_record(self.session, self.document, self.row, found, self.visit.account)

    def _back(self, text: str) -> Response:
        return self.visit.refuse(422, text, back=f"/documents/{self.record.id}")


def enter_record(session: Session, document: DocumentRow, row: ReviewRow, record: Record, account: Account) -> None:
    """The record as a person made it, and what is still asked of people."""
    decide_row(session, document, record, actor=account.actor)
    columns = review_columns(record)
    if columns is not None:
        row.codes, row.fields = str(columns["codes"]), str(columns["fields"])


def choose_form(visit: Visit) -> Response:
    """Takes the document for the edition that the person names: it is laid on that blank and read again."""
    case = find_case(visit)
    spec = next((spec for spec in visit.house.specs if spec.name == visit.form.get("form")), None)
    if case is None or spec is None or case.document.original is None:
        return visit.refuse(422, visit.say("desk.choose_first"), back=f"/documents/{visit.path['id']}")
    claim = visit.form.get("claim", "")
    with visit.house.store.transaction() as session:
        queue.keep(queue.held(session, case.record.id, visit.account, claim), visit.house.settings.review.desk_minutes)
    record = read_as(visit.house, case.document, spec)
    with visit.house.store.transaction() as session:
        row = queue.held(session, case.record.id, visit.account, claim)
        document = session.scalars(select(DocumentRow).where(DocumentRow.id == case.record.id)).one()
        enter_record(session, document, row, record, visit.account)
        audit.append(session, at=now(), event="named", subject=record.id, content=spec.name, actor=visit.account.actor)
        if record.decision is not Verdict.REVIEW:
            queue.finish(row, visit.account)
            return go(f"/next?done={record.decision.value}")
    return go(f"/documents/{record.id}")


def read_as(house: House, document: Stored, spec: FormSpec) -> Record:
    """The record as that edition; where it does not lie on its blank, with every field left to the person."""
    assert document.original
    answer = house.gallery.ask(
        ReadDocument(
            original=document.original,
            rank=document.rank,
            record_id=document.id,
            source=document.source,
            form=spec.name,
        )
    )
    record = record_from(answer, document)
    unread = {Code.FORM_UNIDENTIFIED, Code.PROCESSING_LIMIT}
    return to_be_typed(record, spec) if any(reason.code in unread for reason in record.reasons) else record
