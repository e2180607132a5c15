"""Gaps of a line: spaces, and room for a sign that a scan may have lost."""

from __future__ import annotations

import pytest
from scanned_forms import Paper
from test_lines import FORM, NAME, line_in

from pipeline.gaps import has_room_for_a_sign, parts_words


@pytest.mark.parametrize(("text", "room"), [("Chef d'equipe     service", True), ("Chef d'equipe - service", False),
                                            ("Chef de service", False), ("Chef", False)])  # fmt: skip
def test_a_gap_that_a_dash_would_fill_may_have_lost_one(text: str, room: bool) -> None:
    assert has_room_for_a_sign(line_in(Paper(FORM).fill(NAME.key, text, size=9), NAME.key)) is room


@pytest.mark.parametrize(
    ("text", "spaces", "so"),
    [("Chef de service", 2, True), ("Chef de service", 1, False), ("Chef de service", 3, False), ("Chef", 0, False)],
)
def test_gaps_that_are_plainly_wider_than_all_others_are_spaces(text: str, spaces: int, so: bool) -> None:
    line = line_in(Paper(FORM).fill(NAME.key, text, size=9), NAME.key)
    assert parts_words(line, spaces) is so
