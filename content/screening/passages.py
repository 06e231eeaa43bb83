"""Text as the rules read it: written one way only, with the headings above each cell and the words before each number."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from content.readers.fragments import Cell, Fragment

#: takes no room on the page and parts no number
UNSEEN = "\u200b"
#: what other ways there are to write a character: one for one, so that offsets stay
_FOLD: dict[int, str] = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys([*range(9), *range(0x0B, 0x20), 0x7F, 0x85, 0xA0, 0x1680, 0x180E, *range(0x2000, 0x200B), 0x2028, 0x2029,
                     0x202F, 0x205F, 0x3000], " "),
    **dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF], UNSEEN),
    **dict.fromkeys([0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFE63, 0x2500], "-"),
    **dict.fromkeys([0x2217, 0x00D7, 0x2715, 0x25CF], "*"),
    0x2606: "★", 0x2605: "★", 0x2736: "★", 0x25B3: "▲",
    0x0425: "X", 0x0445: "x",  # Cyrillic
}
for _first in (0x0660, 0x06F0, 0x0966, 0x1D7CE, 0x1D7D8, 0x1D7E2, 0x1D7EC, 0x1D7F6):  # other scripts' digits, and mathematical ones
    _FOLD.update({_first + n: str(n) for n in range(10)})

#: headings that give the cells below them, or beside them, a meaning
HEADING = re.compile("姓名|名字|户主|户名|收款[人单]|申请人|当事人|学生|考生|身份证|证件|身份号|手机|电话|联系方式|银行|卡号|账号|帐号|账户"
                     "|帐户|存折|一卡通|社保|社会保障|医保|"
                     "残疾证|残疾人证|住址|地址|户籍|门牌|房号|邮箱|邮件|e-?mail|qq|微信|车牌|车号|出生|生日|编号|代码|单位|企业|公司|机构|店名|名称|密级|公开|项目|合同|护照|座落|坐落|金额|面积|数量|产值|收入|支出|许可|执照|注册号|考号|考证|学号|工号",
                     re.IGNORECASE)
PERSON = re.compile("姓名|名字|户主|申请人|当事人|学生|考生|业主|车主|承租人|产权人|被征收人|救助对象|低保对象|保障对象|受助|死者|患者"
                    "|儿童|老人|家长|监护人|残疾人|居民")
_RUN = re.compile(rf"\d[\d \n\t{UNSEEN}*+./ExXe-]{{9,}}")
_STOP = re.compile("[。;!?\n]")
ROW = 60  #: cells of a row on either side that are read along


def fold(text: str) -> str:
    """A text with one way to write each character; as long as it was."""
    return text.translate(_FOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A stretch of a passage that a rule speaks of."""

    start: int
    end: int
    masked: str | None = None  #: None: cannot be masked for the writer
    words: str = ""  #: how to tell it apart where nothing is masked; empty: as it stands


