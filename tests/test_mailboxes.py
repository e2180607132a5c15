"""Whose mailbox an address is: rules 3 and 4."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import SHARED_MAILBOXES
from pipeline.mailboxes import (
    Mailbox,
    kind_of_mailbox,
    read_alike,
    read_as_shared,
    same_mailbox,
    shared_mailbox,
)


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


PLACES = ("own plain", "own second", "paddle plain", "paddle second", "tesseract")


def looks(*texts: str) -> dict[str, str]:
    """What each look read, in the order of PLACES."""
    return dict(zip(PLACES, texts, strict=False))


ISMAEL = looks(*["ismael@clscerable.qc.ca"] * 3, "ismael@ciscerable.qc.ca", "Ismael@Ciscerable.qc.ca")


@pytest.mark.parametrize(
    "other",
    [
        ISMAEL,
        looks(*["Ismael@Clscerable.qc.ca"] * 2, *["ismael@ciscerable.qc.ca"] * 3),
        looks("ismaelclscerable", "ismael@clscerable.qc.ca", "lsmael@", "ismael @clscerable.qc.ca", "i5mael"),
        looks(*["ismael+pro@clscerable.qc.ca"] * 5),
    ],
    ids=["in all looks", "misread alike", "by one look of either network", "with a tag"],
)
def test_writing_that_two_makes_read_alike_is_one_address_whichever_it_is(other: dict[str, str]) -> None:
    assert read_alike(ISMAEL, other)
    assert read_alike(other, ISMAEL)


@pytest.mark.parametrize(
    "other",
    [
        looks(*["ismaelle@clscerable.qc.ca"] * 5),
        looks(*["ismael@clscerable.qc.ca"] * 2, *["ismaei@clscerable.qc.ca"] * 3),
        looks(*["is.mael@clscerable.qc.ca"] * 4, "ismael@clscerable.qc.ca"),
        looks(*["ismael.clscerable.qc.ca"] * 5),
        {},
    ],
    ids=["another", "alike to one make alone", "a point that most looks see", "no at sign", "nothing read"],
)
def test_two_addresses_are_not(other: dict[str, str]) -> None:
    assert not read_alike(ISMAEL, other)
    assert not read_alike(other, ISMAEL)


def test_a_point_that_a_speck_makes_behind_it_or_that_gmail_passes_over_makes_no_other() -> None:
    assert read_alike(looks(*["zoe.roy@gmail.com."] * 5), looks(*["zoeroy@gmail.com"] * 5))


@pytest.mark.parametrize(
    ("read", "shared"),
    [
        (looks(*["reception@kinea.ca", "reception@kinca.ca"] * 2), True),
        (looks("secretariat@", "secretariat@zlobe.net", "dinique@noroit", "secretariat@glo be.net"), True),
        (looks("reception@kinea.ca", "reception@kinea.ca", "recepton@kinea.ca", "recepion@kinea.ca"), False),
        (looks(*["TI@kinea.ca", "ti@kinca ca"] * 2, "TIQkinea"), True),
        (looks(*["ti@kinea.ca"] * 3, "tl@kinea.ca", "ti@kinea.ca"), False),
        (looks("rh@kinea.ca", *["hr@kinea.ca"] * 4), False),
        (looks(*["reception.roy@kinea.ca"] * 5), False),
        (looks(*["reception"] * 5), False),
        ({}, False),
    ],
    ids=[
        "its domain in doubt",
        "most looks",
        "two looks of one make",
        "a short role in every look of the networks",
        "a short role in all but one",
        "one short role or another",
        "a name",
        "no address",
        "nothing",
    ],
)
def test_a_role_that_looks_agree_on_is_a_shared_mailbox_whoever_it_is_of(read: dict[str, str], shared: bool) -> None:
    assert read_as_shared(read, SHARED_MAILBOXES) is shared
