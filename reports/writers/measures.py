"""How wide a table's columns are on a page of A4, and how large its type: Word and PDF alike."""

from __future__ import annotations

from reports.writers.grids import Grid

UNKNOWN_SIZE = 7.5  #: points of 〔待填〕 in a narrow cell
SHORT = 20  #: rows of a table that is not broken between pages
WIDTH = 156.0  #: mm between the margins of GB/T 9704-2012


def widths(grid: Grid) -> tuple[float, ...]:
    """Millimetres a column: labels, units, numbers. Labels take what numbers, and heads of four characters, do not need."""
    unit = [16.0] if grid.units else []
    room = WIDTH - sum(unit)
    if not grid.labelled:
        return (*unit, *[room / grid.columns] * grid.columns)
    each = {1: 26.0 if grid.units else 56.0, 2: 44.0, 3: 34.0}.get(grid.columns, 14.7)
    return (room - each * grid.columns, *unit, *[each] * grid.columns)


def size(grid: Grid) -> float:
    """Points: 5号, or 小5号 where many columns stand side by side."""
    return 10.5 if grid.columns <= 3 else 9.0


def whole(grid: Grid) -> bool:
    """Whether a table is short enough to stand on one page unbroken."""
    return sum(len(band.heads) + len(band.lines) + bool(band.title) for band in grid.bands) <= SHORT


def padding(grid: Grid) -> float:
    """Millimetres between a cell's line and its words."""
    return 1.9 if grid.columns <= 3 else 0.9 if grid.columns <= 8 else 0.6
