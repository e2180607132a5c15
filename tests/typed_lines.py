"""Lines of type for tests, and where each of their characters stands."""

from __future__ import annotations

from functools import cache
from itertools import pairwise

import cv2
import numpy as np
from matplotlib import font_manager
from PIL import Image, ImageDraw, ImageFont
from scanned_forms import Pixels

from pipeline.glyphs.placed import Letter, Place, letters_of_numbers

SANS, SERIF = "DejaVu Sans", "DejaVu Serif"


@cache
def font_of(family: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_manager.findfont(family), 42)


def line_of(written: str, family: str = SANS, noise: float = 0.0) -> tuple[Pixels, list[tuple[float, float]]]:
    """The text as type, and where each character stands."""
    font = font_of(family)
    stops = [font.getlength(written[:count]) for count in range(len(written) + 1)]
    image = Image.new("L", (round(stops[-1]) + 20, 70), 255)
    ImageDraw.Draw(image).text((10, 8), written, font=font, fill=0)
    pixels = np.asarray(image, np.float32)
    grain = np.random.default_rng(3).normal(0, noise, pixels.shape)
    pixels = cv2.GaussianBlur(pixels, (3, 3), 0) + grain
    places = [((start + 10) / image.width, (stop + 10) / image.width) for start, stop in pairwise(stops)]
    return np.clip(pixels, 0, 255).astype(np.uint8), places


def uneven_line_of(written: str, seed: int = 0) -> tuple[Pixels, list[tuple[float, float]]]:
    """The text as a hand might write it, no letter twice alike: each of the typeface's leans, turns and grows a little;
    and where each stands."""
    rng, font, room = np.random.default_rng(seed), font_of(SANS), 90
    pixels = np.full((room, room * len(written)), 255, np.uint8)
    places, left = [], 10
    for letter in written:
        image = Image.new("L", (room, room), 255)
        ImageDraw.Draw(image).text((20, 18), letter, font=font, fill=0)
        turn = cv2.getRotationMatrix2D((room / 2, room / 2), rng.uniform(-12, 12), rng.uniform(0.9, 1.1))
        turn[0, 1] += rng.uniform(-0.4, 0.4)
        drawn = cv2.warpAffine(np.asarray(image), turn, (room, room), borderValue=255)
        inked = np.flatnonzero((drawn < 128).any(axis=0))
        first, last = (int(inked[0]) - 2, int(inked[-1]) + 3) if len(inked) else (20, 34)
        width = last - first
        pixels[:, left : left + width] = drawn[:, first:last]
        places.append((left, left + width))
        left += width + 2
    pixels = pixels[:, : left + 10]
    return pixels, [(first / pixels.shape[1], last / pixels.shape[1]) for first, last in places]


def read_as(pixels: Pixels, text: str, places: list[tuple[float, float]]) -> tuple[Pixels, list[Place]]:
    return pixels, [Place(letter, *place) for letter, place in zip(text, places, strict=True)]


def figures_in(family: str, numbers: str = "418 555-0110") -> list[Letter]:
    """The zeros, ones and twos of a number on a page of that typeface."""
    pixels, places = line_of(numbers, family)
    return letters_of_numbers(*read_as(pixels, numbers, places), "numbers")
