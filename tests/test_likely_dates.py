"""What the day of reception says of a date that readers are not sure of; of one that they are sure of, nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from test_weigh import DAY, EVERYONE, TRUSTING, said

from pipeline.model import Reading, Transcript
from pipeline.weighing.likely_dates import is_likely
from pipeline.weighing.weigh import weigh
from pipeline.witnesses.testimony import witness_of

RECEIVED = date(2023, 8, 2)
SIGNED = "2023-07-30"


def read(
    *dates: str, beside: str = "", chance: float = 0.3, received: date | None = RECEIVED, pen: float = 1.0
) -> Reading:
    """What is read where EVERYONE gives these dates, each network thinking of `beside` as well."""
    witnesses = []
    for (engine, rendering), text in zip(EVERYONE, dates, strict=True):
        others = ((beside, chance),) if beside and beside != text and engine != "tesseract" else ()
        own = 0.98 - chance if others else 0.98
        said_so = Transcript(text, (own,) * len(text), (), ((text, own), *others))
        witnesses.append(witness_of(DAY, engine, rendering, said_so))
    heard = replace(said(DAY, *dates), witnesses=tuple(witnesses), pen=pen, received=received)
    return weigh(heard, 1.0, TRUSTING)


@pytest.mark.parametrize(
    "unlikely", ["2028-07-30", "2013-07-30", "2093-07-30", "2022-12-30", "2023-01-30", "2023-10-30"]
)
def test_a_date_that_nobody_would_have_written_is_no_rival(unlikely: str) -> None:
    doubted = read(*[SIGNED] * 5, beside=unlikely, received=None)
    assert doubted.value == SIGNED
    assert doubted.confidence < 0.95
    told = read(*[SIGNED] * 5, beside=unlikely)
    assert told.value == SIGNED
    assert told.confidence > 0.997


@pytest.mark.parametrize("likely", ["2023-07-20", "2023-07-03", "2024-07-30", "2022-07-30"])
def test_one_that_somebody_would_have_is_one_as_before_the_day_a_year_away_too(likely: str) -> None:
    assert read(*[SIGNED] * 5, beside=likely).confidence < 0.95


def test_of_two_the_likely_one_is_read_if_all_thought_of_it() -> None:
    ahead = "2028-07-30"
    assert read(*[ahead] * 5, beside=SIGNED, chance=0.4, received=None).value == ahead
    assert read(*[ahead] * 5, beside=SIGNED, chance=0.4).value == SIGNED


@pytest.mark.parametrize(
    ("own", "paddle", "other", "certain"),
    [
        ((0.9, 0.4), (0.0, 0.1), 0.01, True),
        ((0.7, 0.4), (0.0, 0.1), 0.01, False),  # our own network is not sure of it
        ((0.9, 0.2), (0.0, 0.1), 0.01, False),  # nor does it see it twice
        ((0.9, 0.4), (0.0, 0.03), 0.01, False),  # PP-OCR does not think of it
        ((0.9, 0.4), (0.0, 0.1), 0.04, False),  # a look thinks of another such
    ],
)
def test_a_likely_date_that_our_own_network_is_sure_of_is_read_if_nobody_thinks_of_another(
    own: tuple[float, float], paddle: tuple[float, float], other: float, *, certain: bool
) -> None:
    """By hand PP-OCR often makes no date of what it is: of `2022-04-05` `5122-04-05`, and no expected one."""
    chances = {"own": list(own), "paddle": list(paddle), "tesseract": [0.5]}
    witnesses = []
    for engine, rendering in EVERYONE:
        chance = chances[engine].pop(0)
        thought = other if (engine, rendering) == EVERYONE[0] else 0.0
        texts = ((SIGNED, chance), ("!5123", 0.05), ("2023-07-20", thought))
        best = max(texts, key=lambda each: each[1])[0]
        witnesses.append(witness_of(DAY, engine, rendering, Transcript(best, (0.5,) * len(best), (), texts)))
    heard = replace(said(DAY, *[SIGNED] * 5), witnesses=tuple(witnesses), pen=1.0, received=RECEIVED)
    told = weigh(heard, 1.0, TRUSTING)
    assert told.value == SIGNED
    assert (told.confidence > 0.997) is certain
    assert weigh(replace(heard, received=None), 1.0, TRUSTING).confidence < 0.95


def test_what_all_are_sure_of_is_read_however_unlikely() -> None:
    for written in ("2024-07-30", "2019-07-30", "2023-08-30"):
        told = read(*[written] * 5)
        assert told.value == written
        assert told.confidence > 0.997
        assert told == read(*[written] * 5, received=None)


@pytest.mark.parametrize(
    ("written", "beside", "certain"),
    [
        ("2028-07-30", "", False),  # an 8 may be a 3
        ("2025-07-30", "", True),  # a 5 hardly
        ("2025-07-30", SIGNED, False),  # but a look thinks of it
    ],
)
@pytest.mark.parametrize("pen", [0.0, 1.0])
def test_an_unlikely_date_that_one_digit_parts_from_a_likely_one_is_a_doubt_where_that_may_be(
    written: str, beside: str, pen: float, *, certain: bool
) -> None:
    """By hand all makes read `2028-07-29` for `2023-07-29`, and `2093` for `2023`; typed `1930` for `1980`."""
    assert (read(*[written] * 5, beside=beside, chance=0.02, pen=pen).confidence > 0.997) is certain


@pytest.mark.parametrize(("other", "certain"), [("2023-07-28", False), ("2028-07-30", True)])
def test_of_two_that_are_likely_neither_is_certain_for_that_alone(other: str, *, certain: bool) -> None:
    """All read `2006-11-10`, by hand, for `2006-11-15`: of what else they saw in it all but this lay ahead."""
    witnesses = []
    for engine, rendering in EVERYONE:
        thoughts = ((SIGNED, 0.5), ("2026-07-30", 0.35), (other, 0.04))
        witnesses.append(witness_of(DAY, engine, rendering, Transcript(SIGNED, (0.5,) * 10, (), thoughts)))
    heard = replace(said(DAY, *[SIGNED] * 5), witnesses=tuple(witnesses), pen=1.0, received=RECEIVED)
    assert (weigh(heard, 1.0, TRUSTING).confidence > 0.997) is certain


def test_nothing_is_read_that_nobody_saw() -> None:
    assert read(*["2028-07-30"] * 3, *["2028-07-36"] * 2).value == "2028-07-30"


def test_likely_is_a_day_of_the_weeks_before() -> None:
    assert is_likely("2023-08-02", RECEIVED)
    assert is_likely("2023-06-25", RECEIVED)
    for other in ("2023-08-03", "2023-06-01", "2022-08-02", None):
        assert not is_likely(other, RECEIVED)


def test_a_29th_of_february_has_its_days_a_year_away() -> None:
    leap = "2024-02-29"
    assert read(*["2024-02-27"] * 5, beside=leap, received=date(2024, 3, 1)).confidence < 0.95
    assert read(*[leap] * 5, beside="2025-02-28", received=date(2024, 3, 1)).confidence < 0.95
