"""Which form and edition a document is, from positive evidence: the look of its pages and their printed footers.

The look alone is not enough (a new edition may differ by its footer only), and a footer alone is not either (a
page that does not fit its blank would be read in the wrong places). Both must agree, or a person looks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline import footer as footers
from pipeline.footer import Footer
from pipeline.imprint import shows_edition
from pipeline.ink import even_out
from pipeline.model import Code, Document, Identity, OcrEngine, Page, Reason, Refused
from pipeline.register import LaidPage, describe, lay, match, template
from pipeline.specs import FormSpec

# A page lies on a blank when this share of the blank's patches is found. Measured on real-looking scans of all
# qualities: pages of the blank 0.83 to 1.00 (n = 150), of other editions and forms 0.00 to 0.64 (n = 190).
FITS = 0.75
# From here on a page that does not fit may still be a form, too damaged to say which.
MAY_FIT = 0.40
# Two blanks fit alike when their shares are nearer than this.
ALIKE = 0.15
# Blanks worth a full registration: those with the most agreeing features.
CANDIDATES = 2
# What a footer is worth that contradicts the look of its page in the edition alone, as read twice.
FOOTER_SURE = 0.8


@dataclass(frozen=True)
class Identified:
    """The form found; `missing` are the spec's pages that are not in the file."""

    identity: Identity
    spec: FormSpec
    pages: Mapping[int, LaidPage]
    missing: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Found:
    """What one page of the file is: a page of a known blank, or a doubt.

    `footer` is set where it names what no spec has: alone, or against the look of the page.
    """

    page: int
    spec: FormSpec | None = None
    laid: LaidPage | None = None
    footer: Footer | None = None
    confidence: float = 0.0
    doubt: str = ""


def identify(document: Document, specs: Sequence[FormSpec], engines: Sequence[OcrEngine]) -> Identified:
    """The one form in the document. Raises `Refused`, with what is known of the identity.

    engines: all read the footers that cannot be told by their picture; the first looks for them on pages that lie on no
    blank.
    """
    found = [each for page in document.pages if not page.blank if (each := _look_at(page, specs, engines))]
    forms = _count_forms(found)
    if len(forms) > 1:
        raise Refused(Reason.of(Code.SEVERAL_FORMS_IN_ONE_FILE, detail=", ".join(forms)))
    doubts = [each for each in found if each.doubt]
    if doubts or not found:
        detail = " : " + " ; ".join(each.doubt for each in doubts) if doubts else ""
        raise Refused(Reason.of(Code.FORM_UNIDENTIFIED, detail=detail))
    first = found[0]
    footers_said = {(each.footer.number, each.footer.edition) if each.footer else None for each in found}
    if len(footers_said) > 1:
        raise Refused(Reason.of(Code.FORM_UNIDENTIFIED, detail=f" : {first.spec.name if first.spec else ''} ?"))
    if first.footer is not None:
        raise _refused_by_footer(first.footer, {spec.number for spec in specs})
    assert first.spec is not None
    pages = {each.laid.number: each.laid for each in found if each.laid is not None}
    missing = tuple(number for number in range(1, len(first.spec.page) + 1) if number not in pages)
    confidence = min(each.confidence for each in found)
    return Identified(Identity(first.spec.number, first.spec.edition, confidence), first.spec, pages, missing)


def identify_as(document: Document, spec: FormSpec) -> Identified:
    """The document as the edition that a person says it is: certain, if its pages lie on that edition's blank.

    Raises `Refused` where none does, or where one comes twice.
    """
    laid = [
        best
        for page in document.pages
        if not page.blank and (fits := _fits(page, [spec])) and (best := fits[0][1]).share >= FITS
    ]
    identity = Identity(spec.number, spec.edition, 1.0)
    pages = {each.number: each for each in laid}
    if len(pages) < len(laid):
        detail = ", ".join([spec.name] * 2)
        raise Refused(Reason.of(Code.SEVERAL_FORMS_IN_ONE_FILE, detail=detail), identity=identity)
    if not pages:
        raise Refused(Reason.of(Code.FORM_UNIDENTIFIED, detail=f" : {spec.name} ?"))
    missing = tuple(number for number in range(1, len(spec.page) + 1) if number not in pages)
    return Identified(identity, spec, pages, missing)


def _refused_by_footer(footer: Footer, numbers: set[str]) -> Refused:
    """A form known by its footer alone cannot be read: it is another form, or an edition without a spec."""
    identity = Identity(footer.number, footer.edition, footer.score)
    if footer.number not in numbers:
        return Refused(Reason.of(Code.FORM_NOT_ACCEPTED, detail=footer.number), identity=identity)
    return Refused(Reason.of(Code.EDITION_UNKNOWN, detail=footer.edition), identity=identity)


