"""Whose mailbox an address is: one person's, or shared (the contract's rules 3 and 4)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from fnmatch import fnmatchcase

from pipeline.meaning import fold

_GMAIL = frozenset({"gmail.com", "googlemail.com"})

# Words that join others and name nobody: service.a.la.clientele@.
_JOINING = frozenset({"a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "and", "of", "the"})

# Below this many letters a word may as well be someone's initials: ti.tremblay@, rh-roy@.
LEAST_LETTERS_IN_DOUBT = 4
# From this many letters on, a word is seen even when it is glued to another: pharmacielevesque@.
_LEAST_LETTERS_GLUED = 7


class Mailbox(StrEnum):
    PERSONAL = "personal"
    SHARED = "shared"
    DOUBTFUL = "doubtful"


def mailbox(address: str) -> str:
    """The mailbox behind an address: without capitals, +tag and a Gmail local part's dots."""
    local, _, domain = address.lower().rpartition("@")
    local = local.split("+", 1)[0]
    if domain in _GMAIL:
        return f"{local.replace('.', '')}@gmail.com"
    return f"{local}@{domain}"


def same_mailbox(one: str, other: str) -> bool:
    """Whether two addresses are two spellings of one mailbox (rule 3)."""
    return mailbox(one) == mailbox(other)


def shared_mailbox(address: str, patterns: Iterable[str]) -> bool:
    """Whether an address is plainly a shared mailbox (rule 4); `kind_of_mailbox` also knows the doubtful ones."""
    return kind_of_mailbox(address, patterns) is Mailbox.SHARED


def kind_of_mailbox(address: str, patterns: Iterable[str]) -> Mailbox:
    """Whose mailbox a valid address is.

    patterns: role words (`reception`), and whole addresses with `*` (`*@lists.xx.com`).
    Shared: the local part is made of role words alone (`info2`, `reception-qc`), or is the organisation's own name
    with a role word in it (`clinique-stefoy@clinique-stefoy.com`). Personal: there is a name (`roy-c.ti`).
    Doubtful: a role word before something else (`pharmacie.roy`, `pharmacieroy`), a joining word before one
    (`la.pharmacie`, perhaps Mr. La's), or the domain's own name (`medisoft@medisoft.ca`, `roy@roy.ca`).
    """
    folded = tuple(fold(pattern) for pattern in patterns)
    local, _, domain = address.lower().rpartition("@")
    local = local.split("+", 1)[0]
    if any("@" in pattern and fnmatchcase(f"{local}@{domain}", pattern) for pattern in folded):
        return Mailbox.SHARED
    roles = frozenset(_without_digits(pattern) for pattern in folded if "@" not in pattern) - {""}
    return _kind_of_local_part(local, domain, roles)


def begins_a_name(address: str, names: Iterable[str]) -> bool:
    """Whether the letters before the at sign begin a person's name: `lab68983@` is a laboratory's, or L'Abbé's."""
    letters = _without_digits(address.partition("@")[0])
    return bool(letters) and any(_without_digits(fold(name)).startswith(letters) for name in names)


def _kind_of_local_part(local: str, domain: str, roles: frozenset[str]) -> Mailbox:
    words = re.findall(r"[a-z]+", local)
    if not words:
        return Mailbox.PERSONAL
    if _all_of_roles(words, roles):
        return Mailbox.SHARED
    joined_to_role = words[0] in _JOINING and _all_of_roles(words[1:], roles)
    leads = words[0] in roles and len(words[0]) >= LEAST_LETTERS_IN_DOUBT
    glued = any(len(role) >= _LEAST_LETTERS_GLUED and words[0].startswith(role) for role in roles)
    if _is_domain_name(local, domain):
        return Mailbox.SHARED if words[0] in roles or glued else Mailbox.DOUBTFUL
    return Mailbox.DOUBTFUL if joined_to_role or leads or glued else Mailbox.PERSONAL


def _all_of_roles(words: list[str], roles: frozenset[str]) -> bool:
    """Whether the words begin and end with roles, and are roles or join them between."""
    if "".join(words) in roles:
        return True
    ends = bool(words) and all(_made_of_roles(word, roles) for word in (words[0], words[-1]))
    return ends and all(word in _JOINING or _made_of_roles(word, roles) for word in words)


def _made_of_roles(word: str, roles: frozenset[str]) -> bool:
    """Whether `word` is a role, or roles one after the other with nothing between: `infoclinique`."""
    ends = {0}
    for end in range(1, len(word) + 1):
        if any(word[start:end] in roles and end - start >= LEAST_LETTERS_IN_DOUBT for start in ends):
            ends.add(end)
    return word in roles or len(word) in ends


def _is_domain_name(local: str, domain: str) -> bool:
    """Whether the local part spells the domain's own name: `clinique-stefoy@clinique-stefoy.com`."""
    return any(letters_of(local) == letters_of(label) for label in domain.split(".")[:-1])


def letters_of(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name)


def _without_digits(name: str) -> str:
    """Its letters alone."""
    return re.sub(r"[^a-z]", "", name)
