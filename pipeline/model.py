"""The nouns of the mail room, immutable, and the table of reasons.

Coordinates: a `Box` is in points (1/72 inch) from the top left corner of the page *as printed*, which is
the blank's page; pixels are from the top left too, and say at which resolution. Nothing here does
input or output.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]
    # What each look at an address may have read, with the chance of each text, by its make and picture (`own plain`).
    Looks = Mapping[str, Mapping[str, float]]

SCHEMA: Literal[1] = 1


class Box(NamedTuple):
    """A rectangle in points from the top left corner of the page as printed: left, top, right, bottom."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0


class Kind(StrEnum):
    """What a field holds; it decides the reader, the grammar and the threshold."""

    TEXT = "text"
    PHONE = "phone"
    DIGITS = "digits"
    EMAIL = "email"
    CHOICE = "choice"
    SIGNATURE = "signature"
    DATE = "date"


class ReadingSource(StrEnum):
    OCR = "ocr"
    TEXT = "text"
    MARK = "mark"
    REVIEWER = "reviewer"


class Verdict(StrEnum):
    ACCEPT = "accept"
    REJECT = "reject"
    REVIEW = "review"


class Channel(StrEnum):
    EMAIL = "email"
    REGISTERED_MAIL = "registered-mail"


# The field table of the contract, in its order: reasons about fields come in this order.
FIELD_KEYS: tuple[str, ...] = (
    "section2.family_name",
    "section2.given_name",
    "section2.job_title",
    "section2.company",
    "section2.telephone",
    "section2.telephone_extension",
    "section2.email",
    "section2.language",
    "section2.environment",
    "section2.signature",
    "section2.signed_on",
    "section3.family_name",
    "section3.given_name",
    "section3.job_title",
    "section3.licence_number",
    "section3.telephone",
    "section3.telephone_extension",
    "section3.email",
    "section3.signature",
    "section3.signed_on",
)


# ---------------------------------------------------------------- what comes in


@dataclass(frozen=True)
class Attachment:
    """One document as it came: its display name (cleaned; None where the part has none) and its bytes."""

    name: str | None
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Message:
    """One e-mail, taken apart. `attachments` keeps the mail's order; `ignored` names what was passed over and why."""

    message_id: str | None
    sender: str | None
    received: datetime | None
    attachments: tuple[Attachment, ...]
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True)
class Word:
    """A visible word of a born-digital page; the box is in points on the file's own page, as displayed."""

    text: str
    box: Box


@dataclass(frozen=True)
class Widget:
    """One AcroForm widget on a page: full field name, /FT kind, value; box as for `Word`.

    kind: text, checkbox (value: the state's name, "" when off) or signature. doubtful: the page shows something else
    than the value, so that a person must look.
    """

    name: str
    kind: Literal["text", "checkbox", "signature"]
    value: str
    box: Box
    doubtful: bool = False


@dataclass(frozen=True)
class Markup:
    """What somebody has added to a page on the screen: struck out, drawn, remarked; box as for `Word`.

    drawn: with a pen or a stamp, by which people fill in and sign, too.
    """

    box: Box
    drawn: bool


@dataclass(frozen=True)
class Page:
    """One page of a file as displayed (after /Rotate and CropBox).

    `pixels` is 8-bit grey, height x width, white paper near 255; `dpi` is its mean resolution.
    `width` and `height` are in points. `words` and `widgets` are empty unless the page is born digital:
    a text layer over a scan never gets here. `markup`: of any page. `black_and_white`: scanned so, without shades of
    grey. `overview` is the page as seen from afar, if it has been made.
    """

    index: int
    pixels: Pixels = field(repr=False)
    dpi: float
    width: float
    height: float
    words: tuple[Word, ...] = ()
    widgets: tuple[Widget, ...] = ()
    markup: tuple[Markup, ...] = ()
    born_digital: bool = False
    black_and_white: bool = False
    blank: bool = False
    overview: Pixels | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Document:
    pages: tuple[Page, ...]


# ---------------------------------------------------------------- what is found


@dataclass(frozen=True)
class Identity:
    """Which form and edition; `confidence` is that of both together."""

    number: str | None
    edition: str | None
    confidence: float


@dataclass(frozen=True)
class Alternative:
    """Another value that the ink may hold, likeliest first in a tuple of them."""

    value: str
    confidence: float


