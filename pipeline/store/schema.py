"""The store's tables as SQLAlchemy sees them. `migrations/` makes them, `database` opens what they are in."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import BigInteger, Dialect, ForeignKey, Index, Integer, UniqueConstraint
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction
from sqlalchemy.types import String, TypeDecorator


class Words(TypeDecorator[str]):
    """Text from anywhere: PostgreSQL cannot keep a NUL, and gets what stands for what cannot be shown."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return value.replace("\0", "\ufffd") if value and dialect.name == "postgresql" else value


class Base(DeclarativeBase):
    # SQLite counts up by itself in what is called INTEGER alone; it has 64 bits there anyway.
    type_annotation_map: ClassVar = {int: BigInteger().with_variant(Integer, "sqlite"), str: Words()}


class ArrivalRow(Base):
    """One file that came in. `sha256` names its original; None when it was too large to be kept.

    identity: what the file keeps when it is renamed, with its sha256; ignored: JSON list of what was passed over in it.
    """

    __tablename__ = "arrivals"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    path: Mapped[str]
    sha256: Mapped[str | None]
    ignored: Mapped[str]
    arrived_at: Mapped[str]
    identity: Mapped[str | None] = mapped_column(index=True)


class DocumentRow(Base):
    """One document. `sequence` is the order of coming in; `decision` is None until it has its record.

    rank: which attachment of its arrival it is (0 is the first); None when it is the file itself.
    source, record: JSON of `model.Source` and `model.Record`.
    number, edition: those of its record, for counting.
    lease, leased_until: the run that is reading it, and until when at most. attempts: how often one began to.
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
    number: Mapped[str | None]
    edition: Mapped[str | None]
    lease: Mapped[str | None]
    leased_until: Mapped[str | None]
    attempts: Mapped[int]


class EnclosureRow(Base):
    """That an arrival brought a document: the same message in two files brings the same document twice."""

    __tablename__ = "enclosures"

    arrival_id: Mapped[int] = mapped_column(ForeignKey("arrivals.id"), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True)
    document_sequence: Mapped[int] = mapped_column(ForeignKey("documents.sequence"))


class AuditRow(Base):
    """What happened, for good: triggers refuse any change. See `pipeline.store.audit`."""

    __tablename__ = "audit"

    sequence: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str]
    event: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    digest: Mapped[str]
    actor: Mapped[str | None]
    chain: Mapped[str]


class SightingRow(Base):
    """A file or mail that a source has shown: taken in, or passed over and why. See `pipeline.sources.sightings`."""

    __tablename__ = "sightings"
    __table_args__ = (UniqueConstraint("source", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    place: Mapped[str]
    shown: Mapped[str]
    state: Mapped[str]
    note: Mapped[str]
    arrival_id: Mapped[int | None] = mapped_column(ForeignKey("arrivals.id"), index=True)
    seen_at: Mapped[str]
    settled_at: Mapped[str | None]


class WatchRow(Base):
    """A watched source as its last scan found it; `fault` is "" when that went well."""

    __tablename__ = "watches"

    source: Mapped[str] = mapped_column(primary_key=True)
    scanned_at: Mapped[str]
    present: Mapped[int]
    waiting: Mapped[int]
    fault: Mapped[str]


class SupersededRow(Base):
    """A record as it was before a person, or a later reading, changed it. `entry`: the audit entry that it was made
    in; `record`: JSON of `model.Record`."""

    __tablename__ = "superseded"

    entry: Mapped[int] = mapped_column(ForeignKey("audit.sequence"), primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    record: Mapped[str]
    recorded_at: Mapped[str]


class ReviewRow(Base):
    """What people do with a document: one that the pipeline sent to them, or one that it accepted, for a blind check.

    cause: `doubt` or `check`; lot: drawn evenly from 0 to 1, so that a share of the checks can be taken by chance.
    state: `waiting`, `noted` (put aside with a note), `second` (a second person is to type the addresses) or `done`.
    holder, held_until, claim: whose desk it is on, until when, and what that opening of it is known by.
    first_holder: who typed first. seconds: from its opening to its end.
    """

    __tablename__ = "reviews"
    __table_args__ = (Index("ix_reviews_line", "cause", "state", "received"),)

    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), primary_key=True)
    cause: Mapped[str]
    lot: Mapped[float]
    received: Mapped[str]
    codes: Mapped[str]
    fields: Mapped[str]
    state: Mapped[str]
    note: Mapped[str]
    holder: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    held_until: Mapped[str | None]
    claim: Mapped[str | None]
    opened_at: Mapped[str | None]
    first_holder: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    done_at: Mapped[str | None] = mapped_column(index=True)
    done_by: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    seconds: Mapped[float | None]


class CorrectionRow(Base):
    """What a person found in one field, beside what had been read there. Values are JSON.

    cause: as in `ReviewRow`; purpose of the pair: to know how often readings, and which, are wrong.
    """

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[str] = mapped_column(ForeignKey("documents.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[str]
    cause: Mapped[str]
    field: Mapped[str]
    kind: Mapped[str]
    action: Mapped[str]
    read_value: Mapped[str]
    read_raw: Mapped[str | None]
    read_confidence: Mapped[float]
    value: Mapped[str]
    same: Mapped[bool]


class AccountRow(Base):
    """Somebody who may sign in. `password` is an Argon2 hash; failures, locked_until: against guessing."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str]
    password: Mapped[str]
    disabled: Mapped[bool]
    made_at: Mapped[str]
    failures: Mapped[int]
    locked_until: Mapped[str | None]


class SessionRow(Base):
    """Somebody signed in. `token` is the SHA-256 of what the browser holds."""

    __tablename__ = "sessions"

    token: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"), index=True)
    csrf: Mapped[str]
    made_at: Mapped[str]
    seen_at: Mapped[str]


class received_in(GenericFunction[str]):  # noqa: N801 - SQLAlchemy names the function by the class
    """The time of reception in a column with JSON of `model.Source`."""

    type = String()
    inherit_cache = True


@compiles(received_in)
def _of_sqlite(element: received_in, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_extract({compiler.process(element.clauses, **more)}, '$.received')"


@compiles(received_in, "postgresql")
def _of_postgresql(element: received_in, compiler: SQLCompiler, **more: Any) -> str:
    return f"({compiler.process(element.clauses, **more)})::json ->> 'received'"
