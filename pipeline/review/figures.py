"""The page of figures: what was counted, as plots and as tables."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

from starlette.responses import Response

from pipeline.evaluation.share import Share
from pipeline.review import plots
from pipeline.review.counting import Figures, forms_of, gather
from pipeline.review.visit import Visit


def figures_page(visit: Visit) -> Response:
    form, weeks = chosen(visit)
    with visit.house.store.transaction() as session:
        found = gather(session, form, weeks)
        forms = forms_of(session)
    return visit.page("figures.html", figures=found, forms=forms, form=form, weeks=weeks, charts=sorted(CHARTS))


def chart(visit: Visit) -> Response:
    draw = CHARTS.get(visit.path["name"])
    if draw is None:
        return Response(status_code=404)
    with visit.house.store.transaction() as session:
        found = gather(session, *chosen(visit))
    return Response(draw(found, visit), media_type="image/svg+xml")


def chosen(visit: Visit) -> tuple[str, int]:
    weeks = visit.query.get("weeks", "")
    return visit.query.get("form", "")[:20], int(weeks) if weeks in ("4", "12", "52") else 12


# ---------------------------------------------------------------- pictures


def automation_chart(figures: Figures, visit: Visit) -> bytes:
    weeks = sorted({group.week for group in figures.groups})
    each = {
        week: Share(
            sum(group.documents - group.sent_to_people for group in figures.groups if group.week == week),
            sum(group.documents for group in figures.groups if group.week == week),
        )
        for week in weeks
    }
    names = [week.isoformat() for week in weeks]
    return plots.shares_over(names, list(each.values()), visit.say("figures.automation"))


def errors_chart(figures: Figures, visit: Visit) -> bytes:
    names = [visit.say(f"kinds.{kind}") for kind in figures.checks]
    return plots.shares_beside(names, list(figures.checks.values()), visit.say("figures.errors"))


def corrected_chart(figures: Figures, visit: Visit) -> bytes:
    return plots.shares_beside(
        list(figures.corrected), list(figures.corrected.values()), visit.say("figures.corrected")
    )


def reasons_chart(figures: Figures, visit: Visit) -> bytes:
    names = [visit.say(f"codes.{code}") for code in figures.reasons]
    return plots.counts_beside(names, list(figures.reasons.values()), visit.say("figures.reasons"))


def seconds_chart(figures: Figures, visit: Visit) -> bytes:
    times = [(group.week, group.seconds) for group in figures.groups if group.seconds is not None]
    weeks = sorted({week for week, _ in times})
    each = [median(seconds for when, seconds in times if when == week) for week in weeks]
    return plots.numbers_over([week.isoformat() for week in weeks], each, visit.say("figures.seconds"))


CHARTS: dict[str, Callable[[Figures, Visit], bytes]] = {
    "automation": automation_chart,
    "corrected": corrected_chart,
    "errors": errors_chart,
    "reasons": reasons_chart,
    "seconds": seconds_chart,
}
