"""The web page: as a body that the website publishes as an item, and as a whole page that stands by itself.

A body holds only what every channel takes: its charts are pictures that go with it. The page by itself draws them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from jinja2 import Environment, StrictUndefined

from reports.prose import UNKNOWN
from reports.report import Report, day
from reports.writers.charts import alternative, svg
from reports.writers.dress import TEMPLATES, Dress
from reports.writers.grids import Grid
from reports.writers.layout import Chart, Heading, Paragraph, Signature, basis, form_name, pieces, title_lines
from reports.writers.pictures import png
from reports.writers.placing import HEADS, Cell, Role, Row, rows

_jinja = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that the body shows, by its name."""

    name: str
    alt: str
    data: bytes  #: PNG


def pictures(report: Report, dress: Dress) -> list[Picture]:
    """The charts that `body` shows."""
    return [Picture(name=_called(piece), alt=alternative(piece), data=png(piece, dress, dated=report.as_of.date()))
            for piece in pieces(report, join=False) if isinstance(piece, Chart)]


def _called(chart: Chart) -> str:
    return f"chart-{chart.name}.png"


def body(report: Report, dress: Dress) -> str:
    """The report as an item's body: as `content.html.sanitise` leaves it, without the title, which the item has; with its `pictures`."""
    said = [f"<p>{escape(dress.note)}</p>"] if dress.note else []
    for piece in pieces(report, join=False):
        match piece:
            case Heading():
                said.append(f"<h{_depth(piece)}>{escape(piece.text, quote=False)}</h{_depth(piece)}>")
            case Paragraph():
                said.append(f"<p>{escape(piece.text, quote=False)}</p>")
            case Grid():
                if piece.above:
                    said.append(f"<p>{escape(piece.above, quote=False)}</p>")
                said.append(table(piece))
                if piece.note:
                    said.append(f"<p>{escape(piece.note, quote=False)}</p>")
            case Chart():
                said.append(f'<p><img src="{_called(piece)}" alt="{escape(alternative(piece))}"></p>')
            case Signature():
                said += [f"<p>{escape(basis(report), quote=False)}</p>",
                         f"<p>{'<br>'.join(escape(line, quote=False) for line in _signed(report, dress))}</p>"]
    return "\n".join(said)


def _signed(report: Report, dress: Dress) -> list[str]:
    """Office and day, as far as it is signed."""
    return [report.filing.office, *([day(dress.signed_on)] if dress.signed_on else [])]


def write(report: Report, dress: Dress) -> bytes:
    """The report as a page that needs nothing else: no script, no file beside it; good on a phone and on paper."""
    parts = [piece.text for piece in pieces(report) if isinstance(piece, Heading) and piece.level == 1]
    page = _jinja.from_string((TEMPLATES / "report.html").read_text(encoding="utf-8")).render(
        title=report.filing.title, lines=title_lines(report), office=report.filing.office, note=dress.note, basis=basis(report),
        form=form_name(report.form), as_of=report.as_of.isoformat(),
        contents=[(f"part-{number}", heading) for number, heading in enumerate(parts, start=1)] if len(parts) > 2 else [],
        pieces=list(_drawn(report, dress)))
    return page.encode()


def _drawn(report: Report, dress: Dress) -> Iterator[str]:
    part = 0
    for piece in pieces(report, join=False):
        match piece:
            case Heading():
                part += piece.level == 1
                name = f' id="part-{part}"' if piece.level == 1 else ""
                yield f"<h{_depth(piece)}{name}>{marked(piece.text)}</h{_depth(piece)}>"
            case Paragraph():
                yield f"<p>{marked(piece.text)}</p>"
            case Grid():
                note = f'<p class="remark">{marked(piece.note)}</p>' if piece.note else ""
                wide = " wide" if piece.columns > 3 else ""
                above = f'<p class="remark">{marked(piece.above)}</p>' if piece.above else ""
                yield (f'{above}<div class="scroll{wide}" role="region" aria-label="{escape(piece.caption)}" tabindex="0">'
                       f"{table(piece, styled=True)}</div>{note}")
            case Signature():
                yield f'<div class="signature">{"".join(f"<p>{escape(line)}</p>" for line in _signed(report, dress))}</div>'
            case Chart():
                yield f"<figure>{svg(piece)}<figcaption>{escape(piece.title)}（{escape(piece.unit)}）</figcaption></figure>"


