"""What speaks for and against acting on a name, a title or a company: words, the spaces between them, cells."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.addresses.certain import NETWORKS
from pipeline.glyphs.gaps import has_room_for_a_sign, parts_words
from pipeline.language.accents import may_lack_accents, with_usual_accents
from pipeline.language.lexicon import folded, words
from pipeline.language.spelling import are_likely, spaced, spaces_in, voted
from pipeline.model import Kind
from pipeline.pen import TYPE
from pipeline.weighing.wording import (
    SHORTEST_NAME,
    are_garbled,
    has_a_long_unknown_word,
    made_of_words,
    may_be_misspelt,
    may_be_run_together,
    may_confuse_i_and_j,
    may_have_come_apart,
    spaces_make_words,
    with_spaces_that_make_words,
)
from pipeline.witnesses.testimony import COMPANY, NAMES, thought_of_by_each, with_spaces

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.witnesses.testimony import Testimony

# A look that gives other letters this chance thinks of them.
RIVAL = 0.2
# Which chance of a sign for a space in a person's name leaves a doubt: all read `Gagnon Roy`, typed, and one look
# thought of its hyphen by 0.06; of 157 right ones that were certain 4 go to a person for it.
LOST_HYPHEN = 0.03
# And which chance of what the address has.
THOUGHT_OF = 0.01
# And which chance of known words for what is none: all read `Jaton`, a fax, and one look thought of `Jalon` by 0.15; of
# 2,764 certain texts (seeds 690 to 692, and the development set) no other had more than 0.009.
THOUGHT_OF_AS_WORDS = 0.02
# And which chance of other words for words that were typed.
ANOTHER_WORD = 0.2
# As one reading in some has it, in capitals most of all.
SPACED_HYPHEN = " - "
# The names that begin so have a hyphen behind it: all makes lost that of `ST-ONGE`, by hand. Of 355 such names of
# generated documents and of the labelled scans none had a space there.
SAINT = re.compile(r"\b(?:ste?|sainte?) ", re.IGNORECASE)
# And without one a name that begins so, and goes on as a known word: all read `STPIERRE`, by hand.
SAINTS = ("sainte", "saint", "ste", "st")
# A comma that lost its tail: of 3,028 names of companies none had a point before its legal form, and all 12 that three
# looks or more read so were misread; of 30,434 names, titles and companies none had one between a word of four letters,
# which is hardly cut short, and the next, and all 18 that three looks or more read so were misread.
# But a responsable, a coordonnatrice or a spécialiste is.
POINT_FOR_A_COMMA = re.compile(
    r"\w{2}\. ?(?=(?:inc|ltée|ltee|ltd|enr|s\.?a|s\.?e\.?n\.?c)\b)"
    r"|[^\W\d_]{4}(?<!\bresp)(?<!\bcoord)(?<!\bspéc)\. (?=\w)",
    re.IGNORECASE,
)
POINT_AT_THE_END = re.compile(r"[^\W\d_]{4}\.$")
# A word of a person's name that has one letter and no point is a piece of one: all read `St-Aman d`, by hand.
# Of 6,736 names of generated documents and of the labelled scans none had such a word.
ONE_LETTER = re.compile(r"(?:^|\s)[^\W\d_](?:\s|$)")
# A company's legal form that its name runs into: all read `Équilibreenr.`, by hand; of 1,982 companies none has one.
GLUED_LEGAL_FORM = re.compile(r"[^\W\d_]{2}(?:inc|enrg?|ltée|ltee|sencr?l?)\.?$", re.IGNORECASE)
# Two words of one letter each are initials that lost their points: `Technologies Tandem S A`, typed, a fax. Of 7,299
# companies and titles none has such, and none a point for a space before a capital (`GESTION.OPTI-CLIC`, a poor scan).
# Nor has one of 12,979 an initial without its point before a word (`Innovations P Gagné`, typed). And a responsable is
# cut short with one.
LOST_POINTS = re.compile(
    r"(?:^|\s)[^\W\d_] [^\W\d_](?!\w)|[^\W\d_]{4}\.(?=[A-ZÀ-Ý])(?!COM\b|CA\b)"
    r"|\b(?![AÀYO]\b)[A-ZÀ-Ý] (?=[A-ZÀ-Ý])|\b(?i:resp|coord)(?![\w.])"
)
MISREAD = (POINT_FOR_A_COMMA, GLUED_LEGAL_FORM, LOST_POINTS)
# No word by hand begins so: `SOMa` was `SONIA`, `LAbbé` had an apostrophe; nor so behind a point (`V.-P.EXPLOITATION`),
# nor any behind that of a long word (`Qualité.et conformité`).
BEGINS_ODDLY = re.compile(r"[A-ZÀ-Ý]{2}[a-zà-ÿ]|\.(?=[^\W\d_]{4})|[^\W\d_]{4}\.(?=[^\W\d_])(?!(?i:com|ca|net|org)\b)")
# The looks of the other makes, where all are heard: PP-OCR's two, and Tesseract's.
LEAST_OTHERS = 3
# What the name of a company ends in, without points.
LEGAL_FORM = re.compile(r"(?:inc|enrg?|ltee|ltd|sencr?l?|sa)$")
# The parts of a word that came apart by hand have so many letters at least, of two that ran together so many.
APART, TOGETHER = 3, 5
# What is no letter or digit parts words; how much commoner one must be, as a power of ten.
WORDS, COMMONER = re.compile(r"[^a-z0-9]+"), 1.0
# So many letters on either side of a gap say that it is the same one.
BESIDE = 2
# Of what people join by hyphens, as few do the parts of a family's.
GIVEN_NAME, TITLE = "given_name", "job_title"
# Of all that is written, what is made of common words alone, or of names that many have.
OF_WORDS = (TITLE, GIVEN_NAME)


def spell(testimony: Testimony, key: str) -> tuple[str | None, str]:
    """The value and what is written, in the spelling (accents, capitals) that its witnesses give."""
    agreeing = sorted((each for each in testimony.witnesses if each.key == key), key=lambda each: -each.score)
    if not key:
        return None, ""
    if testimony.field.kind is not Kind.TEXT:
        return agreeing[0].value, agreeing[0].text
    text = voted([(witness.engine, witness.text) for witness in agreeing])
    if testimony.pen <= TYPE:
        read = [witness.text for witness in agreeing]
        text = with_usual_accents(text, read)
        if not parts_words(testimony.line, len(spaces_in(text))):
            text = with_spaces_that_make_words(text, read)
    if testimony.cells:
        text = with_spaces(text, testimony.cells) or text
    return text, text


def is_questionable(testimony: Testimony, key: str, text: str) -> bool:
    """Whether a text's spaces are in doubt, a hyphen may have been lost in one, or a word may be misread."""
    by_its_writing = is_questionable_by_hand if testimony.pen > TYPE else is_questionable_in_type
    if _has_a_questionable_word(testimony, key, text) or by_its_writing(testimony, key, text):
        return True
    if testimony.field.key.endswith(GIVEN_NAME) and _may_lack_a_hyphen(testimony, text):
        return True
    if testimony.cells:
        # A cell that is empty may have lost a hyphen of a hand's: of ten that were certain one had (`HUPPÉ-PELLETIER`).
        return testimony.pen > TYPE and _may_be_compound(testimony, text)
    if " " in text and has_room_for_a_sign(testimony.line):
        return True
    if _may_be_compound(testimony, text) and SAINT.search(text):
        return True
    return has_a_sign_between(testimony, text) or not sure_of_spaces(testimony, key, text)


