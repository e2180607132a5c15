"""Ticks and signatures: a pen's mark is told from what merely lies on the paper, and what may be either is doubted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scanned_forms import SPECS, WAYS, Paper, field_of, laid_well, noisy, spec_of

from pipeline.config import Settings
from pipeline.ink import black_level
from pipeline.marks import CERTAIN, FAIR, SOLID, TICKED, Choice, Signature, read_choice, read_signature, weigh
from pipeline.model import Box, EngineError, Kind, OcrEngine
from pipeline.ocr import load_engines
from pipeline.specs import FormSpec
from pipeline.writing.lift import lift

EVERY_SPEC = pytest.mark.parametrize("spec", SPECS, ids=lambda spec: spec.name)
EVERY_WAY = pytest.mark.parametrize("way", WAYS)
SOME_WAYS = pytest.mark.parametrize("way", ["three quarters", "fax", "150 dpi"])
FORM = spec_of("4123", "2022-03")
LANGUAGE = "section2.language"
SIGNATURE, OTHER_SIGNATURE = "section2.signature", "section3.signature"
FRENCH, ENGLISH = (option.box for option in field_of(FORM, LANGUAGE).option)
SIGN_BOX = field_of(FORM, SIGNATURE).box


def middle(box: Box) -> tuple[float, float]:
    return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2


def to_and_fro(box: Box) -> list[tuple[float, float]]:
    """A zigzag that fills a box and runs over on its left."""
    rows = np.linspace(box.y0 - 1, box.y1 + 1, 16)
    return [((box.x0 - 3, box.x1)[rank % 2], float(row)) for rank, row in enumerate(rows)]


def ticked(paper: Paper, way: str = "straight", key: str = LANGUAGE) -> Choice:
    laid = laid_well(WAYS[way](paper.pixels).page, paper.spec, paper.number)
    return read_choice(laid, paper.spec, field_of(paper.spec, key), black_level(laid.pixels))


# ---------------------------------------------------------------- ticks on paper


@EVERY_WAY
def test_a_tick_is_certain_and_so_are_squares_without_one(way: str) -> None:
    paper = Paper(FORM).tick(LANGUAGE, "en")
    laid = laid_well(WAYS[way](paper.pixels).page, FORM)
    black = black_level(laid.pixels)
    assert read_choice(laid, FORM, field_of(FORM, LANGUAGE), black) == Choice(("en",), CERTAIN)
    assert read_choice(laid, FORM, field_of(FORM, "section2.environment"), black) == Choice((), CERTAIN)


@SOME_WAYS
def test_both_ticked_is_both(way: str) -> None:
    assert ticked(Paper(FORM).tick(LANGUAGE, "fr").tick(LANGUAGE, "en"), way) == Choice(("fr", "en"), CERTAIN)


@EVERY_SPEC
@pytest.mark.parametrize("rank", [0, 1])
def test_every_square_of_every_edition_can_be_ticked(spec: FormSpec, rank: int) -> None:
    """The first option of each choice, or the second."""
    choices = [field for field in spec.field if field.kind is Kind.CHOICE]
    for number in {field.page for field in choices}:
        paper = Paper(spec, number)
        here = [field for field in choices if field.page == number]
        for field in here:
            paper.tick(field.key, field.option[rank].value)
        laid = laid_well(WAYS["fax"](paper.pixels).page, spec, number)
        for field in here:
            found = read_choice(laid, spec, field, black_level(laid.pixels))
            assert found == Choice((field.option[rank].value,), CERTAIN)


def test_every_hand_ticks_in_its_own_way() -> None:
    x, y = middle(FRENCH)
    check = [(FRENCH.x0 + 1, y), (x, FRENCH.y1 - 1), (FRENCH.x1 + 5, FRENCH.y0 - 8)]
    slash = [(FRENCH.x0 + 2, FRENCH.y1 - 2), (FRENCH.x1 - 2, FRENCH.y0 + 2)]
    for paper in (
        Paper(FORM).draw(check),
        Paper(FORM).draw(slash, width=0.7),
        Paper(FORM).tick(LANGUAGE, "fr", ink=150, width=0.8),  # a pencil
        Paper(FORM).black_out(LANGUAGE, "fr"),  # filled to the edge, and nothing else marked
    ):
        assert ticked(paper) == Choice(("fr",), CERTAIN)


@pytest.mark.parametrize("ink", [195, 205])
def test_a_pencil_that_hardly_marks_ticks_all_the_same(ink: int) -> None:
    assert ticked(Paper(FORM).tick(LANGUAGE, "fr", ink=ink, width=0.7)) == Choice(("fr",), CERTAIN)


@SOME_WAYS
def test_a_square_scratched_out_beside_a_tick_is_a_correction_that_a_person_reads(way: str) -> None:
    assert ticked(Paper(FORM).black_out(LANGUAGE, "fr").tick(LANGUAGE, "en"), way) == Choice(("en",), FAIR)


@pytest.mark.parametrize("ink", [110, 130])
def test_nor_is_it_two_ticks_where_the_pen_was_grey(ink: int) -> None:
    """Its darkness is no more than a tick's then; what gives it away is that it covers the square."""
    scratched = Paper(FORM).draw(to_and_fro(FRENCH), width=1.6, ink=ink)
    choice = ticked(scratched.tick(LANGUAGE, "en"))
    assert choice == Choice(("en",), FAIR)


