"""The pieces that the report is made of: HTML, in which everything that was read or written by others is text."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator
from html import escape

from pipeline.evaluation.judging import Judged
from pipeline.evaluation.pictures import Pictures
from pipeline.evaluation.table import Table
from pipeline.model import Record

STYLE = """
body { font: 15px/1.4 system-ui, sans-serif; color: #1e2228; margin: 2rem auto; max-width: 90rem; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.2rem; margin-top: 2.2rem; border-bottom: 1px solid #dee2e7 }
h2 small, h1 small { font-weight: normal; color: #59616b }
.warning { background: #fff4e0; border: 2px solid #b26200; padding: .6rem 1rem }
.wide { overflow-x: auto }
table { border-collapse: collapse; font-size: .86rem }
th, td { border: 1px solid #dee2e7; padding: .25rem .5rem; text-align: left; vertical-align: top }
th { background: #f4f6f8; max-width: 12rem; font-weight: 600 }
td.crop img { max-width: 34rem; max-height: 6rem; display: block }
.acted { color: #b02028; font-weight: bold } .faint { color: #59616b } .value { font-family: monospace }
img.chart { max-width: 100% }
"""


def whole_page(body: Iterable[str]) -> str:
    return (
        '<!doctype html>\n<html lang="fr">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><title>Évaluation / Evaluation</title>'
        f"<style>{STYLE}</style></head>\n<body>\n" + "\n".join(body) + "\n</body>\n</html>\n"
    )


def table_section(table: Table) -> Iterator[str]:
    french, _, english = table.title.partition(" / ")
    yield heading(french, english)
    yield html_table(table.header, [tuple(map(escape, row)) for row in table.rows])


def heading(french: str, english: str, count: int | None = None) -> str:
    counted = "" if count is None else f" ({count})"
    return f"<h2>{escape(french)}{counted} <small>/ {escape(english)}</small></h2>"


def html_table(header: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    """The cells are HTML already, the header is not."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in header)
    lines = "\n".join(f"<tr>{''.join(tag_cell(cell) for cell in row)}</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>\n{lines}\n</tbody></table></div>'


def tag_cell(cell: str) -> str:
    return f'<td class="crop">{cell}</td>' if cell.startswith("<img") else f"<td>{cell}</td>"


def picture_cell(pictures: Pictures, record: Record, key: str) -> str:
    png = pictures.get((record.id, key))
    return f'<img alt="{escape(key)}" src="data:image/png;base64,{png}">' if png else "–"


def document_cell(judged: Judged) -> str:
    truth = judged.truth
    about = f"{truth.fill or '–'}, {truth.quality or '–'} · {truth.decision.value} → {judged.record.decision.value}"
    return f"{escape(truth.name)}<br><span class=faint>{escape(about)} · {escape(judged.record.id)}</span>"


def value_cell(text: str) -> str:
    return f'<span class="value">{escape(text)}</span>'


def value_text(value: str | bool | None) -> str:
    if isinstance(value, bool):
        return "oui / yes" if value else "non / no"
    return value or "(vide / blank)"


def read_text(record: Record, key: str) -> str:
    field = record.fields.get(key)
    if field is None:
        return "(non lu / not read)"
    if field.value is None and field.raw:
        return f"(non valide / invalid) {field.raw}"
    return value_text(field.value)


def rest_line(rest: int) -> Iterator[str]:
    if rest > 0:
        yield f"<p class=faint>… et {rest} autres / and {rest} more (--worst N)</p>"


def note(french: str, english: str) -> str:
    return f'<p class="warning"><strong>{escape(french)}</strong><br>{escape(english)}</p>'


def data_address(png: bytes) -> str:
    return f"data:image/png;base64,{b64encode(png).decode()}"
