"""Which form and edition a document is, from positive evidence: the look of its pages and their printed footers.

The look alone is not enough (a new edition may differ by its footer only), and a footer alone is not either (a
page that does not fit its blank would be read in the wrong places). Both must agree, or a person looks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from pipeline.ink import even_out
from pipeline.model import Code, Document, Identity, OcrEngine, Page, Reason, Refused
from pipeline.printed import footer as footers
from pipeline.printed.footer import Footer
from pipeline.printed.imprint import shown_edition, shows_edition
from pipeline.printed.shortlist import shortlist
from pipeline.register import Features, LaidPage, describe, landmarks, lay, match, template
from pipeline.specs import FormSpec

if TYPE_CHECKING:
    from pipeline.model import Pixels

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
class _Sight:
    """A page, its features, and its pixels with their light evened out."""

    page: Page
    features: Features
    pixels: Pixels


@dataclass(frozen=True)
class _Fit:
    """The page laid on a page of a blank."""

    spec: FormSpec
    laid: LaidPage

    @property
    def footer(self) -> str:
        """What the blank prints there."""
        return self.spec.page[self.laid.number - 1].footer


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
    laid = [best for page in document.pages if not page.blank and (best := _laid_on(page, spec)) is not None]
    identity = Identity(spec.number, spec.edition, 1.0)
    pages = {each.number: each for each in laid}
    if len(pages) < len(laid):
        detail = ", ".join([spec.name] * 2)
        raise Refused(Reason.of(Code.SEVERAL_FORMS_IN_ONE_FILE, detail=detail), identity=identity)
    if not pages:
        raise Refused(Reason.of(Code.FORM_UNIDENTIFIED, detail=f" : {spec.name} ?"))
    missing = tuple(number for number in range(1, len(spec.page) + 1) if number not in pages)
    return Identified(identity, spec, pages, missing)


def _laid_on(page: Page, spec: FormSpec) -> LaidPage | None:
    fits = list(_fits(_sight(page), [(spec, number) for number in range(1, len(spec.page) + 1)]))
    best = max(fits, key=lambda fit: fit.laid.share, default=None)
    return best.laid if best and best.laid.share >= FITS else None


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
    sight = _sight(page)
    fits: list[_Fit] = []
    likeliest = shortlist(tuple(specs)).likeliest(sight.features)
    # The likeliest one is it for 165 of 168 pages of the labelled scans: the others are compared where it is not.
    for fit in chain(_fits(sight, likeliest[:1]), _fits(sight, likeliest[1:])):
        if fit.laid.share >= FITS and (sure := _with_its_footer(sight, fit, specs)):
            return _Found(page.index, sure.spec, sure.laid, None, 0.999)
        fits.append(fit)
    fits.sort(key=lambda fit: -fit.laid.share)
    if fits and fits[0].laid.share >= FITS:
        return _by_reading(sight, [fit for fit in fits if _alike(fits[0], fit)], specs, engines)
    footer = footers.search(page, engines[0])
    if footer is not None:
        return _by_its_name(sight, footer, specs)
    if fits and fits[0].laid.share >= MAY_FIT:
        return _Found(page.index, doubt=f"page {page.index + 1} ({fits[0].spec.name} ?)")
    return None


def _by_its_name(sight: _Sight, footer: Footer, specs: Sequence[FormSpec]) -> _Found:
    """A page that looks like none of the likeliest blanks, and has this footer: perhaps a known edition's after all."""
    index, name = sight.page.index, (footer.number, footer.edition)
    known = [spec for spec in specs if (spec.number, spec.edition) == name]
    if not known:
        return _Found(index, footer=footer, confidence=footer.score)
    for fit in _fits(sight, [(spec, number) for spec in known for number in range(1, len(spec.page) + 1)]):
        if fit.laid.share >= FITS and shows_edition(fit.laid, fit.spec, specs):
            return _Found(index, fit.spec, fit.laid, None, 0.999)
    return _Found(index, doubt=f"page {index + 1} ({' '.join(name)})")


