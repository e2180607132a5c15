"""An attachment's display name out of hostile headers: decoded, and safe to show and to log nowhere as a path."""

from __future__ import annotations

import re
import unicodedata
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message as MailPart
from email.utils import collapse_rfc2231_value

LONGEST = 120
LONGEST_RAW = 4000


def display_name(part: MailPart) -> str | None:
    """The part's file name, or None where it has none."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        try:
            value = part.get_param(parameter, None, header)
            raw = collapse_rfc2231_value(value) if value is not None else None
        except (ValueError, TypeError, LookupError, IndexError, AttributeError):
            raw = None
        if raw:
            return clean(decoded(str(raw)[:LONGEST_RAW]))
    return None


def decoded(raw: str) -> str:
    """A header's text with its RFC 2047 words decoded; what cannot be decoded stays as it is."""
    raw = re.sub(r"\r?\n[ \t]*", " ", raw)
    if "=?" not in raw:
        return raw
    # Some senders break a name between encoded words inside quotation marks: the space there is not of the name.
    raw = re.sub(r"\?=\s+=\?", "?==?", raw)
    try:
        parts = decode_header(raw)
    except (HeaderParseError, ValueError):
        return raw
    return "".join(_text(part, charset) for part, charset in parts)


def _text(part: bytes | str, charset: str | None) -> str:
    if isinstance(part, str):
        return part
    try:
        # What stands bare beside encoded words comes as Latin-1.
        return part.decode(charset or "latin-1", errors="replace")
    except (LookupError, ValueError):
        return part.decode("latin-1")


def clean(name: str) -> str | None:
    """The last part of a path by either separator, composed, without controls or marks that turn text about."""
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(
        letter for letter in name if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    )
    shown = unicodedata.normalize("NFC", " ".join(shown.split()))
    if len(shown) > LONGEST:
        stem, dot, suffix = shown.rpartition(".")
        keep = LONGEST - len(suffix) - 1
        shown = f"{stem[:keep]}.{suffix}" if dot and len(suffix) <= 10 else shown[:LONGEST]
    return shown if shown.strip(". ") else None
