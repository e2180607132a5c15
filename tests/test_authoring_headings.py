"""Whose field it is: sections are told by what stands below their headings, however the people are named elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import letter
from reportlab.pdfgen.canvas import Canvas
from scanned_forms import SPECS

from pipeline.authoring.draft import Draft, by_key, draft
from pipeline.authoring.printed import read_blank

HEIGHT = 792.0
# Lines that begin as a heading does: only what stands below them says that they are none.
DEFINITIONS = (
    ["Personne qui autorise : elle engage l'organisme.", "Responsable informatique désigné : il se sert du service."],
    ["Responsable informatique désigné : il se sert du service.", "Personne qui autorise : elle engage l'organisme."],
)
HEADINGS = {"2": "Responsable informatique désigné", "3": "Personne qui autorise la demande"}
ROWS = (
    (("family_name", "Nom de famille"), ("given_name", "Prénom")),
    (("telephone", "Téléphone"), ("email", "Adresse de courriel")),
    (("signature", "Signature"), ("signed_on", "Date (AAAA-MM-JJ)")),
)
INTRODUCTIONS = {
    "names nobody": ["Remplissez toutes les sections en lettres moulées, puis signez à la main."],
    "names one": ["Le mot de passe temporaire est transmis au", "responsable informatique désigné par courriel."],
    "names both": [
        "On écrit à deux personnes, soit le",
        "responsable informatique désigné et la",
        "personne qui autorise.",
    ],
    "names both the other way": ["Il faut l'accord de la", "personne qui autorise et du", "responsable informatique."],
}


def blank(
    path: Path, introduction: Sequence[str], order: Sequence[str], *, headed: Sequence[str] = ("2", "3")
) -> dict[str, tuple[float, float]]:
    """A blank with cells, a sentence that begins like a label, and the middle of each field's cell by key."""
    canvas = Canvas(str(path), pagesize=letter)

    def text(x: float, y: float, words: str, size: float) -> None:
        canvas.setFont("Helvetica", size)
        canvas.drawString(x, HEIGHT - y, words)

    for rank, line in enumerate(introduction):
        text(36, 60 + 9 * rank, line, 7)
    middles: dict[str, tuple[float, float]] = {}
    y = 120.0
    for section in order:
        if section in headed:
            text(36, y, HEADINGS[section], 11)
        y += 10
        for row in ROWS:
            for rank, (name, words) in enumerate(row):
                x = 36 + 270 * rank
                canvas.rect(x, HEIGHT - y - 28, 270, 28)
                text(x + 3, y + 7, words, 6.5)
                middles[f"section{section}.{name}"] = (x + 135, y + 18)
            y += 28
        y += 30
    text(36, 640, "Le mot de passe est envoyé au responsable par", 6)
    text(36, 648, "courriel. Il ne doit le donner à personne, et il doit le changer dès la première utilisation.", 6)
    text(36, 768, "4058 195 27/05", 7)
    canvas.save()
    return middles


def drafted(path: Path) -> Draft:
    return draft(read_blank(path), SPECS)


@pytest.mark.parametrize("order", [("2", "3"), ("3", "2")], ids=" then ".join)
@pytest.mark.parametrize("introduction", [*INTRODUCTIONS.values(), *DEFINITIONS], ids=lambda lines: lines[-1])
def test_an_introduction_that_names_the_people_heads_no_section(
    tmp_path: Path, introduction: list[str], order: tuple[str, ...]
) -> None:
    middles = blank(tmp_path / "blank.pdf", introduction, order)
    found = by_key(drafted(tmp_path / "blank.pdf").fields)
    assert set(found) == set(middles)
    assert [key for key, field in found.items() if field.unsure] == []
    for key, (x, y) in middles.items():
        box = found[key].place.box
        assert box.x0 < x < box.x1, key
        assert box.y0 < y < box.y1, key


@pytest.mark.parametrize("headed", [("2",), ("3",), ()], ids=lambda headed: " ".join(headed) or "none")
@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_where_a_heading_is_not_found_nothing_is_sure(
    tmp_path: Path, introduction: str, headed: tuple[str, ...]
) -> None:
    """Not even where the introduction names both: its lines would take one person's address for the other's."""
    blank(tmp_path / "blank.pdf", INTRODUCTIONS[introduction], ("2", "3"), headed=headed)
    found = drafted(tmp_path / "blank.pdf")
    assert [field.key for field in found.fields if not field.unsure] == []
