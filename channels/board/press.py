"""From words to pages: how large the type may be, how wide columns are, and the PDF.

The sheet is laid out once, on A4, after GB/T 9704-2012; A3 is the same sheet enlarged by √2. The type is the largest with
which the text takes no more pages than at 3号 (16 pt), so that a short notice can be read from two steps away.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import segno

from channels.board.blocks import Block, texts
from channels.board.pictures import LARGEST, Picture
from channels.board.tables import Cell, TableLayout, lay_out
from channels.board.titles import set_title
from channels.board.words import pictures
from channels.errors import UnsuitableError
from channels.typesetting import Typesetter

TEMPLATE = Path(__file__).parent.parent / "templates" / "board" / "sheet.typ"
PAPERS = {"a4": 1.0, "a3": math.sqrt(2)}
SIZES = (18.0, 20.0, 22.0)  #: points on A4: 小2号, …, 2号
SMALLEST = 16.0  #: 3号, the size of 公文
HEIGHTS = (190.0, 160.0, 130.0, 100.0)  #: millimetres a picture may be tall; the tallest that will do, or else …
LOWEST = 80.0  #: … this
WIDTH = 442.0  #: points of the 版心, 156 mm
TABLE = 0.875  #: type in tables to that of the body, 4号 to 3号
SMALL_PRINT = 9.0  #: points; nobody reads less on a wall
MAX_PAGES = 12  #: of one sheet
#: the metadata of PDF/A lies open in the file
KEYWORDS = re.compile(rb"<pdf:Keywords>[^<]*, (\d+)</pdf:Keywords>")
LABELS = {
    "kicker": "政府信息公开", "continued": "（续）", "correction": "更正", "change_note": "更正说明：",
    "replaces": "本单代替 {sheet} 号张贴单。", "source": "来源：", "attachments": "附件：",
    "attachments_online": "（附件请扫描页下二维码或登录所列网址查看）", "attachments_here": "（附件请到本机关查阅）",
    "picture": "图片", "index_number": "索引号", "sheet": "张贴单号", "page": "第 {page} 页，共 {pages} 页", "days": "张贴期限",
    "term": "自张贴之日起 {days} 日", "put_up": "张贴日期", "take_down": "撤下日期", "year": "年", "month": "月", "day": "日",
    "phone": "监督电话", "link": "扫码或访问", "only_here": "本信息仅在公告栏公开。", "put_up_by": "张贴人签字",
    "taken_down_by": "撤下人签字", "staff": "张贴登记",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """What one printing adds to the words."""

    paper: str  #: a key of PAPERS
    dated: date  #: the day of printing, for the file alone: what stands on the paper is written by hand when it hangs
    replaces: str = ""  #: the number of the sheet that this one takes the place of
    staff: str = ""  #: where staff record that it went up or came down; empty where the office has no desk


def check_fit(words: dict[str, Any], setter: Typesetter) -> None:
    """Set the words at the smallest size, each picture at the largest it may then have.

    Raises:
        UnsuitableError: a table is too wide or the whole too long for a sheet.
    """
    tables = _Tables(SMALLEST)
    tables.of(words["blocks"], WIDTH)
    for number, table in enumerate(tables.layouts, 1):
        if table.size < SMALL_PRINT:
            raise UnsuitableError(f"第 {number} 个表格有 {table.columns} 列，公告栏纸面放不下；请拆成几个表格，或改作附件")
    shapes = {block["name"]: LARGEST for block in pictures(words["blocks"])}
    printing = Printing(paper="a4", dated=date.min, replaces=words["sheet"] if words["correction"] is not None else "")
    if (pages := _Sheet(words, printing, shapes, setter).pages(TIGHT)) > MAX_PAGES:
        raise UnsuitableError(f"排出来有 {pages} 页，公告栏一份最多 {MAX_PAGES} 页；请改为张贴摘要，全文作附件或登在网站上")


def days_of(pdf: bytes) -> int | None:
    """How many days a sheet is to hang, as its file says; None if it is not whole or no sheet of ours."""
    found = KEYWORDS.search(pdf) if pdf.startswith(b"%PDF-") and pdf.rstrip().endswith(b"%%EOF") else None
    return int(found[1]) if found else None


def print_pdf(words: dict[str, Any], printing: Printing, shapes: Mapping[str, Picture], setter: Typesetter, *, root: Path) -> bytes:
    """The sheet as PDF; its pictures lie in `root`.

    Raises:
        TypesettingError: a picture is not what its name says.
    """
    return _Sheet(words, printing, shapes, setter).pdf(root)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    """How a text is fitted to its pages."""

    size: float = SMALLEST  #: of the body's type, points on A4
    pitch: float = 1.75  #: from line to line, em: 28 pt at 16 pt
    height: float = LOWEST  #: millimetres a picture may be tall


#: what GB/T 9704 allows so that the signature does not stand alone on a page: lines a little closer, 26 pt at 16 pt
TIGHT = _Fit(pitch=1.625)


class _Sheet:
    def __init__(self, words: dict[str, Any], printing: Printing, shapes: Mapping[str, Picture], setter: Typesetter) -> None:
        self._words, self._printing, self._shapes, self._setter = words, printing, shapes, setter

    def pages(self, fit: _Fit) -> int:
        return self._setter.pages(template(), self._inputs(fit, draw=False))

    def pdf(self, root: Path) -> bytes:
        return self._setter.pdf(template(), self._inputs(self._largest(), draw=True), dated=self._printing.dated, root=root)

    def _largest(self) -> _Fit:
        """The largest type that takes no more pages than the smallest, then the largest pictures that take no more either."""
        fewest = self.pages(TIGHT)
        # type larger by a half makes fewest - 1 full pages longer by a half at least: what surely runs over is not tried
        fits = [TIGHT, _Fit(), *(_Fit(size=size) for size in SIZES if (fewest - 1) * size <= fewest * SMALLEST)]
        best, over = 0, len(fits)  # the first is sure, larger type takes no fewer pages: the last that will do is found by halving
        while over - best > 1:
            middle = (best + over) // 2
            best, over = (middle, over) if self.pages(fits[middle]) <= fewest else (best, middle)
        larger = [replace(fits[best], height=height) for height in HEIGHTS] if self._shapes else []
        return next((fit for fit in larger if self.pages(fit) <= fewest), fits[best])

    def _inputs(self, fit: _Fit, *, draw: bool) -> dict[str, Any]:
        tables = _Tables(fit.size)
        blocks = _addressed(tables.of(self._words["blocks"], WIDTH))
        words, printing = self._words, self._printing
        return {
            "sheet": {name: value for name, value in words.items() if name != "blocks"},
            "labels": LABELS,
            "dress": {
                **asdict(fit), "draw": draw, "scale": PAPERS[printing.paper], "faces": self._setter.faces,
                "kai": self._setter.has("kai"), "replaces": printing.replaces,
                "keywords": [words["index_number"], words["sheet"], str(words["days"])],
                "title": asdict(set_title(words["title"], width=WIDTH, body=fit.size)),
                "qr": qr_code(words["link"]) if draw and words["link"] else "",
                "staff": printing.staff, "staff_qr": qr_code(printing.staff, error="l") if draw and printing.staff else "",
                "blocks": blocks, "tables": [asdict(table) for table in tables.layouts],
                "pictures": {name: {**asdict(p), "file": p.file if draw else None} for name, p in self._shapes.items()},
            },
        }


class _Tables:
    """Blocks as the template wants them: each table knows its measures, each cell how it stands."""

    def __init__(self, size: float) -> None:
        self._size = size
        self.layouts: list[TableLayout] = []

    def of(self, blocks: Sequence[Block], width: float) -> list[Block]:
        return [self._block(block, width) for block in blocks]

    def _block(self, block: Block, width: float) -> Block:
        match block["kind"]:
            case "ul" | "ol":
                return {**block, "items": [self.of(item, width - 4 * self._size) for item in block["items"]]}
            case "quote":
                return {**block, "blocks": self.of(block["blocks"], width - 2 * self._size)}
            case "table":
                return self._table(block, width)
        return block

    def _table(self, block: Block, width: float) -> Block:
        layout = lay_out(block["rows"], _lines, width=max(width, 80.0), size=self._size * TABLE)
        number = len(self.layouts)
        self.layouts.append(layout)
        columns = [share * width / sum(layout.widths) for share in layout.widths]
        rows = [[self._cell(cell, x, columns, layout) for x, cell in row] for row in layout.placed(block["rows"])]
        return {**block, "rows": rows, "number": number}

    def _cell(self, cell: Cell, x: int, columns: Sequence[float], layout: TableLayout) -> Cell:
        across = cell.get("cols", 1)
        return {**cell, "blocks": self.of(cell["blocks"], sum(columns[x : x + across])),
                "centred": layout.centred[x] if across == 1 else sum(map(len, _lines(cell))) <= 24,
                # a short row stays together; one taller than a page must not
                "breaks": sum(map(len, _lines(cell))) > 120 or any(True for _ in pictures(cell["blocks"]))}


def _addressed(blocks: list[Block]) -> list[Block]:
    """主送机关 stand flush left: a first paragraph that is no sentence and ends with a colon."""
    if not blocks or blocks[0]["kind"] != "p":
        return blocks
    said = "".join(texts(blocks[0]))
    if said.endswith("：") and len(said) <= 60 and not any(word in said for word in ("如下", "现", "，", "。", "；", "\n")):
        return [{**blocks[0], "flush": True}, *blocks[1:]]
    return blocks


def _lines(cell: Cell) -> list[str]:
    return [line for text in texts(cell["blocks"]) for line in text.split("\n")]


@cache
def template() -> bytes:
    """The sheet in Typst."""
    return TEMPLATE.read_bytes()


@lru_cache(maxsize=256)
def qr_code(link: str, *, error: str = "m") -> str:
    """The address as SVG, for telephones. `error`: how much of it may be damaged; less makes larger squares in a small space."""
    out = io.BytesIO()
    segno.make(link, error=error, micro=False).save(out, kind="svg", border=0, xmldecl=False, nl=False)
    return out.getvalue().decode()
