"""Where the writing of a labelled field goes: cell, ruled line, comb, ticked squares. Geometry alone, in points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.authoring.printed import SQUARE, Piece, PrintedPage, Rule
from pipeline.model import Box

# How far a rule may miss a point that it passes, or a corner that it makes.
TOUCH = 1.5
# A cell for writing, and one for a character.
LOWEST, HIGHEST = 9.0, 60.0
NARROWEST = 24.0
CELL_WIDTHS = (7.0, 24.0)
# From a cell's rule to what is written in it.
INSET = 0.3
# A label under a rule begins so close to it; one above a cell ends so close to that.
UNDER, OVER = 6.0, 9.0
# Writing over a rule goes no higher than this; a signature's may.
ABOVE_RULE, ABOVE_SIGNATURE = 24.0, 36.0
# Groups of a comb are no further apart.
GROUP_GAP = 14.0


@dataclass(frozen=True)
class Place:
    """layout: cell, line or comb. groups: of a comb, with the number of cells of each."""

    layout: str
    box: Box
    groups: tuple[tuple[Box, int], ...] = ()


def find_place(page: PrintedPage, label: Piece, *, signature: bool) -> Place | None:
    """The place that a label names: the cell that it stands in, the rule over it, or what lies right below it."""
    cell = cell_around(page, label)
    if cell is not None:
        return comb_in(page, cell, label) or Place("cell", below_label(page, cell, label))
    return below(page, label) or line_over(page, label, signature=signature) or beside(page, label, signature=signature)


# ---------------------------------------------------------------- cells


def cell_around(page: PrintedPage, label: Piece) -> Box | None:
    """The closed cell in whose upper part the label stands."""
    box = closed(page, label.box.x0 + 1, (label.box.y0 + label.box.y1) / 2)
    if box is None or not LOWEST < box.height <= HIGHEST or box.width < NARROWEST:
        return None
    return box if label.box.y0 - box.y0 < label.box.height and box.y1 - label.box.y1 > LOWEST / 2 else None


def closed(page: PrintedPage, x: float, y: float) -> Box | None:
    """The smallest box of rules around a point; None where a side is open."""
    left = max((rule.at for rule in page.down if rule.at <= x and passes(rule, y)), default=None)
    right = min((rule.at for rule in page.down if rule.at > x and passes(rule, y)), default=None)
    if left is None or right is None:
        return None
    top = max((rule.at for rule in page.across if rule.at <= y and spans(rule, left, right)), default=None)
    bottom = min((rule.at for rule in page.across if rule.at > y and spans(rule, left, right)), default=None)
    if top is None or bottom is None:
        return None
    sides = [rule for rule in page.down if abs(rule.at - left) <= TOUCH or abs(rule.at - right) <= TOUCH]
    whole = [rule for rule in sides if rule.start <= top + TOUCH and rule.end >= bottom - TOUCH]
    both = any(abs(rule.at - left) <= TOUCH for rule in whole) and any(abs(rule.at - right) <= TOUCH for rule in whole)
    return Box(left, top, right, bottom) if both else None


def passes(rule: Rule, at: float) -> bool:
    return rule.start - TOUCH <= at <= rule.end + TOUCH


def spans(rule: Rule, start: float, end: float) -> bool:
    return rule.start <= start + TOUCH and rule.end >= end - TOUCH


def below_label(page: PrintedPage, cell: Box, label: Piece) -> Box:
    """The cell without its frame and without the line of small print at its top."""
    printed = [
        piece.box.y1
        for piece in page.pieces
        if piece.box.x0 < cell.x1 and piece.box.x1 > cell.x0 and cell.y0 <= piece.box.y0 < label.box.y1
    ]
    top = max([label.box.y1, *printed]) if label.box.y0 >= cell.y0 - TOUCH else cell.y0 + INSET
    return Box(cell.x0 + INSET, top, cell.x1 - INSET, cell.y1 - INSET)


# ---------------------------------------------------------------- lines


def line_over(page: PrintedPage, label: Piece, *, signature: bool) -> Place | None:
    """The rule right over the label, that begins where it does; alone, no cell's side."""
    candidates = [
        rule
        for rule in page.across
        if -TOUCH <= label.box.y0 - rule.at <= UNDER
        and rule.start - 4 <= label.box.x0 <= rule.end
        and label.box.x0 - rule.start < 12
        and rule.end - rule.start >= NARROWEST
    ]
    if not candidates:
        return None
    rule = max(candidates, key=lambda each: each.at)
    cell = closed(page, label.box.x0 + 3, rule.at - 3)
    if cell is not None and cell.height <= HIGHEST:
        return None  # it is the bottom of a cell, that has its label elsewhere
    top = free_above(page, rule, ABOVE_SIGNATURE if signature else ABOVE_RULE)
    return Place("line", Box(rule.start, top, rule.end, label.box.y0)) if rule.at - top >= LOWEST - 2 else None


def free_above(page: PrintedPage, rule: Rule, most: float) -> float:
    """How high writing over a rule may go: `most` above it, but not into what is printed there."""
    printed = [
        piece.box.y1
        for piece in page.pieces
        if piece.box.x0 < rule.end and piece.box.x1 > rule.start and piece.box.y1 <= rule.at - 6
    ]
    printed += [
        each.at for each in page.across if each.start < rule.end and each.end > rule.start and each.at < rule.at - 6
    ]
    return max([rule.at - most, *(each + INSET for each in printed)])


# ---------------------------------------------------------------- what lies below a label, or beside it


