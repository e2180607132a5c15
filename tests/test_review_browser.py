"""The reviewers' pages as people use them: a real Chromium on the real server, over samples that were really read."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import axe_core_python
import pytest
from dovecot import free_port
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from scanned_forms import ROOT

from pipeline.review.accounts import Role, add_account
from pipeline.specs import load_spec
from pipeline.store.records import Store

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here: install Debian's chromium")

OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SCREEN = {"width": 1366, "height": 768}
PASSWORD = "correct horse battery"
HOSTILE = '"><img src=x onerror="document.title=1">.pdf'
AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
MOST_KEYS = 8
# Where the pictures of README and docs are made anew: SCREENSHOTS=docs make unit ARGS=tests/test_review_browser.py
PICTURES = os.environ.get("SCREENSHOTS")


class Office:
    """A store with some of the samples in it, and the server over it."""

    def __init__(self, root: Path) -> None:
        self.root, self.port = root, free_port()
        self.mail = root / "mail"
        shutil.copytree(
            ROOT / "samples" / "mail", self.mail, ignore=lambda _, names: set(names) - {"0036.eml", "0042.eml"}
        )
        (self.mail / "0099.eml").write_bytes(hostile_mail())
        (root / "config.toml").write_text(
            # No address is certain enough: how well the readers read is not what is tested here.
            f"[paths]\ndata = 'data'\nspecs = '{ROOT / 'forms_specs'}'\n[review]\nchecked_share = 1.0\n"
            "[confidence]\nemail = 0.00001\n"
        )
        self.process()
        with Store(root / "data") as store:
            for name, role in (("marie", Role.REVIEWER), ("paul", Role.REVIEWER), ("aline", Role.ADMIN)):
                add_account(store, name, role, PASSWORD)
        self.server = subprocess.Popen(self.command("review", "--port", str(self.port)), stderr=subprocess.PIPE)
        assert self.server.stderr
        assert b"http://127.0.0.1" in self.server.stderr.readline()
        self.url = f"http://localhost:{self.port}"

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "pipeline", *arguments, "--config", str(self.root / "config.toml")]

    def process(self) -> dict[str, dict[str, Any]]:
        """The folder run (again); its records by file and attachment."""
        out = self.root / "records.jsonl"
        subprocess.run(self.command("process", str(self.mail), "--records", str(out)), check=True, capture_output=True)
        records = [json.loads(line) for line in out.read_text().splitlines()]
        return {f"{Path(each['source']['path']).name} {each['source']['attachment']}": each for each in records}

    def find(self, name: str) -> dict[str, Any]:
        return next(record for key, record in self.process().items() if name in key)

    def end(self) -> None:
        self.server.terminate()
        self.server.wait(20)


def hostile_mail() -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "a@example.org", "b@example.org"
    message["Date"] = "Tue, 19 Apr 2022 12:00:00 -0400"
    message["Message-ID"] = "<99@example.org>"
    message.set_content("x")
    content = (ROOT / "samples" / "scans" / "2022-04-19" / "90033.pdf").read_bytes()
    message.add_attachment(content, maintype="application", subtype="pdf", filename=HOSTILE)
    return message.as_bytes()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = Office(tmp_path_factory.mktemp("office"))
    yield made
    made.end()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield started
        started.close()


@pytest.fixture
def enter(office: Office, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Somebody signs in, with the keyboard, in a window of their own."""
    contexts: list[BrowserContext] = []

    def make(name: str = "marie", **options: Any) -> Page:
        context = browser.new_context(viewport=options.pop("viewport", SCREEN), locale="fr-CA", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"{page.url}: {error}"))
        page.goto(f"{office.url}/")
        page.wait_for_selector("#name:focus")
        page.keyboard.type(name)
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(f"{office.url}/")
        return page

    yield make
    for context in contexts:
        context.close()


def focused(page: Page) -> str:
    """What has the focus: the name of an input, or an id."""
    return str(page.evaluate("document.activeElement.name || document.activeElement.id"))


def shot(page: Page, name: str) -> None:
    if PICTURES:
        page.wait_for_timeout(1500)
        page.screenshot(path=Path(PICTURES) / f"{name}.png")


def open_desk(page: Page, office: Office, name: str) -> str:
    """The document with this in its name, before the person; its id."""
    record_id = str(office.find(name)["id"])
    page.goto(f"{office.url}/documents/{record_id}")
    page.wait_for_selector("figure .marker, figure img")
    return record_id


