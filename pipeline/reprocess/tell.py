"""The decision diff for people: a table on the terminal, a page with both crops of every field that would differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape

from rich import box
from rich.table import Table
from rich.text import Text

from pipeline.evaluation.markup import STYLE, heading, html_table, note, read_text, value_cell
from pipeline.jobs import Cut, Cuttings
from pipeline.model import Box, Record
from pipeline.report import WORDS
from pipeline.reprocess import transitions
from pipeline.reprocess.change import Change
from pipeline.reprocess.treatment import Treatment
from pipeline.store.records import Store
from pipeline.walled.walls import Failure
from pipeline.workforces.workforce import Ask

# Around a field, in points.
MARGIN = 4.0
MOST_LINES = 40
TREATMENTS = {
    Treatment.KEEP: ("inchangé", "nothing to do"),
    Treatment.DECIDE: ("décidé de nouveau, mêmes lectures", "decided again, same readings"),
    Treatment.READ: ("relu", "read again"),
}


def summary(changes: Sequence[Change]) -> Table:
    """From which decision to which, how many."""
    table = Table(title="Ce qui changerait / What would change", box=box.SIMPLE_HEAD)
    for name in ("Avant / Before", "Après / After", "Documents"):
        table.add_column(name, justify="right" if name == "Documents" else "left")
    for before, after, count in transitions(changes):
        style = "bold" if before is not after else "dim"
        table.add_row(word(before), word(after), Text(str(count), style))
    return table


def lines_of(changes: Sequence[Change]) -> Iterator[str]:
    """What was done, and each document that would differ, without what is in it."""
    done = Counter(change.treatment for change in changes)
    for treatment, (french, english) in TREATMENTS.items():
        yield f"{done[treatment]:>6}  {french} / {english}"
    different = [change for change in changes if change.any]
    for change in different[:MOST_LINES]:
        gone, new = ", ".join(change.reasons_gone), ", ".join(change.reasons_new)
        told = "; ".join(part for part in (f"- {gone}" if gone else "", f"+ {new}" if new else "") if part)
        if not told:
            told = ", ".join(change.fields) or "–"
        person = "  [décidé par une personne : reste / decided by a person: stays]" if change.by_person else ""
        verdicts = f"{change.before.decision.value} → {change.after.decision.value}"
        yield f"{change.before.id}  {form_of(change.after)}  {verdicts}  {told}{person}"
    if len(different) > MOST_LINES:
        rest = len(different) - MOST_LINES
        yield f"… {rest} autres ; --page FILE les montre tous / {rest} more; --page FILE shows them all"


def word(verdict: object) -> Text:
    french, english, style = next(words for each, words in WORDS.items() if each is verdict)
    return Text(f"{french} / {english}", style=style)


def form_of(record: Record) -> str:
    return f"{record.form.number or '?'} {record.form.edition or '?'}"


def page_of(changes: Sequence[Change], store: Store, ask: Ask) -> str:
    """The page, in which everything that was read is text."""
    different = [change for change in changes if change.any]
    body = [
        "<h1>Ce qui changerait <small>/ What would change</small></h1>",
        note("Cette page contient des renseignements personnels.", "This page holds personal information."),
        html_table(
            ("Avant / Before", "Après / After", "Documents"),
            [(escape(before.value), escape(after.value), str(count)) for before, after, count in transitions(changes)],
        ),
        heading("Documents qui changeraient", "Documents that would change", len(different)),
    ]
    for change in different:
        body += list(document_section(change, store, ask))
    return (
        '<!doctype html>\n<html lang="fr">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Ce qui changerait / What would change</title>'
        f"<style>{STYLE}</style></head>\n<body>\n" + "\n".join(body) + "\n</body>\n</html>\n"
    )


def document_section(change: Change, store: Store, ask: Ask) -> Iterator[str]:
    before, after = change.before, change.after
    yield (
        f"<h2>{escape(form_of(after))} · {escape(before.id)} <small>{escape(before.decision.value)} → "
        f"<strong>{escape(after.decision.value)}</strong></small></h2>"
    )
    if change.by_person:
        yield note("Décidé par une personne : reste ainsi.", "Decided by a person: stays as it is.")
    reasons = [("−", each) for each in change.reasons_gone] + [("+", each) for each in change.reasons_new]
    yield "<p>" + "<br>".join(f"{sign} {escape(each)}" for sign, each in reasons) + "</p>"
    if change.fields:
        crops = both_crops(change, store, ask)
        rows = [
            (
                escape(key),
                value_cell(read_text(before, key)),
                crops.get((key, "before"), "–"),
                value_cell(read_text(after, key)),
                crops.get((key, "after"), "–"),
            )
            for key in change.fields
        ]
        yield html_table(("Champ / Field", "Avant / Before", "", "Après / After", ""), rows)


def both_crops(change: Change, store: Store, ask: Ask) -> dict[tuple[str, str], str]:
    """Pictures of the fields that would differ, under the box of before and under that of after."""
    document = store.find(change.before.id)
    if document is None or document.original is None:
        return {}
    places = [
        (key, when, record.fields[key])
        for key in change.fields
        for when, record in (("before", change.before), ("after", change.after))
        if key in record.fields
    ]
    boxes = tuple((read.page, widened(read.box)) for _, _, read in places)
    answer = ask(Cut(original=document.original, rank=document.rank, boxes=boxes))
    if isinstance(answer, Failure):
        return {}
    pngs = Cuttings.model_validate_json(answer).pngs
    return {
        (key, when): f'<img alt="{escape(key)}" src="data:image/png;base64,{png}">'
        for (key, when, _), png in zip(places, pngs, strict=True)
        if png
    }


def widened(found: tuple[float, float, float, float]) -> Box:
    left, top, right, bottom = found
    return Box(left - MARGIN, top - MARGIN, right + MARGIN, bottom + MARGIN)