@pytest.mark.parametrize("across", [0.3, 0.5, 0.7])
def test_a_grain_of_dust_is_no_tick(across: float) -> None:
    """Up to a quarter of a millimetre: at most a doubt in an empty square, and nothing beside a real tick."""
    assert ticked(Paper(FORM).dot(*middle(FRENCH), across)).confidence <= FAIR
    if across < 0.6:
        assert ticked(Paper(FORM).dot(*middle(FRENCH), across).tick(LANGUAGE, "en")) == Choice(("en",), CERTAIN)


@pytest.mark.parametrize("amount", [10, 30])
def test_grain_all_over_the_page_is_no_tick_and_hides_none(amount: float) -> None:
    empty, full = Paper(FORM), Paper(FORM).tick(LANGUAGE, "en")
    for paper in (empty, full):
        paper.pixels = noisy(paper.pixels, amount)
    assert ticked(empty) == Choice((), CERTAIN)
    assert ticked(full) == Choice(("en",), CERTAIN)


def test_a_shadow_over_one_square_is_no_tick() -> None:
    shade = np.linspace(1.0, 0.45, 2550)
    empty, full = Paper(FORM), Paper(FORM).tick(LANGUAGE, "fr")
    for paper, expected in ((empty, ()), (full, ("fr",))):
        paper.pixels = (paper.pixels * shade).astype(np.uint8)
        assert ticked(paper) == Choice(expected, CERTAIN)


# ---------------------------------------------------------------- ticks as darkness


@pytest.mark.parametrize("shade", [0.95, 0.9, 0.8, 0.7, 0.6])
@pytest.mark.parametrize("way", ["straight", "grainy", "fax"])
def test_a_markers_band_over_a_square_is_never_a_certain_tick(shade: float, way: str) -> None:
    """So what somebody had marked for another to choose was chosen for certain."""
    band = Box(FRENCH.x0 - 6, FRENCH.y0 - 3, FRENCH.x1 + 22, FRENCH.y1 + 3)
    marked = ticked(Paper(FORM).mark(band, shade), way)
    assert not marked.ticked or marked.confidence <= FAIR
    assert ticked(Paper(FORM).tick(LANGUAGE, "fr").mark(band, shade), way).ticked == ("fr",)


@pytest.mark.parametrize("across", [0.7, 1.0])
def test_a_dot_in_a_square_is_never_a_certain_tick(across: float) -> None:
    choice = ticked(Paper(FORM).dot(*middle(FRENCH), across))
    assert not choice.ticked or choice.confidence == FAIR


def test_a_thin_cross_of_which_the_scan_left_pieces_is_a_tick() -> None:
    """Its middle and the ends of its strokes, all over the square; grains in one part of it are none."""
    x, y = middle(FRENCH)
    cross, heap = Paper(FORM), Paper(FORM)
    for across, down in ((0, 0), (-1.9, -1.9), (1.9, -1.9), (-1.9, 1.9), (1.9, 1.9)):
        cross.dot(x + across, y + down, 0.8)
        heap.dot(x + across * 0.55, y + down * 0.55, 0.7)
    assert ticked(cross) == Choice(("fr",), CERTAIN)
    assert ticked(heap).confidence <= FAIR


