"""Whether witnesses agree on a value so that it may be acted on, whatever their scores: docs/design/confidence.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.addresses.certain import LOOKS, NETWORKS, were_all_asked
from pipeline.glyphs.placed import pieces_in
from pipeline.language.look_alikes import with_another_digit
from pipeline.language.spelling import is_read_for
from pipeline.model import Kind
from pipeline.pen import TYPE
from pipeline.weighing.likely_dates import is_likely
from pipeline.weighing.texts import spell
from pipeline.weighing.wording import made_of_words
from pipeline.witnesses.closer import is_seen_closer
from pipeline.witnesses.testimony import is_value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pipeline.witnesses.testimony import Testimony, Witness

# From which log odds on a look is not quite unsure.
LEAST = 1.6
# A look that gives another valid value this chance contradicts, though it names the first; and which chance of another
# date leaves a doubt where Tesseract or one look dissents, in whatever they are unsure of besides: of 2,862 generated
# dates those that all looks read wrongly had 0.33, the one that three and Tesseract did had 0.07.
RIVAL, RIVAL_DATE = 0.2, 0.03
# And which chance of another number does, whoever agrees.
RIVAL_NUMBER = 0.15
# By hand, where Tesseract gives another: of 234 such numbers (540 generated documents and the development set) one was
# wrong, with the right one at 0.08 in one look and a third at 0.11 in another; 20 right ones go to a person for it.
RIVAL_BY_HAND = 0.08
# And whoever agrees: of 313 such numbers (260 documents, seeds 520 and 530) two have so much, one of them wrong: `549`
# for `542`, whose foot lay on the rule, 0.14 in one look of PP-OCR.
RIVAL_SETTLED_BY_HAND = 0.1
# And so much of its own chance, in a look that names the number: `493740` for `423740`, whose foot lay on the rule,
# 0.07 beside 0.17; of 620 (500 documents, seeds 600, 601, 610) no other has so much. From this chance on: a look that
# gives nothing more than 0.02 knows nothing.
RIVAL_BESIDE, LEAST_RIVAL = 0.2, 0.03
# And, in all looks together, of a number in so many pieces for each digit: faxes had left so much of `93455` and
# `558 622-7378` that all makes read `95455` and `558 672-7378`; the others had 0.14 and 0.07 (two of 691 typed ones
# acted on, written one by one). Of 2,257 of generated documents and of the development set 27 go to a person for it.
BROKEN, RIVAL_OF_THE_BROKEN = 1.4, 0.06
# And which chance of the very number that Tesseract gives does, by hand: `73` was `93` to all looks of the networks,
# one of which thought of it by 0.04; of 2,530 right ones 14 go to a person for it.
SECONDED = 0.02
# And which chance of another date with a 7 for a 1, or the other way round, in all looks together, if a pen may have
# written it: `20240921` for `20240927`, 0.02; of 3,160 right dates 41 go to a person for it.
SEVEN_IN_A_DATE, MAY_BE_A_PEN = 0.02, 0.2
SEVENS = frozenset({frozenset("17")})
# And which chance of a number with a 3 for an 8 does, or the other way round, of those that have no grammar, or of a
# date: all makes read `084` for `034`, 0.028, and `19881118` for `19881113`, 0.18; of 1,030 right dates six go to a
# person for it. (Of all look-alikes it would send 10 right ones of some 90 in 150 documents to a person.)
THREES, SWAPPED = frozenset({frozenset("38")}), 0.02
# And which chance of one and the same other does in every look: of 1,274 numbers and dates on which not all makes
# agreed (1,140 generated documents and the development set) two were wrong, the least of these chances 0.013 and 0.057;
# 13 right ones go to a person for it.
RIVAL_OF_ALL = 0.005
# A date that one would expect is believed where our own network gives it so much in its better look and in its worse,
# PP-OCR in its better one, and no look as much to another that one would expect. Of 216 such that were doubts (1,050
# documents, seeds 660 to 663 and 670 to 672, and the development set), 14 of them wrong, it takes 41, all right; of
# the wrong ones those that our own network was so sure of had 0.16 or more for another.
OWN_BETTER, OWN_WORSE, PADDLE_BETTER, EXPECTED_RIVAL = 0.8, 0.3, 0.05, 0.03
# Where nothing was written our own network says so by this in its second look: of 83 fields with some ink and nothing
# written 44 (1,050 documents, seeds 660 to 663 and 670 to 672, and the development set); of 14,333 written ones it gave
# no other more than 0.07.
NOTHING = 0.5
# The area codes of Québec, and of those who live beside it (Canadian Numbering Administrator).
LOCAL_CODES = frozenset("263 354 367 418 438 450 468 514 579 581 819 873".split())
NEAR_CODES = LOCAL_CODES | frozenset("343 428 506 613 709 753 867".split())
# How sure the better look of either network is at least of what all or nearly all read, in log odds.
HALF_SURE = 0.5
# Looks of the networks that must give a value in print, of four, where the others give none.
LEAST_LOOKS = 3


def settled(testimony: Testimony, key: str) -> bool:
    """Whether all three makes give the value in every look; or, of what has a grammar, nobody gives another; or, of a
    date, one dissents from looks that think of no other, or it is to be expected; or a closer look shows it."""
    kind = testimony.field.kind
    if unanimous(testimony, key) or (kind is not Kind.TEXT and uncontradicted(testimony, key)):
        return True
    if kind is Kind.DATE and (unrivalled(testimony, key) or is_expected(testimony, key)):
        return True
    return is_seen_closer(testimony, key)


def is_expected(testimony: Testimony, key: str) -> bool:
    """Whether a date is one that one would expect, our own network sure of it, PP-OCR thinks of it, and no look of
    another that one would expect."""
    received = testimony.received
    if received is None or not is_likely(key, received):
        return False
    looks = _looks_of_networks(testimony)
    if looks.keys() != LOOKS:
        return False
    given = {make: [look.chances.get(key, 0.0) for look in looks.values() if look.engine == make] for make in NETWORKS}
    if max(given["own"]) < OWN_BETTER or min(given["own"]) < OWN_WORSE or max(given["paddle"]) < PADDLE_BETTER:
        return False
    return all(
        chance < EXPECTED_RIVAL
        for look in looks.values()
        for other, chance in look.chances.items()
        if other != key and is_likely(other, received)
    )


def _looks_of_networks(testimony: Testimony) -> dict[str, Witness]:
    """By their place."""
    return {each.place: each for each in testimony.witnesses if each.engine in NETWORKS}


def uncontradicted(testimony: Testimony, key: str) -> bool:
    """Whether both networks give the value, neither quite unsure in its better look, and nobody another valid one.

    Print one of their looks may have spoilt; a hand they must read so in all of them. What is no value speaks for none.
    """
    looks = _looks_of_networks(testimony)
    so = [each for each in looks.values() if each.key == key]
    if looks.keys() != LOOKS or any(each.key != key and each.value is not None for each in testimony.witnesses):
        return False
    if any(chance_of_another(each, key) >= RIVAL for each in looks.values()):
        return False
    if len(so) < (LEAST_LOOKS if testimony.pen <= TYPE else len(LOOKS)):
        return False
    return all(any(each.margin(key) >= LEAST for each in so if each.engine == make) for make in NETWORKS)


def is_rivalled(testimony: Testimony, key: str) -> bool:
    """Whether a look of a network gives another number, or date, a chance.

    Of 3,901 telephones and numbers that were certain before this was asked, generated and of the development set, six
    were wrong; in five of them a look gave the right one 0.25 or more, in the sixth a 1 ran into a 0. Of 1,393 such
    dates the one that was wrong had 0.30, and 10 right ones so much as the bound.
    """
    date = testimony.field.kind is Kind.DATE
    bound = RIVAL if date else RIVAL_NUMBER
    if not date and testimony.pen > TYPE:
        bound = RIVAL_SETTLED_BY_HAND if settled(testimony, key) else RIVAL_BY_HAND
    looks = [look for look in testimony.witnesses if look.engine in NETWORKS]
    by_hand = testimony.pen > (MAY_BE_A_PEN if date else TYPE)
    if _all_think_of_another(looks, key):
        return True
    if not date and _is_broken(testimony, key) and _other_number(looks, key) >= RIVAL_OF_THE_BROKEN:
        return True
    if not is_seen_closer(testimony, key) and (
        any(chance_of_another(look, key) >= bound for look in looks)
        or (by_hand and not date and _has_a_rival_beside(looks, key))
    ):
        return True
    if not by_hand:
        return False
    if testimony.field.kind is Kind.PHONE and _is_nearly_local(key):
        return True
    if _swapped(looks, key, SEVENS) >= (SEVEN_IN_A_DATE if date else RIVAL_BY_HAND):
        return True
    if testimony.field.kind is not Kind.PHONE and _swapped(looks, key, THREES) >= SWAPPED:
        return True
    return not date and _is_seconded(testimony, looks, key)


def _is_broken(testimony: Testimony, key: str) -> bool:
    """Whether a scan has broken a number's digits into pieces."""
    digits = len(key.removeprefix("+1"))
    return len(pieces_in(testimony.line.pixels)) >= BROKEN * digits


