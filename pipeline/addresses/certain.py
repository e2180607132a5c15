"""E-mail addresses: what makes one certain; what makes one a doubt whoever agrees is in `doubts`.

The strictest policy of all fields: a wrong one is somebody's credentials sent to a stranger.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

from pipeline.addresses.apart import Apart, Told, margin_but_for, may_be
from pipeline.addresses.looks import shapes_in, told_in
from pipeline.addresses.signs import accounted_for, chance_of_more_marks, lost_a_mark
from pipeline.glyphs.shapes import Shapes
from pipeline.language.address_parts import explained, left_over
from pipeline.pen import TYPE
from pipeline.witnesses.closer import MAKES, is_sure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.witnesses.testimony import Testimony, Witness

NETWORKS = frozenset(MAKES)
LOOKS = frozenset({"own plain", "own second", "paddle plain", "paddle second"})
# So many of them must name an address; and so many makes, Tesseract among them, must have read just that.
LEAST_LOOKS, LEAST_MAKES = 3, 2
# So many looks may differ by what names alone tell: who is called Marie may be `maria` in an address; so many by that
# and by what known words tell.
MOST_BY_NAME, MOST_BY_WORD = 1, 2
# Which chance of the same address with a mark more, in one look, leaves a doubt: all looks lost the point of
# `portail.noroit.fr`, which touched its l, and one had it at 0.26; of 1,793 right addresses 11 go to a person for it.
ANOTHER_MARK = 0.05
# What no address has: two points in a row, and a comma or a semicolon; looks of all that must read one of these, and
# which chance all others must give one (docs/design/confidence.md).
DOUBLED, COMMAS = "..", frozenset(",;")
COMMAS_LEAST_LOOKS, COMMAS_LEAST_CHANCE = 3, 0.05
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
# Where they leave it open, Tesseract agreeing: it is made of names but for a little, or names explain what they leave
# open; or this is, in small letters, no more than which strokes are an i, an l and a 1. Or else.
OPEN_NAMES, OPEN_STROKES, OPEN = Sureness(3.2, 1.5), Sureness(2.5, 2.5, 7.0), Sureness(5.0, 3.0)
STROKES, ROUND_ONES = frozenset("il1"), frozenset("0o")
# Where shapes confirm it, and the network that looks at single glyphs is so sure of each sign, in log odds.
SEEN_THROUGHOUT, SEEN = 3.0, Sureness(0.0, 0.0)
NEVER = Sureness(math.inf, math.inf)
# Where further pictures were read: what is asked of either network on average, and of both. The worst that was wrong
# had -0.4 and 6.2.
CLOSER = Sureness(2.0, 2.0, 5.5)


def were_all_asked(witnesses: Sequence[Witness]) -> bool:
    """Whether both networks have looked at both pictures."""
    return LOOKS.issubset(each.place for each in witnesses)


def beyond_doubt(testimony: Testimony, address: str) -> bool:
    """Whether an address may be acted on.

    A rate of 1 in 10,000 is not to be had from a model fitted on some thousands. So what is asked is what was never
    wrong (docs/design/confidence.md): both networks name it first in both pictures, and are sure of it; the surer, the
    less confirms it. One look may have lost a mark (any may, at its settled end), one take for one another what names
    tell, two what known words do; any what the glyphs tell, but not both looks of one network. Or a closer look
    shows it.
    """
    told = told_in(testimony, address)
    return _is_agreed_on(testimony, address, told) or _is_seen_closer(testimony, address, told)


def _is_agreed_on(testimony: Testimony, address: str, told: Told) -> bool:
    """Whether looks of both networks are as sure of it as what confirms it asks."""
    looks = [witness for witness in testimony.witnesses if witness.engine in NETWORKS]
    apart = [told.apart(look.key, address) for look in looks]
    if {look.place for look in looks} != LOOKS or Apart.OTHERWISE in apart:
        return False
    by_name, by_word = apart.count(Apart.BY_NAME), apart.count(Apart.BY_WORD)
    if by_name > MOST_BY_NAME or by_name + by_word > MOST_BY_WORD:
        return False
    if _may_have_more_marks(looks, address):
        return False
    if any(all(_reads_another(told, look, address) for look in looks if look.engine == make) for make in NETWORKS):
        return False
    naming = [
        look
        for look in looks
        if told.reads(look.key, address) or not lost_a_mark(look, address, testimony.names.domains)
    ]
    makes = {look.engine for look in testimony.witnesses if look.key == address}
    if len(naming) < LEAST_LOOKS or len(makes) < LEAST_MAKES:
        return False
    own, paddle = (
        _least(told, [look for look in naming if look.engine == make], address) for make in ("own", "paddle")
    )
    needed = _needed(testimony, address, told)
    return own >= needed.own and paddle >= needed.paddle and own + paddle >= needed.together


def _is_seen_closer(testimony: Testimony, address: str, told: Told) -> bool:
    """Whether further pictures of what was typed leave both networks in no doubt, but of what glyphs and names tell.

    Marks are lost in all pictures alike, so no look may think of more. Nor do they tell look-alikes from one another.
    """
    looks = [look for look in (*testimony.witnesses, *testimony.closer) if look.engine in NETWORKS]
    if not testimony.closer or testimony.pen > TYPE or _may_have_more_marks(looks, address):
        return False
    if told.shapes is not Shapes.CONFIRMED and not (
        _names_explain_the_open(testimony, address)
        or (not told.capitals and _strokes_alone_are_open(testimony, address))
    ):
        return False
    if not all(_is_read_by_most(told, testimony, make, address) for make in NETWORKS):
        return False
    return is_sure(testimony, lambda look: margin_but_for(told, look, address), CLOSER.own, CLOSER.together)


def _is_read_by_most(told: Told, testimony: Testimony, make: str, address: str) -> bool:
    """Whether a network read the address, or what glyphs and names tell from it, in most further pictures."""
    looks = [look for look in testimony.closer if look.engine == make]
    whole = (look.value is not None and told.apart(look.key, address) is not Apart.OTHERWISE for look in looks)
    return 2 * sum(whole) > len(looks)


def _may_have_more_marks(looks: Sequence[Witness], address: str) -> bool:
    """Whether a look thinks of the same address with a mark more."""
    return any(chance_of_more_marks(look, address) >= ANOTHER_MARK for look in looks)


def likeliest_told(testimony: Testimony, keys: Sequence[str]) -> list[str]:
    """The keys; first the one that glyphs confirm among the likeliest one and those that they tell from it.

    A look of a network must have read it.
    """
    read = {look.key for look in testimony.witnesses if look.engine in NETWORKS and look.value is not None}
    among = [keys[0], *sorted(key for key in read if key != keys[0] and may_be(key, keys[0]))]
    if testimony.pen > TYPE or len(among) == 1:
        return list(keys)
    confirmed = [key for key in among if _is_told(testimony, key, among)]
    return list(keys) if len(confirmed) != 1 else [*confirmed, *(key for key in keys if key not in confirmed)]


def _is_told(testimony: Testimony, address: str, among: Sequence[str]) -> bool:
    """Whether an address's glyphs confirm it against all others of these."""
    told = told_in(testimony, address)
    return told.shapes is Shapes.CONFIRMED and all(told.apart(rival, address) is not Apart.OTHERWISE for rival in among)


