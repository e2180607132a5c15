"""A whole spec proposed from a blank alone. What is not sure is marked, not guessed: a spec with marks is not used."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from pipeline.authoring.headings import labels_by_section
from pipeline.authoring.labels import FieldLabel, OptionLabel, key_of, labels, plain
from pipeline.authoring.places import NARROWEST, Place, find_place, hull, printed_in, square_before, words_of
from pipeline.authoring.printed import FormWidget, Piece, PrintedPage
from pipeline.model import FIELD_KEYS, Bilingual, Box, Kind
from pipeline.specs import FormSpec

# Number, language, year and month, as `4058 195 22/03`.
FOOTER = re.compile(r"\b(\d{4})\s+(\d{3})\s+(\d{2})/(0[1-9]|1[0-2])\b")
# Fields that only editions from March 2022 on have.
NEWER = frozenset(
    {"section2.email", "section2.environment", "section2.signature", "section2.signed_on", "section3.email"}
)


@dataclass(frozen=True)
class OptionDraft:
    value: str
    label: Bilingual
    box: Box
    widget: str | None = None


@dataclass(frozen=True)
class FieldDraft:
    """unsure: why a person must look at it; "" where it is sure."""

    key: str
    kind: Kind
    page: int
    label: Bilingual
    place: Place
    required: bool = True
    options: tuple[OptionDraft, ...] = ()
    widget: str | None = None
    unsure: str = ""


@dataclass(frozen=True)
class Draft:
    """footers: text and box by page; None where a page has none. missing: keys for which nothing was found."""

    number: str
    edition: str
    title: Bilingual
    footers: tuple[tuple[str, Box] | None, ...]
    fields: tuple[FieldDraft, ...]
    missing: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None


def draft_of(spec: FormSpec) -> Draft:
    """The same as a draft, to be written down."""
    return Draft(
        spec.number,
        spec.edition,
        spec.title,
        tuple((page.footer, page.box) for page in spec.page),
        tuple(
            FieldDraft(
                field.key,
                field.kind,
                field.page,
                field.label,
                Place(field.layout, field.box, tuple((comb.box, comb.count) for comb in field.comb)),
                field.required,
                tuple(OptionDraft(each.value, each.label, each.box, each.widget) for each in field.option),
                field.widget,
                field.unsure,
            )
            for field in spec.field
        ),
        doubts=spec.unsure,
        valid_from=spec.valid_from,
        valid_until=spec.valid_until,
    )


class NoFooterError(ValueError):
    """No page prints number and edition."""


def draft(pages: Sequence[PrintedPage], known: Sequence[FormSpec]) -> Draft:
    """The proposal. known: the editions there are; the nearest of the same form gives words. Raises `NoFooterError`."""
    footers = tuple(footer_of(page) for page in pages)
    number, edition = identity_of([each for each in footers if each is not None])
    older = nearest(number, edition, known)
    found: dict[str, FieldDraft] = {}
    named_labels, doubt = labels_by_section(pages)
    for each in named_labels:
        key = key_of(each.section, each.named)
        proposal = propose(each.page, each.piece, key, each.named, older)
        if proposal is not None and key not in found:
            found[key] = proposal
    found |= dict(unlabelled_choices(pages, dict(found)))
    fields = tuple(found[key] for key in FIELD_KEYS if key in found)
    expected = [key for key in FIELD_KEYS if edition >= "2022-03" or key not in NEWER]
    missing = tuple(key for key in expected if key not in found)
    proposals = disjoint(fields)
    if doubt:
        proposals = tuple(replace(each, unsure=each.unsure or doubt) for each in proposals)
    return Draft(number, edition, title_of(number, older), footers, proposals, missing)


# ---------------------------------------------------------------- the form


def footer_of(page: PrintedPage) -> tuple[str, Box] | None:
    """The lowest place that prints number, language and edition."""
    found = [
        (match[0], Box(piece.box.x0 - 1, piece.box.y0 - 1, piece.box.x1 + 1, piece.box.y1 + 1))
        for piece in page.pieces
        if (match := FOOTER.search(piece.text))
    ]
    return max(found, key=lambda each: each[1].y0, default=None)


def identity_of(footers: Sequence[tuple[str, Box]]) -> tuple[str, str]:
    said = {footers_match[0]: footers_match for text, _ in footers if (footers_match := FOOTER.search(text))}
    if len(said) != 1:
        raise NoFooterError(
            "le pied de page doit donner un numéro et une édition, par exemple « 4058 195 22/03 » / the footer must "
            f"say one number and edition, like “4058 195 22/03”; found: {', '.join(said) or '–'}"
        )
    (match,) = said.values()
    return match[1], f"20{match[3]}-{match[4]}"


def nearest(number: str, edition: str, known: Sequence[FormSpec]) -> FormSpec | None:
    """The newest edition of the same form before this one; else the oldest after it."""
    same = sorted((spec for spec in known if spec.number == number), key=lambda spec: spec.edition)
    before = [spec for spec in same if spec.edition < edition]
    return before[-1] if before else next((spec for spec in same if spec.edition > edition), None)


def title_of(number: str, older: FormSpec | None) -> Bilingual:
    return older.title if older else Bilingual(fr=f"Formulaire {number}", en=f"Form {number}")


# ---------------------------------------------------------------- fields


def propose(page: PrintedPage, label: Piece, key: str, named: FieldLabel, older: FormSpec | None) -> FieldDraft | None:
    """The field that a label names, if there is a place for it."""
    words = label_of(label, key, named, older)
    if named.options:
        options = options_of(page, label, named)
        if not options:
            return None
        unsure = "" if len(options) == len(named.options) else "une case manque / a box is missing"
        return FieldDraft(
            key,
            named.kind,
            page.number,
            words,
            Place("cell", hull([each.box for each in options])),
            named.required,
            options,
            unsure=unsure,
        )
    place = find_place(page, label, signature=named.kind is Kind.SIGNATURE)
    if place is None:
        return None
    widget = widget_in(page.widgets, place.box, "Tx") if named.kind is not Kind.SIGNATURE else None
    return FieldDraft(
        key, named.kind, page.number, words, place, named.required, (), widget, unsure_place(page, place, named)
    )


def unlabelled_choices(
    pages: Sequence[PrintedPage], found: Mapping[str, FieldDraft]
) -> Iterator[tuple[str, FieldDraft]]:
    """Choices whose options are all there, though no label that is known: between the section's other fields."""
    for named in labels().field:
        key = key_of("2", named)
        near = [each for name, each in found.items() if name.startswith("section2.")]
        if not named.options or key in found or not near:
            continue
        for page in pages:
            here = [each.place.box for each in near if each.page == page.number]
            if not here:
                continue
            options = options_of(page, Piece("", hull(here)), named)
            if len(options) == len(named.options):
                place = Place("cell", hull([each.box for each in options]))
                why = "le libellé n'est pas connu / its label is not known"
                yield key, FieldDraft(key, named.kind, page.number, named.label, place, True, options, unsure=why)
                break


