"""Excel: the figures to work with. A sheet a table, numbers as numbers and sums as sums, a chart where there is one, and every number's origin."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from reports.forms.values import Table
from reports.prose import UNKNOWN
from reports.report import Added, Cell, Report, day
from reports.writers.charts import BLUE
from reports.writers.dress import Dress
from reports.writers.layout import basis, charted, form_name, grid
from reports.writers.origins import ORIGINS, Number, numbers
from reports.writers.packing import repacked
from reports.writers.placing import HEADS, Role, rows

FRONT, ORIGIN = "说明", "数据来源"
FIRST = 3  #: rows of title and unit above a table
COLUMNS = (("地址", 24), ("表", 26), ("项目", 52), ("列", 24), ("数", 12), ("单位", 8), ("来源", 10), ("统计口径", 34), ("登记人", 12), ("登记时间", 20),
           ("备注", 30))


def write(report: Report, dress: Dress) -> bytes:
    """The report as .xlsx."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": report.filing.title, "author": report.filing.office, "company": report.filing.office,
                         "subject": form_name(report.form), "created": report.as_of.astimezone(UTC).replace(tzinfo=None)})
    looks = _looks(book)
    names = _names(report)
    front = book.add_worksheet(FRONT)
    for table in report.form.tables.values():
        _Sheet(book=book, sheet=book.add_worksheet(names[table.id]), looks=looks, report=report, table=table).fill()
    _origins(book.add_worksheet(ORIGIN), looks, report)
    _front(front, looks, report, dress, names)
    book.close()
    return repacked(out.getvalue())


