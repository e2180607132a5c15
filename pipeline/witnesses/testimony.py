"""What the readers say of one field: every reading of its ink is a witness, and they are compared by what they mean."""

from __future__ import annotations

import dataclasses
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum, auto
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.dates import in_digits, with_its_month
from pipeline.glyphs.placed import Letter, Place
from pipeline.language.address_parts import NAMELESS, Names
from pipeline.language.domains import COMMON
from pipeline.language.spelling import SAME_SHAPE
from pipeline.meaning import fold
from pipeline.model import Crop, Kind
from pipeline.pen import pen_probability
from pipeline.values import understand
from pipeline.writing.combs import cells_closed_up, inked_cells
from pipeline.writing.lift import Lifted
from pipeline.writing.lines import Line, unlifted

if TYPE_CHECKING:
    from pipeline.glyphs.kinds import Chances
    from pipeline.glyphs.shapes import Shapes
    from pipeline.model import OcrEngine, Pixels, Transcript
    from pipeline.specs import FieldSpec

DIGITS = frozenset("0123456789")
# What may be read in a field of each kind; None: whatever the reader knows.
ALPHABETS: dict[Kind, frozenset[str] | None] = {
    Kind.TEXT: None,
    Kind.DATE: None,
    Kind.PHONE: DIGITS | frozenset(" ()[]{}-.+/"),
    Kind.DIGITS: DIGITS | frozenset(" -.#"),
    Kind.EMAIL: frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@.-_+' ,"),
}
# Log odds further out than this say no more; a chance below RAREST is none; UNHEARD is what an engine that names no
# other texts may have left unsaid; one that reads nothing, and gives no probability, may be right or not.
MOST, RAREST, UNHEARD, EVEN = 8.0, 1e-5, 0.01, 0.5
# The looks of the first round and of the last: see `Round`.
FIRST_LOOKS, LAST_LOOKS = frozenset({"own plain", "own second", "paddle plain"}), frozenset({"tesseract"})
# What a person is called: what the keys of these fields end in.
NAMES = ("given_name", "family_name")
# And where they work.
COMPANY = "company"
# Typographic signs that mean the plain one in a field: the engines differ in which they write.
PLAIN = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "“": '"', "”": '"'})
# Some typefaces have parentheses that look like brackets.
PARENTHESES = str.maketrans("[]{}", "()()")
# A partnership of limited liability: its last letter is the one that looks like a 1.
LIMITED_PARTNERSHIP = re.compile(r"(?i:(?<![^\W_])s\.e\.n\.c\.r\.)[1Iil|](?=\.)")
# A point at half height between two letters is a short hyphen: no name has the other.
SHORT_HYPHEN = re.compile(r"(?<=[^\W\d_])·(?=[^\W\d_])")


class Round(IntEnum):
    """When a look is asked for."""

    FIRST = auto()
    """Always: two makes of engine, the cheaper one twice, by which most fields of print are certain."""
    SECOND = auto()
    """Where these leave a doubt, or nobody's word is enough: all that networks see."""
    LAST = auto()
    """Where networks leave one: a third make."""


LATER = (Round.SECOND, Round.LAST)


@dataclass(frozen=True)
class Witness:
    """One reading: by which engine, of which rendering of the ink, its text, and what that means.

    key: what two witnesses are compared by (text without accents, capitals and spaces, else the canonical value; `!`
    before a text that is no valid value, nothing where nothing is read). score: the weakest character's probability,
    uncalibrated. chances: what else it may be, by key, with the engine's own probability, `key` included. places: the
    characters as they were read, and where they stand in the picture.
    """

    engine: str
    rendering: str
    text: str
    key: str
    value: str | None
    score: float
    chances: Mapping[str, float] = dataclasses.field(default_factory=dict)
    places: tuple[Place, ...] = ()

    @property
    def place(self) -> str:
        return place_of(self.engine, self.rendering)

    def margin(self, *keys: str) -> float:
        """How much likelier this witness holds one of `keys` than anything else: natural log odds, within MOST either
        way."""
        total = sum(self.chances.values())
        unheard = max(1.0 - total, RAREST)
        held = [chance for key, chance in self.chances.items() if key in keys]
        if held:
            mine, theirs = sum(held), unheard / 2
        else:
            mine, theirs = min(UNHEARD, *self.chances.values(), unheard) / 2, RAREST
        theirs = max(theirs, *(chance for other, chance in self.chances.items() if other not in keys), RAREST)
        return max(-MOST, min(MOST, math.log(max(mine, RAREST) / theirs)))


