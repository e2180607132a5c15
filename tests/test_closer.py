"""A closer look: what both networks read in further pictures of the ink settles what one picture's grain left open."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from test_addresses import drawn
from test_weigh import EMAIL, NAME, PHONE, TRUSTING, said
from typed_lines import line_of

from pipeline.addresses.certain import beyond_doubt
from pipeline.model import Transcript
from pipeline.ocr import CannedEngine
from pipeline.specs import FieldSpec
from pipeline.weighing.agreement import is_rivalled, settled
from pipeline.weighing.weigh import weigh
from pipeline.witnesses.closer import MAKES, RENDERING, as_if_seen, further, is_seen_closer, look_closer
from pipeline.witnesses.testimony import Testimony as Heard
from pipeline.witnesses.testimony import alphabet_of, witness_of

NUMBER, OTHER = "418 555-0123", "418 555-0128"


def looks(field: FieldSpec, make: str, *texts: str, score: float = 0.99) -> Heard:
    """What a network read in further pictures."""
    read = (
        witness_of(field, make, RENDERING, Transcript(text, (score,) * len(text), (), ((text, score),)))
        for text in texts
    )
    return Heard(field, said(field).line, closer=tuple(read))


def seen(field: FieldSpec, own: tuple[str, ...], paddle: tuple[str, ...], score: float = 0.99) -> Heard:
    by_own, by_paddle = looks(field, "own", *own, score=score), looks(field, "paddle", *paddle, score=score)
    return replace(by_own, closer=(*by_own.closer, *by_paddle.closer))


def key_of(field: FieldSpec, text: str) -> str:
    return looks(field, "own", text).closer[0].key


# ---------------------------------------------------------------- further pictures


def test_further_pictures_are_blurred_thicker_and_thinner_and_no_larger() -> None:
    pixels = np.full((40, 60), 255, np.uint8)
    pixels[10:30, 20:23] = 0
    blurred, thicker, thinner = further(pixels)
    assert {picture.shape for picture in (blurred, thicker, thinner)} == {pixels.shape}
    inked = (pixels < 128).sum()
    assert (thinner < 128).sum() < inked < (thicker < 128).sum()
    assert 0 < blurred[20, 18] < 255


def test_each_picture_of_a_field_is_read_in_each_further_way() -> None:
    pictures = {name: np.full((40, 60), 255, np.uint8) for name in ("plain", "raw")}
    engine = CannedEngine(lambda crop: NUMBER)
    heard = replace(said(PHONE, NUMBER), pictures=pictures)
    (found,) = look_closer([heard], engine, 300)
    assert len(engine.seen) == len(found.closer) == 6
    assert {crop.alphabet for crop in engine.seen} == {alphabet_of(PHONE)}
    assert found.witnesses == heard.witnesses  # the rules on what was read before know nothing of it


# ---------------------------------------------------------------- what they settle


def test_both_networks_must_have_looked() -> None:
    key = key_of(PHONE, NUMBER)
    assert is_seen_closer(seen(PHONE, (NUMBER,) * 3, (NUMBER,) * 3), key)
    for make in MAKES:
        assert not is_seen_closer(looks(PHONE, make, *(NUMBER,) * 3), key)
    assert not is_seen_closer(Heard(PHONE, said(PHONE).line), key)


def test_neither_may_think_of_another_as_likely_on_average() -> None:
    key = key_of(PHONE, NUMBER)
    assert is_seen_closer(seen(PHONE, (NUMBER,) * 6, (*(NUMBER,) * 5, OTHER)), key)
    assert not is_seen_closer(seen(PHONE, (NUMBER,) * 6, (*(NUMBER,) * 2, *(OTHER,) * 4)), key)
    assert not is_seen_closer(seen(PHONE, (NUMBER,) * 6, (NUMBER,) * 6, score=0.4), key)


def test_whoever_was_not_asked_yet_is_taken_to_see_the_value() -> None:
    key = key_of(PHONE, NUMBER)
    assert is_seen_closer(as_if_seen(Heard(PHONE, said(PHONE).line), key), key)
    assert is_seen_closer(as_if_seen(looks(PHONE, "own", *(NUMBER,) * 3), key), key)
    assert not is_seen_closer(as_if_seen(looks(PHONE, "own", *(OTHER,) * 3), key), key)


@pytest.mark.parametrize(("field", "text", "other"), [(PHONE, NUMBER, OTHER), (NAME, "Gagné", "Gagnc")])
def test_a_look_that_dissents_is_overruled(field: FieldSpec, text: str, other: str) -> None:
    heard = replace(said(field, *[text] * 3, other, other, score=0.7), pen=0.1)
    closer = seen(field, (text,) * 6, (text,) * 6).closer
    assert weigh(heard, 1.0, TRUSTING).confidence < 0.99
    assert weigh(replace(heard, closer=closer), 1.0, TRUSTING).confidence > 0.99


def test_of_a_text_our_own_network_may_lose_small_signs() -> None:
    text, read = "Pivot S.A.", "Pivot S.A"
    key = key_of(NAME, text)
    assert is_seen_closer(seen(NAME, (read,) * 6, (text,) * 6), key)
    assert not is_seen_closer(seen(NAME, (text,) * 6, (read,) * 6), key)
    assert not is_seen_closer(seen(NAME, ("Tandem inc",) * 6, ("Tandem inc.",) * 6), key_of(NAME, "Tandem inc."))


def test_a_number_by_hand_the_third_make_must_have_read_too() -> None:
    """So both networks were sure of `91436` for `21436` in all further pictures, and Tesseract read something else."""
    key = key_of(PHONE, NUMBER)
    for third, pen, sees in ((OTHER, 0.9, False), (NUMBER, 0.9, True), (OTHER, 0.1, True)):
        heard = replace(said(PHONE, *[NUMBER] * 4, third), pen=pen)
        assert is_seen_closer(replace(heard, closer=seen(PHONE, (NUMBER,) * 6, (NUMBER,) * 6).closer), key) is sees


def test_a_seven_that_may_be_a_one_stays_a_doubt() -> None:
    """All further pictures show what the first one shows: by hand a 7 without its bar is a 1 in every one."""
    text, other = "418 555-1659", "418 555-7659"
    key = key_of(PHONE, text)
    torn = [
        witness_of(PHONE, make, rendering, Transcript(text, (0.9,) * 12, (), ((text, 0.9), (other, 0.03))))
        for make in MAKES
        for rendering in ("plain", "raw")
    ]
    heard = replace(seen(PHONE, (text,) * 6, (text,) * 6), witnesses=tuple(torn), pen=0.9)
    assert settled(heard, key)
    assert is_rivalled(heard, key)


def test_an_address_wants_more_than_other_fields() -> None:
    address = "rolland.otis@kinea.ca"
    pixels, places = line_of(address)
    heard = replace(drawn(address, pixels, places, score=0.6), pen=0.1)
    for score, sure in ((0.8, False), (0.999, True)):
        testimony = replace(heard, closer=seen(EMAIL, (address,) * 6, (address,) * 6, score=score).closer)
        assert is_seen_closer(testimony, address)
        assert beyond_doubt(testimony, address) is sure
        assert not beyond_doubt(replace(testimony, pen=0.9), address)  # a hand's never is
