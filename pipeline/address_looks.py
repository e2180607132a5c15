"""What one look at an address says of it: that it is so, but for a point, perhaps; and what shapes its letters have."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.domains import COMMON
from pipeline.shapes import Shapes, shapes_of

if TYPE_CHECKING:
    from pipeline.witnesses import Testimony, Witness

# What scans lose, and what is read for it; without a point and an at sign nothing is an address.
MARKS = frozenset(".@, ")
# What an at sign is read as.
ROUND = "[agq]?"
# Signs of which shapes tell which it is, in a line of small letters and in one of capitals.
TOLD, TOLD_CAPITALS = ({"0", "o"}, {"1", "l"}), ({"0", "o"}, {"1", "i"})


def says(look: Witness, address: str) -> bool:
    """Whether a look names the address, or what is none for its lost point or at sign, and else the same."""
    if look.key == address:
        return True
    local, _, domain = (_without_marks(part) for part in address.partition("@"))
    return (
        look.value is None
        and re.fullmatch(re.escape(local) + ROUND + re.escape(domain), _without_marks(look.text)) is not None
    )


def says_but_for_shapes(look: Witness, address: str) -> bool:
    """Whether a look names the address, or another that differs by signs of which shapes tell which it is."""
    if says(look, address):
        return True
    told = TOLD_CAPITALS if look.text == look.text.upper() else TOLD
    differing = [{one, other} for one, other in zip(look.key, address, strict=False) if one != other]
    return len(look.key) == len(address) and all(pair in told for pair in differing)


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
