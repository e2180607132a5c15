"""Decoding, held against the definition: every path through small matrices, written out."""

from __future__ import annotations

from itertools import groupby, product

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.ctc import Labels, decode
from pipeline.ctc.paths import align, greedy
from pipeline.ctc.prefixes import beam

LABELS = Labels(("", "a", "b", "1"))
BLANK = 0
Matrix = NDArray[np.float64]


def random_posteriors(seed: int, frames: int = 6, sharpness: float = 1.0) -> Matrix:
    noise = np.random.default_rng(seed).normal(0, 1.5, (frames, len(LABELS.characters))).clip(-2.5, 2.5)
    logits: Matrix = sharpness * noise
    shares: Matrix = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return shares


def collapsed(path: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(label for label, _ in groupby(path) if label != BLANK)


def all_paths(posteriors: Matrix) -> list[tuple[tuple[int, ...], float]]:
    frames, classes = posteriors.shape
    return [
        (path, float(np.prod(posteriors[np.arange(frames), path]))) for path in product(range(classes), repeat=frames)
    ]


def peaked(*frames: dict[str, float]) -> Matrix:
    """A matrix from what each frame may be; the rest of each frame's probability is the blank's."""
    matrix = np.zeros((len(frames), len(LABELS.characters)))
    for row, shares in zip(matrix, frames, strict=True):
        for character, share in shares.items():
            row[LABELS.characters.index(character)] = share
        row[BLANK] += 1 - row.sum()
    return matrix


@pytest.mark.parametrize("seed", range(8))
def test_the_beam_sums_all_paths_of_a_text(seed: int) -> None:
    posteriors = random_posteriors(seed)
    whole: dict[tuple[int, ...], float] = {}
    for path, probability in all_paths(posteriors):
        whole[collapsed(path)] = whole.get(collapsed(path), 0.0) + probability
    found = beam(posteriors, BLANK, width=5000)
    assert dict(found) == pytest.approx(whole)
    assert found == sorted(found, key=lambda item: -item[1])


@pytest.mark.parametrize("seed", range(8))
def test_a_narrow_beam_finds_the_likeliest_text(seed: int) -> None:
    """On posteriors as sharp as a recogniser's; on mere noise no narrow beam would."""
    posteriors = random_posteriors(seed, sharpness=2.5)
    assert beam(posteriors, BLANK)[0][0] == beam(posteriors, BLANK, width=5000)[0][0]


@pytest.mark.parametrize("seed", range(8))
def test_alignment_is_the_best_path_that_spells_the_text(seed: int) -> None:
    posteriors = random_posteriors(seed)
    text = (1, 1, 2)
    path, _ = max((item for item in all_paths(posteriors) if collapsed(item[0]) == text), key=lambda item: item[1])
    runs = align(posteriors, text, BLANK)
    rebuilt = [BLANK] * len(posteriors)
    for run in runs:
        rebuilt[run.start : run.stop] = [run.label] * (run.stop - run.start)
        assert run.probability == posteriors[run.start : run.stop, run.label].max()
    assert tuple(rebuilt) == path


def test_greedy_joins_repeats_and_blanks_part_them() -> None:
    posteriors = peaked({"a": 0.9}, {"a": 0.8}, {}, {"a": 0.7}, {"b": 0.6})
    runs = greedy(posteriors, BLANK)
    assert [(LABELS.characters[run.label], run.start, run.stop) for run in runs] == [
        ("a", 0, 2),
        ("a", 3, 4),
        ("b", 4, 5),
    ]
    assert [run.probability for run in runs] == pytest.approx([0.9, 0.7, 0.6])


def test_the_text_is_the_likeliest_one_and_not_the_best_path() -> None:
    """No single path beats blank-blank, but three of them spell "a"."""
    transcript = decode(peaked({"a": 0.4}, {"a": 0.4}), LABELS)
    assert transcript.text == "a"
    assert dict(transcript.candidates) == pytest.approx({"a": 0.64, "": 0.36})


def test_a_forced_character_keeps_its_low_probability() -> None:
    letters = peaked({"b": 0.97, "1": 0.03}, {}, {"a": 0.99})
    assert decode(letters, LABELS).text == "ba"
    forced = decode(letters, LABELS, alphabet=frozenset("1a"))
    assert forced.text == "1a"
    assert forced.probabilities[0] == pytest.approx(0.03)
    assert forced.candidates[0][1] < 0.05


def test_a_struck_out_character_is_not_left_out_unseen() -> None:
    """The forbidden letter between two sure digits leaves nothing but a poor blank: both neighbours bear it."""
    posteriors = peaked({"1": 1.0}, {"b": 0.98}, {"1": 1.0})
    transcript = decode(posteriors, LABELS, alphabet=frozenset("1"))
    assert set(transcript.text) == {"1"}
    assert transcript.score < 0.05


def test_a_letter_that_may_be_missing_lowers_its_neighbours() -> None:
    doubtful = decode(peaked({"a": 1.0}, {"1": 0.45}, {"b": 1.0}), LABELS)
    assert doubtful.text == "ab"
    assert doubtful.probabilities == pytest.approx((0.55, 0.55))
    # The flank of a neighbour is no other letter.
    flank = decode(peaked({"a": 1.0}, {"a": 0.45}, {"b": 1.0}), LABELS)
    assert flank.probabilities == pytest.approx((1.0, 1.0))


@pytest.mark.parametrize("seed", range(12))
def test_every_transcript_is_consistent(seed: int) -> None:
    transcript = decode(random_posteriors(seed, frames=30), LABELS, filled=0.8, late=0.3)
    assert len(transcript.text) == len(transcript.probabilities) == len(transcript.spans)
    assert all(0 <= probability <= 1 for probability in transcript.probabilities)
    edges = [edge for span in transcript.spans for edge in span]
    assert edges == sorted(edges)
    assert all(0 <= edge <= 1 for edge in edges)
    texts = [text for text, _ in transcript.candidates]
    assert transcript.text == texts[0]
    assert len(set(texts)) == len(texts)


def test_spans_are_fractions_of_the_crop_and_not_of_the_padding() -> None:
    frames: list[dict[str, float]] = [{}, {"a": 1.0}, {}, {"b": 1.0}, {}, {}, {}, {}, {}, {}]
    whole = decode(peaked(*frames), LABELS).spans
    half = decode(peaked(*frames), LABELS, filled=0.5).spans
    assert np.allclose(np.array(half), 2 * np.array(whole))
    assert whole[0][1] == whole[1][0] == pytest.approx(0.25)


def test_nothing_to_read() -> None:
    assert decode(peaked({}, {}, {}), LABELS).text == ""
    assert decode(np.zeros((0, 4)), LABELS).candidates == ()
    assert decode(peaked({"a": 1.0}), LABELS, alphabet=frozenset()).candidates[0][1] == 0


def test_a_long_line_of_improbable_characters_does_not_underflow() -> None:
    """300 letters that are all forbidden: what is kept has next to no probability, yet the texts are ranked."""
    frames = [{"b": 1 - 2e-4, "1": 1e-4} if rank % 2 else {} for rank in range(600)]
    transcript = decode(peaked(*frames), LABELS, alphabet=frozenset("1"))
    assert transcript.score < 0.01
    assert transcript.candidates


def test_a_space_that_says_nothing_is_a_blank() -> None:
    """Between the cells of a comb a recogniser sees spaces: they neither part a text nor cost it its probability."""
    labels = Labels(("", "a", "b", " "))
    matrix = np.array([[0.0, 1.0, 0.0, 0.0], [0.1, 0.0, 0.0, 0.9], [0.0, 1.0, 0.0, 0.0], [0.2, 0.0, 0.0, 0.8]])
    assert decode(matrix, labels).text == "a a "
    spaceless = decode(matrix, labels, alphabet=frozenset("ab"), spaces=False)
    assert spaceless.text == "aa"
    assert dict(spaceless.candidates)["aa"] == pytest.approx(1.0)
