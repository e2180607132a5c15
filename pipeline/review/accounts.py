"""Who may sign in, as what, and that nobody guesses a password."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.store import audit
from pipeline.store.ledger import now
from pipeline.store.records import Store
from pipeline.store.schema import AccountRow, SessionRow

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
LEAST_LETTERS = 12
MOST_LETTERS = 256
# So many wrong passwords are a slip of the finger; from then on each doubles the wait.
FREE_TRIES = 5
FIRST_WAIT_SECONDS = 30.0
LONGEST_WAIT_SECONDS = 900.0

HASHER = PasswordHasher()
# What an unknown name is held against, so that it takes as long as a known one.
NOBODY = HASHER.hash("nobody has this password")
# One at a time: each takes 64 MiB, and guessing is not to be made fast.
TURN = threading.Lock()


class Role(StrEnum):
    REVIEWER = "reviewer"
    AUDITOR = "auditor"
    ADMIN = "admin"


class AccountError(Exception):
    """The account cannot be made or changed so; the text says why."""


@dataclass(frozen=True)
class Account:
    id: int
    name: str
    role: Role
    disabled: bool = False

    @property
    def actor(self) -> str:
        """What the audit trail knows it by."""
        return f"account:{self.id}"


def account_of(row: AccountRow) -> Account:
    return Account(row.id, row.name, Role(row.role), row.disabled)


def check_password(password: str) -> None:
    """Raises `AccountError`. Length is what counts (NIST SP 800-63B): no rules on what it is made of."""
    if not LEAST_LETTERS <= len(password) <= MOST_LETTERS:
        raise AccountError(
            f"mot de passe : de {LEAST_LETTERS} à {MOST_LETTERS} caractères / "
            f"password: {LEAST_LETTERS} to {MOST_LETTERS} characters"
        )


def add_account(store: Store, name: str, role: Role, password: str) -> Account:
    """Raises `AccountError` for a name that is taken or is none, and for a password that is too short."""
    if not NAME.fullmatch(name):
        raise AccountError(
            f"{name} : de 2 à 40 lettres minuscules, chiffres, points ou traits / 2 to 40 small letters, digits, dots "
            "or dashes"
        )
    check_password(password)
    hashed = HASHER.hash(password)
    with store.transaction() as session:
        if session.scalar(select(AccountRow).where(AccountRow.name == name)):
            raise AccountError(f"{name} : ce compte existe déjà / there is such an account already")
        row = AccountRow(
            name=name, role=role.value, password=hashed, disabled=False, made_at=now(), failures=0, locked_until=None
        )
        session.add(row)
        session.flush()
        audit.append(session, at=now(), event="account-added", subject=account_of(row).actor, content=row.role)
        return account_of(row)


def change_account(
    store: Store, name: str, *, role: Role | None = None, password: str | None = None, disabled: bool | None = None
) -> Account:
    """Changes what is given, and signs that person out everywhere. Raises `AccountError`."""
    if password is not None:
        check_password(password)
    with store.transaction() as session:
        row = session.scalar(select(AccountRow).where(AccountRow.name == name))
        if row is None:
            raise AccountError(f"{name} : aucun compte de ce nom / no account of this name")
        if role is not None:
            row.role = role.value
        if password is not None:
            row.password, row.failures, row.locked_until = HASHER.hash(password), 0, None
        if disabled is not None:
            row.disabled = disabled
        for each in session.scalars(select(SessionRow).where(SessionRow.account_id == row.id)).all():
            session.delete(each)
        content = f"{row.role} {row.disabled} {password is not None}"
        audit.append(session, at=now(), event="account-changed", subject=account_of(row).actor, content=content)
        return account_of(row)


def accounts(store: Store) -> Sequence[Account]:
    with store.transaction() as session:
        return [account_of(row) for row in session.scalars(select(AccountRow).order_by(AccountRow.name))]


def authenticate(store: Store, name: str, password: str) -> Account | None:
    """The account, if the password is its own and it may be tried now; None, and nothing about why, otherwise."""
    with store.transaction() as session:
        row = session.scalar(select(AccountRow).where(AccountRow.name == name))
        hashed = row.password if row else NOBODY
        waits = row is not None and (row.locked_until or "") > now()
    right = matches(hashed, password[:MOST_LETTERS])
    if row is None:
        return None
    with store.transaction() as session:
        row = session.get_one(AccountRow, row.id)
        if right and not waits and not row.disabled:
            row.failures, row.locked_until = 0, None
            audit.append(session, at=now(), event="signed-in", subject=account_of(row).actor)
            return account_of(row)
        refuse(session, row)
        return None


def refuse(session: Session, row: AccountRow) -> None:
    row.failures += 1
    if row.failures >= FREE_TRIES:
        wait = FIRST_WAIT_SECONDS * 2 ** min(row.failures - FREE_TRIES, 10)
        row.locked_until = now(min(wait, LONGEST_WAIT_SECONDS))
    audit.append(session, at=now(), event="sign-in-refused", subject=account_of(row).actor)


def matches(hashed: str, password: str) -> bool:
    with TURN:
        try:
            return HASHER.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False
