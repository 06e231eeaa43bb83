"""A report as it stands on a page, whatever draws it: headings, paragraphs, tables, charts, in order. No measures, no markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import lcm

from content.figures import Counting
from reports.forms.reading import named
from reports.forms.values import Form, Part, Row, Table
from reports.prose import digits, paragraphs
from reports.report import Report, day

#: a line of a text that is a heading of its own: （一）主动公开
SUBHEADING = re.compile(r"（[一二三四五六七八九十]{1,3}）[^，。；：]{1,40}")
TITLE_FITS = 19  #: characters of a title in one line of paper
COUNTINGS = {Counting.DISTINCT: "同一信息在多个渠道公开只计1条", Counting.SUM: "各渠道公开数之和，同一信息在几个渠道公开计几条",
             Counting.WEBSITE: "只计政府网站公开的信息"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The heading of a part, or of a section in it."""

    text: str
    level: int  #: 1: a part


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Words."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A cell of a table's head."""

    text: str
    across: int = 1  #: columns
    down: int = 1  #: rows
    corner: bool = False  #: stands over the rows' labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of a table."""

    label: str
    level: int
    group: bool  #: a heading among the rows: its label spans the table
    unit: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One table of the form. Several that the form joins stand below each other in one grid."""

    title: str  #: empty where the grid's caption says it
    heads: tuple[tuple[Head, ...], ...]  #: rows of cells; one that reaches down stands in its first row only
    paths: tuple[tuple[str, ...], ...]  #: by column of the form: the headings that it stands under, and its own
    lines: tuple[Line, ...]
    labelled: bool  #: the rows have labels
    units: bool  #: the rows have a unit each
    across: int  #: columns of the grid that a number takes


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table."""

    caption: str
    unit: str
    note: str
    bands: tuple[Band, ...]
    columns: int  #: of numbers
    said: bool  #: the heading above says what the caption would

    @property
    def labelled(self) -> bool:
        """Whether a first column of labels is there."""
        return any(band.labelled for band in self.bands)

    @property
    def units(self) -> bool:
        """Whether a column of units is there."""
        return any(band.units for band in self.bands)

    @property
    def width(self) -> int:
        """Columns of all kinds."""
        return self.columns + self.labelled + self.units


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Counts that a reader would rather look at: the rows of one table as bars."""

    name: str  #: the table's
    title: str
    unit: str
    bars: tuple[tuple[str, int | None], ...]  #: label and count; None: unknown


Piece = Heading | Paragraph | Grid | Chart


def pieces(report: Report, *, join: bool = True) -> Iterator[Piece]:
    """The whole report below its title, in order. A chart follows the table that it shows, or else the words that speak of it.

    `join`: tables that the form joins are one, as on paper; else each is its own, which a screen reader finds its way in.
    """
    shown: set[str] = set()
    for part, section in zip(report.form.parts, report.filing.sections, strict=True):
        yield Heading(text=section.heading, level=part.level)
        for line in paragraphs(section.text):
            yield Heading(text=line, level=part.level + 1) if SUBHEADING.fullmatch(line) else Paragraph(text=line)
        spoken = (word for word in named(report.texts[part.id]) if word in report.form.tables)
        for tables, found in grids(report, part, join=join):
            yield found
            yield from _charts(report, tables, shown)
        yield from _charts(report, spoken, shown)


def _charts(report: Report, tables: Iterable[str], shown: set[str]) -> Iterator[Chart]:
    for name in tables:
        if charted(report.form.tables[name]) and name not in shown:
            shown.add(name)
            yield chart(report, report.form.tables[name])


def grids(report: Report, part: Part, *, join: bool) -> Iterator[tuple[list[str], Grid]]:
    """The tables of a part, each with the names of those of the form that it shows."""
    heading = re.sub(r"^[一二三四五六七八九十]+、|^附表：", "", part.heading)
    tables = [report.form.tables[name] for name in part.tables]
    for joined, some in groupby(tables, key=lambda table: table.joined and join):
        for run in ([list(some)] if joined else [[table] for table in some]):
            yield [table.id for table in run], grid(report, run, caption=heading if joined else run[0].title,
                                                    said=joined or run[0].title == heading)


def grid(report: Report, tables: Sequence[Table], *, caption: str, said: bool) -> Grid:
    """One table or several joined ones."""
    units = {table.unit for table in tables}
    unit = units.pop() if len(units) == 1 else ""
    columns = lcm(*(len(table.columns) for table in tables))
    if any(row.unit for table in tables for row in table.rows) or any("单位" in column.label for table in tables for column in table.columns):
        unit = ""  # said in the rows, or in the head
    return Grid(caption=caption, said=said, unit=unit, note="".join(table.note for table in tables), columns=columns,
                bands=tuple(_band(report, table, columns, joined=len(tables) > 1, unit=unit) for table in tables))


def _band(report: Report, table: Table, columns: int, *, joined: bool, unit: str) -> Band:
    across, units = columns // len(table.columns), any(row.unit for row in table.rows)
    labelled = any(row.label for row in table.rows)
    title = table.title if joined else ""
    if title and not unit and table.unit and not any("单位" in column.label or column.unit for column in table.columns):
        title += f"（单位：{table.unit}）"
    lines = tuple(Line(label=row.label, level=row.level, group=row.group, unit=row.unit or table.unit,
                       values=() if row.group else _values(report, table, row)) for row in table.rows)
    return Band(title=title, heads=heads(table, across, labelled=labelled, units=units), paths=_paths(table), lines=lines,
                labelled=labelled, units=units, across=across)


def _values(report: Report, table: Table, row: Row) -> tuple[str, ...]:
    return tuple(digits(report.filing.cells.get(table.address(row, column))) for column in table.columns)


def heads(table: Table, across: int, *, labelled: bool, units: bool) -> tuple[tuple[Head, ...], ...]:
    """The rows of a table's head: columns that share a heading stand under it. `行政诉讼：复议后起诉` is two headings, one under the other."""
    paths = _paths(table)
    depth = max(map(len, paths))
    rows: list[list[Head]] = [[] for _ in range(depth)]
    if labelled:
        rows[0].append(Head(text=table.corner or "项目", down=depth, corner=True))
    if units:
        rows[0].append(Head(text="单位", down=depth))
    for level in range(depth):
        for (path, leaf), some in groupby(enumerate(paths), key=lambda one: _stem(*one, level)):
            if len(path) > level:
                rows[level].append(Head(text=path[level], across=len(list(some)) * across, down=depth - level if leaf >= 0 else 1))
    return tuple(map(tuple, rows))


