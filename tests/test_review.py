"""The reviewers' pages: whose desk a document is on, what they may do with it, and what is kept of that."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from review_house import PASSWORD, Desk, Office, fields_of, in_doubt, office, unidentified
from sqlalchemy import func, select, update

from pipeline.balance import examine, take_stock
from pipeline.emitted import Emitted
from pipeline.model import ReadingSource, Verdict, Versions
from pipeline.review import queue
from pipeline.review.accounts import FREE_TRIES, AccountError, Role, add_account, change_account
from pipeline.store.schema import AccountRow, AuditRow, CorrectionRow, ReviewRow, SessionRow

EMAIL = "section2.email"
ADDRESS = "jacques.untel@xx.com"


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as made:
        yield made


@pytest.fixture
def marie(room: Office) -> Desk:
    return room.sign_in("marie")


def typed(value: str = ADDRESS, again: str | None = None) -> dict[str, str]:
    return {
        "value__section2_email": value,
        "again__section2_email": value if again is None else again,
        "action__section2_email": "value",
    }


def events(room: Office) -> list[tuple[str, str | None]]:
    with room.house.store.transaction() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.sequence))
        return [(row.event, row.actor) for row in rows if row.event not in ("account-added", "signed-in")]


# ---------------------------------------------------------------- the way of one document


def test_a_doubt_that_is_cleared_becomes_an_accepted_record(room: Office, marie: Desk) -> None:
    waiting = room.enter(in_doubt(EMAIL))
    hidden = marie.open(waiting)
    foretold = marie.preview(waiting, hidden, **typed())
    assert (foretold["decision"], foretold["reasons"]) == ("accept", [])
    assert room.record(waiting).decision is Verdict.REVIEW
    answer = marie.finish(waiting, hidden, **typed())
    assert answer.headers["location"] == "/next?done=accept"
    record = room.record(waiting)
    assert record.decision is Verdict.ACCEPT
    assert record.fields[EMAIL].source is ReadingSource.REVIEWER
    assert room.house.store.find(waiting).decision is Verdict.ACCEPT  # type: ignore[union-attr]
    assert events(room) == [("decided", None), ("opened", "account:1"), ("decided", "account:1")]
    assert marie.client.get("/next").url.path == "/"


def test_the_corrected_record_comes_out_after_the_first(room: Office, marie: Desk, tmp_path: Path) -> None:
    """The file of records is a history: the last line of a document holds. Made anew, it is the same."""
    waiting = room.enter(in_doubt(EMAIL))
    path = tmp_path / "out.jsonl"
    emitted = Emitted(path, room.house.store)
    assert emitted.catch_up() == 1
    marie.finish(waiting, marie.open(waiting), **typed())
    assert emitted.catch_up() == 1
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(line["id"], line["decision"]) for line in lines] == [(waiting, "review"), (waiting, "accept")]
    before = path.read_bytes()
    path.unlink()
    assert Emitted(path, room.house.store).catch_up() == 2
    assert path.read_bytes() == before
    assert take_stock(room.house.store).faults == ()
    assert list(examine(room.house.store, path)) == []


def test_an_address_in_doubt_is_typed_twice_alike(room: Office, marie: Desk) -> None:
    waiting = room.enter(in_doubt(EMAIL))
    hidden = marie.open(waiting)
    for again in ("", "jacques.unte1@xx.com"):
        refused = marie.finish(waiting, hidden, **typed(again=again))
        assert refused.status_code == 422
        assert room.record(waiting).decision is Verdict.REVIEW
    assert marie.finish(waiting, hidden, **typed(again=ADDRESS.upper())).status_code == 303


def test_a_document_still_in_doubt_is_not_finished(room: Office, marie: Desk) -> None:
    waiting = room.enter(in_doubt(EMAIL, "section3.signed_on"))
    hidden = marie.open(waiting)
    refused = marie.finish(waiting, hidden, **typed())
    assert refused.status_code == 422
    assert "Date" in refused.text
    assert room.record(waiting).fields[EMAIL].source is ReadingSource.OCR


def test_a_document_is_put_aside_with_a_note_and_what_was_cleared(room: Office, marie: Desk) -> None:
    waiting = room.enter(in_doubt(EMAIL, "section3.signed_on"))
    hidden = marie.open(waiting)
    assert marie.finish(waiting, hidden, "note").status_code == 422
    assert marie.finish(waiting, hidden, "note", note="page à redemander", **typed()).status_code == 303
    page = marie.client.get("/").text
    assert "page à redemander" in page
    assert "1</dd>" in page
    assert room.record(waiting).fields[EMAIL].source is ReadingSource.REVIEWER
    assert marie.client.get("/next").url.path == "/"  # it is not offered again, but can be opened
    done = marie.finish(
        waiting, marie.open(waiting), value__section3_signed_on="2022-04-04", action__section3_signed_on="value"
    )
    assert done.headers["location"] == "/next?done=accept"


def test_a_document_is_rejected_by_hand_with_a_reason_of_the_table(room: Office, marie: Desk) -> None:
    waiting, strange = room.enter(in_doubt(EMAIL)), room.enter(unidentified)
    hidden = marie.open(waiting)
    for code in ("", "low-confidence", "duplicate-document", "no-such-code"):
        assert marie.finish(waiting, hidden, "reject", code=code).status_code == 422
    marie.finish(waiting, hidden, "reject", code="signature-missing", field="section3.signature")
    reasons = [(reason.code.value, reason.field) for reason in room.record(waiting).reasons]
    assert reasons == [("signature-missing", "section3.signature"), ("low-confidence", EMAIL)]
    marie.finish(strange, marie.open(strange), "reject", code="form-not-accepted")
    assert room.record(strange).decision is Verdict.REJECT


def test_what_was_read_is_kept_beside_what_a_person_found(room: Office, marie: Desk) -> None:
    waiting = room.enter(in_doubt(EMAIL, "section2.job_title"))
    marie.finish(
        waiting,
        marie.open(waiting),
        value__section2_job_title="Analystes",
        action__section2_job_title="value",
        **typed(),
    )
    with room.house.store.transaction() as session:
        rows = {row.field: row for row in session.scalars(select(CorrectionRow))}
        assert (json.loads(rows[EMAIL].read_value), json.loads(rows[EMAIL].value), rows[EMAIL].same) == (
            ADDRESS,
            ADDRESS,
            True,
        )
        assert rows["section2.job_title"].same is False
        review = session.get_one(ReviewRow, waiting)
        assert (review.state, review.done_by) == ("done", 1)
        assert review.seconds is not None


# ---------------------------------------------------------------- two people


def test_two_people_never_work_on_one_document(room: Office, marie: Desk) -> None:
    first, second = room.enter(in_doubt(EMAIL)), room.enter(in_doubt(EMAIL))
    hidden = marie.open(first)
    paul = room.sign_in("paul")
    refused = paul.client.get(f"/documents/{first}")
    assert refused.status_code == 409
    assert "marie" in refused.text
    assert paul.client.get("/next").url.path == f"/documents/{second}"
    assert "chez marie" in paul.client.get("/").text
    theirs = dict(paul.open(second), claim=hidden["claim"])
    assert paul.finish(first, theirs, **typed()).status_code == 409
    assert marie.client.post(f"/documents/{first}/leave", data=hidden).status_code == 200
    assert marie.finish(first, hidden, **typed()).status_code == 409
    assert paul.finish(first, paul.open(first), **typed()).status_code == 303


def test_a_desk_that_was_left_is_free_after_a_while(room: Office, marie: Desk) -> None:
    waiting = room.enter(in_doubt(EMAIL))
    hidden = marie.open(waiting)
    with room.house.store.transaction() as session:
        session.execute(update(ReviewRow).values(held_until="2022-01-01T00:00:00+00:00"))
    paul = room.sign_in("paul")
    paul.open(waiting)
    assert marie.finish(waiting, hidden, **typed()).status_code == 409
    assert room.record(waiting).decision is Verdict.REVIEW


def test_of_fifty_posts_at_once_one_wins(room: Office, marie: Desk) -> None:
    waiting = room.enter(in_doubt(EMAIL))
    hidden = marie.open(waiting)
    with ThreadPoolExecutor(50) as people:
        answers = list(people.map(lambda _: marie.finish(waiting, hidden, **typed()).status_code, range(50)))
    assert sorted(answers) == [303] + [409] * 49
    with room.house.store.transaction() as session:
        assert session.scalar(select(func.count()).select_from(CorrectionRow)) == 1
        assert session.scalar(select(func.count()).where(AuditRow.event == "decided")) == 2


def test_where_set_so_a_second_person_types_the_addresses(tmp_path: Path) -> None:
    with office(tmp_path, email_entry="two-people") as room:
        marie, paul, aline = map(room.sign_in, ("marie", "paul", "aline"))
        waiting = room.enter(in_doubt(EMAIL, "section3.signed_on"))
        date = {"value__section3_signed_on": "2022-04-04", "action__section3_signed_on": "value"}
        marie.finish(waiting, marie.open(waiting), **typed("jacques.unte1@xx.com"), **date)
        record = room.record(waiting)
        assert record.decision is Verdict.REVIEW
        assert record.fields["section3.signed_on"].source is ReadingSource.REVIEWER
        assert record.fields[EMAIL].value == ADDRESS  # what was read: what she typed is nobody's to see
        assert marie.client.get("/next").url.path == "/"
        assert 'name="claim"' not in marie.client.get(f"/documents/{waiting}").text
        page = paul.client.get(f"/documents/{waiting}").text
        assert "unte1" not in page
        assert ADDRESS not in page
        paul.finish(waiting, dict(paul.open(waiting)), **typed())
        assert room.record(waiting).decision is Verdict.REVIEW  # the two differ: a third person looks
        assert aline.finish(waiting, aline.open(waiting), **typed()).headers["location"] == "/next?done=accept"
        assert room.record(waiting).delivery.temporary_password_to == ADDRESS  # type: ignore[union-attr]


# ---------------------------------------------------------------- the queue


def test_the_queue_shows_the_oldest_first_and_can_be_filtered(room: Office, marie: Desk) -> None:
    first, second, third = room.enter(in_doubt(EMAIL)), room.enter(unidentified), room.enter(in_doubt("section3.email"))
    room.enter(in_doubt())  # accepted: not in the queue

    def shown(query: str = "") -> list[str]:
        return re.findall(r'href="/documents/([0-9a-f]{16})"', marie.client.get(f"/{query}").text)

    assert shown() == [first, second, third]
    assert shown("?form=-") == [second]
    assert shown("?form=4123 2022-03") == [first, third]
    assert shown("?code=form-unidentified") == [second]
    assert shown("?state=noted") == []
    assert shown("?page=2") == []
    assert shown("?page=x&state=y&code=z") == [first, second, third]


def test_a_share_of_what_was_accepted_is_checked_blindly(tmp_path: Path) -> None:
    with office(tmp_path, checked_share=1.0, checked_fields=2) as room:
        accepted = room.enter(in_doubt())
        marie = room.sign_in("marie")
        answer = marie.client.get("/checks/next")
        assert answer.url.path == f"/checks/{accepted}"
        for written in ("Untel", ADDRESS, "Boréal", "anne.tremblay"):
            assert written not in answer.text, "what was read is not shown"
        hidden = dict(re.findall(r'name="(csrf|claim)" value="([^"]*)"', answer.text))
        keys = re.findall(r'data-key="([^"]*)"', answer.text)
        assert {EMAIL, "section3.email"} <= set(keys)
        assert len(keys) == 4
        wrong = {f"value:{key}": "x@y.ca" if key == EMAIL else str(fields_of()[key].value) for key in keys}
        said = {name: value.lower() if value in ("True", "False") else value for name, value in wrong.items()}
        assert marie.client.post(f"/checks/{accepted}", data=hidden).status_code == 422
        assert marie.client.post(f"/checks/{accepted}", data=hidden | said).url.path == "/"
        record = room.record(accepted)
        assert (record.decision, record.fields[EMAIL].value) == (Verdict.ACCEPT, ADDRESS), "a check changes nothing"
        with room.house.store.transaction() as session:
            outcomes = {row.field: row.same for row in session.scalars(select(CorrectionRow))}
        assert outcomes == {key: key != EMAIL for key in keys}
        assert marie.client.get(f"/checks/{accepted}").status_code == 404
        assert "1 / 1" in marie.client.get("/figures").text


def test_no_check_is_due_beyond_the_share(tmp_path: Path) -> None:
    with office(tmp_path, checked_share=0.0) as room:
        accepted = room.enter(in_doubt())
        marie = room.sign_in("marie")
        assert marie.client.get("/checks/next").url.path == "/"
        assert marie.client.get(f"/checks/{accepted}").status_code == 404


def test_figures_are_counted_and_drawn(room: Office, marie: Desk) -> None:
    waiting = room.enter(in_doubt(EMAIL))
    room.enter(in_doubt())
    marie.finish(waiting, marie.open(waiting), **typed("j.untel@xx.com"))
    page = marie.client.get("/figures?weeks=4&form=4123 2022-03").text
    assert "1 / 2 · 50.0 %" in page
    assert "1 / 1 · 100.0 %" in page  # the address was corrected
    for name in ("automation", "corrected", "errors", "reasons", "seconds"):
        drawn = marie.client.get(f"/figures/{name}.svg")
        assert (drawn.status_code, drawn.headers["content-type"]) == (200, "image/svg+xml")
    assert marie.client.get("/figures/else.svg").status_code == 404


# ---------------------------------------------------------------- who may come in


def test_a_password_cannot_be_guessed(room: Office) -> None:
    client = room.client_for()
    for _ in range(FREE_TRIES):
        assert client.post("/login", data={"name": "marie", "password": "wrong"}).status_code == 401
    refused = client.post("/login", data={"name": "marie", "password": PASSWORD})
    assert refused.status_code == 401, "even the right one has to wait"
    nobody = client.post("/login", data={"name": "nobody", "password": PASSWORD})
    assert nobody.text == refused.text, "nothing tells which names there are"
    with room.house.store.transaction() as session:
        session.execute(update(AccountRow).values(locked_until="2022-01-01T00:00:00+00:00"))
    assert client.post("/login", data={"name": "marie", "password": PASSWORD}).url.path == "/"


def test_a_closed_account_is_out_at_once(room: Office, marie: Desk) -> None:
    assert marie.client.get("/").url.path == "/"
    change_account(room.house.store, "marie", disabled=True)
    assert marie.client.get("/").url.path == "/login"
    assert room.client_for().post("/login", data={"name": "marie", "password": PASSWORD}).status_code == 401


@pytest.mark.parametrize("times", [{"seen_at": "2022-01-01T00:00:00+00:00"}, {"made_at": "2022-01-01T00:00:00+00:00"}])
def test_a_session_ends_when_unused_and_when_old(room: Office, marie: Desk, times: dict[str, str]) -> None:
    with room.house.store.transaction() as session:
        session.execute(update(SessionRow).values(**times))
    assert marie.client.get("/").url.path == "/login"


def test_signing_out_ends_the_session(room: Office, marie: Desk) -> None:
    waiting = room.enter(in_doubt(EMAIL))
    hidden = marie.open(waiting)
    cookie = marie.client.cookies["__Host-session"]
    assert marie.client.post("/logout", data=hidden).url.path == "/login"
    stolen = room.client_for()
    stolen.cookies.set("__Host-session", cookie, domain="localhost")
    assert stolen.get("/").url.path == "/login"


def test_the_cookie_stays_with_this_site(room: Office) -> None:
    answer = room.client_for().post("/login", data={"name": "marie", "password": PASSWORD}, follow_redirects=False)
    cookie = answer.headers["set-cookie"]
    assert {"Secure", "HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    with room.house.store.transaction() as session:
        (row,) = session.scalars(select(SessionRow)).all()
        assert row.token not in cookie, "the store knows its hash alone"


@pytest.mark.parametrize(
    ("name", "password"),
    [("marie", PASSWORD), ("Marie", PASSWORD), ("a b", PASSWORD), ("new", "short"), ("new", "x" * 300)],
)
def test_an_account_that_cannot_be_is_refused(room: Office, name: str, password: str) -> None:
    with pytest.raises(AccountError):
        add_account(room.house.store, name, Role.REVIEWER, password)


# ---------------------------------------------------------------- bad weather


def test_a_document_without_pictures_can_still_be_treated(room: Office, marie: Desk) -> None:
    """Its reading process dies, or its original was too large to be kept."""
    waiting = room.enter(in_doubt(EMAIL))
    hidden = marie.open(waiting)
    assert marie.client.get(f"/documents/{waiting}/pages").json()["laid"] is True
    assert marie.client.get(f"/documents/{waiting}/pages/1.png").content.startswith(b"\x89PNG")
    assert marie.client.get(f"/documents/{waiting}/pages/9.png").status_code == 404
    assert marie.client.get(f"/documents/{waiting}/fields/{EMAIL}.png").content.startswith(b"\x89PNG")
    assert marie.client.get(f"/documents/{waiting}/fields/section9.x.png").status_code == 404
    assert marie.finish(waiting, hidden, **typed()).status_code == 303


def test_a_record_says_by_which_versions_it_was_decided(room: Office, marie: Desk) -> None:
    made = Versions(program="1", engines=("paddle 6",), family="f", layout="a1b2c3", terms="t", rules="r9", limits="l")
    make = in_doubt(EMAIL)
    waiting = room.enter(lambda document: make(document).model_copy(update={"versions": made}))
    page = marie.client.get(f"/documents/{waiting}").text
    assert "paddle 6" in page
    assert "a1b2c3" in page
    assert "versions" not in room.record(waiting).to_contract_json()


def test_a_form_too_large_is_not_read(room: Office, marie: Desk) -> None:
    waiting = room.enter(in_doubt(EMAIL))
    hidden = marie.open(waiting)
    assert marie.finish(waiting, hidden, **typed("x" * 300_000)).status_code == 413
    many: dict[str, Any] = {f"x{rank}": (None, "y") for rank in range(400)}
    assert marie.client.post(f"/documents/{waiting}/preview", files=many).status_code == 413


def test_the_pages_are_only_served_under_their_own_names(room: Office) -> None:
    assert room.client_for().get("/login", headers={"Host": "elsewhere.example"}).status_code == 400


def test_the_queue_asks_the_store_no_more_of_many_records(room: Office, marie: Desk) -> None:
    """Counted, not timed: `benchmarks/review.py` times it."""
    room.enter(in_doubt(EMAIL))
    asked = statements(room, lambda: marie.client.get("/"))
    for _ in range(30):
        room.enter(in_doubt(EMAIL))
    assert statements(room, lambda: marie.client.get("/")) == asked
    with room.house.store.transaction() as session:
        lines, count = queue.waiting(session, queue.Filters())
        assert (len(lines), count) == (31, 31)


def statements(room: Office, act: Any) -> int:
    from sqlalchemy import event

    seen: list[str] = []
    engine = room.house.store._engine
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    before = len(seen)
    act()
    return len(seen) - before