def _other_number(looks: Sequence[Witness], key: str) -> float:
    """The chance that all looks together give the likeliest other number."""
    return _together(looks, {other for look in looks for other in look.chances if is_value(other)} - {key})


def _together(looks: Sequence[Witness], others: Iterable[str]) -> float:
    """The chance that all looks together give the likeliest of these."""
    return max((sum(look.chances.get(other, 0.0) for look in looks) for other in others), default=0.0)


def _has_a_rival_beside(looks: Sequence[Witness], key: str) -> bool:
    """Whether a look that names the number gives another one much of what it gives that."""
    return any(
        chance_of_another(look, key) >= max(LEAST_RIVAL, RIVAL_BESIDE * look.chances[key])
        for look in looks
        if look.key == key
    )


def _is_nearly_local(key: str) -> bool:
    """Whether a telephone's area code is none of Québec's, and one digit that looks like another parts it from one or
    from a neighbour's: by hand all makes read `867 408-6242` for `367 408-6242`, and `618 679-6889` for
    `613 679-6889`."""
    code = key.removeprefix("+1")[:3]
    return code not in LOCAL_CODES and not NEAR_CODES.isdisjoint(with_another_digit(code))


def _is_seconded(testimony: Testimony, looks: Sequence[Witness], key: str) -> bool:
    """Whether a look of a network thinks of the other number that Tesseract reads."""
    others = [each.key for each in testimony.witnesses if each.engine not in NETWORKS and is_value(each.key)]
    return any(look.chances.get(other, 0.0) >= SECONDED for look in looks for other in others if other != key)


