"""The editor of editions, for admins: the blank with its boxes, to be moved, named and checked by eye.

What is saved is a proposal under `[paths] drafts`, in the file that people can also edit by hand; an edition that is in
use is never changed under the feet of the daemon.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image
from pydantic import ValidationError
from starlette.responses import Response

from pipeline.authoring.check import Finding, contract, laps, printed_under
from pipeline.authoring.draft import draft_of
from pipeline.authoring.printed import read_blank
from pipeline.authoring.write import as_toml
from pipeline.model import FIELD_KEYS, Kind
from pipeline.review.visit import Visit, data, go, png
from pipeline.specs import BLANK_NAME, SPEC_NAME, FormSpec, SpecError, load_spec
from pipeline.store import audit
from pipeline.store.ledger import now
from pipeline.store.originals import write_whole

PICTURE_DPI = 110.0
LAYOUTS = ("cell", "line", "comb")


def editions_page(visit: Visit) -> Response:
    """Editions in use, and proposals."""
    paths = visit.house.settings.paths
    return visit.page(
        "editions.html", live=found_in(paths.specs), drafts=found_in(paths.drafts), drafts_folder=paths.drafts
    )


def edition_page(visit: Visit) -> Response:
    folder = folder_of(visit)
    if folder is None:
        return visit.refuse(404, visit.say("editions.none"), back="/editions")
    try:
        spec = load_spec(folder, draft=True)
    except SpecError as error:
        return visit.refuse(422, str(error), back="/editions")
    pages = [{"number": number, "size": spec.page_size(number)} for number in range(1, len(spec.page) + 1)]
    return visit.page(
        "edition.html",
        spec=spec,
        content=spec.model_dump_json(exclude={"folder"}),
        pages=pages,
        kinds=list(Kind),
        layouts=LAYOUTS,
        keys=FIELD_KEYS,
        draft=folder.is_relative_to(visit.house.settings.paths.drafts),
    )


def blank_picture(visit: Visit) -> Response:
    folder = folder_of(visit)
    number = visit.path["page"]
    if folder is None or not number.isdecimal() or len(number) > 3:
        return png(None)
    spec = load_spec(folder, draft=True)
    if not 1 <= int(number) <= len(spec.page):
        return png(None)
    content = BytesIO()
    Image.fromarray(spec.blank_pixels(int(number), PICTURE_DPI)).save(content, format="PNG")
    return png(content.getvalue())


def check_edition(visit: Visit) -> Response:
    """What is wrong with the edition as it is on the page: the quick checks, while it is being changed."""
    folder = folder_of(visit)
    if folder is None:
        return data({"faults": [visit.say("editions.none")]}, 404)
    try:
        spec = spec_sent(visit, folder)
    except ValidationError as error:
        return data({"faults": list(faults_of(error))})
    found: list[Finding] = [*contract(spec), *laps(spec), *printed_under(spec, read_blank(spec.blank))]
    marks = [f"{field.key} : {field.unsure}" for field in spec.field if field.unsure]
    return data({"faults": [*spec.unsure, *marks, *(each.text for each in found if each.fault)]})


def save_edition(visit: Visit) -> Response:
    """Writes the proposal; one that cannot be a spec is not written."""
    folder = folder_of(visit)
    if folder is None:
        return visit.refuse(404, visit.say("editions.none"), back="/editions")
    try:
        spec = spec_sent(visit, folder)
    except ValidationError as error:
        return visit.refuse(422, "; ".join(faults_of(error)), back=visit.url.path.rpartition("/")[0])
    place = visit.house.settings.paths.drafts / spec.number / spec.edition
    place.mkdir(parents=True, exist_ok=True)
    if not (place / BLANK_NAME).exists():
        shutil.copyfile(folder / BLANK_NAME, place / BLANK_NAME)
    text = as_toml(draft_of(spec))
    write_whole(place / SPEC_NAME, text.encode())
    with visit.house.store.transaction() as session:
        subject = f"{spec.number} {spec.edition}"
        audit.append(session, at=now(), event="edition-saved", subject=subject, content=text, actor=visit.account.actor)
    return go(f"/editions/{spec.number}/{spec.edition}?saved=1")


def spec_sent(visit: Visit, folder: Path) -> FormSpec:
    """The edition as sent; number and edition are those of the address. Raises `ValidationError`."""
    said = json.loads(visit.form.get("spec", "{}") or "{}")
    said = said if isinstance(said, dict) else {}
    kept = {"number": visit.path["number"], "edition": visit.path["edition"], "folder": folder}
    return FormSpec.model_validate(said | kept, context={"draft": True})


def faults_of(error: ValidationError) -> Iterator[str]:
    for fault in error.errors():
        yield f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"


def folder_of(visit: Visit) -> Path | None:
    """The proposal, or else the edition in use."""
    paths = visit.house.settings.paths
    name = (visit.path["number"], visit.path["edition"])
    return next((folder for root in (paths.drafts, paths.specs) for folder in found_in(root).get(name, [])), None)


def found_in(root: Path) -> dict[tuple[str, str], list[Path]]:
    """The editions in a folder, by number and edition: only what is there can be asked for."""
    found = sorted(path.parent for path in root.glob(f"*/*/{SPEC_NAME}"))
    return {(folder.parent.name, folder.name): [folder] for folder in found}