def has_doubled_points(testimony: Testimony) -> bool:
    """Whether all looks read two points in a row, which no address has, whatever they make of the rest.

    Of 931 valid addresses one look of five saw them in two, and never more; of four that have them, all looks did
    (docs/design/confidence.md).
    """
    witnesses = testimony.witnesses
    return were_all_asked(witnesses) and all(DOUBLED in each.text for each in witnesses)


def has_a_comma(testimony: Testimony) -> bool:
    """Whether what was typed has a comma or a semicolon, which no address has, whatever else is read.

    Our own network seldom reads one behind an address, for it never met one there; but it thinks of one. Of 6,086 valid
    typed addresses two were read so by three looks, one of which the others gave a chance (docs/design/confidence.md).
    """
    if testimony.pen > TYPE or not were_all_asked(testimony.witnesses):
        return False
    without = [each for each in testimony.witnesses if COMMAS.isdisjoint(each.text)]
    if len(testimony.witnesses) - len(without) < COMMAS_LEAST_LOOKS:
        return False
    return all(_chance_of_a_comma(each) >= COMMAS_LEAST_CHANCE for each in without if each.engine in NETWORKS)


def _chance_of_a_comma(look: Witness) -> float:
    return sum(chance for key, chance in look.chances.items() if not COMMAS.isdisjoint(key))


