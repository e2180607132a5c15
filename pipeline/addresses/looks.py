"""What the glyphs of an address tell of it, in the picture that its letters' places are known in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.addresses.apart import Told, may_be_sign, told_by
from pipeline.addresses.seen_marks import told_marks
from pipeline.addresses.signs import MARKS, accounted_for, says, settled_end
from pipeline.glyphs.dots import told_by_dots
from pipeline.glyphs.extents import goes_too_far, lower_than_others
from pipeline.glyphs.gaps import has_room_for_a_letter
from pipeline.glyphs.kinds import SEEN, TAKEN_FOR, kinds_in, odds_of
from pipeline.glyphs.placed import OTHER, OTHER_CAPITAL, in_capitals
from pipeline.glyphs.shapes import Shapes, each_shape, may_be_bare_ones, worst_of
from pipeline.pen import TYPE
from pipeline.witnesses.testimony import placed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.glyphs.kinds import Chances
    from pipeline.glyphs.placed import Letter, Place
    from pipeline.witnesses.testimony import Testimony, Witness

# The look that says where letters stand may have misread so many of them, beside those that glyphs tell.
MOST_MISREAD = 2
# From where on, in log odds, the network that looks at single glyphs speaks against what a shape confirms. Derived in
# docs/design/confidence.md ("Glyphs").
DOUBTED = -1.0
# How much likelier it must make another letter or digit than what that is taken for.
LIKELIER, TOLD_BY_SHAPE = 1.0, frozenset("o0l1i")
# How much lower than its like an l may be a 1, in heights of a small letter: of 738 l's of typed addresses 6 in 100 are
# so much lower, of 170 ones 71.
LOWER = 0.05


def shapes_in(testimony: Testimony, address: str, known: frozenset[int] = frozenset()) -> Shapes:
    """What the shapes of an address's glyphs say of its 0, o, 1 and l.

    known: the places of the address of which that is not asked; nor is it of its `settled_end`.
    """
    places = _places_of(testimony, address)
    return Shapes.OPEN if places is None else _shapes_at(testimony, places, address, known)


def is_seen_otherwise(testimony: Testimony, address: str) -> bool:
    """Whether a letter of an address is a digit as likely, or a digit a letter, to the network that looked at it: all
    makes read `nadeaug8` for `nadeau98`, whose 9 went below the line. Of an o, an l and an i shapes speak, too."""
    places = _places_of(testimony, address)
    return places is not None and any(
        odds_of(chances, sign, TAKEN_FOR[sign]) < LIKELIER
        for rank, chances in testimony.kinds.items()
        if (sign := places[rank].character.lower()) in TAKEN_FOR and sign not in TOLD_BY_SHAPE
    )


def may_be_a_one(testimony: Testimony, address: str) -> bool:
    """Whether an l of an address, that no name explains and its shape leaves open, is lower than its like; or it is a
    bare stroke, as the form's ones are.

    A 1 without a flag is lower in some typefaces: `santel` of `sante1`, all makes, and the network that looks at
    glyphs. And in another `menardl` was read for `menard1` by all, and shapes and that network confirmed it.
    """
    places = _places_of(testimony, address)
    if places is None or in_capitals(places):
        return False
    shapes = _each_shape(testimony, tuple(places), frozenset(), alone=True)
    lower = {
        rank
        for rank, by in lower_than_others(testimony.line.pixels, places).items()
        if by >= LOWER and shapes.get(rank) is not Shapes.CONFIRMED
    }
    bare = may_be_bare_ones(testimony.line.pixels, places, testimony.letters)
    untold = frozenset(range(len(address))) - accounted_for(address, testimony.names)
    ranks = _ranks(address)
    return any(ranks[rank] in untold for rank in lower | bare if rank < len(ranks))


def is_written_over(testimony: Testimony, address: str) -> bool:
    """Whether a stroke of the address goes further than its type does, as one that strikes a letter out."""
    places = _places_of(testimony, address)
    return places is not None and goes_too_far(testimony.line.pixels, places)


def may_lack_a_letter(testimony: Testimony) -> bool:
    """Whether a gap in an address is so wide that a letter of it was taken out: what all read as a space beside a point
    or an at sign is none. In a comb nobody knows."""
    look = placed(testimony)
    if look is None or testimony.cells:
        return False
    places = [
        place._replace(character=sign) for place, sign in zip(look.places, _signs_beside(testimony, look), strict=True)
    ]
    return has_room_for_a_letter(testimony.line.pixels, testimony.line.height, places)


def _signs_beside(testimony: Testimony, look: Witness) -> Sequence[str]:
    """What the other look of the same make reads at each place of a look, if they differ by spaces at most: a point
    that lies on a rule is lifted off with it and leaves one."""
    read = [place.character for place in look.places]
    for other in testimony.witnesses:
        signs = [place.character for place in other.places]
        alike = other.engine == look.engine and other is not look and len(signs) == len(read)
        if alike and all(sign == own or own == " " for sign, own in zip(signs, read, strict=True)):
            return signs
    return read


def told_in(testimony: Testimony, address: str) -> Told:
    """What an address's glyphs say of it, and the names on its form."""
    told, places = told_by(testimony.names, address), _places_of(testimony, address)
    told = told._replace(marked=_marks_of(testimony, address))
    if places is None:
        return told
    capitals, ranks = in_capitals(places), _ranks(address)
    dotted = frozenset() if capitals else told_by_dots(testimony.line.pixels, places)
    shapes = _shapes_at(testimony, places, address)
    # Where the form shows letters of every kind, none was confirmed by its own alone.
    kinds = frozenset(OTHER_CAPITAL if capitals else OTHER)
    shows_all = kinds <= {letter.character for letter in testimony.letters}
    held_apart = shapes is Shapes.CONFIRMED and (
        shows_all or _shapes_at(testimony, places, address, alone=False) is shapes
    )
    return told._replace(
        shapes=shapes,
        held_apart=held_apart,
        dotted=frozenset(ranks[rank] for rank in dotted if rank < len(ranks)),
        capitals=capitals,
        # Where a look lost an underscore, nobody knows which of its glyphs is which sign.
        kinds={ranks[rank]: chances for rank, chances in testimony.kinds.items()} if len(places) == len(ranks) else {},
    )


