"""Editions that nobody published: a published one with another footer, and so of the very same look."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from pipeline.specs import FormSpec, load_specs


def reissued(spec: FormSpec, editions: Sequence[str], folder: Path) -> tuple[FormSpec, ...]:
    """`spec` as these editions (YYYY-MM), their blanks and specs under `folder`."""
    for edition in editions:
        place = folder / spec.number / edition
        place.mkdir(parents=True)
        old, new = _printed(spec.edition), _printed(edition)
        text = (spec.folder / "spec.toml").read_text(encoding="utf-8")
        text = re.sub(r"(?m)^valid_(from|until) = .*\n", "", text)
        (place / "spec.toml").write_text(text.replace(old, new).replace(spec.edition, edition), encoding="utf-8")
        writer = PdfWriter(clone_from=spec.blank)
        for page in writer.pages:
            contents = page.get_contents()
            assert contents is not None
            drawn = contents.get_data()
            assert old.encode() in drawn
            stream = DecodedStreamObject()
            stream.set_data(drawn.replace(old.encode(), new.encode()))
            page[NameObject("/Contents")] = writer._add_object(stream)
        writer.write(place / "blank.pdf")
    return tuple(load_specs(folder))


def _printed(edition: str) -> str:
    return f"{edition[2:4]}/{edition[5:]}"
