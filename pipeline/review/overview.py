"""The queue as a page, and the audit trail as one."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from starlette.responses import Response

from pipeline.model import Code, Verdict
from pipeline.review import queue
from pipeline.review.accounts import Role
from pipeline.review.visit import Visit, data
from pipeline.store.schema import AuditRow

STATES = (queue.WAITING, queue.SECOND, queue.NOTED)
ENTRIES_A_PAGE = 100


def queue_page(visit: Visit) -> Response:
    filters = filters_of(visit)
    zone = ZoneInfo(visit.house.settings.rules.timezone)
    today = datetime.now(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    share = visit.house.settings.review.checked_share
    with visit.house.store.transaction() as session:
        lines, count = queue.waiting(session, filters)
        counts = queue.counts(session, share, today.astimezone(UTC).isoformat(timespec="seconds"))
        forms = queue.forms_waiting(session)
    specs = {spec.name: spec for spec in visit.house.specs}
    labels = {name: {field.key: field.label for field in spec.field} for name, spec in specs.items()}
    return visit.page(
        "queue.html",
        lines=lines,
        count=count,
        counts=counts,
        forms=forms,
        filters=filters,
        labels=labels,
        states=STATES,
        pages=-(-count // queue.PAGE_LENGTH),
        may_decide=visit.account.role is not Role.AUDITOR,
        done=visit.query.get("done", "") if visit.query.get("done") in set(Verdict) else "",
    )


def filters_of(visit: Visit) -> queue.Filters:
    query = visit.query
    code = query.get("code", "")
    state = query.get("state", "")
    page = query.get("page", "1")
    return queue.Filters(
        form=query.get("form", "")[:20],
        code=code if code in set(Code) else "",
        state=state if state in STATES else "",
        page=max(1, int(page)) if page.isdecimal() and len(page) < 6 else 1,
    )


def trail_page(visit: Visit) -> Response:
    """The newest entries first; `before` goes further back."""
    before = visit.query.get("before", "")
    wanted = select(AuditRow).order_by(AuditRow.sequence.desc()).limit(ENTRIES_A_PAGE)
    if before.isdecimal() and len(before) < 18:
        wanted = wanted.where(AuditRow.sequence < int(before))
    with visit.house.store.transaction() as session:
        rows = list(session.scalars(wanted))
    return visit.page("trail.html", rows=rows, older=rows[-1].sequence if len(rows) == ENTRIES_A_PAGE else None)


def health(visit: Visit) -> Response:
    return data({"healthy": True})
