"""Domains that many people have their mail at: one that is all but such a domain was most likely misread.

It is a doubt and no correction: whose domain it is, a person sees.
"""

from __future__ import annotations

COMMON = frozenset(
    (
        "gmail.com hotmail.com hotmail.ca hotmail.fr outlook.com outlook.fr live.ca live.com live.fr msn.com yahoo.ca "
        "yahoo.com yahoo.fr icloud.com me.com mac.com aol.com gmx.com protonmail.com proton.me videotron.ca "
        "videotron.qc.ca bell.net sympatico.ca globetrotter.net cgocable.ca cogeco.ca telus.net rogers.com "
        "ssss.gouv.qc.ca"
    ).split()
)


def nearly_common(address: str) -> bool:
    """Whether the address's domain is one slip away from a common one, and is none itself."""
    domain = address.rpartition("@")[2]
    return domain not in COMMON and any(one_slip_apart(domain, common) for common in COMMON)


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
