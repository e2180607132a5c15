"""What is asked of a walled child, and what it answers: frozen values that cross as JSON.

Take a file apart into documents, read one document, draw or cut out what was read. All start from an original in the
store, given by its path or URL, so no job carries bytes.
"""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from pipeline.model import Box, FrozenModel, Reason, Source


class TakeApart(FrozenModel):
    """Which documents does this file hold? Answered by a `Parcel`."""

    kind: Literal["take-apart"] = "take-apart"
    original: str


class ReadDocument(FrozenModel):
    """Read one document: the file itself (rank None), or one attachment (0 is the first). Answered by a `Record`.

    form: the edition that a person says it is, as `FormSpec.name` has it.
    """

    kind: Literal["read"] = "read"
    original: str
    rank: int | None
    record_id: str
    source: Source
    form: str | None = None


class Draw(FrozenModel):
    """Draw a page (1 is the first) of a document that has its record. Answered by a `Picture`."""

    kind: Literal["draw"] = "draw"
    original: str
    rank: int | None
    record: str
    page: int | None


class Cut(FrozenModel):
    """Cut boxes (page, 1 is the first, and place on the blank) out of a document. Answered by `Cuttings`."""

    kind: Literal["cut"] = "cut"
    original: str
    rank: int | None
    boxes: tuple[tuple[int, Box], ...]


class Depict(FrozenModel):
    """Show a person a document: its pages, and boxes (page, 1 is the first, and place on the blank) cut out of them.

    form: the edition that it was found to be, as `FormSpec.name` has it: then the pages are that form's, laid straight.
    Answered by a `Depiction`.
    """

    kind: Literal["depict"] = "depict"
    original: str
    rank: int | None
    form: str | None
    boxes: tuple[tuple[int, Box], ...]


Job = TakeApart | ReadDocument | Draw | Cut | Depict


class Request(FrozenModel):
    """A job as it crosses."""

    job: Job = Field(discriminator="kind")


class Enclosure(FrozenModel):
    """One document in a file. With reasons, it is refused as it is and not read."""

    rank: int | None = None
    name: str | None = None
    sha256: str | None = None
    reasons: tuple[Reason, ...] = ()


class Parcel(FrozenModel):
    """One file, taken apart: an e-mail (`mail`) or a bare document. An e-mail may hold nothing."""

    mail: bool = False
    message_id: str | None = None
    sender: str | None = None
    received: AwareDatetime | None = None
    enclosures: tuple[Enclosure, ...] = ()
    ignored: tuple[str, ...] = ()


class Picture(FrozenModel):
    """A PNG, base64."""

    png: str


class Cuttings(FrozenModel):
    """A PNG (base64) a box, in order; None where the page is not there or not the form's."""

    pngs: tuple[str | None, ...]


class Leaf(FrozenModel):
    """One page: its number (1 is the first), its size in points and as a PNG (base64)."""

    number: int
    width: float
    height: float
    png: str


class Depiction(FrozenModel):
    """The pages, and a PNG (base64) a box, in order; None where its page is not there.

    laid: whether the pages are a form's, laid straight, so that boxes have their place on them.
    """

    laid: bool
    leaves: tuple[Leaf, ...]
    pngs: tuple[str | None, ...]
