"""Which printed lines head sections 2 and 3, and which labels stand below each.

The people whom the sections are for are named in a form's introduction and declarations too, often at the start of a
line. A heading is told from such a line by what follows it: the labels of a whole section. Where that does not tell,
it is said, and nothing of the draft is sure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.authoring.labels import FieldLabel, labels
from pipeline.authoring.places import find_place
from pipeline.authoring.printed import Piece, PrintedPage
from pipeline.model import Kind

SECTIONS = ("2", "3")
# What a line that is no heading may have below it, as a share of what the heading has, before it may be the heading.
RIVAL = 0.5
# Everybody gives these once: twice in a section, there is a heading between that was not found.
ONCE = frozenset({"family_name", "given_name", "email"})
NO_HEADING = "le titre d'une section n'a pas été trouvé / the heading of a section was not found"
TWO_HEADINGS = "deux lignes peuvent être le titre de la section / two lines may be the heading of the section"
TWICE = "un libellé y est deux fois : un titre manque peut-être / a label is there twice: a heading may be missing"


@dataclass(frozen=True)
class NamedLabel:
    """A label with the field that it names."""

    piece: Piece
    page: PrintedPage
    section: str
    named: FieldLabel


@dataclass
class Run:
    """What stands between a line that may be the heading of `section` and the next that may be one."""

    section: str
    below: list[tuple[Piece, PrintedPage]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """What the labels with a place to write name: a sentence may begin like a label, and has none."""
        found = ((labels().field_of(self.section, piece.text), piece, page) for piece, page in self.below)
        return [named.name for named, piece, page in found if named is not None and has_place(page, piece, named)]

    @property
    def weight(self) -> int:
        return len(set(self.names))


def labels_by_section(pages: Sequence[PrintedPage]) -> tuple[list[NamedLabel], str]:
    """The labels of sections 2 and 3 in reading order, and why they may be another section's ("" where sure)."""
    runs = runs_of(pages)
    heads = {section: heading_of(section, runs) for section in SECTIONS}
    sections = merged(runs, [run for run in heads.values() if run is not None])
    found = [
        NamedLabel(piece, page, run.section, named)
        for run in sections
        for piece, page in run.below
        if (named := labels().field_of(run.section, piece.text)) is not None
    ]
    return found, doubt(runs, heads, sections)


def runs_of(pages: Sequence[PrintedPage]) -> list[Run]:
    runs: list[Run] = []
    for page in pages:
        for piece in sorted(page.pieces, key=lambda each: (round(each.box.y0), each.box.x0)):
            section = None if goes_on(piece.text) else labels().section_of(piece.text)
            if section is not None:
                runs.append(Run(section))
            elif runs:
                runs[-1].below.append((piece, page))
    return runs


def goes_on(text: str) -> bool:
    """Whether a line begins in the middle of a sentence: with a small letter."""
    return next((character.islower() for character in text if character.isalpha()), False)


def heading_of(section: str, runs: Sequence[Run]) -> Run | None:
    """The line with the most of the section's labels below it; None where there is none with any."""
    return max((run for run in runs if run.section == section and run.weight), key=lambda run: run.weight, default=None)


def merged(runs: Sequence[Run], heads: Sequence[Run]) -> list[Run]:
    """The headings, each with all that stands below it up to the next: lines that are none part nothing."""
    found: list[Run] = []
    for run in runs:
        if any(run is head for head in heads):
            found.append(Run(run.section, list(run.below)))
        elif found:
            found[-1].below += run.below
    return found


def has_place(page: PrintedPage, piece: Piece, named: FieldLabel) -> bool:
    return bool(named.options) or find_place(page, piece, signature=named.kind is Kind.SIGNATURE) is not None


def doubt(runs: Sequence[Run], heads: dict[str, Run | None], sections: Sequence[Run]) -> str:
    for section, head in heads.items():
        if head is None:
            return NO_HEADING
        others = (run for run in runs if run is not head and run.section == section)
        if any(run.weight > RIVAL * head.weight for run in others):
            return f"{TWO_HEADINGS} ({section})"
    if any(run.names.count(name) > 1 for run in sections for name in ONCE):
        return TWICE
    return ""
