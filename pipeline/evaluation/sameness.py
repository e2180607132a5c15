"""When two values are the same: spaces, kinds of apostrophe and hyphen and an address's capitals do not count."""

from __future__ import annotations

import re
import unicodedata

from pipeline.model import Kind

Value = str | bool | None

DASHES = str.maketrans({"’": "'", "–": "-", "—": "-"})
LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE"})
PHONE_DIGITS = (10, 11)


def comparable(kind: Kind, value: Value) -> Value:
    """The form in which two values of a kind are compared; what stands for nothing written is None."""
    if not isinstance(value, str):
        return value or None
    text = " ".join(unicodedata.normalize("NFC", value).split())
    match kind:
        case Kind.EMAIL:
            text = text.lower()
        case Kind.PHONE:
            digits = re.sub(r"\D", "", text)
            text = f"+1{digits[-10:]}" if len(digits) in PHONE_DIGITS else text
        case Kind.DATE:
            text = text[:10]
        case _:
            text = text.translate(DASHES)
    return text or None


def folded(value: Value) -> Value:
    """The value without capitals and accents."""
    if not isinstance(value, str):
        return value
    letters = unicodedata.normalize("NFD", value.translate(LIGATURES))
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()


def same(kind: Kind, one: Value, other: Value) -> bool:
    return comparable(kind, one) == comparable(kind, other)


def same_letters(kind: Kind, one: Value, other: Value) -> bool:
    """The same but for capitals and accents."""
    return folded(comparable(kind, one)) == folded(comparable(kind, other))