@dataclass(frozen=True)
class Testimony:
    """All witnesses of a field with its ink.

    pictures: its renderings; cells: which cells of a comb hold ink; pen: how probable it is that a pen wrote it;
    amended: that one has gone over it, where it is typed. Of an address, letters: of the page's type; kinds: what its
    look-alikes may be, by their rank among its signs but for marks; names: read on the same form. Of a name, address:
    what stands before the at sign of the same person's, as most read it; of a company, what stands behind it. Of a
    date, received: when the form was, where that is known. closer: what networks read in further pictures, where they
    were asked (`pipeline/witnesses/closer.py`).
    """

    field: FieldSpec
    line: Line
    pictures: Mapping[str, Pixels] = dataclasses.field(default_factory=dict, repr=False)
    witnesses: tuple[Witness, ...] = ()
    cells: tuple[bool, ...] = ()
    pen: float = 0.5
    amended: float = 0.0
    letters: tuple[Letter, ...] = dataclasses.field(default=(), repr=False)
    kinds: Mapping[int, Chances] = dataclasses.field(default_factory=dict, repr=False)
    names: Names = NAMELESS
    address: str = ""
    received: date | None = None
    closer: tuple[Witness, ...] = ()

    @cached_property
    def shapes(self) -> dict[tuple[tuple[Place, ...], bool], dict[int, Shapes | None]]:
        """What was found of an address's glyphs so far, by what they were read as: it is the same each time."""
        return {}


def renderings(spec: FieldSpec, lifted: Lifted, line: Line) -> dict[str, Pixels]:
    """The pictures of the ink that the engines are shown. A second picture of the same ink breaks other mistakes."""
    second = (
        {"cells": cells_closed_up(lifted, spec.cells, line)}
        if spec.layout == "comb"
        else {"raw": unlifted(lifted, line)}
    )
    return {"plain": line.pixels, **second}


def show(
    fields: Sequence[tuple[FieldSpec, Lifted, Line]], received: date | None = None, domains: frozenset[str] = COMMON
) -> list[Testimony]:
    """The fields with the pictures that engines may be shown, nobody asked yet. Nothing written: no pictures. received:
    when the form was, domains: those of addresses that one knows."""
    return [
        Testimony(
            spec,
            line,
            {} if line.blank else renderings(spec, lifted, line),
            cells=inked_cells(lifted, spec.cells, line) if spec.cells else (),
            pen=0.5 if line.blank else pen_probability(255 - line.pixels),
            names=Names(domains=domains),
            received=received if spec.kind is Kind.DATE else None,
        )
        for spec, lifted, line in fields
    ]


def placed(testimony: Testimony) -> Witness | None:
    """The look that says where the letters of a field stand: PP-OCR's, which knows best."""
    return next((each for each in testimony.witnesses if each.place == "paddle plain" and each.places), None)


def thought_of_by_each(testimony: Testimony, makes: Iterable[str], least: float) -> set[str]:
    """The keys to which a look of each of these makes gives such a chance at least."""
    return set.intersection(
        *(
            {
                key
                for look in testimony.witnesses
                if look.engine == make
                for key, chance in look.chances.items()
                if chance >= least
            }
            for make in makes
        )
    )


