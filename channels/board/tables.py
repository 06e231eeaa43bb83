"""Tables on paper: rows as the press wants them, and columns wide enough for what stands in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from content.grids import grid
from content.html import Node

Cell = dict[str, Any]  #: `blocks`, and where they differ from the ordinary `cols`, `rows`, `head`
LONG_WORD = 20  #: Latin letters in a row from which the template may break a word
PADDING = 0.9  #: em, left and right of a cell together, its rule included
HEADER_ROWS = 4  #: a taller head is not repeated on the next page


def rows_of(table: Node, blocks_of: Callable[[Node], list[dict[str, Any]]]) -> tuple[list[list[Cell]], int]:
    """The rows of a table, each place filled exactly once, and how many of them are its head."""
    found = grid(table)
    rows = [[_plain({"blocks": blocks_of(cell.node) if cell.node else [], "cols": cell.across, "rows": cell.down, "head": cell.head})
             for cell in cells] for cells in found.rows]
    return rows, found.head if found.head <= HEADER_ROWS else 0


def _plain(cell: Cell) -> Cell:
    ordinary = {"cols": 1, "rows": 1, "head": False}
    return {name: value for name, value in cell.items() if ordinary.get(name, ...) != value}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLayout:
    """Measures of one table."""

    size: float  #: of its type, points
    widths: tuple[float, ...]  #: of its columns, in proportion to each other
    centred: tuple[bool, ...]  #: columns of short entries stand centred, columns of text flush left

    @property
    def columns(self) -> int:
        return len(self.widths)

    @staticmethod
    def placed(rows: list[list[Cell]]) -> list[list[tuple[int, Cell]]]:
        """Each row's cells with the column in which they begin."""
        out: list[list[tuple[int, Cell]]] = [[] for _ in rows]
        for y, x, cell in _placed(rows):
            out[y].append((x, cell))
        return out


def lay_out(rows: list[list[Cell]], texts_of: Callable[[Cell], list[str]], *, width: float, size: float) -> TableLayout:
    """Columns for a table `width` points wide, in type of `size` points or as much smaller as its longest words ask for."""
    columns = sum(cell.get("cols", 1) for cell in rows[0])
    least, most = [1.5] * columns, [2.0] * columns
    for y, x, cell in _placed(rows):
        if cell.get("cols", 1) == 1:
            lines = texts_of(cell)
            least[x] = max([least[x], *(_longest_word(line) for line in lines)])
            most[x] = max([most[x], *(ems(line) for line in lines)])
            if cell.get("head") or y == 0:  # a short heading stays on one line if that can be had
                least[x] = max([least[x], *(ems(line) for line in lines if ems(line) <= 4)])
    size = min(size, width / (sum(least) + PADDING * columns))
    widths = _share(least, most, width / size - PADDING * columns)
    return TableLayout(size=round(size, 2), widths=tuple(round(w + PADDING, 3) for w in widths), centred=tuple(m <= 12 for m in most))


def _share(least: list[float], most: list[float], room: float) -> list[float]:
    """Each column its least; the rest to whom little is wanting first; what nobody wants, to all alike."""
    widths = list(least)
    spare = max(room - sum(least), 0.0)
    waiting = sorted(range(len(least)), key=lambda column: most[column] - least[column])
    while waiting:
        column = waiting.pop(0)
        given = min(max(most[column] - least[column], 0.0), spare / (len(waiting) + 1))
        widths[column] += given
        spare -= given
    return [width + spare / len(widths) for width in widths]


def _placed(rows: list[list[Cell]]) -> Any:
    """(row, column, cell) of every cell."""
    taken: set[tuple[int, int]] = set()
    for y, cells in enumerate(rows):
        x = 0
        for cell in cells:
            while (x, y) in taken:
                x += 1
            taken.update((x + i, y + j) for i in range(cell.get("cols", 1)) for j in range(cell.get("rows", 1)))
            yield y, x, cell


def ems(text: str) -> float:
    """How wide a line of text is, in em, a little rounded up: ideographs 1, capitals 0.75, other letters and digits 0.58."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.75 if c.isupper() or c in "@%&mw" else 0.58 for c in text)


def _longest_word(line: str) -> float:
    words = re.findall(r"[!-~\u00a1-\u024f]+", line)
    return max(chain([0.0], (ems(word) if len(word) < LONG_WORD else ems(word[: LONG_WORD // 2]) for word in words)))
