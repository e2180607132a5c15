"""Draws a record for a person: the page with its fields' boxes, what was read in each, the decision and its reasons.

Pure: pixels and a record in, pixels out. Certainty has a colour that colour-blind people tell apart, and a word.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from pipeline.model import FieldRecord, Record, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pipeline.model import Bilingual, Pixels

Colour = tuple[int, int, int]

FONTS = Path(__file__).parent / "fonts"
DPI = 120.0
MARGIN = 24
PANEL = 620
ROW = 46
# A box narrower than this, in pixels, has no room for its number.
NARROW = 200

INK: Colour = (30, 34, 40)
FAINT: Colour = (105, 112, 122)
RULE: Colour = (222, 226, 231)
PAPER: Colour = (255, 255, 255)
SURE: Colour = (0, 114, 178)
DOUBTFUL: Colour = (213, 94, 0)
BLANK: Colour = (130, 136, 145)
# Green, red and amber, dark enough for white letters and far apart in lightness.
BADGES: dict[Verdict, tuple[str, str, Colour]] = {
    Verdict.ACCEPT: ("ACCEPTÉ", "accept", (0, 125, 90)),
    Verdict.REJECT: ("REFUSÉ", "reject", (176, 32, 40)),
    Verdict.REVIEW: ("À VÉRIFIER", "review", (178, 98, 0)),
}
WORDS = {True: ("oui", "yes"), False: ("non", "no")}


@dataclass(frozen=True)
class Sheet:
    """What a picture shows under the record's boxes: a page, laid straight, and its size in points."""

    number: int
    pixels: Pixels
    width: float
    height: float


@dataclass(frozen=True)
class Entry:
    """One field as shown: `sure` when its confidence is enough to act on."""

    rank: int
    key: str
    label: str
    field: FieldRecord
    sure: bool

    @property
    def colour(self) -> Colour:
        if not self.sure:
            return DOUBTFUL
        return BLANK if self.field.value is None and not self.field.raw else SURE

    @property
    def text(self) -> str:
        value = self.field.value
        if isinstance(value, bool):
            return " / ".join(WORDS[value])
        if value is not None:
            return value
        return f"non valide / invalid : {self.field.raw}" if self.field.raw else "(vide / blank)"


def draw_record(
    record: Record,
    sheet: Sheet | None,
    *,
    labels: Mapping[str, Bilingual],
    sure: Callable[[str, FieldRecord], bool],
) -> Image.Image:
    """The picture: header, page with numbered boxes, and beside it the values. Without a sheet, the header alone."""
    entries = [
        Entry(rank, key, label_of(key, labels), field, sure(key, field))
        for rank, (key, field) in enumerate(record.fields.items(), start=1)
        if sheet and field.page == sheet.number
    ]
    page = draw_page(sheet, entries) if sheet else None
    page_width, page_height = page.size if page else (0, 0)
    width = page_width + (PANEL if entries or not page else 0) + MARGIN * 3
    header = draw_header(record, sheet, max(width, 900))
    body = max(page_height, ROW * len(entries) + 90 if entries else 0)
    image = Image.new("RGB", (header.width, header.height + body + MARGIN), PAPER)
    image.paste(header, (0, 0))
    if page:
        image.paste(page, (MARGIN, header.height))
    if entries:
        draw_panel(image, entries, left=page_width + MARGIN * 2, top=header.height)
    return image


def label_of(key: str, labels: Mapping[str, Bilingual]) -> str:
    """The field's printed name, with its section before it: both sections have names that are the same."""
    section = key.partition(".")[0].removeprefix("section")
    return f"{section} · {labels[key].fr}" if key in labels else key


def draw_header(record: Record, sheet: Sheet | None, width: int) -> Image.Image:
    """Decision, where the document comes from, and each reason in French, then in English below it."""
    french, english, colour = BADGES[record.decision]
    lines = header_lines(record, sheet)
    height = MARGIN + 62 + sum(size + 9 for _, size, _ in lines) + MARGIN
    image = Image.new("RGB", (width, height), PAPER)
    draw = ImageDraw.Draw(image)
    badge = font(26, bold=True)
    length = draw.textlength(french, font=badge)
    draw.rounded_rectangle((MARGIN, MARGIN, MARGIN + length + 36, MARGIN + 46), radius=8, fill=colour)
    draw.text((MARGIN + 18, MARGIN + 23), french, font=badge, fill=PAPER, anchor="lm")
    draw.text((MARGIN + length + 50, MARGIN + 23), english, font=font(20), fill=FAINT, anchor="lm")
    draw.text((width - MARGIN, MARGIN + 23), record.id, font=font(15), fill=FAINT, anchor="rm")
    top = MARGIN + 62
    for text, size, ink in lines:
        draw.text((MARGIN, top), fit(text, font(size), width - 2 * MARGIN), font=font(size), fill=ink)
        top += size + 9
    return image


