"""Dates as people write them, in French and English."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from pipeline.language.edits import distance
from pipeline.meaning import INVALID, Meaning, fold

# The names of each month, and their usual abbreviations.
_MONTHS = tuple(
    tuple(names.split())
    for names in (
        "janvier january jan janv",
        "fevrier february feb fev fevr",
        "mars march mar",
        "avril april apr avr",
        "mai may",
        "juin june jun",
        "juillet july jul juil",
        "aout august aug",
        "septembre september sep sept",
        "octobre october oct",
        "novembre november nov",
        "decembre december dec",
    )
)
# A misread month differs by so many letters at most, a long one by more.
NEAR, FAR, LONG = 1, 2, 6
_WEEKDAYS = """
lundi mardi mercredi jeudi vendredi samedi dimanche
monday tuesday wednesday thursday friday saturday sunday
"""
_FILLERS = frozenset(f"{_WEEKDAYS} le the of de on er st nd rd th".split())
_CHARACTERS = re.compile(r"[a-z0-9\s./,'’\-–]+")
_Parts = tuple[str, str, str]  # year, month, day
# The digit that a letter is where there are only digits: an open zero is read as a C.
_AS_DIGITS = str.maketrans("CcOoDQIl|ZzSs", "0000001112255")
_MIXED = re.compile(r"(?<!\w)(?=\w*\d)[0-9CcOoDQIl|ZzSs]{2,4}(?!\w)")
_IN_DIGITS = re.compile(r"[0-9\s./,\-–]+")


def in_digits(text: str) -> str:
    """A date as read, its letters taken for the digits that they look like, if nothing but digits is left then; else
    those that stand with digits alone: `3o juillet 2O22`."""
    found = text.translate(_AS_DIGITS)
    if _IN_DIGITS.fullmatch(found):
        return found
    return _MIXED.sub(lambda token: token[0].translate(_AS_DIGITS), text)


def with_its_month(text: str) -> str:
    """A date as read, its one word taken for the month whose name or usual abbreviation it comes nearest to, if it is
    none: `octebre` for `octobre`, but nothing for `mais`, which may be `mars` or `mai`."""
    words = [word for word in re.findall(r"[^\W\d_]+", text) if fold(word) not in _FILLERS]
    name = _nearest(fold(words[0])) if len(words) == 1 else None
    return text if name is None else text.replace(words[0], name)


@lru_cache(maxsize=4096)
def _nearest(word: str) -> str | None:
    """The month's name that a misread one stands for; None for a month's, and for what is near none, or near two."""
    if _months_of(word):
        return None
    near = sorted(min((distance(word, name), name) for name in names) for names in _MONTHS)
    (least, name), (second, _), *_ = near
    return name if least <= (FAR if len(word) >= LONG else NEAR) and second > least else None


def _months_of(word: str) -> list[int]:
    """The months that a word of three letters or more begins as, folded."""
    if len(word) < 3:
        return []
    return [rank for rank, names in enumerate(_MONTHS, 1) if any(name.startswith(word) for name in names)]


def written_date(raw: str) -> Meaning:
    """An unambiguous date as ISO: `4 avril 2022`, `2022/04/04`, `20220404`, `April 4, 2022`, `13/04/2022`.

    `04/05/2022` and a year of two digits are doubtful, with every day that it may be.
    """
    written = fold(raw)
    if not _CHARACTERS.fullmatch(written):
        return INVALID
    tokens = [token for token in re.findall(r"[0-9]+|[a-z]+", written) if token not in _FILLERS]
    numbers = [token for token in tokens if token.isdigit()]
    words = [token for token in tokens if not token.isdigit()]
    if not words:
        return _date_in_digits(numbers)
    return _date_with_month(words[0], numbers) if len(words) == 1 else INVALID


def _date_in_digits(numbers: list[str]) -> Meaning:
    if len(numbers) == 3:
        first, second, third = numbers
        match len(first), len(second), len(third):
            case 4, 1 | 2, 1 | 2:
                return _days((first, second, third))
            case 1 | 2, 1 | 2, 4:
                return _days((third, second, first), (third, first, second))
            case 1 | 2, 1 | 2, 1 | 2:
                return _days_of_short_year(first, second, third)
    return _date_in_a_row("".join(numbers))


def _date_in_a_row(digits: str) -> Meaning:
    """Eight digits are year, month, day; in any other order, or with a short year, they are doubtful."""
    if len(digits) == 8:
        usual = _days((digits[:4], digits[4:6], digits[6:]))
        turned = _in_doubt((digits[4:], digits[2:4], digits[:2]), (digits[4:], digits[:2], digits[2:4]))
        return usual if usual.values else turned
    if len(digits) == 6:
        return _days_of_short_year(digits[:2], digits[2:4], digits[4:])
    return INVALID


def _date_with_month(word: str, numbers: list[str]) -> Meaning:
    months = [str(rank) for rank in _months_of(word)]
    if not months or len(numbers) != 2:
        return INVALID
    years = [number for number in numbers if len(number) == 4]
    days = [number for number in numbers if len(number) <= 2]
    if len(years) == len(days) == 1:
        return _days(*((years[0], month, days[0]) for month in months))
    if len(days) == 2:
        first, second = days
        orders = [order for month in months for order in ((f"20{second}", month, first), (f"20{first}", month, second))]
        return _in_doubt(*orders)
    return INVALID


def _days_of_short_year(first: str, second: str, third: str) -> Meaning:
    return _in_doubt((f"20{first}", second, third), (f"20{third}", second, first), (f"20{third}", first, second))


def _in_doubt(*orders: _Parts) -> Meaning:
    """The days of the calendar among these, doubtful even when there is but one."""
    found = _days(*orders).values
    return Meaning(found, doubtful=bool(found))


def _days(*orders: _Parts) -> Meaning:
    """The days of the calendar among these; more than one is doubtful."""
    found = tuple(dict.fromkeys(day for order in orders if (day := _day(order)) is not None))
    return Meaning(found, doubtful=len(found) > 1)


def _day(parts: _Parts) -> str | None:
    year, month, day = map(int, parts)
    try:
        return date(year, month, day).isoformat() if 1900 <= year < 2200 else None
    except ValueError:
        return None
