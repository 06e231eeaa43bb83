"""Excel: the figures to work with. Numbers are numbers and sums are sums; a chart where there is one; the origin of every number."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping
from datetime import UTC
from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.prose import UNKNOWN
from reports.report import Report, day
from reports.writers.dress import Dress
from reports.writers.excel_tables import TableSheet, looks_of, plain, tall
from reports.writers.layout import basis, form_name
from reports.writers.origins import ORIGINS, Number, numbers
from reports.writers.packing import repacked
from reports.writers.placing import Role

FRONT, ORIGIN = "说明", "数据来源"
WORDS = 88  #: the width of what the front says
COLUMNS = (("地址", 24), ("表", 26), ("项目", 52), ("列", 24), ("数", 12), ("单位", 8), ("来源", 10), ("统计口径", 34), ("登记人", 12),
           ("登记时间", 20), ("备注", 30))


def write(report: Report, dress: Dress) -> bytes:
    """The report as .xlsx."""
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": report.filing.title, "author": report.filing.office, "company": report.filing.office,
                         "subject": form_name(report.form), "created": report.as_of.astimezone(UTC).replace(tzinfo=None)})
    looks = looks_of(book)
    names = _names(report)
    front = book.add_worksheet(FRONT)
    for table in report.form.tables.values():
        TableSheet(book=book, sheet=book.add_worksheet(names[table.id]), looks=looks, report=report, table=table).fill()
    _origins(book.add_worksheet(ORIGIN), looks, report)
    _front(front, looks, report, dress, names)
    book.close()
    return repacked(out.getvalue())


def _names(report: Report) -> dict[str, str]:
    """A sheet's name for each table: its title as far as Excel takes it, none twice."""
    names: dict[str, str] = {}
    for table in report.form.tables.values():
        name = re.sub(r"[\[\]:*?/\\']", "", table.title or table.id)[:28] or table.id
        names[table.id] = name if name not in {*names.values(), FRONT, ORIGIN} else f"{name[:24]} {len(names) + 1}"
    return names


def _origins(sheet: Worksheet, looks: Mapping[str, Format], report: Report) -> None:
    """Every number in one list that can be filtered."""
    for column, (name, width) in enumerate(COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, name, looks[Role.HEAD])
    row = 0
    for row, one in enumerate(numbers(report), start=1):
        told = [*_told(one)]
        sheet.set_row(row, max(tall(str(value), width) for value, (_, width) in zip(told, COLUMNS, strict=True)))
        for column, value in enumerate(told):
            if isinstance(value, Decimal):
                sheet.write_number(row, column, plain(value), looks["whole" if value == value.to_integral_value() else Role.NUMBER])
            elif not value:
                sheet.write_blank(row, column, None, looks["cell"])
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
            one.counted, one.by, one.at[:16].replace("T", " "), one.note)


def _front(sheet: Worksheet, looks: Mapping[str, Format], report: Report, dress: Dress, names: Mapping[str, str]) -> None:
    """What the book is, and where in it everything stands."""
    sheet.set_column(0, 0, 14)
    sheet.set_column(1, 1, WORDS)
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, report.filing.title, looks["big"])
    filing = report.filing
    facts = {"说明": dress.note, "机关": filing.office, "格式": form_name(report.form), "统计": basis(report),
             "签发日期": day(dress.signed_on) if dress.signed_on else "",
             "待填": f"{len(report.missing())}项（{UNKNOWN}）" if report.missing() else ""}
    row = 2
    for name, text in facts.items():
        if text:
            sheet.write_string(row, 0, name, looks["strong"])
            sheet.write_string(row, 1, text, looks["plain"])
            sheet.set_row(row, tall(text, WORDS))
            row += 1
    sheet.write_string(row + 1, 0, "工作表", looks["strong"])
    for number, name in enumerate([*names.values(), ORIGIN], start=row + 1):
        sheet.write_url(number, 1, f"internal:'{name}'!A1", looks["link"], name)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
