"""A batch of items from a sheet (.xlsx, .csv): each row by itself, so that a bad one never costs a good one."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any
from xml.parsers.expat import ExpatError

import openpyxl
from lxml import etree
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import unescape

from content import metadata
from content.media import FileError, check_size, damaged_error, suffix
from content.offices import Office
from content.papers.cells import CellError, as_day, as_instant, as_list, as_text
from content.papers.package import Package
from content.papers.plain import decode, paragraphs
from content.records import LABELS, REQUIRED, Record, RecordError, read_record

ROWS = 2000  #: of one batch
SHEET_LIMIT = 5 * 2**20  #: bytes of the file
PART_LIMIT = 12 * 2**20  #: bytes of one sheet, inflated: two thousand full rows have a tenth of it
HEADER_WITHIN = 10  #: rows at the top in which the header is looked for
OURS = ("选项", "填写说明")  #: sheets of the template that hold no items
EXAMPLE = "（示例）"  #: begins the title of the template's example row

#: what people write above their columns, by field; the first is what the template writes
HEADERS: dict[str, tuple[str, ...]] = {
    "title": ("标题", "名称", "信息名称", "信息标题", "题名"), "column": ("栏目", "所属栏目", "栏目名称"),
    "body": ("正文", "内容", "信息内容", "正文内容"), "made_on": ("成文日期", "生成日期", "产生日期", "形成日期"),
    "document_number": ("文号", "发文字号", "文件编号", "发布文号"), "index_number": ("索引号", "索引"),
    "category": ("主题分类", "分类", "主题"), "channels": ("渠道", "公开渠道", "发布渠道"),
    "release_at": ("发布时间", "定时发布", "拟发布时间", "发布日期"), "keywords": ("关键词", "主题词", "关键字"),
    "summary": ("内容概述", "摘要", "概述", "内容摘要"), "source": ("信息来源", "来源"),
    "issuing_body": ("发布机构", "发布单位", "发布部门"), "short_title": ("短标题",), "change_note": ("更正说明",),
    **{one.slug: (one.label, *one.headings) for one in metadata.FIELDS},
}
_FIELDS = {name: field for field, names in HEADERS.items() for name in (*names, field)}
_SILENT = frozenset({"", "序号", "编号", "备注", "说明"})  #: columns that people keep for themselves
_ASIDE = re.compile(r"[\s*＊]+|[（(](?:必填|选填|可选|可不填)[）)]")
_TROUBLES = (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, OverflowError, ArithmeticError, NotImplementedError,
             zipfile.BadZipFile, ExpatError, etree.LxmlError, SyntaxError, RecursionError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One item of a batch."""

    sheet: str  #: empty for .csv
    number: int  #: as Excel shows it
    record: Mapping[str, Any]  #: for content.records.read_record
    faults: tuple[str, ...] = ()  #: Chinese, with sheet, row and column; a row with faults is not to be taken in
    columns: Mapping[str, str] = field(default_factory=dict)  #: where each field stands: C 列“成文日期”

    def where(self, name: str) -> str:
        """The place of a field, as a person finds it."""
        sheet = f"工作表“{self.sheet}”" if self.sheet else ""
        return f"{sheet}第 {self.number} 行，{self.columns.get(name) or f'缺少“{LABELS.get(name, name)}”列'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The rows of a file, in its order."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()  #: Chinese: what was not read


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """A sheet as it comes: values by row, with the number of each row."""

    name: str
    rows: list[tuple[int, list[object]]]


