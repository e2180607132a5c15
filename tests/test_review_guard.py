"""The door of the reviewers' pages: every address for everybody who might ask, and texts that try to be more."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from review_house import SPEC, Office, fields_of, in_doubt, office
from sqlalchemy import update
from starlette.testclient import TestClient

from pipeline.model import Code, Kind
from pipeline.review.accounts import Role
from pipeline.review.application import RULES
from pipeline.store.schema import ReviewRow

# What each may do, written by hand beside the code's own table: method, address, and who is let in (200s and 300s).
ALL = frozenset({"marie", "ode", "aline"})
DECIDING = frozenset({"marie", "aline"})
TABLE: dict[tuple[str, str], frozenset[str]] = {
    ("GET", "/"): ALL,
    ("GET", "/next"): DECIDING,
    ("GET", "/documents/{id}"): ALL,
    ("GET", "/documents/{id}/pages"): ALL,
    ("GET", "/documents/{id}/pages/{number}.png"): ALL,
    ("GET", "/documents/{id}/fields/{key}.png"): ALL,
    ("GET", "/documents/{id}/original"): frozenset({"aline"}),
    ("POST", "/documents/{id}/preview"): DECIDING,
    ("POST", "/documents/{id}/finish"): DECIDING,
    ("POST", "/documents/{id}/form"): DECIDING,
    ("POST", "/documents/{id}/leave"): DECIDING,
    ("GET", "/checks/next"): DECIDING,
    ("GET", "/checks/{id}"): DECIDING,
    ("POST", "/checks/{id}"): DECIDING,
    ("GET", "/figures"): ALL,
    ("GET", "/figures/{name}.svg"): ALL,
    ("GET", "/trail"): frozenset({"ode", "aline"}),
    ("POST", "/logout"): ALL,
    ("GET", "/editions"): frozenset({"aline"}),
    ("GET", "/editions/{number}/{edition}"): frozenset({"aline"}),
    ("GET", "/editions/{number}/{edition}/{page}.png"): frozenset({"aline"}),
    ("POST", "/editions/{number}/{edition}/check"): frozenset({"aline"}),
    ("POST", "/editions/{number}/{edition}/save"): frozenset({"aline"}),
}
OPEN = {("GET", "/login"), ("POST", "/login"), ("GET", "/static/{name}"), ("GET", "/healthz")}
METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")
NAMES = ("marie", "ode", "aline")


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path, checked_share=1.0) as made:
        yield made


def address(path: str, document: str) -> str:
    values = {"{id}": document, "{key}": "section2.email", "{name}": "automation", "{page}": "1"}
    values |= {"{number}/{edition}": "4123/2022-03", "{number}": "1"}
    for part, value in values.items():
        path = path.replace(part, value)
    return path


def test_the_table_is_whole() -> None:
    assert set(TABLE) | OPEN == {(rule.method, rule.path) for rule in RULES}
    assert {rule.path for rule in RULES if rule.roles is None} == {path for _, path in OPEN}
    assert all(rule.roles is None or rule.roles <= set(Role) for rule in RULES)


def test_every_address_for_everybody(room: Office) -> None:
    """Nobody, each role, with and without the token that a change must show, and every method."""
    waiting, accepted = room.enter(in_doubt("section2.email")), room.enter(in_doubt())
    clients = {name: room.sign_in(name) for name in NAMES}
    nobody = room.client_for()
    for (method, path), allowed in TABLE.items():
        if path == "/logout":
            continue
        where = address(path, accepted if path.startswith("/checks") else waiting)
        answer = nobody.request(method, where, follow_redirects=False)
        assert (answer.status_code, answer.headers.get("location")) in ((303, "/login"), (401, None), (403, None)), (
            where
        )
        for name, desk in clients.items():
            free(room)
            hidden = tokens(desk.client) if name in allowed else {}
            answer = desk.client.request(
                method, where, data=hidden if method == "POST" else None, follow_redirects=False
            )
            case = f"{name} {method} {where}: {answer.status_code}"
            if name not in allowed:
                assert answer.status_code == 403, case
            elif method == "GET":
                assert answer.status_code in (200, 303), case
                assert answer.headers.get("location") != "/login", case
            else:
                lacking = (200, 422) if where.startswith("/editions") else (409, 422)
                assert answer.status_code in lacking, case  # let in, and refused for what it lacks
            if method == "POST" and name in allowed:
                for wrong in ({}, {"csrf": "x"}, tokens(clients["aline" if name == "marie" else "marie"].client)):
                    assert desk.client.post(where, data=wrong).status_code == 403, f"{case} without its token"


def test_no_other_method_is_answered(room: Office) -> None:
    waiting = room.enter(in_doubt("section2.email"))
    desk = room.sign_in("aline")
    # An address that is a part of another's: /checks/next is also /checks/{id}.
    known = {(rule.method, rule.path) for rule in RULES} | {("POST", "/checks/next")}
    for path in {rule.path for rule in RULES}:
        for method in METHODS:
            if (method, path) not in known:
                status = desk.client.request(method, address(path, waiting)).status_code
                assert status in (404, 405), f"{method} {path}: {status}"
    assert desk.client.get("/documents").status_code == 404
    assert desk.client.get("/static/../application.py").status_code == 404
    assert desk.client.get("/static/%2e%2e%2fapplication.py").status_code == 404


def free(room: Office) -> None:
    with room.house.store.transaction() as session:
        session.execute(update(ReviewRow).values(holder=None, claim=None, held_until=None))


def tokens(client: TestClient) -> dict[str, str]:
    page = client.get("/").text
    return {"csrf": page.partition('name="csrf" value="')[2].partition('"')[0]}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_sites_page_can_change_nothing(room: Office, headers: dict[str, str]) -> None:
    desk = room.sign_in("marie")
    waiting = room.enter(in_doubt("section2.email"))
    hidden = desk.open(waiting)
    assert desk.client.post(f"/documents/{waiting}/leave", data=hidden, headers=headers).status_code == 403
    answer = room.client_for().post("/login", data={"name": "marie", "password": "x"}, headers=headers)
    assert answer.status_code == 403


def test_every_answer_is_sealed(room: Office) -> None:
    desk = room.sign_in("aline")
    waiting = room.enter(in_doubt("section2.email"))
    for where in (
        "/",
        "/login",
        "/nowhere",
        f"/documents/{waiting}",
        f"/documents/{waiting}/original",
        "/static/desk.js",
    ):
        headers = desk.client.get(where, follow_redirects=False).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
    assert desk.client.get("/").headers["cache-control"] == "no-store"


def test_no_byte_of_the_original_reaches_who_may_not_have_it(room: Office) -> None:
    waiting = room.enter(in_doubt("section2.email"), content="%PDF- accept javascript:app.alert(1)")
    desk = room.sign_in("marie")
    for where in ("", "/pages", "/pages/1.png", "/fields/section2.email.png"):
        assert b"%PDF" not in desk.client.get(f"/documents/{waiting}{where}").content
    given = room.sign_in("aline").client.get(f"/documents/{waiting}/original")
    assert given.content == b"%PDF- accept javascript:app.alert(1)"
    assert given.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in given.headers["content-security-policy"]


# ---------------------------------------------------------------- texts that try to be more

BREAKERS = ("", '"', "'", "</textarea>", "</title>", '"><b a="', "</script>", "-->", "{{7*7}}", "]]>")
PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "javascript:alert(1)",
    '" autofocus onfocus=alert(1) x="',
    "' onmouseover=alert(1) '",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<details open ontoggle=alert(1)>",
    "<base href=//elsewhere.example>",
    "<meta http-equiv=refresh content='0;url=//elsewhere.example'>",
    "<form action=//elsewhere.example><input name=password>",
    "<style>@import '//elsewhere.example'</style>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#x3c;script&#x3e;",
    "\u202e<b>\u0000<i>",
    "${alert(1)}{{constructor.constructor('alert(1)')()}}",
    "<template><slot onslotchange=alert(1)>",
    "\x1b]0;x\x07<x-element is=y>",
)
WHOLE = tuple(breaker + payload for breaker in BREAKERS for payload in PAYLOADS)


class Nodes(HTMLParser):
    """What a page is made of: elements with the names of their attributes, and not a word of its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", ()))