def unsure_place(page: PrintedPage, place: Place, named: FieldLabel) -> str:
    """Why a place may not be the field's."""
    if place.layout != "comb" and printed_in(page, place.box):
        return "il y a du texte imprimé dans la zone / there is printed text in the box"
    if place.box.width < NARROWEST:
        return "trop étroit / too narrow"
    if named.kind in (Kind.EMAIL, Kind.SIGNATURE) and place.box.width < 90:
        return "étroit pour cela / narrow for that"
    if named.kind is Kind.DATE and place.layout == "comb" and sum(count for _, count in place.groups) not in (6, 8):
        return "une date a 8 cases / a date has 8 cells"
    return ""


def label_of(label: Piece, key: str, named: FieldLabel, older: FormSpec | None) -> Bilingual:
    """The words as printed; in the other language as the older edition has them, if it prints the same."""
    said = re.sub(r"\s*:\s*$", "", label.text)
    before = older.find_field(key) if older else None
    if before is not None and plain(before.label.fr) == plain(said):
        return before.label
    if (
        plain(said).startswith(tuple(plain(word) for word in ("e-mail", named.label.en)))
        and named.kind is not Kind.SIGNATURE
    ):
        return Bilingual(fr=before.label.fr if before else named.label.fr, en=said)
    return Bilingual(fr=said, en=before.label.en if before else named.label.en)


def options_of(page: PrintedPage, label: Piece, named: FieldLabel) -> tuple[OptionDraft, ...]:
    """The squares of a choice: each right before its words, near the label."""
    found: dict[str, OptionDraft] = {}
    for piece in sorted(page.pieces, key=lambda each: distance(label.box, each.box)):
        if distance(label.box, piece.box) > 260 or piece.box.y0 < label.box.y0 - 4 or piece.box.y0 > label.box.y1 + 24:
            continue
        for text, x in words_of(piece):
            option = next((each for each in named.options if each.fits(text)), None)
            box = square_before(page, piece, x) if option else None
            if option and box and option.value not in found:
                found[option.value] = option_draft(page, option, box)
    return tuple(found[each.value] for each in named.options if each.value in found)


def option_draft(page: PrintedPage, option: OptionLabel, box: Box) -> OptionDraft:
    return OptionDraft(option.value, option.label, box, widget_in(page.widgets, box, "Btn"))


def distance(one: Box, other: Box) -> float:
    across = max(0.0, other.x0 - one.x1, one.x0 - other.x1)
    down = max(0.0, other.y0 - one.y1, one.y0 - other.y1)
    return across + down


def widget_in(widgets: Sequence[FormWidget], box: Box, kind: str) -> str | None:
    """The form field whose middle lies in the box, or the other way round; None where several do."""
    found = [
        widget.name
        for widget in widgets
        if widget.kind == kind and (holds_middle(box, widget.box) or holds_middle(widget.box, box))
    ]
    return found[0] if len(found) == 1 else None


def holds_middle(outer: Box, inner: Box) -> bool:
    x, y = (inner.x0 + inner.x1) / 2, (inner.y0 + inner.y1) / 2
    return outer.x0 <= x <= outer.x1 and outer.y0 <= y <= outer.y1


def disjoint(fields: Sequence[FieldDraft]) -> tuple[FieldDraft, ...]:
    """Fields that lie on one another are both unsure."""
    return tuple(
        replace(each, unsure=f"recouvre / overlaps {other.key}") if (other := overlapped(each, fields)) else each
        for each in fields
    )


def overlapped(one: FieldDraft, fields: Sequence[FieldDraft]) -> FieldDraft | None:
    for other in fields:
        if other.key != one.key and other.page == one.page:
            a, b = one.place.box, other.place.box
            if min(a.x1, b.x1) - max(a.x0, b.x0) > 2 and min(a.y1, b.y1) - max(a.y0, b.y0) > 2:
                return other
    return None


def by_key(fields: Sequence[FieldDraft]) -> Mapping[str, FieldDraft]:
    return {each.key: each for each in fields}