def read_sheet(
        data: bytes, *, name: str, office: Office, channels: Mapping[str, str] = MappingProxyType({})) -> Batch:
    """The rows of an .xlsx or .csv as records. `channels`: what the office has, name to label; cells may say either.

    Raises:
        FileError: it is neither, is damaged, too long, or no sheet has a header with 标题.
    """
    notes: list[str] = []
    check_size(name, data, SHEET_LIMIT)
    tables = _csv(name, data) if suffix(name) in (".csv", ".txt") else _xlsx(name, data, notes)
    rows: list[Row] = []
    headed = 0
    for table in tables:
        header = _header(table)
        if header is None:
            if table.rows and len(tables) > 1 and table.name not in OURS:
                notes.append(f"工作表“{table.name}”没有表头（至少要有“标题”和另一列），未读取。")
            continue
        headed += 1
        rows += _rows(table, header, office, channels, notes)
        if len(rows) > ROWS:
            raise FileError("too-many", f"“{name}”超过 {ROWS:,} 行。请拆成几个文件，分批上传。")
    if not headed:
        raise FileError("no-header", f"“{name}”里没有找到表头。第一行应当写列名：标题、栏目、正文、成文日期等。可以下载模板来填写。")
    notes += _twins(rows)
    return Batch(rows=tuple(rows), notes=tuple(dict.fromkeys(notes)))


def check(row: Row, *, office: Office, channels: frozenset[str], today: date) -> tuple[Record | None, tuple[str, ...]]:
    """What read_record makes of a row: the record, or every fault that is known of it, in Chinese."""
    if row.faults:
        return None, row.faults
    try:
        return read_record(row.record, office=office, channels=channels, today=today, load=_no_files), ()
    except RecordError as error:
        return None, (f"{row.where(error.field)}：{error.chinese}。",)


def _no_files(name: str) -> bytes:
    raise OSError(f"{name}: a sheet brings no files")


def _csv(name: str, data: bytes) -> list[_Table]:
    text = decode(data, name=name)
    first = text.split("\n", 1)[0]
    divider = max(",\t;", key=first.count)
    try:
        lines = [[cell or None for cell in line] for line in csv.reader(io.StringIO(text, newline=""), delimiter=divider)]
    except csv.Error:
        raise damaged_error(name, " CSV 表格") from None
    return [_Table(name="", rows=[(at, list(line)) for at, line in enumerate(lines, 1) if any(line)])]


def _xlsx(name: str, data: bytes, notes: list[str]) -> list[_Table]:
    package = Package(data, name=name, kind="xlsx")
    for part in sorted(package.names):
        if part.endswith((".xml", ".rels")):
            package.xml(part)  # refuses what declares entities
            if part.startswith("xl/worksheets/") and len(package.read(part)) > PART_LIMIT:
                raise FileError("too-many", f"“{name}”的表格太大。一次最多 {ROWS:,} 行，请删去空白格式或拆成几个文件。")
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
        tables = []
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                if sheet.title not in OURS:
                    notes.append(f"工作表“{sheet.title}”是隐藏的，未读取。")
                continue
            tables.append(_Table(name=sheet.title, rows=list(_visible(sheet, notes))))
    except _TROUBLES as error:
        if isinstance(error, FileError):
            raise
        raise damaged_error(name, " Excel 工作簿") from None
    return tables


def _visible(sheet: Any, notes: list[str]) -> Iterator[tuple[int, list[object]]]:
    hidden = []
    for number, cells in enumerate(sheet.iter_rows(max_row=min(sheet.max_row, 20 * ROWS), max_col=min(sheet.max_column, 100)), 1):
        values = [_value(one) for one in cells]
        if all(value is None or value == "" for value in values):
            continue
        if sheet.row_dimensions[number].hidden:
            hidden.append(str(number))
        else:
            yield number, values
    if hidden:
        notes.append(f"工作表“{sheet.title}”有 {len(hidden)} 行被隐藏或筛选掉，未读取：第 {'、'.join(hidden[:20])} 行。")


def _value(cell: Any) -> object:
    if cell.data_type == "e":
        return CellError(f"是错误值 {cell.value}，请改为正确的内容")
    return unescape(cell.value) if isinstance(cell.value, str) else cell.value  # _x0007_ and its like: §22.9.2.19


