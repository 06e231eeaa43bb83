"""Tables that no phone shows: each row becomes a block of lines, every value behind its heading.

What heads several columns stands before the heading of each: `法人或其他组织 · 商业企业`. What heads them all, and what the rows' own
headings are called, distinguishes nothing and is said once, before the blocks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby

from content.grids import Cell, Grid, grid
from content.html import Node

WIDE = 8  #: columns from which on a table is one of these
BETWEEN = " · "

_ONCE = "margin:0 0 .6em;font-size:14px;color:#666"
_GROUP = "margin:1em 0 .6em;font-size:15px"
_BLOCK = "margin:0 0 .8em;padding:.5em .8em;border:1px solid #ccc;font-size:14px"


def in_blocks(table: Node, within: Callable[[Node], str]) -> str | None:
    """The rows as blocks; None for a table that is narrow enough, or does not tell which heading belongs to which value.

    Args:
        table: a `<table>`.
        within: the markup of what stands in a cell.
    """
    found = grid(table)
    if found.columns < WIDE or not found.head:
        return None
    texts = {(cell.row, cell.column): within(cell.node) for cells in found.rows for cell in cells if cell.node}
    return _Blocks(found, texts).said()


class _Blocks:
    """One table's."""

    def __init__(self, found: Grid, texts: Mapping[tuple[int, int], str]) -> None:
        self._grid, self._places, self._texts = found, found.places(), texts
        self._stub = self._row_headings()
        self._once = [cell for cells in found.rows[:found.head] for cell in cells if self._is_said_once(cell)]
        self._labels = [self._label(x) for x in range(found.columns)]

    def said(self) -> str | None:
        """All of it; None where a value would stand without its heading, or rows in the middle head others."""
        body = [self._row(y) for y in range(self._grid.head, len(self._grid.rows))]
        if not all(self._labels[self._stub:]) or not all(self._holds(cells) for cells in body):
            return None
        once = "".join(f'<p style="{_ONCE}">{text}</p>' for text in map(self._text, self._once) if text)
        return once + "".join(map(self._block, body))

    def _text(self, cell: Cell) -> str:
        return self._texts.get((cell.row, cell.column), "")

    def _row(self, y: int) -> list[Cell]:
        """The cells of a row, those too that began above it."""
        return _each(self._places[y, x] for x in range(self._grid.columns))

    def _row_headings(self) -> int:
        """How many columns, from the left, head the rows: all `th`, or all under one heading that is as tall as the whole head."""
        corner = self._places[0, 0]
        if corner.across > 1 and corner.down == self._grid.head > 1 and corner.across < self._grid.columns:
            return corner.across
        body = [[self._places[y, x] for y in range(self._grid.head, len(self._grid.rows))] for x in range(self._grid.columns)]
        count = next((x for x, cells in enumerate(body) if not all(cell.head for cell in cells)), self._grid.columns)
        return count if count < self._grid.columns else 0

    def _is_said_once(self, cell: Cell) -> bool:
        last = cell.column + cell.across
        return last <= self._stub or (cell.column <= self._stub and last == self._grid.columns)

    def _label(self, x: int) -> str:
        heads = _each(self._places[y, x] for y in range(self._grid.head))
        return BETWEEN.join(filter(None, (self._text(cell) for cell in heads if cell not in self._once)))

    def _holds(self, cells: list[Cell]) -> bool:
        """Whether a row is whole, and holds values unless it heads those that follow."""
        return all(cell.node for cell in cells) and (len(cells) == 1 or not all(cell.head for cell in cells))

    def _block(self, cells: list[Cell]) -> str:
        if len(cells) == 1:  # it goes all across, and heads the rows that follow
            return f'<p style="{_GROUP}"><strong>{self._text(cells[0])}</strong></p>' if self._text(cells[0]) else ""
        title = BETWEEN.join(filter(None, (self._text(cell) for cell in cells if cell.column < self._stub)))
        lines = [f"<strong>{title}</strong>"] if title else []
        for label, under in groupby((cell for cell in cells if cell.column >= self._stub), self._over):
            if value := BETWEEN.join(filter(None, map(self._text, under))):
                lines.append(f"<strong>{label}</strong>：{value}" if not self._stub else f"{label}：{value}")
        return f'<section style="{_BLOCK}">{"<br>".join(lines)}</section>' if lines else ""

    def _over(self, cell: Cell) -> str:
        """What stands over a cell: more than one heading where it reaches across several columns."""
        return "、".join(dict.fromkeys(self._labels[cell.column : cell.column + cell.across]))


def _each(cells: Iterable[Cell]) -> list[Cell]:
    """Each of them once, in order."""
    return [cell for cell, _ in groupby(cells)]
