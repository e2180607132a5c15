"""Whether a pen has gone over a typed line: a letter struck out, another written upon it.

All engines read type rightly through a thin stroke, and what somebody has corrected would be acted on as it was typed.
A small network looks for the stroke itself (`benchmarks/reader/train_amended.py`); how often it errs is in
docs/design/confidence.md ("Amended").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from pipeline.model import Kind
from pipeline.networks import session
from pipeline.pen import CERTAIN, TYPE
from pipeline.witnesses.testimony import placed

if TYPE_CHECKING:
    from pipeline.model import Pixels
    from pipeline.witnesses.testimony import Testimony

MODEL = Path(__file__).parent.parent / "models" / "amended.onnx"
# An underscore begins so many pixels above the letters' feet at most, at 300 dpi.
UNDERSCORE, PLUS, ABOVE, PAPER = "_", "+", 3, 255
# The network's input: so many pixels high; a narrower line has paper beside it, and a wider one is cut.
HEIGHT, NARROWEST, WIDEST = 40, 64, 1600
# From these probabilities on what was typed is a doubt, an address, and what a pen may have written; derived in
# docs/design/confidence.md ("Amended").
AMENDED, AMENDED_ADDRESS, AMENDED_BY_HAND = 0.8, 0.5, 0.95


def looked_over(form: Sequence[Testimony]) -> list[Testimony]:
    """A form's testimonies, of which it is known who wrote them; of what no pen wrote for certain, how probable a
    correction is."""
    return [
        replace(each, amended=amended_probability(without_strokes_that_were_typed(each)))
        if each.pictures and each.pen < CERTAIN
        else each
        for each in form
    ]


def without_strokes_that_were_typed(testimony: Testimony) -> Pixels:
    """The line's picture without the signs that were read in it and look like a pen's stroke: an underscore, where it
    meets a rule (what is above it stays), and a plus, which among capitals is a cross."""
    look, line = placed(testimony), testimony.line
    marks = [place for place in look.places if place.character in (UNDERSCORE, PLUS)] if look else []
    if not marks:
        return line.pixels
    pixels, width = line.pixels.copy(), line.pixels.shape[1]
    feet = max(0, line.row_of(line.foot) - ABOVE)
    for place in marks:
        columns = slice(round(place.left * width), round(place.right * width))
        pixels[feet if place.character == UNDERSCORE else 0 :, columns] = PAPER
    return pixels


def is_amended(probability: float, kind: Kind, pen: float = 0.0) -> bool:
    """Whether a field of this kind is a doubt; pen: how probable it is that a pen wrote all of it."""
    if pen > TYPE:
        return probability >= AMENDED_BY_HAND
    return probability >= (AMENDED_ADDRESS if kind is Kind.EMAIL else AMENDED)


def amended_probability(pixels: Pixels) -> float:
    """How probable it is that a pen has struck a letter of a typed line, 0 to 1. pixels: dark on white, trimmed, of any
    size."""
    found = session(MODEL).run(None, {"ink": prepare(pixels)[None, None].astype(np.float32) / 255.0})[0]
    return float(np.ravel(found)[0])


def prepare(pixels: Pixels) -> Pixels:
    """The line's ink as the network takes it: darkness 0 to 255, HEIGHT x width."""
    height, width = pixels.shape
    ink = cv2.resize(255 - pixels, (max(8, round(HEIGHT * width / height)), HEIGHT), interpolation=cv2.INTER_AREA)
    missing = max(0, NARROWEST - ink.shape[1])
    return np.asarray(cv2.copyMakeBorder(ink, 0, 0, 0, missing, cv2.BORDER_CONSTANT, value=0)[:, :WIDEST])