def _has_a_questionable_word(testimony: Testimony, key: str, text: str) -> bool:
    name = testimony.field.key.endswith(NAMES)
    if name and ONE_LETTER.search(text):
        return True
    if has_misread_digits(text, name=name) and not _has_them_in_address(testimony, text):
        return True
    if (testimony.field.key.endswith(OF_WORDS) or testimony.pen > TYPE) and may_be_misspelt(text):
        # Of 644 typed given names that were certain three were so, each misread or corrected (`Geneyiève`).
        return True
    if may_be_a_word(testimony, key, text) or may_confuse_i_and_j(text):
        return True
    return any(sign.search(text) for sign in MISREAD) or may_end_in_dust(testimony, key, text)


def is_questionable_by_hand(testimony: Testimony, key: str, text: str) -> bool:
    """Whether what is written by hand may have an accent or a sign that nobody saw, or other letters."""
    if may_lack_accents(text) or may_lack_signs(testimony, key):
        return True
    if testimony.field.key.endswith(TITLE) and has_a_long_unknown_word(text):
        # All read `TECHNICIENDESOUTIEN`; of 342 certain titles by hand none had such a word.
        return True
    if testimony.field.key.endswith(NAMES) and may_lack_a_saints_hyphen(text):
        return True
    if may_have_come_apart(text, APART) or may_be_run_together(text, TOGETHER) or BEGINS_ODDLY.search(text):
        return True
    return has_hooked_letters(testimony, key) or may_be_commoner(testimony, key)


