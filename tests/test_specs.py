"""Every edition's spec, held against its blank; and wrong specs, which must be refused with file, key and reason."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pdfplumber
import pypdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.model import FIELD_KEYS, Box, Kind
from pipeline.show_spec import draw_spec, side_by_side
from pipeline.specs import BLANK_NAME, SPEC_NAME, FieldSpec, FormSpec, SpecError, load_spec, load_specs, render_blank

ROOT = Path(__file__).parents[1] / "forms_specs"
FOLDERS = sorted(path.parent for path in ROOT.glob(f"*/*/{SPEC_NAME}"))
FIRST_WITH_EMAIL = "2022-03"
NOT_ON_OLD_EDITIONS = {
    "section2.email",
    "section2.environment",
    "section2.signature",
    "section2.signed_on",
    "section3.email",
}
OPTIONAL = {"section2.telephone_extension", "section3.telephone_extension"}
KINDS = {
    "telephone": Kind.PHONE,
    "telephone_extension": Kind.DIGITS,
    "licence_number": Kind.DIGITS,
    "email": Kind.EMAIL,
    "language": Kind.CHOICE,
    "environment": Kind.CHOICE,
    "signature": Kind.SIGNATURE,
    "signed_on": Kind.DATE,
}
VALUES = {"language": {"fr", "en"}, "environment": {"production", "training"}}
COMB_COUNTS = {Kind.PHONE: (3, 3, 4), Kind.DATE: (4, 2, 2)}


class Print(NamedTuple):
    """What is printed on one page of a blank, in points from the top left."""

    chars: tuple[tuple[str, float, float], ...]  # character and its middle
    squares: tuple[Box, ...]  # stroked rectangles
    uprights: tuple[Box, ...]  # vertical rules
    levels: tuple[Box, ...]  # horizontal rules


@cache
def printed(blank: Path) -> tuple[Print, ...]:
    def box(thing: dict[str, float]) -> Box:
        return Box(thing["x0"], thing["top"], thing["x1"], thing["bottom"])

    with pdfplumber.open(blank) as pdf:
        return tuple(
            Print(
                tuple((c["text"], (c["x0"] + c["x1"]) / 2, (c["top"] + c["bottom"]) / 2) for c in page.chars),
                tuple(box(rect) for rect in page.rects if rect["stroke"]),
                tuple(box(line) for line in page.lines if abs(line["x0"] - line["x1"]) < 0.1),
                tuple(box(line) for line in page.lines if abs(line["top"] - line["bottom"]) < 0.1),
            )
            for page in pdf.pages
        )


@cache
def widget_boxes(blank: Path) -> dict[str, tuple[int, Box]]:
    """Each AcroForm widget by its full name: its page (1 is the first) and its box."""
    found: dict[str, tuple[int, Box]] = {}
    for number, page in enumerate(pypdf.PdfReader(blank).pages, start=1):
        height = float(page.mediabox.height)
        for reference in page.get("/Annots", []):
            node = widget = reference.get_object()
            names = []
            while node is not None:
                names += [node["/T"]] if "/T" in node else []
                node = node["/Parent"].get_object() if "/Parent" in node else None
            x0, y0, x1, y1 = (float(value) for value in widget["/Rect"])
            found[".".join(reversed(names))] = (number, Box(x0, height - y1, x1, height - y0))
    return found


def near(one: Box, other: Box, tolerance: float) -> bool:
    return all(abs(here - there) <= tolerance for here, there in zip(one, other, strict=True))


def overlap(one: Box, other: Box) -> bool:
    return min(one.x1, other.x1) > max(one.x0, other.x0) and min(one.y1, other.y1) > max(one.y0, other.y0)


def text_in(spec: FormSpec, page: int, box: Box) -> str:
    chars = printed(spec.blank)[page - 1].chars
    return "".join(text for text, x, y in chars if box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1)


def name_of(field: FieldSpec) -> str:
    return field.key.split(".")[1]


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def spec(request: pytest.FixtureRequest) -> FormSpec:
    return load_spec(request.param)


# ---------------------------------------------------------------- every edition


def test_all_published_editions_load_in_order() -> None:
    names = [spec.name for spec in load_specs(ROOT)]
    published = {"4058 2017-06", "4058 2022-03", "4058 2024-10", "4123 2019-11", "4123 2022-03", "4134 2015-02"}
    published |= {"4134 2022-03", "4444 2020-01", "4444 2022-03"}
    assert published <= set(names)
    assert names == sorted(names)


def test_fields_are_those_of_the_contract_in_its_order(spec: FormSpec) -> None:
    missing = NOT_ON_OLD_EDITIONS if spec.edition < FIRST_WITH_EMAIL else set()
    assert [field.key for field in spec.field] == [key for key in FIELD_KEYS if key not in missing]


def test_kinds_values_and_required_are_those_of_the_contract(spec: FormSpec) -> None:
    for field in spec.field:
        assert field.kind is KINDS.get(name_of(field), Kind.TEXT), field.key
        assert field.required is (field.key not in OPTIONAL), field.key
        assert {option.value for option in field.option} == VALUES.get(name_of(field), set()), field.key


def test_dates_of_validity(spec: FormSpec) -> None:
    assert spec.valid_from is not None
    assert f"{spec.valid_from:%Y-%m-%d}" == f"{spec.edition}-01"
    old = spec.edition < FIRST_WITH_EMAIL
    assert str(spec.valid_until) == ("2022-03-30" if old else "None")


def test_boxes_do_not_overlap(spec: FormSpec) -> None:
    for page in range(1, len(spec.page) + 1):
        boxes = [(field.key, field.box) for field in spec.fields_of_page(page)]
        boxes.append(("footer", spec.page[page - 1].box))
        for (one, here), (other, there) in combinations(boxes, 2):
            assert not overlap(here, there), f"{one} and {other}"


def test_no_printed_text_where_ink_is_read(spec: FormSpec) -> None:
    """But for the dashes between the groups of a comb, and the names of the options of a choice."""
    for field in spec.field:
        if field.kind is not Kind.CHOICE:
            assert text_in(spec, field.page, field.box).strip("-") == "", field.key


def test_boxes_are_high_enough_for_writing(spec: FormSpec) -> None:
    for field in spec.field:
        least = {"cell": 15.5, "line": 20.0, "comb": 11.9}[field.layout]
        if field.kind is not Kind.CHOICE:
            assert field.box.height >= least, field.key


def test_cells_are_the_inside_of_printed_ones(spec: FormSpec) -> None:
    """From rule to rule, and down to the lower rule; the label takes a part of the top on most editions."""
    for field in spec.field:
        if field.layout == "cell" and field.kind is not Kind.CHOICE:
            box = field.box
            assert any(
                near(box, Box(square.x0, box.y0, square.x1, square.y1), 0.6) and -0.1 < box.y0 - square.y0 < 11
                for square in printed(spec.blank)[field.page - 1].squares
            ), field.key


def test_lines_run_along_printed_rules(spec: FormSpec) -> None:
    """A little of the box is under the rule, for descenders."""
    for field in spec.field:
        if field.layout == "line":
            box = field.box
            assert any(
                abs(box.x0 - rule.x0) < 0.6 and abs(box.x1 - rule.x1) < 0.6 and 2 < box.y1 - rule.y0 < 4
                for rule in printed(spec.blank)[field.page - 1].levels
            ), field.key


def test_comb_cells_lie_between_the_printed_rules(spec: FormSpec) -> None:
    for field in spec.field:
        for group in field.comb:
            rules = printed(spec.blank)[field.page - 1]
            assert any(near(group.box, square, 0.5) for square in rules.squares), field.key
            inner = sorted(
                rule.x0 for rule in rules.uprights if overlap(group.box, Box(rule.x0, rule.y0, rule.x0 + 0.1, rule.y1))
            )
            cells = list(group.cells())
            assert len(cells) == len(inner) + 1, field.key
            assert np.ptp([cell.width for cell in cells]) < 0.01, field.key
            assert np.allclose([cell.x0 for cell in cells[1:]], inner, atol=0.5), field.key


def test_comb_groups(spec: FormSpec) -> None:
    for field in spec.field:
        if field.comb:
            counts = tuple(group.count for group in field.comb)
            assert counts == COMB_COUNTS.get(field.kind, counts), field.key
            assert len(field.cells) == (6 if name_of(field) == "licence_number" else sum(counts)), field.key
            lefts = [group.box.x0 for group in field.comb]
            assert lefts == sorted(lefts), field.key


def test_options_lie_on_printed_squares_beside_their_names(spec: FormSpec) -> None:
    for field in spec.field:
        for option in field.option:
            squares = printed(spec.blank)[field.page - 1].squares
            assert any(near(option.box, square, 1.5) for square in squares), f"{field.key} {option.value}"
            assert abs(option.box.width - option.box.height) < 0.2
            beside = Box(option.box.x1, option.box.y0 - 1, option.box.x1 + 45, option.box.y1 + 2)
            assert text_in(spec, field.page, beside).strip().startswith(option.label.fr), option.value


def test_footer_boxes_hold_exactly_the_footer(spec: FormSpec) -> None:
    year, month = spec.edition.split("-")
    for number, page in enumerate(spec.page, start=1):
        assert page.footer == f"{spec.number} 195 {year[2:]}/{month}"
        assert text_in(spec, number, page.box) == page.footer


def test_labels_are_printed_on_the_page(spec: FormSpec) -> None:
    for field in spec.field:
        whole = "".join(text for text, _, _ in printed(spec.blank)[field.page - 1].chars)
        assert field.label.fr in whole, field.key
        assert field.label.en


def test_widgets_are_those_of_the_blank(spec: FormSpec) -> None:
    widgets = widget_boxes(spec.blank)
    used = []
    for field in spec.field:
        for name, box in ((field.widget, field.box), *((option.widget, option.box) for option in field.option)):
            if name is not None:
                page, place = widgets[name]
                assert page == field.page, name
                assert overlap(place, box), name
                used.append(name)
    assert len(used) == len(set(used))
    # Signatures have no widget and a choice has two; section 1 has the rest.
    assert len(used) == (20 if widgets else 0)


# ---------------------------------------------------------------- the picture


def test_the_picture_shows_every_box(spec: FormSpec) -> None:
    pages = draw_spec(spec, dpi=72)
    assert len(pages) == len(spec.page)
    for number, drawn in enumerate(pages, start=1):
        blank = spec.blank_pixels(number, 72)
        assert drawn.shape == (*blank.shape, 3)
        changed = (drawn != blank[:, :, np.newaxis]).any(axis=2)
        for box in (spec.page[number - 1].box, *(field.box for field in spec.fields_of_page(number))):
            x0, y0, x1, y1 = (round(value) for value in box)
            assert changed[y0 + 1 : y1 - 1, x0 + 1 : x1 - 1].mean() > 0.9
        assert not changed[:40, :].any(), "nothing is drawn where the spec has nothing"


def test_pages_are_put_side_by_side() -> None:
    one, two = (np.full((10, width, 3), grey, np.uint8) for width, grey in ((4, 255), (6, 0)))
    sheet = np.asarray(side_by_side([one, two]))
    assert sheet.shape[0] == 10
    assert (sheet[:, :4] == 255).all()
    assert (sheet[:, -6:] == 0).all()


# ---------------------------------------------------------------- wrong specs


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A good spec's folder, to be spoilt."""
    copy = tmp_path / "4058" / "2022-03"
    shutil.copytree(ROOT / "4058" / "2022-03", copy)
    return copy