def _sight(page: Page) -> _Sight:
    return _Sight(page, describe(page), even_out(page.pixels, page.dpi))


def _fits(sight: _Sight, blanks: Sequence[tuple[FormSpec, int]]) -> Iterator[_Fit]:
    """The page laid on those two of these pages of blanks with which most of its features agree, likeliest first."""
    starts = []
    for spec, number in blanks:
        start, agreeing = match(sight.features, landmarks(spec, number))
        if start is not None:
            starts.append((agreeing, spec, number, start))
    starts.sort(key=lambda each: -each[0])
    for _, spec, number, start in starts[:CANDIDATES]:
        yield _Fit(spec, lay(sight.page, start, template(spec, number), sight.pixels))


def _alike(best: _Fit, other: _Fit) -> bool:
    return best.laid.share - other.laid.share < ALIKE


def _with_its_footer(sight: _Sight, fit: _Fit, specs: Sequence[FormSpec]) -> _Fit | None:
    """The page laid on the one edition that has both its look, which is that of `fit`, and its footer, as pictures."""
    if shows_edition(fit.laid, fit.spec, specs):
        return fit
    shown = shown_edition(fit.laid, fit.spec, specs)
    others = _named(sight, fit, shown, specs) if shown else ()
    return next((other for other in others if shows_edition(other.laid, other.spec, specs)), None)


def _named(sight: _Sight, best: _Fit, named: tuple[str, str], specs: Sequence[FormSpec]) -> Sequence[_Fit]:
    """The page laid on the edition of that number and name, if it is known and looks as the best one does."""
    number = best.laid.number
    blanks = [(spec, number) for spec in specs if (spec.number, spec.edition) == named and number <= len(spec.page)]
    return [fit for fit in _fits(sight, blanks) if fit.laid.share >= FITS and _alike(best, fit)]


def _by_reading(sight: _Sight, fits: Sequence[_Fit], specs: Sequence[FormSpec], engines: Sequence[OcrEngine]) -> _Found:
    """The footer as the engines read it, each with a voice; the page has the look of all `fits`, best first.

    An edition must be named by more of them than name something else. Where they read another edition on a page of this
    look, it is that one if it is known and looks so, else a new one: never a reason to refuse.
    """
    index, spec, laid = sight.page.index, fits[0].spec, fits[0].laid
    heard = footers.read_laid(laid, spec.page[laid.number - 1].box, engines)
    named = [fit for fit in fits if footers.voices(heard, fit.footer)]
    one = named[0] if len(named) == 1 else fits[0]
    other = footers.contradictions(heard, one.footer)
    if len(named) == 1 and footers.voices(heard, one.footer) > other.total():
        return _Found(index, one.spec, one.laid, None, 0.999 if not other else 0.99)
    if not named:
        for fit in _heard_of(sight, fits[0], heard, specs):
            return _Found(index, fit.spec, fit.laid, None, 0.99)
        (number, edition), voices = next(iter(other.most_common(1)), (("", ""), 0))
        known = any((number, edition) == (each.number, each.edition) for each in specs)
        if voices > 1 and number == spec.number and edition > spec.edition and not known:
            return _Found(index, spec, laid, Footer(number, edition, FOOTER_SURE), FOOTER_SURE)
    texts = " | ".join(text for texts in heard for text in texts)
    return _Found(index, doubt=f"{' ou / or '.join(fit.spec.name for fit in named or fits)} ? « {texts} »")


def _heard_of(sight: _Sight, best: _Fit, heard: Sequence[Sequence[str]], specs: Sequence[FormSpec]) -> Sequence[_Fit]:
    """The page laid on the one other edition that two engines read and none contradicts, if it looks so."""
    page = best.laid.number
    others = [
        each
        for each in specs
        if each.number == best.spec.number
        and page <= len(each.page)
        and footers.voices(heard, each.page[page - 1].footer) > 1
    ]
    if len(others) != 1 or footers.contradictions(heard, others[0].page[page - 1].footer):
        return ()
    return _named(sight, best, (others[0].number, others[0].edition), specs)
