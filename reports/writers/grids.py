"""The tables of a form as they stand on a page: heads merged, several joined into one, numbers in words. No measures, no markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import lcm

from reports.forms.values import Column, Row, Table
from reports.prose import digits
from reports.report import Report


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
    above: str  #: a line over it
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


def grid(report: Report, tables: Sequence[Table], *, caption: str, said: bool) -> Grid:
    """One table or several joined ones."""
    joined = len(tables) > 1  # blocks of the national forms, which name a unit in a head or not at all
    columns = lcm(*(len(table.columns) for table in tables))
    elsewhere = joined or any(row.unit for row in tables[0].rows) or _names_unit(tables[0])
    return Grid(caption=caption, said=said, unit="" if elsewhere else tables[0].unit, note="".join(table.note for table in tables),
                above="".join(table.above for table in tables),
                columns=columns, bands=tuple(_band(report, table, columns, joined=joined) for table in tables))


def _band(report: Report, table: Table, columns: int, *, joined: bool) -> Band:
    across, units = columns // len(table.columns), any(row.unit for row in table.rows)
    labelled = any(row.label for row in table.rows)
    lines = tuple(Line(label=row.label, level=row.level, group=row.group, unit=row.unit or table.unit,
                       values=() if row.group else _values(report, table, row)) for row in table.rows)
    paths = tuple(_path(table, column, joined=joined) for column in table.columns)
    return Band(title=table.title if joined else "", heads=heads(table, paths, across, labelled=labelled, units=units), paths=paths,
                lines=lines, labelled=labelled, units=units, across=across)


def _names_unit(table: Table) -> bool:
    return any("单位" in column.label or column.unit for column in table.columns)


def _values(report: Report, table: Table, row: Row) -> tuple[str, ...]:
    return tuple(digits(report.filing.cells.get(table.address(row, column))) for column in table.columns)


def heads(table: Table, paths: Sequence[tuple[str, ...]], across: int, *, labelled: bool, units: bool) -> tuple[tuple[Head, ...], ...]:
    """The rows of a table's head: columns that share a heading stand under it.

    `行政诉讼：复议后起诉` is two headings, one under the other.
    """
    depth = max(map(len, paths))
    rows: list[list[Head]] = [[] for _ in range(depth)]
    if labelled:
        rows[0].append(Head(text=table.corner or "项目", down=depth, corner=True))
    if units:
        rows[0].append(Head(text="单位", down=depth))
    for level in range(depth):
        for (path, leaf), some in groupby(enumerate(paths), key=lambda one: _stem(one[0], one[1], level)):
            if len(path) > level:
                rows[level].append(Head(text=path[level], across=len(list(some)) * across, down=depth - level if leaf >= 0 else 1))
    return tuple(map(tuple, rows))


def _path(table: Table, column: Column, *, joined: bool) -> tuple[str, ...]:
    """The headings that a column stands under, and its own; with its unit where that is another than the table's."""
    named = joined or column.unit in ("", table.unit) or "单位" in column.label
    return (*filter(None, column.under.split("：")), column.label if named else f"{column.label}（{column.unit}）")


def _stem(place: int, path: tuple[str, ...], level: int) -> tuple[tuple[str, ...], int]:
    """Columns with the same stem share a heading at this level; a column's own label is shared with none."""
    return path[: level + 1], -1 if level < len(path) - 1 else place