def is_questionable_in_type(testimony: Testimony, key: str, text: str) -> bool:
    """Whether what was typed may have points that most looks lost, another legal form, or a small i without its dot."""
    return (
        may_lack_points(testimony, key)
        or (testimony.field.key.endswith(COMPANY) and may_be_another_form(testimony, key))
        or may_lack_a_dot(testimony, key, text)
        or may_be_another_word(testimony, key)
    )


def may_be_another_word(testimony: Testimony, key: str) -> bool:
    """Whether a look of each network thinks of other known words with as many letters: all read `KARI`, a name, too,
    whose L had its foot on the rule."""
    return any(
        other != key and len(other) == len(key) and other.isalpha() and made_of_words(other, testimony.address)
        for other in thought_of_by_each(testimony, NETWORKS, ANOTHER_WORD)
    )


def may_lack_points(testimony: Testimony, key: str) -> bool:
    """Whether a look of PP-OCR reads more points among the same letters, of which a 1 is an l: `s.e.n.c.r.1` beside
    `sencrl`, and `Resp.` beside `Resp`, of which the three other looks and Tesseract lost them all. Of 2,412 certain
    typed texts four are so, two of them wrong."""
    return any(
        look.engine == "paddle"
        and look.key.count(".") > key.count(".")
        and _letters(look.key).replace("1", "l") == _letters(key).replace("1", "l")
        for look in testimony.witnesses
    )


def may_be_another_form(testimony: Testimony, key: str) -> bool:
    """Whether another reading ends in a legal form, and this one in none: PP-OCR read `sene` for `senc`."""
    return not LEGAL_FORM.search(_letters(key)) and any(
        LEGAL_FORM.search(_letters(each.key)) for each in testimony.witnesses
    )


def may_lack_a_dot(testimony: Testimony, key: str, text: str) -> bool:
    """Whether some of those that agree on a text's letters read a small i for a capital, or the other way round."""
    if text == text.upper():
        return False
    bare = text.replace(" ", "")
    others = [each.text.replace(" ", "") for each in testimony.witnesses if each.key == key]
    return any(
        {sign, another} == {"i", "I"}
        for other in others
        if len(other) == len(bare)
        for sign, another in zip(bare, other, strict=True)
    )


def may_end_in_dust(testimony: Testimony, key: str, text: str) -> bool:
    """Whether a point behind a word that is not cut short is none to a look of a network: `Sage-femme.`, a speck."""
    looks = (each for each in testimony.witnesses if each.engine in NETWORKS)
    return POINT_AT_THE_END.search(text) is not None and any(look.key == key.removesuffix(".") for look in looks)


def _may_lack_a_hyphen(testimony: Testimony, text: str) -> bool:
    """Whether given names, which are joined, are not.

    All four certain ones with a space were wrong, round or for a hyphen, in a word that had come apart, or behind one
    that was struck out. In cells one in two was `JEAN FRANÇOIS`. And of 909 certain ones one was two in one word, by
    hand: all had lost its hyphen. In cells it would have one of its own.
    """
    return " " in text or (testimony.pen > TYPE and not testimony.cells and may_be_run_together(text))


