"""The store's database: a SQLite file, or PostgreSQL at a URL. What differs between the two stands here.

In SQLite every transaction is alone: it begins by locking the file. In PostgreSQL many run side by side, so what must
not happen twice at once is kept apart by locks of rows and of names (`hold`).
"""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.orm import Session

from pipeline.config import Database
from pipeline.store.upgrade import upgrade

LOCK_WAIT_SECONDS = 20
# A transaction takes milliseconds: one that stands still for so long is of a frozen machine, and holds up others.
IDLE_SECONDS = 60
CONNECT_SECONDS = 10
POSTGRESQL = "postgresql"
# A name's lock is one of the server's advisory locks, which other programs in the same database may use too.
LOCK_NAMES_AT_ONCE = 200


class NoPasswordError(Exception):
    """The password of the database is not where the configuration says."""


def address_of(database: Database, file: Path) -> URL:
    """Where the database is: PostgreSQL, or this SQLite file. Raises `NoPasswordError`."""
    if not database.url:
        return URL.create("sqlite", database=str(file))
    url = make_url(database.url).set(drivername="postgresql+psycopg")
    password = password_of(database)
    return url if password is None else url.set(password=password)


def password_of(database: Database) -> str | None:
    if database.password_file:
        try:
            return Path(database.password_file).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise NoPasswordError("[database] password_file: cannot be read") from error
    if database.password_variable:
        password = os.environ.get(database.password_variable)
        if password is None:
            raise NoPasswordError(f"[database] password_variable: {database.password_variable} is not set")
        return password
    return None


def open_engine(url: URL) -> Engine:
    """An engine on the database, brought to the newest schema. Raises `SchemaError`, and SQLAlchemy's errors."""
    engine = open_postgresql(url) if url.get_backend_name() == POSTGRESQL else open_sqlite(url)
    with engine.begin() as connection:
        if is_shared(engine):
            connection.execute(select(func.pg_advisory_xact_lock(number_of("schema"))))
        upgrade(connection)
    return engine


def open_postgresql(url: URL) -> Engine:
    """What the URL says itself stands. A dead machine is found out by keepalives, and its locks are let go."""
    options = f"-c lock_timeout={LOCK_WAIT_SECONDS}s -c idle_in_transaction_session_timeout={IDLE_SECONDS}s"
    arguments = {
        "connect_timeout": CONNECT_SECONDS,
        "application_name": "access-request-pipeline",
        "options": options,
        "keepalives_idle": 30,
        "keepalives_interval": 10,
        "keepalives_count": 3,
    }
    said = {name: value for name, value in arguments.items() if name not in url.query}
    return create_engine(url, connect_args=said, pool_pre_ping=True, pool_size=5, max_overflow=30)


def open_sqlite(url: URL) -> Engine:
    engine = create_engine(url, connect_args={"timeout": LOCK_WAIT_SECONDS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _prepare(connection: Any, _: object) -> None:
    # The driver would open transactions by itself, and late: a reader that turns writer then fails at once.
    connection.isolation_level = None
    # The rollback journal, not WAL: SQLite before 3.51.3 may lose committed pages when it resets a WAL.
    for pragma in ("journal_mode = DELETE", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def is_shared(engine: Engine) -> bool:
    """Whether many programs may work on it at once."""
    return engine.dialect.name == POSTGRESQL


def hold(session: Session, *names: str) -> None:
    """Keeps others out of what goes by these names until the transaction ends; does nothing where it is alone anyway.

    In one order everywhere, so that no two wait for each other: names of one call are sorted here, and of several
    calls in a transaction, the audit trail's comes last.
    """
    if session.get_bind().dialect.name != POSTGRESQL:
        return
    numbers = sorted({number_of(name) for name in names})
    for start in range(0, len(numbers), LOCK_NAMES_AT_ONCE):
        some = numbers[start : start + LOCK_NAMES_AT_ONCE]
        session.execute(select(*(func.pg_advisory_xact_lock(number) for number in some)))


def number_of(name: str) -> int:
    """The number of a name's lock: 63 bits of its hash."""
    return int.from_bytes(sha256(f"access-request-pipeline {name}".encode()).digest()[:8], "big") >> 1


def reason_of(error: Exception) -> str:
    """The cause in the words of the system or the database, without the statement and its values (they hold names)."""
    if isinstance(error, OSError):
        return error.strerror or str(error)
    cause = getattr(error, "orig", None) or error
    primary = getattr(getattr(cause, "diag", None), "message_primary", None)
    return str(primary or cause)
