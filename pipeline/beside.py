"""What the rest of a form says for a field: that it is typed; for an address, what letters look like, and names; for a
name or a company, the address that is made of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.address_parts import Names, words_of
from pipeline.addresses import NETWORKS
from pipeline.domains import COMMON
from pipeline.glyphs import Letter, letters_of_numbers, letters_of_words
from pipeline.meaning import fold
from pipeline.model import Kind
from pipeline.pen import CERTAIN, DOUBTFUL_TYPE, TYPE, among, within_section
from pipeline.witnesses import COMPANY, NAMES

if TYPE_CHECKING:
    from pipeline.witnesses import Testimony, Witness

NUMBERS = frozenset({Kind.PHONE, Kind.DIGITS, Kind.DATE})
WORDS = frozenset({Kind.TEXT, Kind.EMAIL})


def among_the_rest(page: Sequence[Testimony]) -> list[Testimony]:
    """A page's testimonies; all but dates are type with less doubt where the page's words are.

    Dates are left alone: one signs and dates by hand what is typed.
    """
    pens = {each.field.key: each.pen for each in page if each.field.kind in WORDS and each.pictures}
    return [
        replace(each, pen=_pen(each, pens)) if each.pictures and each.field.kind is not Kind.DATE else each
        for each in page
    ]


def _pen(testimony: Testimony, pens: Mapping[str, float]) -> float:
    """pens: of the page's words, by field."""
    key, pen = testimony.field.key, testimony.pen
    section = key.partition(".")[0]
    others = {other: found for other, found in pens.items() if other != key}
    if testimony.field.kind is Kind.TEXT:
        return among(pen, list(others.values()))
    words = [found for other, found in others.items() if other.partition(".")[0] == section]
    # The few strokes of a number tell little: its own word is taken where it is certain.
    return within_section(pen, words, CERTAIN if testimony.field.kind in NUMBERS else DOUBTFUL_TYPE)


def with_the_rest(testimonies: Sequence[Testimony], form: Sequence[Testimony]) -> list[Testimony]:
    """These testimonies of a form; those of addresses and of names know what all of the form's say for them."""
    letters = tuple(letter for testimony in form for letter in _letters(testimony))
    return [_with_the_rest(testimony, form, letters) for testimony in testimonies]


def _with_the_rest(testimony: Testimony, form: Sequence[Testimony], letters: tuple[Letter, ...]) -> Testimony:
    section, _, name = testimony.field.key.partition(".")
    if testimony.field.kind is Kind.EMAIL:
        return replace(testimony, letters=letters, names=_names(testimony, form))
    if name in (*NAMES, COMPANY):
        read = "".join(_most_read(each) for each in form if each.field.key == f"{section}.email")
        return replace(testimony, address=read.partition("@")[0 if name in NAMES else 2])
    return testimony


def _letters(testimony: Testimony) -> Sequence[Letter]:
    """The letters of a typed field of which it is known what they are: zeros in numbers, o in words."""
    witness = _seconded(testimony)
    if witness is None or testimony.pen > TYPE:
        return ()
    pixels, source = testimony.line.pixels, testimony.field.key
    if testimony.field.kind in NUMBERS:
        return letters_of_numbers(pixels, witness.places, source)
    if testimony.field.kind is not Kind.EMAIL:
        return letters_of_words(pixels, witness.places, source)
    domain = witness.text.rpartition("@")[2]
    if domain.lower() not in COMMON:
        return ()
    return letters_of_words(pixels, witness.places, source, first=len(witness.places) - len(domain))


def _seconded(testimony: Testimony) -> Witness | None:
    """The reading that says where its letters stand, if another engine names the same."""
    witness = next((each for each in testimony.witnesses if each.place == "paddle plain" and each.places), None)
    others = (each for each in testimony.witnesses if witness and each.engine != witness.engine)
    return witness if witness and witness.key and any(each.key == witness.key for each in others) else None


def _words(testimony: Testimony) -> tuple[str, ...]:
    """The words of a name that most witnesses read, both networks among them."""
    key = _most_read(testimony)
    named = [witness for witness in testimony.witnesses if witness.key == key]
    if not key or not NETWORKS.issubset(witness.engine for witness in named):
        return ()
    return words_of(fold(named[0].text))


def _most_read(testimony: Testimony) -> str:
    """What most witnesses read; nothing where they do not agree."""
    keys = Counter(witness.key for witness in testimony.witnesses)
    key, count = keys.most_common(1)[0] if keys else ("", 0)
    return key if 2 * count > keys.total() else ""


def _names(testimony: Testimony, form: Sequence[Testimony]) -> Names:
    """The names of the person of the address's own section, and of the company."""
    section = testimony.field.key.partition(".")[0]
    read = {each.field.key: _words(each) for each in form if each.field.kind is Kind.TEXT}
    person = tuple(read.get(f"{section}.{name}", ()) for name in NAMES)
    return Names(tuple(words for words in person if words), read.get(f"section2.{COMPANY}", ()))
