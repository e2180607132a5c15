"""Whether a field of a spec is what its blank's own labels say: the only witness that does not rest on the spec.

Fills are written where the spec has its boxes, so a box that cuts off half of a cell is read back without a fault, and
so are two squares whose values are exchanged.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.authoring.draft import FieldDraft
from pipeline.authoring.labels import labels
from pipeline.model import Box
from pipeline.specs import FieldSpec

# What a box has of the place to write. Less across cuts the end off an address; less down may be to keep a label out.
LEAST_ACROSS, LEAST_DOWN = 0.9, 0.6
# What of a box may lie beside that place.
MOST_BESIDE = 0.25


def against_contract(field: FieldSpec) -> Iterator[str]:
    """What the field is in the contract, whatever the blank prints."""
    name = field.key.partition(".")[2]
    named = next((each for each in labels().field if each.name == name), None)
    if named is None:
        return
    if field.kind is not named.kind:
        yield f"type {field.kind.value}, et non / not {named.kind.value}"
    if field.required is not named.required:
        yield "obligatoire / required" if named.required else "facultatif / optional"


def against_proposal(field: FieldSpec, proposal: FieldDraft) -> Iterator[str]:
    """How the field differs from a proposal that is sure."""
    if proposal.page != field.page or not touches(field.box, proposal.place.box):
        yield f"son libellé le met ailleurs / its label puts it elsewhere: {edges(proposal.place.box)}"
        return
    if field.option:
        yield from against_options(field, proposal)
    else:
        yield from against_place(field.box, proposal.place.box)
    if proposal.widget and field.widget != proposal.widget:
        yield f"le champ PDF ici est / the form field here is {proposal.widget}"


def against_place(box: Box, place: Box) -> Iterator[str]:
    across = (min(box.x1, place.x1) - max(box.x0, place.x0)) / place.width
    down = (min(box.y1, place.y1) - max(box.y0, place.y0)) / place.height
    inside = across * place.width * down * place.height / (box.width * box.height)
    if across < LEAST_ACROSS or down < LEAST_DOWN:
        yield f"la zone coupe la place où l'on écrit / the box cuts the place to write: {edges(place)}"
    if inside < 1 - MOST_BESIDE:
        yield f"la zone déborde de la place où l'on écrit / the box goes beyond the place to write: {edges(place)}"


def against_options(field: FieldSpec, proposal: FieldDraft) -> Iterator[str]:
    proposed = {option.value: option for option in proposal.options}
    for option in field.option:
        other = proposed.get(option.value)
        if other is None or not touches(option.box, other.box):
            where = f" / is elsewhere: {edges(other.box)}" if other else " / is not there"
            yield f"la case « {option.value} » n'est pas là{where}"
        elif other.widget and option.widget != other.widget:
            yield f"case « {option.value} » : le champ PDF ici est / the form field here is {other.widget}"


def touches(one: Box, other: Box) -> bool:
    """Whether they lie on one another by more than a point."""
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    down = min(one.y1, other.y1) - max(one.y0, other.y0)
    return across > 1.0 and down > 1.0


def edges(box: Box) -> str:
    return f"[{', '.join(f'{edge:.1f}' for edge in box)}]"
