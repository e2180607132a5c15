"""Zeros, o's, ones and l's, told from one another by the letters around them."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from scanned_forms import Pixels
from typed_lines import SANS, SERIF, figures_in, line_of, read_as

from pipeline.glyphs.placed import Letter, Place, letters_of, letters_of_numbers, letters_of_words
from pipeline.glyphs.shapes import Shapes, each_shape, worst_of


def shapes_of(
    pixels: Pixels,
    places: Sequence[Place],
    letters: Sequence[Letter] = (),
    known: frozenset[int] = frozenset(),
    *,
    alone: bool = True,
) -> Shapes:
    """The worst that the shapes of a line say."""
    return worst_of(each_shape(pixels, places, letters, known, alone=alone).values())


def shapes(written: str, read: str, family: str = SANS, noise: float = 0.0) -> Shapes:
    """What the line tells by itself, on a page that shows how high its figures are."""
    pixels, places = line_of(written, family, noise)
    return shapes_of(*read_as(pixels, read, places), figures_in(family))


@pytest.mark.parametrize(
    "text", ["dam0urs.j@icloud.com", "stonge@videotron.ca", "karine11@kinela-sante.com", "amelie@me.ca"]
)
@pytest.mark.parametrize("noise", [0, 25])
def test_what_is_read_as_it_is_written_is_confirmed(text: str, noise: float) -> None:
    assert shapes(text, text, noise=noise) is Shapes.CONFIRMED


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("dam0urs.j@icloud.com", "damours.j@icloud.com"),
        ("stonge@videotron.ca", "st0nge@videotron.ca"),
        ("u1ysse.elan@bell.net", "ulysse.elan@bell.net"),
        ("jerome1l@videotron.ca", "jeromell@videotron.ca"),
        ("jeromel1@videotron.ca", "jerome11@videotron.ca"),
    ],
)
@pytest.mark.parametrize("family", [SANS, SERIF])
def test_what_is_read_otherwise_never_is(written: str, read: str, family: str) -> None:
    assert shapes(written, read, family) is not Shapes.CONFIRMED


def test_a_zero_read_as_an_o_is_contradicted_in_any_typeface() -> None:
    for family in (SANS, SERIF):
        assert shapes("dam0urs@me.ca", "damours@me.ca", family) is Shapes.CONTRADICTED


def test_an_l_with_serifs_is_left_open() -> None:
    assert shapes("lucie@me.ca", "lucie@me.ca", SERIF) is Shapes.OPEN


def page_in(family: str, words: str = "Logiciels du Lac, Rollande Otis", numbers: str = "418 555-0110") -> list[Letter]:
    """The letters of a page on which words and numbers are typed in that typeface."""
    pixels, places = line_of(words, family)
    return [*letters_of_words(*read_as(pixels, words, places), "words"), *figures_in(family, numbers)]


def told(written: str, read: str, page: list[Letter], family: str, noise: float = 0.0, *, alone: bool = True) -> Shapes:
    """What the shapes say of a line of that page."""
    pixels, places = line_of(written, family, noise)
    return shapes_of(*read_as(pixels, read, places), page, alone=alone)


@pytest.mark.parametrize("family", [SANS, SERIF])
@pytest.mark.parametrize("noise", [0, 20])
def test_the_letters_of_the_page_tell_what_the_line_does_not(family: str, noise: float) -> None:
    page = page_in(family)
    assert told("01otis@me.ca", "01otis@me.ca", page, family, noise) is Shapes.CONFIRMED
    for written, read in (("1ucie@me.ca", "lucie@me.ca"), ("lucie@me.ca", "1ucie@me.ca"), ("r0s@me.ca", "ros@me.ca")):
        assert told(written, read, page, family, noise) is not Shapes.CONFIRMED


@pytest.mark.parametrize("family", [SANS, SERIF])
def test_among_capitals_they_are_all_that_tells(family: str) -> None:
    page = page_in(family, "LOUIS OTIS, IDA ROI")
    address = "OTIS.R01@KINEO.IO"
    assert told(address, address, [], family) is Shapes.OPEN
    assert told(address, address, page, family) is Shapes.CONFIRMED
    # A small letter that has its capital's shape was read for it.
    assert told(address, address.replace("KINEO", "KINEo"), page, family) is Shapes.CONFIRMED
    for read in ("0TIS.R01@KINEO.IO", "OTIS.RO1@KINEO.IO", "OTIS.R0I@KINEO.IO", "OTIS.R01@KINEO.I0"):
        assert told(address, read, page, family) is not Shapes.CONFIRMED


def test_where_the_ones_of_the_page_are_bare_strokes_too_a_bare_stroke_is_no_l_for_certain() -> None:
    """All makes read `mckenzie.ll` for `mckenzie.l1`, in a typeface whose ones are as slim as its l's."""
    numbers = "418 555-0110"
    pixels, places = line_of(numbers.replace("1", "l"), SANS)
    bare = letters_of_numbers(*read_as(pixels, numbers, places), "numbers")
    assert {letter.character for letter in bare} == {"0", "1"}
    assert told("lea.li@me.ca", "lea.li@me.ca", page_in(SANS), SANS) is Shapes.CONFIRMED
    assert told("lea.li@me.ca", "lea.li@me.ca", bare, SANS) is Shapes.OPEN


