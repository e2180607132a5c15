"""E-mail addresses: what makes one certain, and what makes one a doubt whoever agrees.

The strictest policy of all fields: a wrong one is somebody's credentials sent to a stranger.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from pipeline.address_parts import left_over
from pipeline.domains import COMMON, nearly_common
from pipeline.glyphs import Shapes, shapes_of
from pipeline.look_alikes import alike
from pipeline.pen import TYPE

if TYPE_CHECKING:
    from pipeline.witnesses import Testimony

NETWORKS = frozenset({"own", "paddle"})
LOOKS = frozenset({"own plain", "own second", "paddle plain", "paddle second"})
# What an address is worth that is beyond doubt.
EMAIL_CERTAIN = 0.99995
# How sure of it, in log odds, our own network must be in its worse look, and the other one in its. Derived in
# docs/design/confidence.md. Where the shapes of its glyphs confirm it: as names on the form are all that it is made of,
# Tesseract agreeing or not; or all but a little, again so and so; or Tesseract agrees; or reads a look-alike; or else.
ANYHOW, MADE_OF_NAMES, MOSTLY_NAMES, MOSTLY_ALONE = (-math.inf, -math.inf), (0.5, 0.5), (1.5, 1.0), (2.5, 2.0)
TESSERACT_AGREES, LOOK_ALIKE, NETWORKS_ALONE = (2.5, 1.0), (3.5, 2.4), (4.5, 2.4)
# Where they leave it open: made of names but for a little, Tesseract agreeing; or else.
OPEN_NAMES, OPEN = (3.2, 1.5), (5.0, 3.0)
# A year, a number, the two letters of a department, which are no name misread.
LITTLE = re.compile(r"[a-z]{0,2}[0-9]{0,4}")
NEVER = (math.inf, math.inf)


def beyond_doubt(testimony: Testimony, address: str) -> bool:
    """Whether an address may be acted on.

    A rate of 1 in 10,000 is not to be had from a model fitted on some thousands. So what is asked is what was never
    wrong (docs/design/confidence.md): both networks name it first in both pictures, and are sure of it; the surer, the
    less confirms it.
    """
    looks = [witness for witness in testimony.witnesses if witness.engine in NETWORKS]
    if {look.place for look in looks} != LOOKS or any(look.key != address for look in looks):
        return False
    margins = {look.place: look.margin(address) for look in looks}
    own, paddle = _needed(testimony, address)
    return all(margin >= (own if place.startswith("own") else paddle) for place, margin in margins.items())


def _needed(testimony: Testimony, address: str) -> tuple[float, float]:
    """The margins that an address needs of either network in every look."""
    if testimony.pen > TYPE:
        # A letter of a hand may be a digit, and a digit a letter, whoever agrees: all read `su3iej` for `suziej`.
        return NEVER
    others = [witness.key for witness in testimony.witnesses if witness.engine not in NETWORKS]
    agrees, rest = address in others, left_over(address, testimony.names)
    if shapes_in(testimony, address) is not Shapes.CONFIRMED:
        little = not rest or (LITTLE.fullmatch(rest) and not _in_capitals(testimony, address))
        return OPEN_NAMES if agrees and little else OPEN
    if not rest:
        return ANYHOW if agrees else MADE_OF_NAMES
    if LITTLE.fullmatch(rest):
        return MOSTLY_NAMES if agrees else MOSTLY_ALONE
    if agrees:
        return TESSERACT_AGREES
    return LOOK_ALIKE if any(alike(address, other) for other in others) else NETWORKS_ALONE


def _in_capitals(testimony: Testimony, address: str) -> bool:
    """Whether it is written in capitals, in which a 1 left over may be an I, and an O a zero."""
    return any(each.key == address and each.text.upper() == each.text for each in testimony.witnesses)


def doubtful(testimony: Testimony, address: str) -> bool:
    """Whether an address's shapes or its domain say that it was misread."""
    return nearly_common(address) or shapes_in(testimony, address) is Shapes.CONTRADICTED


def shapes_in(testimony: Testimony, key: str) -> Shapes:
    """What the shapes of an address's glyphs say, where PP-OCR reads it so: it knows best where letters stand.

    In a common domain there is no other letter that they may be.
    """
    for witness in testimony.witnesses:
        if witness.place == "paddle plain" and witness.key == key and witness.places:
            domain = key.partition("@")[2]
            upto = len(witness.places) - len(domain) if domain in COMMON else None
            return shapes_of(testimony.line.pixels, witness.places, testimony.letters, upto)
    return Shapes.OPEN
