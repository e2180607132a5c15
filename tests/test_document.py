"""Bytes to pages: whatever the encoding, a page comes as it is displayed; what it does not show is not believed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pdf_pages as made
import pikepdf
import pytest
from pdf_pages import Digital, Grey, Scan
from pikepdf import Array, Dictionary, Name

from pipeline.config import Limits
from pipeline.document import open_document
from pipeline.model import Code, Page, Refused, Widget

LIMITS = Limits()
WRITTEN = made.written_page()


def only_page(content: bytes, limits: Limits = LIMITS) -> Page:
    (page,) = open_document(content, limits).pages
    return page


def codes(content: bytes, limits: Limits = LIMITS) -> list[Code]:
    with pytest.raises(Refused) as refused:
        open_document(content, limits)
    return [reason.code for reason in refused.value.reasons]


def unlike(page: Page, expected: Grey) -> float:
    """Mean difference in grey levels from what should be seen; a page of writing turned over is off by 20 or so."""
    here = cv2.resize(page.pixels, (170, 220), interpolation=cv2.INTER_AREA).astype(float)
    there = cv2.resize(expected, (170, 220), interpolation=cv2.INTER_AREA).astype(float)
    return float(np.abs(here - there).mean())


def holds_together(page: Page) -> None:
    rows, columns = page.pixels.shape
    assert page.pixels.dtype == np.uint8
    assert page.pixels.flags.c_contiguous
    assert columns == pytest.approx(page.width * page.dpi / 72, abs=3)
    assert rows == pytest.approx(page.height * page.dpi / 72, abs=3)


# ---------------------------------------------------------------- scans

ENCODINGS: dict[str, Callable[[Grey], dict[str, Any]]] = {
    "grey jpeg": made.jpeg,
    "colour jpeg": lambda pixels: made.jpeg(pixels, "RGB"),
    "print jpeg": lambda pixels: made.jpeg(pixels, "CMYK") | {"Decode": Array([1, 0] * 4)},
    "jpeg 2000": made.jpeg2000,
    "fax": made.fax,
    "plain": made.plain,
    "inverted": lambda pixels: made.plain(np.asarray(255 - pixels, np.uint8)) | {"Decode": Array([1, 0])},
    "palette": lambda pixels: (
        made.plain(pixels)
        | {"ColorSpace": Array([Name.Indexed, Name.DeviceGray, 255, pikepdf.String(bytes(range(256)))])}
    ),
    "16 bits": lambda pixels: made.plain(pixels) | {"data": pixels.repeat(2).tobytes(), "BitsPerComponent": 16},
    "stencil": made.stencil,
}


@pytest.mark.parametrize("name", ENCODINGS)
def test_a_page_knows_whether_it_was_scanned_in_black_and_white(name: str) -> None:
    page = only_page(Scan().full(WRITTEN, ENCODINGS[name](WRITTEN)).bytes())
    assert page.black_and_white is (name in ("fax", "stencil"))


@pytest.mark.parametrize("name", ENCODINGS)
def test_every_encoding_gives_the_page_as_seen(name: str) -> None:
    page = only_page(Scan().full(WRITTEN, ENCODINGS[name](WRITTEN)).bytes())
    holds_together(page)
    assert page.pixels.shape == WRITTEN.shape
    assert page.dpi == pytest.approx(200, abs=0.1)
    assert unlike(page, WRITTEN) < 6
    assert not page.blank
    assert not page.born_digital


@pytest.mark.parametrize("encoding", ["grey jpeg", "plain", "palette", "fax"])
def test_the_image_itself_is_what_a_rendering_shows(encoding: str) -> None:
    """One point of print outside of the sheet is no part of the page, and yet makes it be drawn."""
    encoded = ENCODINGS[encoding](WRITTEN)
    own = only_page(Scan().full(WRITTEN, encoded).bytes())
    drawn = only_page(Scan().full(WRITTEN, encoded, extra="-9 -9 1 1 re f").bytes())
    assert own.pixels.shape == drawn.pixels.shape
    assert np.abs(own.pixels.astype(int) - drawn.pixels).max() <= 2


@pytest.mark.parametrize(("across", "down"), [(204, 98), (204, 196), (200, 100)])
def test_a_fax_has_square_pixels(across: int, down: int) -> None:
    coarse = cv2.resize(WRITTEN, (round(8.5 * across), 11 * down), interpolation=cv2.INTER_AREA)
    page = only_page(Scan().full(coarse, made.fax(coarse)).bytes())
    holds_together(page)
    assert page.dpi == pytest.approx(across, abs=0.5)
    assert unlike(page, WRITTEN) < 8


@pytest.mark.parametrize(("dpi", "expected"), [(100, 200), (150, 150), (240, 240), (300, 300), (600, 300)])
def test_resolution_stays_within_what_a_reader_uses(dpi: int, expected: int) -> None:
    pixels = cv2.resize(WRITTEN, (round(8.5 * dpi), 11 * dpi), interpolation=cv2.INTER_AREA)
    page = only_page(Scan().full(pixels).bytes())
    holds_together(page)
    assert page.dpi == pytest.approx(expected, abs=0.5)


@pytest.mark.parametrize("rotate", [90, 180, 270])
def test_a_turned_page_comes_as_displayed(rotate: int) -> None:
    page = only_page(Scan().full(WRITTEN, Rotate=rotate).bytes())
    holds_together(page)
    assert (page.width, page.height) == ((612, 792) if rotate == 180 else (792, 612))
    turned = np.rot90(page.pixels, rotate // 90)
    assert np.abs(turned.astype(int) - WRITTEN).mean() < 3


def test_a_flipped_image_comes_as_displayed() -> None:
    scan = Scan()
    scan.page("q 612 0 0 -792 0 792 cm /Im0 Do Q", [scan.image(WRITTEN, made.jpeg(WRITTEN))])
    assert unlike(only_page(scan.bytes()), np.ascontiguousarray(WRITTEN[::-1])) < 3


def test_strips_make_one_page() -> None:
    scan = Scan()
    parts = np.array_split(WRITTEN, 6)
    ends = np.cumsum([len(part) for part in parts]) * 792 / 2200
    content = "".join(
        f"q 612 0 0 {len(part) * 792 / 2200} 0 {792 - end} cm /Im{index} Do Q "
        for index, (part, end) in enumerate(zip(parts, ends, strict=True))
    )
    scan.page(content, [scan.image(part, made.jpeg(part)) for part in parts])
    page = only_page(scan.bytes())
    assert page.pixels.shape == WRITTEN.shape
    assert unlike(page, WRITTEN) < 3


def test_layers_of_paper_and_ink_make_one_page() -> None:
    scan = Scan()
    paper = np.full((275, 212), 245, np.uint8)
    images = [scan.image(paper, made.jpeg(paper)), scan.image(WRITTEN, made.stencil(WRITTEN))]
    scan.page("q 612 0 0 792 0 0 cm /Im0 Do /Im1 Do Q", images)
    page = only_page(scan.bytes())
    assert page.pixels.shape == WRITTEN.shape
    assert unlike(page, WRITTEN) < 6


@pytest.mark.parametrize("inside_form", [False, True])
def test_an_image_within_a_form_keeps_its_resolution(inside_form: bool) -> None:
    scan = Scan()
    image = scan.image(WRITTEN, made.jpeg(WRITTEN))
    if inside_form:
        form = scan.file.make_stream(b"q 6.12 0 0 7.92 0 0 cm /Im0 Do Q")
        form.Type, form.Subtype, form.BBox = Name.XObject, Name.Form, Array([0, 0, 7, 8])
        form.Resources = Dictionary(XObject=Dictionary(Im0=scan.file.make_indirect(image)))
        scan.page("q 100 0 0 100 0 0 cm /Im0 Do Q", [form])
    else:
        scan.page("q 612 0 0 792 0 0 cm /Im0 Do Q", [image])
    page = only_page(scan.bytes())
    assert page.pixels.shape == WRITTEN.shape
    assert unlike(page, WRITTEN) < 3


def test_a_crop_box_and_an_offset_are_honoured() -> None:
    scan = Scan()
    image = scan.image(WRITTEN, made.jpeg(WRITTEN))
    boxes: dict[str, Any] = {"MediaBox": Array([50, 70, 662, 862]), "CropBox": Array([86, 142, 662, 862])}
    scan.page("q 612 0 0 792 50 70 cm /Im0 Do Q", [image], **boxes)
    page = only_page(scan.bytes())
    holds_together(page)
    assert (page.width, page.height) == (576, 720)
    assert unlike(page, np.ascontiguousarray(WRITTEN[:2000, 100:])) < 3


def test_an_offset_page_is_its_image() -> None:
    scan = Scan()
    image = scan.image(WRITTEN, made.jpeg(WRITTEN))
    scan.page("q 612 0 0 792 -30 12 cm /Im0 Do Q", [image], MediaBox=Array([-30, 12, 582, 804]))
    page = only_page(scan.bytes())
    assert page.pixels.shape == WRITTEN.shape
    assert unlike(page, WRITTEN) < 3


@pytest.mark.parametrize("unit", [1.0, 72 / 400, 4.0])
def test_a_page_of_no_size_of_paper_is_a_sheet(unit: float) -> None:
    """Telephones write a point a pixel; the sheet is taken for a letter page."""
    width, height = 1700 * unit, 2200 * unit
    scan = Scan()
    scan.page(f"q {width} 0 0 {height} 0 0 cm /Im0 Do Q", [scan.image(WRITTEN, made.jpeg(WRITTEN))], (width, height))
    page = only_page(scan.bytes())
    holds_together(page)
    assert (page.width, page.height) == pytest.approx((612, 792))
    assert page.pixels.shape == WRITTEN.shape


STAMP = "0 0 0 rg 0 0 100 60 re f"


@pytest.mark.parametrize("over", ["stamp", "text", "drawing"])
def test_what_lies_over_a_scan_is_seen(over: str) -> None:
    extra = {"text": "BT /F1 60 Tf 300 20 Td (Refait) Tj ET", "drawing": "300 10 100 60 re f", "stamp": ""}[over]
    scan = Scan().full(WRITTEN, extra=extra)
    if over == "stamp":
        scan.annotate("Stamp", (300, 10, 400, 70), STAMP)
    pixels = only_page(scan.bytes()).pixels
    assert WRITTEN[2006:2172, 834:1111].min() > 200
    assert (pixels[2006:2172, 834:1111] < 60).mean() > 0.1


@pytest.mark.parametrize("mode", [3, 0])
def test_a_text_layer_over_a_scan_is_not_believed(mode: int) -> None:
    """Neither an invisible one, nor one that lies under the image."""
    words = f"BT {mode} Tr /F1 12 Tf 72 700 Td (" + "pirate@xx.com " * 20 + ") Tj ET"
    scan = Scan()
    scan.page(f"{words} q 612 0 0 792 0 0 cm /Im0 Do Q", [scan.image(WRITTEN, made.jpeg(WRITTEN))])
    page = only_page(scan.bytes())
    assert not page.born_digital
    assert page.words == ()
    assert page.widgets == ()
    assert unlike(page, WRITTEN) < 3


def test_of_a_clipped_image_the_clip_is_seen() -> None:
    scan = Scan()
    image = scan.image(WRITTEN, made.jpeg(WRITTEN))
    scan.page("q 0 0 612 396 re W n 612 0 0 792 0 0 cm /Im0 Do Q", [image])
    pixels = only_page(scan.bytes()).pixels
    assert pixels[:1095].min() > 250
    assert (pixels[1110:] < 100).any()


def test_a_masked_image_shows_what_its_mask_leaves() -> None:
    scan = Scan()
    seen = np.zeros_like(WRITTEN)
    seen[:1100] = 255
    mask = scan.file.make_indirect(scan.image(seen, made.plain(seen)))
    scan.page("q 612 0 0 792 0 0 cm /Im0 Do Q", [scan.image(WRITTEN, made.jpeg(WRITTEN), SMask=mask)])
    pixels = only_page(scan.bytes()).pixels
    assert (pixels[:1100] < 100).any()
    assert pixels[1110:].min() > 250


@pytest.mark.parametrize("marked", ["image", "content"])
def test_an_image_on_a_hidden_layer_is_not_seen(marked: str) -> None:
    scan = Scan()
    group = scan.file.make_indirect(Dictionary(Type=Name.OCG, Name=pikepdf.String("couche")))
    scan.file.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(OFF=Array([group])))
    if marked == "image":
        scan.full(WRITTEN, made.jpeg(WRITTEN) | {"OC": group})
    else:
        image = scan.image(WRITTEN, made.jpeg(WRITTEN))
        page = scan.page("/OC /L1 BDC q 612 0 0 792 0 0 cm /Im0 Do Q EMC", [image])
        page.obj.Resources.Properties = Dictionary(L1=group)
    assert codes(scan.bytes()) == [Code.DOCUMENT_UNREADABLE]


# ---------------------------------------------------------------- files that do not open, or nearly


def test_an_owners_password_locks_nothing() -> None:
    for encryption in (
        pikepdf.Encryption(owner="secret", R=3, aes=False, metadata=False),
        pikepdf.Encryption(owner="s"),
    ):
        assert unlike(only_page(Scan().full(WRITTEN).bytes(encryption=encryption)), WRITTEN) < 3


@pytest.mark.parametrize("revision", [3, 4, 6])
def test_a_users_password_locks(revision: int) -> None:
    encryption = pikepdf.Encryption(owner="a", user="b", R=revision, aes=revision > 3, metadata=revision > 3)  # type: ignore[arg-type]
    assert codes(Scan().full(WRITTEN).bytes(encryption=encryption)) == [Code.DOCUMENT_ENCRYPTED]


@pytest.mark.parametrize("content", [b"PK\x03\x04 a zip", b"\xff\xd8\xff an image", b"hello", b"<html>", b" " * 2000])
def test_what_is_no_pdf_is_none(content: bytes) -> None:
    assert codes(content) == [Code.NOT_A_PDF]


def test_nothing_and_next_to_nothing_are_unreadable() -> None:
    whole = Scan().full(WRITTEN).bytes()
    empty = pikepdf.new()
    scan = Scan()
    scan.file = empty
    for content in (b"", b"%PDF-1.7\n", whole[:300], whole[: len(whole) // 2], scan.bytes()):
        assert codes(content) == [Code.DOCUMENT_UNREADABLE]


def test_damage_that_can_be_mended_is() -> None:
    whole = Scan().full(WRITTEN).bytes()
    at = whole.rindex(b"startxref")
    broken = {
        "junk before": b"\r\n--boundary--\r\n" * 20 + whole,
        "junk behind": whole + b"\0" * 3000,
        "wrong xref": whole[:at] + b"startxref\n7\n%%EOF",
        "no end": whole[:at],
        "no end of the trailer": whole[: at - 5],
    }
    for name, content in broken.items():
        assert unlike(only_page(content), WRITTEN) < 3, name


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8, 0.95])
def test_what_is_left_of_a_cut_file_is_not_taken_for_the_whole(share: float) -> None:
    """Its catalogue comes first, so that pages can be found, without all that they show."""
    scan = Scan()
    parts = np.array_split(WRITTEN, 4)
    content = "".join(f"q 612 0 0 198 0 {594 - 198 * index} cm /Im{index} Do Q " for index in range(4))
    scan.page(content, [scan.image(part, made.jpeg(part)) for part in parts])
    whole = scan.bytes()
    assert unlike(only_page(whole), WRITTEN) < 3
    assert codes(whole[: round(share * len(whole))]) == [Code.DOCUMENT_UNREADABLE]
    holed = whole[: round(0.3 * len(whole))] + whole[round((0.6 + 0.3 * share) * len(whole)) :]
    assert codes(holed) == [Code.DOCUMENT_UNREADABLE]


def test_limits_hold_before_anything_is_decoded() -> None:
    whole = Scan().full(WRITTEN).full(WRITTEN).bytes()
    assert codes(whole, Limits(max_bytes=len(whole) - 1)) == [Code.DOCUMENT_TOO_LARGE]
    assert codes(whole, Limits(max_pages=1)) == [Code.DOCUMENT_TOO_LARGE]
    assert codes(whole, Limits(max_page_pixels=WRITTEN.size - 1)) == [Code.DOCUMENT_TOO_LARGE]
    assert len(open_document(whole, Limits(max_bytes=len(whole), max_pages=2)).pages) == 2


def test_a_declared_size_is_over_the_limits_without_any_pixel() -> None:
    scan = Scan()
    tiny = np.zeros((1, 1), np.uint8)
    scan.page("q 612 0 0 792 0 0 cm /Im0 Do Q", [scan.image(tiny, made.plain(tiny), Width=100_000, Height=100_000)])
    assert codes(scan.bytes()) == [Code.DOCUMENT_TOO_LARGE]
    wide = Scan()
    wide.page("", [], (14_400, 14_400))
    assert codes(wide.bytes()) == [Code.DOCUMENT_TOO_LARGE]


def test_a_page_of_many_points_keeps_to_the_limit_of_pixels() -> None:
    page = only_page(Scan().full(WRITTEN, extra="0 0 1 1 re f").bytes(), Limits(max_page_pixels=WRITTEN.size))
    assert page.pixels.size <= WRITTEN.size


# ---------------------------------------------------------------- blank pages


def with_specks(pixels: Grey) -> Grey:
    chance = np.random.default_rng(3)
    for x, y in zip(chance.integers(0, 1690, 120), chance.integers(0, 2190, 120), strict=True):
        pixels[y : y + 3, x : x + 3] = 40
    return pixels


def with_border(pixels: Grey) -> Grey:
    pixels[:, :40], pixels[-30:] = 15, 20
    return pixels


def with_holes(pixels: Grey) -> Grey:
    for y in (250, 1100, 1950):
        cv2.circle(pixels, (90, y), 28, 10, -1)
    return pixels


def with_bleed_through(pixels: Grey) -> Grey:
    through = np.ascontiguousarray(cv2.GaussianBlur(WRITTEN, (15, 15), 4)[:, ::-1]).astype(float)
    return np.clip(pixels - (250 - through) * 0.08, 0, 255).astype(np.uint8)


def with_shadow(pixels: Grey) -> Grey:
    return np.asarray(pixels * np.linspace(0.55, 1, pixels.shape[1])[None, :], np.uint8)


def with_streak(pixels: Grey) -> Grey:
    pixels[:, 800:816] = 120
    return pixels


DIRT = [None, with_specks, with_border, with_holes, with_bleed_through, with_shadow, with_streak]


@pytest.mark.parametrize("dirt", DIRT)
def test_a_blank_page_is_blank_however_dirty(dirt: Callable[[Grey], Grey] | None) -> None:
    back = made.blank_page() if dirt is None else dirt(made.blank_page())
    front = made.written_page()
    pages = open_document(Scan().full(front).full(back).bytes(), LIMITS).pages
    assert [page.blank for page in pages] == [False, True]
    assert codes(Scan().full(back).full(back).bytes()) == [Code.DOCUMENT_UNREADABLE]


@pytest.mark.parametrize("level", [60, 150, 190])
def test_one_faint_line_is_no_blank_page(level: int) -> None:
    pixels = made.blank_page()
    cv2.putText(pixels, "Jacques Untel", (400, 1200), 0, 1.0, level, 2)
    assert not only_page(Scan().full(pixels).bytes()).blank


def test_an_empty_page_among_others_is_blank() -> None:
    scan = Scan().full(WRITTEN)
    scan.page("", [])
    assert [page.blank for page in open_document(scan.bytes(), LIMITS).pages] == [False, True]


# ---------------------------------------------------------------- pages that were never printed


def found(page: Page, text: str) -> tuple[float, float]:
    """The middle of the one word that says so."""
    (box,) = [word.box for word in page.words if word.text == text]
    return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_words_and_values_lie_where_they_are_displayed(rotate: int) -> None:
    page = only_page(Digital(rotate).field("nom", "Tremblay", "Tremblay").bytes())
    holds_together(page)
    assert page.born_digital
    x, y = 316.0, 792 - 104.0
    width, height = 612, 792
    expected = {0: (x, y), 90: (height - y, x), 180: (width - x, height - y), 270: (y, width - x)}[rotate]
    assert found(page, "repere") == pytest.approx(expected, abs=4)
    column, row = (round(part * page.dpi / 72) for part in found(page, "repere"))
    assert page.pixels[row - 25 : row + 25, column - 25 : column + 25].min() < 60
    (widget,) = page.widgets
    assert (widget.name, widget.value, widget.doubtful) == ("nom", "Tremblay", False)
    centre = ((widget.box.x0 + widget.box.x1) / 2, (widget.box.y0 + widget.box.y1) / 2)
    x, y = 400, 792 - 610
    assert centre == pytest.approx(
        {0: (x, y), 90: (height - y, x), 180: (width - x, height - y), 270: (y, width - x)}[rotate], abs=1
    )


def test_words_move_with_the_crop_box() -> None:
    page = only_page(Digital(CropBox=Array([36, 50, 612, 792])).bytes())
    assert (page.width, page.height) == (576, 742)
    assert found(page, "repere") == pytest.approx((280, 688), abs=4)


def test_a_common_fillable_form_gives_its_values() -> None:
    page = only_page(made.reportlab_form())
    values = {widget.name: (widget.kind, widget.value, widget.doubtful) for widget in page.widgets}
    assert values == {
        "courriel": ("text", "a.tremblay@xx.com", False),
        "oui": ("checkbox", "Yes", False),
        "non": ("checkbox", "", False),
    }
    assert "a.tremblay@xx.com" in [word.text for word in page.words]


def test_a_value_without_appearance_counts_when_it_is_drawn_for_the_reader() -> None:
    digital = Digital().field("nom", "Tremblay", None)
    digital.file.Root.AcroForm.NeedAppearances = True
    page = only_page(digital.bytes())
    (widget,) = page.widgets
    assert (widget.value, widget.doubtful) == ("Tremblay", False)
    assert "Tremblay" in [word.text for word in page.words]


def test_full_names_join_those_above() -> None:
    digital = Digital().field("nom", "Tremblay", "Tremblay")
    field = digital.file.Root.AcroForm.Fields[0]
    parent = digital.file.make_indirect(Dictionary(T=pikepdf.String("section2"), Kids=Array([field])))
    field.Parent = parent
    digital.file.Root.AcroForm.Fields = Array([parent])
    assert [widget.name for widget in only_page(digital.bytes()).widgets] == ["section2.nom"]


def test_a_typed_note_is_words() -> None:
    """A name typed as a note is no signature: whoever looks for one must know what was typed."""
    digital = Digital().annotate("FreeText", (300, 300, 450, 320), "BT /F1 12 Tf 2 5 Td (Jacques Untel) Tj ET")
    page = only_page(digital.bytes())
    assert found(page, "Untel") == pytest.approx((363, 792 - 309), abs=6)


@pytest.mark.parametrize("fillable", [True, False])
def test_a_typed_note_without_appearance_is_words_too(fillable: bool) -> None:
    digital = Digital().annotate("FreeText", (300, 300, 450, 320), None, Contents=pikepdf.String("Jacques Untel"))
    if not fillable:
        del digital.file.Root.AcroForm
    assert "Jacques Untel" in " ".join(word.text for word in only_page(digital.bytes()).words)


def one_widget(digital: Digital) -> Widget:
    page = only_page(digital.bytes())
    assert page.born_digital
    (widget,) = page.widgets
    return widget


DOUBTFUL: dict[str, Callable[[], Digital]] = {
    "another text shows": lambda: Digital().field("nom", "vrai@xx.com", "faux@xx.com"),
    "nothing shows": lambda: Digital().field("nom", "vrai@xx.com", ""),
    "a hidden field": lambda: Digital().field("nom", "vrai@xx.com", "vrai@xx.com", F=2),
    "white over a printed line": lambda: Digital(content="300 608 200 1 re f").field(
        "nom", "vrai@xx.com", ") Tj 1 g (vrai@xx.com"
    ),
    "text in an empty field": lambda: Digital().field("nom", "", "faux@xx.com"),
    "ticked, nothing shows": lambda: Digital().tick("/Oui", "/Oui", on=""),
    "not ticked, a cross shows": lambda: Digital().tick("/Off", "/Off", off="1 1 m 11 11 l 2 w S"),
    "the field is on, its widget off": lambda: Digital().tick("/Oui", "/Off"),
    "the field is off, its widget on": lambda: Digital().tick("/Off", "/Oui"),
}


@pytest.mark.parametrize("case", DOUBTFUL)
def test_a_value_that_is_not_what_shows_is_doubtful(case: str) -> None:
    assert one_widget(DOUBTFUL[case]()).doubtful


def test_ink_drawn_over_an_empty_field_makes_it_doubtful() -> None:
    assert not one_widget(Digital().field("nom", "", "")).doubtful
    drawn = Digital().field("nom", "", "").annotate("Ink", (310, 602, 400, 618), "0 2 m 80 14 l 2 w S")
    assert one_widget(drawn).doubtful


def test_honest_ticks_are_not_doubtful() -> None:
    ticked = one_widget(Digital().tick("/Oui", "/Oui"))
    assert (ticked.value, ticked.doubtful) == ("Oui", False)
    empty = one_widget(Digital().tick("/Off", "/Off", off="0.5 0.5 11 11 re S"))
    assert (empty.value, empty.doubtful) == ("", False)


def test_a_comb_prints_the_hyphens_of_a_date() -> None:
    assert not one_widget(Digital().field("date", "2022-04-04", "2 0 2 2 0 4 0 4")).doubtful


TEXT = "BT {mode} /F1 12 Tf 300 300 Td (pirate@xx.com) Tj ET"
LIES: dict[str, Callable[[], Digital]] = {
    "invisible": lambda: Digital(content=TEXT.format(mode="3 Tr")),
    "invisible over a drawing": lambda: Digital(content="300 303 150 2 re f " + TEXT.format(mode="3 Tr")),
    "white on white": lambda: Digital(content=TEXT.format(mode="1 g")),
    "covered": lambda: Digital(content=TEXT.format(mode="") + " 1 g 290 290 200 40 re f"),
    "hidden layer": lambda: Digital().layer(TEXT.format(mode=""), hidden=True),
    "under other words": lambda: Digital(
        content=TEXT.format(mode="") + " BT 0 g /F1 12 Tf 300 300 Td (vrai@xx.com) Tj ET"
    ),
    "hidden layer under other words": lambda: Digital(
        content="BT 0 g /F1 12 Tf 300 300 Td (honnete@x.com) Tj ET"
    ).layer(TEXT.format(mode=""), hidden=True),
}


@pytest.mark.parametrize("case", LIES)
def test_a_page_whose_text_is_not_what_shows_is_read_from_its_pixels(case: str) -> None:
    page = only_page(LIES[case]().bytes())
    assert not page.born_digital
    assert page.words == ()
    assert page.widgets == ()
    assert not page.blank


def test_glyphs_that_stand_for_no_letter_are_read_from_the_pixels() -> None:
    digital = Digital(content="BT /F2 12 Tf 300 300 Td (AAAA) Tj ET")
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    font.ToUnicode = digital.file.make_stream(
        b"/CIDInit /ProcSet findresource begin begincmap 1 begincodespacerange <00> <FF> endcodespacerange "
        b"1 beginbfchar <41> <E041> endbfchar endcmap end"
    )
    digital.file.pages[0].obj.Resources.Font.F2 = digital.file.make_indirect(font)
    assert not only_page(digital.bytes()).born_digital


def test_text_off_the_sheet_is_left_out() -> None:
    page = only_page(Digital(content="BT /F1 12 Tf 700 300 Td (pirate@xx.com) Tj ET").bytes())
    assert page.born_digital
    assert "pirate@xx.com" not in [word.text for word in page.words]


def test_a_layer_that_shows_is_read() -> None:
    page = only_page(Digital().layer(TEXT.format(mode=""), hidden=False).bytes())
    assert "pirate@xx.com" in [word.text for word in page.words]


def test_a_pasted_picture_of_a_signature_leaves_a_page_digital() -> None:
    digital = Digital()
    signature = WRITTEN[300:420, 200:600].copy()
    page = digital.file.pages[-1].obj
    page.Resources.XObject = Dictionary(Im0=digital.file.make_indirect(digital.image(signature, made.jpeg(signature))))
    page.Contents = digital.file.make_stream(page.Contents.read_bytes() + b" q 150 0 0 45 300 200 cm /Im0 Do Q")
    shown = only_page(digital.bytes())
    assert shown.born_digital
    assert shown.pixels[1520:1640, 840:1240].min() < 60


def test_a_page_with_a_picture_of_a_part_of_it_is_read_from_its_pixels() -> None:
    digital = Digital()
    part = WRITTEN[:800].copy()
    page = digital.file.pages[-1].obj
    page.Resources.XObject = Dictionary(Im0=digital.file.make_indirect(digital.image(part, made.jpeg(part))))
    page.Contents = digital.file.make_stream(page.Contents.read_bytes() + b" q 480 0 0 180 60 115 cm /Im0 Do Q")
    assert not only_page(digital.bytes()).born_digital


def test_a_scan_beside_a_digital_page_stays_a_scan() -> None:
    digital = Digital().full(WRITTEN)
    assert [page.born_digital for page in open_document(digital.bytes(), LIMITS).pages] == [True, False]


@pytest.mark.parametrize(
    ("subtype", "box", "marked"),
    [
        ("StrikeOut", (300, 600, 400, 620), True),
        ("Ink", (300, 600, 400, 620), True),
        ("Text", (10, 10, 30, 30), True),
        ("Link", (300, 600, 400, 620), False),
        ("Highlight", (300, 600, 400, 620), False),
        ("FreeText", (310, 602, 420, 618), True),
        ("FreeText", (72, 400, 200, 420), False),
    ],
)
def test_what_people_add_to_a_page_is_found(subtype: str, box: tuple[float, ...], marked: bool) -> None:
    """A note that lies over a form's value says something else than that; one by itself fills the form in."""
    digital = Digital().field("nom", "Tremblay", "Tremblay").annotate(subtype, box, "0 2 m 80 14 l S")
    assert bool(only_page(digital.bytes()).markup) is marked


def test_what_people_add_to_a_scan_is_found_too() -> None:
    scan = Scan().full(WRITTEN).annotate("StrikeOut", (100, 600, 400, 620), "0 2 m 80 14 l S")
    (found,) = only_page(scan.bytes()).markup
    assert (found.box.x0, found.box.y0, found.drawn) == (100, 792 - 620, False)
