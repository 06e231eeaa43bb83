"""The sheet that a clerk fills in: one row an item, with lists to choose from and one row as an example."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from content.metadata import BY_SLUG, Kind
from content.offices import Office
from content.papers.sheets import EXAMPLE, HEADERS, ROWS
from content.records import REQUIRED

Column = tuple[str, int, str]  #: field, width in characters, what the second sheet says of it

#: the columns in order; those of the 更多著录项 follow
FIELDS: tuple[Column, ...] = (
    ("title", 40, "一行，最多 200 字，写全称，不用简称。"),
    ("column", 14, "从下拉列表中选择。"),
    ("body", 70, "纯文字，一行一段（单元格内换行按 Alt+Enter）。有表格或图片的信息请用 Word 文档单独导入。"),
    ("made_on", 14, "文件签发或形成的日期，如 2024-03-05、2024年3月5日或 20240305。"),
    ("document_number", 22, "如 云政办发〔2024〕3号；没有就留空。"),
    ("category", 14, "从下拉列表中选择；留空则用栏目的默认分类。"),
    ("channels", 22, "用顿号隔开；留空则用栏目的默认渠道。"),
    ("release_at", 18, "留空为签发后立即发布；定时发布写成 2024-03-05 09:00。"),
    ("keywords", 22, "用顿号隔开。"),
    ("summary", 40, "最多 500 字；留空则取正文开头。"),
    ("source", 16, "转载时写原发布单位。"),
    ("issuing_body", 26, "写全称；留空为本机关。"),
    ("index_number", 24, "一般留空，由系统编号。"),
)
_LINE = Side(style="thin", color="FF9AA5B1")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_STAMP = (1980, 1, 1, 0, 0, 0)  #: of every part: the same template has the same bytes


def template(office: Office, channels: Mapping[str, str] = MappingProxyType({})) -> bytes:
    """An .xlsx to fill in for this office. `channels`: name to label, as they may be written in the column 渠道."""
    book = Workbook()
    sheet = book.active
    sheet.title = "信息"
    fields = (*FIELDS, *_more(office))
    _head(sheet, fields)
    _example(sheet, office, list(channels.values()))
    choices = book.create_sheet("选项")
    choices.sheet_state = "hidden"
    words = {"column": [column.name for column in office.columns], "category": [*office.categories, "未归类"],
             **{slug: [word for word, _ in BY_SLUG[slug].choices] for slug in office.metadata_shown if BY_SLUG[slug].choices}}
    for at, (field, _, _) in enumerate(fields, 1):
        if field in words:
            _choose(sheet, choices, at, HEADERS[field][0], words[field])
    _explain(book.create_sheet("填写说明"), fields, list(channels.values()))
    out = io.BytesIO()
    book.save(out)
    return _without_clock(out.getvalue())


def _more(office: Office) -> Iterator[Column]:
    """The columns of the 更多著录项 that this office asks for."""
    says = {Kind.CHOICE: "从下拉列表中选择；可留空。", Kind.DATE: "如 2026-12-31。"}
    for slug in office.metadata_shown:
        one = BY_SLUG[slug]
        must = "送审前须填写。" if slug in office.metadata_required else ""
        yield slug, 22 if one.kind is Kind.TEXT else 14, must + says.get(one.kind, f"最多 {one.limit} 字。")


def _head(sheet: Worksheet, fields: Sequence[Column]) -> None:
    dated = {"made_on", *(slug for slug, one in BY_SLUG.items() if one.kind is Kind.DATE)}
    for at, (field, width, _) in enumerate(fields, 1):
        must = field in REQUIRED
        cell = sheet.cell(row=1, column=at, value=HEADERS[field][0] + (" *" if must else ""))
        cell.font = Font(name="宋体", bold=True, color="FFFFFFFF" if must else "FF22303C")
        cell.fill = PatternFill("solid", fgColor="FF9B2C2C" if must else "FFE6EAEE")
        cell.alignment = Alignment(horizontal="center", vertical="center")
        cell.border = _BOX
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = width
        # the format of whole columns: text, so that Excel turns no number into 4.30104E+17; a day where it is one
        sheet.column_dimensions[letter].number_format = (
            "yyyy-mm-dd" if field in dated else "yyyy-mm-dd hh:mm" if field == "release_at" else "@")
    sheet.row_dimensions[1].height = 26
    sheet.freeze_panes = "B2"


def _example(sheet: Worksheet, office: Office, channels: Sequence[str]) -> None:
    column = office.columns[0]
    facts = {
        "title": f"{EXAMPLE}关于清水路道路施工的通告", "column": column.name,
        "body": "因雨污分流改造，自2024年6月1日起封闭清水路东段。\n请绕行平安路。",
        "made_on": "2024-05-28", "category": column.category or "未归类", "channels": "、".join(channels[:2]), "keywords": "道路施工、通告",
    }
    for at, (field, _, _) in enumerate(FIELDS, 1):
        cell = sheet.cell(row=2, column=at, value=facts.get(field))
        cell.font = Font(name="宋体", italic=True, color="FF5F6B76")
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        cell.number_format = "@"
    sheet.row_dimensions[2].height = 34


def _choose(sheet: Worksheet, choices: Worksheet, column: int, heading: str, words: Sequence[str]) -> None:
    """A drop-down list; the words stand in a sheet of their own, since Excel allows a list within a cell 255 characters."""
    place = 1 + choices.max_column if choices.cell(row=1, column=1).value else 1
    for row, word in enumerate(words, 1):
        choices.cell(row=row, column=place, value=word)
    letter = get_column_letter(place)
    rule = DataValidation(type="list", formula1=f"'选项'!${letter}$1:${letter}${len(words)}", allow_blank=True, showErrorMessage=True,
                          errorTitle=heading, error="请从下拉列表中选择。")
    at = get_column_letter(column)
    rule.add(f"{at}2:{at}{ROWS + 1}")
    sheet.add_data_validation(rule)


def _explain(sheet: Worksheet, fields: Sequence[Column], channels: Sequence[str]) -> None:
    lines = [
        ("", "填写说明", ""), ("", f"一行一条信息，一次最多 {ROWS:,} 行。带 * 的列必填。标题以“{EXAMPLE}”开头的行不导入。", ""),
        *((HEADERS[field][0], "必填" if field in REQUIRED else "可留空", says) for field, _, says in fields)]
    for row, (name, must, says) in enumerate(lines, 1):
        said = f"{says}可写：{'、'.join(channels)}。" if name == HEADERS["channels"][0] and channels else says
        for column, value in enumerate((name, must, said), 1):
            cell = sheet.cell(row=row, column=column, value=value or None)
            cell.font = Font(name="宋体", bold=row == 1 or column == 1)
            cell.alignment = Alignment(vertical="top", wrap_text=row > 2)
    for letter, width in (("A", 14), ("B", 10), ("C", 80)):
        sheet.column_dimensions[letter].width = width


def _without_clock(data: bytes) -> bytes:
    """The same workbook without the instant of its making."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as kept:
        for member in made.infolist():
            part = made.read(member)
            if member.filename == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", part)
            kept.writestr(zipfile.ZipInfo(member.filename, _STAMP), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()
