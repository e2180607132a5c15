"""What a person sees of a record: every field's box and value, coloured by certainty, in French and English."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest
from PIL import Image

from pipeline.model import Bilingual, Code, FieldRecord, Form, ReadingSource, Reason, Record, Source, Verdict
from pipeline.show import (
    BLANK,
    DOUBTFUL,
    DPI,
    MARGIN,
    SURE,
    Entry,
    Sheet,
    draw_record,
    fit,
    font,
    header_lines,
    percent,
)

KEY = "section2.email"
LABELS = {KEY: Bilingual(fr="Courriel de l'élève", en="E-mail")}


def field(value: str | bool | None, *, confidence: float = 0.99, raw: str | None = None, page: int = 1) -> FieldRecord:
    return FieldRecord(
        value=value, raw=raw, confidence=confidence, source=ReadingSource.OCR, page=page, box=(100, 200, 300, 220)
    )


def record(*reasons: Reason, verdict: Verdict = Verdict.REVIEW, **fields: FieldRecord) -> Record:
    source = Source(
        path="in/a.eml", attachment="Demande d'accès.pdf", received=datetime.fromisoformat("2022-04-05T09:12Z")
    )
    return Record(
        id="0123456789abcdef",
        source=source,
        form=Form(number="4058", edition="2022-03", confidence=0.99),
        decision=verdict,
        reasons=reasons,
        fields={key.replace("_", ".", 1): value for key, value in fields.items()},
    )


def sheet(number: int = 1) -> Sheet:
    return Sheet(number, np.full((792, 612), 255, np.uint8), 612.0, 792.0)


def draw(drawn: Record, page: Sheet | None, *, sure: bool = True) -> Image.Image:
    return draw_record(drawn, page, labels=LABELS, sure=lambda key, field: sure)


def ink(image: Image.Image, colour: tuple[int, int, int]) -> int:
    """How many pixels have exactly this colour."""
    return int((np.asarray(image) == colour).all(axis=-1).sum())


@pytest.mark.parametrize(("sure", "colour", "other"), [(True, SURE, DOUBTFUL), (False, DOUBTFUL, SURE)])
def test_a_field_s_box_is_drawn_where_it_lies_in_the_colour_of_its_certainty(
    sure: bool, colour: tuple[int, int, int], other: tuple[int, int, int]
) -> None:
    """The box's left edge is at 100 points; the page begins at the margin, below the header."""
    with_field = draw(record(section2_email=field("a@b.ca")), sheet(), sure=sure)
    header = with_field.height - round(792 * DPI / 72) - MARGIN
    row, left = header + round(210 * DPI / 72), MARGIN + round(100 * DPI / 72)
    assert ink(with_field.crop((left - 1, row, left + 5, row + 5)), colour)
    assert not ink(with_field.crop((MARGIN, header, MARGIN + 600, with_field.height)), other)


def test_a_field_of_another_page_is_not_drawn() -> None:
    image = draw(record(section2_email=field("a@b.ca", page=2)), sheet(1))
    assert not ink(image, SURE)
    assert ink(draw(record(section2_email=field("a@b.ca", page=2)), sheet(2)), SURE)


def test_each_decision_and_each_reason_is_in_the_header_french_first() -> None:
    reasons = (Reason.of(Code.PAGE_MISSING, detail="2"), Reason.of(Code.PROCESSING_LIMIT))
    texts = [text for text, _, _ in header_lines(record(*reasons), sheet())]
    assert "Demande d'accès.pdf" in texts[0]
    assert "4058" in texts[1]
    assert "Une page du formulaire manque" in texts[2]
    assert "A page of the form is missing" in texts[3]
    assert "[processing-limit]" in texts[5]
    assert draw(record(*reasons), sheet()).height > draw(record(), sheet()).height
    looks = {draw(record(verdict=verdict), sheet()).tobytes() for verdict in Verdict}
    assert len(looks) == len(Verdict)


def test_a_document_that_has_no_page_still_has_its_header() -> None:
    image = draw(record(Reason.of(Code.DOCUMENT_ENCRYPTED), verdict=Verdict.REJECT), None)
    assert image.width >= 900
    assert image.height < 300


@pytest.mark.parametrize(
    ("value", "raw", "text"),
    [
        ("+14185550123", None, "+14185550123"),
        (True, None, "oui / yes"),
        (False, None, "non / no"),
        (None, None, "(vide / blank)"),
        (None, "n/a", "non valide / invalid : n/a"),
    ],
)
def test_every_value_has_words(value: str | bool | None, raw: str | None, text: str) -> None:
    entry = Entry(1, KEY, "Courriel", field(value, raw=raw), sure=True)
    assert entry.text == text
    assert (entry.colour == BLANK) == (text == "(vide / blank)")


def test_a_percentage_is_never_rounded_up() -> None:
    assert [percent(value) for value in (1.0, 0.99996, 0.995, 0.5)] == ["100 %", "99,99 %", "99,5 %", "50 %"]


def test_the_font_has_what_french_needs() -> None:
    """A character that it lacks is drawn as the box that stands for all missing ones."""
    face = font(20)
    missing = bytes(face.getmask("\u4e00"))
    for character in "éèêëàâçîïôöùûüÿœæÉÈÊÀÂÇÎÔÙÛŒÆ«»–—’…•›·":
        assert bytes(face.getmask(character)) != missing, character


def test_long_texts_are_cut_on_one_line() -> None:
    face = font(17)
    cut = fit("une très longue ligne\n" * 40, face, 200)
    assert cut.endswith("…")
    assert "\n" not in cut
    assert face.getlength(cut) <= 200
    assert fit("court", face, 200) == "court"
