"""E-mail addresses: what makes one certain, and what makes one a doubt whoever agrees.

The strictest policy of all fields: a wrong one is somebody's credentials sent to a stranger.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.address_looks import says, says_but_for_shapes, shapes_in
from pipeline.address_parts import explained, left_over
from pipeline.domains import nearly_common
from pipeline.pen import TYPE
from pipeline.shapes import Shapes

if TYPE_CHECKING:
    from pipeline.witnesses import Testimony, Witness

NETWORKS = frozenset({"own", "paddle"})
LOOKS = frozenset({"own plain", "own second", "paddle plain", "paddle second"})
# So many of them must name an address.
LEAST_LOOKS = 3
# What an address is worth that is beyond doubt.
EMAIL_CERTAIN = 0.99995
# A year, a number, the two letters of a department, which are no name misread.
LITTLE = re.compile(r"[a-z]{0,2}[0-9]{0,4}")


class Sureness(NamedTuple):
    """What is asked of either network in its worse look, and of these together, in log odds."""

    own: float
    paddle: float
    together: float = -math.inf


# Derived in docs/design/confidence.md. Where the shapes of its glyphs confirm it: as names on the form are all that it
# is made of, Tesseract agreeing or not; or all but a little, again so and so; or Tesseract agrees; or else.
ANYHOW, MADE_OF_NAMES = Sureness(-math.inf, -math.inf), Sureness(0.5, 0.5)
MOSTLY_NAMES, MOSTLY_ALONE = Sureness(1.5, 1.0), Sureness(2.5, 2.0)
TESSERACT_AGREES, NETWORKS_ALONE = Sureness(0.8, 1.0, 5.0), Sureness(1.5, 2.4, 8.0)
# Where they leave it open: it is made of names but for a little, or names explain what they leave open, Tesseract
# agreeing; or else.
OPEN_NAMES, OPEN = Sureness(3.2, 1.5), Sureness(5.0, 3.0)
NEVER = Sureness(math.inf, math.inf)


def beyond_doubt(testimony: Testimony, address: str) -> bool:
    """Whether an address may be acted on.

    A rate of 1 in 10,000 is not to be had from a model fitted on some thousands. So what is asked is what was never
    wrong (docs/design/confidence.md): both networks name it first in both pictures, and are sure of it; the surer, the
    less confirms it. One look may have lost a point, or take for one another what the shapes tell.
    """
    looks = [witness for witness in testimony.witnesses if witness.engine in NETWORKS]
    naming = [look for look in looks if look.key == address]
    if {look.place for look in looks} != LOOKS or len(naming) < LEAST_LOOKS:
        return False
    shapes = shapes_in(testimony, address)
    if not all(_says(look, address, shapes) for look in looks):
        return False
    own, paddle = (min(look.margin(address) for look in naming if look.engine == make) for make in ("own", "paddle"))
    needed = _needed(testimony, address, shapes)
    return own >= needed.own and paddle >= needed.paddle and own + paddle >= needed.together


def _says(look: Witness, address: str, shapes: Shapes) -> bool:
    """Whether a look says that it is the address, or differs by what the confirmed shapes tell."""
    return says_but_for_shapes(look, address) if shapes is Shapes.CONFIRMED else says(look, address)


def _needed(testimony: Testimony, address: str, shapes: Shapes) -> Sureness:
    """How sure networks must be of an address."""
    if testimony.pen > TYPE:
        # A letter of a hand may be a digit, and a digit a letter, whoever agrees: all read `su3iej` for `suziej`.
        return NEVER
    others = [witness for witness in testimony.witnesses if witness.engine not in NETWORKS]
    agrees = any(_says(other, address, shapes) for other in others)
    rest = left_over(address, testimony.names)
    if shapes is not Shapes.CONFIRMED:
        little = not rest or (LITTLE.fullmatch(rest) and not _in_capitals(testimony, address))
        return OPEN_NAMES if agrees and (little or _names_explain_the_open(testimony, address)) else OPEN
    if not rest:
        return ANYHOW if agrees else MADE_OF_NAMES
    if LITTLE.fullmatch(rest):
        return MOSTLY_NAMES if agrees else MOSTLY_ALONE
    return TESSERACT_AGREES if agrees else NETWORKS_ALONE


def _names_explain_the_open(testimony: Testimony, address: str) -> bool:
    """Whether shapes confirm what no name on the form explains."""
    known = explained(address, testimony.names)
    return bool(known) and shapes_in(testimony, address, known) is Shapes.CONFIRMED


def _in_capitals(testimony: Testimony, address: str) -> bool:
    """Whether it is written in capitals, in which a 1 left over may be an I, and an O a zero."""
    return any(each.key == address and each.text.upper() == each.text for each in testimony.witnesses)


def doubtful(testimony: Testimony, address: str) -> bool:
    """Whether an address's shapes or its domain say that it was misread."""
    return nearly_common(address) or shapes_in(testimony, address) is Shapes.CONTRADICTED
