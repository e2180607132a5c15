"""Who is signed in: a random token in the browser, its hash in the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from pipeline.config import Review
from pipeline.review.accounts import Account, account_of
from pipeline.store import audit
from pipeline.store.ledger import now
from pipeline.store.records import Store
from pipeline.store.schema import AccountRow, SessionRow

# How often it is written down that a session is in use.
NOTED_EVERY = timedelta(seconds=30)


@dataclass(frozen=True)
class Session:
    """csrf: what every change must show, so that no other site's page can make it."""

    account: Account
    csrf: str
    token: str


def open_session(store: Store, account: Account) -> str:
    """The token for the browser."""
    token = token_urlsafe(32)
    with store.transaction() as session:
        moment = now()
        row = SessionRow(
            token=digest(token), account_id=account.id, csrf=token_urlsafe(32), made_at=moment, seen_at=moment
        )
        session.add(row)
    return token


def find_session(store: Store, token: str, settings: Review) -> Session | None:
    """The session, unless it is over: too long unused, too old, or its account disabled."""
    with store.transaction() as session:
        row = session.get(SessionRow, digest(token))
        if row is None:
            return None
        account = account_of(session.get_one(AccountRow, row.account_id))
        moment = datetime.now(UTC)
        made, seen = datetime.fromisoformat(row.made_at), datetime.fromisoformat(row.seen_at)
        unused, old = moment - seen, moment - made
        idle, longest = timedelta(minutes=settings.idle_minutes), timedelta(hours=settings.longest_hours)
        if unused > idle or old > longest or account.disabled:
            session.delete(row)
            return None
        if unused > NOTED_EVERY:
            row.seen_at = now()
        return Session(account, row.csrf, row.token)


def close_session(store: Store, found: Session) -> None:
    with store.transaction() as session:
        row = session.get(SessionRow, found.token)
        if row is not None:
            session.delete(row)
        audit.append(session, at=now(), event="signed-out", subject=found.account.actor)


def digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