def has_a_sign_between(testimony: Testimony, text: str) -> bool:
    """Whether a look of a network has a sign where a person's name has a space, or thinks of one: of a hyphen a point
    is left (`Charles. Edouard`; so one of 194 such names that were certain, and it was wrong), or nothing (`Gagnon
    Roy`)."""
    if not _may_be_compound(testimony, text):
        return False
    gaps = [(folded(word)[-BESIDE:], folded(after)[:BESIDE]) for word, after in pairwise(text.split())]
    looks = [look for look in testimony.witnesses if look.engine in NETWORKS]
    thoughts = {key for look in looks for key, chance in look.chances.items() if chance >= LOST_HYPHEN}
    return any(
        re.search(f"{re.escape(before)}[-.,]{re.escape(after)}", key)
        for key in thoughts.union(look.key for look in looks)
        for before, after in gaps
    )


def may_lack_a_saints_hyphen(text: str) -> bool:
    """Whether a word of a person's name, no known one, is a known one behind `St` or `Saint`."""
    unknown = (word for word in WORDS.split(folded(text)) if word not in words())
    rests = (word.removeprefix(saint) for word in unknown for saint in SAINTS if word.startswith(saint))
    return any(len(rest) >= SHORTEST_NAME and rest in words() for rest in rests)


def may_lack_signs(testimony: Testimony, key: str) -> bool:
    """Whether a look of a network thinks of the same letters with other small signs: of `ENR.` where all read `ENR`."""
    looks = (each for each in testimony.witnesses if each.engine in NETWORKS)
    return any(
        sum(chance for other, chance in look.chances.items() if other != key and _letters(other) == _letters(key))
        >= RIVAL
        for look in looks
    )


def has_hooked_letters(testimony: Testimony, key: str) -> bool:
    """Whether a reading has an I for a J, or the other way round: networks take a hand's hooked I for a J (`QUJRJON` of
    Quirion, twice of 612 certain texts by hand; no other has one)."""
    return any(each.key != key and each.key.replace("j", "i") == key.replace("j", "i") for each in testimony.witnesses)


def may_be_commoner(testimony: Testimony, key: str) -> bool:
    """Whether a look of a network thinks of a word that is ten times as common for one of the text's: all networks read
    `Léa-Rase`, by hand, and one thought of `Rose` by 0.025; of 1,340 certain texts by hand three others are so."""
    own = WORDS.split(key)
    thoughts = {
        other
        for look in testimony.witnesses
        if look.engine in NETWORKS
        for other, chance in look.chances.items()
        if chance >= THOUGHT_OF and len(other) == len(key)
    }
    return any(
        word != another and words().get(another, 0.0) >= words().get(word, 0.0) + COMMONER
        for other in thoughts
        if len(parts := WORDS.split(other)) == len(own)
        for word, another in zip(own, parts, strict=True)
    )


def _letters(key: str) -> str:
    return re.sub(r"[\W_]", "", key)


def has_misread_digits(text: str, *, name: bool) -> bool:
    """Whether a word has a digit among its letters, or a person's name any: `6odbout` of `Godbout`."""
    return re.search(r"[0-9]" if name else r"[^\W\d_][0-9]|[0-9][^\W\d_]", text) is not None


def _has_them_in_address(testimony: Testimony, text: str) -> bool:
    """Whether the address of a company has each of its words that has a digit among its letters: `m2soft.ca`."""
    mixed = [word for word in WORDS.split(folded(text)) if has_misread_digits(word, name=False)]
    return (
        testimony.pen <= TYPE
        and testimony.field.key.endswith(COMPANY)
        and all(word in testimony.address for word in mixed)
    )


def sure_of_spaces(testimony: Testimony, key: str, text: str) -> bool:
    """Whether those that agree on a text's letters agree on its words, or with other spaces it has none that there are,
    or `text` has them as the ink's gaps show and as one expects: our own network loses spaces, the others find them in
    words that the scan broke."""
    texts = [each.text for each in testimony.witnesses if each.key == key]
    read = [spaces_in(each) for each in _but_for_one_spaced_hyphen(texts)]
    disputed = frozenset().union(*read) - frozenset.intersection(*read)
    if not disputed or (are_likely(disputed, text) and parts_words(testimony.line, len(spaces_in(text)))):
        return True
    if testimony.pen > TYPE or _may_be_compound(testimony, text):
        return False
    return _own_alone_disputes(testimony, key, text) or spaces_make_words(text, texts)


