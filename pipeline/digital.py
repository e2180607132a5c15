"""Fields of a page that was filled on screen and never printed: form values and visible text, exact by nature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from pipeline.language.look_alikes import alike
from pipeline.model import Box, Kind, Reading, Readings, ReadingSource, Widget, Word
from pipeline.values import understand
from pipeline.witnesses.testimony import meaning_of, written

if TYPE_CHECKING:
    from pipeline.register import LaidPage
    from pipeline.specs import FieldSpec
    from pipeline.witnesses.testimony import Testimony

EXACT = 0.99999
DISAGREE = 0.3
# So much of a markup, or of a field, is in both if that is about this; in points what is thinner counts as this thick.
ABOUT, THIN = 0.5, 0.5


def read_digital(laid: LaidPage, fields: Sequence[FieldSpec]) -> Readings:
    """The fields whose values the page itself holds. What it does not hold (a tick drawn as lines, a signature) is
    left to be read from its pixels."""
    widgets = {widget.name: widget for widget in laid.page.widgets}
    readings: Readings = {}
    for field in fields:
        if field.kind is Kind.SIGNATURE:
            continue
        reading = _choice(field, widgets) if field.kind is Kind.CHOICE else _text(laid, field, widgets)
        if reading is not None:
            readings[field.key] = reading
    return readings


def _choice(field: FieldSpec, widgets: dict[str, Widget]) -> Reading | None:
    boxes = [widgets.get(option.widget or "") for option in field.option]
    if any(box is None for box in boxes):
        return None
    ticked = [option.value for option, box in zip(field.option, boxes, strict=True) if box and box.value]
    value = ticked[0] if len(ticked) == 1 else None
    certainty = DISAGREE if any(box and box.doubtful for box in boxes) else EXACT
    return Reading(field.key, value, ", ".join(ticked) or None, certainty, ReadingSource.TEXT, field.page, field.box)


def _text(laid: LaidPage, field: FieldSpec, widgets: dict[str, Widget]) -> Reading:
    widget = widgets.get(field.widget or "")
    shown = " ".join(word.text for word in words_in(laid, field.box))
    if field.layout == "comb":
        shown = shown.replace(" ", "").strip("-")
    written = " ".join(widget.value.split()) if widget is not None else shown
    agree = widget is None or (not widget.doubtful and (not shown or _same(written, shown)))
    meaning = understand(field.kind, field.key, written).certain_value if written else None
    return Reading(
        field.key,
        meaning,
        written or None,
        EXACT if agree else DISAGREE,
        ReadingSource.TEXT,
        field.page,
        field.box,
    )


def _same(a: str, b: str) -> bool:
    """The same but for spaces, and for what separates numbers: a comb prints its own hyphens."""
    return _bare(a) == _bare(b)


def _bare(text: str) -> str:
    compact = "".join(text.split())
    return compact.replace("-", "") if compact.replace("-", "").isdigit() else compact


def is_drawn(reading: Reading, testimony: Testimony) -> bool:
    """Whether what the page's text says in a field is what one sees there.

    Text can be invisible, covered, or drawn by shapes that are other letters. One engine that reads it, or what looks
    like it, is enough: what is drawn is sharp, and engines are no oracle.
    """
    if testimony.line.blank or not reading.raw:
        return False
    key, _ = meaning_of(testimony.field, written(testimony.field, reading.raw))
    return any(_bare(each.key) == _bare(key) or alike(each.key, key) for each in testimony.witnesses)


def is_marked_up(laid: LaidPage, field: FieldSpec, *, said: bool) -> bool:
    """Whether somebody has struck a field out on the screen, drawn on it or remarked on it.

    said: the page's text says what stands there; else what is drawn may be the writing itself.
    """
    return any(
        _is_about(on_blank(laid, markup.box), field.box) for markup in laid.page.markup if said or not markup.drawn
    )


def _is_about(markup: Box, field: Box) -> bool:
    """Whether a good part of a markup lies in the field, or covers it."""
    across = min(markup.x1, field.x1) - max(markup.x0, field.x0)
    down = min(markup.y1, field.y1) - max(markup.y0, field.y0)
    if across < 0 or down < 0:
        return False
    # A line has no height.
    common = max(across, THIN) * max(down, THIN)
    markup_area = max(markup.width, THIN) * max(markup.height, THIN)
    return common >= ABOUT * min(markup_area, field.width * field.height)


def words_in(laid: LaidPage, box: Box) -> list[Word]:
    """The page's words whose middle lies in `box` (points on the blank), in reading order."""
    corners = np.array([(box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)], dtype=np.float64)
    on_page = laid.locate(corners) * 72 / laid.page.dpi
    (left, top), (right, bottom) = on_page.min(axis=0), on_page.max(axis=0)
    inside = [
        word
        for word in laid.page.words
        if left - 1 <= (word.box.x0 + word.box.x1) / 2 <= right + 1
        and top - 1 <= (word.box.y0 + word.box.y1) / 2 <= bottom + 1
    ]
    return sorted(inside, key=lambda word: _place(on_blank(laid, word.box)))


def _place(box: Box) -> tuple[int, float]:
    """The order in which one reads: by lines of four points, from the left."""
    return round(box.y0 / 4), box.x0


def on_blank(laid: LaidPage, box: Box) -> Box:
    """Where a box in points on the file's own page lies on the blank, in points."""
    corners = np.array([(box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)], dtype=np.float64)
    found = laid.locate_back(corners * laid.page.dpi / 72)
    (left, top), (right, bottom) = found.min(axis=0), found.max(axis=0)
    return Box(float(left), float(top), float(right), float(bottom))
