"""What the glyphs of an address tell of it, in the picture that its letters' places are known in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.address_apart import Told, may_be_sign, told_by
from pipeline.address_marks import MARKS, says, settled_end
from pipeline.dots import told_by_dots
from pipeline.glyphs import in_capitals
from pipeline.shapes import shapes_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.glyphs import Place
    from pipeline.shapes import Shapes
    from pipeline.witnesses import Testimony, Witness

# The look that says where letters stand may have misread so many of them, beside those that glyphs tell.
MOST_MISREAD = 2


def shapes_in(testimony: Testimony, address: str, known: frozenset[int] = frozenset()) -> Shapes:
    """What the shapes of an address's glyphs say of its 0, o, 1 and l: see `told_in`."""
    return told_in(testimony, address, known).shapes


def told_in(testimony: Testimony, address: str, known: frozenset[int] = frozenset()) -> Told:
    """What an address's glyphs say of it, where PP-OCR saw them (it knows best where letters stand), and the names on
    its form.

    known: the places of the address of which that is not asked; nor is it of its `settled_end`.
    """
    known |= settled_end(address)
    told = told_by(testimony.names, address)
    for look in testimony.witnesses:
        places = _places_in(look, address) if look.place == "paddle plain" else None
        if places is not None:
            ranks = [place for place, sign in enumerate(address) if sign not in MARKS]
            asked_not = frozenset(rank for rank, place in enumerate(ranks) if place in known)
            shapes = shapes_of(testimony.line.pixels, places, testimony.letters, asked_not)
            capitals = in_capitals(places)
            dotted = frozenset() if capitals else told_by_dots(testimony.line.pixels, places)
            by_dot = frozenset(ranks[rank] for rank in dotted if rank < len(ranks))
            return told._replace(shapes=shapes, dotted=by_dot, capitals=capitals)
    return told


def _places_in(look: Witness, address: str) -> Sequence[Place] | None:
    """Where the address's signs stand by a look that reads them, or others in the places of a few."""
    places = [place for place in look.places if place.character not in MARKS]
    signs = [sign for sign in address if sign not in MARKS]
    if not places or len(places) != len(signs):
        return places if places and says(look, address) else None
    read = [place.character.lower() for place in places]
    if sum(not may_be_sign(*pair) for pair in zip(read, signs, strict=True)) > MOST_MISREAD:
        return None
    if in_capitals(places):
        return [place._replace(character=sign.upper()) for place, sign in zip(places, signs, strict=True)]
    # A capital I or O among small letters is what it is taken for.
    return [
        place._replace(character=sign) if place.character in "IO" or place.character.lower() != sign else place
        for place, sign in zip(places, signs, strict=True)
    ]
