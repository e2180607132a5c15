"""More editions than there are: the known ones again, with another footer, or with another arrangement too."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Iterable
from enum import StrEnum
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf

from pipeline.specs import load_specs

if TYPE_CHECKING:
    from pipeline.specs import FormSpec

    Drawn = pikepdf.ContentStreamInstruction | pikepdf.ContentStreamInlineImage

BANDS = 9
# What draws: which of its operands are heights, and whether it begins something new, as text, rectangle or line.
MOVED = {"Tm": ((5,), True), "re": ((1,), True), "m": ((1,), True), "l": ((1,), False), "c": ((1, 3, 5), False)}


class Look(StrEnum):
    """How a further edition looks: as one that is there but for its footer, or with its parts in another order."""

    SAME = "same look"
    OTHER = "other looks"


def make_editions(source: Path, target: Path, count: int, look: Look) -> None:
    """`count` editions under `target`: those under `source`, and further ones made of them."""
    shutil.copytree(source, target)
    known = load_specs(source)
    for rank, spec in enumerate(islice(cycle(known), max(0, count - len(known)))):
        add_edition(spec, target, look, rank)


def add_edition(spec: FormSpec, target: Path, look: Look, seed: int) -> None:
    edition = free_edition(spec, target)
    folder = target / spec.number / edition
    folder.mkdir(parents=True)
    footers = [re.sub(r"\d\d/\d\d$", edition[2:].replace("-", "/"), page.footer) for page in spec.page]
    text = (
        (spec.folder / "spec.toml")
        .read_text(encoding="utf-8")
        .replace(f'edition = "{spec.edition}"', f'edition = "{edition}"')
    )
    for page, footer in zip(spec.page, footers, strict=True):
        text = text.replace(f'footer = "{page.footer}"', f'footer = "{footer}"')
    (folder / "spec.toml").write_text(text, encoding="utf-8")
    with pikepdf.open(spec.blank) as blank:
        for sheet, told, footer in zip(blank.pages, spec.page, footers, strict=True):
            drawn = [with_footer(each, told.footer, footer) for each in pikepdf.parse_content_stream(sheet)]
            if look is Look.OTHER:
                height = float(sheet.mediabox[3])
                drawn = rearranged(drawn, height - told.box.y0 + 4, height, seed)
            sheet.obj.Contents = blank.make_stream(pikepdf.unparse_content_stream(drawn))
        blank.save(folder / "blank.pdf")


def free_edition(spec: FormSpec, target: Path) -> str:
    """A month from which the form has no edition: before the rules of 2022 for an old one."""
    months = (
        f"{year}-{month:02d}" for year in range(1990 if spec.edition < "2022" else 2026, 2090) for month in range(1, 13)
    )
    return next(edition for edition in months if not (target / spec.number / edition).exists())


def with_footer(drawn: Drawn, old: str, new: str) -> Drawn:
    """The same, but for a text that is the footer."""
    if str(drawn.operator) == "Tj" and old in str(drawn.operands[0]):
        said = str(drawn.operands[0]).replace(old, new)
        return pikepdf.ContentStreamInstruction([pikepdf.String(said)], drawn.operator)
    return drawn


def rearranged(drawn: Iterable[Drawn], low: float, high: float, seed: int) -> list[Drawn]:
    """The page between `low` and `high` points from its foot cut into bands, and these put into another order."""
    order = list(range(BANDS))
    random.Random(seed).shuffle(order)
    band = (high - low) / BANDS
    shift = 0.0
    moved: list[Drawn] = []
    for each in drawn:
        places, starts = MOVED.get(str(each.operator), ((), False))
        operands: list[Any] = list(each.operands)
        if starts:
            place = int((float(operands[places[0]]) - low) // band)
            shift = (order[place] - place) * band if 0 <= place < BANDS else 0.0
        for rank in places:
            operands[rank] = round(float(operands[rank]) + shift, 2)
        moved.append(pikepdf.ContentStreamInstruction(operands, each.operator))
    return moved
