"""More editions than there are: the known ones again, with another footer, or with another arrangement too."""

from __future__ import annotations

import random
import re
import shutil
from enum import StrEnum
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf

from pipeline.specs import load_specs

if TYPE_CHECKING:
    from pipeline.model import Box
    from pipeline.specs import FormSpec

LEFT, BANDS = "left", 9


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
    with pikepdf.open(spec.blank) as known, pikepdf.open(spec.blank) as blank:
        for rank, (told, footer) in enumerate(zip(spec.page, footers, strict=True)):
            page = blank.pages[rank]
            height = float(page.mediabox[3])
            if look is Look.OTHER:
                # Of the other copy: a page that is changed would hold itself.
                whole = blank.copy_foreign(known.pages[rank].as_form_xobject())
                rearrange(blank, page, whole, told.box.y0 - 4, seed)
            write_footer(page, height, told.box, footer)
        blank.save(folder / "blank.pdf")


def free_edition(spec: FormSpec, target: Path) -> str:
    """A month from which the form has no edition: before the rules of 2022 for an old one."""
    months = (
        f"{year}-{month:02d}" for year in range(1990 if spec.edition < "2022" else 2026, 2090) for month in range(1, 13)
    )
    return next(edition for edition in months if not (target / spec.number / edition).exists())


def write_footer(page: pikepdf.Page, height: float, box: Box, footer: str) -> None:
    """Over the old one, in Helvetica, in its place and as wide."""
    helvetica = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    name = page.add_resource(helvetica, pikepdf.Name.Font)
    bottom, width, tall = height - box.y1, box.x1 - box.x0, box.y1 - box.y0
    size = width / (0.5 * len(footer))
    page.contents_add(
        f"q 1 g {box.x0:.1f} {bottom:.1f} {width:.1f} {tall:.1f} re f 0 g BT {name} {size:.2f} Tf "
        f"{box.x0:.2f} {bottom + 0.22 * tall:.2f} Td ({footer}) Tj ET Q".encode()
    )


def rearrange(blank: pikepdf.Pdf, page: pikepdf.Page, whole: pikepdf.Object, depth: float, seed: int) -> None:
    """The page, of which `whole` is the picture, cut into bands down to `depth` points, in another order."""
    width, height = float(page.mediabox[2]), float(page.mediabox[3])
    order = list(range(BANDS))
    random.Random(seed).shuffle(order)
    band = depth / BANDS
    parts = [(0.0, height - depth, 0.0)] + [
        (height - (place + 1) * band, band, (origin - place) * band) for place, origin in enumerate(order)
    ]
    page.obj.Contents = blank.make_stream(b"")
    name = page.add_resource(whole, pikepdf.Name.XObject)
    drawn = [
        f"q 0 {low:.2f} {width:.1f} {tall:.2f} re W n 1 0 0 1 0 {shift:.2f} cm {name} Do Q"
        for low, tall, shift in parts
    ]
    page.contents_add("\n".join(drawn).encode())