def _own_alone_disputes(testimony: Testimony, key: str, text: str) -> bool:
    """Whether all looks of the other makes have a text's words as it has them, and it is no dispute about a hyphen:
    they put spaces round that of `Médecin-conseil`."""
    if SPACED_HYPHEN in text:
        return False
    others = [each for each in testimony.witnesses if each.engine != "own"]
    return len(others) >= LEAST_OTHERS and all(
        each.key == key and spaces_in(each.text) == spaces_in(text) for each in others
    )


def _may_be_compound(testimony: Testimony, text: str) -> bool:
    """Whether a space may be a hyphen that was lost: `JEAN FRANÇOIS`."""
    return " " in text and testimony.field.key.endswith(NAMES)


def _but_for_one_spaced_hyphen(texts: Sequence[str]) -> Sequence[str]:
    """The texts without the only one that has spaces round a hyphen, where two or more have it without."""
    spaced = [text for text in texts if SPACED_HYPHEN in text]
    rest = [text for text in texts if SPACED_HYPHEN not in text]
    return rest if len(spaced) == 1 and len(rest) > 1 else texts


def unspoilt(testimony: Testimony, key: str, text: str) -> bool:
    """Whether a typed text is made of words, and whatever else was read in it is none.

    Words that stand in the address alone may be misread there alike: nothing else may come near them then.
    """
    return (
        testimony.field.kind is Kind.TEXT
        and testimony.pen <= TYPE
        and are_garbled(testimony.witnesses, key, text, testimony.address)
        and (made_of_words(text) or _rival(testimony, key) < RIVAL)
    )


def _rival(testimony: Testimony, key: str) -> float:
    """The greatest chance that a look of a network gives to other letters."""
    looks = (each for each in testimony.witnesses if each.engine in NETWORKS)
    return max((chance for each in looks for other, chance in each.chances.items() if other != key), default=0.0)


def may_be_a_word(testimony: Testimony, key: str, text: str) -> bool:
    """Whether a text is not made of words, and a look that read other letters read words: `Fotin` of `Fortin`; or one
    thought of words; or of what its person's address has: all read `Guirion`, by hand, of who writes `squirion@`."""
    if made_of_words(text, testimony.address):
        return False
    others = [each.text for each in testimony.witnesses if each.key != key]
    others += [
        _spaced_as(text, other)
        for each in testimony.witnesses
        for other, chance in each.chances.items()
        if other != key and chance >= THOUGHT_OF_AS_WORDS
    ]
    thoughts = {other for each in testimony.witnesses for other, chance in each.chances.items() if chance >= THOUGHT_OF}
    return any(made_of_words(each, testimony.address) for each in others) or any(
        len(other) >= SHORTEST_NAME and other in testimony.address for other in thoughts - {key}
    )


def _spaced_as(text: str, letters: str) -> str:
    """Letters without spaces, with these where a text of as many letters has them."""
    return spaced(letters, spaces_in(text)) if len(text.replace(" ", "")) == len(letters) else letters


def fits_cells(testimony: Testimony, key: str) -> bool:
    """In a comb for text, as many letters as cells with ink: else a hyphen was lost, or letters run through the cells
    and nobody knows where one word ends."""
    if testimony.field.kind is not Kind.TEXT or not testimony.cells:
        return True
    text = next(witness.text for witness in testimony.witnesses if witness.key == key)
    if with_spaces(text, testimony.cells) is not None:
        return True
    # Type that runs through the cells has no space where it is one word that there is.
    runs_through = testimony.pen <= TYPE and len(text) > sum(testimony.cells)
    return runs_through and text.isalpha() and made_of_words(text)


def is_run_together(text: str) -> bool:
    """Whether a capital stands inside a word of small letters, but in names that are written so: two words whose space
    was lost, or a letter misread."""
    return any(
        not re.match(r"(?:Mc|Mac|De|Des|Du|Le|La|St|Ste|Van|Fitz)[A-ZÀ-Ý]", word)
        for word in re.split(r"[^A-Za-zÀ-ÿ]+", text)
        if re.search(r"[a-zà-ÿ][A-ZÀ-Ý]", word)
    )