def test_axe_finds_nothing_on_any_page_in_either_language(office: Office, enter: Callable[..., Page]) -> None:
    page = enter("aline")
    doubtful, strange = office.find("passwd")["id"], office.find("0042")["id"]
    accepted = next(each["id"] for each in office.process().values() if each["decision"] == "accept")
    pages = ("/", f"/documents/{doubtful}", f"/documents/{strange}", f"/documents/{accepted}", f"/checks/{accepted}")
    for path in (*pages, "/figures", "/trail", "/editions", "/editions/4134/2022-03", "/documents/none"):
        for language in ("fr", "en"):
            page.goto(f"{office.url}{path}?lang={language}")
            page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
            assert violations(page) == [], f"{path} {language}"
    page.goto(f"{office.url}/documents/{doubtful}?lang=fr")
    page.keyboard.press("F1")
    assert page.locator("#help").is_visible()
    assert violations(page) == []
    page.goto(f"{office.url}/")  # what was on the desk is left to others
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()
    for language in ("fr", "en"):
        page.goto(f"{office.url}/login?lang={language}")
        assert violations(page) == []
        assert page.locator("html").get_attribute("lang") == language


def violations(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})")
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in found["violations"]]


def test_two_people_do_not_meet_on_one_document(office: Office, enter: Callable[..., Page]) -> None:
    marie, paul = enter("marie"), enter("paul")
    record_id = open_desk(marie, office, "passwd")
    paul.goto(f"{office.url}/documents/{record_id}")
    assert "marie travaille sur ce document" in paul.inner_text(".alert")
    marie.goto(f"{office.url}/")  # she goes away without a word: it is free
    marie.wait_for_load_state("networkidle")
    paul.goto(f"{office.url}/documents/{record_id}")
    assert paul.locator("#finish").is_visible()
    paul.goto(f"{office.url}/")
    paul.wait_for_load_state("networkidle")


def test_a_document_is_cleared_with_the_keyboard_alone(office: Office, enter: Callable[..., Page]) -> None:
    """Two addresses in doubt, each typed twice; the record then comes out of the command that reads the folder."""
    before = office.find("passwd")
    assert before["decision"] == "review"
    page = enter()
    shot(page, "review-queue")
    page.wait_for_selector("a.main:focus")
    page.keyboard.press("Enter")
    page.wait_for_url("**/documents/*")
    if before["id"] not in page.url:
        open_desk(page, office, "passwd")
    page.wait_for_selector(".marker")
    shot(page, "review-desk")
    keys = 0
    for section in ("section2", "section3"):
        assert focused(page) == f"value:{section}.email"
        address = page.input_value(f"[name='value:{section}.email']")
        keys += press(page, "Enter")
        assert focused(page) == f"again:{section}.email"
        assert "secret" in str(page.get_attribute(f"[name='value:{section}.email']", "class"))
        page.keyboard.type(address)
        keys += press(page, "Enter")
    page.wait_for_selector("#verdict [data-decision=accept]")
    keys += press(page, "Control+Enter")
    page.wait_for_url("**?done=accept")
    assert "Document précédent : Acceptée." in page.inner_text(".note") or "Terminé : Acceptée." in page.inner_text(
        ".note"
    )
    assert keys <= MOST_KEYS
    after = office.find("passwd")
    assert (after["id"], after["decision"]) == (before["id"], "accept")
    assert {after["fields"][f"section{number}.email"]["source"] for number in (2, 3)} == {"reviewer"}
    assert after["delivery"]["username_to"] == after["fields"]["section3.email"]["value"]


def press(page: Page, key: str) -> int:
    page.keyboard.press(key)
    return 1


def test_keys_say_what_a_field_is_and_where_to_go(office: Office, enter: Callable[..., Page]) -> None:
    page = enter()
    open_desk(page, office, "0099")
    # Its two addresses are doubtful whoever reads them, and come first.
    first = "value:section3.email"
    page.wait_for_selector(".marker")
    assert focused(page) == "value:section2.email"
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert focused(page) == "value:section2.email"
    page.keyboard.press("Alt+KeyI")
    assert page.input_value("[name='action:section2.email']") == "illegible"
    assert focused(page) != "value:section2.email"
    while focused(page) != first:
        page.keyboard.press("Tab")
    text = page.input_value(f"[name='{first}']")
    page.keyboard.type("i?n+")  # single letters are letters inside a field
    assert page.input_value(f"[name='{first}']") == "i?n+"
    assert not page.locator("#help").is_visible()
    page.keyboard.press("Escape")
    assert page.input_value(f"[name='{first}']") == text
    page.keyboard.press("Alt+KeyN")
    assert page.input_value("[name='action:section3.email']") == "blank"
    page.wait_for_selector("#verdict [data-decision=reject]")
    assert "obligatoire" in page.inner_text("#verdict ul")
    width = page.locator("figure").first.bounding_box()
    page.keyboard.press("Alt+Equal")
    wider = page.locator("figure").first.bounding_box()
    assert width
    assert wider
    assert wider["width"] > width["width"]
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**?done=reject")
    assert office.find("0099")["decision"] == "reject"


