"""What a written value means: the grammar of each kind of field.

A value is never mended: what is written either means one thing, or nothing, or is doubtful.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from email_validator import EmailNotValidError, validate_email

from pipeline.dates import written_date
from pipeline.meaning import INVALID, Meaning, fold
from pipeline.model import Kind


def canonical(kind: Kind, key: str, raw: str) -> str | None:
    """The one value that `raw` means; None where it is not valid or doubtful (`understand` tells which)."""
    return understand(kind, key, raw).certain_value


def understand(kind: Kind, key: str, raw: str) -> Meaning:
    """What `raw` means in the field `key` of this kind."""
    if kind is Kind.DIGITS:
        return licence(raw) if key.endswith("licence_number") else extension(raw)
    return GRAMMARS[kind](raw) if kind in GRAMMARS else choice(key, raw)


# ---------------------------------------------------------------- text


def text(raw: str) -> Meaning:
    """As written, composed (NFC), one space between words. Without a letter or a digit (a dash) it is doubtful."""
    value = " ".join(unicodedata.normalize("NFC", raw).split())
    if not value:
        return INVALID
    return Meaning((value,), doubtful=not any(letter.isalnum() for letter in value))


# ---------------------------------------------------------------- numbers

# An area code and an exchange never begin with 0 or 1 in the North American plan. Which area codes exist is not asked:
# the list grows, and a new one would be refused until someone notices.
_NANP = re.compile(r"\+?1?([2-9][0-9]{2}[2-9][0-9]{6})")
_PHONE_CHARACTERS = re.compile(r"[0-9\s().\-–·/+]+")
_EXTENSION_MARK = r"(?:poste|post|p\.|extension|ext|x|#|no|n°)"
_PHONE_AND_EXTENSION = re.compile(rf"(.*?)[\s,;(]*{_EXTENSION_MARK}[\s.:#]*[0-9]{{1,6}}[)\s.]*")
_EXTENSION = re.compile(rf"(?:{_EXTENSION_MARK}[\s.:#]*)?([0-9]{{1,6}})")


def phone(raw: str) -> Meaning:
    """A number of the North American plan as E.164: `(418) 555.0123` is `+14185550123`.

    With an extension behind it the number is doubtful: the extension has its own field, and may not get lost.
    """
    tailed = _PHONE_AND_EXTENSION.fullmatch(fold(raw))
    written = tailed[1] if tailed else raw
    if not _PHONE_CHARACTERS.fullmatch(written):
        return INVALID
    number = _NANP.fullmatch(re.sub(r"[^0-9+]", "", written))
    return Meaning((f"+1{number[1]}",), doubtful=bool(tailed)) if number else INVALID


def licence(raw: str) -> Meaning:
    """Six digits; spaces, dots and hyphens between them do not count."""
    digits = re.sub(r"[\s.\-–]", "", raw)
    return Meaning((digits,)) if re.fullmatch(r"[0-9]{6}", digits) else INVALID


def extension(raw: str) -> Meaning:
    """One to six digits, perhaps behind `poste`, `ext.`, `x` or `#`.

    Without any digit (`-`, `s.o.`, `aucun`) it may say that there is none: doubtful.
    """
    written = fold(raw).strip()
    found = _EXTENSION.fullmatch(written)
    if found:
        return Meaning((found[1],))
    return Meaning(doubtful=bool(written) and not any(letter.isdigit() for letter in written))


# ---------------------------------------------------------------- e-mail addresses


# Top-level domains are of letters alone, but for encoded ones (RFC 3696, section 2; RFC 6912, section 3).
_TOP_LEVEL = re.compile(r"\.(?:[a-z]{2,}|xn--[a-z0-9-]+)$")


def email(raw: str) -> Meaning:
    """The address as written, in lower case. ASCII only; nothing is asked of the network."""
    address = raw.strip().lower()
    if not address.isascii():
        return INVALID
    try:
        validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return INVALID
    # Legal, but nobody's: a formula pasted from a sheet, or a tag on no mailbox; and a domain under none that there is.
    return INVALID if address[0] in "=+" or not _TOP_LEVEL.search(address) else Meaning((address,))


# ---------------------------------------------------------------- choices

CHOICES: dict[str, tuple[str, ...]] = {
    "section2.language": ("fr", "en"),
    "section2.environment": ("production", "training"),
}


def choice(key: str, raw: str) -> Meaning:
    """The contract's value itself. A signature, which is no text, has none."""
    value = raw.strip().lower()
    return Meaning((value,)) if value in CHOICES.get(key, ()) else INVALID


GRAMMARS: dict[Kind, Callable[[str], Meaning]] = {
    Kind.TEXT: text,
    Kind.PHONE: phone,
    Kind.EMAIL: email,
    Kind.DATE: written_date,
}
