"""What people's corrections and checks say of the pipeline, counted by form, edition and week."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from pipeline.evaluation.share import Share
from pipeline.model import Verdict
from pipeline.review import queue
from pipeline.store.schema import CorrectionRow, DocumentRow, ReviewRow

MOST_SHOWN = 12


@dataclass(frozen=True)
class Group:
    """One form and edition in one week (its Monday), by when the records were made."""

    week: date
    form: str
    documents: int
    sent_to_people: int
    accepted: int
    rejected: int
    seconds: float | None

    @property
    def automation(self) -> Share:
        """Decided without a person."""
        return Share(self.documents - self.sent_to_people, self.documents)


@dataclass(frozen=True)
class Figures:
    """checks: wrong values found by blind checks, by kind of field. corrected: by field, changed of those looked at."""

    groups: Sequence[Group]
    checks: dict[str, Share]
    checked_documents: Share
    corrected: dict[str, Share]
    reasons: dict[str, int]

    @property
    def automation(self) -> Share:
        documents = sum(group.documents for group in self.groups)
        return Share(documents - sum(group.sent_to_people for group in self.groups), documents)


def gather(session: Session, form: str, weeks: int) -> Figures:
    """form: `NUMBER EDITION`, "" for all."""
    since = (datetime.now().astimezone() - timedelta(weeks=weeks)).date().isoformat()
    return Figures(
        groups=groups(session, form, since),
        checks=shares(checked(session, form, since)),
        checked_documents=Share.among(documents_wrong(session, form, since).values()),
        corrected=dict(
            sorted(shares(corrected(session, form, since)).items(), key=lambda item: -item[1].count)[:MOST_SHOWN]
        ),
        reasons=dict(reasons(session, form, since).most_common(MOST_SHOWN)),
    )


def named(form: str) -> list[ColumnElement[bool]]:
    if not form:
        return []
    number, _, edition = form.partition(" ")
    return [DocumentRow.number == number, DocumentRow.edition == edition]


def forms_of(session: Session) -> list[str]:
    rows = session.execute(
        select(DocumentRow.number, DocumentRow.edition).where(DocumentRow.edition.is_not(None)).distinct()
    )
    return sorted(f"{number} {edition}" for number, edition in rows)


@dataclass
class Tally:
    documents: int = 0
    sent: int = 0
    accepted: int = 0
    rejected: int = 0
    seconds: list[float] = field(default_factory=list)


def groups(session: Session, form: str, since: str) -> list[Group]:
    """Counted a day at a time by the database, so that a store of millions gives few rows."""
    day = func.substr(DocumentRow.recorded_at, 1, 10)
    sent = func.sum(case((ReviewRow.cause == queue.DOUBT, 1), else_=0))
    rows = session.execute(
        select(day, DocumentRow.number, DocumentRow.edition, DocumentRow.decision, func.count(), sent)
        .outerjoin(ReviewRow, ReviewRow.document_id == DocumentRow.id)
        .where(DocumentRow.recorded_at >= since, *named(form))
        .group_by(day, DocumentRow.number, DocumentRow.edition, DocumentRow.decision)
    )
    tallies: defaultdict[tuple[date, str], Tally] = defaultdict(Tally)
    for when, number, edition, decision, documents, to_people in rows:
        tally = tallies[monday(when), form_name(number, edition)]
        tally.documents += documents
        tally.sent += to_people or 0
        tally.accepted += documents if decision == Verdict.ACCEPT else 0
        tally.rejected += documents if decision == Verdict.REJECT else 0
    times = session.execute(
        select(day, DocumentRow.number, DocumentRow.edition, ReviewRow.seconds)
        .join(ReviewRow, ReviewRow.document_id == DocumentRow.id)
        .where(ReviewRow.cause == queue.DOUBT, ReviewRow.seconds.is_not(None), DocumentRow.recorded_at >= since)
        .where(*named(form))
    )
    for when, number, edition, seconds in times:
        tallies[monday(when), form_name(number, edition)].seconds.append(seconds)
    return [
        Group(
            week,
            name,
            tally.documents,
            tally.sent,
            tally.accepted,
            tally.rejected,
            median(tally.seconds) if tally.seconds else None,
        )
        for (week, name), tally in sorted(tallies.items(), key=lambda item: (-item[0][0].toordinal(), item[0][1]))
    ]


def form_name(number: str | None, edition: str | None) -> str:
    return f"{number} {edition}" if number and edition else "–"


def monday(day: str) -> date:
    found = date.fromisoformat(day)
    return found - timedelta(days=found.weekday())


def corrections(session: Session, cause: str, form: str, since: str) -> Iterable[CorrectionRow]:
    return session.scalars(
        select(CorrectionRow)
        .join(DocumentRow, DocumentRow.id == CorrectionRow.document_id)
        .where(CorrectionRow.cause == cause, CorrectionRow.at >= since, *named(form))
    )


def checked(session: Session, form: str, since: str) -> Iterable[tuple[str, bool]]:
    return ((row.kind, not row.same) for row in corrections(session, queue.CHECK, form, since))


def documents_wrong(session: Session, form: str, since: str) -> dict[str, bool]:
    """Of the documents checked, whether any value was wrong."""
    found: dict[str, bool] = {}
    for row in corrections(session, queue.CHECK, form, since):
        found[row.document_id] = found.get(row.document_id, False) or not row.same
    return found


def corrected(session: Session, form: str, since: str) -> Iterable[tuple[str, bool]]:
    return ((row.field, not row.same) for row in corrections(session, queue.DOUBT, form, since))


def reasons(session: Session, form: str, since: str) -> Counter[str]:
    """Why documents went to people: by code, of each document once."""
    found: Counter[str] = Counter()
    rows = session.execute(
        select(ReviewRow.codes, func.count())
        .join(DocumentRow, DocumentRow.id == ReviewRow.document_id)
        .where(ReviewRow.cause == queue.DOUBT, DocumentRow.recorded_at >= since, *named(form))
        .group_by(ReviewRow.codes)
    )
    for codes, count in rows:
        found.update(dict.fromkeys(codes.split(), count))
    return found


def shares(outcomes: Iterable[tuple[str, bool]]) -> dict[str, Share]:
    by_name: defaultdict[str, list[bool]] = defaultdict(list)
    for name, outcome in outcomes:
        by_name[name].append(outcome)
    return {name: Share.among(each) for name, each in sorted(by_name.items())}
