"""Documents made for a measurement: a filled form as an office scanner sends it, with as many other pages as wanted."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from benchmarks.synthesis.composing import make_request
from benchmarks.synthesis.fill import Fonts, fill, make_writers
from benchmarks.synthesis.generate import choose_date, to_pdf
from benchmarks.synthesis.noise import Device, degrade
from benchmarks.synthesis.paper import DPI
from pipeline.model import Source

if TYPE_CHECKING:
    from pipeline.model import Pixels
    from pipeline.specs import FormSpec

# The one font of this repository: what is read of it says nothing about how well people are read.
FONT = Path(__file__).resolve().parent.parent.parent / "pipeline" / "show" / "fonts" / "DejaVuSans.ttf"
FONTS = Fonts((FONT,), (FONT,), (FONT,))
DEVICE = Device("office", 200, False)
LINE = "Madame, Monsieur, vous trouverez ci-joint la demande de notre établissement pour l'année en cours."


def make_document(spec: FormSpec, seed: int, others: int = 0) -> tuple[bytes, Source]:
    """The PDF: the form, then `others` pages of a letter; and where it came from."""
    rng = np.random.default_rng(seed)
    received = choose_date(rng, spec)
    request = make_request(rng, spec, received, hand=False, held_out=False)
    pages = fill(rng, request, make_writers(rng, FONTS, False, DEVICE.keeps_pencil))
    pages += [letter(rank) for rank in range(others)]
    return to_pdf(degrade(rng, pages, DEVICE)), source_of(received)


def source_of(received: date) -> Source:
    return Source(path="made.pdf", received=datetime(received.year, received.month, received.day, 17, tzinfo=UTC))


@cache
def letter(number: int) -> Pixels:
    """A page of text at 300 dpi, 8-bit grey."""
    page = Image.new("L", (round(8.5 * DPI), 11 * DPI), 255)
    pen, font = ImageDraw.Draw(page), ImageFont.truetype(str(FONT), round(11 * DPI / 72))
    for line in range(30):
        pen.text((DPI, DPI + line * 80), f"{number + 1}.{line + 1} {LINE[: 40 + 13 * (line % 5)]}", fill=20, font=font)
    return np.asarray(page)
