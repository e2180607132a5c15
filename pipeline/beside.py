"""What the rest of a page says for an address: what letters look like there, and the names it may be made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.address_parts import Names, words_of
from pipeline.domains import COMMON
from pipeline.glyphs import Letter, letters_of_numbers, letters_of_words
from pipeline.meaning import fold
from pipeline.model import Kind
from pipeline.pen import TYPE

if TYPE_CHECKING:
    from pipeline.witnesses import Testimony, Witness

NUMBERS = frozenset({Kind.PHONE, Kind.DIGITS, Kind.DATE})


def with_the_rest(testimonies: Sequence[Testimony], page: Sequence[Testimony]) -> list[Testimony]:
    """These testimonies of a page; those of addresses know what all of the page's say for them."""
    letters = tuple(letter for testimony in page for letter in _letters(testimony))
    return [
        replace(testimony, letters=letters, names=_names(testimony, page))
        if testimony.field.kind is Kind.EMAIL
        else testimony
        for testimony in testimonies
    ]


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


def _read_alike(testimony: Testimony) -> bool:
    return len({witness.key for witness in testimony.witnesses}) == 1


def _names(testimony: Testimony, page: Sequence[Testimony]) -> Names:
    """The names of the person of the address's own section, and of the company: those that are read alike."""
    section = testimony.field.key.partition(".")[0]
    read = {each.field.key: words_of(fold(each.witnesses[0].text)) for each in page if _read_alike(each)}
    person = tuple(read.get(f"{section}.{name}", ()) for name in ("given_name", "family_name"))
    return Names(tuple(words for words in person if words), read.get("section2.company", ()))
