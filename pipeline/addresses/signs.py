"""The points, rules and at sign of an address: what scans lose of them, and what readers make of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.language.address_parts import ending_of, explained
from pipeline.language.domains import COMMON

if TYPE_CHECKING:
    from collections.abc import Set

    from pipeline.language.address_parts import Names
    from pipeline.witnesses.testimony import Witness

# What scans lose, and what is read for it; without a point and an at sign nothing is an address.
MARKS = frozenset(".@, ")
# What is lost on a printed rule, or with what was lifted off: readers see a space.
LINES = frozenset("_-")
# What an at sign is read as, where it is not lost.
ROUND = "[agq]?"
WITHOUT_POINTS = str.maketrans("", "", ".@,")
# What no address is compared by: see `Witness.key`.
INVALID = "!"


def says(look: Witness, address: str) -> bool:
    """Whether a look names the address, or what is none for marks that it lost, and else the same."""
    return as_read(look.key, address) == address


def as_read(key: str, address: str, *, spaced: bool = True) -> str:
    """What was read; of what is no address for its lost marks, with these marks where this address has them.

    key: of a witness, or of its chances. spaced: whether a space elsewhere may be where the scan broke; else it stands
    for a mark that this address does not have.
    """
    if not key.startswith(INVALID):
        return key
    local, _, domain = address.partition("@")
    space = " ?" if spaced else ""
    pattern = "".join(_read_for(sign, space) for sign in local) + ROUND
    found = re.fullmatch(
        pattern + "".join(_read_for(sign, space) for sign in domain), key[1:].translate(WITHOUT_POINTS)
    )
    if not found:
        return key
    signs = iter(found.groups())
    return "".join(sign if sign in LINES or sign in MARKS else next(signs) for sign in address)


def _read_for(sign: str, space: str) -> str:
    """What a look that lost marks may have read for a sign: as a letter or a digit, what it took for it."""
    if sign in LINES:
        return f" ?[ {sign}] ?"
    return " ?" if sign in MARKS else f"{space}([^ ])"


def lost_a_mark(look: Witness, address: str, domains: Set[str] = COMMON) -> bool:
    """Whether a look lost a mark of the address before its `settled_end` and the point that stands before this."""
    if look.value is not None:
        return False
    rest = address[: min(settled_end(address, domains), default=len(address))].removesuffix(".")
    head = "".join(re.escape(sign) if sign in MARKS or sign in LINES else "[^ ]" for sign in rest)
    return re.match(INVALID + head, look.key) is None


def chance_of_more_marks(look: Witness, address: str) -> float:
    """The chance that a look gives the likeliest of the addresses that are the same but for a mark more."""
    more = (
        chance
        for key, chance in look.chances.items()
        if len(key) > len(address) and not key.startswith(INVALID) and _bare(key) == _bare(address)
    )
    return max(more, default=0.0)


def _bare(address: str) -> str:
    return "".join(sign for sign in address if sign not in MARKS and sign not in LINES)


def settled_end(address: str, domains: Set[str] = COMMON) -> frozenset[int]:
    """The places of one of these domains, or of what any ends in: no other letter there makes another."""
    start = address.index("@") if address.partition("@")[2] in domains else len(address) - len(ending_of(address))
    return frozenset(range(start, len(address)))


def accounted_for(address: str, names: Names) -> frozenset[int]:
    """The places of which names on its form, or what its domain is or ends in, say which sign is there."""
    return explained(address, names) | settled_end(address, names.domains)