def test_a_line_over_the_page_is_never_a_certain_tick_and_hides_none() -> None:
    x, y = middle(FRENCH)
    for line in ([(x, 20.0), (x, 700.0)], [(20.0, y), (600.0, y)]):
        choice = ticked(Paper(FORM).draw(line, width=0.24))
        assert not choice.ticked or choice.confidence == FAIR
    beside = Paper(FORM).tick(LANGUAGE, "en").draw([(x, 20.0), (x, 700.0)], width=0.24)
    assert ticked(beside) == Choice(("en",), CERTAIN)


def test_a_mark_beside_the_squares_is_for_a_person() -> None:
    x, y = middle(FRENCH)
    round_it = [(x + 9 * float(np.cos(turn)), y + 9 * float(np.sin(turn))) for turn in np.linspace(0, 6.4, 40)]
    assert ticked(Paper(FORM).draw(round_it, width=1.0)).confidence == FAIR


@pytest.mark.parametrize(
    ("first", "second", "choice"),
    [
        (0.0, 0.0, Choice((), CERTAIN)),
        (0.0, 40.0, Choice(("en",), CERTAIN)),
        (30.0, 40.0, Choice(("fr", "en"), CERTAIN)),
        (0.0, 4.0, Choice(("en",), FAIR)),  # a tick or dirt
        (4.0, 60.0, Choice(("en",), CERTAIN)),  # dirt beside a tick
        (4.0, 20.0, Choice(("en",), FAIR)),  # a pale tick beside a dark one?
        (200.0, 0.0, Choice(("fr",), CERTAIN)),
        (200.0, 40.0, Choice(("en",), FAIR)),
        (200.0, 4.0, Choice(("fr",), FAIR)),  # scratched out, and a tick too pale to be sure of
        (90.0, 40.0, Choice(("en",), FAIR)),
    ],
)
def test_what_the_darkness_of_two_squares_means(first: float, second: float, choice: Choice) -> None:
    assert weigh({"fr": first, "en": second}, 0.5) == choice
    other = {"fr": "en", "en": "fr"}
    swapped = weigh({"fr": second, "en": first}, 0.5)
    assert {other[value] for value in swapped.ticked} == set(choice.ticked)
    assert swapped.confidence == choice.confidence


@given(st.floats(0, 255), st.floats(0, 255), st.floats(0, 30))
def test_a_certain_tick_stands_out_of_the_papers_own_noise(first: float, second: float, spread: float) -> None:
    choice = weigh({"fr": first, "en": second}, spread)
    signals = {"fr": first, "en": second}
    if choice.confidence == CERTAIN:
        for value in choice.ticked:
            assert signals[value] >= max(TICKED, 4 * spread)
        if len(choice.ticked) == 2:
            assert max(first, second) <= min(SOLID, 2 * min(first, second))


# ---------------------------------------------------------------- signatures


def engines() -> tuple[OcrEngine, ...]:
    try:
        return load_engines(Settings().ocr.engines)
    except EngineError as error:
        pytest.skip(f"an engine is not installed: {error}")


def both_signed(paper: Paper, way: str = "straight") -> tuple[Signature, Signature]:
    """The signatures of sections 2 and 3 of FORM."""
    laid = laid_well(WAYS[way](paper.pixels).page, FORM)
    black = black_level(laid.pixels)
    first, second = (
        read_signature(lift(laid, FORM, field_of(FORM, key).box, black, margin=2), engines())
        for key in (SIGNATURE, OTHER_SIGNATURE)
    )
    return first, second


def signed(paper: Paper, way: str = "straight", key: str = SIGNATURE) -> Signature:
    laid = laid_well(WAYS[way](paper.pixels).page, paper.spec, paper.number)
    box = field_of(paper.spec, key).box
    return read_signature(lift(laid, paper.spec, box, black_level(laid.pixels), margin=2), engines())


@pytest.mark.parametrize("way", ["three quarters", "askew", "150 dpi", "bent", "fax", "grainy"])
def test_a_scribble_is_a_signature_and_an_empty_box_is_none(way: str) -> None:
    assert both_signed(Paper(FORM).sign(SIGNATURE), way) == (Signature(True, CERTAIN), Signature(False, CERTAIN))


