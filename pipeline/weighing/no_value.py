"""What is certainly no value: what is written is no date, no number or no address, and was not misread for one."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING

from pipeline.addresses.certain import has_a_comma, has_doubled_points, were_all_asked
from pipeline.glyphs.placed import pieces_in
from pipeline.language.address_parts import may_lack_a_point
from pipeline.language.look_alikes import with_another_digit
from pipeline.model import Kind
from pipeline.pen import TYPE
from pipeline.values import canonical, understand
from pipeline.weighing.agreement import chance_of_another, lacks_digits, sure_alike

if TYPE_CHECKING:
    from pipeline.witnesses.testimony import Testimony

# Which chance of a valid number or date keeps what is read from being none for certain: where none was written, no
# look gave one more than 0.001 (10 of 240 generated documents and of the development set); `13316` for `113316`, which
# three looks agreed on, one gave 0.27 and the least 0.02.
RIVAL_OF_NONE = 0.01
# How sure each look must be of the weakest sign of what is no value, uncalibrated.
LEAST_SCORE = 0.3
# A typed line is whole that has at most so many pieces of ink for each that its signs have: of 20 with a space all but
# one had 1.4 at most, ten that had lost a mark, and were read with a space by all, 1.7 and more.
WHOLE, DOTTED = 1.4, frozenset("ij")
# From this share of fields on which all engines agree, a page is print or as clear as print. On others it is for the
# networks to be sure of a number or a date: of 12,034 valid ones (docs/design/confidence.md, "No number") none was read
# as none by every look so surely; of 86 that are none, and were read so by every look, 80 were.
IN_TUNE = 0.6


def surely_invalid(testimony: Testimony, key: str, tune: float) -> bool:
    """Whether what is written is certainly no value. A misread value is none either, so nobody may say otherwise, and
    all looks must have been asked."""
    if testimony.field.kind is Kind.EMAIL:
        return _is_no_address(testimony, key, tune)
    if not _is_read_by_all(testimony, key) or lacks_digits(testimony):
        return False
    if any(chance_of_another(each, key) >= RIVAL_OF_NONE for each in testimony.witnesses):
        return False
    if testimony.field.kind is Kind.PHONE and _is_one_but_for_bars(testimony, key):
        return False
    return tune >= IN_TUNE or (sure_alike(testimony, key) and not _is_one_but_for_a_digit(testimony, key))


def _is_no_address(testimony: Testimony, key: str, tune: float) -> bool:
    if has_doubled_points(testimony) or has_a_comma(testimony) or _has_a_space(testimony, key):
        return True
    if " " in key or may_lack_a_point(key) or _may_end_in_dust(key):
        return False
    if "@" not in key and testimony.pen > TYPE:
        # By hand an at sign that has run together is an `e` to all of them.
        return False
    return tune >= IN_TUNE and _is_read_by_all(testimony, key)


def _is_read_by_all(testimony: Testimony, key: str) -> bool:
    """Whether every look reads it, none unsure of all of it."""
    witnesses = testimony.witnesses
    return were_all_asked(witnesses) and all(each.key == key and each.score >= LEAST_SCORE for each in witnesses)


def _has_a_space(testimony: Testimony, key: str) -> bool:
    """Whether what was typed has a space where every look reads one, whatever else it reads: no mark may lie there on a
    rule, nor have been lost by a scan that broke letters, too. Of 1,768 typed addresses with a mark before their at
    sign none is taken for such, of 1,232 with a space 188 (docs/design/confidence.md, "Spaces")."""
    if " " not in key or testimony.pen > TYPE or not testimony.line.bare or not _is_whole(testimony, key):
        return False
    places = {each.text.find(" ") for each in testimony.witnesses}
    return were_all_asked(testimony.witnesses) and len(places) == 1 and places != {-1}


def _is_whole(testimony: Testimony, key: str) -> bool:
    """Whether hardly a glyph of what is typed is broken."""
    parts = sum(2 if sign in DOTTED else 1 for sign in key.removeprefix("!") if sign != " ")
    return len(pieces_in(testimony.line.pixels)) <= WHOLE * parts


def _may_end_in_dust(key: str) -> bool:
    """Whether what is no address is one but for a point behind it: all makes read a speck as that."""
    address = key.removeprefix("!")
    return address.endswith(".") and canonical(Kind.EMAIL, "", address.removesuffix(".")) is not None


def _is_one_but_for_bars(testimony: Testimony, key: str) -> bool:
    """Whether a telephone is one without a 1 or two: by hand all makes read `14381302-9455` for `(438)302-9455`."""
    digits = re.sub(r"\D", "", key)
    ones = [place for place, digit in enumerate(digits) if digit == "1"]
    shorter = (
        "".join(digit for place, digit in enumerate(digits) if place not in bars)
        for count in (1, 2)
        for bars in combinations(ones, count)
    )
    return any(understand(Kind.PHONE, testimony.field.key, number).certain_value is not None for number in shorter)


def _is_one_but_for_a_digit(testimony: Testimony, key: str) -> bool:
    """Whether another digit that looks alike would make it a value: `119` by hand may be `719`."""
    return any(
        understand(testimony.field.kind, testimony.field.key, other).values
        for other in with_another_digit(key.removeprefix("!"))
    )
