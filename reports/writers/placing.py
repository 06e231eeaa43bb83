"""The cells of a table in rows, each with its column, its reach and what it is: what Word, Typst and HTML draw alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from reports.writers.grids import Band, Grid, Line


class Role(StrEnum):
    """What a cell is."""

    TITLE = "title"  #: of a band, across the whole table
    HEAD = "head"  #: over columns
    LABEL = "label"  #: of a row
    GROUP = "group"  #: of the rows that follow, across the whole table
    UNIT = "unit"
    NUMBER = "number"


HEADS = frozenset({Role.TITLE, Role.HEAD})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell, at its first row and column."""

    role: Role
    text: str
    column: int
    across: int = 1
    down: int = 1
    level: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The cells that begin in one row."""

    cells: tuple[Cell, ...]
    band: int

    @property
    def head(self) -> bool:
        """Whether it is part of a band's head."""
        return any(cell.role in HEADS for cell in self.cells)


def rows(grid: Grid) -> Iterator[Row]:
    """A table's rows, top to bottom."""
    for number, band in enumerate(grid.bands):
        if band.title:
            yield Row(cells=(Cell(role=Role.TITLE, text=band.title, column=0, across=grid.width),), band=number)
        for cells in _heads(grid, band):
            yield Row(cells=cells, band=number)
        for line in band.lines:
            yield Row(cells=_line(grid, band, line), band=number)


def _spare(grid: Grid, band: Band) -> int:
    """Columns that other bands have and this one's label takes."""
    return grid.labelled + grid.units - band.labelled - band.units


def _heads(grid: Grid, band: Band) -> Iterator[tuple[Cell, ...]]:
    """Cells go where no cell from above reaches down."""
    taken: set[tuple[int, int]] = set()
    for depth, heads in enumerate(band.heads):
        column, cells = 0, []
        for head in heads:
            while (depth, column) in taken:
                column += 1
            across = head.across + (_spare(grid, band) if head.corner else 0)
            cells.append(Cell(role=Role.HEAD, text=head.text, column=column, across=across, down=head.down))
            taken |= {(depth + y, column + x) for y in range(head.down) for x in range(across)}
        yield tuple(cells)


def _line(grid: Grid, band: Band, line: Line) -> tuple[Cell, ...]:
    if line.group:
        return (Cell(role=Role.GROUP, text=line.label, column=0, across=grid.width, level=line.level),)
    cells, column = [], 0
    if band.labelled:
        cells.append(Cell(role=Role.LABEL, text=line.label, column=0, across=1 + _spare(grid, band), level=line.level))
        column += 1 + _spare(grid, band)
    if band.units:
        cells.append(Cell(role=Role.UNIT, text=line.unit, column=column))
        column += 1
    for value in line.values:
        cells.append(Cell(role=Role.NUMBER, text=value, column=column, across=band.across))
        column += band.across
    return tuple(cells)
