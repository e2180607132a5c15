"""From witnesses to a reading: which value, and how probable it is that it is right."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from pipeline.model import Alternative, Kind, Reading, ReadingSource
from pipeline.witnesses import Testimony, Witness, with_spaces

# Nothing written, by ink alone; the doubt band between no ink and some ink is nobody's.
BLANK_CERTAIN, BLANK_DOUBT = 0.99999, 0.5
INVALID_MOST = 0.9995


@dataclass(frozen=True)
class Standing:
    """One candidate value with those who say it, strongest first."""

    key: str
    witnesses: tuple[Witness, ...]

    @property
    def weight(self) -> float:
        return sum(0.05 + witness.score for witness in self.witnesses)

    @property
    def engines(self) -> frozenset[str]:
        return frozenset(witness.engine for witness in self.witnesses)


def weigh(testimony: Testimony) -> Reading:
    """The reading of one written field."""
    field, line = testimony.field, testimony.line
    if line.blank:
        return _reading(testimony, None, None, BLANK_CERTAIN)
    standings = rank(testimony.witnesses)
    if not standings:
        return _reading(testimony, None, None, BLANK_DOUBT)
    best = standings[0]
    value, raw = spell(testimony, best)
    probability = confidence(testimony, standings)
    if line.doubtful or not raw:
        probability = min(probability, BLANK_DOUBT)
    if field.kind is not Kind.TEXT and value is None:
        probability = min(probability, INVALID_MOST)
    return _reading(testimony, value, raw or None, probability, standings[1:])


def rank(witnesses: tuple[Witness, ...]) -> list[Standing]:
    """The candidate values, best supported first."""
    by_key: dict[str, list[Witness]] = defaultdict(list)
    for witness in witnesses:
        if witness.text:
            by_key[witness.key].append(witness)
    standings = [
        Standing(key, tuple(sorted(group, key=lambda witness: -witness.score))) for key, group in by_key.items()
    ]
    return sorted(standings, key=lambda standing: -standing.weight)


def spell(testimony: Testimony, best: Standing) -> tuple[str | None, str]:
    """The value and what is written, in the spelling (accents, capitals) that most of its witnesses give."""
    if testimony.field.kind is not Kind.TEXT:
        return best.witnesses[0].value, best.witnesses[0].text
    spellings = Counter(witness.text for witness in best.witnesses)
    most = max(spellings.values())
    likeliest = [witness for witness in best.witnesses if spellings[witness.text] == most]
    # Of two spellings as frequent, Tesseract's: it knows French words, and where it agrees on the letters it has the accents.
    likeliest.sort(key=lambda witness: witness.engine != "tesseract")
    text = likeliest[0].text
    if testimony.cells:
        text = with_spaces(text, testimony.cells) or text
    return text, text


def confidence(testimony: Testimony, standings: list[Standing]) -> float:
    best = standings[0]
    score = best.witnesses[0].score
    against = sum(standing.weight for standing in standings[1:])
    if len(best.engines) > 1 and not against:
        return 0.99995 if score > 0.9 else 0.996
    if len(best.engines) > 1:
        return 0.97
    return 0.6 * score


def _reading(
    testimony: Testimony, value: str | None, raw: str | None, probability: float, others: list[Standing] | None = None
) -> Reading:
    alternatives = tuple(
        Alternative(other.witnesses[0].value or other.witnesses[0].text, other.witnesses[0].score)
        for other in others or []
    )
    field = testimony.field
    return Reading(
        field.key,
        value,
        raw,
        probability,
        ReadingSource.OCR,
        field.page,
        field.box,
        alternatives[:4],
        f"ink {testimony.line.area}, specks {testimony.line.specks}",
    )