def hear(testimonies: Sequence[Testimony], engines: Sequence[OcrEngine], dpi: float, *rounds: Round) -> list[Testimony]:
    """The testimonies with what engines say in these rounds besides, each engine asked once for all of them."""
    heard: list[list[Witness]] = [[] for _ in testimonies]
    for engine in engines:
        asked = [
            (rank, name, crop_of(testimony.field, pixels, dpi))
            for rank, testimony in enumerate(testimonies)
            for name, pixels in testimony.pictures.items()
            if name in shown_to(engine, testimony.field) and round_of(place_of(engine.name, name)) in rounds
        ]
        for (rank, name, _), transcript in zip(asked, engine.read([crop for *_, crop in asked]), strict=True):
            heard[rank].append(witness_of(testimonies[rank].field, engine.name, name, transcript))
    return [
        replace(testimony, witnesses=(*testimony.witnesses, *more))
        for testimony, more in zip(testimonies, heard, strict=True)
    ]


def crop_of(spec: FieldSpec, pixels: Pixels, dpi: float) -> Crop:
    """A picture of the field's ink, with what may be read in it."""
    return Crop(pixels, dpi, alphabet_of(spec), spaces=not spec.cells)


def place_of(engine: str, rendering: str) -> str:
    """Who looks at what: `own plain`, `paddle second` (any rendering but the plain one); Tesseract looks once."""
    if engine == "tesseract":
        return engine
    return f"{engine} {'plain' if rendering == 'plain' else 'second'}"


def round_of(place: str) -> Round:
    """When the look of a place is asked for."""
    if place in FIRST_LOOKS:
        return Round.FIRST
    return Round.LAST if place in LAST_LOOKS else Round.SECOND


def alphabet_of(spec: FieldSpec) -> frozenset[str] | None:
    """What may be read in the field; a comb for a date has a cell a digit."""
    return DIGITS if spec.layout == "comb" and spec.kind is not Kind.TEXT else ALPHABETS[spec.kind]


def shown_to(engine: OcrEngine, spec: FieldSpec) -> frozenset[str]:
    """The renderings that an engine is asked about: Tesseract loses letters that stand far apart."""
    if engine.name == "tesseract":
        return frozenset({"cells"}) if spec.layout == "comb" else frozenset({"plain"})
    return frozenset({"plain", "cells", "raw"})


def witness_of(spec: FieldSpec, engine: str, rendering: str, transcript: Transcript) -> Witness:
    """What an engine's transcript of a field's ink means."""
    text = written(spec, transcript.text)
    key, value = meaning_of(spec, text)
    chances: dict[str, float] = defaultdict(float)
    alone = (transcript.text, transcript.score if transcript.text else EVEN)
    for candidate, probability in transcript.candidates or (alone,):
        chances[meaning_of(spec, written(spec, candidate))[0]] += probability
    places = tuple(Place(letter, *span) for letter, span in zip(transcript.text, transcript.spans, strict=False))
    return Witness(engine, rendering, text, key, value, transcript.score, dict(chances), places)


def written(spec: FieldSpec, read: str) -> str:
    """A text as an engine gives it, in the spelling in which readings of such a field are compared."""
    text = " ".join(read.translate(PLAIN).split())
    if spec.layout == "comb":
        text = text.replace(" ", "")
    if spec.kind is Kind.TEXT:
        text = as_spelt(without_strays(SHORT_HYPHEN.sub("-", text)))
        if spec.key.endswith(NAMES):
            text = without_ones(text)
    if spec.kind is Kind.DATE:
        text = with_its_month(in_digits(text))
    if spec.kind is Kind.PHONE:
        text = text.translate(PARENTHESES)
    if spec.kind is Kind.EMAIL:
        # Engines put a space beside a point or an at sign; no lost character of an address can stand there.
        text = re.sub(r" (?=[.@])|(?<=[.@]) ", "", text)
    return text


