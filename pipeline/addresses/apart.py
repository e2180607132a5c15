"""What parts what one look read from an address: nothing, or signs of which glyphs or names tell which they are."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from enum import IntEnum, auto
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from pipeline.addresses.seen_marks import POINT, UNDERSCORE
from pipeline.addresses.signs import INVALID, MARKS, as_read
from pipeline.glyphs.kinds import SEEN, odds_of
from pipeline.glyphs.shapes import Shapes
from pipeline.language.address_parts import NAMELESS, Names, explained
from pipeline.language.lexicon import words

if TYPE_CHECKING:
    from pipeline.glyphs.kinds import Chances
    from pipeline.witnesses.testimony import Witness

# Signs of which shapes tell which it is, in a line of small letters and in one of capitals; and dots, in small letters.
# A j is no such sign: in 2 of 100 its tail is lost, and an i is left.
BY_SHAPE = (frozenset("0o"), frozenset("1l"))
BY_SHAPE_OF_CAPITALS = (frozenset("0o"), frozenset("1i"))
BY_DOT, DOTTED = frozenset("il1"), "i"
# What goes below the line, old-style figures too: all looks but one read `CLINIO`, whose Q lost its tail on a rule, and
# the glyph said so, too.
BELOW = frozenset("gjpqy9")
# What may be read for a mark that is seen in the ink.
UNREAD = {POINT: "[. ]?", UNDERSCORE: " ?[_ ]? ?"}


class Apart(IntEnum):
    """What parts a reading from an address: the least certain of it."""

    NOT = auto()
    BY_GLYPHS = auto()
    """Signs of which glyphs tell which they are."""
    BY_WORD = auto()
    """Letters of a known word that is a name on the form, where the reading has no word."""
    BY_NAME = auto()
    """Letters of a name on the form."""
    OTHERWISE = auto()


class Difference(NamedTuple):
    """What stands from `first` to `last` (exclusive) of a reading, and from `start` to `end` of the address."""

    first: int
    last: int
    start: int
    end: int


class Told(NamedTuple):
    """What the glyphs of an address say of it, and the names on its form.

    held_apart: whether they confirm it against letters of the other kind, too, so that what was read with such is told
    from it. dotted: the places, counted from 0, of each i, l and 1 that its dot, or that it has none, confirms;
    marked: of the points and underscores that are seen in the ink. capitals: whether it is written in them. kinds: what
    the sign in each of its places may be. named: the places that `names` explain; worded: those that the known words
    among these do.
    """

    shapes: Shapes
    held_apart: bool = False
    dotted: frozenset[int] = frozenset()
    marked: frozenset[int] = frozenset()
    capitals: bool = False
    kinds: Mapping[int, Chances] = MappingProxyType({})
    named: frozenset[int] = frozenset()
    worded: frozenset[int] = frozenset()
    names: Names = NAMELESS

    def apart(self, read: str, address: str, *, spaced: bool = True) -> Apart:
        """What parts something read from an address, but for marks that were lost: see `as_read`."""
        key = as_read(read, address, spaced=spaced)
        found = max((self._how(key, address, each) for each in _differences(key, address)), default=Apart.NOT)
        by_name = found in (Apart.BY_WORD, Apart.BY_NAME)
        return Apart.OTHERWISE if by_name and self._is_as_likely_named(key) else found

    def _how(self, key: str, address: str, difference: Difference) -> Apart:
        first, last, start, end = difference
        read, own = key[first:last], address[start:end]
        if self._lacks_a_mark(read, own, start):
            return Apart.BY_GLYPHS
        if len(read) == len(own) == 1 and (self._tells(start, frozenset((read, own))) or self._sees(start, own, read)):
            return Apart.BY_GLYPHS
        if not all(sign.isalpha() for sign in read + own):
            # A digit for a letter may be meant.
            return Apart.OTHERWISE
        places = set(range(start, end)) or {start - 1, start}
        if places <= self.worded and not self._is_a_word(key, address, difference):
            return Apart.BY_WORD
        return Apart.BY_NAME if places <= self.named and len(read) == len(own) else Apart.OTHERWISE

    def _tells(self, place: int, signs: frozenset[str]) -> bool:
        """Whether glyphs tell these signs from one another there; a dot, an i from the others."""
        by_shape = signs in (BY_SHAPE_OF_CAPITALS if self.capitals else BY_SHAPE)
        by_dot = place in self.dotted and DOTTED in signs and signs <= BY_DOT
        return by_dot or (self.held_apart and by_shape)

    def _lacks_a_mark(self, read: str, own: str, place: int) -> bool:
        """Whether nothing was read where the ink has a point or an underscore."""
        return not read and own in UNREAD and place in self.marked

    def reads(self, read: str, address: str) -> bool:
        """Whether what was read is the address but for marks that the ink has, or a space for such a mark."""
        pattern = "".join(
            UNREAD[sign] if sign in UNREAD and place in self.marked else re.escape(sign)
            for place, sign in enumerate(address)
        )
        return re.fullmatch(INVALID + pattern, read) is not None

    def seen_as(self, address: str) -> float:
        """How sure the network that looks at single glyphs is of the sign of which it is least sure, in log odds; not
        at all where it could not look at each."""
        signs = {place: sign for place, sign in enumerate(address) if sign not in MARKS}
        if not signs.keys() <= self.kinds.keys():
            return -math.inf
        return min(odds_of(self.kinds[place], sign) for place, sign in signs.items())

    def sees(self, read: str, address: str) -> bool:
        """Whether that network sees in each place where something else was read what the address has there; or no more
        was read otherwise than marks that the ink has."""
        if len(read) != len(address):
            return all(
                self._lacks_a_mark(read[first:last], address[start:end], start)
                for first, last, start, end in _differences(read, address)
            )
        return all(
            self._sees(place, own, other)
            for place, (other, own) in enumerate(zip(read, address, strict=True))
            if other != own
        )

    def _sees(self, place: int, own: str, read: str) -> bool:
        """Whether the network that looks at single glyphs sees there what the address has, not what was read.

        It looks at the ink lifted off the form: what goes below the line may have been lifted off with a rule.
        """
        if read in BELOW and own not in BELOW:
            return False
        return place in self.kinds and odds_of(self.kinds[place], own, read) >= SEEN

    def _is_a_word(self, key: str, address: str, difference: Difference) -> bool:
        """Whether what was read for a name of the form is a word as well: who is called Marie may be `maria`."""
        first, last, start, end = difference
        return any(
            key[max(0, first - (start - begins)) : last + (ends - end)] in words()
            for begins, ends in self._names_in(address)
            if begins <= start and end <= ends
        )

    def _names_in(self, address: str) -> Iterator[tuple[int, int]]:
        """From where to where the form's names stand in the address."""
        for name in {word for field in (*self.names.person, self.names.company) for word in field}:
            yield from (found.span() for found in re.finditer(re.escape(name), address))

    def _is_as_likely_named(self, key: str) -> bool:
        """Whether the names explain as much of what else was read."""
        return len(explained(key, self.names)) >= len(self.named)


