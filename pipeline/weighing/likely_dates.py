"""How likely a date is on a form that came on some day: what nobody would have written is no rival of what one would.

A form is dated when it is signed, and sent soon after. Where the readers are sure of a date that says nothing; where
they are not, most of what else they see in its digits is years or months away (docs/design/confidence.md).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from string import digits
from typing import TYPE_CHECKING

from pipeline.language.look_alikes import DIGITS_BY_HAND
from pipeline.witnesses.testimony import Witness, is_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.witnesses.testimony import Testimony

# How much less likely one particular date is than one of the days before reception, each a careful multiple of what it
# was among the 265 dates of the development set: 263 of the last 31 days, one of a year later to the day, one ahead.
RECENT, SOME_TIME_AGO, LONG_AGO = 40, 120, 400
LIKELY, LESS_LIKELY, UNLIKELY, HARDLY_EVER = 1.0, 0.1, 0.01, 0.003
# Whoever writes the year before, or the one after, writes the day and the month rightly; some write what is no date.
ANOTHER_YEAR, NO_DATE = 0.1, 0.1
# And which chance of another likely date, in one look that knows when the form came, of one that is certain for being
# likely alone. Derived in docs/design/confidence.md ("Likely dates").
LIKELY_RIVAL = 0.02
# Which chance of a likely date, in one look, makes a doubt of one that is none and that one digit parts from it.
# Derived in docs/design/confidence.md ("Dates ahead").
THOUGHT_OF = 0.01


def is_likely(day: object, received: date) -> bool:
    """Whether a reading's value is a date (ISO 8601) that one would expect."""
    return isinstance(day, str) and is_value(day) and _likelihood(day, received) == LIKELY


def has_a_likely_rival(weighed: Testimony, day: object, received: date) -> bool:
    """Whether a look that was told when the form came (`with_likely_dates`) thinks of another date that one would
    expect."""
    return any(
        chance >= LIKELY_RIVAL and key != day and is_likely(key, received)
        for look in weighed.witnesses
        for key, chance in look.chances.items()
        if look.engine != "tesseract"
    )


def may_be_likely(testimony: Testimony, day: str, received: date) -> bool:
    """Whether one digit parts what was read, a date that one would not expect, from one that one would, and a look
    thinks of that, or the two digits look alike: all makes read `2028-07-29`, by hand, for `2023-07-29`, and typed, in
    a pale fax, `1930-03-15` for `1980-03-15`."""
    if is_likely(day, received):
        return False
    thoughts = {key for look in testimony.witnesses for key, chance in look.chances.items() if chance >= THOUGHT_OF}
    return any(
        other in thoughts or frozenset((was, put)) in DIGITS_BY_HAND
        for was, put, other in _one_digit_from(day)
        if is_likely(other, received)
    )


def _one_digit_from(day: str) -> Iterator[tuple[str, str, str]]:
    """A digit of a date, another one, and the date that has this instead."""
    for place, was in enumerate(day):
        for put in digits if was.isdigit() else "":
            other = f"{day[:place]}{put}{day[place + 1 :]}"
            if put != was and _is_date(other):
                yield was, put, other


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def with_likely_dates(testimony: Testimony, received: date) -> Testimony:
    """A date's testimony with every chance that witnesses give to a date by how likely this is."""
    weighed = tuple(_with_likely_dates(witness, received) for witness in testimony.witnesses)
    return replace(testimony, witnesses=weighed)


def _with_likely_dates(witness: Witness, received: date) -> Witness:
    """What a witness makes of its digits, told when the form came; one that sees no date may have seen any."""
    unheard = max(0.0, 1.0 - sum(witness.chances.values()))
    weighed = {key: chance * _likelihood(key, received) for key, chance in witness.chances.items()}
    total = sum(weighed.values()) + unheard
    if not weighed or not total or (len(weighed) == 1 and witness.value is None):
        return witness
    chances = {key: chance / total for key, chance in weighed.items()}
    best = max(chances, key=lambda key: chances[key])
    if best == witness.key or not is_value(best):
        return replace(witness, chances=chances)
    return replace(witness, text=best, key=best, value=best, score=min(witness.score, chances[best]), chances=chances)


def _likelihood(key: str, received: date) -> float:
    """key: of a witness."""
    if not is_value(key):
        return NO_DATE if key else 1.0
    day = date.fromisoformat(key)
    ago = (received - day).days
    if 0 <= ago <= RECENT:
        return LIKELY
    if any(0 <= (received - other).days <= RECENT for other in _in_other_years(day)):
        return ANOTHER_YEAR
    if RECENT < ago <= SOME_TIME_AGO:
        return LESS_LIKELY
    return UNLIKELY if SOME_TIME_AGO < ago <= LONG_AGO else HARDLY_EVER


def _in_other_years(day: date) -> list[date]:
    """The same day a year before and after; on the 28th of a February without a 29th."""
    years = [year for year in (day.year - 1, day.year + 1) if date.min.year <= year <= date.max.year]
    return [day.replace(year=year, day=min(day.day, 28) if day.month == 2 else day.day) for year in years]