@dataclass(frozen=True)
class Reading:
    """What was read in one field.

    value: the canonical value; None when nothing is written or what is written is not valid.
    raw: what is written, as read; None when nothing is written.
    confidence: probability that `value` (or that it is blank, or invalid as `raw` says) is right; for text, right but
    for accents and capitals. looks: of an address, what each look at it may have read, in small letters.
    """

    key: str
    value: str | bool | None
    raw: str | None
    confidence: float
    source: ReadingSource
    page: int
    box: Box
    alternatives: tuple[Alternative, ...] = ()
    note: str = ""
    looks: Looks = field(default_factory=dict)

    @property
    def blank(self) -> bool:
        return self.value is None and not self.raw

    @property
    def invalid(self) -> bool:
        return self.value is None and bool(self.raw)


Readings = dict[str, Reading]


# ---------------------------------------------------------------- why


class Code(StrEnum):
    """Reason codes, in the contract's order; `REASONS` says the rest."""

    NO_ATTACHMENT = "no-attachment"
    NOT_A_PDF = "not-a-pdf"
    DOCUMENT_ENCRYPTED = "document-encrypted"
    DOCUMENT_UNREADABLE = "document-unreadable"
    DOCUMENT_TOO_LARGE = "document-too-large"
    DUPLICATE_DOCUMENT = "duplicate-document"
    SEVERAL_FORMS_IN_ONE_FILE = "several-forms-in-one-file"
    FORM_NOT_ACCEPTED = "form-not-accepted"
    EDITION_OBSOLETE = "edition-obsolete"
    FIELD_MISSING = "field-missing"
    FIELD_INVALID = "field-invalid"
    EMAIL_INVALID = "email-invalid"
    EMAIL_SHARED_MAILBOX = "email-shared-mailbox"
    EMAILS_NOT_DIFFERENT = "emails-not-different"
    SIGNATURE_MISSING = "signature-missing"
    FORM_UNIDENTIFIED = "form-unidentified"
    EDITION_UNKNOWN = "edition-unknown"
    PAGE_MISSING = "page-missing"
    PROCESSING_LIMIT = "processing-limit"
    LOW_CONFIDENCE = "low-confidence"


@dataclass(frozen=True)
class ReasonKind:
    """One row of the reason table.

    The messages are templates: `{field}` is the field's name, `{detail}` what is particular.
    """

    verdict: Verdict
    fr: str
    en: str


