"""The network that reads most is run in bfloat16 where the processor has it, in 32-bit floats elsewhere."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline import networks
from pipeline.model import EngineError
from pipeline.networks import READY, LineNetwork, Widths, line_network, swift_line_network
from pipeline.ocr.own import HEIGHT, MODEL
from pipeline.ocr.paddle import WIDTHS, PaddleEngine

# The smaller one of those that read lines: it is run in 32-bit floats itself, and serves as well to see that both say
# the same.
MODEL_BYTES = MODEL.read_bytes()
FEW = Widths(least=96, steps=2)
RANDOM = np.random.default_rng(7)


def line(width: int) -> NDArray[np.float32]:
    return RANDOM.uniform(0, 1, (1, 1, HEIGHT, width)).astype(np.float32)


@pytest.fixture(scope="module")
def swift() -> LineNetwork:
    network = swift_line_network(MODEL_BYTES, FEW)
    if network is None:
        pytest.skip("this processor does not reckon in bfloat16")
    return network


@pytest.fixture
def without_openvino(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "openvino", None)
    networks._bfloat16_core.cache_clear()
    yield
    networks._bfloat16_core.cache_clear()


def test_widths_come_in_few_steps_that_add_little() -> None:
    wanted = range(WIDTHS.least, 3201)
    given = [WIDTHS.of(width) for width in wanted]
    assert all(width <= one < 1.5 * width for one, width in zip(given, wanted, strict=True))
    assert all(before <= after for before, after in pairwise(given))
    assert [WIDTHS.of(one) for one in given] == given
    assert WIDTHS.of(1) == WIDTHS.least
    assert WIDTHS.ready() == sorted({one for one in given if one <= READY})
    assert len(WIDTHS.ready()) < 12


def test_both_arithmetics_say_the_same_but_for_their_last_digits(swift: LineNetwork) -> None:
    exact = line_network(MODEL_BYTES)
    for width in (32, 96, READY, READY + 256):
        given = line(width)
        assert 0 < np.abs(swift(given) - exact(given)).mean() < 0.01


def test_a_line_says_the_same_whatever_was_read_before_it(swift: LineNetwork) -> None:
    given = line(160)
    first = swift(given)
    for width in (32, READY, 96):
        swift(line(width))
    assert np.array_equal(swift(given), first)


def test_what_was_read_stays_when_the_next_line_is(swift: LineNetwork) -> None:
    first = swift(line(160))
    kept = first.copy()
    swift(line(160))
    assert np.array_equal(first, kept)


def test_a_fork_reads_as_its_parent_does(swift: LineNetwork) -> None:
    """Each document is read by a fork of a process whose networks are ready."""
    given = {width: line(width) for width in (96, 256, READY + 512)}
    expected = {width: swift(each) for width, each in given.items() if width <= READY}
    for _ in range(20):
        child = os.fork()
        if child == 0:
            alike = all(np.array_equal(swift(given[width]), each) for width, each in expected.items())
            os._exit(0 if alike and swift(given[READY + 512]).size else 1)
        assert os.waitpid(child, 0)[1] == 0


@pytest.mark.usefixtures("without_openvino")
def test_without_openvino_all_is_in_32_bit_floats() -> None:
    assert swift_line_network(MODEL_BYTES, FEW) is None
    assert "bfloat16" not in PaddleEngine().version


@pytest.mark.usefixtures("swift")
def test_the_version_of_an_engine_says_what_it_reckons_in() -> None:
    assert "bfloat16" in PaddleEngine().version
    assert "bfloat16" not in PaddleEngine(exact=True).version


@pytest.mark.usefixtures("swift")
def test_what_is_no_network_is_refused() -> None:
    with pytest.raises(EngineError):
        line_network(b"not a model at all")
    with pytest.raises(EngineError):
        swift_line_network(b"not a model at all", FEW)


def test_lines_of_another_height_are_refused(swift: LineNetwork) -> None:
    for network in (line_network(MODEL_BYTES), swift):
        with pytest.raises(EngineError):
            network(np.zeros((1, 2, HEIGHT + 1, 96), np.float32))
