"""Blind checks: what people see in an accepted document, without knowing what was read in it.

The addresses are always looked at, and a few other fields drawn by lot. A check changes no record: it is how often the
pipeline is wrong that it tells.
"""

from __future__ import annotations

from random import Random

from starlette.responses import Response

from pipeline.correct import Action, Entry, entered, reading_of
from pipeline.model import FieldRecord, Kind, Record
from pipeline.outcome import field_record
from pipeline.review import queue
from pipeline.review.entries import ACTION, LONGEST, VALUE, correction
from pipeline.review.field_view import FieldView, field_views
from pipeline.review.visit import Visit, go
from pipeline.specs import FieldSpec, FormSpec
from pipeline.store import audit
from pipeline.store.ledger import now
from pipeline.store.records import Stored
from pipeline.store.schema import ReviewRow


def next_check(visit: Visit) -> Response:
    with visit.house.store.transaction() as session:
        found = queue.next_check(session, visit.account, visit.house.settings.review.checked_share)
    return go(f"/checks/{found}" if found else "/")


def check_page(visit: Visit) -> Response:
    found = find(visit)
    if found is None:
        return visit.refuse(404, visit.say("refused.no_document"))
    record, spec, document = found
    visit.house.gallery.start(document, record)
    with visit.house.store.transaction() as session:
        row = session.get(ReviewRow, record.id)
        if not is_due(row, visit):
            return visit.refuse(404, visit.say("refused.no_document"))
        assert row
        claim = queue.take(session, row, visit.account, visit.house.settings.review.desk_minutes)
        fields = drawn(record, spec, row.lot, visit.house.settings.review.checked_fields)
    return visit.page("check.html", record=record, fields=fields, claim=claim)


def finish_check(visit: Visit) -> Response:
    found = find(visit)
    if found is None:
        return visit.refuse(404, visit.say("refused.no_document"))
    record, spec, _ = found
    with visit.house.store.transaction() as session:
        row = queue.held(session, record.id, visit.account, visit.form.get("claim", ""))
        fields = drawn(record, spec, row.lot, visit.house.settings.review.checked_fields)
        entries = {view.key: entry for view in fields if (entry := entry_of(visit, view)) is not None}
        if len(entries) < len(fields):
            return visit.refuse(422, visit.say("check.all_needed"), back=f"/checks/{record.id}")
        wrong = 0
        for view in fields:
            field = spec.find_field(view.key)
            assert field
            seen = seen_by(field, record, entries[view.key])
            made = correction(
                record, view.key, view.kind, visit.account, cause=queue.CHECK, entry=entries[view.key], found=seen
            )
            wrong += not made.same
            session.add(made)
        queue.finish(row, visit.account)
        audit.append(
            session, at=now(), event="checked", subject=record.id, content=str(wrong), actor=visit.account.actor
        )
    return go("/checks/next")


def find(visit: Visit) -> tuple[Record, FormSpec, Stored] | None:
    found = visit.house.find_record(visit.path["id"])
    spec = visit.house.find_spec(found[1]) if found else None
    return (found[1], spec, found[0]) if found and spec else None


def is_due(row: ReviewRow | None, visit: Visit) -> bool:
    share = visit.house.settings.review.checked_share
    return row is not None and row.cause == queue.CHECK and row.state != queue.DONE and row.lot < share


def drawn(record: Record, spec: FormSpec, lot: float, others: int) -> list[FieldView]:
    """The addresses and some other fields, the same each time for one document, in the order of the form."""
    views = field_views(record, spec, email_entry="once")
    addresses = [view.key for view in views if view.kind is Kind.EMAIL]
    rest = [view.key for view in views if view.kind is not Kind.EMAIL]
    chosen = {*addresses, *Random(repr(lot)).sample(rest, min(others, len(rest)))}
    return [view for view in views if view.key in chosen]


def entry_of(visit: Visit, view: FieldView) -> Entry | None:
    """What was said of the field; None for nothing."""
    text = visit.form.get(VALUE + view.key, "").strip()[:LONGEST]
    action = visit.form.get(ACTION + view.key, "")
    if action in (Action.BLANK, Action.ILLEGIBLE):
        return Entry(Action(action))
    return Entry(Action.VALUE, text) if text else None


def seen_by(field: FieldSpec, record: Record, entry: Entry) -> FieldRecord:
    read = record.fields[field.key]
    return field_record(entered(field, reading_of(field, read, doubtful=False), entry))
