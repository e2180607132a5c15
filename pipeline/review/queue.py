"""The documents that wait for a person, and on whose desk each is: at most one's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_urlsafe
from statistics import median

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from pipeline.review.accounts import Account
from pipeline.store import audit
from pipeline.store.ledger import now
from pipeline.store.schema import AccountRow, DocumentRow, ReviewRow

DOUBT, CHECK = "doubt", "check"
WAITING, NOTED, SECOND, DONE = "waiting", "noted", "second", "done"
PAGE_LENGTH = 50
# The time per document is that of the latest so many.
RECENT = 200


class HeldError(Exception):
    """The document is on somebody else's desk, or no longer on this one; the text is that person's name, or ""."""


@dataclass(frozen=True)
class Filters:
    """What of the queue is shown; "" for all. form: `NUMBER EDITION`, or `-` for none known."""

    form: str = ""
    code: str = ""
    state: str = ""
    page: int = 1


@dataclass(frozen=True)
class Waiting:
    """One line of the queue. holder: the name of who has it on the desk now, or ""."""

    id: str
    number: str | None
    edition: str | None
    codes: tuple[str, ...]
    fields: tuple[str, ...]
    received: datetime
    state: str
    note: str
    holder: str


@dataclass(frozen=True)
class Counts:
    waiting: int
    noted: int
    checks: int
    done_today: int
    median_seconds: float | None


def waiting(session: Session, filters: Filters) -> tuple[Sequence[Waiting], int]:
    """A page of the queue, oldest first and those with a note last; and how many there are in all."""
    wanted = and_(ReviewRow.cause == DOUBT, ReviewRow.state != DONE, *conditions(filters))
    joined = select(ReviewRow, DocumentRow.number, DocumentRow.edition, AccountRow.name)
    rows = session.execute(
        joined.join(DocumentRow, DocumentRow.id == ReviewRow.document_id)
        .outerjoin(AccountRow, and_(AccountRow.id == ReviewRow.holder, ReviewRow.held_until > now()))
        .where(wanted)
        .order_by(ReviewRow.state == NOTED, ReviewRow.received, ReviewRow.document_id)
        .limit(PAGE_LENGTH)
        .offset((filters.page - 1) * PAGE_LENGTH)
    )
    lines = [
        Waiting(
            id=row.document_id,
            number=number,
            edition=edition,
            codes=tuple(row.codes.split()),
            fields=tuple(row.fields.split()),
            received=datetime.fromisoformat(row.received),
            state=row.state,
            note=row.note,
            holder=name or "",
        )
        for row, number, edition, name in rows
    ]
    count = select(func.count()).select_from(ReviewRow)
    count = count.join(DocumentRow, DocumentRow.id == ReviewRow.document_id)
    return lines, session.scalar(count.where(wanted)) or 0


def conditions(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.form == "-":
        found.append(DocumentRow.number.is_(None))
    elif filters.form:
        number, _, edition = filters.form.partition(" ")
        found += [DocumentRow.number == number, DocumentRow.edition == edition]
    if filters.code:
        found.append((" " + ReviewRow.codes + " ").contains(f" {filters.code} ", autoescape=True))
    if filters.state:
        found.append(ReviewRow.state == filters.state)
    return found


def forms_waiting(session: Session) -> list[str]:
    """The forms of the queue, as `Filters.form` has them."""
    joined = select(DocumentRow.number, DocumentRow.edition).join(ReviewRow, ReviewRow.document_id == DocumentRow.id)
    rows = session.execute(joined.where(ReviewRow.cause == DOUBT, ReviewRow.state != DONE).distinct())
    return sorted({f"{number} {edition}" if number and edition else "-" for number, edition in rows})


def counts(session: Session, share: float, since: str) -> Counts:
    """share: of the accepted documents that are checked; since: when today began, UTC, ISO 8601."""
    states = select(ReviewRow.state, func.count()).where(ReviewRow.cause == DOUBT).group_by(ReviewRow.state)
    by_state: dict[str, int] = {str(state): count for state, count in session.execute(states)}
    done = select(func.count()).where(ReviewRow.done_at >= since)
    seconds = select(ReviewRow.seconds).where(ReviewRow.cause == DOUBT, ReviewRow.seconds.is_not(None))
    recent = [each or 0.0 for each in session.scalars(seconds.order_by(ReviewRow.done_at.desc()).limit(RECENT))]
    return Counts(
        waiting=by_state.get(WAITING, 0) + by_state.get(SECOND, 0),
        noted=by_state.get(NOTED, 0),
        checks=session.scalar(select(func.count()).where(*due(share))) or 0,
        done_today=session.scalar(done) or 0,
        median_seconds=median(recent) if recent else None,
    )


def due(share: float) -> list[ColumnElement[bool]]:
    """The accepted documents that are to be checked: those drawn among the share."""
    return [ReviewRow.cause == CHECK, ReviewRow.state != DONE, ReviewRow.lot < share]


def next_id(session: Session, account: Account, *, besides: str = "") -> str | None:
    """The oldest document that this person may take up now."""
    return session.scalar(
        select(ReviewRow.document_id)
        .where(
            ReviewRow.cause == DOUBT,
            ReviewRow.state.in_((WAITING, SECOND)),
            ReviewRow.document_id != besides,
            *open_to(account),
        )
        .order_by(ReviewRow.received, ReviewRow.document_id)
        .limit(1)
    )


def next_check(session: Session, account: Account, share: float) -> str | None:
    wanted = select(ReviewRow.document_id).where(*due(share), *open_to(account))
    return session.scalar(wanted.order_by(ReviewRow.lot).limit(1))


def open_to(account: Account) -> list[ColumnElement[bool]]:
    """On nobody else's desk; and the second to type an address is not who typed it first."""
    free = or_(ReviewRow.holder.is_(None), ReviewRow.holder == account.id, ReviewRow.held_until <= now())
    return [free, or_(ReviewRow.first_holder.is_(None), ReviewRow.first_holder != account.id)]


def take(session: Session, row: ReviewRow, account: Account, minutes: float) -> str:
    """Puts the document on this person's desk, and takes it from the same person's other window. The claim.

    Raises `HeldError` when somebody else has it.
    """
    if row.holder not in (None, account.id) and (row.held_until or "") > now():
        holder = session.get(AccountRow, row.holder)
        raise HeldError(holder.name if holder else "")
    row.holder, row.held_until = account.id, now(minutes * 60)
    row.claim, row.opened_at = token_urlsafe(16), now()
    audit.append(session, at=now(), event="opened", subject=row.document_id, actor=account.actor)
    return row.claim


def held(session: Session, document_id: str, account: Account, claim: str) -> ReviewRow:
    """The document on this person's desk. Raises `HeldError` when it is not there any more."""
    row = session.get(ReviewRow, document_id)
    if row is None or row.state == DONE or row.holder != account.id or row.claim != claim or not claim:
        raise HeldError("")
    return row


def keep(row: ReviewRow, minutes: float) -> None:
    """Whoever works on it keeps it."""
    row.held_until = now(minutes * 60)


def put_back(session: Session, row: ReviewRow, account: Account) -> None:
    row.holder = row.held_until = row.claim = row.opened_at = None
    audit.append(session, at=now(), event="left", subject=row.document_id, actor=account.actor)


def finish(row: ReviewRow, account: Account) -> None:
    row.state, row.done_at, row.done_by = DONE, now(), account.id
    if row.opened_at:
        row.seconds = (datetime.now(UTC) - datetime.fromisoformat(row.opened_at)).total_seconds()
    row.holder = row.held_until = row.claim = None
