"""xlsx: every cell at its full value; hidden sheets, rows and columns, comments, names, links, caches of pivot tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import from_excel

from content.readers.fragments import Hidden, Reading, ReadingError, Writer, spreadsheet_place
from content.readers.office import common
from content.readers.packages import Package, local, value

CELLS = 3_000_000  #: of a workbook
_OFF = {None, "0", "false"}
_ADDRESS = re.compile(r"([A-Z]{1,3})(\d{1,7})")


@dataclass(slots=True)
class _Sheet:
    rows: list[dict[int, str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)  #: which row of the sheet each of them is, from 0
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)

    def place(self, row: int, column: int) -> str:
        """C12, for a row by its number among those that hold something."""
        return spreadsheet_place(self.numbers[row], column)


@dataclass(frozen=True, slots=True)
class _Book:
    strings: list[str]
    dated: frozenset[int]  #: styles that show a number as a day


def read(package: Package) -> Reading:
    """All of a workbook."""
    main = "xl/workbook.xml"
    root = package.xml(main)
    targets = {name: target for name, target, outside in package.relations(main) if not outside}
    book = _Book(_strings(package), _dated(package))
    fragments, hidden, left = [], [], CELLS
    for sheet in root.iter("{*}sheet"):
        part = targets.get(value(sheet, "id") or "", "")
        if part not in package.names or not part.startswith("xl/worksheets/"):
            continue
        name, state = sheet.get("name") or "", sheet.get("state") or "visible"
        content = _sheet(package.xml(part), book)
        left -= sum(map(len, content.rows))
        if left < 0:
            raise ReadingError("bomb", f"单元格超过{CELLS}个", "请拆成几个较小的文件。")
        place = f"工作表“{name}”" + ("" if state == "visible" else "（隐藏）")
        writer = Writer()
        writer.table(content.rows, content.place)
        if content.rows:
            fragments.append(writer.fragment(place))
            if state != "visible":
                hidden.append(Hidden(rule="hidden-sheet", place=place,
                                     words=f"{'深度' if state == 'veryHidden' else ''}隐藏的工作表“{name}”，{len(content.rows)}行有内容"))
        hidden += [*(_unseen(content, place) if state == "visible" else ()), *_notes(package, part, place)]
    hidden += [*_names(root), *_caches(package)]
    return Reading(kind="xlsx", fragments=tuple(fragments), hidden=(*hidden, *common(package, "xl")))


def _strings(package: Package) -> list[str]:
    if "xl/sharedStrings.xml" not in package.names:
        return []
    return ["".join(part.text or "" for part in one.iter("{*}t") if not any(local(above) == "rPh" for above in part.iterancestors()))
            for one in package.xml("xl/sharedStrings.xml").iterchildren("{*}si")]


def _dated(package: Package) -> frozenset[int]:
    if "xl/styles.xml" not in package.names:
        return frozenset()
    root = package.xml("xl/styles.xml")
    codes = {**BUILTIN_FORMATS, **{int(one.get("numFmtId") or 0): one.get("formatCode") or "" for one in root.iter("{*}numFmt")}}
    styles = root.find("{*}cellXfs")
    kinds = [] if styles is None else [int(one.get("numFmtId") or 0) for one in styles]
    return frozenset(n for n, kind in enumerate(kinds) if 27 <= kind <= 36 or 50 <= kind <= 58
                     or is_date_format(codes.get(kind, "General")))


def _sheet(root: etree._Element, book: _Book) -> _Sheet:
    sheet = _Sheet()
    for one in root.iter("{*}col"):
        if one.get("hidden") not in _OFF or one.get("width") in ("0", "0.0"):
            sheet.hidden_columns.append((int(one.get("min") or 1) - 1, int(one.get("max") or 1) - 1))
    number = -1
    for row in root.iter("{*}row"):
        number = int(row.get("r") or number + 2) - 1
        cells, column = {}, -1
        for cell in row.iterchildren("{*}c"):
            found = _ADDRESS.fullmatch(cell.get("r") or "")
            column = _column(found[1]) if found else column + 1
            if text := _text(cell, book):
                cells[column] = text
        if cells:
            sheet.rows.append(cells)
            sheet.numbers.append(number)
            if row.get("hidden") not in _OFF or row.get("ht") in ("0", "0.0"):
                sheet.hidden_rows.append(number)
    return sheet


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1


def _text(cell: etree._Element, book: _Book) -> str:
    """A cell's value as it is, not as it is shown: Excel shows 4.30104E+17 and keeps fifteen digits."""
    kind = cell.get("t") or "n"
    if kind == "inlineStr":
        return "".join(part.text or "" for part in cell.iter("{*}t"))
    raw = cell.findtext("{*}v") or ""
    if kind == "s":
        return book.strings[int(raw)] if raw.isdigit() and int(raw) < len(book.strings) else ""
    return _number(raw, dated=int(cell.get("s") or 0) in book.dated) if kind == "n" and raw else raw


