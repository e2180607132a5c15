"""How likely a date is on a form that came on some day: what nobody would have written is no rival of what one would.

A form is dated when it is signed, and sent soon after. Where the readers are sure of a date that says nothing; where
they are not, most of what else they see in its digits is years or months away (docs/design/confidence.md).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from pipeline.witnesses import Witness, is_value

if TYPE_CHECKING:
    from pipeline.witnesses import Testimony

# How much less likely one particular date is than one of the days before reception, each a careful multiple of what it
# was among the 265 dates of the development set: 263 of the last 31 days, one of a year later to the day, one ahead.
RECENT, SOME_TIME_AGO, LONG_AGO = 40, 120, 400
LIKELY, LESS_LIKELY, UNLIKELY, HARDLY_EVER = 1.0, 0.1, 0.01, 0.003
# Whoever writes the year before, or the one after, writes the day and the month rightly; some write what is no date.
ANOTHER_YEAR, NO_DATE = 0.1, 0.1


def is_likely(day: object, received: date) -> bool:
    """Whether a reading's value is a date (ISO 8601) that one would expect."""
    return isinstance(day, str) and _likelihood(day, received) == LIKELY


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
