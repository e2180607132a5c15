"""Layout specs: one folder an edition under forms_specs/, checked once and whole.

An edition is `forms_specs/NUMBER/EDITION/spec.toml` and the `blank.pdf` beside it. Boxes are in points from the
top left corner of the blank's page.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

import pypdfium2
from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator, model_validator

from pipeline.model import FIELD_KEYS, Bilingual, Box, Kind

if TYPE_CHECKING:
    from pipeline.model import Pixels

SPEC_NAME = "spec.toml"
BLANK_NAME = "blank.pdf"
# 11 inches at 300 dpi are 3300 pixels and, in floating point, a little more: which would be rounded up to one more, and
# the page stretched into that, so that its foot lies a pixel too low (two, of the 300 dpi, where it is drawn at 150).
WHOLE = 1 - 1e-9


class SpecError(Exception):
    """A spec is wrong; the text says which file and key, and why."""


def drafted(info: ValidationInfo) -> bool:
    """Whether a proposal is being looked at, that may have marks of what is not sure."""
    return bool(info.context and info.context.get("draft"))


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Boxed(Part):
    box: Box

    @field_validator("box")
    @classmethod
    def _has_an_area(cls, box: Box) -> Box:
        if not (box.x0 < box.x1 and box.y0 < box.y1):
            raise ValueError("a box is [left, top, right, bottom], left < right and top < bottom")
        return box


class CombSpec(Boxed):
    """A row of `count` equal one-character cells."""

    count: int = Field(gt=0)

    def cells(self) -> Iterator[Box]:
        step = self.box.width / self.count
        for rank in range(self.count):
            yield Box(self.box.x0 + rank * step, self.box.y0, self.box.x0 + (rank + 1) * step, self.box.y1)


class OptionSpec(Boxed):
    """One checkbox of a choice: `box` is the printed square; `widget` its AcroForm field on a fillable blank."""

    value: str
    label: Bilingual
    widget: str | None = None


class FieldSpec(Boxed):
    """One field: `box` is where its ink may be, without the printed label where that can be kept out.

    layout: `cell` (a box), `line` (above a ruled line) or `comb` (one character a cell, in groups).
    """

    key: str
    kind: Kind
    page: int = Field(1, ge=1)
    required: bool = True
    label: Bilingual
    layout: Literal["cell", "line", "comb"] = "cell"
    comb: tuple[CombSpec, ...] = ()
    option: tuple[OptionSpec, ...] = ()
    widget: str | None = None
    unsure: str = ""

    @property
    def section(self) -> str:
        """`section2` of `section2.email`."""
        return self.key.partition(".")[0]

    @field_validator("unsure")
    @classmethod
    def _settled(cls, why: str, info: ValidationInfo) -> str:
        if why and not drafted(info):
            raise ValueError(f"still unsure: {why}; check the field, then delete this line")
        return why

    @field_validator("key")
    @classmethod
    def _in_the_contract(cls, key: str) -> str:
        if key not in FIELD_KEYS:
            raise ValueError(f"unknown field key {key!r}; the contract has: {', '.join(FIELD_KEYS)}")
        return key

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.layout == "comb") != bool(self.comb):
            raise ValueError("`comb` groups are for layout = 'comb', and it needs at least one")
        if (self.kind is Kind.CHOICE) != bool(self.option):
            raise ValueError("`option` boxes are for kind = 'choice', and it needs at least two")
        if self.kind is Kind.CHOICE and len({option.value for option in self.option}) < 2:
            raise ValueError("a choice needs at least two options with different values")
        if not all(_holds(self.box, part.box) for part in (*self.comb, *self.option)):
            raise ValueError("`box` must hold all its `comb` groups and `option` boxes")
        return self

    @property
    def cells(self) -> tuple[Box, ...]:
        """Every one-character cell of a comb, left to right; () for other layouts."""
        return tuple(cell for group in self.comb for cell in group.cells())


class PageSpec(Boxed):
    """One page of the form: `box` is where its footer with number, language and edition is printed."""

    footer: str


class FormSpec(Part):
    """One edition of one form. `folder` is where it was loaded from."""

    number: str = Field(pattern=r"^\d{4}$")
    edition: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")
    title: Bilingual
    valid_from: date | None = None
    valid_until: date | None = None
    page: tuple[PageSpec, ...] = Field(min_length=1)
    field: tuple[FieldSpec, ...] = Field(min_length=1)
    unsure: tuple[str, ...] = ()
    folder: Path

    def __hash__(self) -> int:
        """Of what tells editions apart: specs are looked up some hundred times a page."""
        return hash((self.number, self.edition, self.folder))

    @field_validator("unsure")
    @classmethod
    def _settled(cls, doubts: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if doubts and not drafted(info):
            raise ValueError(f"still unsure: {'; '.join(doubts)}; settle that, then delete this line")
        return doubts

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        keys = [spec.key for spec in self.field]
        for rank, spec in enumerate(self.field):
            if spec.page > len(self.page):
                raise ValueError(f"field.{rank}.page: page {spec.page} of {len(self.page)}")
            if spec.key in keys[:rank]:
                raise ValueError(f"field.{rank}.key: {spec.key} is there twice")
        return self

    @property
    def name(self) -> str:
        return f"{self.number} {self.edition}"

    @property
    def blank(self) -> Path:
        return self.folder / BLANK_NAME

    def fields_of_page(self, page: int) -> tuple[FieldSpec, ...]:
        return tuple(spec for spec in self.field if spec.page == page)

    def find_field(self, key: str) -> FieldSpec | None:
        return next((spec for spec in self.field if spec.key == key), None)

    def page_size(self, page: int) -> tuple[float, float]:
        """Width and height of the blank's page (1 is the first) in points."""
        return size_of_blank(self.blank, page)

    def blank_pixels(self, page: int, dpi: float) -> Pixels:
        """The blank's page (1 is the first) as 8-bit grey at `dpi`, form fields not drawn. Read-only.

        Drawn anew but for the latest two: at 600 dpi a page takes 34 MB; who needs it often keeps what it needs of it.
        """
        return render_blank(self.blank, page, dpi)


