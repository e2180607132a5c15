"""What is plain of addresses of which nobody is sure: that two are one, or that one is a role's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import product
from typing import TYPE_CHECKING

from pipeline.language.edits import distance
from pipeline.mailboxes import LEAST_LETTERS_IN_DOUBT, Mailbox, kind_of_mailbox, letters_of, mailbox

if TYPE_CHECKING:
    from pipeline.model import Looks

# So many makes of engine, and so many looks of theirs, must have read a role.
_LEAST_MAKES, _LEAST_LOOKS = 2, 3
# Or so many looks of the networks, if it has so many letters, and the others are no further from it than this share of
# them. Derived in docs/design/confidence.md, "Roles".
_LEAST_LOOKS_OF_NEARLY, _LEAST_LETTERS_OF_NEARLY, _NEARLY = 2, 5, 0.25
# One make must find it as likely that two addresses are one (`_likeness`), and another so. Derived there ("One address
# twice").
_READS_ALIKE, _THINKS_ALIKE = 0.99, 0.1
_LOOKS_OF_NETWORKS = frozenset({"own plain", "own second", "paddle plain", "paddle second"})


def read_alike(one: Looks, other: Looks) -> bool:
    """Whether what was written at two places is one address, whichever it is.

    Writing that is alike is misread alike, and two addresses that differ are hardly ever read as one by two makes: one
    of them must read the same at both places, and another think of the same (docs/design/confidence.md).
    """
    makes = {_make(place) for place in (*one, *other)}
    *_, thinks, reads = sorted([0.0, 0.0, *(_likeness(one, other, make) for make in makes)])
    return reads >= _READS_ALIKE and thinks >= _THINKS_ALIKE


def _likeness(one: Looks, other: Looks, make: str) -> float:
    """How likely it is to a make that one mailbox is at both places, beside what is likeliest at either: 1 where it
    reads the same, 0 where it does not think of the same; by the two of its looks to which it is likeliest."""
    pairs = product(*([_mailboxes(looks[place]) for place in looks if _make(place) == make] for looks in (one, other)))
    return max(
        (
            mine[each] * its[each] / (max(mine.values()) * max(its.values()))
            for mine, its in pairs
            for each in mine.keys() & its.keys()
        ),
        default=0.0,
    )


def read_as_shared(looks: Looks, patterns: Iterable[str]) -> bool:
    """Whether what stands before the at sign is plainly a role, though the rest is in doubt.

    Of 5,216 addresses of people three had a look that read so, and none had two; of 35 shared ones most did. A short
    role (`ti@`) may be somebody's initials, misread, so all looks of the networks must read it (both in
    docs/design/confidence.md).
    """
    known = tuple(patterns)
    first = {place: _likeliest(read).partition("@") for place, read in looks.items()}
    before = {place: local for place, (local, sign, _) in first.items() if sign}
    shared = {place: local for place, local in before.items() if kind_of_mailbox(f"{local}@", known) is Mailbox.SHARED}
    if shared.keys() >= _LOOKS_OF_NETWORKS and len({shared[place] for place in _LOOKS_OF_NETWORKS}) == 1:
        return True
    long = [place for place, local in shared.items() if len(letters_of(local)) >= LEAST_LETTERS_IN_DOUBT]
    if len(long) >= _LEAST_LOOKS and len({_make(place) for place in long}) >= _LEAST_MAKES:
        return True
    return any(_is_seen_by_all(role, before) for role in set(shared.values()))


def _is_seen_by_all(role: str, before: Mapping[str, str]) -> bool:
    """Whether two looks of the networks read a role, and the others nearly: `pharmacie`, `phormacie` and `pharmcie`.

    before: what each look read before the at sign.
    """
    if len(letters_of(role)) < _LEAST_LETTERS_OF_NEARLY or not before.keys() >= _LOOKS_OF_NETWORKS:
        return False
    away = [distance(before[place], role) for place in _LOOKS_OF_NETWORKS]
    return away.count(0) >= _LEAST_LOOKS_OF_NEARLY and max(away) <= _NEARLY * len(role)


def _make(place: str) -> str:
    return place.partition(" ")[0]


def _likeliest(read: Mapping[str, float]) -> str:
    """What a look read, without spaces."""
    return max(read, key=lambda each: read[each], default="").replace(" ", "")


def _mailboxes(read: Mapping[str, float]) -> dict[str, float]:
    """The mailboxes that a look thinks of, and their chances, where it sees an at sign; a speck behind it is read as a
    point."""
    found: defaultdict[str, float] = defaultdict(float)
    for text, chance in read.items():
        if "@" in text and chance:
            found[mailbox(text.replace(" ", "").rstrip(".,"))] += chance
    return found
