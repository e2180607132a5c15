"""Whose mailbox an address is: one person's, or shared (the contract's rules 3 and 4)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from fnmatch import fnmatchcase
from itertools import product

from pipeline.meaning import fold

_GMAIL = frozenset({"gmail.com", "googlemail.com"})

# Words that join others and name nobody: service.a.la.clientele@.
_JOINING = frozenset({"a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "and", "of", "the"})

# Below this many letters a word may as well be someone's initials: ti.tremblay@, rh-roy@.
_LEAST_LETTERS_IN_DOUBT = 4
# From this many letters on, a word is seen even when it is glued to another: pharmacielevesque@.
_LEAST_LETTERS_GLUED = 7

# So many makes of engine, and so many looks of theirs, must have read the same.
_LEAST_MAKES, _LEAST_LOOKS = 2, 3
_LOOKS_OF_NETWORKS = frozenset({"own plain", "own second", "paddle plain", "paddle second"})


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


def read_alike(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether what was written at two places is one address, whichever it is.

    one, other: what each look read, by its make and picture (`own plain`). Writing that is alike is misread alike, and
    two addresses that differ are hardly ever read as one by two makes (docs/design/confidence.md). Of points, which
    some looks lose, most must say the same.
    """
    first, second = _mailboxes_read(one), _mailboxes_read(other)
    alike = [
        (make, _letters(mine))
        for (make, mine), (other_make, its) in product(first, second)
        if make == other_make and _letters(mine) == _letters(its)
    ]
    return len({make for make, _ in alike}) >= _LEAST_MAKES and any(
        not _most_read(first, letters).isdisjoint(_most_read(second, letters)) for _, letters in alike
    )


def read_as_shared(looks: Mapping[str, str], patterns: Iterable[str]) -> bool:
    """Whether what stands before the at sign is plainly a role, though the rest is in doubt.

    looks: as of `read_alike`. Of 1,958 addresses of people not one look read so, of 19 shared ones most did; a short
    role (`ti@`) may be somebody's initials, misread, so all looks of the networks must read it (both in
    docs/design/confidence.md).
    """
    known = tuple(patterns)
    before = {place: text.lower().replace(" ", "").partition("@")[0] for place, text in looks.items() if "@" in text}
    shared = {place: local for place, local in before.items() if kind_of_mailbox(f"{local}@", known) is Mailbox.SHARED}
    if shared.keys() >= _LOOKS_OF_NETWORKS and len({shared[place] for place in _LOOKS_OF_NETWORKS}) == 1:
        return True
    long = [place for place, local in shared.items() if len(_letters(local)) >= _LEAST_LETTERS_IN_DOUBT]
    return len(long) >= _LEAST_LOOKS and len({place.partition(" ")[0] for place in long}) >= _LEAST_MAKES


def _mailboxes_read(looks: Mapping[str, str]) -> list[tuple[str, str]]:
    """Make and mailbox of each look that has an at sign; a speck behind it is read as a point."""
    return [
        (place.partition(" ")[0], mailbox(text.replace(" ", "").rstrip(".,")))
        for place, text in looks.items()
        if "@" in text
    ]


def _most_read(mailboxes: Iterable[tuple[str, str]], letters: str) -> set[str]:
    """The mailboxes of these letters and digits that most looks read."""
    counts = Counter(found for _, found in mailboxes if _letters(found) == letters)
    return {found for found, count in counts.items() if count == max(counts.values())}


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
    leads = words[0] in roles and len(words[0]) >= _LEAST_LETTERS_IN_DOUBT
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
        if any(word[start:end] in roles and end - start >= _LEAST_LETTERS_IN_DOUBT for start in ends):
            ends.add(end)
    return word in roles or len(word) in ends


def _is_domain_name(local: str, domain: str) -> bool:
    """Whether the local part spells the domain's own name: `clinique-stefoy@clinique-stefoy.com`."""
    return any(_letters(local) == _letters(label) for label in domain.split(".")[:-1])


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name)


def _without_digits(name: str) -> str:
    """Its letters alone."""
    return re.sub(r"[^a-z]", "", name)
