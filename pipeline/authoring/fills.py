"""Fills of a blank made for checking its spec: typed values, ticks and signatures, scanned in a known way.

A typed fill in a clear face is the easiest that there is: a field that is not read right on it has its box wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from pipeline.model import Document, Kind, Page
from pipeline.specs import FieldSpec, FormSpec

if TYPE_CHECKING:
    from pipeline.model import Pixels

DPI = 300
POINT = DPI / 72
FONT = Path(__file__).parent.parent / "show" / "fonts" / "DejaVuSans.ttf"
INK = 25
FAMILY = ("Tremblay", "Gagnon", "Bélanger", "Côté", "Lefebvre", "Ouellet")
GIVEN = ("Anne", "Marie-Ève", "François", "Zoé", "Hélène", "Jacques")
TITLES = ("Pharmacienne", "Analyste", "Technicien", "Chef de service")
COMPANIES = ("Logiciels Boréal", "Médisoft ltée", "Clinitec", "Santé Nord")
MAILBOXES = ("anne.roy", "jean.gagnon", "marie.cote", "zoe.belanger")
DOMAINS = ("medisoft.ca", "boreal.qc.ca", "clinitec.com")


@dataclass(frozen=True)
class Fill:
    """A scanned document, and what was written in each field; a signature is True."""

    document: Document = field(repr=False)
    values: Mapping[str, str | bool]


def make_fill(spec: FormSpec, seed: int) -> Fill:
    """The same fill for the same seed."""
    chance = Random(f"{spec.name} {seed}")
    values = {each.key: value_for(each, chance) for each in spec.field}
    pages = []
    for number in range(1, len(spec.page) + 1):
        image = Image.fromarray(spec.blank_pixels(number, DPI))
        draw = ImageDraw.Draw(image)
        for each in spec.fields_of_page(number):
            write(draw, each, values[each.key], chance)
        pages.append(scanned(np.asarray(image), number, spec, chance))
    return Fill(Document(tuple(pages)), values)


def blank_document(spec: FormSpec, seed: int) -> Document:
    """The blank itself, scanned."""
    chance = Random(f"blank {spec.name} {seed}")
    return Document(
        tuple(scanned(spec.blank_pixels(number, DPI), number, spec, chance) for number in range(1, len(spec.page) + 1))
    )


def value_for(each: FieldSpec, chance: Random) -> str | bool:
    """A value in its canonical form."""
    match each.kind:
        case Kind.SIGNATURE:
            return True
        case Kind.CHOICE:
            return chance.choice(each.option).value
        case Kind.PHONE:
            return f"+1418555{chance.randrange(10_000):04}"
        case Kind.DATE:
            return f"2025-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
        case Kind.EMAIL:
            return f"{chance.choice(MAILBOXES)}@{chance.choice(DOMAINS)}"
        case Kind.DIGITS:
            length = 6 if each.key.endswith("licence_number") else min(3, len(each.cells) or 3)
            return "".join(chance.choice("23456789") for _ in range(length))
        case _:
            return chance.choice(words_for(each.key))


def words_for(key: str) -> tuple[str, ...]:
    name = key.partition(".")[2]
    return {"family_name": FAMILY, "given_name": GIVEN, "company": COMPANIES}.get(name, TITLES)


# ---------------------------------------------------------------- ink


def write(draw: ImageDraw.ImageDraw, each: FieldSpec, value: str | bool, chance: Random) -> None:
    if each.kind is Kind.SIGNATURE:
        sign(draw, each, chance)
    elif each.kind is Kind.CHOICE:
        tick(draw, each, str(value))
    elif each.cells:
        write_in_cells(draw, each, written(each.kind, str(value)))
    else:
        write_line(draw, each, written(each.kind, str(value)))


def written(kind: Kind, value: str) -> str:
    return f"{value[2:5]} {value[5:8]}-{value[8:]}" if kind is Kind.PHONE else value


def write_line(draw: ImageDraw.ImageDraw, each: FieldSpec, text: str) -> None:
    # A line's box reaches a little below its rule.
    above = 6.0 if each.layout == "line" else 3.5
    left, bottom = (each.box.x0 + 4) * POINT, (each.box.y1 - above) * POINT
    size = min(10.0, each.box.height * 0.62) * POINT
    face = ImageFont.truetype(FONT, round(size))
    room = (each.box.width - 6) * POINT
    if face.getlength(text) > room:
        face = ImageFont.truetype(FONT, max(12, round(size * room / face.getlength(text))))
    draw.text((left, bottom), text, font=face, fill=INK, anchor="ls")


def write_in_cells(draw: ImageDraw.ImageDraw, each: FieldSpec, text: str) -> None:
    characters = [character for character in text if character.isalnum() or each.kind is Kind.TEXT]
    size = round(min(cell.height for cell in each.cells) * 0.66 * POINT)
    face = ImageFont.truetype(FONT, size)
    for cell, character in zip(each.cells, characters, strict=False):
        middle = ((cell.x0 + cell.x1) / 2 * POINT, (cell.y1 - 0.22 * cell.height) * POINT)
        draw.text(middle, character, font=face, fill=INK, anchor="ms")


def tick(draw: ImageDraw.ImageDraw, each: FieldSpec, value: str) -> None:
    box = next(option.box for option in each.option if option.value == value)
    left, top, right, bottom = (edge * POINT for edge in box)
    for line in ((left, top, right, bottom), (left, bottom, right, top)):
        draw.line(line, fill=INK, width=5)


def sign(draw: ImageDraw.ImageDraw, each: FieldSpec, chance: Random) -> None:
    """Loops of a pen across the middle of the box."""
    box = each.box
    width, height = min(150.0, box.width * 0.6), box.height * 0.7
    steps = np.linspace(0, 1, 240)
    turns, lean = chance.uniform(5, 8), chance.uniform(0.15, 0.35)
    x = box.x0 + 8 + width * (steps + 0.05 * np.sin(2 * np.pi * turns * steps))
    y = (box.y0 + box.y1) / 2 + height * (0.5 * np.sin(2 * np.pi * turns * steps + 1) * (1 - lean * steps) - 0.05)
    draw.line(
        [(float(a) * POINT, float(b) * POINT) for a, b in zip(x, y, strict=True)], fill=INK, width=5, joint="curve"
    )


# ---------------------------------------------------------------- the scanner


def scanned(pixels: Pixels, number: int, spec: FormSpec, chance: Random) -> Page:
    """The sheet laid a little askew on a scanner with some noise, as JPEG."""
    height, width = pixels.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), chance.uniform(-0.8, 0.8), chance.uniform(0.99, 1.01))
    turn[:, 2] += (chance.uniform(-12, 12), chance.uniform(-12, 12))
    laid = cv2.warpAffine(pixels, turn, (width, height), flags=cv2.INTER_AREA, borderValue=255)
    noise = np.random.default_rng(chance.randrange(1 << 30)).normal(0, 5, laid.shape)
    noisy = np.clip(cv2.GaussianBlur(laid, (3, 3), 0.7).astype(np.float32) + noise, 0, 255).astype(np.uint8)
    _, packed = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, 75])
    seen = np.asarray(cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE), np.uint8)
    points = spec.page_size(number)
    return Page(number - 1, seen, float(DPI), *points)