def replaced(old: str, new: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        path = folder / SPEC_NAME
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return spoil


def without(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def not_a_pdf(folder: Path) -> None:
    (folder / BLANK_NAME).write_bytes(b"no PDF")


EMAIL = "box = [220.3, 275.9, 575.7, 294.6]"
WRONG = {
    "misspelt field key": (
        replaced('"section2.email"', '"section2.emial"'),
        SPEC_NAME,
        "field.6.key",
        "section2.emial",
    ),
    "misspelt setting": (
        replaced("required = false", "requierd = false"),
        SPEC_NAME,
        "field.5.requierd",
        "not permitted",
    ),
    "unknown kind": (replaced('kind = "email"', 'kind = "mail"'), SPEC_NAME, "field.6.kind", "'email'"),
    "no kind": (replaced('kind = "email"\n', ""), SPEC_NAME, "field.6.kind", "required"),
    "box off the page": (
        replaced(EMAIL, "box = [220.3, 275.9, 675.7, 294.6]"),
        SPEC_NAME,
        "field.6.box",
        "off the page",
    ),
    "box inside out": (replaced(EMAIL, "box = [575.7, 275.9, 220.3, 294.6]"), SPEC_NAME, "field.6.box", "left < right"),
    "box of three numbers": (replaced(EMAIL, "box = [220.3, 275.9, 575.7]"), SPEC_NAME, "field.6.box", "required"),
    "footer off the page": (replaced("box = [35.0, 766", "box = [-35.0, 766"), SPEC_NAME, "page.0.box", "off the page"),
    "comb without groups": (replaced('layout = "cell"', 'layout = "comb"'), SPEC_NAME, "field.0", "comb"),
    "comb group elsewhere": (replaced("{ box = [76.1,", "{ box = [6.1,"), SPEC_NAME, "field.4", "must hold"),
    "one option twice": (replaced('value = "en"', 'value = "fr"'), SPEC_NAME, "field.7", "different values"),
    "two same keys": (replaced("section2.given_name", "section2.family_name"), SPEC_NAME, "field.1.key", "twice"),
    "page that is not there": (replaced("kind = ", "page = 2\nkind = "), SPEC_NAME, "field.0.page", "page 2 of 1"),
    "page too many": (
        replaced("[[page]]", '[[page]]\nfooter = "x"\nbox = [1, 1, 9, 9]\n\n[[page]]'),
        SPEC_NAME,
        "page",
        "1 in",
    ),
    "another edition's folder": (replaced('"2022-03"', '"2022-04"'), SPEC_NAME, "edition", "another edition"),
    "no such month": (replaced('"2022-03"', '"2022-13"'), SPEC_NAME, "edition", "pattern"),
    "not TOML": (replaced("[[page]]", "[[page"), SPEC_NAME, "line 8", "Expected"),
    "no spec": (without(SPEC_NAME), SPEC_NAME, "", "No such file"),
    "no blank": (without(BLANK_NAME), BLANK_NAME, "blank", "cannot be opened"),
    "blank that is no PDF": (not_a_pdf, BLANK_NAME, "blank", "cannot be opened"),
}


@pytest.mark.parametrize(("spoil", "file", "key", "reason"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_spec_is_refused(folder: Path, spoil: Callable[[Path], None], file: str, key: str, reason: str) -> None:
    load_spec(folder)
    spoil(folder)
    with pytest.raises(SpecError) as refusal:
        load_spec(folder)
    text = str(refusal.value)
    assert str(folder / file) in text
    assert key in text
    assert reason in text


def test_one_wrong_spec_spoils_them_all(folder: Path) -> None:
    """Half of the editions would be worse than none: documents would go wrong in silence."""
    replaced('kind = "email"', 'kind = "mail"')(folder)
    shutil.copytree(ROOT / "4123" / "2022-03", folder.parents[1] / "4123" / "2022-03")
    with pytest.raises(SpecError, match="kind"):
        load_specs(folder.parents[1])


def test_a_folder_without_specs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="no spec here"):
        load_specs(tmp_path)


@pytest.mark.parametrize("dpi", [100, 120, 150, 300])
def test_a_blank_is_drawn_in_whole_pixels_and_not_stretched(dpi: int, tmp_path: Path) -> None:
    """A line near the foot of a letter page is where it is: a page of one pixel more would be a pixel off there."""
    height = 760.0
    drawing = Canvas(str(tmp_path / "blank.pdf"), pagesize=(612, 792))
    drawing.setLineWidth(2)
    drawing.line(100, 792 - height, 500, 792 - height)
    drawing.save()
    pixels = render_blank(tmp_path / "blank.pdf", 1, float(dpi))
    assert pixels.shape == (11 * dpi, 8.5 * dpi)
    ink = 255.0 - pixels[:, 4 * dpi]
    assert (ink * (np.arange(len(ink)) + 0.5)).sum() / ink.sum() == pytest.approx(height * dpi / 72, abs=0.05)
