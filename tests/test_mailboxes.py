"""Whose mailbox an address is: rules 3 and 4."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import SHARED_MAILBOXES
from pipeline.mailboxes import Mailbox, kind_of_mailbox, same_mailbox, shared_mailbox


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jacques@xx.com", "jacques@xx.com"),
        ("Jacques@XX.com", "jacques@xx.com"),
        ("jacques+b2b@xx.com", "jacques@xx.com"),
        ("jacques+one@xx.com", "jacques+two@xx.com"),
        ("jacques.untel@gmail.com", "jacquesuntel@gmail.com"),
        ("j.a.c@gmail.com", "jac+ti@GoogleMail.com"),
    ],
)
def test_two_spellings_of_one_mailbox(one: str, other: str) -> None:
    assert same_mailbox(one, other)
    assert same_mailbox(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jacques@xx.com", "jacques@xx.ca"),
        ("jacques.untel@xx.com", "jacquesuntel@xx.com"),
        ("jacques.untel@mail.gmail.com", "jacquesuntel@mail.gmail.com"),
        ("jacques1@gmail.com", "jacques@gmail.com"),
        ("jacques-b2b@xx.com", "jacques@xx.com"),
        ("jacques@hotmail.com", "jacques@outlook.com"),
    ],
)
def test_two_mailboxes(one: str, other: str) -> None:
    assert not same_mailbox(one, other)


@pytest.mark.parametrize(
    "local",
    [
        "information",
        "info",
        "reception",
        "accueil",
        "pharmacie",
        "pharmacy",
        "ti",
        "it",
        "informatique",
        "admin",
        "administration",
        "secretariat",
        "direction",
        "clinique",
        "contact",
        "support",
        "soutien",
        "bureau",
        "office",
        "equipe",
        "team",
        "noreply",
        "no-reply",
        "ne.pas.repondre",
        "rh",
        "comptabilite",
        "facturation",
        "commandes",
        "service",
        "services",
        "helpdesk",
        "webmaster",
        "postmaster",
        "RECEPTION",
        "info2",
        "2info",
        "info+b2b",
        "ti.pharmacie",
        "equipe_ti",
        "reception-qc",
        "service.a.la.clientele",
        "infoclinique",
        "pharmacie1234",
    ],
)
def test_roles_alone_are_a_shared_mailbox(local: str) -> None:
    assert kind_of_mailbox(f"{local}@xx.com", SHARED_MAILBOXES) is Mailbox.SHARED
    assert shared_mailbox(f"{local}@xx.com", SHARED_MAILBOXES)


@pytest.mark.parametrize(
    "local",
    [
        "jacques.untel",
        "untel-j.ti",
        "berube-s.ti",
        "dgagnon.rn",
        "jean.info",
        "ti.roy",
        "rh-roy",
        "dr.untel",
        "adele.info",
        "marc.bureau",
        "j.bureau",
        "infante",
        "tina",
        "ritat",
        "administre",
        "servais",
        "1234",
        "me-illy",
        "le.roy",
    ],
)
def test_a_name_makes_an_address_personal(local: str) -> None:
    assert kind_of_mailbox(f"{local}@xx.com", SHARED_MAILBOXES) is Mailbox.PERSONAL
    assert not shared_mailbox(f"{local}@xx.com", SHARED_MAILBOXES)


@pytest.mark.parametrize(
    "address",
    [
        "pharmacie.roy@xx.com",
        "info-jean@xx.com",
        "pharmacieroy@xx.com",
        "la.pharmacie@xx.com",
        "le.ti@xx.com",
        "bureau.marc@xx.com",
        "medisoft@medisoft.ca",
        "roy@roy.ca",
    ],
)
def test_what_may_be_either_is_for_a_person(address: str) -> None:
    assert kind_of_mailbox(address, SHARED_MAILBOXES) is Mailbox.DOUBTFUL


@pytest.mark.parametrize(
    "address",
    ["clinique-stefoy@clinique-stefoy.com", "cliniquestefoy@clinique-stefoy.com", "pharmacieroy@pharmacieroy.ca"],
)
def test_the_organisation_s_own_name_is_a_shared_mailbox(address: str) -> None:
    assert shared_mailbox(address, SHARED_MAILBOXES)


def test_the_list_is_the_configuration_s() -> None:
    assert not shared_mailbox("reception@xx.com", ("accueil",))
    assert shared_mailbox("jacques@listes.xx.com", ("*@listes.xx.com",))
    assert shared_mailbox("jacques+b2b@xx.com", ("Jacques@XX.com",))
    assert not shared_mailbox("jacques@xx.com", ("*@listes.xx.com",))
    assert shared_mailbox("secretariat@xx.com", ("Secrétariat",))
    assert shared_mailbox("no-reply@xx.com", ("no-reply",))
    assert not shared_mailbox("jacques@xx.com", ("", "-"))


@given(
    st.from_regex(r"[a-z]{1,8}[.\-_]?[a-z]{0,8}[0-9]{0,3}", fullmatch=True), st.sampled_from(["xx.com", "gmail.com"])
)
def test_capitals_and_tags_change_nothing(local: str, domain: str) -> None:
    plain, tagged = f"{local}@{domain}", f"{local.upper()}+tag@{domain.upper()}"
    assert same_mailbox(plain, tagged)
    assert kind_of_mailbox(plain, SHARED_MAILBOXES) is kind_of_mailbox(tagged, SHARED_MAILBOXES)
