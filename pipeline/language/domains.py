"""Domains that many people have their mail at: one that is all but such a domain was most likely misread.

It is a doubt and no correction: whose domain it is, a person sees. To those that everybody knows an agency adds those
that it knows (`known_domains` in its settings).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Set

COMMON = frozenset(
    (
        "gmail.com hotmail.com hotmail.ca hotmail.fr outlook.com outlook.fr live.ca live.com live.fr msn.com yahoo.ca "
        "yahoo.com yahoo.fr icloud.com me.com mac.com aol.com gmx.com protonmail.com proton.me videotron.ca "
        "videotron.qc.ca bell.net sympatico.ca globetrotter.net cgocable.ca cogeco.ca telus.net rogers.com "
        "tlb.sympatico.ca oricom.ca xplornet.com protonmail.ch "
        # The health network's, universities' and large pharmacies'.
        "ssss.gouv.qc.ca ramq.gouv.qc.ca inspq.qc.ca chudequebec.ca muhc.mcgill.ca mcgill.ca mail.mcgill.ca ulaval.ca "
        "umontreal.ca usherbrooke.ca jeancoutu.com familiprix.com uniprix.com pharmaprix.ca"
    ).split()
)


@cache
def known_to(named: frozenset[str]) -> frozenset[str]:
    """The common domains and those that an agency names, but for one that is a slip away from another: it takes no more
    than that slip to read the one for the other."""
    domains = COMMON.union(named)
    return COMMON.union(
        domain for domain in named if not any(one_slip_apart(domain, other) for other in domains - {domain})
    )


def nearly_known(address: str, domains: Set[str] = COMMON) -> bool:
    """Whether the address's domain is one slip away from one of these, and is none itself."""
    domain = address.rpartition("@")[2]
    return domain not in domains and any(one_slip_apart(domain, known) for known in domains)


def one_slip_apart(one: str, other: str) -> bool:
    """Whether a character more, less or other, or two exchanged, is all that parts them."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    short, long = sorted((one, other), key=len)
    same = next((rank for rank, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[same:] == long[same + 1 :]
    rest, other_rest = short[same + 1 :], long[same + 1 :]
    exchanged = rest[:1] == long[same] and other_rest[:1] == short[same] and rest[1:] == other_rest[1:]
    return rest == other_rest or exchanged
