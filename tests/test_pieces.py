"""Pieces of dark pixels: told apart, measured, chosen and left out."""

from __future__ import annotations

import numpy as np

from pipeline.pieces import pieces_of

PICTURE = np.array(
    [
        [1, 1, 0, 0, 0, 0],
        [0, 0, 1, 0, 0, 1],
        [0, 0, 0, 0, 0, 1],
        [1, 0, 0, 0, 0, 1],
    ],
    np.uint8,
)


def test_what_touches_at_a_corner_is_one_piece() -> None:
    pieces = pieces_of(PICTURE)
    assert len(pieces) == 3
    assert sorted(pieces.areas[1:].tolist()) == [1, 3, 3]
    assert sorted(map(tuple, pieces.boxes[1:].tolist())) == [(0, 0, 3, 2), (0, 3, 1, 1), (5, 1, 1, 3)]


def test_chosen_pieces_are_shown_and_the_ground_never() -> None:
    pieces = pieces_of(PICTURE)
    assert np.array_equal(pieces.where(np.ones(4, np.bool_)), PICTURE)
    tall = pieces.where(pieces.heights == 3)
    assert tall.sum() == 3
    assert (tall[1:, 5] == 1).all()


def test_pieces_left_out_are_ground_and_the_others_keep_their_measures() -> None:
    pieces = pieces_of(PICTURE)
    others = pieces.without(pieces.areas == 1)
    assert len(others) == 2
    assert others.labels[3, 0] == 0
    for rank in (1, 2):
        assert (others.labels == rank).sum() == others.areas[rank]
        left, top, width, height = others.boxes[rank]
        assert (others.labels[top : top + height, left : left + width] == rank).sum() == others.areas[rank]


def test_nothing_left_out_is_the_same() -> None:
    pieces = pieces_of(PICTURE)
    assert pieces.without(np.array([True, False, False, False])) is pieces
