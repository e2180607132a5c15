"""The store: the one truth about what came in and what was decided. Unique keys decide what is the same.

`arrivals` says what is the same document. The same bytes from elsewhere are a duplicate of the first that came in.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from pipeline.config import Database, Settings
from pipeline.jobs import Parcel
from pipeline.model import Code, Reason, Record, Source, StoreError, Verdict
from pipeline.outcome import refused_record
from pipeline.store.arrivals import Arrival, keyed, source_of
from pipeline.store.database import NoPasswordError, address_of, hold, is_shared, open_engine, reason_of
from pipeline.store.leases import LocalRun, RemoteRun, Run
from pipeline.store.ledger import decide_row, enter, find_arrival_row, find_left, find_row, names_of, now
from pipeline.store.object_store import find_originals
from pipeline.store.originals import FileContent, Folder, Originals
from pipeline.store.schema import ArrivalRow, DocumentRow, EnclosureRow
from pipeline.store.upgrade import SchemaError

DATABASE_NAME = "pipeline.sqlite3"
# Readings that were begun and of which nothing came, each time because the run itself ended: then a person looks. So
# many, because a run that ends is seldom the document's fault: the wall is there to see to that.
MOST_ATTEMPTS = 100
# A lease lasts this many times the longest reading: each is tried twice, and children take a while to start.
LEASE_ALLOWANCE = 4
SQLITE = Database()


@dataclass(frozen=True)
class Stored:
    """A document of the store. `decision` is None until it has its record."""

    id: str
    source: Source
    original: str | None
    rank: int | None
    decision: Verdict | None
    duplicate_of: str | None


class Store:
    """Opens DATA, bringing its database to the newest schema. Every method raises `StoreError`.

    originals: another place for them than the folder in DATA.
    shared: whether daemons on many machines may work on it at once.
    """

    def __init__(self, data: Path, database: Database = SQLITE, originals: Originals | None = None) -> None:
        self._data = data
        try:
            self.originals = originals or Folder(data / "originals")
            address = address_of(database, data / DATABASE_NAME)
            # Without its password.
            self._name = str(data) if address.get_backend_name() == "sqlite" else address.render_as_string()
            self._engine = open_engine(address)
        except NoPasswordError as error:
            raise StoreError(str(error)) from error
        except ImportError as error:
            raise StoreError(f"{error.name} is missing: pip install 'access-request-pipeline[postgresql]'") from error
        except (OSError, SQLAlchemyError, SchemaError) as error:
            raise StoreError(f"{getattr(self, '_name', data)}: {reason_of(error)}") from error
        self.shared = is_shared(self._engine)
        # One thread at a time: SQLite's own waiting is by chance, and a busy thread can keep another out for long.
        self._turn = nullcontext() if self.shared else threading.Lock()
        self._sessions = sessionmaker(self._engine, expire_on_commit=False)

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def transaction(self, *, alone: bool = True) -> Iterator[Session]:
        """A transaction that is committed when the block is left well, for what keeps books beside the records.

        alone: no two such run at once, on any machine. In SQLite none ever do; in PostgreSQL those that are not alone
        must lock what they rest on.
        """
        try:
            with self._turn, self._sessions.begin() as session:
                if alone:
                    hold(session, "store")
                yield session
        except SQLAlchemyError as error:
            raise StoreError(f"{self._name}: {reason_of(error)}") from error

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A transaction that sees the store as it is at one moment, and only looks."""
        with self.transaction(alone=False) as session:
            if self.shared:
                session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield session

    def begin_run(self) -> Run:
        """A run over this store, to claim documents by."""
        try:
            return RemoteRun(self._engine) if self.shared else LocalRun(self._data)
        except SQLAlchemyError as error:
            raise StoreError(f"{self._name}: {reason_of(error)}") from error

    def keep(self, file: FileContent) -> None:
        """Puts the original where it is safe."""
        try:
            self.originals.keep(file)
        except OSError as error:
            raise StoreError(f"originals: {reason_of(error)}") from error

    def read_original(self, document: Stored) -> bytes:
        """What a document came in, which was kept."""
        assert document.original
        try:
            return self.originals.read(PurePosixPath(document.original).name)
        except OSError as error:
            raise StoreError(f"originals: {reason_of(error)}") from error

    def find_arrival(self, arrival: Arrival) -> tuple[Stored, ...] | None:
        """The documents of a file that came in before, in its order; None for a new file."""
        with self.transaction(alone=False) as session:
            row = find_arrival_row(session, arrival)
            return None if row is None else self._documents_of(session, row.id)

    def register(self, arrival: Arrival, parcel: Parcel) -> tuple[Stored, ...]:
        """Enters a file and its documents, refusing at once what needs no reading. A known file changes nothing."""
        entered = list(keyed(arrival, parcel))
        with self.transaction(alone=False) as session:
            hold(session, arrival.sha256, arrival.key, *names_of(entered))
            known = find_arrival_row(session, arrival)
            if known is not None:
                return self._documents_of(session, known.id)
            row = ArrivalRow(
                key=arrival.key,
                path=arrival.path,
                sha256=arrival.sha256 if arrival.kept else None,
                ignored=json.dumps(parcel.ignored),
                arrived_at=now(),
                identity=arrival.identity,
            )
            session.add(row)
            session.flush()
            for rank, (key, enclosure) in enumerate(entered):
                document = enter(session, row, key, source_of(arrival, parcel, enclosure), enclosure)
                session.add(EnclosureRow(arrival_id=row.id, rank=rank, document_sequence=document.sequence))
            session.flush()
            return self._documents_of(session, row.id)

    def claim(self, record_id: str, run: Run, seconds: float) -> Stored | None:
        """Leases a document to the run for its reading, which takes `seconds` at most; None if another run reads it.

        The document comes back decided when it has its record, or gets it now: after too many attempts.
        """
        with self.transaction(alone=False) as session:
            row = find_row(session, record_id, skip_locked=True)
            if row is None:
                if session.scalar(select(DocumentRow.id).where(DocumentRow.id == record_id)) is None:
                    raise StoreError(f"{record_id}: no such document")
                return None
            if row.decision is None:
                if row.lease and row.lease != run.name and (row.leased_until or "") > now() and run.lives(row.lease):
                    return None
                if row.attempts >= MOST_ATTEMPTS:
                    source = Source.model_validate_json(row.source)
                    decide_row(session, row, refused_record(row.id, source, Reason.of(Code.PROCESSING_LIMIT)))
                else:
                    row.attempts += 1
                    row.lease, row.leased_until = run.name, now(LEASE_ALLOWANCE * seconds)
            return self._stored(session, row)

    def record(self, record: Record) -> bool:
        """Enters a document's outcome. A record is final: False, and no change, when it has one."""
        with self.transaction(alone=False) as session:
            document = find_row(session, record.id)
            if document is None:
                raise StoreError(f"{record.id}: no such document")
            if document.decision is not None:
                return False
            decide_row(session, document, record)
            return True

    def find(self, record_id: str) -> Stored | None:
        with self.transaction(alone=False) as session:
            row = session.scalar(select(DocumentRow).where(DocumentRow.id == record_id))
            return None if row is None else self._stored(session, row)

    def records(self, ids: Iterable[str]) -> Iterator[Record]:
        """The records of these documents, in this order; those that have none yet are passed over."""
        for record_id in ids:
            with self.transaction(alone=False) as session:
                text = session.scalar(select(DocumentRow.record).where(DocumentRow.id == record_id))
            if text is not None:
                yield Record.model_validate_json(text)

    def pending(self) -> tuple[str, ...]:
        """The documents that have no record yet, in the order of coming in."""
        with self.transaction(alone=False) as session:
            ids = select(DocumentRow.id).where(DocumentRow.decision.is_(None)).order_by(DocumentRow.sequence)
            return tuple(session.scalars(ids))

    def left_behind(self, run: Run, most: int) -> tuple[str, ...]:
        """Documents that no run is reading, the oldest first: never begun, or leased to a run that is no more."""
        with self.transaction(alone=False) as session:
            return tuple(find_left(session, run.lives, most))

    def _documents_of(self, session: Session, arrival_id: int) -> tuple[Stored, ...]:
        rows = session.scalars(
            select(DocumentRow)
            .join(EnclosureRow, EnclosureRow.document_sequence == DocumentRow.sequence)
            .where(EnclosureRow.arrival_id == arrival_id)
            .order_by(EnclosureRow.rank)
        )
        return tuple(self._stored(session, row) for row in rows)

    def _stored(self, session: Session, row: DocumentRow) -> Stored:
        original = session.scalar(select(ArrivalRow.sha256).where(ArrivalRow.id == row.arrival_id))
        return Stored(
            id=row.id,
            source=Source.model_validate_json(row.source),
            original=self.originals.place(original) if original else None,
            rank=row.rank,
            decision=Verdict(row.decision) if row.decision else None,
            duplicate_of=row.duplicate_of,
        )


def open_store(settings: Settings) -> Store:
    """Raises `StoreError`."""
    try:
        return Store(settings.paths.data, settings.database, find_originals(settings))
    except OSError as error:
        raise StoreError(f"originals: {reason_of(error)}") from error


def exists(settings: Settings) -> bool:
    """Whether there is a store: one on PostgreSQL is made where there is none."""
    return bool(settings.database.url) or (settings.paths.data / DATABASE_NAME).exists()