def _header(table: _Table) -> tuple[int, dict[int, str]] | None:
    """The place of the header among the rows, and the field of each column."""
    for at, (_, values) in enumerate(table.rows[:HEADER_WITHIN]):
        fields: dict[int, str] = {}
        for column, value in enumerate(values):
            found = _FIELDS.get(_plain(value))
            if found is not None and found not in fields.values():
                fields[column] = found
        if "title" in fields.values() and len(fields) > 1:
            return at, _one_body(fields, values)
    return None


def _one_body(fields: Mapping[int, str], titles: Sequence[object]) -> dict[int, str]:
    """Where a sheet names one body alone, 发文机关 is the one that publishes, whatever else catalogues mean by it."""
    if "issuing_body" in fields.values():
        return dict(fields)
    return {column: "issuing_body" if name == "originating_body" and _plain(titles[column]) != name else name
            for column, name in fields.items()}


def _plain(value: object) -> str:
    return _ASIDE.sub("", as_text(value)).casefold() if isinstance(value, str) else ""


def _rows(
        table: _Table, header: tuple[int, dict[int, str]], office: Office, channels: Mapping[str, str], notes: list[str]) -> Iterator[Row]:
    at, fields = header
    titles = table.rows[at][1]
    for column, title in enumerate(titles):
        if column not in fields and _plain(title) not in _SILENT:
            notes.append(f"{get_column_letter(column + 1)} 列“{as_text(title)[:20]}”不是信息的字段（或与前面的列重复），未读取。")
    columns = {name: f"{get_column_letter(column + 1)} 列“{as_text(titles[column])}”" for column, name in fields.items()}
    for number, values in table.rows[at + 1 :]:
        given = {name: values[column] for column, name in fields.items() if column < len(values) and as_text(values[column])}
        if not given:
            continue
        if as_text(given.get("title")).startswith(EXAMPLE):
            notes.append(f"第 {number} 行是示例，未读取。")
            continue
        yield _row(Row(sheet=table.name, number=number, record={}, columns=columns), given, office, channels)


def _row(row: Row, given: Mapping[str, object], office: Office, channels: Mapping[str, str]) -> Row:
    record: dict[str, Any] = {}
    faults = [f"{row.where(name)}：没有填写。" for name in REQUIRED if name not in given]
    for name, value in given.items():
        try:
            if isinstance(value, CellError):
                raise value
            record[name] = _read(name, value, office, channels)
        except CellError as error:
            faults.append(f"{row.where(name)}：{error}。")
    return Row(sheet=row.sheet, number=row.number, record=record, columns=row.columns, faults=tuple(faults))


def _read(name: str, value: object, office: Office, channels: Mapping[str, str]) -> Any:
    if name in _READERS:
        return _READERS[name](value)
    text = as_text(value)
    if name == "channels":
        return _channels(as_list(value), channels)
    if name == "column":
        return {column.name: column.slug for column in office.columns}.get(text, text)
    if name == "category":
        return "" if text == "未归类" else text
    return re.sub(r"\s*\n\s*", "", text) if name == "title" else text  # a title's lines are broken by hand, to fit the cell


def _channels(words: list[str], channels: Mapping[str, str]) -> list[str]:
    known = {label: channel for channel, label in channels.items()} | {channel: channel for channel in channels}
    for word in words if known else ():
        if word not in known:
            raise CellError(f"没有“{word}”这个渠道，可选 {'、'.join(channels.values())}")
    return [known.get(word, word) for word in words]


_READERS: Mapping[str, Callable[[object], Any]] = {
    "made_on": as_day, "release_at": as_instant, "keywords": as_list, "body": lambda value: paragraphs(as_text(value)),
    **{one.slug: as_day for one in metadata.FIELDS if one.kind is metadata.Kind.DATE}}


def _twins(rows: list[Row]) -> Iterator[str]:
    seen: dict[str, Row] = {}
    for row in rows:
        title = str(row.record.get("title", ""))
        if title and title in seen:
            yield f"第 {seen[title].number} 行与第 {row.number} 行的标题相同：“{title[:40]}”，请核对是否重复。"
        seen.setdefault(title, row)
