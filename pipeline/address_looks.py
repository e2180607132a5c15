"""What the glyphs of an address tell of it, in the picture that its letters' places are known in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.address_apart import Told, may_be_sign, told_by
from pipeline.address_marks import MARKS, says, settled_end
from pipeline.dots import told_by_dots
from pipeline.extents import goes_too_far
from pipeline.gaps import has_room_for_a_letter
from pipeline.glyphs import OTHER, OTHER_CAPITAL, in_capitals
from pipeline.shapes import Shapes, shapes_of
from pipeline.witnesses import placed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.glyphs import Place
    from pipeline.witnesses import Testimony, Witness

# The look that says where letters stand may have misread so many of them, beside those that glyphs tell.
MOST_MISREAD = 2


def shapes_in(testimony: Testimony, address: str, known: frozenset[int] = frozenset()) -> Shapes:
    """What the shapes of an address's glyphs say of its 0, o, 1 and l.

    known: the places of the address of which that is not asked; nor is it of its `settled_end`.
    """
    places = _places_of(testimony, address)
    return Shapes.OPEN if places is None else _shapes_at(testimony, places, address, known)


def is_written_over(testimony: Testimony, address: str) -> bool:
    """Whether a stroke of the address goes further than its type does, as one that strikes a letter out."""
    places = _places_of(testimony, address)
    return places is not None and goes_too_far(testimony.line.pixels, places)


def may_lack_a_letter(testimony: Testimony) -> bool:
    """Whether a gap in an address is so wide that a letter of it was taken out: what all read as a space beside a point
    or an at sign is none. In a comb nobody knows."""
    look = placed(testimony)
    if look is None or testimony.cells:
        return False
    return has_room_for_a_letter(testimony.line.pixels, testimony.line.height, look.places)


def told_in(testimony: Testimony, address: str) -> Told:
    """What an address's glyphs say of it, and the names on its form."""
    told, places = told_by(testimony.names, address), _places_of(testimony, address)
    if places is None:
        return told
    capitals, ranks = in_capitals(places), _ranks(address)
    dotted = frozenset() if capitals else told_by_dots(testimony.line.pixels, places)
    shapes = _shapes_at(testimony, places, address)
    # Where the form shows letters of every kind, none was confirmed by its own alone.
    kinds = frozenset(OTHER_CAPITAL if capitals else OTHER)
    shows_all = kinds <= {letter.character for letter in testimony.letters}
    held_apart = shapes is Shapes.CONFIRMED and (
        shows_all or _shapes_at(testimony, places, address, alone=False) is shapes
    )
    return told._replace(
        shapes=shapes,
        held_apart=held_apart,
        dotted=frozenset(ranks[rank] for rank in dotted if rank < len(ranks)),
        capitals=capitals,
    )


def _shapes_at(
    testimony: Testimony,
    places: Sequence[Place],
    address: str,
    known: frozenset[int] = frozenset(),
    *,
    alone: bool = True,
) -> Shapes:
    known |= settled_end(address, testimony.names.domains)
    asked_not = frozenset(rank for rank, place in enumerate(_ranks(address)) if place in known)
    return shapes_of(testimony.line.pixels, places, testimony.letters, asked_not, alone=alone)


def _ranks(address: str) -> list[int]:
    """The places of an address that hold no mark, in the order of its glyphs."""
    return [place for place, sign in enumerate(address) if sign not in MARKS]


def _places_of(testimony: Testimony, address: str) -> Sequence[Place] | None:
    """Where the address's signs stand, as PP-OCR saw them: it knows best."""
    look = placed(testimony)
    return None if look is None else _places_in(look, address)


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
