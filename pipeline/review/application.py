"""The table of everything that can be asked, by whom, and the server that answers."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipeline.config import LOOPBACK, Review
from pipeline.review import checks, desk, editions, figures, finishing, overview, sign_in
from pipeline.review.accounts import Role
from pipeline.review.guard import Rule, endpoint, sealed
from pipeline.review.visit import FOLDER, House, Visit

ANYBODY = None
EVERYONE = frozenset(Role)
DECIDING = frozenset({Role.REVIEWER, Role.ADMIN})
OVERSEEING = frozenset({Role.AUDITOR, Role.ADMIN})
ADMIN = frozenset({Role.ADMIN})

STATIC = {
    "style.css": "text/css; charset=utf-8",
    "desk.js": "text/javascript; charset=utf-8",
    "edition.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


def static(visit: Visit) -> Response:
    kind = STATIC.get(visit.path["name"])
    if kind is None:
        return Response(status_code=404)
    content = (FOLDER / "static" / visit.path["name"]).read_bytes()
    return Response(content, media_type=kind, headers={"Cache-Control": "public, max-age=300"})


RULES = (
    Rule("GET", "/login", ANYBODY, sign_in.login_page),
    Rule("POST", "/login", ANYBODY, sign_in.login),
    Rule("POST", "/logout", EVERYONE, sign_in.logout),
    Rule("GET", "/static/{name}", ANYBODY, static),
    Rule("GET", "/healthz", ANYBODY, overview.health),
    Rule("GET", "/", EVERYONE, overview.queue_page),
    Rule("GET", "/next", DECIDING, desk.next_document),
    Rule("GET", "/documents/{id}", EVERYONE, desk.desk_page),
    Rule("GET", "/documents/{id}/pages", EVERYONE, desk.pages_of),
    Rule("GET", "/documents/{id}/pages/{number}.png", EVERYONE, desk.page_picture),
    Rule("GET", "/documents/{id}/fields/{key}.png", EVERYONE, desk.field_picture),
    Rule("GET", "/documents/{id}/original", ADMIN, desk.original),
    Rule("POST", "/documents/{id}/preview", DECIDING, desk.preview),
    Rule("POST", "/documents/{id}/finish", DECIDING, finishing.finish),
    Rule("POST", "/documents/{id}/form", DECIDING, finishing.choose_form),
    Rule("POST", "/documents/{id}/leave", DECIDING, desk.leave),
    Rule("GET", "/checks/next", DECIDING, checks.next_check),
    Rule("GET", "/checks/{id}", DECIDING, checks.check_page),
    Rule("POST", "/checks/{id}", DECIDING, checks.finish_check),
    Rule("GET", "/figures", EVERYONE, figures.figures_page),
    Rule("GET", "/figures/{name}.svg", EVERYONE, figures.chart),
    Rule("GET", "/trail", OVERSEEING, overview.trail_page),
    Rule("GET", "/editions", ADMIN, editions.editions_page),
    Rule("GET", "/editions/{number}/{edition}", ADMIN, editions.edition_page),
    Rule("GET", "/editions/{number}/{edition}/{page}.png", ADMIN, editions.blank_picture),
    Rule("POST", "/editions/{number}/{edition}/check", ADMIN, editions.check_edition),
    Rule("POST", "/editions/{number}/{edition}/save", ADMIN, editions.save_edition),
)


def application(house: House) -> Starlette:
    routes = [Route(rule.path, endpoint(rule, house), methods=[rule.method]) for rule in RULES]
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=names_of(house.settings.review), www_redirect=False)
    return Starlette(
        routes=routes, middleware=[hosts], exception_handlers={404: not_there, 405: not_there, 500: not_there}
    )


def names_of(review: Review) -> list[str]:
    """What the pages may be called by: a name that somebody else made to point here is none of ours."""
    return [*sorted(LOOPBACK), "[::1]", *({review.host} - LOOPBACK), *review.names]


async def not_there(request: Request, error: Exception) -> Response:
    return sealed(Response(status_code=getattr(error, "status_code", 500)), request)
