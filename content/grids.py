"""Tables of a body with their spans made sound: whatever was pasted, each place is filled exactly once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from content.html import Node

_MOST = 1000  #: columns or rows that a cell may span; browsers draw a line there too


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell, at its first row and column."""

    node: Node | None  #: None: the row was too short, and nothing stands here
    row: int
    column: int
    across: int = 1
    down: int = 1

    @property
    def head(self) -> bool:
        """Whether it is a heading, of a column or of a row."""
        return self.node is not None and self.node.tag == "th"


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table."""

    rows: tuple[tuple[Cell, ...], ...]  #: the cells that begin in each row, left to right
    columns: int
    head: int  #: how many of its first rows head it: fewer than it has, and none reaches down into the others

    def places(self) -> dict[tuple[int, int], Cell]:
        """Which cell stands where, by row and column."""
        return {(y, x): cell for cells in self.rows for cell in cells
                for y in range(cell.row, cell.row + cell.down) for x in range(cell.column, cell.column + cell.across)}


def grid(table: Node) -> Grid:
    """The rows of a `<table>`: its head first, its foot last."""
    found = list(_rows(table))
    taken: set[tuple[int, int]] = set()
    rows = [list(_placed(row, y, len(found) - y, taken)) for y, (row, _) in enumerate(found)]
    columns = max((x + 1 for x, _ in taken), default=0)
    if not columns:
        return Grid(rows=(), columns=0, head=0)
    for y, cells in enumerate(rows):
        cells.extend(Cell(node=None, row=y, column=x) for x in range(columns) if (x, y) not in taken)
        cells.sort(key=lambda cell: cell.column)
    return Grid(rows=tuple(map(tuple, rows)), columns=columns, head=_head(rows, sum(1 for _ in _leading(found))))


def _rows(table: Node) -> Iterator[tuple[Node, bool]]:
    """Each row with whether it stands in the head."""
    parts = [child for child in table.children if isinstance(child, Node)]
    order = {"thead": 0, "tfoot": 2}
    for part in sorted(parts, key=lambda node: order.get(node.tag, 1)):
        rows = [part] if part.tag == "tr" else [n for n in part.children if isinstance(n, Node) and n.tag == "tr"]
        yield from ((row, part.tag == "thead") for row in rows)


def _placed(row: Node, y: int, left: int, taken: set[tuple[int, int]]) -> Iterator[Cell]:
    """The cells of a row where there is room for them; `left`: rows from this one to the last."""
    x = 0
    for node in (child for child in row.children if isinstance(child, Node) and child.tag in ("td", "th")):
        while (x, y) in taken:
            x += 1
        across = 1
        while across < _span(node, "colspan") and (x + across, y) not in taken:
            across += 1
        down = min(_span(node, "rowspan"), left)
        taken.update((x + i, y + j) for i in range(across) for j in range(down))
        yield Cell(node=node, row=y, column=x, across=across, down=down)
        x += across


def _span(node: Node, name: str) -> int:
    value = node.attrs.get(name, "1")
    return min(max(int(value), 1), _MOST) if re.fullmatch(r"\d{1,6}", value, re.ASCII) else 1


def _leading(found: list[tuple[Node, bool]]) -> Iterator[Node]:
    """The rows that head the table: those of its thead, else those at the top that hold nothing but th."""
    marked = any(head for _, head in found)
    for row, head in found:
        tags = {child.tag for child in row.children if isinstance(child, Node)}
        if not (head if marked else tags == {"th"}):
            return
        yield row


def _head(rows: list[list[Cell]], head: int) -> int:
    """As many head rows as end together: a cell that reaches down into the body takes the rows it spans with it."""
    y = 0
    while y < head:
        head = max([head, *(y + cell.down for cell in rows[y])])
        y += 1
    return head if head < len(rows) else 0
