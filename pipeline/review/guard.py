"""The door: every request goes through here, and nothing is open that the table of routes does not open.

Sources: OWASP ASVS 5.0 (V3 web front end, V7 sessions, V8 authorisation).
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.formparsers import FormParser, MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import Response

from pipeline.logs import place_of
from pipeline.model import EngineError, StoreError
from pipeline.review.accounts import Role
from pipeline.review.queue import HeldError
from pipeline.review.sessions import Session, find_session
from pipeline.review.texts import LANGUAGES
from pipeline.review.visit import Handler, House, Visit, go

LOGGER = logging.getLogger(__name__)
# The browser keeps a cookie of this name to this host, to TLS (or to its own machine) and to the whole site.
COOKIE = "__Host-session"
LANGUAGE_COOKIE = "language"
CSRF_FIELD = "csrf"
MOST_BYTES = 1 << 18
MOST_FIELDS = 300
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": browsers would then say the origin of a form is "null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
NOT_KEPT = "no-store"


@dataclass(frozen=True)
class Rule:
    """One thing that can be asked. roles: who may; None: anybody, signed in or not."""

    method: str
    path: str
    roles: frozenset[Role] | None
    handler: Handler

    @property
    def changes(self) -> bool:
        return self.method == "POST"


def endpoint(rule: Rule, house: House) -> Callable[[Request], Awaitable[Response]]:
    """The rule's handler behind the door, in a thread of its own."""

    async def answer(request: Request) -> Response:
        form = await sent(request) if rule.changes else {}
        response = (
            Response(status_code=413) if form is None else await run_in_threadpool(attend, rule, house, request, form)
        )
        return sealed(response, request)

    return answer


def attend(rule: Rule, house: House, request: Request, form: dict[str, str]) -> Response:
    token = request.cookies.get(COOKIE, "")
    session = find_session(house.store, token, house.settings.review) if token else None
    visit = Visit(house, session, language_of(request), request.url, request.path_params, request.query_params, form)
    refusal = refused(rule, visit, session, request)
    if refusal is not None:
        return refusal
    try:
        return rule.handler(visit)
    except HeldError as error:
        text = visit.say("desk.held_by", name=error.args[0]) if error.args[0] else visit.say("desk.lost")
        return visit.refuse(409, text)
    except (StoreError, EngineError) as error:
        LOGGER.error("%s %s: %s", rule.method, rule.path, error)
        return visit.refuse(503, visit.say("refused.trouble"))
    except Exception as error:  # noqa: BLE001 - the page must not quote what is in it, and the others go on
        LOGGER.error("%s %s: a fault of ours: %s", rule.method, rule.path, place_of(error))
        return visit.refuse(500, visit.say("refused.fault"))


def refused(rule: Rule, visit: Visit, session: Session | None, request: Request) -> Response | None:
    """Why this request is not answered; None for one that is."""
    if rule.changes and not from_our_pages(request):
        return visit.refuse(403, visit.say("refused.elsewhere"))
    if rule.roles is None:
        return None
    if session is None:
        return visit.refuse(401, visit.say("refused.signed_out"), back="/login") if rule.changes else go("/login")
    if session.account.role not in rule.roles:
        return visit.refuse(403, visit.say("refused.role"))
    if rule.changes and not hmac.compare_digest(visit.form.get(CSRF_FIELD, ""), session.csrf):
        return visit.refuse(403, visit.say("refused.elsewhere"))
    return None


def from_our_pages(request: Request) -> bool:
    """Whether a browser sent this from a page of ours: it says so itself, and a page cannot make it say so."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or origin == f"{request.url.scheme}://{request.url.netloc}"


async def sent(request: Request) -> dict[str, str] | None:
    """The fields of a form, the last of each name; None for more than a form can be."""
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > MOST_BYTES:
        return None
    kind = request.headers.get("content-type", "").partition(";")[0]
    try:
        if kind == "multipart/form-data":
            parser = MultiPartParser(request.headers, request.stream(), max_files=0, max_fields=MOST_FIELDS)
            parsed = await parser.parse()
        elif kind == "application/x-www-form-urlencoded":
            parsed = await FormParser(request.headers, request.stream()).parse()
        else:
            return {}
    except MultiPartException:
        return None
    return {name: value for name, value in parsed.multi_items() if isinstance(value, str)}


def language_of(request: Request) -> str:
    """As asked for, then as chosen before; else French."""
    for asked in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if asked in LANGUAGES:
            return str(asked)
    return LANGUAGES[0]


def sealed(response: Response, request: Request) -> Response:
    """What every answer carries."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", NOT_KEPT)
    asked = request.query_params.get("lang")
    if asked in LANGUAGES:
        response.set_cookie(LANGUAGE_COOKIE, str(asked), max_age=31_536_000, httponly=True, samesite="strict")
    return response