def header_lines(record: Record, sheet: Sheet | None) -> list[tuple[str, int, Colour]]:
    source, form = record.source, record.form
    where = source.path + (f"  ›  {source.attachment}" if source.attachment else "")
    lines = [(f"{where}   ·   {source.received:%Y-%m-%d %H:%M}", 15, FAINT)]
    if form.number:
        page = f"   ·   page {sheet.number}" if sheet else ""
        edition = f", édition / edition {form.edition}" if form.edition else ""
        lines.append((f"Formulaire / Form {form.number}{edition}   ·   {percent(form.confidence)}{page}", 15, INK))
    for reason in record.reasons:
        lines += [(f"•  {reason.message.fr}", 17, INK), (f"    {reason.message.en}   [{reason.code.value}]", 14, FAINT)]
    return lines


def draw_page(sheet: Sheet, entries: list[Entry]) -> Image.Image:
    """The page, a little paler than it is, so that the coloured and numbered boxes stand out."""
    scale = DPI / 72
    page = Image.fromarray(sheet.pixels).convert("RGB")
    page = page.resize((round(sheet.width * scale), round(sheet.height * scale)), Image.Resampling.LANCZOS)
    draw = ImageDraw.Draw(page, "RGBA")
    for entry in entries:
        corners = [value * scale for value in entry.field.box]
        draw.rectangle(corners, fill=(*entry.colour, 28), outline=(*entry.colour, 255), width=2 if entry.sure else 4)
    for entry in entries:
        left, top, right, bottom = (value * scale for value in entry.field.box)
        if right - left < NARROW:
            draw_tag(draw, entry, right + 15, (top + bottom) / 2)
        else:
            draw_tag(draw, entry, right - 15, top)
    draw.rectangle((0, 0, page.width - 1, page.height - 1), outline=RULE)
    return page


def draw_tag(draw: ImageDraw.ImageDraw, entry: Entry, x: float, y: float) -> None:
    """The entry's number; beside a narrow box, on the upper right edge of a wide one: there it hides the least."""
    draw.rounded_rectangle((x - 13, y - 9, x + 13, y + 9), radius=9, fill=(*entry.colour, 255))
    draw.text((x, y), str(entry.rank), font=font(12, bold=True), fill=PAPER, anchor="mm")


def draw_panel(image: Image.Image, entries: list[Entry], *, left: int, top: int) -> None:
    """The values beside the page: number, label, value, certainty as a bar and in words."""
    draw = ImageDraw.Draw(image, "RGBA")
    right = left + PANEL - MARGIN
    for entry in entries:
        draw_tag(draw, entry, left + 13, top + 12)
        draw.text((left + 36, top), fit(entry.label, font(12), PANEL - 220), font=font(12), fill=FAINT)
        ink = INK if entry.field.value is not None else entry.colour
        value = fit(entry.text, font(17, bold=True), PANEL - 210)
        draw.text((left + 36, top + 15), value, font=font(17, bold=True), fill=ink)
        word = percent(entry.field.confidence) + ("" if entry.sure else "  douteux")
        draw.text((right, top + 2), word, font=font(13, bold=not entry.sure), fill=entry.colour, anchor="ra")
        draw.rectangle((right - 110, top + 22, right, top + 27), fill=RULE)
        draw.rectangle((right - 110, top + 22, right - 110 + 110 * entry.field.confidence, top + 27), fill=entry.colour)
        draw.line((left, top + ROW - 6, right, top + ROW - 6), fill=RULE)
        top += ROW
    draw_legend(draw, left, top + 10)


def draw_legend(draw: ImageDraw.ImageDraw, left: int, top: int) -> None:
    for colour, text in (
        (SURE, "assez sûr pour décider / sure enough to act on"),
        (DOUBTFUL, "douteux : à vérifier / doubtful: a person looks"),
        (BLANK, "vide / blank"),
    ):
        draw.rectangle((left, top + 3, left + 22, top + 15), fill=(*colour, 60), outline=(*colour, 255), width=2)
        draw.text((left + 32, top), text, font=font(13), fill=FAINT)
        top += 22


def percent(confidence: float) -> str:
    """Never rounded up to certainty: the last steps below 100 % are what thresholds are about."""
    return f"{int(confidence * 10_000) / 100:.4g} %".replace(".", ",")


def fit(text: str, face: ImageFont.FreeTypeFont, width: float) -> str:
    """The text on one line, cut with an ellipsis where it is too long."""
    text = " ".join(text.splitlines())
    if face.getlength(text) <= width:
        return text
    while text and face.getlength(text + "…") > width:
        text = text[:-1]
    return text + "…"


@cache
def font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONTS / ("DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"), size)
