"""The desk: one document before one person, who says what is written and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.responses import Response

from pipeline.correct import correct
from pipeline.model import Record, Verdict
from pipeline.review import queue
from pipeline.review.accounts import Role
from pipeline.review.entries import sent_entries
from pipeline.review.field_view import FieldView, field_views, reasons_to_reject
from pipeline.review.visit import House, Visit, data, go, png
from pipeline.specs import FormSpec
from pipeline.store import audit
from pipeline.store.ledger import now
from pipeline.store.records import Stored
from pipeline.store.schema import ReviewRow


@dataclass(frozen=True)
class Case:
    """A document that is looked at. spec: the edition of its fields, None where it has none."""

    document: Stored
    record: Record
    spec: FormSpec | None


# ---------------------------------------------------------------- what is shown


def desk_page(visit: Visit) -> Response:
    """The document, on this person's desk if it waits for somebody and they may treat it."""
    case = find_case(visit)
    if case is None:
        return visit.refuse(404, visit.say("refused.no_document"))
    house = visit.house
    making = house.gallery.start(case.document, case.record)
    with house.store.transaction() as session:
        row = session.get(ReviewRow, case.record.id)
        claim = take_up(visit, session, row)
        waits_for_second = row is not None and row.state == queue.SECOND
        note = row.note if row and row.cause == queue.DOUBT else ""
        following = queue.next_id(session, visit.account, besides=case.record.id) if claim else None
    views = views_of(visit, case, hidden=waits_for_second)
    if making.done() and following:
        prefetch(house, following)
    return visit.page(
        "desk.html",
        case=case,
        record=case.record,
        fields=views,
        claim=claim,
        note=note,
        second=waits_for_second,
        doubts=sum(view.order < 2 for view in views),
        specs=house.specs,
        reject_codes=reasons_to_reject(),
        done=visit.query.get("done", "") if visit.query.get("done") in set(Verdict) else "",
    )


def take_up(visit: Visit, session: Session, row: ReviewRow | None) -> str:
    """The claim; "" for who only looks. Raises `HeldError`."""
    if row is None or row.cause != queue.DOUBT or row.state == queue.DONE or visit.account.role is Role.AUDITOR:
        audit.append(session, at=now(), event="viewed", subject=visit.path["id"], actor=visit.account.actor)
        return ""
    if row.first_holder == visit.account.id:
        audit.append(session, at=now(), event="viewed", subject=visit.path["id"], actor=visit.account.actor)
        return ""
    return queue.take(session, row, visit.account, visit.house.settings.review.desk_minutes)


def views_of(visit: Visit, case: Case, *, hidden: bool) -> list[FieldView]:
    if case.spec is None:
        return []
    return field_views(case.record, case.spec, email_entry=visit.house.settings.review.email_entry, hidden=hidden)


def find_case(visit: Visit) -> Case | None:
    found = visit.house.find_record(visit.path["id"])
    return Case(*found, visit.house.find_spec(found[1])) if found else None


def prefetch(house: House, document_id: str) -> None:
    """The next document's pictures are made while this one is looked at."""
    found = house.find_record(document_id)
    if found:
        house.gallery.start(*found)


def page_picture(visit: Visit) -> Response:
    found = visit.house.find_record(visit.path["id"])
    pages = visit.house.gallery.of(*found).pages if found else ()
    return png(next((page.png for page in pages if str(page.number) == visit.path["number"]), None))


def field_picture(visit: Visit) -> Response:
    found = visit.house.find_record(visit.path["id"])
    return png(visit.house.gallery.of(*found).crops.get(visit.path["key"]) if found else None)


def pages_of(visit: Visit) -> Response:
    """Number and size in points of each page; asked for by the desk once they are made."""
    found = visit.house.find_record(visit.path["id"])
    if not found:
        return data({}, 404)
    pictures = visit.house.gallery.of(*found)
    pages = [{"number": page.number, "width": page.width, "height": page.height} for page in pictures.pages]
    return data({"laid": pictures.laid, "pages": pages})


def original(visit: Visit) -> Response:
    """The file as it came, never shown by the browser itself."""
    found = visit.house.find_record(visit.path["id"])
    if not found or found[0].original is None:
        return visit.refuse(404, visit.say("refused.no_document"))
    document, _ = found
    with visit.house.store.transaction() as session:
        audit.append(session, at=now(), event="original-given", subject=document.id, actor=visit.account.actor)
    assert document.original
    return Response(
        visit.house.store.read_original(document),
        media_type="application/octet-stream",
        headers={
            "Content-Disposition": f'attachment; filename="{document.id}.bin"',
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )


# ---------------------------------------------------------------- what is decided


def preview(visit: Visit) -> Response:
    """What the decision would be, by the same rules, with what is entered so far."""
    case = find_case(visit)
    if case is None or case.spec is None:
        return data({"decision": Verdict.REVIEW, "reasons": []}, 404 if case is None else 200)
    review = visit.house.settings.review
    with visit.house.store.transaction() as session:
        row = queue.held(session, case.record.id, visit.account, visit.form.get("claim", ""))
        if (row.held_until or "") < now(review.desk_minutes * 30):
            queue.keep(row, review.desk_minutes)
        hidden = row.state == queue.SECOND
    sent = sent_entries(visit.form, views_of(visit, case, hidden=hidden))
    record = correct(case.record, case.spec, sent.entries, visit.house.settings)
    reasons = [
        {"code": reason.code, "field": reason.field, "message": visit.word(reason.message)} for reason in record.reasons
    ]
    return data({"decision": record.decision, "reasons": reasons, "unequal": sent.unequal})


def leave(visit: Visit) -> Response:
    """Puts the document back for others."""
    with visit.house.store.transaction() as session:
        row = queue.held(session, visit.path["id"], visit.account, visit.form.get("claim", ""))
        queue.put_back(session, row, visit.account)
    return go("/")


def next_document(visit: Visit) -> Response:
    done = f"?done={visit.query['done']}" if visit.query.get("done") in set(Verdict) else ""
    with visit.house.store.transaction() as session:
        found = queue.next_id(session, visit.account)
    return go(f"/documents/{found}{done}" if found else f"/{done}")
