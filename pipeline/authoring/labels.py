"""Which field a printed label names: `labels.toml`, checked when it is loaded."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from pipeline.meaning import fold
from pipeline.model import FIELD_KEYS, Bilingual, Kind

PATH = Path(__file__).parent / "labels.toml"
# Before a section's heading, and before a label.
NUMBERED = r"(section\s*)?\d?\s*[–—.:-]*\s*"
LONGEST_HEADING = 70


class Named(BaseModel):
    """Something that is told by how its label begins."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    begins: tuple[str, ...]
    label: Bilingual

    def fits(self, text: str) -> bool:
        return any(re.match(pattern, plain(text)) for pattern in self.begins)


class OptionLabel(Named):
    value: str


class FieldLabel(Named):
    """A field of either section; `name` is what stands behind the section in its key."""

    name: str
    kind: Kind
    required: bool = True
    options: tuple[OptionLabel, ...] = ()


class Labels(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    section: dict[str, tuple[str, ...]]
    field: tuple[FieldLabel, ...] = Field(min_length=1)

    def section_of(self, text: str) -> str | None:
        """The section whose heading this is: `2` or `3`."""
        if len(text) > LONGEST_HEADING:
            return None
        for number, begins in self.section.items():
            if any(re.match(NUMBERED + pattern, plain(text)) for pattern in begins):
                return number
        return None

    def field_of(self, section: str, text: str) -> FieldLabel | None:
        """The field of that section whose label this is."""
        return next((each for each in self.field if key_of(section, each) in FIELD_KEYS and each.fits(text)), None)


@cache
def labels() -> Labels:
    return Labels.model_validate(tomllib.loads(PATH.read_text(encoding="utf-8")))


def key_of(section: str, field: FieldLabel) -> str:
    return f"section{section}.{field.name}"


def plain(text: str) -> str:
    """Without accents, capitals, curly apostrophes and what leads a list, or OCR makes of a frame."""
    return re.sub(r"^[\W_]+", "", fold(text).replace("’", "'")).strip()
