"""What an address is made of: names of the person and the company that are on the same form, a known domain, a role.

Names are read elsewhere on the form, by themselves. A misread letter of an address that is made of them would have to
be misread there alike; one of a common word would have to make it that word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.language.domains import COMMON

# A part of a name says as little as a letter by chance when it is shorter.
SHORTEST = 3
SEPARATORS = "._-"
# What domains usually end in.
ENDINGS = tuple("gouv.qc.ca qc.ca ca com org net quebec fr info tech health io biz coop co us eu".split())


# What shared mailboxes are called: which of them may be used is for the rules to say.
ROLES = frozenset(
    (
        "accueil achats admin administration clinique clientele comptabilite communications contact courriel direction "
        "facturation finances general info informatique laboratoire mail office pharmacie projets reception ressources "
        "secretariat service services soutien support technique ventes"
    ).split()
)


class Names(NamedTuple):
    """Words of small letters without accents, and numbers: of the person's names, one field after the other, and of the
    company; and the domains that one knows, whoever's they are."""

    person: tuple[tuple[str, ...], ...] = ()
    company: tuple[str, ...] = ()
    domains: frozenset[str] = COMMON


NAMELESS = Names()


def words_of(text: str) -> tuple[str, ...]:
    """text: folded, as texts are compared."""
    return tuple(re.findall(r"[a-z]+|[0-9]+", text.replace("œ", "oe").replace("æ", "ae").replace("+", " plus ")))


def may_lack_a_point(address: str) -> bool:
    """Whether what is no address for want of a point in its domain ends as one: the scan may have lost it."""
    _, at, domain = address.partition("@")
    ends = domain.endswith(tuple(ending.replace(".", "") for ending in ENDINGS))
    return bool(at) and "." not in domain and ends and domain not in ENDINGS


def ending_of(address: str) -> str:
    """What a valid address's domain ends in: one of the usual endings, else what is behind its last point. No digit is
    in either."""
    domain = address.partition("@")[2]
    usual = (ending for ending in ENDINGS if domain.endswith(f".{ending}"))
    return max(usual, key=len, default=domain.rpartition(".")[2])


def left_over(address: str, names: Names) -> str:
    """The signs of a valid address that nothing explains; all of them where its domain or no name does."""
    local, known = address.partition("@")[0], explained(address, names)
    if len(address) - 1 not in known or known.isdisjoint(range(len(local))):
        return address
    return "".join(sign for place, sign in enumerate(address) if place not in known and sign not in SEPARATORS)


def explained(address: str, names: Names) -> frozenset[int]:
    """The places of a valid address, counted from 0, whose signs a name, a role, or a domain explains.

    Its domain, where it is a known one or made of the company's name; the letters of what stands before it, where
    names are all or some of its words, and one of them is no mere initial.
    """
    local, _, domain = address.partition("@")
    known: set[int] = set()
    if domain in names.domains or _is_of_company(domain, names.company):
        known.update(range(len(local), len(address)))
    parts = list(re.finditer(r"[^._-]+", local))
    words = [re.match(r"[a-z]*(?=[0-9]*$)", part[0]) for part in parts]
    if any(word is None for word in words):
        return frozenset(known)
    named = [
        (part.start(), word[0])
        for part, word in zip(parts, words, strict=True)
        if word and (word[0] in ROLES or _is_of_names(word[0], names.person))
    ]
    if any(len(word) >= SHORTEST for _, word in named):
        known.update(place for start, word in named for place in range(start, start + len(word)))
    return frozenset(known)


def _is_of_names(part: str, person: Sequence[tuple[str, ...]]) -> bool:
    """Whether these letters are names, beginnings of names, or initials, one after the other."""
    words = [word for field in person for word in (*field, "".join(field))]
    initials = {"".join(word[0] for word in field) for field in person if field} | {word[0] for word in words if word}
    return _covers(part, {*words, *initials, *_begun(words)})


def _is_of_company(domain: str, company: Sequence[str]) -> bool:
    """Whether the domain is words of the company's name or beginnings of them, and one of the usual endings."""
    for ending in ENDINGS:
        own = domain.removesuffix(f".{ending}")
        if own != domain:
            begun = _begun(company)
            return bool(begun) and all(part and _covers(part, begun) for part in re.split(r"[.-]", own))
    return False


def _begun(words: Iterable[str]) -> set[str]:
    """The words, and their beginnings, of so many letters or more."""
    return {word[:count] for word in words for count in range(SHORTEST, len(word) + 1)}


def _covers(text: str, words: set[str]) -> bool:
    """Whether the text is some of the words, one right after the other."""
    reached = {0}
    for start in range(len(text)):
        if start in reached:
            reached |= {start + len(word) for word in words if word and text.startswith(word, start)}
    return len(text) in reached
