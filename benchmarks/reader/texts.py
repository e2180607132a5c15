"""What to write in training: half as people write, half at random, so that the reader learns shapes and not words."""

from __future__ import annotations

import string
from random import Random

from benchmarks.reader import people
from pipeline.model import Kind

ACCENTS = "àâäçéèêëîïôöùûüÿœæñ"
# What the reader can write; its blank and the space come before these.
CHARACTERS = string.ascii_letters + string.digits + "@.-_+',()/&#:;!\"*%=?$" + ACCENTS + ACCENTS.upper() + "–°«»"

KINDS: tuple[Kind, ...] = (Kind.TEXT, Kind.EMAIL, Kind.PHONE, Kind.DIGITS, Kind.DATE)
SHARES = (0.33, 0.37, 0.10, 0.08, 0.12)
ELIDED = ("L", "D", "O", "J", "N", "S", "Qu", "M")
ADDRESS_LETTERS = string.ascii_lowercase + string.digits
# Taken more often than their share: what is mistaken for something else.
LOOK_ALIKES = ("l", "1", "I", "i", "0", "o", "O", "rn", "m", "vv", "w", "cl", "d", "g", "q", "9", "u", "v", "ll", "11",
               "00", "oo", ".", "-", "_", "5", "s", "2", "z", "8", "b", "6", "t",
               "f", "j", "7", "fi", "ri", "n", "nn", "a", "e", "c")  # fmt: skip


def sample(rng: Random, kind: Kind, key: str = "") -> str:
    """A text for a field of this kind."""
    if kind is Kind.TEXT:
        return _with_case(rng, _text(rng))
    if kind is Kind.EMAIL:
        return _address(rng)
    if kind is Kind.PHONE:
        return people.written_phone(rng, people.phone(rng) if rng.random() < 0.5 else _digits(rng, 10))
    if kind is Kind.DIGITS:
        licence = key.endswith("licence_number")
        return _digits(rng, 6) if licence else people.written_extension(rng, _digits(rng, rng.randint(1, 6)))
    return people.written_date(rng, rng.randint(1980, 2039), rng.randint(1, 12), rng.randint(1, 31))


def digits_only(rng: Random, kind: Kind, count: int) -> str:
    """What stands in a comb of `count` cells for digits."""
    if kind is Kind.DATE:
        return f"{rng.randint(1980, 2039)}{rng.randint(1, 12):02d}{rng.randint(1, 31):02d}"
    return _digits(rng, count)


def _digits(rng: Random, count: int) -> str:
    digits = [rng.choice(string.digits) for _ in range(count)]
    if rng.random() < 0.3:  # repeated digits are what a recogniser drops
        at = rng.randrange(count)
        digits[at : at + 2] = digits[at] * len(digits[at : at + 2])
    return "".join(digits)


def _text(rng: Random) -> str:
    drawn = rng.random()
    if drawn < 0.5:
        return rng.choice((people.family_name, people.given_name, people.company, _title))(rng)
    if drawn < 0.70:
        return _with_signs(rng)
    if drawn < 0.78:
        return _shuffled(rng, rng.choice((people.family_name, people.given_name, people.company, _title))(rng))
    if drawn < 0.85:
        return " ".join(people.pseudo_word(rng, rng.randint(1, 4)) for _ in range(rng.randint(1, 3))).capitalize()
    return _random_text(rng)


def _with_signs(rng: Random) -> str:
    """Words with the small signs that a reader drops: apostrophes, points, commas, dashes, a plus."""

    def word() -> str:
        return rng.choice((people.family_name, people.given_name, _pseudo, _title))(rng).split()[0]

    def capitals() -> str:
        return "".join(rng.choice(string.ascii_uppercase) for _ in range(rng.randint(2, 5)))

    shapes = (
        lambda: f"{rng.choice(ELIDED)}'{word().capitalize()}",
        lambda: f"{word()} {rng.choice(ELIDED).lower()}'{word().lower()}",
        lambda: f"{word()} {rng.choice(ELIDED)}'{rng.choice('ÉÀÈAEIOUYH')}{word().lower()}",
        lambda: (
            f"{word()}{rng.choice((', ', ', ', ' – ', ' - ', '-', '-', ' & ', ' + ', '+ ', ' / ', '/', ' · '))}{word()}"
        ),
        lambda: f"{word()} {'.'.join(capitals())}{rng.choice(('.', ''))}",
        lambda: (
            f"{word()} {rng.choice(('inc.', 'ltée', 'enr.', 'Inc.', 'LTÉE', 'S.E.N.C.', 'S.E.N.C.R.L.', 's.e.c.'))}"
        ),
        lambda: f"{capitals()} {word()}",
        lambda: f"{word()} {capitals()}",
        lambda: f"{word()} {_digits(rng, rng.randint(1, 3))}",
        lambda: f"{word()} ({capitals() if rng.random() < 0.5 else word()})",
    )
    return rng.choice(shapes)()


def _pseudo(rng: Random) -> str:
    return people.pseudo_word(rng, rng.randint(2, 4)).capitalize()


def _title(rng: Random) -> str:
    return rng.choice(people.TITLES)


def _shuffled(rng: Random, text: str) -> str:
    """The letters of each word in another order."""
    return " ".join("".join(rng.sample(word, len(word))) for word in text.split())


def _random_text(rng: Random) -> str:
    """Any characters: every accent and sign comes, letters most."""
    words = []
    for _ in range(rng.randint(1, 3)):
        letters = string.ascii_lowercase + ACCENTS if rng.random() < 0.6 else string.ascii_letters + string.digits
        if rng.random() < 0.15:
            letters = CHARACTERS
        words.append("".join(rng.choice(letters) for _ in range(rng.randint(1, 9))))
    return " ".join(words)


def _with_case(rng: Random, text: str) -> str:
    drawn = rng.random()
    if drawn < 0.25:
        return text.upper()
    return text.lower() if drawn < 0.3 else text.title() if drawn < 0.36 else text


def _address(rng: Random) -> str:
    if rng.random() < 0.45:
        person = people.person(rng)
        address = person.email
    else:
        local = _letters(rng, rng.randint(1, 14))
        domain = _letters(rng, rng.randint(2, 12)) if rng.random() < 0.6 else people.domain(rng).rpartition(".")[0]
        address = f"{local}@{domain}{rng.choice(people.ENDINGS)}"
    drawn = rng.random()
    if drawn < 0.14:
        return address.upper()
    if drawn < 0.18:
        return address[:1].upper() + address[1:]
    if drawn < 0.21:
        return address.replace("@", " @ " if rng.random() < 0.5 else "@ ")
    if drawn < 0.24:  # what is no address must be read as it is written
        return address.replace("@", rng.choice((".", "", "@@", " ")), 1).replace(
            ".", rng.choice((",", "..", " .", ".")), 1
        )
    return address + rng.choice(",;.") if drawn < 0.26 else address


def _letters(rng: Random, count: int) -> str:
    """Letters, digits and signs of an address without any sense."""
    parts: list[str] = []
    while len(parts) < count:
        drawn = rng.random()
        if drawn < 0.4:
            parts.append(rng.choice(LOOK_ALIKES).lower())
        elif drawn < 0.46 and parts and parts[-1] not in "._-+":
            parts.append(rng.choice("._-.+"))
        else:
            parts.append(rng.choice(ADDRESS_LETTERS))
    return "".join(parts).strip("._-+") or "l0"
