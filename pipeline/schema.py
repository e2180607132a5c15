"""The store's tables as SQLAlchemy sees them, and how its SQLite file is opened. `migrations/` makes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, ForeignKey, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

LOCK_WAIT_SECONDS = 20
MIGRATIONS = Path(__file__).parent / "migrations"


class Base(DeclarativeBase):
    pass


class ArrivalRow(Base):
    """One file that came in. `sha256` names its original; None when it was too large to be kept."""

    __tablename__ = "arrivals"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    path: Mapped[str]
    sha256: Mapped[str | None]
    ignored: Mapped[str]
    arrived_at: Mapped[str]


class DocumentRow(Base):
    """One document. `sequence` is the order of coming in; `decision` is None until it has its record.

    rank: which attachment of its arrival it is (0 is the first); None when it is the file itself.
    source, record: JSON of `model.Source` and `model.Record`.
    """

    __tablename__ = "documents"

    sequence: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    key: Mapped[str] = mapped_column(unique=True)
    arrival_id: Mapped[int] = mapped_column(ForeignKey("arrivals.id"))
    rank: Mapped[int | None]
    sha256: Mapped[str | None] = mapped_column(index=True)
    source: Mapped[str]
    duplicate_of: Mapped[str | None]
    decision: Mapped[str | None] = mapped_column(index=True)
    record: Mapped[str | None]
    recorded_at: Mapped[str | None]


class EnclosureRow(Base):
    """That an arrival brought a document: the same message in two files brings the same document twice."""

    __tablename__ = "enclosures"

    arrival_id: Mapped[int] = mapped_column(ForeignKey("arrivals.id"), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True)
    document_sequence: Mapped[int] = mapped_column(ForeignKey("documents.sequence"))


def open_engine(path: Path) -> Engine:
    """An engine on the SQLite file, brought to the newest schema. Raises SQLAlchemy's and Alembic's errors."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": LOCK_WAIT_SECONDS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin_immediate)
    with engine.begin() as connection:
        configuration = Config()
        configuration.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, "head")
    return engine


def _prepare(connection: Any, _: object) -> None:
    # The driver would open transactions by itself, and late: a reader that turns writer then fails at once.
    connection.isolation_level = None
    # The rollback journal, not WAL: SQLite before 3.51.3 may lose committed pages when it resets a WAL.
    for pragma in ("journal_mode = DELETE", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
