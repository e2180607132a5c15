"""The audit trail: what happened to which document, in order, each entry chained to the one before by its hash.

It holds ids and hashes, nothing about people: who did something is an account number. Rows can be neither changed
nor deleted (the database refuses that), and a row that was changed nevertheless, taken out or moved breaks the chain.
Rows cut off at the end do not: compare the newest chain value with one that was written down elsewhere, as the daily
line in the log does.
"""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.store.database import hold
from pipeline.store.schema import AuditRow

DECIDED = "decided"


def chained(
    before: str, *, at: str, event: str, subject: str, content: str = "", actor: str | None = None
) -> dict[str, str | None]:
    """An entry's columns. before: the chain value of the entry before, "" for the first; content: what is hashed;
    actor: the account that did it, None for the pipeline itself."""
    digest = sha256(content.encode()).hexdigest()
    chain = link(before, at, event, subject, digest, actor)
    return {"at": at, "event": event, "subject": subject, "digest": digest, "actor": actor, "chain": chain}


def link(before: str, at: str, event: str, subject: str, digest: str, actor: str | None) -> str:
    """An entry's chain value. Entries of the pipeline itself have no sixth line, as before there were people."""
    lines = (before, at, event, subject, digest) + (() if actor is None else (actor,))
    return sha256("\n".join(lines).encode()).hexdigest()


def append(session: Session, *, at: str, event: str, subject: str, content: str = "", actor: str | None = None) -> None:
    """Enters one event in the transaction that makes it true, and keeps others from doing so until that ends."""
    hold(session, "audit")
    entry = chained(head(session), at=at, event=event, subject=subject, content=content, actor=actor)
    session.add(AuditRow(**entry))
    session.flush()


def head(session: Session) -> str:
    """The newest chain value, which vouches for all before it; "" when there is none."""
    return session.scalar(select(AuditRow.chain).order_by(AuditRow.sequence.desc()).limit(1)) or ""


def follows(row: AuditRow, before: str) -> bool:
    """Whether the entry is as it was written, right after the one with that chain value."""
    return row.chain == link(before, row.at, row.event, row.subject, row.digest, row.actor)
