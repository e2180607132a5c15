"""What one look at an address says of it: that it is so, but for a point, perhaps, or what shapes tell; and these."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.address_parts import NAMELESS, Names, ending_of, explained
from pipeline.domains import COMMON
from pipeline.dots import told_by_dots
from pipeline.glyphs import in_capitals
from pipeline.shapes import Shapes, shapes_of
from pipeline.witnesses import MOST, RAREST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.glyphs import Place
    from pipeline.witnesses import Testimony, Witness

# What scans lose, and what is read for it; without a point and an at sign nothing is an address.
MARKS = frozenset(".@, ")
# What an at sign is read as.
ROUND = "[agq]?"
# Signs of which shapes tell which it is, in a line of small letters and in one of capitals; and dots, in small letters.
# A j is no such sign: in 2 of 100 its tail is lost, and an i is left.
BY_SHAPE = (frozenset("0o"), frozenset("1l"))
BY_SHAPE_OF_CAPITALS = (frozenset("0o"), frozenset("1i"))
BY_DOT = frozenset("il1")


class Told(NamedTuple):
    """What the glyphs of an address say of it, and the names on its form.

    dotted: the places, counted from 0, of each i, l and 1 that its dot, or that it has none, confirms. capitals:
    whether it is written in them. named: the places that `names` explain.
    """

    shapes: Shapes
    dotted: frozenset[int] = frozenset()
    capitals: bool = False
    named: frozenset[int] = frozenset()
    names: Names = NAMELESS

    def tells(self, place: int, signs: frozenset[str]) -> bool:
        """Whether glyphs tell these signs from one another there."""
        by_shape = signs in (BY_SHAPE_OF_CAPITALS if self.capitals else BY_SHAPE)
        return (self.shapes is Shapes.CONFIRMED and by_shape) or (place in self.dotted and signs <= BY_DOT)

    def tells_by_name(self, place: int, signs: frozenset[str]) -> bool:
        """Whether a name tells these letters from one another there; a digit for a letter may be meant."""
        return place in self.named and all(sign.isalpha() for sign in signs)

    def is_as_likely_named(self, key: str) -> bool:
        """Whether the names explain as much of what else was read."""
        return len(explained(key, self.names)) >= len(self.named)


def says(look: Witness, address: str) -> bool:
    """Whether a look names the address, or what is none for its lost point or at sign, and else the same."""
    if look.key == address:
        return True
    local, _, domain = (_without_marks(part) for part in address.partition("@"))
    return (
        look.value is None
        and re.fullmatch(re.escape(local) + ROUND + re.escape(domain), _without_marks(look.text)) is not None
    )


def says_but_for(told: Told, look: Witness, address: str) -> bool:
    """Whether a look names the address, or another that differs by signs of which it is told which they are."""
    return says(look, address) or differs_by(told, look.key, address)


def differs_by(told: Told, key: str, address: str) -> bool:
    """Whether nothing but signs of which it is told which they are parts an address from what was read."""
    if len(key) != len(address):
        return False
    pairs = (
        (place, frozenset(pair)) for place, pair in enumerate(zip(key, address, strict=True)) if len(set(pair)) > 1
    )
    open_pairs = [(place, signs) for place, signs in pairs if not told.tells(place, signs)]
    by_name = all(told.tells_by_name(place, signs) for place, signs in open_pairs)
    return not open_pairs or (by_name and not told.is_as_likely_named(key))


def margin_but_for(told: Told, look: Witness, address: str) -> float:
    """How much likelier a look holds the address than anything that it is not told from: as `Witness.margin`."""
    same = {key for key in look.chances if key == address or differs_by(told, key, address)}
    if not same:
        return look.margin(address)
    unheard = max(1.0 - sum(look.chances.values()), RAREST)
    others = max((chance for key, chance in look.chances.items() if key not in same), default=0.0)
    mine = sum(look.chances[key] for key in same)
    return max(-MOST, min(MOST, math.log(max(mine, RAREST) / max(unheard / 2, others, RAREST))))


def may_be(one: str, other: str) -> bool:
    """Whether an address differs from another by signs that glyphs may tell."""
    pairs = [frozenset(pair) for pair in zip(one, other, strict=False) if pair[0] != pair[1]]
    return len(one) == len(other) and all(pair == BY_SHAPE[0] or pair <= BY_DOT for pair in pairs)


def shapes_in(testimony: Testimony, address: str, known: frozenset[int] = frozenset()) -> Shapes:
    """What the shapes of an address's glyphs say of its 0, o, 1 and l: see `told_in`."""
    return told_in(testimony, address, known).shapes


def told_in(testimony: Testimony, address: str, known: frozenset[int] = frozenset()) -> Told:
    """What an address's glyphs say of it, where PP-OCR saw them: it knows best where letters stand.

    known: the places of the address of which that is not asked; nor is it of its `settled_end`.
    """
    known |= settled_end(address)
    for look in testimony.witnesses:
        places = _places_in(look, address) if look.place == "paddle plain" else None
        if places is not None:
            ranks = [place for place, sign in enumerate(address) if sign not in MARKS]
            asked_not = frozenset(rank for rank, place in enumerate(ranks) if place in known)
            shapes = shapes_of(testimony.line.pixels, places, testimony.letters, asked_not)
            capitals = in_capitals(places)
            dotted = frozenset() if capitals else told_by_dots(testimony.line.pixels, places)
            by_dot = frozenset(ranks[rank] for rank in dotted if rank < len(ranks))
            return Told(shapes, by_dot, capitals, explained(address, testimony.names), testimony.names)
    return Told(Shapes.OPEN)


def settled_end(address: str) -> frozenset[int]:
    """The places of a common domain, or of what any ends in: no other letter there makes another."""
    start = address.index("@") if address.partition("@")[2] in COMMON else len(address) - len(ending_of(address))
    return frozenset(range(start, len(address)))


def _places_in(look: Witness, address: str) -> Sequence[Place] | None:
    """Where the address's signs stand by a look that reads them, or others that glyphs may tell from them."""
    places = [place for place in look.places if place.character not in MARKS]
    signs = [sign for sign in address if sign not in MARKS]
    if not places or len(places) != len(signs):
        return places if places and says(look, address) else None
    read = "".join(place.character for place in places)
    if not may_be(read.lower(), "".join(signs)):
        return None
    if in_capitals(places):
        return [place._replace(character=sign.upper()) for place, sign in zip(places, signs, strict=True)]
    # A capital I or O among small letters is what it is taken for.
    return [
        place._replace(character=sign) if place.character in "IO" or place.character.lower() != sign else place
        for place, sign in zip(places, signs, strict=True)
    ]


def _without_marks(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign not in MARKS)