@cache
def size_of_blank(path: Path, page: int) -> tuple[float, float]:
    with pypdfium2.PdfDocument(path) as document:
        width, height = document[page - 1].get_size()
    return float(width), float(height)


@lru_cache(maxsize=2)
def render_blank(path: Path, page: int, dpi: float) -> Pixels:
    with pypdfium2.PdfDocument(path) as document:
        bitmap = document[page - 1].render(scale=dpi / 72 * WHOLE, grayscale=True, may_draw_forms=False)
        pixels: Pixels = bitmap.to_numpy().copy()
    pixels = pixels.reshape(pixels.shape[:2])
    pixels.setflags(write=False)
    return pixels


@cache
def blank_digest(path: Path) -> str:
    """The SHA-256 of a blank's bytes."""
    return sha256(path.read_bytes()).hexdigest()


def load_spec(folder: Path, *, draft: bool = False) -> FormSpec:
    """The spec in `folder`. Raises `SpecError` naming file, key and reason.

    draft: marks of what is not sure are let pass: to look at it, not to use it.
    """
    path = folder / SPEC_NAME
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8")) | {"folder": folder}
        spec = FormSpec.model_validate(said, context={"draft": draft})
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SpecError(f"{path}: {error}") from error
    except ValidationError as error:
        faults = (f"{path}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise SpecError("\n".join(faults)) from error
    check_against_blank(spec)
    return spec


def load_specs(root: Path) -> tuple[FormSpec, ...]:
    """Every spec under `root`, by number and edition. Raises `SpecError`: a wrong spec is never half-used."""
    folders = sorted(path.parent for path in root.glob(f"*/*/{SPEC_NAME}"))
    if not folders:
        raise SpecError(f"{root}: no spec here; an edition is NUMBER/EDITION/{SPEC_NAME} with its {BLANK_NAME}")
    return tuple(load_spec(folder) for folder in folders)


def check_against_blank(spec: FormSpec) -> None:
    """The folder's name, the blank's page count and the boxes agree with the spec, or `SpecError`."""
    path = spec.folder / SPEC_NAME
    if (spec.folder.parent.name, spec.folder.name) != (spec.number, spec.edition):
        raise SpecError(f"{path}: number, edition: {spec.name} lies in the folder of another edition")
    try:
        with pypdfium2.PdfDocument(spec.blank) as document:
            sizes = [page.get_size() for page in document]
    except (OSError, pypdfium2.PdfiumError) as error:
        raise SpecError(f"{spec.blank}: the blank cannot be opened: {error}") from error
    if len(sizes) != len(spec.page):
        raise SpecError(f"{path}: page: {len(spec.page)} pages in the spec, {len(sizes)} in the blank")
    sheets = [Box(0.0, 0.0, width, height) for width, height in sizes]
    for rank, (page, sheet) in enumerate(zip(spec.page, sheets, strict=True)):
        if not _holds(sheet, page.box):
            raise SpecError(f"{path}: page.{rank}.box: it is off the page")
    for rank, field in enumerate(spec.field):
        if not _holds(sheets[field.page - 1], field.box):
            raise SpecError(f"{path}: field.{rank}.box ({field.key}): it is off the page")


def _holds(outer: Box, inner: Box) -> bool:
    return outer.x0 <= inner.x0 and outer.y0 <= inner.y0 and inner.x1 <= outer.x1 and inner.y1 <= outer.y1
