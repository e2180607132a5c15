"""What one look at an address says of it: that it is so, but for a point, perhaps; and what shapes its letters have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.domains import COMMON
from pipeline.shapes import Shapes, shapes_of

if TYPE_CHECKING:
    from pipeline.witnesses import Testimony, Witness

# What scans lose, and what is read for it; without a point and an at sign nothing is an address.
MARKS = frozenset(".@, ")


def says(look: Witness, address: str) -> bool:
    """Whether a look names the address, or what is one no more for a lost point or at sign, and else the same."""
    if look.key == address:
        return True
    return look.value is None and _without_marks(look.text) == _without_marks(address)


def shapes_in(testimony: Testimony, address: str, known: frozenset[int] = frozenset()) -> Shapes:
    """What the shapes of an address's glyphs say, where PP-OCR reads it so: it knows best where letters stand.

    known: the places of the address of which that is not asked; nor is it of a common domain, in which there is no
    other letter that they may be.
    """
    if address.partition("@")[2] in COMMON:
        known |= frozenset(range(address.index("@"), len(address)))
    for look in testimony.witnesses:
        if look.place == "paddle plain" and look.places and says(look, address):
            places = [place for place in look.places if place.character not in MARKS]
            ranks = [place for place, sign in enumerate(address) if sign not in MARKS]
            asked_not = frozenset(rank for rank, place in enumerate(ranks) if place in known)
            return shapes_of(testimony.line.pixels, places, testimony.letters, asked_not)
    return Shapes.OPEN


def _without_marks(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign not in MARKS)
