"""Faults of a spec that its fills cannot show, because they are written where the spec says: the blank shows them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from scanned_forms import SPECS, spec_of

from pipeline.__main__ import main
from pipeline.authoring.check import against_labels
from pipeline.model import Kind
from pipeline.specs import FieldSpec, FormSpec

SPEC = spec_of("4058", "2022-03")  # fillable: it has form fields to exchange


def faults(spec: FormSpec) -> dict[str, str]:
    """What is said against each field."""
    others = [other for other in SPECS if other.name != spec.name]
    said = (each.text.partition(" : ") for each in against_labels(spec, others) if each.fault)
    return {key: text for key, _, text in said}


def changed(key: str, change: Callable[[FieldSpec], FieldSpec]) -> FormSpec:
    return SPEC.model_copy(update={"field": tuple(change(each) if each.key == key else each for each in SPEC.field)})


def exchanged(one: str, other: str, what: str) -> FormSpec:
    """The two fields, each with the other's value of `what`."""
    found = {key: getattr(SPEC.find_field(key), what) for key in (one, other)}
    assert found[one] != found[other]
    swapped = {one: found[other], other: found[one]}
    fields = (each.model_copy(update={what: swapped[each.key]}) if each.key in swapped else each for each in SPEC.field)
    return SPEC.model_copy(update={"field": tuple(fields)})


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
def test_a_published_edition_has_no_fault(spec: FormSpec) -> None:
    assert faults(spec) == {}


@pytest.mark.parametrize("what", ["box", "widget"])
def test_two_addresses_that_are_exchanged_are_found(what: str) -> None:
    assert set(faults(exchanged("section2.email", "section3.email", what))) == {"section2.email", "section3.email"}


@pytest.mark.parametrize("share", [0.5, 0.85])
def test_a_box_that_cuts_the_end_off_an_address_is_found(share: float) -> None:
    def cut(field: FieldSpec) -> FieldSpec:
        return field.model_copy(update={"box": field.box._replace(x1=field.box.x0 + share * field.box.width)})

    assert "cuts the place" in faults(changed("section2.email", cut))["section2.email"]


def test_a_signature_half_out_of_its_box_is_found() -> None:
    def lower(field: FieldSpec) -> FieldSpec:
        step = field.box.height / 2
        return field.model_copy(update={"box": field.box._replace(y0=field.box.y0 + step, y1=field.box.y1 + step)})

    assert set(faults(changed("section2.signature", lower))) == {"section2.signature"}


@pytest.mark.parametrize("key", ["section2.language", "section2.environment"])
@pytest.mark.parametrize("what", ["box", "widget"])
def test_options_that_are_exchanged_are_found(key: str, what: str) -> None:
    def exchange(field: FieldSpec) -> FieldSpec:
        one, other = field.option
        assert getattr(one, what) != getattr(other, what)
        swapped = (
            one.model_copy(update={what: getattr(other, what)}),
            other.model_copy(update={what: getattr(one, what)}),
        )
        return field.model_copy(update={"option": swapped})

    assert set(faults(changed(key, exchange))) == {key}


def test_a_field_that_is_not_what_the_contract_says_is_found() -> None:
    as_text = changed("section2.email", lambda field: field.model_copy(update={"kind": Kind.TEXT}))
    assert "not email" in faults(as_text)["section2.email"]
    at_will = changed("section3.signature", lambda field: field.model_copy(update={"required": False}))
    assert "required" in faults(at_will)["section3.signature"]


def test_an_edition_is_named_by_its_folder_or_by_number_and_edition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "forms_specs" / "4058" / "2017-06"
    shutil.copytree(spec_of("4058", "2017-06").folder, folder)
    text = (folder / "spec.toml").read_text(encoding="utf-8")
    (folder / "spec.toml").write_text(text.replace('key = "section2.company"', 'key = "section9.company"'))
    monkeypatch.chdir(tmp_path)
    for arguments in (["4058", "2017-06"], [str(folder)]):
        assert main(["spec", "check", *arguments]) == 2
        assert "section9.company" in "".join(capsys.readouterr().err.split()), "it is this edition that was loaded"
    assert main(["spec", "check", "4058", "2031-01"]) == 2
    assert "no edition here" in " ".join(capsys.readouterr().err.split())