def test_a_name_that_is_a_script_is_a_name(office: Office, enter: Callable[..., Page]) -> None:
    page = enter()
    page.goto(f"{office.url}/documents/{office.find('0099')['id']}")
    assert HOSTILE in page.inner_text(".source")
    assert page.title() != "1"
    assert page.locator("img[src='x']").count() == 0


def test_a_document_that_is_no_form_is_named_and_refused(office: Office, enter: Callable[..., Page]) -> None:
    """It does not lie on the edition that is named, so every field would be the person's; they refuse it."""
    page = enter()
    open_desk(page, office, "0042")
    page.select_option("select[name=form]", "4123 2022-03")
    page.click("text=Relire ainsi")
    page.wait_for_selector("#finish")
    assert page.locator(".field[data-asked]").count() == 20
    page.click("#reject-panel summary")
    page.select_option("select[name=code]", "form-not-accepted")
    page.click("button[value=reject]")
    page.wait_for_url("**?done=reject")
    found = office.find("0042")
    assert (found["decision"], found["reasons"][0]["code"]) == ("reject", "form-not-accepted")


def test_the_desk_fits_a_small_screen_and_twice_the_size(office: Office, enter: Callable[..., Page]) -> None:
    record_id = next(each["id"] for each in office.process().values() if each["fields"])
    for viewport in (SCREEN, {"width": 683, "height": 384}, {"width": 320, "height": 640}):
        page = enter(viewport=viewport)
        for path in ("/", f"/documents/{record_id}", "/figures"):
            page.goto(f"{office.url}{path}")
            page.wait_for_load_state("networkidle")
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{path} at {viewport['width']}"


def test_an_edition_is_corrected_with_the_keyboard_and_with_the_mouse(
    office: Office, enter: Callable[..., Page]
) -> None:
    page = enter("aline")
    page.goto(f"{office.url}/editions/4134/2022-03")
    box = page.locator(".box[data-rank='0']")
    box.focus()
    before = float(page.input_value("#left"))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert float(page.input_value("#left")) == pytest.approx(before + 2)
    width = float(page.input_value("#right"))
    page.keyboard.press("Shift+ArrowLeft")
    assert float(page.input_value("#right")) == pytest.approx(width - 1)
    page.fill("#label-fr", "Nom")
    page.keyboard.press("Tab")
    place = page.locator(".box[data-rank='6']").bounding_box()
    assert place
    page.mouse.move(place["x"] + 20, place["y"] + 4)
    page.mouse.down()
    page.mouse.move(place["x"] + 20, place["y"] + 64, steps=4)
    page.mouse.up()
    page.wait_for_selector("#faults li:has-text('section2.email')")  # over what is printed there
    shot(page, "edition-editor")
    page.click("button.main")
    page.wait_for_url("**?saved=1")
    saved = load_spec(office.root / "drafts" / "4134" / "2022-03")
    live = load_spec(ROOT / "forms_specs" / "4134" / "2022-03")
    assert saved.field[0].label.fr == "Nom"
    assert saved.field[0].box.x0 == pytest.approx(live.field[0].box.x0 + 2)
    assert saved.field[0].comb[0].count == live.field[0].comb[0].count
    assert saved.field[6].box.y0 > live.field[6].box.y0 + 20


def test_figures_are_shown(office: Office, enter: Callable[..., Page]) -> None:
    page = enter()
    page.goto(f"{office.url}/figures")
    page.wait_for_load_state("networkidle")
    drawn = page.evaluate("[...document.querySelectorAll('.charts img')].map((image) => image.naturalWidth > 100)")
    assert drawn == [True] * 5
    shot(page, "review-figures")


def test_the_audit_trail_is_whole_after_all_that(office: Office) -> None:
    verified = subprocess.run(office.command("audit", "verify"), capture_output=True, text=True, check=False)
    assert (verified.returncode, re.search(r"[0-9a-f]{64}", verified.stdout) is not None) == (0, True)