REASONS: dict[Code, ReasonKind] = {
    Code.NO_ATTACHMENT: ReasonKind(
        Verdict.REJECT, "Le courriel ne contient aucun document.", "The e-mail carries no document."
    ),
    Code.NOT_A_PDF: ReasonKind(
        Verdict.REJECT,
        "La pièce jointe n'est pas un document PDF.",
        "The attachment is not a PDF document.",
    ),
    Code.DOCUMENT_ENCRYPTED: ReasonKind(
        Verdict.REJECT,
        "Le document est protégé par un mot de passe.",
        "The document cannot be opened without a password.",
    ),
    Code.DOCUMENT_UNREADABLE: ReasonKind(
        Verdict.REJECT,
        "Le document est vide, endommagé ou sans aucune page lisible.",
        "The document is empty, damaged or has no readable page.",
    ),
    Code.DOCUMENT_TOO_LARGE: ReasonKind(
        Verdict.REJECT,
        "Le document dépasse les limites permises ({detail}).",
        "The document is over the limits ({detail}).",
    ),
    Code.DUPLICATE_DOCUMENT: ReasonKind(
        Verdict.REJECT,
        "Le même document a déjà été reçu.",
        "The same document has come before.",
    ),
    Code.SEVERAL_FORMS_IN_ONE_FILE: ReasonKind(
        Verdict.REJECT,
        "Le fichier contient plus d'un formulaire ({detail}) ; chaque formulaire doit être dans son propre fichier.",
        "The file holds more than one form ({detail}); each form must be in its own file.",
    ),
    Code.FORM_NOT_ACCEPTED: ReasonKind(
        Verdict.REJECT,
        "Le formulaire {detail} n'est pas traité ici.",
        "Form {detail} is not treated here.",
    ),
    Code.EDITION_OBSOLETE: ReasonKind(
        Verdict.REJECT,
        "L'édition {detail} du formulaire n'est plus acceptée.",
        "Edition {detail} of the form is no longer accepted.",
    ),
    Code.FIELD_MISSING: ReasonKind(
        Verdict.REJECT,
        "Le champ « {field} » est obligatoire et il est vide.",
        'The field "{field}" is required and is blank.',
    ),
    Code.FIELD_INVALID: ReasonKind(
        Verdict.REJECT,
        "Ce qui est inscrit au champ « {field} » n'est pas valide.",
        'What is written in the field "{field}" is not valid.',
    ),
    Code.EMAIL_INVALID: ReasonKind(
        Verdict.REJECT,
        "Ce qui est inscrit au champ « {field} » n'est pas une adresse de courriel.",
        'What is written in the field "{field}" is not an e-mail address.',
    ),
    Code.EMAIL_SHARED_MAILBOX: ReasonKind(
        Verdict.REJECT,
        "L'adresse inscrite au champ « {field} » est celle d'une boîte partagée.",
        'The address in the field "{field}" is that of a shared mailbox.',
    ),
    Code.EMAILS_NOT_DIFFERENT: ReasonKind(
        Verdict.REJECT,
        "Les deux personnes doivent donner deux adresses de courriel différentes.",
        "The two people must give two different e-mail addresses.",
    ),
    Code.SIGNATURE_MISSING: ReasonKind(
        Verdict.REJECT,
        "La signature manque : « {field} ».",
        'The signature is missing: "{field}".',
    ),
    Code.FORM_UNIDENTIFIED: ReasonKind(
        Verdict.REVIEW,
        "Le formulaire ou son édition n'a pas pu être reconnu{detail}.",
        "The form or its edition could not be identified{detail}.",
    ),
    Code.EDITION_UNKNOWN: ReasonKind(
        Verdict.REVIEW,
        "L'édition {detail} du formulaire n'est pas encore connue.",
        "Edition {detail} of the form is not known yet.",
    ),
    Code.PAGE_MISSING: ReasonKind(
        Verdict.REVIEW,
        "Une page du formulaire manque dans le fichier ({detail}).",
        "A page of the form is missing from the file ({detail}).",
    ),
    Code.PROCESSING_LIMIT: ReasonKind(
        Verdict.REVIEW,
        "La lecture du document a atteint une limite de temps ou de mémoire.",
        "Reading the document ran into a time or memory limit.",
    ),
    Code.LOW_CONFIDENCE: ReasonKind(
        Verdict.REVIEW,
        "Le champ « {field} » n'a pas été lu avec assez de certitude.",
        'The field "{field}" was not read with enough certainty.',
    ),
}

CODE_ORDER: dict[Code, int] = {code: rank for rank, code in enumerate(Code)}
FIELD_ORDER: dict[str | None, int] = {key: rank for rank, key in enumerate((None, *FIELD_KEYS))}


class FrozenModel(BaseModel):
    """A value that leaves the process as JSON: frozen, and strict about unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Bilingual(FrozenModel):
    """A text for people, French first."""

    fr: str
    en: str


class Reason(FrozenModel):
    code: Code
    field: str | None = None
    message: Bilingual

    @classmethod
    def of(cls, code: Code, *, field: str | None = None, label: Bilingual | None = None, detail: str = "") -> Reason:
        """The reason with its messages filled in; `label` is the field's name for people."""
        kind = REASONS[code]
        name = label or Bilingual(fr=field or "", en=field or "")
        return cls(
            code=code,
            field=field,
            message=Bilingual(
                fr=kind.fr.format(field=name.fr, detail=detail), en=kind.en.format(field=name.en, detail=detail)
            ),
        )

    @property
    def verdict(self) -> Verdict:
        return REASONS[self.code].verdict

    @property
    def order(self) -> tuple[int, int]:
        """Sorts reasons as the contract does: by the reason table, then by the field table."""
        return CODE_ORDER[self.code], FIELD_ORDER.get(self.field, len(FIELD_ORDER))


class Refused(Exception):
    """The document cannot go on: it carries the reasons. Raised by a stage, caught by the spine alone.

    `identity` is what was known of the form by then.
    """

    def __init__(self, *reasons: Reason, identity: Identity | None = None) -> None:
        super().__init__(", ".join(reason.code for reason in reasons))
        self.reasons = reasons
        self.identity = identity


# ---------------------------------------------------------------- what goes out


class Source(FrozenModel):
    """Where a document came from. `path` is as given on the command line."""

    path: str
    attachment: str | None = None
    message_id: str | None = None
    sender: str | None = None
    received: AwareDatetime
    sha256: str | None = None


