"""The report: one HTML file with everything in it, the errors first, each with the picture of its field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from pipeline.evaluation.judging import Judged
from pipeline.evaluation.markup import (
    data_address,
    document_cell,
    heading,
    html_table,
    note,
    picture_cell,
    read_text,
    rest_line,
    table_section,
    value_cell,
    value_text,
    whole_page,
)
from pipeline.evaluation.pictures import Pictures
from pipeline.evaluation.summary import Summary, exclusion_text
from pipeline.evaluation.tables import (
    automation_table,
    blocked_table,
    blocking_tables,
    group_table,
    target_table,
)
from pipeline.evaluation.worst import Lonely, Wrong
from pipeline.model import Record

PERSONAL = (
    "Ce rapport contient des renseignements personnels (valeurs et images de champs) : ne le conservez pas plus "
    "longtemps qu'il ne faut et ne le transmettez pas.",
    "This report holds personal information (values and pictures of fields): keep it no longer than needed and do not "
    "pass it on.",
)
NO_PICTURES = (
    "Sans images : donnez avec --data le dossier de la base qui a fait ces enregistrements.",
    "Without pictures: give the store that made these records with --data.",
)
WHOLE_PAGE = "Une page entière / A whole page: pipeline show NUMÉRO --data DIR --out page.png"
FIELD_HEADER = ("image", "champ / field", "juste / right", "lu / read", "certitude / confidence", "document")


def report_page(summary: Summary, pictures: Pictures | None, charts: Sequence[bytes], most: int) -> str:
    """pictures: None where there is no store to take them from. most: rows of each list with fields."""
    body = [
        "<h1>Évaluation <small>/ Evaluation</small></h1>",
        note(*PERSONAL),
        *([] if pictures is not None else [note(*NO_PICTURES)]),
        *overview(summary),
        *decisions_section(summary, pictures or {}),
        *wrong_section(summary, pictures or {}, most),
        *lonely_section(summary, pictures or {}, most),
        f"<p class=faint>{escape(WHOLE_PAGE)}</p>",
        *(part for table in (*blocking_tables(summary), blocked_table(summary)) for part in table_section(table)),
        *table_section(group_table(summary)),
        *(f'<p><img class="chart" alt="" src="{data_address(chart)}"></p>' for chart in charts),
        f"<p>{escape(exclusion_text(summary.excluded))}</p>",
        *table_section(automation_table(summary)),
    ]
    return whole_page(body)


def wanted_pictures(summary: Summary, most: int) -> Iterator[tuple[Record, str]]:
    """The fields whose pictures the page shows."""
    for judged in summary.worst.decisions:
        yield from ((judged.record, key) for key in judged.wrong_values)
    for wrong in summary.worst.wrong[:most]:
        yield wrong.judged.record, wrong.field.key
    for lonely in summary.worst.lonely[:most]:
        yield lonely.blocked.judged.record, lonely.key


def overview(summary: Summary) -> Iterator[str]:
    matches, overall = summary.matches, summary.overall
    yield (
        f"<p>Documents : {overall.documents} · sans enregistrement / without a record: {len(matches.missing)} · "
        f"enregistrements en trop / records of no document of the truth: {len(matches.extra)} · "
        f"seconds exemplaires, à bon droit sans enregistrement / second copies rightly without a record: "
        f"{len(matches.absent)}</p>"
    )
    if matches.missing:
        yield f"<p>Sans enregistrement / Without a record: {escape(', '.join(t.name for t in matches.missing))}</p>"
    yield from table_section(target_table(summary))


def decisions_section(summary: Summary, pictures: Pictures) -> Iterator[str]:
    yield heading("Décisions fausses", "Wrong decisions", len(summary.worst.decisions))
    if not summary.worst.decisions:
        yield "<p>Aucune. <span class=faint>/ None.</span></p>"
        return
    rows = [
        (
            "".join(picture_cell(pictures, judged.record, key) for key in judged.wrong_values) or "–",
            document_cell(judged),
            escape(f"{judged.truth.decision.value} → {judged.record.decision.value}"),
            escape("; ".join(faults_of(judged))),
        )
        for judged in summary.worst.decisions
    ]
    yield html_table(("image", "document", "juste → donné / right → given", "faute / fault"), rows)


def faults_of(judged: Judged) -> Iterator[str]:
    if judged.false_accept:
        yield "fausse acceptation / false accept"
    if judged.false_reject:
        yield "faux refus / false reject"
    if judged.wrong_reasons:
        yield "motif qui ne tient pas / a reason that does not hold"
    if judged.wrong_delivery:
        yield "mauvaise livraison / wrong delivery"
    for key in judged.wrong_values:
        accent = "" if key in judged.wrong_letters else " (accent, majuscule / accent, capital)"
        yield f"{key} : {value_text((judged.truth.fields or {}).get(key))} → {read_text(judged.record, key)}{accent}"


def wrong_section(summary: Summary, pictures: Pictures, most: int) -> Iterator[str]:
    yield heading(
        "Champs mal lus, les plus certains d'abord",
        "Fields read wrong, the most certain first",
        len(summary.worst.wrong),
    )
    yield (
        "<p class=faint>Rouge : assez certain pour décider. Accents et majuscules viennent après les lettres. / Red: "
        "certain enough to act on. Accents and capitals come after letters.</p>"
    )
    shown = summary.worst.wrong[:most]
    yield html_table(FIELD_HEADER, [wrong_row(each, pictures) for each in shown])
    yield from rest_line(len(summary.worst.wrong) - len(shown))


def wrong_row(wrong: Wrong, pictures: Pictures) -> tuple[str, ...]:
    record, field = wrong.judged.record, wrong.field
    certainty = f"{field.confidence:.4f}"
    return (
        picture_cell(pictures, record, field.key),
        escape(field.key)
        + ("<br><span class=faint>accents, majuscules / capitals</span>" if wrong.only_accents else ""),
        value_cell(value_text(field.expected)),
        value_cell(read_text(record, field.key)),
        f'<span class="acted">{certainty}</span>' if wrong.acted_on else certainty,
        document_cell(wrong.judged),
    )


def lonely_section(summary: Summary, pictures: Pictures, most: int) -> Iterator[str]:
    yield heading(
        "Champs douteux qui retiennent seuls un document", "Doubtful fields that alone hold a document back",
        len(summary.worst.lonely),
    )  # fmt: skip
    shown = summary.worst.lonely[:most]
    yield html_table(FIELD_HEADER, [lonely_row(each, pictures) for each in shown])
    yield from rest_line(len(summary.worst.lonely) - len(shown))


def lonely_row(lonely: Lonely, pictures: Pictures) -> tuple[str, ...]:
    record = lonely.blocked.judged.record
    words = {True: "bien lu / read right", False: "mal lu / read wrong", None: "–"}
    return (
        picture_cell(pictures, record, lonely.key),
        escape(lonely.key),
        value_cell(value_text(lonely.expected)),
        value_cell(read_text(record, lonely.key)) + f"<br><span class=faint>{words[lonely.right]}</span>",
        f"{lonely.reading.confidence:.4f} <span class=faint>{escape(shortfall(lonely))}</span>",
        document_cell(lonely.blocked.judged),
    )


def shortfall(lonely: Lonely) -> str:
    """Certain enough and doubted all the same: a rule needs a person's judgement on it, or what is read contradicts."""
    if lonely.reading.confidence < lonely.needed:
        return f"< {lonely.needed:g}"
    return f"≥ {lonely.needed:g}, douteux par ailleurs / doubted otherwise"
