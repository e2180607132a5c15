"""The defects that a request may have, one at a time: each changes what is written and adds its reason."""

from __future__ import annotations

from datetime import timedelta

from numpy.random import Generator

from benchmarks.synthesis.chance import chance, digits, pick
from benchmarks.synthesis.request import Request
from benchmarks.synthesis.words import SHARED_LOCALS
from pipeline.model import Code, Kind

DEFECTS = {
    "missing-field": 3.0,
    "missing-signature": 2.0,
    "none-ticked": 1.0,
    "both-ticked": 1.0,
    "shared-mailbox": 1.5,
    "invalid-email": 1.5,
    "same-email": 1.0,
    "wrong-phone": 1.0,
    "wrong-date": 1.0,
    "future-date": 0.5,
    "wrong-licence": 1.0,
}


def add_defect(rng: Generator, request: Request, name: str) -> None:
    """Puts the defect on the request; none where the edition lacks the field that it needs."""
    makers = {
        "missing-field": _leave_out,
        "missing-signature": _leave_unsigned,
        "none-ticked": _tick_none,
        "both-ticked": _tick_both,
        "shared-mailbox": _share_mailbox,
        "invalid-email": _spoil_email,
        "same-email": _repeat_email,
        "wrong-phone": _spoil_phone,
        "wrong-date": _spoil_date,
        "future-date": _postdate,
        "wrong-licence": _spoil_licence,
    }
    if makers[name](rng, request):
        request.cases.append(name)


def _keys(request: Request, *kinds: Kind) -> list[str]:
    return [part.key for part in request.spec.field if part.kind in kinds]


def _leave_out(rng: Generator, request: Request) -> bool:
    keys = [part.key for part in request.spec.field if part.required and part.kind not in (Kind.CHOICE, Kind.SIGNATURE)]
    key = pick(rng, keys)
    request.values[key] = None
    del request.written[key]
    request.reasons.append((Code.FIELD_MISSING, key))
    return True


def _leave_unsigned(rng: Generator, request: Request) -> bool:
    key = pick(rng, _keys(request, Kind.SIGNATURE))
    request.values[key] = False
    if chance(rng, 0.7):  # else the name stays, to be typed where the form is typed
        del request.written[key]
    request.reasons.append((Code.SIGNATURE_MISSING, key))
    return True


def _tick_none(rng: Generator, request: Request) -> bool:
    key = pick(rng, _keys(request, Kind.CHOICE))
    request.values[key], request.ticks[key] = None, ()
    request.reasons.append((Code.FIELD_MISSING, key))
    return True


def _tick_both(rng: Generator, request: Request) -> bool:
    key = pick(rng, _keys(request, Kind.CHOICE))
    part = request.spec.find_field(key)
    assert part is not None
    request.values[key], request.ticks[key] = None, tuple(option.value for option in part.option)
    request.invalid.append(key)
    request.reasons.append((Code.FIELD_INVALID, key))
    return True


def _write_email(request: Request, key: str, text: str) -> None:
    request.written[key] = text.upper() if request.written[key].isupper() else text
    request.values[key] = text


def _share_mailbox(rng: Generator, request: Request) -> bool:
    keys = _keys(request, Kind.EMAIL)
    if not keys:
        return False
    key = pick(rng, keys)
    _write_email(request, key, f"{pick(rng, SHARED_LOCALS)}@{str(request.values[key]).partition('@')[2]}")
    request.reasons.append((Code.EMAIL_SHARED_MAILBOX, key))
    return True


def _spoil_email(rng: Generator, request: Request) -> bool:
    keys = _keys(request, Kind.EMAIL)
    if not keys:
        return False
    key = pick(rng, keys)
    local, _, domain = str(request.values[key]).partition("@")
    bad = pick(rng, (f"{local}.{domain}", f"{local}@{domain.split('.')[0]}", f"{local}@{domain.replace('.', '..', 1)}"))
    _write_email(request, key, bad)
    request.invalid.append(key)
    request.reasons.append((Code.EMAIL_INVALID, key))
    return True


def _repeat_email(rng: Generator, request: Request) -> bool:
    keys = _keys(request, Kind.EMAIL)
    if len(keys) < 2:
        return False
    _write_email(request, keys[1], str(request.values[keys[0]]))
    request.reasons.append((Code.EMAILS_NOT_DIFFERENT, None))
    return True


def _spoil(request: Request, key: str, text: str) -> bool:
    request.values[key] = request.written[key] = text
    request.invalid.append(key)
    request.reasons.append((Code.FIELD_INVALID, key))
    return True


def _spoil_phone(rng: Generator, request: Request) -> bool:
    key = pick(rng, _keys(request, Kind.PHONE))
    return _spoil(request, key, "".join(sign for sign in str(request.values[key])[2:])[:9])


def _spoil_date(rng: Generator, request: Request) -> bool:
    key = pick(rng, _keys(request, Kind.DATE))
    year = str(request.values[key])[:4]
    return _spoil(request, key, f"{year}-{pick(rng, ('13', '00', '02', '04'))}-{pick(rng, ('31', '00', '32'))}")


def _postdate(rng: Generator, request: Request) -> bool:
    key = pick(rng, _keys(request, Kind.DATE))
    late = request.received + timedelta(days=int(rng.integers(5, 300)))
    request.values[key] = request.written[key] = late.isoformat()
    request.reasons.append((Code.FIELD_INVALID, key))
    return True


def _spoil_licence(rng: Generator, request: Request) -> bool:
    text = digits(rng, 5 if chance(rng, 0.7) else 4)
    return _spoil(request, _keys(request, Kind.DIGITS)[1], text) if _keys(request, Kind.DIGITS) else False