@EVERY_SPEC
def test_every_box_of_every_edition_can_be_signed(spec: FormSpec) -> None:
    for field in spec.field:
        if field.kind is Kind.SIGNATURE:
            assert signed(Paper(spec, field.page).sign(field.key), key=field.key) == Signature(True, CERTAIN)


@pytest.mark.parametrize("way", ["straight", "fax"])
@pytest.mark.parametrize("size", [8, 11, 14])
def test_a_typed_name_is_no_signature(way: str, size: float) -> None:
    paper = Paper(FORM).fill(SIGNATURE, "Marie-Hélène Côté", size=size).fill(OTHER_SIGNATURE, "JEAN ROY", size=size)
    first, second = both_signed(paper, way)
    assert not first.present
    assert not second.present


@pytest.mark.parametrize("text", ["Signer ici", "SIGNEZ ICI", "Sign here"])
def test_a_stamp_that_asks_for_a_signature_is_none_for_certain(text: str) -> None:
    assert signed(Paper(FORM).fill(SIGNATURE, text, size=14)) == Signature(False, CERTAIN, "stamp")


@pytest.mark.parametrize("text", ["COPIE", "REÇU LE"])
def test_another_stamp_may_hide_a_signature(text: str) -> None:
    found = signed(Paper(FORM).fill(SIGNATURE, text, size=14))
    assert (found.present, found.confidence) == (False, FAIR)


def test_a_signature_over_the_boxs_rules_is_one() -> None:
    waves = [(SIGN_BOX.x0 + 20 + 2 * step, SIGN_BOX.y1 - 6 + 9 * np.sin(step)) for step in np.linspace(0, 40, 200)]
    assert signed(Paper(FORM).draw(waves)) == Signature(True, CERTAIN)


def test_a_pencils_signature_is_one() -> None:
    assert signed(Paper(FORM).sign(SIGNATURE, ink=150, width=0.8)) == Signature(True, CERTAIN)


def test_a_signature_of_which_the_scan_left_short_pieces_is_a_doubt_and_not_missing() -> None:
    paper = Paper(FORM)
    box = field_of(FORM, SIGNATURE).box
    for rank in range(14):
        x, y = box.x0 + 60 + 5 * rank, (box.y0 + box.y1) / 2
        paper.draw([(x, y + 2), (x + 1.5, y - 2), (x + 3, y + 1)], width=0.7)
    assert signed(paper) == Signature(False, FAIR, "faint ink")


def test_so_is_one_of_which_a_fax_left_dots_in_a_row() -> None:
    paper = Paper(FORM)
    box = field_of(FORM, SIGNATURE).box
    for rank in range(14):
        x, y = box.x0 + 40 + 3.0 * rank, (box.y0 + box.y1) / 2 + (0, 0.6, 1.2, 0.6)[rank % 4]
        paper.draw([(x, y), (x + 0.4, y + 0.3)], width=0.6)
    assert signed(paper) == Signature(False, FAIR, "faint ink")


def test_so_is_one_whose_pieces_go_up_and_down() -> None:
    """A fax had left nine pieces of a thin pen, none level with another (a FALSE REJECT, seed 640)."""
    paper = Paper(FORM)
    box = field_of(FORM, SIGNATURE).box
    for across, down in (
        (0, 0),
        (2.6, 2.6),
        (4.8, 3.4),
        (6.5, 3.4),
        (31, 3.8),
        (42, 0),
        (47, 3.7),
        (59, 4.9),
        (65, 4.9),
    ):
        x, y = box.x0 + 100 + across, (box.y0 + box.y1) / 2 - 3 + down
        paper.draw([(x, y), (x + 0.5, y + 0.6)], width=0.7)
    assert signed(paper) == Signature(False, FAIR, "faint ink")


def test_so_is_one_of_which_next_to_nothing_is_left() -> None:
    paper = Paper(FORM)
    box = field_of(FORM, SIGNATURE).box
    for rank in range(5):
        x, y = box.x0 + 60 + 4.5 * rank, (box.y0 + box.y1) / 2 + (0, 0.6)[rank % 2]
        paper.draw([(x, y), (x + 0.8, y + 0.4)], width=0.6)
    assert signed(paper) == Signature(False, FAIR, "faint ink")


