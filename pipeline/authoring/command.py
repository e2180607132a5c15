"""`pipeline spec`: a new edition proposed from its blank, and proved."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.authoring.check import Finding, check
from pipeline.authoring.draft import Draft, NoFooterError, draft
from pipeline.authoring.printed import read_blank
from pipeline.authoring.write import as_toml
from pipeline.config import Settings
from pipeline.ocr import load_engines
from pipeline.show_spec import draw_spec, side_by_side
from pipeline.specs import BLANK_NAME, SPEC_NAME, SpecError, load_spec, load_specs
from pipeline.store.originals import write_whole


def write_draft(blank: Path, out: Path, settings: Settings) -> tuple[Path, Draft]:
    """The folder with the proposal. Raises `SpecError` for a blank that cannot be one, and where a spec is already."""
    try:
        proposal = draft(read_blank(blank), load_specs(settings.paths.specs))
    except (NoFooterError, ValueError) as error:
        raise SpecError(f"{blank}: {error}") from error
    folder = out / proposal.number / proposal.edition
    if (folder / SPEC_NAME).exists():
        raise SpecError(f"{folder / SPEC_NAME}: existe déjà / is there already")
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(blank, folder / BLANK_NAME)
    write_whole(folder / SPEC_NAME, as_toml(proposal).encode())
    return folder, proposal


def draft_lines(folder: Path, proposal: Draft) -> Iterator[str]:
    """What was proposed and what a person has to look at."""
    sure = sum(not field.unsure for field in proposal.fields)
    yield f"{folder / SPEC_NAME}"
    yield f"{len(proposal.fields)} champs, dont {sure} sûrs / fields, {sure} of them sure"
    for field in proposal.fields:
        if field.unsure:
            yield f"?  {field.key} : {field.unsure}"
    for key in proposal.missing:
        yield f"✗  {key} : rien n'a été trouvé / nothing was found"
    yield f"à regarder / look at it: pipeline spec show {folder} --out spec.png"
    yield f"puis / then: pipeline spec check {folder}"


def draw_draft(folder: Path, out: Path) -> None:
    side_by_side(draw_spec(load_spec(folder, draft=True))).save(out, format="PNG")


def check_lines(folder: Path, settings: Settings, notice: Callable[[str], None]) -> tuple[list[str], int]:
    """What was found, and how many faults."""
    spec = load_spec(folder)
    others = [other for other in load_specs(settings.paths.specs) if other.name != spec.name]
    found = list(check(spec, others, load_engines(settings.ocr.engines), notice))
    return [line_of(each) for each in found], sum(each.fault for each in found)


def line_of(finding: Finding) -> str:
    return f"{'✗' if finding.fault else '✓'}  {finding.text}"
