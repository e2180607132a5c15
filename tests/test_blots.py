"""Punched holes and blots: no part of the writing beside them, and a doubt where they may lie on it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from scanned_forms import WAYS, Paper, field_of, lifted_from, spec_of

from pipeline.writing.blots import blots_in
from pipeline.writing.lift import INK
from pipeline.writing.lines import Line, find_line

FORM = spec_of("4123", "2022-03")
NAME = field_of(FORM, "section2.family_name")
# A punched hole is 6 mm wide, and stands so far from the paper's edge, in points.
HOLE = 17.0


def punched(across: float, down: float = 0.5, text: str = "Gérin-Hébert") -> Paper:
    """A form filled in, with a hole whose middle is so many points right of the field's left edge, and so much of the
    field's height below its top."""
    paper = Paper(FORM).fill(NAME.key, text, size=12) if text else Paper(FORM)
    return paper.dot(NAME.box.x0 + across, NAME.box.y0 + down * NAME.box.height, HOLE, ink=60)


def line_in(paper: Paper, way: str = "straight") -> Line:
    return find_line(lifted_from(paper, NAME.box, WAYS[way]), NAME.cells)


@pytest.mark.parametrize("way", ["straight", "askew", "200 dpi"])
@pytest.mark.parametrize(("across", "down"), [(-8.0, 0.5), (-2.0, -0.1), (2.0, -0.2), (200.0, 0.5)])
def test_the_writing_beside_a_hole_is_as_it_is_without(across: float, down: float, way: str) -> None:
    alone, beside = (
        line_in(Paper(FORM).fill(NAME.key, "Gérin-Hébert", size=12), way),
        line_in(punched(across, down), way),
    )
    assert abs(beside.height - alone.height) <= 1
    assert abs(beside.pixels.shape[0] - alone.pixels.shape[0]) <= 2
    assert abs(beside.pixels.shape[1] - alone.pixels.shape[1]) <= 2


@pytest.mark.parametrize(("across", "down", "text", "hidden"), [
    (-8.0, 0.5, "Gérin", False),
    (30.0, 0.7, "Gérin-Hébert", True),
    (5.0, 0.6, "Gérin", True),
    (-8.0, 0.5, "", False),
    (20.0, 0.5, "", True),
])  # fmt: skip
def test_what_a_hole_may_lie_on_is_a_doubt(across: float, down: float, text: str, hidden: bool) -> None:
    line = line_in(punched(across, down, text))
    assert line.blank is not bool(text)
    assert (line.amended if text else line.faint) is hidden


@pytest.mark.parametrize("size", [8, 12, 14])
def test_no_letter_is_a_blot(size: float) -> None:
    lifted = lifted_from(Paper(FORM).fill(NAME.key, "@MW#80g_Q.", size=size), NAME.box)
    assert blots_in(lifted.ink, INK) is None


def test_a_blot_that_goes_on_beyond_the_picture_is_one() -> None:
    ink = np.zeros((80, 300), np.uint8)
    cv2.circle(ink, (-14, 40), 37, 200, -1)
    blots = blots_in(ink, INK)
    assert blots is not None
    assert blots[40, :20].all()
    assert not blots[:, 40:].any()
