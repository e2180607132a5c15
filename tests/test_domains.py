"""A domain that is all but a common one is a doubt; every other is taken as it is read."""

import pytest

from pipeline.language.domains import COMMON, known_to, nearly_known, one_slip_apart


@pytest.mark.parametrize(
    "address",
    ["a@gmai1.com", "a@gmial.com", "a@gmal.com", "a@gmaill.com", "a@videotr0n.ca", "a@vide0tron.ca", "a@hotmail.cam",
     "a@ssss.gouv.oc.ca", "a@sss.gouv.qc.ca", "a@iclaud.com"],
)  # fmt: skip
def test_one_slip_from_a_common_domain(address: str) -> None:
    assert nearly_known(address)


@pytest.mark.parametrize(
    "address", [*(f"a@{domain}" for domain in sorted(COMMON)), "a@kinea-sante.com", "a@gmail.ca", "a@cgo.ca"]
)
def test_common_domains_and_others_are_no_doubt(address: str) -> None:
    assert not nearly_known(address)


def test_an_agency_names_more_of_which_none_is_a_slip_from_another() -> None:
    known = known_to(frozenset({"kinea-sante.com", "medilien.ca", "medilieu.ca", "gmai.com"}))
    assert known == COMMON | {"kinea-sante.com"}
    assert nearly_known("a@kimea-sante.com", known)
    assert not nearly_known("a@kinea-sante.com", known)
    assert not nearly_known("a@kimea-sante.com")


def test_no_common_domain_is_a_slip_from_another() -> None:
    assert not [(one, other) for one in COMMON for other in COMMON if one_slip_apart(one, other)]


@pytest.mark.parametrize(("one", "other"), [("ab", "ab"), ("ab", "cd"), ("ab", "abcd"), ("abcd", "badc"), ("", "ab")])
def test_more_than_one_slip_or_none(one: str, other: str) -> None:
    assert not one_slip_apart(one, other)
    assert not one_slip_apart(other, one)