def _looks(book: Workbook) -> dict[str, Format]:
    base = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
    ruled = {**base, "border": 1, "border_color": "#9AA3AD"}
    head = {**ruled, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#F1EFEC"}
    looks = {
        "plain": {**base, "text_wrap": True, "valign": "top"}, "said": base, "strong": {**base, "bold": True, "valign": "top"},
        "big": {**base, "bold": True, "font_size": 16}, "right": {**base, "align": "right"},
        "link": {**base, "font_color": BLUE.upper(), "underline": 1}, Role.TITLE: head, Role.HEAD: head,
        Role.GROUP: {**ruled, "bold": True}, Role.UNIT: {**ruled, "align": "center"}, Role.NUMBER: {**ruled, "num_format": "0.######"},
        "whole": {**ruled, "num_format": "0"}, "unknown": {**ruled, "align": "right", "bg_color": "#FFE680"}, "cell": {**ruled, "text_wrap": True},
    }
    looks |= {f"label {level}": {**ruled, "text_wrap": True, "indent": level} for level in range(6)}
    return {name: book.add_format(look) for name, look in looks.items()}


def _names(report: Report) -> dict[str, str]:
    """A sheet's name for each table: its title as far as Excel takes it, none twice."""
    names: dict[str, str] = {}
    for table in report.form.tables.values():
        name = re.sub(r"[\[\]:*?/\\']", "", table.title or table.id)[:28] or table.id
        names[table.id] = name if name not in {*names.values(), FRONT, ORIGIN} else f"{name[:24]} {len(names) + 1}"
    return names


@dataclass(slots=True, kw_only=True)
class _Sheet:
    """One table on its sheet."""

    book: Workbook
    sheet: Worksheet
    looks: Mapping[str, Format]
    report: Report
    table: Table

    def fill(self) -> None:
        """Title, head, rows, note, chart."""
        shape = grid(self.report, [self.table], caption=self.table.title, said=False)
        unit = shape.unit
        self.sheet.write_string(0, 0, self.table.title, self.looks["big"])
        self.sheet.write_string(1, 0, f"{self.report.filing.title}{f'　单位：{unit}' if unit else ''}", self.looks["said"])
        self.sheet.set_row(0, 26)
        values = [address for address, _, _ in self.table.cells()]
        places: dict[str, str] = {}
        laid = list(rows(shape))
        ahead = iter(values)
        for number, row in enumerate(laid, start=FIRST):
            places |= {next(ahead): xl_rowcol_to_cell(number, cell.column) for cell in row.cells if cell.role is Role.NUMBER}
        ahead = iter(values)
        for number, row in enumerate(laid, start=FIRST):
            for cell in row.cells:
                if cell.role is Role.NUMBER:
                    self._number(number, cell.column, self.report.cells[next(ahead)], places)
                else:
                    look = self.looks[f"label {min(cell.level, 5)}" if cell.role is Role.LABEL else cell.role]
                    self._words(number, cell.column, cell.text, look, across=cell.across, down=cell.down)
        heads = sum(row.cells[0].role in HEADS for row in laid)
        self._shape(shape.labelled, shape.units, shape.width, FIRST + heads, len(laid) - heads)
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
            self.sheet.write_formula(row, column, f"=SUM({','.join(places[one] for one in cell.origin.of)})", look, _plain(value))
        else:
            self.sheet.write_number(row, column, _plain(value), look)

    def _words(self, row: int, column: int, text: str, look: Format, *, across: int, down: int) -> None:
        if across > 1 or down > 1:
            self.sheet.merge_range(row, column, row + down - 1, column + across - 1, text, look)
        else:
            self.sheet.write_string(row, column, text, look)

    def _shape(self, labelled: bool, units: bool, width: int, first: int, lines: int) -> None:  # noqa: FBT001 - a table has them or has not
        self.sheet.set_column(0, width - 1, 12)
        if labelled:
            self.sheet.set_column(0, 0, 46 if lines > 6 else 24)
        if units:
            self.sheet.set_column(1, 1, 8)
        self.sheet.freeze_panes(first, int(labelled))
        self.sheet.set_paper(9)
        self.sheet.set_margins(left=0.6, right=0.6)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.repeat_rows(FIRST, first - 1)
        if width > 8:
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
        bars.set_size({"width": 560, "height": 110 + 34 * lines})
        told = "、".join(f"{row.label}{self.report.filing.cells.get(address)}" for address, row, _ in self.table.cells())
        self.sheet.insert_chart(FIRST, 4, bars, {"description": f"条形图，{self.table.title}：{told}"})


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _origins(sheet: Worksheet, looks: Mapping[str, Format], report: Report) -> None:
    """Every number in one list that can be filtered."""
    for column, (name, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, looks[Role.HEAD])
    row = 0
    for row, one in enumerate(numbers(report), start=1):
        for column, value in enumerate(_told(one)):
            if isinstance(value, Decimal):
                sheet.write_number(row, column, _plain(value), looks["whole" if value == value.to_integral_value() else Role.NUMBER])
            else:
                sheet.write_string(row, column, value, looks["unknown" if value == UNKNOWN else "cell"])
    sheet.autofilter(0, 0, row, len(COLUMNS) - 1)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _told(one: Number) -> Iterable[str | Decimal]:
    value = one.cell.value
    return (one.address, one.table, one.label, one.column, UNKNOWN if value is None else value, one.unit, ORIGINS[one.origin],
            one.measure or " + ".join(one.parts), one.by, one.at[:16].replace("T", " "), one.note)


def _front(sheet: Worksheet, looks: Mapping[str, Format], report: Report, dress: Dress, names: Mapping[str, str]) -> None:
    """What the book is, and where in it everything stands."""
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, 88)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, report.filing.title, looks["big"])
    filing = report.filing
    facts = {"说明": dress.note, "机关": filing.office, "格式": form_name(report.form),
             "统计期限": f"{day(filing.first_day)}至{day(filing.last_day)}", "口径": basis(report), "签发日期": day(dress.signed_on) if dress.signed_on else "",
             "待填": f"{len(report.missing())}项（{UNKNOWN}）" if report.missing() else ""}
    row = 2
    for name, text in facts.items():
        if text:
            sheet.write_string(row, 0, name, looks["strong"])
            sheet.write_string(row, 1, text, looks["plain"])
            row += 1
    sheet.write_string(row + 1, 0, "工作表", looks["strong"])
    for number, name in enumerate([*names.values(), ORIGIN], start=row + 1):
        sheet.write_url(number, 1, f"internal:'{name}'!A1", looks["link"], name)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
