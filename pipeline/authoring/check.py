"""A spec proved: its boxes on its blank, told from all other editions, and read back from fills of that blank."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.authoring.agreement import against_contract, against_proposal
from pipeline.authoring.draft import NEWER, by_key, draft
from pipeline.authoring.fills import Fill, blank_document, make_fill
from pipeline.authoring.places import printed_in
from pipeline.authoring.printed import PrintedPage, read_blank
from pipeline.correct import same_reading
from pipeline.identify import identify
from pipeline.model import FIELD_KEYS, Box, Document, Kind, OcrEngine, Refused
from pipeline.read import read
from pipeline.specs import FieldSpec, FormSpec

FILLS = 3
SCANS = 2
# Fields that lie on one another by more than this, in points, across and down.
LAPPED = 1.0


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. fault: that it is wrong; a doubt that is none is only said."""

    text: str
    fault: bool = False


def check(
    spec: FormSpec,
    others: Sequence[FormSpec],
    engines: Sequence[OcrEngine],
    notice: Callable[[str], None] = lambda text: None,
) -> Iterator[Finding]:
    """What there is to say of a spec that loads. others: every other edition that is known."""
    yield from contract(spec)
    yield from laps(spec)
    notice("texte imprimé / printed text")
    yield from printed_under(spec, read_blank(spec.blank))
    yield from against_labels(spec, others)
    notice("reconnaissance / identification")
    yield from told_apart(spec, others, engines)
    notice("lecture / reading")
    yield from read_back(spec, others, engines)


def contract(spec: FormSpec) -> Iterator[Finding]:
    expected = [key for key in FIELD_KEYS if spec.edition >= "2022-03" or key not in NEWER]
    missing = [key for key in expected if spec.find_field(key) is None]
    for key in missing:
        yield Finding(f"{key} : manque / is missing", fault=True)
    if not missing:
        yield Finding(f"{len(expected)} champs, tous ceux du contrat / fields, all of the contract's")


def laps(spec: FormSpec) -> Iterator[Finding]:
    found = False
    for rank, one in enumerate(spec.field):
        for other in spec.field[rank + 1 :]:
            if one.page == other.page and any(lapped(a, b) for a in ink_boxes(one) for b in ink_boxes(other)):
                found = True
                yield Finding(f"{one.key}, {other.key} : se recouvrent / lie on one another", fault=True)
    if not found:
        yield Finding("aucun recouvrement / no overlaps")


def ink_boxes(field: FieldSpec) -> list[Box]:
    """Of a choice, its squares: their words lie between them."""
    return [option.box for option in field.option] or [field.box]


def lapped(one: Box, other: Box) -> bool:
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    return across > LAPPED and down > LAPPED


def printed_under(spec: FormSpec, pages: Sequence[PrintedPage]) -> Iterator[Finding]:
    found = False
    for field in spec.field:
        for box in ink_boxes(field):
            inside = "" if field.layout == "comb" else " ".join(printed_in(pages[field.page - 1], box))
            if inside:
                found = True
                yield Finding(
                    f"{field.key} : texte imprimé dans la zone / printed text in its box: {inside}", fault=True
                )
    if not found:
        yield Finding("aucun texte imprimé dans les zones / no printed text in the boxes")


def against_labels(spec: FormSpec, others: Sequence[FormSpec]) -> Iterator[Finding]:
    """Where the blank's own labels put a field: a box that lies elsewhere takes one field's writing for another's."""
    try:
        proposals = by_key(draft(read_blank(spec.blank), others).fields)
    except ValueError as error:
        yield Finding(str(error), fault=True)
        return
    found = False
    for field in spec.field:
        proposal = proposals.get(field.key)
        said = list(against_contract(field))
        if proposal is not None and not proposal.unsure:
            said += against_proposal(field, proposal)
        if said:
            found = True
            yield Finding(f"{field.key} : {' ; '.join(said)}", fault=True)
    if not found:
        yield Finding("chaque champ est à son libellé / every field is at its label")


# ---------------------------------------------------------------- told from all others


def told_apart(spec: FormSpec, others: Sequence[FormSpec], engines: Sequence[OcrEngine]) -> Iterator[Finding]:
    """Scans of its blank are this edition, and scans of the others' are not."""
    specs = (*others, spec)
    said = Counter(named(blank_document(spec, seed), specs, engines) for seed in range(SCANS))
    if said[spec.name] == SCANS:
        yield Finding(f"reconnue {SCANS} fois sur {SCANS} / identified {SCANS} times of {SCANS}")
    else:
        wrong = ", ".join(f"{name} ({count})" for name, count in said.items() if name != spec.name)
        yield Finding(f"prise pour / taken for: {wrong}", fault=True)
    mistaken = [other.name for other in others if named(blank_document(other, 0), specs, engines) == spec.name]
    if mistaken:
        yield Finding(f"d'autres sont prises pour elle / others are taken for it: {', '.join(mistaken)}", fault=True)
    else:
        yield Finding(f"aucune des {len(others)} autres n'est prise pour elle / none of the others is taken for it")


def named(document: Document, specs: Sequence[FormSpec], engines: Sequence[OcrEngine]) -> str:
    try:
        return identify(document, specs, engines).spec.name
    except Refused as refusal:
        return ", ".join(reason.code.value for reason in refusal.reasons)


# ---------------------------------------------------------------- read back


def read_back(spec: FormSpec, others: Sequence[FormSpec], engines: Sequence[OcrEngine]) -> Iterator[Finding]:
    """How often each field of a typed fill is read right. Once in `FILLS` may be the reader's; twice is the box's."""
    right: Counter[str] = Counter()
    for seed in range(FILLS):
        fill = make_fill(spec, seed)
        try:
            found = identify(fill.document, (*others, spec), engines)
        except Refused as refusal:
            codes = ", ".join(reason.code.value for reason in refusal.reasons)
            yield Finding(f"remplie, elle n'est pas reconnue / filled, it is not identified: {codes}", fault=True)
            return
        readings = read(found.pages, spec, engines)
        right.update(key for key, reading in readings.items() if is_right(spec, key, reading.value, fill))
    for field in spec.field:
        count = right[field.key]
        if count < FILLS:
            yield Finding(
                f"{field.key} : lu juste {count} fois sur {FILLS} / read right {count} of {FILLS}", count * 2 < FILLS
            )
    whole = sum(right[field.key] == FILLS for field in spec.field)
    yield Finding(f"{whole} champs sur {len(spec.field)} toujours lus juste / fields always read right")


def is_right(spec: FormSpec, key: str, value: str | bool | None, fill: Fill) -> bool:
    field = spec.find_field(key)
    kind = field.kind if field else Kind.TEXT
    return same_reading(kind, value, fill.values[key])