def _all_think_of_another(looks: Sequence[Witness], key: str) -> bool:
    """Whether all looks of both networks, none of which has it first, give one other valid value some chance."""
    if {look.place for look in looks} != LOOKS:
        return False
    others = set.intersection(*({other for other in look.chances if is_value(other)} for look in looks)) - {key}
    return any(min(look.chances[other] for look in looks) >= RIVAL_OF_ALL for other in others)


def _swapped(looks: Sequence[Witness], key: str, pairs: Collection[frozenset[str]]) -> float:
    """The chance that all looks together give one value with one digit of such a pair for the other, or several.

    By hand all makes read `1659` for `7659`, and three looks thought of it, by 0.13; of 3,724 right numbers and dates
    by hand 34 go to a person for it.
    """

    def differs_so(other: str) -> bool:
        return len(other) == len(key) and all(
            sign == own or frozenset((sign, own)) in pairs for sign, own in zip(other, key, strict=True)
        )

    return _together(looks, {other for look in looks for other in look.chances if other != key and differs_so(other)})


def chance_of_another(look: Witness, key: str) -> float:
    """The chance that a look gives the likeliest other valid value."""
    return max((chance for other, chance in look.chances.items() if other != key and is_value(other)), default=0.0)


def unanimous(testimony: Testimony, key: str) -> bool:
    """Whether all three makes name the value first in every look, each network half sure of it in its better one; of a
    text by hand, with some certainty in both.

    Digits that all read alike have a grammar behind them; a hand's letters may be misread alike where all are unsure.
    What is struck out all may read alike, and are unsure of: of 10,760 fields that all read alike 50 are left for it.
    """
    witnesses = testimony.witnesses
    text = testimony.field.kind is Kind.TEXT
    if not were_all_asked(witnesses) or not all(_says(each, key, text=text) for each in witnesses):
        return False
    if all(each.engine in NETWORKS for each in witnesses) or not _half_sure((each, each.key) for each in witnesses):
        return False
    if not text or sure_alike(testimony, key):
        return True
    return testimony.pen <= TYPE and made_of_words(spell(testimony, key)[1], testimony.address)


