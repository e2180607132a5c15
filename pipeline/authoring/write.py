"""A draft as the file that people read and correct."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pipeline.authoring.draft import Draft, FieldDraft, OptionDraft
from pipeline.model import Bilingual, Box


def as_toml(draft: Draft) -> str:
    return "\n".join(lines_of(draft)) + "\n"


def lines_of(draft: Draft) -> Iterator[str]:
    edition = draft.edition[2:].replace("-", "/")
    yield f"# Form {draft.number}, edition {edition}. Boxes are [left, top, right, bottom] in points from the page's"
    yield "# top left corner. A proposal: look at each field in its picture, correct what is wrong, and delete each"
    yield "# `unsure` that you have settled. With one left the edition is not used."
    yield ""
    yield f"number = {text(draft.number)}"
    yield f"edition = {text(draft.edition)}"
    yield f"title = {words(draft.title)}"
    yield f"valid_from = {draft.valid_from or f'{draft.edition}-01'}"
    if draft.valid_until:
        yield f"valid_until = {draft.valid_until}"
    doubts = [
        *draft.doubts,
        *(f"{key} : rien n'a été trouvé / nothing was found" for key in draft.missing),
        *(
            f"page {number} : aucun pied de page / no footer"
            for number, each in enumerate(draft.footers, 1)
            if not each
        ),
    ]
    if doubts:
        yield f"unsure = [{', '.join(map(text, doubts))}]"
    for footer in draft.footers:
        yield ""
        yield "[[page]]"
        yield f"footer = {text(footer[0] if footer else '')}"
        yield f"box = {numbers(footer[1] if footer else Box(0, 0, 1, 1))}"
    for field in draft.fields:
        yield ""
        yield from field_lines(field)


def field_lines(field: FieldDraft) -> Iterator[str]:
    yield "[[field]]"
    yield f"key = {text(field.key)}"
    yield f"kind = {text(field.kind.value)}"
    if field.page != 1:
        yield f"page = {field.page}"
    if not field.required:
        yield "required = false"
    yield f"label = {words(field.label)}"
    if not field.options:
        yield f"layout = {text(field.place.layout)}"
    yield f"box = {numbers(field.place.box)}"
    if field.place.groups:
        groups = (f"    {{ box = {numbers(box)}, count = {count} }}," for box, count in field.place.groups)
        yield "\n".join(("comb = [", *groups, "]"))
    if field.options:
        yield "\n".join(("option = [", *(f"    {option(each)}," for each in field.options), "]"))
    if field.widget:
        yield f"widget = {text(field.widget)}"
    if field.unsure:
        yield f"unsure = {text(field.unsure)}"


def option(each: OptionDraft) -> str:
    widget = f", widget = {text(each.widget)}" if each.widget else ""
    return f"{{ value = {text(each.value)}, box = {numbers(each.box)}, label = {words(each.label)}{widget} }}"


def words(label: Bilingual) -> str:
    return f"{{ fr = {text(label.fr)}, en = {text(label.en)} }}"


def text(value: str) -> str:
    """A basic string of TOML, whose escapes are those of JSON."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def numbers(box: Box) -> str:
    return f"[{', '.join(f'{edge:.1f}' for edge in box)}]"
