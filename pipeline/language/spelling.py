"""Accents, capitals and spaces: readings that agree on the letters vote on how each is written and where words end.

A doubt about an accent or a capital alone sends no document to a person: the likeliest spelling stands. On the 123
typed and hand-filled documents of the labelled set 784 of 796 texts whose letters were right came out as written (a
majority on whole words: 777). A doubt about a space does, unless the ink settles it (`pipeline/weighing/texts.py`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

# Small letters that look like their capitals, or like them but for the dot or the accent that both have.
SAME_SHAPE = frozenset("ckmopsuvwxzçéèêëîïôöûüù")
# PP-OCR leaves out accents (`Loic`) far more often than any engine invents one: its plain letter counts so much where
# another reading has an accent there.
PLAIN_OF_PADDLE = 0.5
# People begin a field with a capital: where both look alike, that speaks for one as so many readings do.
BEGINS = 2.0
# After these a word begins.
BREAKS = " -'"
# What our own network reads for these signs of texts, or nothing, where the others see them; and the last point of
# initials.
SMALL_SIGNS = {",": "[,.]?", "'": "'?", "-": "-?"}
INITIALS = re.compile(r"(?:[a-z]\.){2}$")
# Small words: what else begins with a small letter may be the rest of a word that the scan broke (`Syl vie`).
SMALL_WORDS = frozenset("a à au aux and d de des du en enr et inc l la le les ltd ltée of senc the von".split())


def voted(texts: Sequence[tuple[str, str]]) -> str:
    """The spelling of the letters. texts: (engine, text) of readings that differ in accents, capitals, spaces alone."""
    spaces = voted_spaces([text for _, text in texts])
    bare = [(engine, text.replace(" ", "")) for engine, text in texts]
    length = Counter(len(text) for _, text in bare).most_common(1)[0][0]
    votes = [(engine, text) for engine, text in bare if len(text) == length]
    spelt = ""
    for place in range(length):
        spelt += " " * (place in spaces)
        spelt += _letter([(engine, text[place]) for engine, text in votes], spelt)
    return spelt


def voted_spaces(texts: Sequence[str]) -> frozenset[int]:
    """Before which letters, counted from 0, half of the texts or more have a space."""
    counts = Counter(place for text in texts for place in spaces_in(text))
    return frozenset(place for place, count in counts.items() if 2 * count >= len(texts))


def are_likely(spaces: frozenset[int], text: str) -> bool:
    """Whether a space is what one expects at each of these places of a text: after a comma, or where a word begins,
    with a capital where not all letters are."""
    bare, begun = text.replace(" ", ""), dict(_words_of(text))
    capitals = text == text.upper()
    return all(
        place in begun and (bare[place - 1] == "," or _begins(begun[place], capitals=capitals)) for place in spaces
    )


def _begins(word: str, *, capitals: bool) -> bool:
    capital = word[0].isupper() and not capitals
    small = word.lower().strip(".,'").partition("'")[0] in SMALL_WORDS
    return capital or small or not word[0].isalpha()


def _words_of(text: str) -> Iterator[tuple[int, str]]:
    """Each word after the place where it begins, counted without spaces."""
    place = 0
    for word in text.split():
        yield place, word
        place += len(word)


def spaces_in(text: str) -> frozenset[int]:
    """Before which letters a text has a space, the letters counted from 0 without the spaces."""
    return frozenset(place for place, _ in _words_of(text) if place)


def spaced(letters: str, spaces: frozenset[int]) -> str:
    """Letters with these spaces, as `spaces_in` counts them."""
    return "".join(" " * (place in spaces) + sign for place, sign in enumerate(letters))


def is_read_for(read: str, key: str) -> bool:
    """Whether our own network may have read this for a text, but for small signs that it loses.

    read, key: as texts are compared.
    """
    pattern = "".join(SMALL_SIGNS.get(sign, re.escape(sign)) for sign in key)
    return re.fullmatch(pattern + "?" * bool(INITIALS.search(key)), read) is not None


def _letter(votes: Sequence[tuple[str, str]], before: str) -> str:
    accented = any(not letter.isascii() for _, letter in votes)
    shapes: defaultdict[str, float] = defaultdict(float)
    for engine, letter in votes:
        plain = engine == "paddle" and letter.isascii() and accented
        shapes[letter.lower()] += PLAIN_OF_PADDLE if plain else 1.0
    shape = max(shapes, key=lambda letter: (shapes[letter], not letter.isascii()))
    capitals = float(sum(letter.isupper() for _, letter in votes))
    small = len(votes) - capitals
    if not before and shape in SAME_SHAPE:
        capitals += BEGINS
    begins = not before or before[-1] in BREAKS
    return shape.upper() if capitals > small or (capitals == small and begins) else shape