def below(page: PrintedPage, label: Piece) -> Place | None:
    """The cell or comb right below a label that stands free."""
    for down in (3.0, 6.0, OVER, 14.0, 18.0, 22.0):
        box = closed(page, label.box.x0 + 3, label.box.y1 + down)
        if box is None or box.y0 < label.box.y0 or not LOWEST < box.height <= HIGHEST:
            continue
        if abs(box.x0 - label.box.x0) > 8 or printed_in(page, box):
            return None
        if CELL_WIDTHS[0] <= box.width <= CELL_WIDTHS[1]:
            return comb_from(page, box, page.width)
        return Place("cell", Box(box.x0 + INSET, box.y0 + INSET, box.x1 - INSET, box.y1 - INSET))
    return None


def printed_in(page: PrintedPage, box: Box) -> tuple[str, ...]:
    """What the blank prints inside a box, where people are to write."""
    return tuple(
        piece.text
        for piece in page.pieces
        if min(piece.box.x1, box.x1) - max(piece.box.x0, box.x0) > 1
        and min(piece.box.y1, box.y1) - max(piece.box.y0, box.y0) > 2
    )


def comb_in(page: PrintedPage, cell: Box, label: Piece) -> Place | None:
    """The comb inside a cell that has a label of its own."""
    y = (label.box.y1 + cell.y1) / 2
    x = cell.x0 + 2
    while x < min(cell.x0 + 40, cell.x1):
        box = closed(page, x, y)
        if box is not None and CELL_WIDTHS[0] <= box.width <= CELL_WIDTHS[1] and box.y0 > cell.y0 + TOUCH:
            return comb_from(page, box, cell.x1)
        x += 3
    return None


def beside(page: PrintedPage, label: Piece, *, signature: bool) -> Place | None:
    """The cell, comb or rule that begins right after the label, in its line."""
    middle = (label.box.y0 + label.box.y1) / 2
    for right in (4.0, 8.0, 12.0, 16.0):
        box = closed(page, label.box.x1 + right, middle)
        if box is None or box.x0 < label.box.x1 - TOUCH or not LOWEST < box.height <= HIGHEST or printed_in(page, box):
            continue
        if CELL_WIDTHS[0] <= box.width <= CELL_WIDTHS[1]:
            return comb_from(page, box, page.width)
        return Place("cell", Box(box.x0 + INSET, box.y0 + INSET, box.x1 - INSET, box.y1 - INSET))
    rules = [
        rule
        for rule in page.across
        if 0 <= rule.start - label.box.x1 <= 16
        and -3 <= rule.at - label.box.y1 <= 5
        and rule.end - rule.start >= NARROWEST
    ]
    if not rules:
        return None
    rule = min(rules, key=lambda each: each.start)
    top = free_above(page, rule, ABOVE_SIGNATURE if signature else ABOVE_RULE)
    return Place("line", Box(rule.start, top, rule.end, rule.at + 2.3)) if rule.at - top >= LOWEST - 2 else None


def comb_from(page: PrintedPage, first: Box, limit: float) -> Place | None:
    """The cells of the first one's size to its right, in groups. None for less than two."""
    groups: list[list[Box]] = [[first]]
    while True:
        last = groups[-1][-1]
        following = next_cell(page, last, first, limit)
        if following is None:
            break
        if following.x0 - last.x1 <= TOUCH:
            groups[-1].append(following)
        else:
            groups.append([following])
    cells = [cell for group in groups for cell in group]
    if len(cells) < 2:
        return None
    parts = tuple((hull(group), len(group)) for group in groups)
    return Place("comb", hull(cells), parts)


def next_cell(page: PrintedPage, last: Box, first: Box, limit: float) -> Box | None:
    middle = (first.y0 + first.y1) / 2
    step = 2.0
    while step <= GROUP_GAP:
        x = last.x1 + step
        if x > limit:
            return None
        box = closed(page, x, middle)
        if box is not None and abs(box.width - first.width) <= 1.5 and abs(box.y0 - first.y0) <= TOUCH:
            return box
        step += 2.0
    return None


def hull(boxes: Sequence[Box]) -> Box:
    return Box(
        min(box.x0 for box in boxes),
        min(box.y0 for box in boxes),
        max(box.x1 for box in boxes),
        max(box.y1 for box in boxes),
    )


# ---------------------------------------------------------------- squares


def square_before(page: PrintedPage, label: Piece, x: float) -> Box | None:
    """The square that is ticked for an option whose words begin at `x`."""
    y = (label.box.y0 + label.box.y1) / 2
    near = [box for box in page.squares if box.y0 - 2 <= y <= box.y1 + 2 and 0 < x - box.x1 <= 14]
    if near:
        return max(near, key=lambda box: box.x1)
    for left in (3.0, 5.0, 7.0, 9.0, 11.0, 14.0):
        for shift in (0.0, -2.0, 2.0):
            box = closed(page, x - left, y + shift)
            if box is not None and is_square(box):
                return box
    return None


def is_square(box: Box) -> bool:
    return SQUARE[0] <= box.width <= SQUARE[1] and abs(box.width - box.height) <= 2.0


def words_of(piece: Piece) -> Iterator[tuple[str, float]]:
    """What is left of a piece from each of its words on, and about where that begins."""
    letters = max(1, len(piece.text))
    start = 0
    for word in piece.text.split(" "):
        yield piece.text[start:], piece.box.x0 + piece.box.width * start / letters
        start += len(word) + 1
