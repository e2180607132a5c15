"""What makes an e-mail address a doubt, whoever agrees: what its glyphs, its domain, or the thoughts of a look say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.addresses.apart import Told, may_be
from pipeline.addresses.certain import NETWORKS
from pipeline.addresses.looks import is_seen_otherwise, is_written_over, may_be_a_one, shapes_in, told_in
from pipeline.addresses.signs import accounted_for
from pipeline.glyphs.shapes import Shapes
from pipeline.language.address_parts import ENDINGS
from pipeline.language.domains import nearly_known
from pipeline.witnesses.testimony import thought_of_by_each

if TYPE_CHECKING:
    from pipeline.witnesses.testimony import Testimony

# What chance of a digit for a letter, in a look of each network, leaves a doubt where no name tells: of `fortinl1`,
# photographed, all makes and the glyphs made `fortinll`, and a look of each thought of the 1 by 0.038; of 340 addresses
# acted on (450 documents, seeds 690 to 692, and the development set) two right ones go to a person for it.
DIGIT, TAKEN_FOR_LETTERS = 0.03, {"1": "li", "0": "o"}
# And which chance of the same address with another of these at its end: of 554 that were acted on (seeds 712 to 715,
# and the development set) none has any.
ANOTHER_ENDING, LAST = 0.03, frozenset(ending.rpartition(".")[2] for ending in ENDINGS)


def doubtful(testimony: Testimony, address: str) -> bool:
    """Whether an address's shapes or its domain say that it was misread, or a stroke that it was corrected."""
    if nearly_known(address, testimony.names.domains) or shapes_in(testimony, address) is Shapes.CONTRADICTED:
        return True
    if is_written_over(testimony, address) or is_seen_otherwise(testimony, address):
        return True
    if _may_have_a_digit(testimony, address) or may_be_a_one(testimony, address):
        return True
    if _may_end_otherwise(testimony, address):
        return True
    told = told_in(testimony, address)
    if _may_have_a_zero(told, address):
        return True
    return any(_sees_a_capital(told, look.text, address) for look in testimony.witnesses if look.engine in NETWORKS)


def _may_have_a_digit(testimony: Testimony, address: str) -> bool:
    """Whether a look of each network thinks of a 1 or a zero where the address has a letter that no name explains."""
    told = accounted_for(address, testimony.names)
    return any(
        own in TAKEN_FOR_LETTERS.get(sign, "") and place not in told
        for other in thought_of_by_each(testimony, NETWORKS, DIGIT)
        if may_be(other, address)
        for place, (sign, own) in enumerate(zip(other, address, strict=True))
    )


def _may_end_otherwise(testimony: Testimony, address: str) -> bool:
    """Whether a look of a network thinks of the same address with another of the usual endings: all read `qc.ca` for
    `qc.co`."""
    head, _, own = address.rpartition(".")
    return any(
        look.chances.get(f"{head}.{other}", 0.0) >= ANOTHER_ENDING
        for look in testimony.witnesses
        if look.engine in NETWORKS
        for other in LAST - {own}
    )


def _may_have_a_zero(told: Told, address: str) -> bool:
    """Whether an o beside a digit, that no name explains, is not told from a zero by the network that looks at single
    glyphs, whatever its shape: all read `carriero3` for `carrier03`, in a typeface whose zero is as low as its o."""
    return any(
        sign == "o"
        and place not in told.named
        and any(beside.isdigit() for beside in (address[max(0, place - 1) : place], address[place + 1 : place + 2]))
        and not told.sees(f"{address[:place]}0{address[place + 1 :]}", address)
        for place, sign in enumerate(address)
    )


def _sees_a_capital(told: Told, text: str, address: str) -> bool:
    """Whether a capital O among small letters was read where the address has a zero, and the network that looks at
    single glyphs does not tell them apart: their height tells neither."""
    signs = text.replace(" ", "")
    if len(signs) != len(address) or signs.upper() == signs:
        return False
    taken = [place for place, (sign, own) in enumerate(zip(signs, address, strict=True)) if (sign, own) == ("O", "0")]
    return not all(told.sees(f"{address[:place]}o{address[place + 1 :]}", address) for place in taken)


def is_miscased(testimony: Testimony, address: str, written: str) -> bool:
    """Whether a capital I or O among small letters may be an l or a zero, for all that glyphs tell."""
    if not re.search(r"[IO]", written) or not re.search(r"[a-z]", written):
        return False
    told = told_in(testimony, address)
    capitals = {place for place, sign in enumerate(written) if sign == "I"}
    return len(written) != len(address) or told.shapes is not Shapes.CONFIRMED or not capitals <= told.dotted
