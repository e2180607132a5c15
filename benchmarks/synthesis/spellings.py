"""The ways in which people write a telephone number and a date, all unambiguous."""

from __future__ import annotations

from datetime import date

from numpy.random import Generator

from benchmarks.synthesis.chance import weighted

MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
SHORT_MONTHS = "janv. févr. mars avril mai juin juil. août sept. oct. nov. déc.".split()
ENGLISH_MONTHS = "January February March April May June July August September October November December".split()


def spell_telephone(rng: Generator, number: str) -> str:
    """Ten digits as people write them."""
    area, exchange, line = number[:3], number[3:6], number[6:]
    return weighted(
        rng,
        {
            f"{area} {exchange}-{line}": 5.0,
            f"({area}) {exchange}-{line}": 4.0,
            f"{area}-{exchange}-{line}": 4.0,
            f"{area}.{exchange}.{line}": 2.0,
            f"{area} {exchange} {line}": 2.0,
            number: 1.5,
            f"({area}){exchange}-{line}": 1.0,
            f"1 {area} {exchange}-{line}": 0.8,
            f"1-{area}-{exchange}-{line}": 0.8,
            f"+1 {area} {exchange}-{line}": 0.5,
            f"{area}/{exchange}-{line}": 0.4,
        },
    )


def spell_date(rng: Generator, day: date) -> str:
    """A date as people write it where the form asks for year, month, day."""
    rank, first = day.month - 1, "1er" if day.day == 1 else str(day.day)
    return weighted(
        rng,
        {
            f"{day:%Y-%m-%d}": 10.0,
            f"{day:%Y/%m/%d}": 3.0,
            f"{day:%Y%m%d}": 2.0,
            f"{day:%Y %m %d}": 1.5,
            f"{day:%Y.%m.%d}": 1.0,
            f"{first} {MONTHS[rank]} {day.year}": 2.0,
            f"{day:%d} {SHORT_MONTHS[rank]} {day.year}": 1.0,
            f"{ENGLISH_MONTHS[rank]} {day.day}, {day.year}": 0.5,
        },
    )