class Passage:
    """A fragment made ready for the rules; every offset is one of the fragment's."""

    def __init__(self, fragment: Fragment, *, field: str = "", head: bool = True) -> None:
        self.fragment, self.field, self.head = fragment, field, head
        self.text = fold(fragment.text)

    @cached_property
    def runs(self) -> list[tuple[int, int]]:
        """Stretches of digits and of what stands between digits, of ten characters at least: all long numbers lie within one."""
        return [match.span() for match in _RUN.finditer(self.text)]

    def numbers(self, pattern: re.Pattern[str], *, reach: int = 0) -> Iterator[re.Match[str]]:
        """Matches of a pattern that is all number, but for at most `reach` characters before it."""
        for start, end in self.runs:
            yield from pattern.finditer(self.text, max(0, start - reach), end)

    @cached_property
    def _starts(self) -> list[int]:
        return [cell.start for cell in self.fragment.cells]

    def cell(self, at: int) -> Cell | None:
        """The cell in which an offset lies."""
        if not self.fragment.cells:
            return None
        cell = self.fragment.cells[bisect_right(self._starts, at) - 1]
        return cell if cell.start <= at < cell.end else None

    def row(self, at: int) -> list[Cell]:
        """The cells of the row in which an offset lies, at most ROW on either side; none outside tables."""
        own = self.cell(at)
        if own is None:
            return []
        cells = self.fragment.cells
        place = first = last = bisect_right(self._starts, at) - 1
        while first > max(0, place - ROW) and (cells[first - 1].table, cells[first - 1].row) == (own.table, own.row):
            first -= 1
        while last + 1 < min(len(cells), place + ROW) and (cells[last + 1].table, cells[last + 1].row) == (own.table, own.row):
            last += 1
        return list(cells[first : last + 1])

    @cached_property
    def _headings(self) -> tuple[dict[tuple[int, int, int], str], dict[int, str]]:
        """For each cell the heading above it, and for each table all its headings."""
        above: dict[tuple[int, int, int], str] = {}
        current: dict[tuple[int, int], str] = {}
        every: dict[int, list[str]] = {}
        for _, cells in groupby(self.fragment.cells, key=lambda one: (one.table, one.row)):
            row = list(cells)
            found = {cell.column: words for cell in row if (words := self._as_heading(cell))}
            whole = len(found) > 1 and not any(re.search(r"\d{3}", self.text[cell.start : min(cell.end, cell.start + 200)]) for cell in row)
            for cell in row:
                if cell.column in found and (whole or (cell.table, cell.column) not in current):
                    current[cell.table, cell.column] = found[cell.column]
                    every.setdefault(cell.table, []).append(found[cell.column])
                else:
                    above[cell.table, cell.row, cell.column] = current.get((cell.table, cell.column), "")
        return above, {table: "\t".join(words) for table, words in every.items()}

    def _as_heading(self, cell: Cell) -> str:
        """A cell's words where they can be a heading; empty where not."""
        if cell.end - cell.start > 40:
            return ""
        words = re.sub(rf"[\s{UNSEEN}]+", "", self.text[cell.start : cell.end])
        plain = 0 < len(words) <= 20 and not re.search(r"\d{3}|@", words)
        return words if plain and (HEADING.search(words) or PERSON.search(words)) else ""

    def heading(self, at: int) -> str:
        """The heading above the cell in which an offset lies; empty outside tables."""
        cell = self.cell(at)
        return "" if cell is None else self._headings[0].get((cell.table, cell.row, cell.column), "")

    def headings(self, at: int) -> str:
        """All headings of the table in which an offset lies, divided by tabs."""
        cell = self.cell(at)
        return "" if cell is None else self._headings[1].get(cell.table, "")

    def before(self, at: int, reach: int = 24) -> str:
        """The words before an offset that may say what it is: within its sentence, blanks taken out."""
        words = self.text[max(0, at - reach) : at].rstrip(" \t\n")
        stops = list(_STOP.finditer(words))
        return re.sub(rf"[\s{UNSEEN}]+", "", words[stops[-1].end() :] if stops else words)

    def after(self, at: int, reach: int = 8) -> str:
        """The words behind an offset, within the line and the cell."""
        return re.split(r"[\n\t]", self.text[at : at + reach], maxsplit=1)[0].lstrip(" ")

    def sentence(self, start: int, end: int, reach: int) -> tuple[int, int]:
        """The sentence around a stretch of the text, at most `reach` characters on either side."""
        stops = list(_STOP.finditer(self.text, max(0, start - reach), start))
        stop = _STOP.search(self.text, end, end + reach)
        return stops[-1].end() if stops else max(0, start - reach), stop.start() if stop else min(len(self.text), end + reach)

    def line(self, at: int) -> tuple[int, int]:
        """The line (a table's whole row) around an offset, at most 200 characters either way."""
        low = self.text.rfind("\n", max(0, at - 200), at) + 1 or max(0, at - 200)
        high = self.text.find("\n", at, at + 200)
        return low, high if high >= 0 else min(len(self.text), at + 200)

    @cached_property
    def lines(self) -> list[tuple[int, int]]:
        """Offsets of every line."""
        return [match.span() for match in re.finditer(r"[^\n]+", self.text)]

    @cached_property
    def _paragraphs(self) -> list[int]:
        """Where the lines begin that hold something."""
        return [start for start, end in self.lines if self.text[start:end].strip()]

    def short_lines(self, limit: int = 60) -> Iterator[tuple[int, int, int]]:
        """(number from 0, start, end) of every line, or cell, no longer than a mark or a heading is; blanks around taken off."""
        for number, (start, end) in enumerate(self.lines):
            if end - start > 4 * limit and "\t" not in self.text[start:end]:
                continue
            for part in re.finditer(r"[^\t]+", self.text[start:end]):
                words = part.group()
                low = start + part.start() + len(words) - len(words.lstrip(" "))
                high = start + part.start() + len(words.rstrip(" "))
                if 0 < high - low <= limit:
                    yield number, low, high

    def place(self, at: int) -> str:
        """Where an offset lies, for a person: the fragment's own place and the cell or the line in it."""
        cell = self.cell(at)
        if cell is not None:
            table = f"表{cell.table + 1}" if self.fragment.cells[-1].table else ""
            return " › ".join(filter(None, (self.fragment.place, table + cell.place)))
        if len(self._paragraphs) < 2:
            return self.fragment.place
        number = max(bisect_right(self._paragraphs, at), 1)
        return " › ".join(filter(None, (self.fragment.place, f"第{number}段")))