def specked(boxes: list[tuple[float, float]]) -> Signature:
    paper = Paper(FORM)
    box = field_of(FORM, SIGNATURE).box
    for across, down in boxes:
        x, y = box.x0 + 60 + across, (box.y0 + box.y1) / 2 + down
        paper.draw([(x, y), (x + 0.2, y + 0.2)], width=0.4)
    return signed(paper)


def test_so_is_one_of_which_a_fax_left_dust_close_together() -> None:
    """Of a pale pen a fax had left 17 specks in the length of a signature: it was called missing (seed 694)."""
    specks = np.random.default_rng(1).uniform((0, -1.5), (40, 1.5), (16, 2)).tolist()
    assert specked(specks) == Signature(False, FAIR, "faint ink")


def test_dust_all_over_the_box_is_none() -> None:
    specks = np.random.default_rng(2).uniform((-40, -10), (280, 10), (14, 2)).tolist()
    assert specked(specks) == Signature(False, CERTAIN)


@pytest.mark.parametrize(("ink", "way"), [(224, "straight"), (235, "straight"), (220, "grainy")])
def test_so_is_one_too_pale_to_be_taken_for_ink(ink: int, way: str) -> None:
    assert signed(Paper(FORM).sign(SIGNATURE, ink=ink), way) == Signature(False, FAIR, "faint ink")


@pytest.mark.parametrize("way", ["straight", "grainy"])
@pytest.mark.parametrize("shade", [0.65, 0.75, 0.85])
def test_a_markers_band_is_no_signature_and_hides_none(shade: float, way: str) -> None:
    """So a box in which somebody had marked where to sign was signed for certain."""
    band = Box(SIGN_BOX.x0 + 20, SIGN_BOX.y0 + 8, SIGN_BOX.x0 + 150, SIGN_BOX.y0 + 21)
    empty, full = (signed(paper.mark(band, shade), way) for paper in (Paper(FORM), Paper(FORM).sign(SIGNATURE)))
    assert not empty.present
    assert full == Signature(True, CERTAIN)


@pytest.mark.parametrize("size", [9, 12, 16])
@pytest.mark.parametrize("way", ["straight", "fax"])
def test_a_cross_that_says_where_to_sign_is_for_a_person(size: float, way: str) -> None:
    x, y = SIGN_BOX.x0 + 40, middle(SIGN_BOX)[1]
    cross = (
        Paper(FORM)
        .draw([(x, y - size / 2), (x + size, y + size / 2)])
        .draw([(x, y + size / 2), (x + size, y - size / 2)])
    )
    found = signed(cross, way)
    assert (found.present, found.confidence) == (False, FAIR)


def test_so_is_a_dash_through_the_box_and_what_a_marker_left() -> None:
    x, y = SIGN_BOX.x0 + 40, middle(SIGN_BOX)[1]
    slash = Paper(FORM).draw([(x, y + 10), (x + 70, y - 10)])
    line = Paper(FORM).draw([(x, y), (x + 120, y + 1)], width=8, ink=150)
    for paper, note in ((slash, "cross or dash"), (line, "marker")):
        assert signed(paper) == Signature(False, FAIR, note)


def test_what_merely_lies_on_the_paper_is_no_signature() -> None:
    rng = np.random.default_rng(1)
    dusty = Paper(FORM)
    for _ in range(60):
        dusty.dot(rng.uniform(SIGN_BOX.x0, SIGN_BOX.x1), rng.uniform(SIGN_BOX.y0, SIGN_BOX.y1), 0.6)
    fold = [(SIGN_BOX.x0 - 5, SIGN_BOX.y0 + 9), (SIGN_BOX.x1 + 5, SIGN_BOX.y0 + 9.5)]
    for paper in (dusty, Paper(FORM).draw(fold, width=0.5), Paper(FORM).dot(150, middle(SIGN_BOX)[1], 5)):
        assert signed(paper) == Signature(False, CERTAIN)


def test_one_short_stroke_is_for_a_person_to_judge() -> None:
    x, y = middle(SIGN_BOX)
    assert signed(Paper(FORM).draw([(x, y - 8), (x + 3, y + 8)], width=0.7)) == Signature(False, FAIR, "little ink")


def test_what_is_signed_beside_the_box_is_not_in_it() -> None:
    far = Paper(FORM).draw([(100, 560 + 8 * np.sin(step)) for step in range(4)], width=2)
    assert signed(far) == Signature(False, CERTAIN)
