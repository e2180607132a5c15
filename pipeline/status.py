"""What `pipeline status` shows: the books of the mail room, for a person or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from pipeline.balance import Books, SourceBook
from pipeline.report import WORDS

NOTHING = "rien / nothing"


def as_json(books: Books, faults: tuple[str, ...]) -> str:
    return json.dumps(asdict(books) | {"faults": faults, "balanced": not faults}, ensure_ascii=False)


def as_text(books: Books, faults: tuple[str, ...]) -> Iterator[str]:
    """The lines that a person reads."""
    yield f"Fichiers et messages / Files and messages : {books.files}"
    yield f"  terminés / finished                     : {books.files_finished}"
    yield f"  en cours / in flight                    : {books.files_in_flight}"
    yield f"Documents                                 : {books.documents}"
    for verdict, (french, english, _) in WORDS.items():
        yield f"  {f'{french} / {english}':<40}: {books.decided[verdict.value]}"
    yield f"  en attente / waiting                    : {books.waiting}"
    yield f"  en lecture / being read                 : {books.being_read}"
    yield f"Nous traitons les demandes reçues le / We are treating requests received on: {books.oldest or NOTHING}"
    yield f"À vérifier, la plus ancienne reçue le / Oldest for review, received on: {books.oldest_review or NOTHING}"
    for source in books.sources:
        yield from source_lines(source)
    if faults:
        yield "LE COMPTE N'Y EST PAS / NOT BALANCED:"
        yield from (f"  {fault}" for fault in faults)
    else:
        yield "Le compte y est : entré = sorti + en cours. / Balanced: in = out + in flight."


def source_lines(source: SourceBook) -> Iterator[str]:
    yield f"Source {source.name} (vue / scanned {source.scanned_at})"
    yield (
        f"  présents / present: {source.present}, encore incomplets / still growing: {source.growing}, "
        f"pris / taken: {source.taken}, à ranger / to put away: {source.unsettled}"
    )
    for words, counts in (("ignorés / ignored", source.passed_over), ("illisibles / unreadable", source.unreadable)):
        yield from (f"  {words}: {count} ({why})" for why, count in sorted(counts.items()))
    if source.fault:
        yield f"  en défaut / at fault: {source.fault}"
