"""Reading the fields of sections 2 and 3: each kind of field by the reader that suits it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from pipeline.addresses.certain import EMAIL_CERTAIN
from pipeline.calibration import load_calibration
from pipeline.digital import DISAGREE, is_drawn, is_marked_up, on_blank, read_digital, words_in
from pipeline.language.domains import COMMON
from pipeline.marks import BESIDE_BOX, FAIR, MISSING, is_signed_beside, read_choice, read_signature
from pipeline.model import Kind, OcrEngine, Reading, Readings, ReadingSource
from pipeline.pen import TYPE
from pipeline.weighing.beside import among_the_rest, with_the_rest
from pipeline.weighing.weigh import UNANIMOUS, harmony, rank, weigh
from pipeline.witnesses.amended import amended_probability, is_amended, looked_over
from pipeline.witnesses.closer import MAKES, as_if_seen, look_closer
from pipeline.witnesses.testimony import LATER, Round, Testimony, hear, show
from pipeline.writing.combs import lines_of
from pipeline.writing.lift import DPI, Lifted, lift, without
from pipeline.writing.lines import Line

if TYPE_CHECKING:
    from pipeline.register import LaidPage
    from pipeline.specs import FieldSpec, FormSpec

# A field with its ink and its line of writing.
Inked = tuple["FieldSpec", Lifted, Line]

MARKS = frozenset({Kind.CHOICE, Kind.SIGNATURE})
# So many ticks and signatures that are missing on a page in black and white may have been too pale for it. Derived in
# docs/design/marks.md.
MANY = 2
# From here on a field needs no further look, but of the kinds for which two looks of our own and one are not enough.
SETTLED = 0.998
MORE_THAN_ONE_ROUND = frozenset({Kind.EMAIL, Kind.DATE})
# Of which a third make settles what the networks do not agree on, or reads more rightly, by hand too.
SETTLED_BY_A_THIRD = frozenset({Kind.DATE, Kind.TEXT})
# From here on a field needs no closer look; nor does a form of which more fields than these are in doubt whatever it
# shows: see docs/design/confidence.md ("A closer look").
ENOUGH, MOST_LEFT = {**UNANIMOUS, Kind.EMAIL: EMAIL_CERTAIN}, 3


def read(
    pages: Mapping[int, LaidPage],
    spec: FormSpec,
    engines: Sequence[OcrEngine],
    received: date | None = None,
    domains: frozenset[str] = COMMON,
) -> Readings:
    """The readings of every field whose page is there, in the spec's order. received: when the form was, if known;
    domains: those of addresses that one knows."""
    readings: Readings = {}
    written: list[Testimony] = []
    marked: set[str] = set()
    for number, laid in pages.items():
        fields = spec.fields_of_page(number)
        digital = read_digital(laid, fields) if laid.page.born_digital else {}
        # What the page's text calls blank may still be drawn or pasted there: the ink has the last word on that.
        said = {key: reading for key, reading in digital.items() if not reading.blank}
        rest = [field for field in fields if field.key not in said]
        ink = _ink_of(laid, spec, [field for field in rest if field.kind not in MARKS])
        marks = _read_marks(laid, spec, rest, engines)
        marks = _unsure_beside_the_faint(marks, ink)
        if _may_be_lost(marks, laid):
            marks, ink = _doubted(marks, [key for key in marks if not marks[key].value], FAIR), _dates_as_faint(ink)
        readings |= _drawn(said, laid, spec, engines) | marks
        written += show(ink, received, domains)
        marked |= {field.key for field in fields if _is_marked_up(laid, field, said=field.key in said)}
    readings = _doubted(readings | read_writing(written, engines), marked)
    return {field.key: readings[field.key] for field in spec.field if field.key in readings}


def _is_marked_up(laid: LaidPage, field: FieldSpec, *, said: bool) -> bool:
    return field.kind is not Kind.SIGNATURE and is_marked_up(laid, field, said=said)


def _doubted(readings: Readings, keys: Collection[str], most: float = DISAGREE) -> Readings:
    """The readings, of which a person must look at these."""
    return {
        key: replace(reading, confidence=min(reading.confidence, most)) if key in keys else reading
        for key, reading in readings.items()
    }


def _drawn(said: Readings, laid: LaidPage, spec: FormSpec, engines: Sequence[OcrEngine]) -> Readings:
    """What the page's text says, doubted where nobody reads the same in its picture, or somebody has drawn over it."""
    written = [field for field in spec.fields_of_page(laid.number) if field.key in said and field.kind not in MARKS]
    heard = hear(show(_ink_of(laid, spec, written)), engines, DPI, Round.FIRST)
    unlike = (each.field.key for each in heard if not is_drawn(said[each.field.key], each) or _is_drawn_over(each))
    return _doubted(said, {*unlike})


def _is_drawn_over(testimony: Testimony) -> bool:
    line = testimony.line
    return line.amended or is_amended(amended_probability(line.pixels), testimony.field.kind)


def _ink_of(laid: LaidPage, spec: FormSpec, fields: Sequence[FieldSpec]) -> list[Inked]:
    """The ink in each field and its line of writing."""
    return lines_of([(field, lift(laid, spec, field.box, laid.black)) for field in fields])


def _read_marks(laid: LaidPage, spec: FormSpec, fields: Sequence[FieldSpec], engines: Sequence[OcrEngine]) -> Readings:
    choices = {field.key: choice_reading(laid, spec, field) for field in fields if field.kind is Kind.CHOICE}
    signatures = (field for field in fields if field.kind is Kind.SIGNATURE)
    return choices | {field.key: signature_reading(laid, spec, field, engines) for field in signatures}


