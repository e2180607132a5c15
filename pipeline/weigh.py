"""From witnesses to a reading: which value, and how probable it is that it is right."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Alternative, Kind, Reading, ReadingSource
from pipeline.witnesses import Testimony, Witness, with_spaces

# Nothing written, by ink alone; the doubt band between no ink and some ink is nobody's.
BLANK_CERTAIN, BLANK_DOUBT = 0.99999, 0.5
INVALID_MOST = 0.99995
# The engines that read alike because they are of one family; the others are of another make.
NETWORKS = ("paddle", "paddle4")
# From this share of fields on which all engines agree, a page is print or as clear as print.
IN_TUNE = 0.6


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


def weigh(testimony: Testimony, tune: float) -> Reading:
    """The reading of one written field; `tune` is the page's `harmony`."""
    field, line = testimony.field, testimony.line
    if line.blank:
        return _reading(testimony, None, None, BLANK_DOUBT if line.faint else BLANK_CERTAIN)
    standings = rank(testimony.witnesses)
    if not standings:
        return _reading(testimony, None, None, BLANK_DOUBT)
    best = standings[0]
    value, raw = spell(testimony, best)
    probability = confidence(testimony, standings, tune)
    if line.doubtful or not raw or misfit(field.kind, raw) or not _fits_cells(testimony, best):
        probability = min(probability, BLANK_DOUBT)
    if field.kind is not Kind.TEXT and value is None:
        probability = min(
            probability, _invalid_confidence(field.kind, agreement(testimony, standings[0]), standings, tune)
        )
    return _reading(testimony, value, raw or None, probability, standings[1:])


def _invalid_confidence(kind: Kind, found: Agreement, standings: Sequence[Standing], tune: float) -> float:
    """How sure it is that what is written is no value: a misread value is none either, so nobody may say otherwise."""
    unanimous = len(standings) == 1 and found.pair and found.other and tune >= IN_TUNE
    # A space in an address may be an underscore that lies on a rule.
    unanimous = unanimous and not (kind is Kind.EMAIL and " " in standings[0].key)
    return INVALID_MOST if unanimous and found.weakest >= 0.3 else 0.7


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
    # Of two spellings as frequent, Tesseract's: it knows French words, and where it agrees on the letters it has the
    # accents.
    likeliest.sort(key=lambda witness: witness.engine != "tesseract")
    text = likeliest[0].text
    if testimony.cells:
        text = with_spaces(text, testimony.cells) or text
    return text, text


@dataclass(frozen=True)
class Agreement:
    """Who says the best supported value.

    pair: the two networks. again: the first of them on the ink with the print left in, or on the cells of a comb.
    other: an engine of another make. `weakest` is the lower score of the pair, `first` the lowest of the first
    network's.
    """

    pair: bool
    again: bool
    other: bool
    weakest: float
    first: float


def agreement(testimony: Testimony, best: Standing) -> Agreement:
    own = {(witness.engine, witness.rendering): witness for witness in best.witnesses}
    networks = [max((w.score for w in best.witnesses if w.engine == name), default=0.0) for name in NETWORKS]
    seconds = [
        witness for witness in testimony.witnesses if witness.engine == NETWORKS[0] and witness.rendering != "plain"
    ]
    return Agreement(
        pair=best.engines.issuperset(NETWORKS),
        again=(NETWORKS[0], "plain") in own and all((second.engine, second.rendering) in own for second in seconds),
        other=bool(best.engines - set(NETWORKS)),
        weakest=min(networks),
        first=min((w.score for w in best.witnesses if w.engine == NETWORKS[0]), default=0.0),
    )


def harmony(testimonies: Sequence[Testimony]) -> float:
    """Share of a page's written fields on which all the engines agree: high for print, low for hands and noise."""
    heard = [testimony for testimony in testimonies if testimony.witnesses]
    agreed = sum(len(rank(testimony.witnesses)[:1]) == 1 and _unanimous(testimony) for testimony in heard)
    return agreed / len(heard) if heard else 0.0