def test_a_one_hardly_wider_than_a_stroke_is_no_l_where_the_page_shows_how_slim_those_are() -> None:
    words = [letter for letter in page_in(SANS) if letter.character == "l"]
    wider = [letter._replace(ink=letter.ink[:, : letter.ink.shape[1] * 2 // 3]) for letter in words]
    assert told("lea.li@me.ca", "lea.li@me.ca", words, SANS) is Shapes.CONFIRMED
    assert told("lea.li@me.ca", "lea.li@me.ca", wider, SANS) is not Shapes.CONFIRMED


def test_where_the_page_has_none_of_the_other_a_letter_must_be_very_like_its_own() -> None:
    page = [letter for letter in page_in(SANS, "LOUIS OTIS, IDA ROI") if letter.character == "O"]
    assert told("OTTO@ME.CA", "OTTO@ME.CA", page, SANS) is Shapes.CONFIRMED
    assert told("0TT0@ME.CA", "OTTO@ME.CA", page, SANS) is Shapes.OPEN


def test_against_who_reads_the_other_it_does_not_do_to_be_like_its_own_alone() -> None:
    """So an O was confirmed by the O's of its form, which showed no zero, though one network had read a zero in both
    looks: `LL0YD`, in a typeface whose zero is all but its O."""
    page = page_in(SANS, "LOUIS OTIS, IDA ROI", "418 555-0110")
    without = [letter for letter in page if letter.character != "0"]
    assert told("OTTO@ME.CA", "OTTO@ME.CA", without, SANS) is Shapes.CONFIRMED
    assert told("OTTO@ME.CA", "OTTO@ME.CA", without, SANS, alone=False) is Shapes.OPEN
    assert told("OTTO@ME.CA", "OTTO@ME.CA", page, SANS, alone=False) is Shapes.CONFIRMED


def test_a_letter_that_touches_its_neighbour_is_found_among_its_ink() -> None:
    page = page_in(SANS)
    pixels, places = line_of("roy@me.ca", SANS)
    left, right = round(places[0][1] * pixels.shape[1]), round(places[1][1] * pixels.shape[1])
    foot = np.flatnonzero((pixels < 128).any(axis=1)).max()
    bound = pixels.copy()
    bound[foot - 12 : foot - 9, left - 8 : right + 6] = 0
    assert shapes_of(*read_as(bound, "roy@me.ca", places)) is Shapes.OPEN
    assert shapes_of(*read_as(bound, "roy@me.ca", places), page) is Shapes.CONFIRMED
    assert shapes_of(*read_as(bound, "r0y@me.ca", places), page) is Shapes.CONTRADICTED


@pytest.mark.parametrize(("written", "told"), [("noroit@me.ca", Shapes.CONFIRMED), ("nor0it@me.ca", Shapes.OPEN)])
def test_an_o_that_touches_its_neighbour_is_none_other_where_both_are_low(written: str, told: Shapes) -> None:
    pixels, places = line_of(written)
    edge = round(places[3][0] * pixels.shape[1])
    pixels[36:39, edge - 12 : edge + 8] = 0
    assert shapes_of(*read_as(pixels, "noroit@me.ca", places), figures_in(SANS)) is told


def test_a_piece_of_a_broken_stroke_is_no_bare_stroke() -> None:
    """So `rejeanl1` was read, and confirmed, as `rejeanll`."""
    pixels, places = line_of("rejeanll@me.ca")
    assert shapes_of(*read_as(pixels, "rejeanll@me.ca", places), figures_in(SANS)) is Shapes.CONFIRMED
    left, right = (round(edge * pixels.shape[1]) for edge in places[7])
    rows = np.flatnonzero((pixels[:, left:right] < 128).any(axis=1))
    pixels[rows.min() - 1 : rows.max() - 8, left:right] = 255
    assert shapes_of(*read_as(pixels, "rejeanll@me.ca", places), figures_in(SANS)) is Shapes.OPEN


def test_an_l_one_pixel_slimmer_than_the_pages_ones_may_be_one() -> None:
    pixels, places = line_of("ulysse@me.ca")
    ones = [letter for letter in figures_in(SANS) if letter.character == "1"]
    left, right = (round(edge * pixels.shape[1]) for edge in places[1])
    width = int((pixels[:, left:right] < 128).any(axis=0).sum())
    for wider, told in ((1, Shapes.OPEN), (3, Shapes.CONFIRMED)):
        slim = [one._replace(ink=one.ink[:, : width + wider]) for one in ones]
        assert shapes_of(*read_as(pixels, "ulysse@me.ca", places), slim, frozenset({0, 2, 3, 4, 5})) is told


def test_a_bare_stroke_that_leans_to_the_pages_ones_is_no_l_for_certain() -> None:
    """So was the 1 of `rejclou12`, whose flag a fax had lost, as all the form's had lost theirs."""
    pixels, places = line_of("ulysse@me.ca")
    (stroke,) = letters_of(*read_as(pixels, "ulysse@me.ca", places), "email", frozenset("l"))
    flagged = cv2.copyMakeBorder(stroke.ink, 0, 0, 3, 0, cv2.BORDER_CONSTANT, value=0)
    flagged[:3, :3] = 100  # what is left of a flag
    one = stroke._replace(character="1", ink=flagged)
    plain = cv2.copyMakeBorder(stroke.ink, 0, 0, 2, 2, cv2.BORDER_CONSTANT, value=0)
    known = frozenset({0, 2, 3, 4, 5})
    for left, told in ((0.6, Shapes.CONFIRMED), (0.4, Shapes.OPEN)):  # of the ink where the page's l's are broken
        broken = np.where(np.arange(len(plain))[:, None] % 6 < 3, plain, left * plain).astype(np.float32)
        page = [one, stroke._replace(ink=broken)]
        assert shapes_of(*read_as(pixels, "ulysse@me.ca", places), page, known) is told


def test_a_speck_or_half_a_letter_teaches_nothing() -> None:
    pixels, places = line_of("Otto", SANS)
    whole = letters_of_words(*read_as(pixels, "Otto", places), "words")
    left, right = round(places[3][0] * pixels.shape[1]), round(places[3][1] * pixels.shape[1])
    broken = pixels.copy()
    broken[:, (left + right) // 2 - 2 : (left + right) // 2 + 2] = 255
    assert len(whole) == 1
    assert letters_of_words(*read_as(broken, "Otto", places), "words") == []


def test_letters_in_another_size_of_type_say_nothing() -> None:
    pixels, places = line_of("lucie@me.ca", SERIF)
    read = [Place(letter, *place) for letter, place in zip("lucie@me.ca", places, strict=True)]
    other_size = [letter._replace(height=2 * (letter.height or 0)) for letter in page_in(SERIF)]
    assert shapes_of(pixels, read, other_size) is Shapes.OPEN


def test_a_zero_as_low_as_an_o_is_not_taken_for_one_where_figures_seem_of_another_size() -> None:
    """Old-style figures, a line of which is as low as small letters: so `therrien0` was confirmed as `therrieno`."""
    pixels, places = line_of("marneo@me.ca")
    read = [Place(letter, *place) for letter, place in zip("marneo@me.ca", places, strict=True)]
    letters = page_in(SANS)
    low = [each for each in letters if each.character == "o"]
    figures = [each._replace(character="0", height=0.5 * (each.height or 0)) for each in low]
    words = [each for each in letters if each.character != "0"]
    assert shapes_of(pixels, read, words) is Shapes.CONFIRMED
    assert shapes_of(pixels, read, [*words, *figures]) is Shapes.OPEN


def test_an_o_like_the_page_s_own_may_be_a_zero_that_it_does_not_show_where_its_ones_are_low() -> None:
    """Old-style figures: all read `jolo3235` for `jol03235`; the page showed seven o's, two low ones and no zero."""
    page = page_in(SANS, numbers="481 555-1111")
    assert {letter.character for letter in page} == {"l", "o", "i", "1"}
    low = min(letter.ink.shape[0] for letter in page if letter.character == "o")
    sunk = [letter._replace(ink=letter.ink[-low:]) if letter.character == "1" else letter for letter in page]
    without = [letter for letter in page if letter.character != "1"]
    assert told("oro@me.ca", "oro@me.ca", page, SANS) is Shapes.CONFIRMED
    assert told("oro@me.ca", "oro@me.ca", sunk, SANS) is Shapes.OPEN
    assert told("oro@me.ca", "oro@me.ca", without, SANS) is Shapes.OPEN


def test_nor_is_it_told_from_the_zeros_that_it_does_show_where_these_are_as_low() -> None:
    """So `qc.lloyd.org` was confirmed, and accepted, for `qc.ll0yd.org`: a zero of another line is more unlike it than
    an o, be it by its size alone."""
    page = page_in(SANS)
    low = min(letter.ink.shape[0] for letter in page if letter.character == "o")

    def sunk(letter: Letter) -> Letter:
        return letter._replace(ink=cv2.resize(letter.ink, (letter.ink.shape[1], low)))

    old_style = [letter if letter.character in "ol" else sunk(letter) for letter in page]
    assert told("oro@me.ca", "oro@me.ca", page, SANS) is Shapes.CONFIRMED
    assert told("oro@me.ca", "oro@me.ca", old_style, SANS) is Shapes.OPEN


def test_what_is_known_is_not_judged() -> None:
    pixels, places = line_of("eve@lac.ca", SERIF)
    read = [Place(letter, *place) for letter, place in zip("eve@lac.ca", places, strict=True)]
    assert shapes_of(pixels, read) is Shapes.OPEN
    assert shapes_of(pixels, read, known=frozenset(range(4, len(read)))) is Shapes.CONFIRMED


def test_capitals_among_small_letters_and_what_cannot_be_measured_are_left_open() -> None:
    assert shapes("Louis@me.ca", "Louis@me.ca") is Shapes.OPEN
    pixels, _ = line_of("louis@me.ca")
    assert shapes_of(pixels, [Place("o", 0.5, 0.5)]) is Shapes.OPEN


def test_an_address_without_any_of_them_has_nothing_to_confirm() -> None:
    assert shapes("eve@tva.ca", "eve@tva.ca") is Shapes.CONFIRMED


def test_a_low_o_may_be_a_zero_where_figures_are_low_or_nobody_knows_how_high_they_are() -> None:
    """So `lloyd` was read for `ll0yd`, in a typeface whose zeros are as low as an o."""
    pixels, places = line_of("roy@me.ca", SANS)
    line = read_as(pixels, "roy@me.ca", places)
    lining = figures_in(SANS)
    low = [each._replace(ink=each.ink[: round(0.7 * each.ink.shape[0])]) for each in lining]
    assert shapes_of(*line, lining) is Shapes.CONFIRMED
    assert shapes_of(*line, low) is Shapes.OPEN
    assert shapes_of(*line) is Shapes.OPEN


def test_a_speck_in_an_o_s_place_says_nothing_of_its_height() -> None:
    pixels, places = line_of("roy@me.ca", SANS)
    left, right = (round(side * pixels.shape[1]) for side in places[1])
    pixels[:, left:right] = 255
    pixels[48:51, left + 8 : left + 14] = 0
    assert shapes_of(*read_as(pixels, "roy@me.ca", places), figures_in(SANS)) is not Shapes.CONFIRMED


def test_half_an_o_is_no_letter_to_hold_others_against() -> None:
    whole = page_in(SANS, "Rollande Otis du sol")
    broken = [each._replace(ink=each.ink[:, : each.ink.shape[1] // 2]) for each in whole if each.character == "o"]
    zero = "r0y@me.ca"
    assert told(zero, "roy@me.ca", [*whole, *broken], SANS) is not Shapes.CONFIRMED
    pixels, places = line_of("So", SANS)
    half = pixels.copy()
    middle = round(sum(places[1]) / 2 * pixels.shape[1])
    half[:, middle:] = 255
    assert not letters_of_words(*read_as(half, "So", places), "words")