def _depth(heading: Heading) -> int:
    return min(heading.level + 1, 4)


def marked(text: str) -> str:
    """Words as HTML, their gaps marked."""
    return escape(text, quote=False).replace(UNKNOWN, f"<mark>{UNKNOWN}</mark>")


def table(grid: Grid, *, styled: bool = False) -> str:
    """A table with a caption and a scope for every head."""
    if not grid.labelled and grid.columns > 8:
        return _upright(grid, styled=styled)
    found = list(rows(grid))
    head = "\n".join(_row(row, styled=styled) for row in found if row.head)
    under = _bodies((row for row in found if not row.head), styled=styled)
    return f"<table>\n{_caption(grid)}\n<thead>\n{head}\n</thead>\n{under}\n</table>"


def _caption(grid: Grid) -> str:
    unit = f"（单位：{escape(grid.unit, quote=False)}）" if grid.unit else ""
    return f"<caption>{escape(grid.caption, quote=False)}{unit}</caption>"


def _bodies(found: Iterable[Row], *, styled: bool) -> str:
    """A body for each run of rows under one group's heading, which so is the heading of these rows and no others."""
    bodies: list[list[str]] = [[]]
    within = -1  # the level of the group that is open
    for row in found:
        first = row.cells[0]
        if bodies[-1] and (first.role is Role.GROUP or first.level <= within):
            bodies.append([])
            within = -1
        if first.role is Role.GROUP:
            within = first.level
        bodies[-1].append(_row(row, styled=styled))
    return "\n".join(f"<tbody>\n{chr(10).join(lines)}\n</tbody>" for lines in bodies)


def _row(row: Row, *, styled: bool) -> str:
    return f"<tr>{''.join(_cell(cell, styled=styled) for cell in row.cells)}</tr>"


def _cell(cell: Cell, *, styled: bool) -> str:
    span = (f' colspan="{cell.across}"' if cell.across > 1 else "") + (f' rowspan="{cell.down}"' if cell.down > 1 else "")
    look = f' class="{cell.role} level-{cell.level}"' if styled else ""
    text = marked(cell.text) if styled else escape(cell.text, quote=False)
    if cell.role in HEADS:
        return f'<th{span} scope="{"colgroup" if cell.across > 1 else "col"}"{look}>{text}</th>'
    if cell.role in (Role.LABEL, Role.GROUP):
        indent = "" if styled else "\u3000" * cell.level
        return f'<th{span} scope="{"row" if cell.role is Role.LABEL else "rowgroup"}"{look}>{indent}{text}</th>'
    return f"<td{span}{look}>{text}</td>"


def _upright(grid: Grid, *, styled: bool) -> str:
    """A single row of many numbers, turned: a line a number is read on a phone, fifteen columns are not."""
    lines: list[Row] = []
    before = ""
    for path, value in zip(grid.bands[0].paths, grid.bands[0].lines[0].values, strict=True):
        over = "：".join(path[:-1])
        if over != before:
            lines.append(Row(band=0, cells=(Cell(role=Role.GROUP, text=over, column=0, across=2),)))
        before = over
        lines.append(Row(band=0, cells=(Cell(role=Role.LABEL, text=path[-1], column=0, level=1 if over else 0),
                                        Cell(role=Role.NUMBER, text=value, column=1))))
    return f"<table>\n{_caption(grid)}\n{_bodies(lines, styled=styled)}\n</table>"
