"""What an address is made of: names of the person and the company that are on the same form, a common domain, a role.

Names are read elsewhere on the form, by themselves. A misread letter of an address that is made of them would have to
be misread there alike; one of a common word would have to make it that word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.domains import COMMON

# A part of a name says as little as a letter by chance when it is shorter.
SHORTEST = 3
ENDINGS = ("gouv.qc.ca", "qc.ca", "ca", "com", "org", "net", "quebec", "fr", "info", "tech")


# What shared mailboxes are called: which of them may be used is for the rules to say.
ROLES = frozenset(
    (
        "accueil achats admin administration clinique clientele comptabilite communications contact courriel direction "
        "facturation finances general info informatique laboratoire mail office pharmacie projets reception ressources "
        "secretariat service services soutien support technique ventes"
    ).split()
)


class Names(NamedTuple):
    """Words of small letters without accents: of the person's names, one field after the other, and of the company."""

    person: tuple[tuple[str, ...], ...] = ()
    company: tuple[str, ...] = ()


NAMELESS = Names()


def words_of(text: str) -> tuple[str, ...]:
    """text: folded, as texts are compared."""
    return tuple(re.findall(r"[a-z]+", text.replace("œ", "oe").replace("æ", "ae")))


def left_over(address: str, names: Names) -> str:
    """The signs of a valid address that nothing explains; all of them where its domain or no name does."""
    local, _, domain = address.partition("@")
    if not (domain in COMMON or _is_of_company(domain, names.company)):
        return address
    parts = [re.fullmatch(r"([a-z]*)([0-9]*)", part) for part in re.split(r"[._-]", local)]
    if any(part is None for part in parts):
        return address
    letters = [(part[1], part[2]) for part in parts if part]
    named = [word in ROLES or _is_of_names(word, names.person) for word, _ in letters]
    if not any(said and len(word) >= SHORTEST for said, (word, _) in zip(named, letters, strict=True)):
        return address
    return "".join(digits if said else word + digits for said, (word, digits) in zip(named, letters, strict=True))


def _is_of_names(part: str, person: Sequence[tuple[str, ...]]) -> bool:
    """Whether these letters are names, beginnings of names, or initials, one after the other."""
    words = [word for field in person for word in (*field, "".join(field))]
    initials = {"".join(word[0] for word in field) for field in person if field} | {word[0] for word in words if word}
    begins = len(part) >= SHORTEST and any(word.startswith(part) for word in words)
    return begins or _covers(part, {*words, *initials})


def _is_of_company(domain: str, company: Sequence[str]) -> bool:
    """Whether the domain is words of the company's name, longest part first, and one of the usual endings."""
    for ending in ENDINGS:
        own = domain.removesuffix(f".{ending}")
        if own != domain:
            long = {word for word in company if len(word) >= SHORTEST}
            return bool(long) and all(part and _covers(part, long) for part in re.split(r"[.-]", own))
    return False


def _covers(text: str, words: set[str]) -> bool:
    """Whether the text is some of the words, one right after the other."""
    reached = {0}
    for start in range(len(text)):
        if start in reached:
            reached |= {start + len(word) for word in words if word and text.startswith(word, start)}
    return len(text) in reached
