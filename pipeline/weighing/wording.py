"""Texts that are made of words: what speaks for a reading of a name, a title or a company.

Of readings that differ, the one whose words there are is likelier than one that is garbled; what is written need not be
a word, so that nothing is made of what nobody read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from string import ascii_lowercase
from typing import TYPE_CHECKING

from pipeline.language.lexicon import LEGAL_FORMS, SHORTEST, folded, words
from pipeline.language.spelling import SMALL_WORDS, spaced, spaces_in

if TYPE_CHECKING:
    from pipeline.witnesses.testimony import Witness

# A name stands in an address by chance, when it is shorter.
SHORTEST_NAME = 4
# What looks like a word so much commoner (a hundred times) may be that word, misread; and what is no word, if it has
# so many letters, any that it looks like.
COMMONER, UNUSUAL = 2.0, 4
# A word of so many letters is no short one.
LONG = 8
# Short ones that are no small words.
ABBREVIATED = frozenset({"st", "ti", "dr"})
# Signs that are in no name, title or company's name; and before which letters only an apostrophe stands.
DUST = frozenset('|"{}[]~^*_<>=\\')
# Signs that are nowhere before the first word, nor behind the last, but where this is cut short.
DUST_AT_ENDS, CUT_SHORT = frozenset(".,:;-'"), frozenset({*LEGAL_FORMS, "ltee"})
ELIDED = frozenset({"l", "d"})
I_OR_J = {"i": "j", "j": "i"}
# Letters that run into one another are read as others, and the other way round.
RUN_TOGETHER = (
    ("n", "ri"),
    ("m", "rn"),
    ("m", "in"),
    ("m", "ni"),
    ("u", "il"),
    ("h", "li"),
    ("d", "cl"),
    ("d", "al"),
    ("w", "vv"),
)


def made_of_words(text: str, address: str = "") -> bool:
    """Whether all words of a text, but for the shortest, are known ones, or stand in the address of who bears the name.

    address: what stands before its at sign, as read on the same form. A number is known; a word with a digit is none.
    """
    long = [word for word in _words(text) if len(word) >= SHORTEST]
    return bool(long) and all(_is_known(word, address) for word in long)


def is_garbled(other: str, text: str, address: str = "") -> bool:
    """Whether another reading, wherever it differs, has what is no word, or a sign that no text has there."""
    mine, its = _tokens(text), _tokens(other)
    changes = [
        change for change in SequenceMatcher(None, mine, its, autojunk=False).get_opcodes() if change[0] != "equal"
    ]
    return bool(changes) and all(
        _is_misread(mine[start:end], its[first:last], address)
        or _is_stray(mine, start, mine[start:end], its[first:last])
        for _, start, end, first, last in changes
    )


def _is_misread(mine: Sequence[str], its: Sequence[str], address: str) -> bool:
    """Whether words are read as what is none, with no sign before or behind them that they have not.

    A comma may run into the word before it: our own network reads `CHEE SERVICES` for `CHEF, SERVICES`.
    """
    if len(mine) > 1 and mine[-1] == "," and its and its[-1].isalnum():
        mine = mine[:-1]
    if not mine or not its or any(mine[end].isalnum() != its[end].isalnum() for end in (0, -1)):
        return False
    own, others = ([token for token in tokens if token[0].isalnum()] for tokens in (mine, its))
    if all(len(word) < 2 or word.isdigit() for word in own) or _are_forms_of_one(own, others):
        return False
    return all(_is_beyond_question(word, address) for word in own) and not all(
        _is_written(other, address) and not _is_much_rarer(other, own) for other in others
    )


def _is_much_rarer(other: str, mine: Sequence[str]) -> bool:
    """Whether a word is one slip from a much commoner one of these: `Marte`, read once for `Marie`."""
    known = words()
    return any(known.get(word, 0.0) >= known.get(other, 0.0) + COMMONER for word in {*mine}.intersection(_slips(other)))


def _are_forms_of_one(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether a word begins with the other: `Optométristes` is in no list, and is what may be written. A digit behind
    it makes no form of it."""
    (one, *more), (other, *others_more) = words, others or [""]
    return not (more or others_more) and other.isalpha() and (one.startswith(other) or other.startswith(one))


def _is_beyond_question(word: str, address: str) -> bool:
    return _is_written(word, address) and (len(word) < SHORTEST or not _looks_like_a_commoner(word))


def _is_stray(mine: Sequence[str], place: int, signs: Sequence[str], others: Sequence[str]) -> bool:
    """Whether the other reading has a sign that nobody writes: dust, a point for the space between two words, or
    something else for an elision's apostrophe."""
    if not signs:
        return (
            all(other in DUST for other in others)
            or (list(others) == ["."] and _parts_words(mine, place))
            or (all(other in DUST_AT_ENDS for other in others) and _is_end_of_words(mine, place))
        )
    elided = signs == ["'"] and place > 0 and mine[place - 1] in ELIDED
    return elided and len(others) == 1 and not others[0].isalnum()


