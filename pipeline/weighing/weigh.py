"""From witnesses to a reading: which value, and how probable it is that it is right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.addresses.certain import EMAIL_CERTAIN, NETWORKS, beyond_doubt, likeliest_told
from pipeline.addresses.doubts import doubtful, is_miscased
from pipeline.addresses.looks import may_lack_a_letter, shapes_in
from pipeline.calibration import BLANK
from pipeline.glyphs.shapes import Shapes
from pipeline.model import Alternative, Kind, Reading, ReadingSource
from pipeline.pen import TYPE
from pipeline.weighing.agreement import (
    is_believed,
    is_rivalled,
    is_seen_through_walls,
    lacks_digits,
    sees_nothing,
    settled,
    sure_alike,
)
from pipeline.weighing.beside import NUMBERS
from pipeline.weighing.likely_dates import has_a_likely_rival, is_likely, may_be_likely, with_likely_dates
from pipeline.weighing.no_value import surely_invalid
from pipeline.weighing.texts import fits_cells, is_questionable, is_run_together, spell, unspoilt
from pipeline.weighing.wording import made_of_words
from pipeline.witnesses.amended import is_amended
from pipeline.witnesses.testimony import MOST, Testimony, Witness, is_value

if TYPE_CHECKING:
    from pipeline.calibration import Calibration

# Nothing written, by ink alone; the doubt band between no ink and some ink is nobody's.
BLANK_CERTAIN, BLANK_DOUBT = 0.99999, 0.5
# And with some ink where nothing need be written, and our own network sees nothing: as much as a number all agree on.
UNWRITTEN = 0.999
INVALID_MOST, INVALID_DOUBT = 0.99995, 0.7
# What a reading is worth at most against which one particular objection stands.
OBJECTED = 0.9
# What a reading is worth at least that all three makes give in every look.
UNANIMOUS = {Kind.TEXT: 0.997, Kind.PHONE: 0.999, Kind.DIGITS: 0.999, Kind.DATE: 0.999}
# So much more a value that the field's grammar allows is believed than one it does not, in log odds: few write what is
# no date or no number, and many readings are none.
LAWFUL = 3.0
# And so much more a text that is made of words; what is probable by so much at least is certain if all else that was
# read is garbled (docs/design/confidence.md).
WORDY, WORDS_FROM = 6.0, 0.5
# What a make's margin counts for, where it is asked which value is the best supported one; of an address PP-OCR's, too,
# which never met one. Derived in docs/design/confidence.md ("Whom to believe").
VOICES = {"own": 1.0, "paddle": 0.9, "tesseract": 0.25}
VOICES_ON_ADDRESSES = {**VOICES, "paddle": 0.6}
UNMEASURED = 0.25
# What is less likely to a look than this share of the likeliest is none of its thoughts that are kept.
THOUGHT = 0.02
# Ink, in pixels at 300 dpi, than which more says nothing more against a blank.
MUCH_INK = 2000


def weigh(testimony: Testimony, tune: float, calibration: Calibration) -> Reading:
    """The reading of one written field; `tune` is the page's `harmony`. In a date in doubt what one would write is
    believed more readily."""
    found = _weigh(testimony, tune, calibration)
    received = testimony.received
    if received is None or found.confidence >= UNANIMOUS[Kind.DATE]:
        return found
    weighed = with_likely_dates(testimony, received)
    likely = _weigh(weighed, tune, calibration)
    if not is_likely(likely.value, received):
        return found
    doubted = has_a_likely_rival(weighed, likely.value, received)
    return replace(likely, confidence=min(likely.confidence, OBJECTED)) if doubted else likely


def _weigh(testimony: Testimony, tune: float, calibration: Calibration) -> Reading:
    field, line = testimony.field, testimony.line
    if line.blank:
        return _reading(testimony, None, None, BLANK_DOUBT if line.faint else BLANK_CERTAIN)
    keys = rank(testimony)
    if not keys:
        return _reading(testimony, None, None, BLANK_DOUBT)
    value, raw = spell(testimony, keys[0])
    probability = calibration.probability(field.kind.value if keys[0] else BLANK, evidence(testimony, keys[0]))
    if not keys[0] and not field.required and sees_nothing(testimony):
        probability = max(probability, UNWRITTEN)
    if field.kind in UNANIMOUS and value is not None and settled(testimony, keys[0]):
        probability = max(probability, UNANIMOUS[field.kind])
    if unspoilt(testimony, keys[0], raw) and probability >= WORDS_FROM:
        probability = max(probability, UNANIMOUS[Kind.TEXT])
    if field.kind is Kind.EMAIL:
        probability = (
            max(probability, EMAIL_CERTAIN) if beyond_doubt(testimony, keys[0]) else min(probability, OBJECTED)
        )
    probability = min(probability, *objections(testimony, keys[0], raw), 1.0)
    if field.kind is not Kind.TEXT and keys[0] and value is None:
        # A space is a gap as a letter painted over leaves one; what is left is no address either way.
        over = _is_written_over(testimony) if " " in keys[0] else _is_amended(testimony)
        sure = surely_invalid(testimony, keys[0], tune) and not over
        probability = INVALID_MOST if sure else min(probability, INVALID_DOUBT)
    return _reading(testimony, value, raw or None, probability, keys[1:])


def rank(testimony: Testimony) -> list[str]:
    """The keys that witnesses name first, the best supported first: by their margins, each as its make counts."""
    texts = {witness.key: witness.text for witness in testimony.witnesses}
    voices = VOICES_ON_ADDRESSES if testimony.field.kind is Kind.EMAIL else VOICES

    def support(key: str) -> float:
        lawful = LAWFUL if is_value(key) else 0.0
        wordy = testimony.field.kind is Kind.TEXT and made_of_words(texts[key], testimony.address)
        return (
            lawful
            + WORDY * wordy
            + sum(voices.get(witness.engine, UNMEASURED) * witness.margin(key) for witness in testimony.witnesses)
        )

    keys = sorted(texts, key=lambda key: -support(key))
    return likeliest_told(testimony, keys) if keys and testimony.field.kind is Kind.EMAIL else keys


def evidence(testimony: Testimony, key: str) -> dict[str, float]:
    """What speaks for `key` and against it, by witness: what the calibration's weights are for.

    Per place of a witness (`own plain`) its margin for (`+`) and against (`-`), 0 to 1 for MOST log odds, and whether
    it names the key first (`=`); 0 where nobody was asked. `ink` is, for a blank, the ink in it.
    """
    found: dict[str, float] = {}
    if not key:
        found["ink"] = min(testimony.line.area, MUCH_INK) / MUCH_INK
    for witness in testimony.witnesses:
        margin = witness.margin(key) / MOST
        found[f"{witness.place} +"] = max(margin, 0.0)
        found[f"{witness.place} -"] = max(-margin, 0.0)
        found[f"{witness.place} ="] = float(witness.key == key)
    return found | _together(testimony, key) | _writing(testimony, key)


def _writing(testimony: Testimony, key: str) -> dict[str, float]:
    """What the writing itself says: how likely it is type, alone and where the networks agree; of an address, the
    shapes of its glyphs."""
    typed = 1.0 - testimony.pen
    together = _together(testimony, key)
    found = {"typed +": typed}
    for name in ("all =", "least +", "makes +"):
        found[f"typed, {name}"] = typed * together.get(name, 0.0)
    if testimony.field.kind is Kind.EMAIL:
        shapes = shapes_in(testimony, key)
        found["shapes ="] = float(shapes is Shapes.CONFIRMED)
        found["shapes -"] = float(shapes is Shapes.CONTRADICTED)
    return found


def _together(testimony: Testimony, key: str) -> dict[str, float]:
    """What the networks' looks say as one: the worst margin, whether all or all but one name the key first, and the
    lesser of the best margins of either make."""
    looks = [witness for witness in testimony.witnesses if witness.engine in NETWORKS]
    if not looks:
        return {}
    margins = {look.place: look.margin(key) / MOST for look in looks}
    first = sum(look.key == key for look in looks)
    best = [max((margins[look.place] for look in looks if look.engine == make), default=0.0) for make in NETWORKS]
    return {
        "least +": max(min(margins.values()), 0.0),
        "least -": max(-min(margins.values()), 0.0),
        "all =": float(first == len(looks)),
        "all but one =": float(first >= len(looks) - 1),
        "makes +": max(min(best), 0.0),
    }


def objections(testimony: Testimony, key: str, raw: str) -> list[float]:
    """What the reading is worth at most, for each thing that speaks against acting on it however many agree."""
    field = testimony.field
    found = []
    if not key:
        # Only what may be left blank is taken for blank against some ink.
        return [BLANK_DOUBT] if field.required else []
    if testimony.line.doubtful or not raw or _oddly_cased(testimony, key, raw) or not fits_cells(testimony, key):
        found.append(BLANK_DOUBT)
    if _is_amended(testimony):
        found.append(OBJECTED)
    if field.kind is Kind.TEXT and is_questionable(testimony, key, raw):
        found.append(OBJECTED)
    if field.kind is Kind.DATE and _is_doubtful_date(testimony, key):
        found.append(OBJECTED)
    if field.kind is Kind.EMAIL and doubtful(testimony, key):
        found.append(OBJECTED)
    if field.kind in NUMBERS and _is_doubtful_number(testimony, key):
        found.append(OBJECTED)
    return found


def _is_amended(testimony: Testimony) -> bool:
    """Whether somebody may have corrected what was typed: with a pen, or an address with paint."""
    painted = testimony.field.kind is Kind.EMAIL and testimony.pen <= TYPE and may_lack_a_letter(testimony)
    return painted or _is_written_over(testimony)


def _is_written_over(testimony: Testimony) -> bool:
    """Whether a pen may have gone over it, beside it or in it."""
    return testimony.line.amended or is_amended(testimony.amended, testimony.field.kind, testimony.pen)


def _is_doubtful_number(testimony: Testimony, key: str) -> bool:
    """key: a number's, or a date's."""
    if is_rivalled(testimony, key) or not is_believed(testimony, key) or lacks_digits(testimony):
        return True
    if testimony.line.cut and not is_seen_through_walls(testimony, key):
        # An 8 whose side lay on a wall is a 3 to all that look at it without the walls.
        return True
    if testimony.line.clipped and "1" in key.removeprefix("+1"):
        # A 7 whose bar lay on a rule is a 1 to all of them.
        return True
    # A grain beside an empty field's label reads as a digit.
    return testimony.field.kind is Kind.DIGITS and len(key) < 2


def _is_doubtful_date(testimony: Testimony, key: str) -> bool:
    if not (settled(testimony, key) or sure_alike(testimony, key)):
        # A 4 read as a 9 by both networks is still a date.
        return True
    received = testimony.received
    return received is not None and is_value(key) and may_be_likely(testimony, key, received)


def _oddly_cased(testimony: Testimony, key: str, raw: str) -> bool:
    if testimony.field.kind is Kind.EMAIL:
        return is_miscased(testimony, key, raw)
    return testimony.field.kind is Kind.TEXT and is_run_together(raw)


def harmony(testimonies: Sequence[Testimony]) -> float:
    """Share of a page's written fields on which all the engines agree: high for print, low for hands and noise."""
    heard = [testimony for testimony in testimonies if testimony.witnesses]
    agreed = sum(len({witness.key for witness in testimony.witnesses}) == 1 for testimony in heard)
    return agreed / len(heard) if heard else 0.0


def _reading(
    testimony: Testimony, value: str | None, raw: str | None, probability: float, others: Sequence[str] = ()
) -> Reading:
    field = testimony.field
    return Reading(
        field.key,
        value,
        raw,
        probability,
        ReadingSource.OCR,
        field.page,
        field.box,
        tuple(_alternative(testimony.witnesses, key) for key in others[:4]),
        f"ink {testimony.line.area}, specks {testimony.line.specks}",
        {each.place: thoughts_of(each) for each in testimony.witnesses} if field.kind is Kind.EMAIL else {},
    )


def thoughts_of(look: Witness) -> dict[str, float]:
    """What an address may be to a look, with its own chances, but for what is less than THOUGHT as likely as the
    likeliest."""
    chances = look.chances or {look.key: 1.0}
    least = THOUGHT * max(chances.values())
    return {key.removeprefix("!"): chance for key, chance in chances.items() if chance >= least}


def _alternative(witnesses: Sequence[Witness], key: str) -> Alternative:
    best = max((witness for witness in witnesses if witness.key == key), key=lambda witness: witness.score)
    return Alternative(best.value or best.text, best.score)
