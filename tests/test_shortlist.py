"""However many editions are known, a page is compared with few, and they are the right ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from more_editions import reissued
from scanned_forms import SPECS, WAYS, noisy, page_of, spec_of, straight

from pipeline.config import Settings
from pipeline.identify import Identified, identify
from pipeline.model import Document, Page, Refused
from pipeline.ocr import load_engines
from pipeline.printed.shortlist import LONGEST, OF_ONE_LOOK, shortlist
from pipeline.register import describe
from pipeline.specs import FormSpec

FORM = spec_of("4123", "2022-03")
# Their digits differ from each other's in one place or in all four, and 3, 8, 6, 0 from each other by little.
EDITIONS = [
    "2023-03",
    "2028-03",
    "2026-03",
    "2020-03",
    "2033-08",
    "2036-08",
    "2038-06",
    "2030-06",
    "2021-11",
    "2012-12",
]
EVERY_SPEC = pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> tuple[FormSpec, ...]:
    """The published editions, and ten more that look like one of them."""
    return (*SPECS, *reissued(FORM, EDITIONS, tmp_path_factory.mktemp("specs")))


def found(page: Page, known: tuple[FormSpec, ...]) -> Identified:
    return identify(Document((page,)), known, load_engines(Settings().ocr.engines[:1]))


@EVERY_SPEC
@pytest.mark.parametrize("way", ["quarter turn", "smaller", "perspective", "grainy"])
def test_the_right_blank_is_on_it(spec: FormSpec, way: str, known: tuple[FormSpec, ...]) -> None:
    likeliest = shortlist(known).likeliest(describe(WAYS[way](spec.blank_pixels(1, 300)).page))
    assert len(likeliest) == LONGEST
    looks_so = {(spec.name, 1)}
    if spec is FORM:
        looks_so |= {(other.name, 1) for other in known if other.edition in EDITIONS}
    assert {(each.name, number) for each, number in likeliest} & looks_so


def test_editions_of_one_look_leave_room_for_others(known: tuple[FormSpec, ...]) -> None:
    likeliest = shortlist(known).likeliest(describe(straight(FORM.blank_pixels(1, 300)).page))
    alike = [spec for spec, _ in likeliest if spec is FORM or spec.edition in EDITIONS]
    assert len(alike) == OF_ONE_LOOK


def test_a_page_without_features_is_compared_all_the_same(known: tuple[FormSpec, ...]) -> None:
    assert len(shortlist(known).likeliest(describe(page_of(np.full((3300, 2550), 255, np.uint8))))) == LONGEST


@pytest.mark.parametrize("edition", [FORM.edition, *EDITIONS])
def test_editions_of_one_look_are_told_apart_by_their_footers(edition: str, known: tuple[FormSpec, ...]) -> None:
    (spec,) = [each for each in known if (each.number, each.edition) == (FORM.number, edition)]
    seen = found(page_of(noisy(spec.blank_pixels(1, 300), 12)), known)
    assert (seen.identity.number, seen.identity.edition) == (FORM.number, edition)
    assert seen.spec == spec


def test_an_edition_of_the_same_look_that_is_not_known_is_none_of_them(
    known: tuple[FormSpec, ...], tmp_path: Path
) -> None:
    (unknown,) = reissued(FORM, ["2039-08"], tmp_path)
    with pytest.raises(Refused) as caught:
        found(straight(unknown.blank_pixels(1, 300)).page, known)
    assert caught.value.reasons
