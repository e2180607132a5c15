"""A domain that is all but a common one is a doubt; every other is taken as it is read."""

import pytest

from pipeline.domains import COMMON, nearly_common, one_slip_apart


@pytest.mark.parametrize(
    "address",
    ["a@gmai1.com", "a@gmial.com", "a@gmal.com", "a@gmaill.com", "a@videotr0n.ca", "a@vide0tron.ca", "a@hotmail.cam",
     "a@ssss.gouv.oc.ca", "a@sss.gouv.qc.ca", "a@iclaud.com"],
)  # fmt: skip
def test_one_slip_from_a_common_domain(address: str) -> None:
    assert nearly_common(address)


@pytest.mark.parametrize(
    "address", [*(f"a@{domain}" for domain in sorted(COMMON)), "a@kinea-sante.com", "a@gmail.ca", "a@cgo.ca"]
)
def test_common_domains_and_others_are_no_doubt(address: str) -> None:
    assert not nearly_common(address)


@pytest.mark.parametrize(("one", "other"), [("ab", "ab"), ("ab", "cd"), ("ab", "abcd"), ("abcd", "badc"), ("", "ab")])
def test_more_than_one_slip_or_none(one: str, other: str) -> None:
    assert not one_slip_apart(one, other)
    assert not one_slip_apart(other, one)