class Form(FrozenModel):
    number: str | None = None
    edition: str | None = None
    confidence: float = 0.0


class FieldRecord(FrozenModel):
    """One field as recorded. `alternatives` serve the reviewer, `looks` the rules; they stay in the store, as does
    `confidence` in full: see `Record.to_contract_json`."""

    value: str | bool | None
    raw: str | None
    confidence: float
    source: ReadingSource
    page: int
    box: tuple[float, float, float, float]
    alternatives: tuple[str, ...] = ()
    looks: dict[str, dict[str, float]] = Field(default_factory=dict)

    @field_validator("looks", mode="before")
    @classmethod
    def _with_chances(cls, looks: dict[str, str | dict[str, float]]) -> dict[str, dict[str, float]]:
        """As they are kept now: what was recorded before December 2026 has one text for each look."""
        return {place: {read: 1.0} if isinstance(read, str) else read for place, read in looks.items()}


class Delivery(FrozenModel):
    channel: Channel
    username_to: str | None = None
    temporary_password_to: str | None = None


class Versions(FrozenModel):
    """What a record was made by, as digests that differ when something has changed on which it rests.

    program, engines: names and versions, and what the readers know of an agency's own. family: the editions that its
    own is told from. layout: what of its edition readings depend on; terms: the rest of the edition. rules: rules and
    thresholds. limits: what a document may cost.
    """

    program: str
    engines: tuple[str, ...]
    family: str
    layout: str
    terms: str
    rules: str
    limits: str


class Record(FrozenModel):
    """One document's outcome: schema 1 of the contract. `versions` stays in the store."""

    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True, validate_by_name=True)

    # `schema` is taken by pydantic's own classes, hence the alias.
    schema_number: Literal[1] = Field(default=SCHEMA, alias="schema")
    id: str
    source: Source
    form: Form
    decision: Verdict
    reasons: tuple[Reason, ...] = ()
    fields: dict[str, FieldRecord] = Field(default_factory=dict)
    delivery: Delivery | None = None
    duplicate_of: str | None = None
    versions: Versions | None = None

    def to_contract_json(self) -> str:
        """One line of JSON, with exactly the contract's keys (`duplicate_of` only on a duplicate)."""
        rounded = {
            key: read.model_copy(update={"confidence": round(read.confidence, 4)}) for key, read in self.fields.items()
        }
        rest: dict[str, bool] = {"duplicate_of": True} if self.duplicate_of is None else {}
        return self.model_copy(update={"fields": rounded}).model_dump_json(
            exclude={"fields": {"__all__": {"alternatives", "looks"}}, "versions": True, **rest}
        )


# ---------------------------------------------------------------- the seam to the engines


@dataclass(frozen=True)
class Crop:
    """One line of writing for an engine: 8-bit grey, dark ink on white paper, trimmed to the ink with a margin.

    `alphabet` restricts what may be read (None: anything the engine knows); `dpi` is the pixels' resolution; spaces:
    whether a gap may be a space: between the cells of a comb it says nothing.
    """

    pixels: Pixels = field(repr=False)
    dpi: float
    alphabet: frozenset[str] | None = None
    spaces: bool = True


@dataclass(frozen=True)
class Transcript:
    """What an engine read in one crop.

    probabilities: one a character of `text`, as the engine gives them (raw scores, not calibrated).
    spans: per character its left and right as fractions of the crop's width, or () where the engine has none.
    candidates: other texts with their probability, likeliest first, `text` included; () where the engine has none.
    """

    text: str
    probabilities: tuple[float, ...] = ()
    spans: tuple[tuple[float, float], ...] = ()
    candidates: tuple[tuple[str, float], ...] = ()

    @property
    def score(self) -> float:
        """The weakest character's probability; 0 for nothing read."""
        return min(self.probabilities, default=0.0)


class OcrEngine(Protocol):
    """Reads lines of writing. One call takes many crops, because starting an engine costs more than reading."""

    name: str
    version: str

    def read(self, crops: Sequence[Crop]) -> list[Transcript]:
        """One transcript a crop, in order. Raises `EngineError` when the engine itself fails."""
        ...


class EngineError(Exception):
    """An OCR engine cannot be started or broke down: our fault, never the document's."""


class StoreError(Exception):
    """The store cannot be opened, read or written (disk full, no permission, another version): ours too."""
