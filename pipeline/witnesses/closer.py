"""A closer look at what leaves a doubt: both networks are shown the same ink in further pictures, blurred, thicker and
thinner.

What one picture's grain made of a letter the others do not show; what is written, all do. How far apart right and wrong
readings are in this is in docs/design/confidence.md ("A closer look").
"""

from __future__ import annotations

import math
from dataclasses import replace
from statistics import fmean
from typing import TYPE_CHECKING

import cv2
import numpy as np

from pipeline.language.spelling import is_read_for
from pipeline.model import Kind
from pipeline.pen import TYPE
from pipeline.witnesses.testimony import Witness, crop_of, witness_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.model import OcrEngine, Pixels
    from pipeline.witnesses.testimony import Testimony

# Whose looks they are: the cheaper one's first.
MAKES = ("own", "paddle")
# The look at a further picture.
RENDERING = "closer"
# How far a blur reaches (its sigma), and how much thicker and thinner strokes become, in pixels at 300 dpi.
BLUR, STROKE = 1.0, np.ones((2, 2), np.uint8)
# How much likelier than anything else each network must hold a value on average, in log odds, and both together.
EACH, BOTH = 1.0, 4.0


def further(pixels: Pixels) -> tuple[Pixels, ...]:
    """The pictures of a picture of ink, dark on white."""
    return cv2.GaussianBlur(pixels, (0, 0), BLUR), cv2.erode(pixels, STROKE), cv2.dilate(pixels, STROKE)


def look_closer(testimonies: Sequence[Testimony], engine: OcrEngine, dpi: float) -> list[Testimony]:
    """The testimonies with what an engine reads in further pictures of their ink."""
    crops = [
        (rank, crop_of(each.field, picture, dpi))
        for rank, each in enumerate(testimonies)
        for pixels in each.pictures.values()
        for picture in further(pixels)
    ]
    read: list[list[Witness]] = [[] for _ in testimonies]
    for (rank, _), transcript in zip(crops, engine.read([crop for _, crop in crops]), strict=True):
        read[rank].append(witness_of(testimonies[rank].field, engine.name, RENDERING, transcript))
    return [replace(each, closer=(*each.closer, *looks)) for each, looks in zip(testimonies, read, strict=True)]


def as_if_seen(testimony: Testimony, key: str) -> Testimony:
    """The testimony as if the networks that were not asked yet had read the value in every further picture, surely."""
    missing = set(MAKES) - {look.engine for look in testimony.closer}
    looks = [Witness(make, RENDERING, key, key, key, 1.0, {key: 1.0}) for make in sorted(missing)]
    return replace(testimony, closer=(*testimony.closer, *looks))


def is_seen_closer(testimony: Testimony, key: str) -> bool:
    """Whether both networks read the value in further pictures, and are sure enough of it; of a text our own network
    may lose small signs, a number by hand the third make must have read, too: `91436` was sure for `21436`."""
    text = testimony.field.kind is Kind.TEXT
    if (
        not text
        and testimony.pen > TYPE
        and not any(look.engine not in MAKES and look.key == key for look in testimony.witnesses)
    ):
        return False

    def margin(look: Witness) -> float:
        lost = text and look.engine == "own"
        return look.margin(key, *(other for other in look.chances if lost and is_read_for(other, key)))

    return bool(key) and is_sure(testimony, margin)


def is_sure(testimony: Testimony, margin: Callable[[Witness], float], each: float = EACH, both: float = BOTH) -> bool:
    """Whether the networks' looks at further pictures have this margin on average, each and together."""
    means = [
        fmean(margins) if (margins := [margin(look) for look in testimony.closer if look.engine == make]) else -math.inf
        for make in MAKES
    ]
    return min(means) >= each and sum(means) >= both
