"""What is plain of addresses of which nobody is sure: rules 3 and 4."""

from __future__ import annotations

import pytest

from pipeline.config import SHARED_MAILBOXES
from pipeline.mailboxes_in_doubt import read_alike, read_as_shared

PLACES = ("own plain", "own second", "paddle plain", "paddle second", "tesseract")


def looks(*texts: str) -> dict[str, dict[str, float]]:
    """What each look read, in the order of PLACES, and nothing else."""
    return {place: {text: 1.0} for place, text in zip(PLACES, texts, strict=False)}


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
def test_writing_that_two_makes_read_alike_is_one_address_whichever_it_is(other: dict[str, dict[str, float]]) -> None:
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
def test_two_addresses_are_not(other: dict[str, dict[str, float]]) -> None:
    assert not read_alike(ISMAEL, other)
    assert not read_alike(other, ISMAEL)


def test_a_point_that_a_speck_makes_behind_it_or_that_gmail_passes_over_makes_no_other() -> None:
    assert read_alike(looks(*["zoe.roy@gmail.com."] * 5), looks(*["zoeroy@gmail.com"] * 5))


@pytest.mark.parametrize(("thought", "alike"), [(0.3, True), (0.02, False)])
def test_one_network_reads_the_same_and_the_other_must_think_of_it(thought: float, alike: bool) -> None:
    """`ismael.nguyen01@clscerable.qc.ca` twice by hand: PP-OCR read `ciscerable` once, and thought of `clscerable`."""
    read = {"own plain": {"ismael@clscerable.qc.ca": 0.6}}
    one = read | {"paddle plain": {"ismael@ciscerable.qc.ca": 0.5, "ismael@clscerable.qc.ca": 0.5 * thought}}
    other = read | {"paddle plain": {"ismael@clscerable.qc.ca": 0.4}}
    assert read_alike(one, other) is alike
    assert read_alike(other, one) is alike


@pytest.mark.parametrize(
    ("read", "shared"),
    [
        (looks(*["reception@kinea.ca", "reception@kinca.ca"] * 2), True),
        (looks("secretariat@", "secretariat@zlobe.net", "dinique@noroit", "secretariat@glo be.net"), True),
        (looks("reception@kinea.ca", "reception@kinea.ca", "recon@kinea.ca", "vecepen@kinea.ca"), False),
        (looks(*["ti@kinea.ca", "ti@kinca ca"] * 2, "tiqkinea"), True),
        (looks(*["ti@kinea.ca"] * 3, "tl@kinea.ca", "ti@kinea.ca"), False),
        (looks("rh@kinea.ca", *["hr@kinea.ca"] * 4), False),
        (looks("pharmacie@kinea.ca", "pharmcie@kinea.ca", "phormacie@kinea.ca", "pharmacie@kinea.ca"), True),
        (looks("pharmacie@kinea.ca", "pharmcie@kinea.ca", "phormacie@kinea.ca", "plomaie@kinea.ca"), False),
        (looks(*["soins@kinea.ca"] * 2, "sinns@kinea.ca", "soins.roy@kinea.ca"), False),
        (looks(*["reception.roy@kinea.ca"] * 5), False),
        (looks(*["reception"] * 5), False),
        ({}, False),
    ],
    ids=[
        "its domain in doubt",
        "most looks",
        "two looks of one make, the others far from it",
        "a short role in every look of the networks",
        "a short role in all but one",
        "one short role or another",
        "two looks, and nearly by the others",
        "one look",
        "another by one look",
        "a name",
        "no address",
        "nothing",
    ],
)
def test_a_role_that_looks_agree_on_is_a_shared_mailbox_whoever_it_is_of(
    read: dict[str, dict[str, float]], shared: bool
) -> None:
    assert read_as_shared(read, SHARED_MAILBOXES) is shared
