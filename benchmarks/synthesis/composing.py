"""Makes up a request: people, what they write in each field, and now and then a defect or a correction."""

from __future__ import annotations

from datetime import date, timedelta

from numpy.random import Generator

from benchmarks.synthesis.chance import chance, digits, pick, weighted
from benchmarks.synthesis.defects import DEFECTS, add_defect
from benchmarks.synthesis.people import Person, make_company, make_person
from benchmarks.synthesis.request import Request
from benchmarks.synthesis.spellings import spell_date, spell_telephone
from pipeline.model import Kind
from pipeline.specs import FieldSpec, FormSpec


def make_request(rng: Generator, spec: FormSpec, received: date, hand: bool, held_out: bool) -> Request:
    """A request on one edition, received on a day: acceptable, but for about 15 in 100 that have one defect."""
    request = Request(spec, received)
    people = {"section2": make_person(rng, held_out), "section3": make_person(rng, held_out)}
    while people["section3"].email.split("@")[0] == people["section2"].email.split("@")[0]:
        people["section3"] = make_person(rng, held_out)
    signed = received - timedelta(days=int(weighted(rng, {0: 2.0, 1: 1.0, int(rng.integers(2, 40)): 4.0})))
    capitals = chance(rng, 0.25) or (any(part.layout == "comb" and part.kind is Kind.TEXT for part in spec.field))
    for part in spec.field:
        write_field(rng, request, part, people[part.key.partition(".")[0]], signed, held_out)
    if capitals:
        use_capitals(request)
    if chance(rng, 0.15):
        add_defect(rng, request, weighted(rng, DEFECTS))
    elif hand and chance(rng, 0.05):
        correct(rng, request)
    if hand:
        request.ambiguous += [
            key for key in request.written if key.endswith("email") and confusable(request.written[key])
        ]
    return request


def write_field(
    rng: Generator, request: Request, part: FieldSpec, person: Person, signed: date, held_out: bool
) -> None:
    """Fills one field with what `person` writes."""
    leaf = part.key.partition(".")[2]
    if part.kind is Kind.CHOICE:
        chosen = pick(rng, part.option).value if chance(rng, 0.4) else part.option[0].value
        request.values[part.key], request.ticks[part.key] = chosen, (chosen,)
        return
    if part.kind is Kind.SIGNATURE:
        request.values[part.key], request.written[part.key] = True, f"{person.given_name} {person.family_name}"
        return
    value, text = compose(rng, leaf, person, signed, held_out)
    if part.layout == "comb" and part.kind is Kind.TEXT:
        while text is not None and len(text) > len(part.cells):
            value, text = compose(rng, leaf, make_person(rng, held_out), signed, held_out)
    request.values[part.key] = value
    if text is not None:
        request.written[part.key] = text


def compose(rng: Generator, leaf: str, person: Person, signed: date, held_out: bool) -> tuple[str | None, str | None]:
    """The canonical value and what is written, for a field by the last part of its key; None where left blank."""
    if leaf == "telephone":
        return f"+1{person.telephone}", spell_telephone(rng, person.telephone)
    if leaf == "telephone_extension":
        return person.extension, person.extension
    if leaf == "signed_on":
        return signed.isoformat(), spell_date(rng, signed)
    if leaf == "licence_number":
        value = digits(rng, 6)
    elif leaf == "company":
        value = make_company(rng, held_out)
    else:
        value = str(getattr(person, leaf))
    return value, value


def use_capitals(request: Request) -> None:
    """Everything in capitals, as some people write; an address stays lower case in the values."""
    for part in request.spec.field:
        if part.key in request.written and part.kind in (Kind.TEXT, Kind.EMAIL):
            request.written[part.key] = request.written[part.key].upper()
            if part.kind is Kind.TEXT:
                request.values[part.key] = request.written[part.key]


def correct(rng: Generator, request: Request) -> None:
    """A first text struck out before the right one, or a first tick scratched out."""
    choices = [part for part in request.spec.field if part.kind is Kind.CHOICE]
    if chance(rng, 0.4):
        part = pick(rng, choices)
        request.scratched[part.key] = next(o.value for o in part.option if o.value not in request.ticks[part.key])
    else:
        part = pick(rng, [p for p in request.spec.field if p.kind is Kind.TEXT and p.layout != "comb"] or choices)
        text = request.written.get(part.key)
        if text is None or not 3 <= len(text) <= 22:
            return
        request.struck[part.key] = text[: max(2, len(text) // 2)]
    request.ambiguous.append(part.key)
    request.cases.append("correction")


def confusable(address: str) -> bool:
    """A hand-written address with a sign that could be another one: 0 and O, 1 and l."""
    return any(sign in address for sign in "01")