def _unsure_beside_the_faint(marks: Readings, ink: Sequence[Inked]) -> Readings:
    """The marks, of which none is missing for certain where something in the section is too faint to be read: who wrote
    that so faintly may have ticked and signed there too."""
    faint = {field.section for field, _, line in ink if line.faint}
    return _doubted(
        marks, [key for key, mark in marks.items() if not mark.value and key.partition(".")[0] in faint], FAIR
    )


def _may_be_lost(marks: Readings, laid: LaidPage) -> bool:
    """Whether ticks and signatures that are missing may have been there: of a pale pen a scanner that knows no grey
    makes paper, and nothing is left of all that it ticked, signed and dated."""
    missing = sum(not mark.value and not mark.raw for mark in marks.values())
    return laid.page.black_and_white and missing >= MANY


def _dates_as_faint(ink: Sequence[Inked]) -> list[Inked]:
    """The lines, of which no date is blank for certain."""
    return [
        (field, lifted, replace(line, faint=line.faint or (field.kind is Kind.DATE and line.blank)))
        for field, lifted, line in ink
    ]


def read_writing(testimonies: Sequence[Testimony], engines: Sequence[OcrEngine]) -> Readings:
    """The readings of written fields: two makes of engine look at all, and round by round the rest where these leave a
    doubt."""
    heard = looked_over(among_the_rest(hear(testimonies, engines, DPI, Round.FIRST)))
    calibration = load_calibration()
    pages = {each.field.page for each in heard}
    tunes = {page: harmony([each for each in heard if each.field.page == page]) for page in pages}

    def weighed(some: Sequence[Testimony]) -> Readings:
        return {each.field.key: weigh(each, tunes[each.field.page], calibration) for each in some}

    found = weighed([each for each in heard if not _goes_on(each)])
    asked = heard
    for later in LATER:
        asked = [each for each in asked if each.field.key not in found or _needs(later, each, found[each.field.key])]
        more = {each.field.key: each for each in hear(asked, engines, DPI, later)}
        asked = list(more.values())
        heard = [more.get(each.field.key, each) for each in heard]
        found |= weighed(with_the_rest(asked, heard))
    doubts = [each for each in heard if each.pictures and found[each.field.key].confidence < ENOUGH[each.field.kind]]
    return found | weighed(_looked_closer_at(with_the_rest(doubts, heard), engines, weighed))


def _looked_closer_at(
    doubts: Sequence[Testimony], engines: Sequence[OcrEngine], weighed: Callable[[Sequence[Testimony]], Readings]
) -> Sequence[Testimony]:
    """Those of a form's doubts that a closer look of both networks may settle, with what they see in it; none where a
    person has much to look at whatever they see."""
    networks = {engine.name: engine for engine in engines if engine.name in MAKES}
    asked = _that_may_be_settled(doubts, weighed)
    if len(networks) < len(MAKES) or len(doubts) - len(asked) > MOST_LEFT:
        return ()
    for make in MAKES:
        asked = _that_may_be_settled(look_closer(asked, networks[make], DPI), weighed)
    return asked


def _that_may_be_settled(
    doubts: Sequence[Testimony], weighed: Callable[[Sequence[Testimony]], Readings]
) -> Sequence[Testimony]:
    hopes = weighed([as_if_seen(each, rank(each)[0]) for each in doubts])
    return [each for each in doubts if hopes[each.field.key].confidence >= ENOUGH[each.field.kind]]


def _goes_on(testimony: Testimony) -> bool:
    """Whether a field is looked at in the second round whatever the first one says."""
    return bool(testimony.pictures) and testimony.field.kind in MORE_THAN_ONE_ROUND


def _needs(later: Round, testimony: Testimony, found: Reading) -> bool:
    """Whether a field needs the looks of a later round. What is taken for no valid value, and what a hand wrote, needs
    all."""
    if not testimony.pictures:
        return False
    if later is Round.LAST and testimony.pen > TYPE and not _may_be_confirmed(testimony, found):
        return False
    enough = EMAIL_CERTAIN if testimony.field.kind is Kind.EMAIL else SETTLED
    return found.confidence < enough or (later is Round.LAST and (found.value is None or testimony.pen > TYPE))


def _may_be_confirmed(testimony: Testimony, found: Reading) -> bool:
    """Whether a third make's word on what a hand wrote is worth having: on no address, and of numbers, on what networks
    read alike in every look; of others it makes none certain, and fewer are read rightly (docs/performance.md)."""
    kind = testimony.field.kind
    if kind in SETTLED_BY_A_THIRD:
        return True
    alike = len({witness.key for witness in testimony.witnesses}) == 1
    return alike and (kind is not Kind.EMAIL or found.value is None)


def choice_reading(laid: LaidPage, spec: FormSpec, field: FieldSpec) -> Reading:
    choice = read_choice(laid, spec, field, laid.black)
    value = choice.ticked[0] if len(choice.ticked) == 1 else None
    raw = ", ".join(choice.ticked) or None
    return Reading(field.key, value, raw, choice.confidence, ReadingSource.MARK, field.page, field.box)


def signature_reading(laid: LaidPage, spec: FormSpec, field: FieldSpec, engines: Sequence[OcrEngine]) -> Reading:
    lifted = lift(laid, spec, field.box, laid.black, margin=2)
    # Words of the page itself are typed: whatever else is there may have been signed.
    signature = read_signature(
        without(lifted, [on_blank(laid, word.box) for word in words_in(laid, field.box)]), engines
    )
    if signature == MISSING and is_signed_beside(lift(laid, spec, field.box, laid.black, margin=BESIDE_BOX)):
        signature = replace(signature, confidence=FAIR, note="signed beside")
    return Reading(
        field.key,
        signature.present,
        None,
        signature.confidence,
        ReadingSource.MARK,
        field.page,
        field.box,
        note=signature.note,
    )
