"""Tables on paper: rows with their spans made sound, and columns wide enough for what stands in them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from content.html import Node

Cell = dict[str, Any]  #: `blocks`, and where they differ from the ordinary `cols`, `rows`, `head`
LONG_WORD = 20  #: Latin letters in a row from which the template may break a word
PADDING = 0.9  #: em, left and right of a cell together, its rule included
HEADER_ROWS = 4  #: a taller head is not repeated on the next page


def rows_of(table: Node, blocks_of: Callable[[Node], list[dict[str, Any]]]) -> tuple[list[list[Cell]], int]:
    """The rows of a table, each place filled exactly once, and how many of them are its head."""
    found = list(_rows(table))
    taken: set[tuple[int, int]] = set()
    rows: list[list[Cell]] = []
    width = 0
    for y, (row, _) in enumerate(found):
        cells: list[Cell] = []
        x = 0
        for node in (child for child in row.children if isinstance(child, Node) and child.tag in ("td", "th")):
            while (x, y) in taken:
                x += 1
            across = 1
            while across < _span(node, "colspan") and (x + across, y) not in taken:
                across += 1
            down = min(_span(node, "rowspan"), len(found) - y)
            taken.update((x + i, y + j) for i in range(across) for j in range(down))
            cells.append({"x": x, "blocks": blocks_of(node), "cols": across, "rows": down, "head": node.tag == "th"})
            x += across
        width = max([width, *(place + 1 for place, line in taken if line == y)])
        rows.append(cells)
    for y, cells in enumerate(rows):
        cells.extend({"x": x, "blocks": [], "cols": 1, "rows": 1, "head": False} for x in range(width) if (x, y) not in taken)
        cells.sort(key=lambda cell: int(cell["x"]))
    header = _header(rows, sum(1 for _ in _leading(found)))
    return [[_plain(cell) for cell in cells] for cells in rows] if width else [], header


def _rows(table: Node) -> list[tuple[Node, bool]]:
    """Each row with whether it stands in the head; what stands in the foot comes last."""
    parts = [child for child in table.children if isinstance(child, Node)]
    order = {"thead": 0, "tfoot": 2}
    out: list[tuple[Node, bool]] = []
    for part in sorted(parts, key=lambda node: order.get(node.tag, 1)):
        rows = [part] if part.tag == "tr" else [n for n in part.children if isinstance(n, Node) and n.tag == "tr"]
        out.extend((row, part.tag == "thead") for row in rows)
    return out


def _leading(found: list[tuple[Node, bool]]) -> Any:
    """The rows that head the table: those of its thead, else those at the top that hold nothing but th."""
    marked = any(head for _, head in found)
    for row, head in found:
        tags = {child.tag for child in row.children if isinstance(child, Node)}
        if not (head if marked else tags == {"th"}):
            return
        yield row


def _header(rows: list[list[Cell]], header: int) -> int:
    """As many head rows as end together: a cell that reaches down into the body takes the rows it spans with it."""
    y = 0
    while y < header:
        header = max([header, *(y + int(cell["rows"]) for cell in rows[y])])
        y += 1
    return header if header < len(rows) and header <= HEADER_ROWS else 0


def _span(node: Node, name: str) -> int:
    value = node.attrs.get(name, "1")
    return min(max(int(value), 1), 1000) if re.fullmatch(r"\d{1,6}", value, re.ASCII) else 1


def _plain(cell: Cell) -> Cell:
    ordinary = {"cols": 1, "rows": 1, "head": False}
    return {name: value for name, value in cell.items() if name != "x" and ordinary.get(name, ...) != value}


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