def is_believed(testimony: Testimony, key: str) -> bool:
    """Whether each network is half sure of the value in its better look.

    By hand all read `574` for `514`, our own at 0.19 at most and PP-OCR at 0.99; of 5,468 right numbers that were
    certain 21 go to a person for it.
    """
    if _half_sure((each, key) for each in testimony.witnesses):
        return True
    return is_expected(testimony, key) or is_seen_closer(testimony, key)


def _half_sure(said: Iterable[tuple[Witness, str]]) -> bool:
    """Whether each network is half sure, in one of these looks, of the key that stands beside it."""
    return {look.engine for look, key in said if look.margin(key) >= HALF_SURE} >= NETWORKS


def _says(witness: Witness, key: str, *, text: bool) -> bool:
    """Whether a witness gives the key, or of a text what our own network may read for it."""
    return witness.key == key or (text and witness.engine == "own" and is_read_for(witness.key, key))


def sees_nothing(testimony: Testimony) -> bool:
    """Whether our own network sees nothing in the picture with the rules left in: dust, and what is left of a rule."""
    looks = (each for each in testimony.witnesses if each.place == "own second")
    return any(look.key == "" and look.chances.get("", 0.0) >= NOTHING for look in looks)


def sure_alike(testimony: Testimony, key: str) -> bool:
    """Whether both networks name the value first in both looks, none of them quite unsure."""
    looks = _looks_of_networks(testimony)
    return looks.keys() == LOOKS and all(each.key == key and each.margin(key) >= LEAST for each in looks.values())


def is_seen_through_walls(testimony: Testimony, key: str) -> bool:
    """Whether all looks at what runs through a comb give the number, those with the walls left in too, and surely."""
    return unanimous(testimony, key) or sure_alike(testimony, key)


def unrivalled(testimony: Testimony, key: str) -> bool:
    """Whether all witnesses but one name the date, and no look of a network thinks of another one.

    What they are unsure of is then how it is written, and where one digit ends.
    """
    looks = [each for each in testimony.witnesses if each.engine in NETWORKS]
    dissenting = [each for each in testimony.witnesses if each.key != key]
    if {each.place for each in looks} != LOOKS or len(looks) == len(testimony.witnesses) or len(dissenting) > 1:
        return False
    # Of type Tesseract knows enough to be heard; what it makes of a hand says little.
    if testimony.pen <= TYPE and any(each.value is not None for each in dissenting):
        return False
    if any(chance_of_another(each, key) >= RIVAL_DATE for each in looks):
        return False
    return _half_sure((each, key) for each in looks if each.key == key)


def lacks_digits(testimony: Testimony) -> bool:
    """Whether a cell of a comb is empty between two that hold a digit: thin type may be too pale there. All makes read
    `319` for `20030719`; of 1,424 numbers and dates in combs that were acted on none had such a cell."""
    inked = [rank for rank, holds in enumerate(testimony.cells) if holds]
    return bool(inked) and inked[-1] - inked[0] >= len(inked)