def _number(raw: str, *, dated: bool) -> str:
    try:
        number = Decimal(raw)
        if not number.is_finite() or number.adjusted() > 30:
            return raw
        if dated and 1 <= number < 2_958_466:
            return f"{from_excel(float(number)):%Y-%m-%d}"
        return f"{number:f}" if number != number.to_integral_value() else str(int(number))
    except (InvalidOperation, ValueError, OverflowError):
        return raw


def _ranges(numbers: list[int]) -> Iterator[tuple[int, int]]:
    start = before = None
    for number in numbers:
        if before is not None and start is not None and number != before + 1:
            yield start, before
            start = None
        start = number if start is None else start
        before = number
    if start is not None and before is not None:
        yield start, before


def _unseen(sheet: _Sheet, place: str) -> Iterator[Hidden]:
    """Hidden rows and columns that hold something."""
    rows = [f"{a + 1}" if a == b else f"{a + 1}—{b + 1}" for a, b in _ranges(sheet.hidden_rows)]
    if rows:
        yield Hidden(rule="hidden-rows", place=place, words=f"第{'、'.join(rows[:20])}行隐藏，共{len(sheet.hidden_rows)}行有内容")
    used = {column for row in sheet.rows for column in row}
    columns = sorted({column for low, high in sheet.hidden_columns for column in used if low <= column <= high})
    if columns:
        names = [spreadsheet_place(0, column)[:-1] for column in columns]
        heads = [next((row[column] for row in sheet.rows if column in row), "") for column in columns]
        yield Hidden(rule="hidden-columns", place=place,
                     words="；".join(f"{name}列隐藏（{head[:20]}）" for name, head in zip(names[:20], heads[:20], strict=True)))


def _notes(package: Package, part: str, place: str) -> Iterator[Hidden]:
    for _, target, outside in package.relations(part):
        if not outside and re.search(r"/comments\d*\.xml$|/comments/", target) and target in package.names:
            for one in list(package.xml(target).iter("{*}comment"))[:20]:
                text = "".join(t.text or "" for t in one.iter("{*}t"))
                yield Hidden(rule="comment", place=f"{place} › {one.get('ref') or ''}", words=" ".join(text.split())[:40])


def _names(root: etree._Element) -> Iterator[Hidden]:
    for one in root.iter("{*}definedName"):
        name = one.get("name") or ""
        if one.get("hidden") not in _OFF and not name.startswith(("_xlnm.", "_xlfn.", "_xlpm.", "_xleta.")):
            yield Hidden(rule="defined-name", place="", words=f"隐藏的名称“{name}”：{(one.text or '')[:60]}")
        elif re.search(r"\[\d+\]|\\\\|#REF!.+#REF!", one.text or ""):
            yield Hidden(rule="defined-name", place="", words=f"名称“{name}”指向别的文件：{(one.text or '')[:60]}")


def _caches(package: Package) -> Iterator[Hidden]:
    for name in package.like("xl/pivotCache/pivotCacheRecords"):
        yield Hidden(rule="pivot-cache", place="", words=f"数据透视表带着全部原始记录（{name.rpartition('/')[2]}）")
    for name in package.like("xl/externalLinks/externalLink"):
        targets = [target for _, target, outside in package.relations(name) if outside]
        yield Hidden(rule="external-link", place="", words=f"引用其他工作簿（{'、'.join(targets)[:120] or name}），并留有其中的数据")