def told_by(names: Names, address: str) -> Told:
    """What the names on its form say of an address, nothing known of its glyphs."""
    known = words()
    person = (tuple(word for word in field if word in known) for field in names.person)
    worded = names._replace(
        person=tuple(field for field in person if field), company=tuple(word for word in names.company if word in known)
    )
    return Told(Shapes.OPEN, named=explained(address, names), worded=explained(address, worded), names=names)


def margin_but_for(told: Told, look: Witness, address: str) -> float:
    """How much likelier a look holds the address than anything that it is not told from: as `Witness.margin`.

    The same without its marks is no other: a space stands where one is lost.
    """
    same = [key for key in look.chances if told.apart(key, address, spaced=False) is not Apart.OTHERWISE]
    return look.margin(address, *same)


def may_be(one: str, other: str) -> bool:
    """Whether an address differs from another by signs that glyphs may tell."""
    return len(one) == len(other) and all(map(may_be_sign, one, other))


def may_be_sign(one: str, other: str) -> bool:
    signs = frozenset((one, other))
    return one == other or signs == BY_SHAPE[0] or signs <= BY_DOT


def _differences(key: str, address: str) -> list[Difference]:
    """Where a reading and an address differ: sign by sign where they are equally long."""
    if len(key) == len(address):
        pairs = enumerate(zip(key, address, strict=True))
        return [Difference(place, place + 1, place, place + 1) for place, (read, own) in pairs if read != own]
    steps = SequenceMatcher(None, key, address, autojunk=False).get_opcodes()
    return [Difference(*places) for step, *places in steps if step != "equal"]