def _least(told: Told, looks: Sequence[Witness], address: str) -> float:
    """How sure the worst of a make's looks is, of those that lost nothing if there are any."""
    whole = [look for look in looks if look.value is not None]
    return min(margin_but_for(told, look, address) for look in whole or looks)


def _needed(testimony: Testimony, address: str, told: Told) -> Sureness:
    """How sure networks must be of an address."""
    if testimony.pen > TYPE:
        # A letter of a hand may be a digit, and a digit a letter, whoever agrees: all read `su3iej` for `suziej`.
        return NEVER
    others = [witness for witness in testimony.witnesses if witness.engine not in NETWORKS]
    agrees = any(told.apart(other.key, address) is not Apart.OTHERWISE for other in others)
    rest = left_over(address, testimony.names)
    if told.shapes is not Shapes.CONFIRMED:
        if _round_ones_are_open(testimony, address):
            return NEVER
        little = not rest or (LITTLE.fullmatch(rest) and not _in_capitals(testimony, address))
        if agrees and (little or _names_explain_the_open(testimony, address)):
            return OPEN_NAMES
        return OPEN_STROKES if agrees and not told.capitals and _strokes_alone_are_open(testimony, address) else OPEN
    if not rest:
        return ANYHOW if agrees else MADE_OF_NAMES
    if told.seen_as(address) >= SEEN_THROUGHOUT:
        return SEEN
    if LITTLE.fullmatch(rest):
        return MOSTLY_NAMES if agrees else MOSTLY_ALONE
    return TESSERACT_AGREES if agrees else NETWORKS_ALONE


def _names_explain_the_open(testimony: Testimony, address: str) -> bool:
    """Whether shapes confirm what no name on the form explains."""
    known = explained(address, testimony.names)
    return bool(known) and shapes_in(testimony, address, known) is Shapes.CONFIRMED


def _strokes_alone_are_open(testimony: Testimony, address: str) -> bool:
    """Whether shapes confirm all but the i, l and 1: what all looks read alike and wrongly was a zero for an o."""
    strokes = frozenset(place for place, sign in enumerate(address) if sign in STROKES)
    return shapes_in(testimony, address, strokes) is Shapes.CONFIRMED


def _round_ones_are_open(testimony: Testimony, address: str) -> bool:
    """Whether shapes leave open what is an o and what a zero, where no name tells: what all makes read alike and
    wrongly, and surely, was such a zero, in a typeface whose zero is as low as its o (`odi` for `0di`, of 3,000
    addresses of letters at random in typefaces that no reader knew)."""
    open_ones = {place for place, sign in enumerate(address) if sign in ROUND_ONES} - accounted_for(
        address, testimony.names
    )
    others = frozenset(range(len(address))) - open_ones
    return bool(open_ones) and shapes_in(testimony, address, others) is not Shapes.CONFIRMED


def _in_capitals(testimony: Testimony, address: str) -> bool:
    """Whether it is written in capitals, in which a 1 left over may be an I, and an O a zero."""
    return any(each.key == address and each.text.upper() == each.text for each in testimony.witnesses)


def _reads_another(told: Told, look: Witness, address: str) -> bool:
    """Whether a look reads another address, and not one that the network which looks at single glyphs tells from it."""
    return look.value is not None and look.key != address and not told.sees(look.key, address)
