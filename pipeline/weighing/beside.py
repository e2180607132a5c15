"""What the rest of a form says for a field: that it is typed; for an address, what letters look like, and names; for a
name or a company, the address that is made of it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.addresses.certain import NETWORKS
from pipeline.addresses.looks import kinds_of_glyphs
from pipeline.glyphs.alike_letters import Written, unlikeness
from pipeline.glyphs.placed import Letter, letters_of_numbers, letters_of_words
from pipeline.language.address_parts import Names, words_of
from pipeline.meaning import fold
from pipeline.model import Kind
from pipeline.pen import CERTAIN, TYPE, by_section, is_settled, within_section
from pipeline.witnesses.testimony import COMPANY, NAMES, placed

if TYPE_CHECKING:
    from pipeline.witnesses.testimony import Testimony, Witness

NUMBERS = frozenset({Kind.PHONE, Kind.DIGITS, Kind.DATE})
WORDS = frozenset({Kind.TEXT, Kind.EMAIL})


def among_the_rest(form: Sequence[Testimony]) -> list[Testimony]:
    """A form's testimonies, heard for the first time; how probable it is that a pen wrote each, its section says too.

    Dates are left alone: one signs and dates by hand what is typed.
    """
    pens = {key: pen for section in sections_of(form) for key, pen in _pens(section).items()}
    return [replace(each, pen=pens.get(each.field.key, each.pen)) for each in form]


def sections_of(form: Sequence[Testimony]) -> list[list[Testimony]]:
    """What is written in each section of a form, but for the dates."""
    sections: dict[str, list[Testimony]] = defaultdict(list)
    for each in form:
        if each.pictures and each.field.kind is not Kind.DATE:
            sections[each.field.section].append(each)
    return list(sections.values())


def _pens(section: Sequence[Testimony]) -> dict[str, float]:
    """How probable it is that a pen wrote each field of a section: its words by one another and by their letters, its
    numbers, whose few strokes tell little, by the words, where their own word is not certain."""
    own = {each.field.key: each.pen for each in section if each.field.kind in WORDS}
    others = {key: [pen for other, pen in own.items() if other != key] for key in own}
    open_ones = [key for key, pen in own.items() if not is_settled(by_section(pen, others[key]))]
    letters = unlikeness(words_in(section), open_ones)
    words = {key: within_section(pen, others[key], letters.get(key)) for key, pen in own.items()}
    numbers = (each for each in section if each.field.kind in NUMBERS)
    return words | {each.field.key: within_section(each.pen, [*words.values()], None, CERTAIN) for each in numbers}


def words_in(section: Sequence[Testimony]) -> dict[str, Written]:
    """The lines of words, by field, with what PP-OCR read in them: it knows best where letters stand."""
    lines = ((each, placed(each)) for each in section if each.field.kind in WORDS)
    return {each.field.key: Written(each.line.pixels, look.places) for each, look in lines if look}


def with_the_rest(testimonies: Sequence[Testimony], form: Sequence[Testimony]) -> list[Testimony]:
    """These testimonies of a form; those of addresses and of names know what all of the form's say for them."""
    letters = tuple(letter for testimony in form for letter in _letters(testimony))
    return [_with_the_rest(testimony, form, letters) for testimony in testimonies]


def _with_the_rest(testimony: Testimony, form: Sequence[Testimony], letters: tuple[Letter, ...]) -> Testimony:
    section, _, name = testimony.field.key.partition(".")
    if testimony.field.kind is Kind.EMAIL:
        kinds = kinds_of_glyphs(testimony, letters)
        return replace(testimony, letters=letters, kinds=kinds, names=_names(testimony, form))
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
    if domain.lower() not in testimony.names.domains:
        return ()
    return letters_of_words(pixels, witness.places, source, first=len(witness.places) - len(domain))


def _seconded(testimony: Testimony) -> Witness | None:
    """The reading that says where its letters stand, if another engine names the same."""
    witness = placed(testimony)
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
    section = testimony.field.section
    read = {each.field.key: _words(each) for each in form if each.field.kind is Kind.TEXT}
    person = tuple(read.get(f"{section}.{name}", ()) for name in NAMES)
    return testimony.names._replace(
        person=tuple(words for words in person if words), company=read.get(f"section2.{COMPANY}", ())
    )