def test_no_text_of_a_document_becomes_part_of_a_page(room: Office) -> None:
    """200 texts in every field and name at once: the pages have the nodes that they have with `mot`."""
    assert len(WHOLE) == 200
    desk = room.sign_in("marie")
    plain = nodes_with(room, desk.client, "mot")
    for text in WHOLE:
        assert nodes_with(room, desk.client, text) == plain, text


def nodes_with(room: Office, client: TestClient, text: str) -> list[list[tuple[str, tuple[str, ...]]]]:
    keys = tuple(field.key for field in SPEC.field if field.kind not in (Kind.SIGNATURE, Kind.CHOICE))
    fields = {
        key: read.model_copy(update={"value": text, "raw": text, "alternatives": (text + "1", text + "2")})
        if key in keys
        else read
        for key, read in fields_of(keys).items()
    }
    document = room.enter(in_doubt(*keys, fields=fields), path=f"{text}.pdf", name=text)
    with room.house.store.transaction() as session:
        session.get_one(ReviewRow, document).note = text
    pages = [
        client.get(f"/documents/{document}"),
        client.get("/"),
        client.get("/", params={"form": text, "code": text, "page": text}),
    ]
    with room.house.store.transaction() as session:
        row = session.get_one(ReviewRow, document)
        row.state, row.holder = "done", None
    assert [page.status_code for page in pages] == [200, 200, 200]
    return [Nodes(page.text).found for page in pages]


def test_what_is_sent_to_a_page_comes_back_as_text(room: Office) -> None:
    desk = room.sign_in("marie")
    waiting = room.enter(in_doubt("section2.email"))
    hidden = desk.open(waiting)
    found = desk.preview(waiting, hidden, value__section2_email=PAYLOADS[0], action__section2_email="value")
    assert found["reasons"][0]["code"] == Code.EMAIL_INVALID.value
    refused = desk.finish(waiting, hidden, "reject", code=PAYLOADS[0])
    assert PAYLOADS[0] not in refused.text