def as_spelt(text: str) -> str:
    """The text with the letter that its neighbours leave no choice about: I and l look alike in most typefaces.

    Between small letters it is an l, between capitals an I; a word of the legal forms and articles is that word. No
    word begins with a zero, and no name or title has a semicolon. A small letter that has its capital's shape is a
    capital in a word of capitals.
    """
    text = " ".join(_in_one_case(word) for word in text.split(" "))
    text = LIMITED_PARTNERSHIP.sub(lambda found: found[0][:-1] + ("L" if found[0][0].isupper() else "l"), text)
    text = re.sub(r"(?<=[a-zà-ÿ])(?<!\bMc)(?<!\bMac)I(?=[a-zà-ÿ]|$|[\s.,-])", "l", text)
    text = re.sub(r"(?<=[A-ZÀ-Ý])l(?=[A-ZÀ-Ý])|(?<=[A-ZÀ-Ý]{2})l(?=$|[\s.,-])", "I", text)
    text = re.sub(r"(?<![^\s'-])l(?=[A-ZÀ-Ý]{2})", "I", text)
    text = re.sub(r"(?<![^\s'-])0(?=['A-Za-zÀ-ÿ])", "O", text).replace(";", ",")
    return re.sub(r"(?<![^\s'-])I(?=(?:tée|tee|a|e|es)(?![a-zà-ÿ]))", "l", text)


def without_ones(text: str) -> str:
    """A person's name, which has no digit, with the letter for a 1 that its neighbours leave no choice about."""
    text = re.sub(r"(?<![^\s'-])1(?=[a-zà-ÿ])", "I", text)
    return re.sub(r"(?<=[a-zà-ÿ])1(?=[a-zà-ÿ]|$|[\s-])", "l", text)


def without_strays(text: str) -> str:
    """The text without signs that no name or title has there: dust, and what is left of rules and frames.

    No word begins with one of them (but `.NET`), and nothing ends in a rule; a hyphen with a space on one side has one
    on the other, and there is none behind an elision's apostrophe.
    """
    text = re.sub(r"^[',·_|~\s]+|[\s_|]+$", "", text)
    text = re.sub(r"(?:(?<=\s)|^)\.(?!(?i:net)\b)(?=\w)|(?<=\s)[,·_|~]+ ?(?=\w)", "", text)
    text = re.sub(r"(?<=\b[DdLl]') (?=[^\W\d_])", "", text)
    return re.sub(r"(?<= )-(?=\w)", "- ", re.sub(r"(?<=\w)-(?= )", " -", text))


def _in_one_case(word: str) -> str:
    """`KIm` and `BENOîT` as `KIM` and `BENOÎT`: among capitals, small letters that differ from theirs by size alone."""
    letters = [letter for letter in word if letter.isalpha()]
    small = [letter for letter in letters if letter.islower()]
    capitals = len(letters) - len(small)
    if not small or capitals < 2 or capitals <= len(small) or re.match(r"M[ca]?c[A-Z]", word):
        return word
    return word.upper() if all(letter in SAME_SHAPE for letter in small) else word


def meaning_of(spec: FieldSpec, text: str) -> tuple[str, str | None]:
    """What a text read in this field is compared by, and its canonical value. Spaces are looked at by themselves."""
    if spec.kind is Kind.TEXT:
        return fold(text).replace(" ", ""), text or None
    if not any(letter.isalnum() for letter in text):
        return "", None
    value = understand(spec.kind, spec.key, text).certain_value
    return (value, value) if value is not None else ("!" + fold(text), None)


def is_value(key: str) -> bool:
    """Whether what two witnesses are compared by is a value: neither nothing nor what is no valid one."""
    return bool(key) and not key.startswith("!")


def with_spaces(text: str, cells: Sequence[bool]) -> str | None:
    """The text of a comb with a space at each empty cell between letters; None where letters and cells do not agree."""
    used = [rank for rank, inked in enumerate(cells) if inked]
    if not used or len(text) != len(used):
        return None
    spaced = [text[0]]
    for letter, (before, here) in zip(text[1:], pairwise(used), strict=True):
        spaced += [" "] * (here - before > 1) + [letter]
    return "".join(spaced)
