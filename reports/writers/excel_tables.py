"""A report's tables in Excel, one a sheet: sums as formulas, bars over the sheet's own cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any
from unicodedata import east_asian_width

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from reports.forms.values import Table
from reports.prose import UNKNOWN
from reports.report import Added, Cell, Report
from reports.writers.charts import BLUE, alternative
from reports.writers.grids import Grid, grid
from reports.writers.layout import chart, charted
from reports.writers.placing import HEADS, Role, rows
from reports.writers.placing import Cell as Placed

FIRST = 3  #: rows of title and unit above a table
LABELS = 46  #: the width of a long table's first column
BROAD, NARROW = 24, 11  #: of a column of numbers, where they are few and where they are many
LINE = 18.0  #: points of a line of words


def looks_of(book: Workbook) -> dict[str, Format]:
    """How cells look, by what they are."""
    base = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
    ruled = {**base, "border": 1, "border_color": "#9AA3AD"}
    head = {**ruled, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#F1EFEC"}
    looks = {
        "plain": {**base, "text_wrap": True, "valign": "top"}, "said": base, "strong": {**base, "bold": True, "valign": "top"},
        "big": {**base, "bold": True, "font_size": 16},
        "link": {**base, "font_color": BLUE.upper(), "underline": 1}, Role.TITLE: head, Role.HEAD: head,
        Role.GROUP: {**ruled, "bold": True}, Role.UNIT: {**ruled, "align": "center"}, Role.NUMBER: {**ruled, "num_format": "0.######"},
        "whole": {**ruled, "num_format": "0"}, "unknown": {**ruled, "align": "right", "bg_color": "#FFE680"},
        "cell": {**ruled, "text_wrap": True},
    }
    looks |= {f"label {level}": {**ruled, "text_wrap": True, "indent": level} for level in range(6)}
    return {name: book.add_format(look) for name, look in looks.items()}


@dataclass(slots=True, kw_only=True)
class TableSheet:
    """One table on its sheet."""

    book: Workbook
    sheet: Worksheet
    looks: Mapping[str, Format]
    report: Report
    table: Table

    def fill(self) -> None:
        """Title, head, rows, note, chart."""
        shape = grid(self.report, [self.table], caption=self.table.title, said=False)
        self.sheet.write_string(0, 0, self.table.title, self.looks["big"])
        under = (self.report.filing.title, f"单位：{shape.unit}" if shape.unit else "", shape.above)
        self.sheet.write_string(1, 0, "　".join(filter(None, under)), self.looks["said"])
        self.sheet.set_row(0, 26)
        values = [address for address, _, _ in self.table.cells()]
        places: dict[str, str] = {}
        laid = list(rows(shape))
        ahead = iter(values)
        for number, row in enumerate(laid, start=FIRST):
            places |= {next(ahead): xl_rowcol_to_cell(number, cell.column) for cell in row.cells if cell.role is Role.NUMBER}
        ahead = iter(values)
        wide = LABELS if len(laid) > 8 else 24
        rooms = (wide, *[BROAD if shape.columns <= 3 else NARROW] * shape.width)
        for number, row in enumerate(laid, start=FIRST):
            self.sheet.set_row(number, max(_height(cell, rooms) for cell in row.cells))
            for cell in row.cells:
                if cell.role is Role.NUMBER:
                    self._number(number, cell.column, self.report.cells[next(ahead)], places)
                else:
                    look = self.looks[f"label {min(cell.level, 5)}" if cell.role is Role.LABEL else cell.role]
                    self._words(number, cell.column, cell.text, look, across=cell.across, down=cell.down)
        heads = sum(row.cells[0].role in HEADS for row in laid)
        self._shape(shape, wide, FIRST + heads)
        if shape.note:
            self.sheet.write_string(FIRST + len(laid) + 1, 0, shape.note, self.looks["said"])
        if charted(self.table):
            self._chart(FIRST + heads, len(laid) - heads)

    def _number(self, row: int, column: int, cell: Cell, places: Mapping[str, str]) -> None:
        value = cell.value
        if value is None:
            self.sheet.write_string(row, column, UNKNOWN, self.looks["unknown"])
            return
        look = self.looks["whole" if value == value.to_integral_value() else Role.NUMBER]
        if isinstance(cell.origin, Added) and places.keys() >= set(cell.origin.of):
            self.sheet.write_formula(row, column, f"=SUM({','.join(places[one] for one in cell.origin.of)})", look, plain(value))
        else:
            self.sheet.write_number(row, column, plain(value), look)

    def _words(self, row: int, column: int, text: str, look: Format, *, across: int, down: int) -> None:
        if across > 1 or down > 1:
            self.sheet.merge_range(row, column, row + down - 1, column + across - 1, text, look)
        else:
            self.sheet.write_string(row, column, text, look)

    def _shape(self, shape: Grid, wide: int, first: int) -> None:
        self.sheet.set_column(0, shape.width - 1, BROAD if shape.columns <= 3 else NARROW)
        if shape.labelled:
            self.sheet.set_column(0, 0, wide)
        if shape.units:
            self.sheet.set_column(1, 2, 12)
        self.sheet.freeze_panes(first, int(shape.labelled))
        self.sheet.set_paper(9)
        self.sheet.set_margins(left=0.6, right=0.6)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(FIRST, first - 1)
        if shape.width > 8:
            self.sheet.set_landscape()
        self.sheet.set_footer("&C— &P —")

    def _chart(self, first: int, lines: int) -> None:
        """Bars over the sheet's own cells: whoever changes a number sees the bar move."""
        bars: Any = self.book.add_chart({"type": "bar"})
        name, last = self.sheet.get_name(), first + lines - 1
        bars.add_series({"name": self.table.title, "categories": [name, first, 0, last, 0], "values": [name, first, 1, last, 1], "gap": 60,
                         "fill": {"color": BLUE}, "data_labels": {"value": True}})
        bars.set_title({"name": f"{self.table.title}（{self.table.unit}）", "name_font": {"size": 13, "bold": True}})
        bars.set_legend({"none": True})
        bars.set_y_axis({"reverse": True, "major_tick_mark": "none"})
        bars.set_x_axis({"major_gridlines": {"visible": False}, "visible": False, "min": 0})
        bars.set_size({"width": 480, "height": 110 + 34 * lines})
        self.sheet.insert_chart(last + 2, 0, bars, {"description": alternative(chart(self.report, self.table))})


def _height(cell: Placed, rooms: Sequence[float]) -> float:
    """Points that a cell's words need in each row that it reaches over; a group's run on over the table."""
    if cell.role in (Role.GROUP, Role.NUMBER):
        return LINE
    return tall(cell.text, sum(rooms[cell.column : cell.column + cell.across]) - cell.level * 1.5) / cell.down


def tall(text: str, room: float) -> float:
    """Points that words need in a column, which Excel finds by itself and others do not.

    A column's width is counted in digits; a Chinese character is two and a little.
    """
    return LINE * max(1, ceil(sum(2.1 if east_asian_width(letter) in "WFA" else 1.1 for letter in text) / room))


def plain(value: Decimal) -> int | float:
    """As Excel counts."""
    return int(value) if value == value.to_integral_value() else float(value)
