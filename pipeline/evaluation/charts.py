"""The two pictures: reliability, and automation against accuracy. As PNG bytes; nothing is shown on a screen."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from textwrap import fill
from typing import TYPE_CHECKING

from pipeline.config import Confidence
from pipeline.evaluation.reliability import ALL, LETTERS, Bin, Series, bins_of, curve_of

if TYPE_CHECKING:
    import numpy as np
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

# Colours that colour-blind people tell apart (Okabe and Ito).
BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#8a9099"
# The interesting part of either axis is the last hundredth: a fourth root of the distance from 1 opens it up.
ROOT = 4
TICKS = (0.0, 0.5, 0.9, 0.99, 0.999, 1.0)
ERROR_TICKS = (0.0, 0.001, 0.01, 0.05, 0.2, 0.5)
COLUMNS = 5
DPI = 110
NAMES = {
    ALL: "tous les champs / all fields",
    LETTERS: "texte, accents et majuscules à part /\ntext, accents and capitals aside",
    "text": "texte / text",
    "phone": "téléphone / phone",
    "digits": "chiffres / digits",
    "email": "courriel / e-mail",
    "choice": "choix / choice",
    "signature": "signature",
    "date": "date",
}


def reliability_chart(series: Sequence[Series], excluded: str) -> bytes:
    """A panel a series. `excluded`: which fields are left out, said under it."""
    figure, panels = panels_for(series)
    for panel, each in zip(panels, series, strict=True):
        draw_reliability(panel, each)
    figure.suptitle(
        "Fiabilité : certitude annoncée et part juste (intervalles de Wilson à 95 %, n par classe)\n"
        "Reliability: predicted confidence and share right (Wilson 95 % intervals, n per bin)",
        fontsize=12,
    )
    figure.supxlabel(f"certitude annoncée / predicted confidence\n{fill(excluded, 200)}", fontsize=8)
    figure.supylabel("part juste / share right", fontsize=9)
    return png_of(figure)


def automation_chart(series: Sequence[Series], confidence: Confidence) -> bytes:
    """Share acted on against share wrong among these, as the threshold goes down; a ring where it is set now."""
    figure, panels = panels_for(series)
    for panel, each in zip(panels, series, strict=True):
        draw_automation(panel, each, confidence)
    figure.suptitle(
        "Automatisation et exactitude : part traitée sans personne, et part fausse parmi celle-ci (○ : seuil réglé)\n"
        "Automation against accuracy: share acted on, and share wrong among these (○: the threshold as set)",
        fontsize=12,
    )
    figure.supxlabel("part traitée / share acted on", fontsize=9)
    figure.supylabel("part fausse / share wrong", fontsize=9)
    return png_of(figure)


def panels_for(series: Sequence[Series]) -> tuple[Figure, list[Axes]]:
    # Only here: loading it takes as long as reading a page, and no other command needs it.
    from matplotlib.figure import Figure

    rows = -(-len(series) // COLUMNS)
    figure = Figure(figsize=(4.0 * COLUMNS, 3.6 * rows + 1.2), dpi=DPI, layout="constrained")
    grid = figure.subplots(rows, COLUMNS, squeeze=False)
    panels = [panel for row in grid for panel in row]
    for spare in panels[len(series) :]:
        spare.set_visible(False)
    return figure, panels[: len(series)]


def draw_reliability(panel: Axes, series: Series) -> None:
    panel.set_xscale("function", functions=(opened, closed))
    panel.set_yscale("function", functions=(opened, closed))
    panel.plot(TICKS, TICKS, color=GREY, linewidth=1, linestyle="--")
    for each in bins_of(series):
        draw_bin(panel, each)
    for axis in (panel.xaxis, panel.yaxis):
        axis.set_ticks(TICKS, [f"{100 * tick:g} %" for tick in TICKS], fontsize=7)
    panel.set_xlim(0, 1)
    panel.set_ylim(-0.02, 1)
    panel.set_title(f"{NAMES.get(series.name, series.name)}  n = {len(series.outcomes)}", fontsize=9)
    panel.grid(alpha=0.25)


def draw_bin(panel: Axes, each: Bin) -> None:
    """Orange where the interval says that the confidence promises too much."""
    low, high = each.right.bounds
    colour = ORANGE if high < each.confidence else BLUE
    panel.plot([each.confidence] * 2, [low, high], color=colour, linewidth=1.5)
    panel.plot([each.confidence], [each.right.rate or 0.0], "o", color=colour, markersize=4, clip_on=False)
    panel.annotate(
        str(each.right.of), (each.confidence, low), (0, -9), textcoords="offset points", ha="center", fontsize=6.5
    )


def draw_automation(panel: Axes, series: Series, confidence: Confidence) -> None:
    panel.set_yscale("function", functions=(rooted, powered))
    points = curve_of(series)
    if points:
        panel.step(*zip(*points, strict=True), where="post", color=BLUE, linewidth=1.5, clip_on=False)
    if series.kind is not None and series.outcomes:
        acted = series.above(confidence.threshold(series.kind))
        wrong = sum(not right for right in acted) / max(1, len(acted))
        share = len(acted) / len(series.outcomes)
        panel.plot([share], [wrong], "o", color=ORANGE, fillstyle="none", markersize=9, clip_on=False)
    panel.yaxis.set_ticks(ERROR_TICKS, [f"{100 * tick:g} %" for tick in ERROR_TICKS], fontsize=7)
    panel.xaxis.set_ticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"], fontsize=7)
    panel.set_xlim(0, 1)
    panel.set_ylim(0, max(ERROR_TICKS[-1], *(wrong for _, wrong in points), 0))
    panel.set_title(f"{NAMES.get(series.name, series.name)}  n = {len(series.outcomes)}", fontsize=9)
    panel.grid(alpha=0.25)


def opened(share: Numbers) -> Numbers:
    return 1 - rooted(1 - share)


def closed(place: Numbers) -> Numbers:
    return 1 - powered(1 - place)


def rooted(share: Numbers) -> Numbers:
    """Signed, so that an axis may reach a little beyond 0 and 1."""
    import numpy as np

    place: Numbers = np.sign(share) * np.abs(share) ** (1 / ROOT)
    return place


def powered(place: Numbers) -> Numbers:
    import numpy as np

    share: Numbers = np.sign(place) * np.abs(place) ** ROOT
    return share


def png_of(figure: Figure) -> bytes:
    """Without the date and the library's name, so that the same figures give the same bytes."""
    file = BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()
