"""Invented people: names, titles, companies, addresses, numbers.

`held_out` takes names that the other sets never use.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from numpy.random import Generator

from benchmarks.synthesis import words
from benchmarks.synthesis.chance import chance, digits, pick, plain, share, weighted

AREA_CODES = ("418", "581", "367", "514", "438", "263", "450", "579", "354", "819", "873", "468", "613", "506")


@dataclass(frozen=True)
class Person:
    family_name: str
    given_name: str
    job_title: str
    email: str
    telephone: str
    extension: str | None


def make_person(rng: Generator, held_out: bool) -> Person:
    family = pick(rng, share(words.FAMILY_NAMES, held_out)).replace("~", " ")
    if "-" not in family and " " not in family and chance(rng, 0.08):
        family += pick(rng, ("-", " ")) + pick(rng, share(words.FAMILY_NAMES, held_out)).replace("~", " ")
    given = pick(rng, share(words.GIVEN_NAMES, held_out)).replace("~", " ")
    return Person(
        family_name=family,
        given_name=given,
        job_title=pick(rng, share(words.TITLES, held_out)),
        email=make_email(rng, family, given, held_out),
        telephone=make_telephone(rng),
        extension=digits(rng, int(rng.integers(2, 6))) if chance(rng, 0.5) else None,
    )


def make_company(rng: Generator, held_out: bool) -> str:
    name = pick(rng, share(words.COMPANY_NAMES, held_out)).replace("~", " ")
    if chance(rng, 0.6):
        name = f"{pick(rng, share(words.COMPANY_HEADS, held_out))} {name}"
    if chance(rng, 0.6):
        name += pick(rng, (" ", " ", ", ")) + pick(rng, words.COMPANY_TAILS).replace("~", " ")
    return name


def make_telephone(rng: Generator) -> str:
    """Ten digits: the exchange starts with 2 to 9 and is no service code."""
    exchange = f"{rng.integers(2, 10)}{rng.integers(0, 10)}{rng.integers(2, 10)}"
    return pick(rng, AREA_CODES) + exchange + digits(rng, 4)


def make_domain(rng: Generator, held_out: bool) -> str:
    if chance(rng, 0.4):
        return pick(rng, words.COMMON_DOMAINS)
    stem = pick(rng, share(words.DOMAIN_STEMS, held_out)).replace("_", "-")
    if chance(rng, 0.12):
        stem = f"{pick(rng, ('mail', 'portail', 'qc', 'm', 'sante1'))}.{stem}"
    return stem + pick(rng, words.DOMAIN_ENDS)


def make_email(rng: Generator, family: str, given: str, held_out: bool) -> str:
    """A personal address in one of the shapes that people have, in lower case."""
    last = re.sub(r"[^a-z]", "", plain(family).lower())
    first = re.sub(r"[^a-z]", "", plain(given).lower())
    dashed = re.sub(r"[^a-z]+", "-", plain(given).lower())
    hyphened = re.sub(r"[^a-z]+", "-", plain(family).lower())
    mark = pick(rng, (".", "_", "-", ""))
    number = pick(
        rng, (digits(rng, 1), digits(rng, 2), digits(rng, 2), digits(rng, 4), "01", "10", "1", "0", "l1", "007")
    )
    local = weighted(
        rng,
        {
            f"{first}{mark}{last}": 4.0,
            f"{first[0]}{mark}{last}": 3.0,
            f"{last}{mark}{first}": 2.0,
            f"{last}{mark}{first[0]}": 1.5,
            f"{dashed}.{hyphened}": 1.5,
            f"{first}{mark}{last}{number}": 2.5,
            f"{first}{number}": 1.0,
            f"{last}{mark}{number}": 1.0,
            f"{first[0]}{last}.{number}": 1.0,
            f"{first[:3]}{last[:4]}{number}": 1.0,
            f"dr.{last}": 0.7,
            f"{first}.{last}+ramq": 0.3,
            f"{last[:3]}{digits(rng, 5)}": 0.6,
        },
    )
    return f"{local}@{make_domain(rng, held_out)}"