def _is_end_of_words(tokens: Sequence[str], place: int) -> bool:
    """Whether the place is before the first word, or behind a last one that is no abbreviation."""
    if place == 0:
        return True
    last = tokens[-1]
    return place == len(tokens) and len(last) >= UNUSUAL and last.isalpha() and last not in CUT_SHORT


def _parts_words(tokens: Sequence[str], place: int) -> bool:
    """Whether words stand on both sides of the place, not initials or what is cut short."""
    around = tokens[max(0, place - 1) : place + 1]
    return len(around) == 2 and all(token.isalpha() and len(token) >= UNUSUAL for token in around)


def are_garbled(witnesses: Iterable[Witness], key: str, text: str, address: str = "") -> bool:
    """Whether the text is made of words, and all readings that dissent from its letters are garbled."""
    return made_of_words(text, address) and all(
        is_garbled(witness.text, text, address) for witness in witnesses if witness.key != key
    )


def may_be_misspelt(text: str) -> bool:
    """Whether a word of the text is no known one, and looks like one that is (`Infimier`)."""
    unknown = (word for word in _words(text) if len(word) >= UNUSUAL and not _is_known(word))
    return any(len(other) >= UNUSUAL for word in unknown for other in _like(word))


def has_a_long_unknown_word(text: str) -> bool:
    """Whether a word of the text is long and no known one, as several are whose spaces were lost."""
    return any(len(word) >= LONG and not _is_known(word) for word in _words(text))


def may_be_run_together(text: str, least: int = SHORTEST) -> bool:
    """Whether a word of the text is no known one, and two known ones of so many letters or more without what parts them
    (`PAULÉMILE`, `LABORATOIRESAXIOME`)."""
    unknown = (word for word in _words(text) if not _is_known(word))
    return any(
        word[:place] in words() and word[place:] in words()
        for word in unknown
        for place in range(least, len(word) - least + 1)
    )


def may_have_come_apart(text: str, least: int) -> bool:
    """Whether two words of so many letters or more that stand one behind the other are one (`Program meuse`)."""
    return any(
        min(len(before), len(after)) >= least and before + after in words() for before, after in pairwise(_words(text))
    )


def may_confuse_i_and_j(text: str) -> bool:
    """Whether a word in capitals is none, and one with a J for an I, or an I for a J: typefaces have a J that is as
    short as an I, and hands an I that is hooked (`KJM`)."""
    words_in_capitals = (word for word in text.split() if len(word) >= SHORTEST and word.upper() == word)
    unknown = (word for each in words_in_capitals for word in _words(each) if not _is_known(word))
    return any(
        _is_known(word[:place] + I_OR_J[letter] + word[place + 1 :])
        for word in unknown
        for place, letter in enumerate(word)
        if letter in I_OR_J
    )


def spaces_make_words(text: str, others: Iterable[str]) -> bool:
    """Whether a text is made of words, and the others, of the same letters with other spaces, are not."""
    own = set(folded(text).split())
    return _are_words(own) and all(
        other.split() == text.split() or not _are_words(set(folded(other).split()) - own) for other in others
    )


def with_spaces_that_make_words(text: str, others: Iterable[str]) -> str:
    """A text with those spaces of readings of its letters that make words of it, if no others do; else as it is."""
    bare = text.replace(" ", "")
    spacings = {spaces_in(each) for each in (text, *others) if len(each.replace(" ", "")) == len(bare)}
    making = [each for spaces in spacings if _are_words(folded(each := spaced(bare, spaces)).split())]
    return making[0] if len(making) == 1 else text


def _are_words(pieces: Iterable[str]) -> bool:
    return all(_is_written(word) for piece in pieces for word in _words(piece))


def _is_written(word: str, address: str = "") -> bool:
    """Whether it is a known word, a short one too."""
    return _is_known(word, address) if len(word) >= SHORTEST else word.isdigit() or word in SMALL_WORDS | ABBREVIATED


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", folded(text))


def _tokens(text: str) -> list[str]:
    """Words and signs, without spaces."""
    return re.findall(r"[a-z0-9]+|[^a-z0-9\s]", folded(text))


def _looks_like_a_commoner(word: str) -> bool:
    known = words()
    return any(known[other] >= known.get(word, 0.0) + COMMONER for other in _like(word))


def _like(word: str) -> Iterator[str]:
    """The known words that are one slip from a word: a letter more, less or other, or letters run together."""
    return (other for other in _slips(word) if other != word and other in words())


def _slips(word: str) -> Iterator[str]:
    for place in range(len(word) + 1):
        before, after = word[:place], word[place:]
        for letter in ascii_lowercase:
            yield before + letter + after
            yield before + letter + after[1:]
        yield before + after[1:]
        for one, two in RUN_TOGETHER:
            if after.startswith(one):
                yield before + two + after[len(one) :]
            if after.startswith(two):
                yield before + one + after[len(two) :]


def _is_known(word: str, address: str = "") -> bool:
    return word in words() or word.isdigit() or (len(word) >= SHORTEST_NAME and word in address)