def _marks_of(testimony: Testimony, address: str) -> frozenset[int]:
    """The places of the points and underscores of an address that are seen in the ink."""
    look = placed(testimony)
    if look is None or look.key != address or len(look.places) != len(address):
        return frozenset()
    return told_marks(testimony.line.pixels, look.places)


def _shapes_at(
    testimony: Testimony,
    places: Sequence[Place],
    address: str,
    known: frozenset[int] = frozenset(),
    *,
    alone: bool = True,
) -> Shapes:
    known |= settled_end(address, testimony.names.domains)
    asked_not = frozenset(rank for rank, place in enumerate(_ranks(address)) if place in known)
    shapes = _each_shape(testimony, tuple(places), asked_not, alone=alone)
    return worst_of(_seen(testimony, rank, places[rank], shape) for rank, shape in shapes.items())


def _each_shape(
    testimony: Testimony, places: tuple[Place, ...], asked_not: frozenset[int], *, alone: bool
) -> dict[int, Shapes]:
    """As `each_shape` has it; each glyph is looked at once for all that is asked of an address."""
    found = testimony.shapes.setdefault((places, alone), {})
    asked = frozenset(range(len(places))) - asked_not
    if missing := asked - found.keys():
        others = frozenset(range(len(places))) - missing
        told = each_shape(testimony.line.pixels, places, testimony.letters, others, alone=alone)
        found.update({rank: told.get(rank) for rank in missing})
    return {rank: shape for rank in asked if (shape := found[rank]) is not None}


def _seen(testimony: Testimony, rank: int, place: Place, shape: Shapes) -> Shapes:
    """What a glyph's shape and the network that looked at it say together."""
    if rank not in testimony.kinds:
        return shape
    sign = place.character.lower()
    odds = odds_of(testimony.kinds[rank], sign, TAKEN_FOR[sign])
    if shape is Shapes.CONFIRMED:
        return shape if odds >= DOUBTED else Shapes.OPEN
    if shape is Shapes.CONTRADICTED:
        return Shapes.OPEN if odds >= SEEN else shape
    return Shapes.CONFIRMED if odds >= SEEN else Shapes.CONTRADICTED if odds <= -SEEN else Shapes.OPEN


def kinds_of_glyphs(testimony: Testimony, letters: Sequence[Letter]) -> dict[int, Chances]:
    """What the signs of a typed address may be, by their rank among these but for marks."""
    look = placed(testimony)
    if look is None or testimony.pen > TYPE:
        return {}
    return kinds_in(testimony.line.pixels, [place for place in look.places if place.character not in MARKS], letters)


def _ranks(address: str) -> list[int]:
    """The places of an address that hold no mark, in the order of its glyphs."""
    return [place for place, sign in enumerate(address) if sign not in MARKS]


def _places_of(testimony: Testimony, address: str) -> Sequence[Place] | None:
    """Where the address's signs stand, as PP-OCR saw them: it knows best."""
    look = placed(testimony)
    return None if look is None else _places_in(look, address)


def _places_in(look: Witness, address: str) -> Sequence[Place] | None:
    """Where the address's signs stand by a look that reads them, or others in the places of a few."""
    places = [place for place in look.places if place.character not in MARKS]
    signs = [sign for sign in address if sign not in MARKS]
    if not places or len(places) != len(signs):
        return places if places and says(look, address) else None
    read = [place.character.lower() for place in places]
    if sum(not may_be_sign(*pair) for pair in zip(read, signs, strict=True)) > MOST_MISREAD:
        return None
    if in_capitals(places):
        return [place._replace(character=sign.upper()) for place, sign in zip(places, signs, strict=True)]
    # A capital I or O among small letters is what it is taken for.
    return [
        place._replace(character=sign) if place.character in "IO" or place.character.lower() != sign else place
        for place, sign in zip(places, signs, strict=True)
    ]
