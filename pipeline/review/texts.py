"""What the pages say, in French and in English: `texts.toml`, checked when it is loaded."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from pipeline.model import Bilingual

LANGUAGES = ("fr", "en")
PATH = Path(__file__).parent / "texts.toml"

Say = Callable[..., str]


@cache
def texts() -> dict[str, Bilingual]:
    """Every text by its dotted name."""
    sections = tomllib.loads(PATH.read_text(encoding="utf-8"))
    return {
        f"{section}.{name}": Bilingual.model_validate(text)
        for section, named in sections.items()
        for name, text in named.items()
    }


def speaker(language: str) -> Say:
    """A function from a text's name, and what is put into it, to the text."""

    def say(name: str, /, **values: object) -> str:
        return in_language(texts()[name], language).format(**values)

    return say


def in_language(text: Bilingual, language: str) -> str:
    return text.en if language == "en" else text.fr