def _paths(table: Table) -> tuple[tuple[str, ...], ...]:
    return tuple((*filter(None, column.under.split("：")), _label(table, column.label, column.unit)) for column in table.columns)


def _stem(place: int, path: tuple[str, ...], level: int) -> tuple[tuple[str, ...], int]:
    """Columns with the same stem share a heading at this level; a column's own label is shared with none."""
    return path[: level + 1], -1 if level < len(path) - 1 else place


def _label(table: Table, label: str, unit: str) -> str:
    return f"{label}（{unit}）" if unit and unit != table.unit and "单位" not in label else label


def charted(table: Table) -> bool:
    """Whether a table is better looked at: several rows, one number each, all counted in the book, none part of another."""
    return len(table.columns) == 1 and len(table.rows) > 1 and all(row.measure and not row.level for row in table.rows)


def chart(report: Report, table: Table) -> Chart:
    """A table's rows as bars."""
    values = ((row.label, report.filing.cells.get(address)) for address, row, _ in table.cells())
    return Chart(name=table.id, title=table.title, unit=table.unit,
                 bars=tuple((label, None if value is None else int(value)) for label, value in values))


def title_lines(report: Report) -> list[str]:
    """A title too long for a line breaks after the year: 某某街道办事处2017年, 政府信息公开年度报告."""
    title, year = report.filing.title, f"{report.filing.year}年"
    before, found, after = title.partition(year)
    return [title] if len(title) <= TITLE_FITS or not (before and found and after) else [before + found, after]


def basis(report: Report) -> str:
    """How it was counted and when: belongs beside every number."""
    filing, at = report.filing, report.as_of
    return (f"统计口径：{COUNTINGS[filing.counting]}。统计期限：{day(filing.first_day)}至{day(filing.last_day)}。"
            f"数据截至{day(at.date())}{at.hour}时{at.minute:02}分的台账。")


def form_name(form: Form) -> str:
    """The form and the document that set it up."""
    return f"{form.name}（{form.source}）" if form.source else form.name