def _unanimous(testimony: Testimony) -> bool:
    best = rank(testimony.witnesses)[0]
    return best.engines == {witness.engine for witness in testimony.witnesses}


def _fits_cells(testimony: Testimony, best: Standing) -> bool:
    """In a comb for text, as many letters as cells with ink: else a hyphen was lost, or letters run through the cells
    and nobody knows where one word ends."""
    if testimony.field.kind is not Kind.TEXT or not testimony.cells:
        return True
    return with_spaces(best.witnesses[0].text, testimony.cells) is not None


def confidence(testimony: Testimony, standings: list[Standing], tune: float) -> float:
    """How probable it is that the best supported value is right; `tune` is the page's harmony.

    The engines' own scores say little alone; what carries is agreement of readings whose mistakes differ: the rows and
    their error rates are in docs/design/confidence.md.
    """
    best, kind = standings[0], testimony.field.kind
    found = agreement(testimony, best)
    clear = tune >= IN_TUNE
    if not found.again or not (found.pair or (found.other and clear)):
        return 0.9 if found.pair or (found.other and len(best.engines) > 1) else 0.6
    if kind is Kind.EMAIL:
        return _email_confidence(best.key, found, clear, _disputed(standings))
    if kind is Kind.TEXT:
        return _text_confidence(found, clear)
    if kind is Kind.DIGITS and len(best.key) < 2:
        return 0.9
    # Handwritten digits deceive all engines alike where none of the networks is sure.
    if (found.other and (clear or found.weakest >= 0.3)) or (found.weakest >= 0.5 and not _disputed(standings)):
        return 0.998
    return 0.95


def _text_confidence(found: Agreement, clear: bool) -> float:
    if not clear:
        return 0.996 if found.pair and found.other and found.weakest >= 0.9 else 0.95
    if found.other:
        return 0.997 if found.pair or found.first >= 0.6 else 0.95
    return 0.996 if found.weakest >= 0.6 else 0.95


def _disputed(standings: Sequence[Standing]) -> bool:
    """Somebody names another value that is valid too."""
    return any(standing.witnesses[0].value is not None for standing in standings[1:])


def _email_confidence(address: str, found: Agreement, clear: bool, disputed: bool) -> float:
    """Addresses are acted on only where every make of engine agrees; look-alikes and unclear pages need more."""
    if not found.pair:
        return 0.99995 if found.first >= 0.9 and not looks_alike(address) else 0.97
    least = 0.7 if looks_alike(address) else 0.3 if clear else 0.9
    if found.weakest < least:
        return 0.97
    if found.other or (clear and not disputed and found.weakest >= 0.85 and not looks_alike(address)):
        return 0.99995
    return 0.999


def looks_alike(address: str) -> bool:
    """Whether a character of the address may be another that looks like it: a digit where letters and digits meet.

    `karine11` may be `karinel1`; in `clinique360` no digit at the seam looks like a letter.
    """
    return re.search(r"[a-z][01]|[01][a-z]|[0-9][lio]|[lio][0-9]", address) is not None


def misfit(kind: Kind, text: str) -> bool:
    """Whether the letters' case says that something was misread: nobody writes so, or nobody can tell what it means.

    A capital I or O in an address of small letters may be an l or a zero; a capital inside a small-letter word is two
    words whose space was lost, but for the names that are written so.
    """
    if kind is Kind.EMAIL:
        return re.search(r"[IO]", text) is not None and re.search(r"[a-z]", text) is not None
    return kind is Kind.TEXT and any(
        not re.match(r"(?:Mc|Mac|De|Des|Du|Le|La|St|Ste|Van|Fitz)[A-ZÀ-Ý]", word)
        for word in re.split(r"[^A-Za-zÀ-ÿ]+", text)
        if re.search(r"[a-zà-ÿ][A-ZÀ-Ý]", word)
    )


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
