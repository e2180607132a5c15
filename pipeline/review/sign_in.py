"""Signing in and out."""

from __future__ import annotations

from starlette.responses import Response

from pipeline.review.accounts import authenticate
from pipeline.review.guard import COOKIE
from pipeline.review.sessions import close_session, open_session
from pipeline.review.visit import Visit, go


def login_page(visit: Visit) -> Response:
    return go("/") if visit.session else visit.page("login.html", wrong=False)


def login(visit: Visit) -> Response:
    account = authenticate(visit.house.store, visit.form.get("name", "").strip(), visit.form.get("password", ""))
    if account is None:
        return visit.page("login.html", 401, wrong=True)
    response = go("/")
    token = open_session(visit.house.store, account)
    response.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="strict")
    return response


def logout(visit: Visit) -> Response:
    if visit.session:
        close_session(visit.house.store, visit.session)
    response = go("/login")
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
    return response