def _count_forms(found: Sequence[_Found]) -> list[str]:
    """A name for every form in the file: pages of one blank make one form until a page comes twice."""
    pages = Counter((each.spec.name, each.laid.number) for each in found if each.spec and each.laid)
    copies: Counter[str] = Counter()
    for (name, _), times in pages.items():
        copies[name] = max(copies[name], times)
    others = {f"{each.footer.number} {each.footer.edition}" for each in found if not each.spec and each.footer}
    return sorted([*copies.elements(), *others])


def _look_at(page: Page, specs: Sequence[FormSpec], engines: Sequence[OcrEngine]) -> _Found | None:
    """What the page is; None when it is no page of a form (a cover, an annex)."""
    fits = _fits(page, specs)
    best = fits[0] if fits else None
    if best is not None and best[1].share >= FITS:
        rivals = [spec for spec, laid in fits[1:] if best[1].share - laid.share < ALIKE]
        return _confirm(page, best, rivals, specs, engines)
    footer = footers.search(page, engines[0])
    if footer is not None:
        if any((footer.number, footer.edition) == (spec.number, spec.edition) for spec in specs):
            return _Found(page.index, doubt=f"page {page.index + 1} ({footer.number} {footer.edition})")
        return _Found(page.index, footer=footer, confidence=footer.score)
    if best is not None and best[1].share >= MAY_FIT:
        return _Found(page.index, doubt=f"page {page.index + 1} ({best[0].name} ?)")
    return None


def _fits(page: Page, specs: Sequence[FormSpec]) -> list[tuple[FormSpec, LaidPage]]:
    """The page laid on the likeliest blanks, best first."""
    features = describe(page)
    starts = []
    for spec in specs:
        for number in range(1, len(spec.page) + 1):
            start, agreeing = match(features, template(spec, number))
            if start is not None:
                starts.append((agreeing, spec, number, start))
    starts.sort(key=lambda each: -each[0])
    flat = even_out(page.pixels, page.dpi) if starts else page.pixels
    laid = [(spec, lay(page, start, template(spec, number), flat)) for _, spec, number, start in starts[:CANDIDATES]]
    return sorted(laid, key=lambda each: -each[1].share)


def _confirm(
    page: Page,
    best: tuple[FormSpec, LaidPage],
    rivals: Sequence[FormSpec],
    specs: Sequence[FormSpec],
    engines: Sequence[OcrEngine],
) -> _Found:
    """The look says `best`: what does the footer say?

    Where its picture is the blank's and no other edition's, that is enough. Else it is read, and each engine has a
    voice: the blank must be named by more of them than name something else; where all of them read another edition on
    a page of this look, it is a new one: never a reason to refuse.
    """
    spec, laid = best
    if not rivals and shows_edition(laid, spec, specs):
        return _Found(page.index, spec, laid, None, 0.999)
    page_spec = spec.page[laid.number - 1]
    heard = footers.read_laid(laid, page_spec.box, engines)
    own = sum(any(names(text, page_spec.footer) for text in texts) for texts in heard)
    other = Counter(footer for texts in heard for footer in _contradictions(texts, page_spec.footer))
    for rival in rivals:
        if any(names(text, rival.page[laid.number - 1].footer) for texts in heard for text in texts):
            return _Found(page.index, doubt=f"{spec.name} ou / or {rival.name}")
    if own > other.total():
        return _Found(page.index, spec, laid, None, 0.999 if not other else 0.99)
    if other and not own:
        (number, edition), engines_so = other.most_common(1)[0]
        if engines_so > 1 and number == spec.number and edition > spec.edition:
            return _Found(page.index, spec, laid, Footer(number, edition, FOOTER_SURE), FOOTER_SURE)
    texts = " | ".join(text for texts in heard for text in texts)
    return _Found(page.index, doubt=f"{' ou / or '.join(each.name for each in (spec, *rivals))} ? « {texts} »")


def _contradictions(texts: Sequence[str], printed: str) -> set[tuple[str, str]]:
    """The whole footers that one engine reads which are not the printed one; none where it reads that one too."""
    if any(names(text, printed) for text in texts):
        return set()
    return {(footer.number, footer.edition) for text in texts if (footer := footers.parse_text(text))}


def names(read: str, printed: str) -> bool:
    """Whether a footer as read, perhaps badly, can only be `printed`.

    Up to three characters of number and language code may be lost or wrong, for the page's look says those too;
    of the edition's digits none, for a next edition may differ there alone. Its stroke may be taken for a 1.
    """
    if footers.PATTERN.fullmatch(read.strip()):
        # A whole footer, read without a gap, says what it says.
        return read.replace(" ", "") == printed.replace(" ", "")
    number, year, month = printed.replace(" ", "")[:-5], printed[-5:-3], printed[-2:]
    shown = re.fullmatch(rf"(.*?){year}[/1]{{0,2}}{month}", read.replace(" ", ""))
    return shown is not None and _distance(shown[1], number) <= 3


def _distance(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row, before = [i], row
        for j, y in enumerate(b, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (x != y)))
    return row[-1]
