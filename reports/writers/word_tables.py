"""A report's tables in Word: real ones, with a head that repeats on every page and rows that never break."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table

from reports.prose import UNKNOWN
from reports.writers.grids import Grid
from reports.writers.measures import UNKNOWN_SIZE, padding, size, whole, widths
from reports.writers.placing import HEADS, Cell, Role, rows
from reports.writers.word_styles import CELL, HEI, NUMBER, SMALL, face

CENTRED = HEADS | {Role.UNIT}


def draw(paper: Document, grid: Grid) -> None:
    """One table with caption, unit and note."""
    if grid.said:
        paper.paragraphs[-1].paragraph_format.space_after = Pt(6)
    else:
        paper.add_paragraph(grid.caption, style="Caption")
    if grid.above:
        above = paper.add_paragraph(grid.above, style=SMALL)
        above.paragraph_format.keep_with_next, above.paragraph_format.space_after = True, Pt(2)
    if grid.unit:
        unit = paper.add_paragraph(f"单位：{grid.unit}", style=SMALL)
        unit.alignment, unit.paragraph_format.keep_with_next, unit.paragraph_format.space_after = WD_ALIGN_PARAGRAPH.RIGHT, True, Pt(2)
    _fill(_empty(paper, grid), grid)
    paper.add_paragraph(grid.note, style=SMALL).paragraph_format.space_before = Pt(3)


def _empty(paper: Document, grid: Grid) -> Table:
    table: Table = paper.add_table(rows=len(list(rows(grid))), cols=grid.width, style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, widths(grid), strict=True):
        column.width = Mm(width)
    properties: Any = table._tbl.tblPr  # noqa: SLF001 - python-docx has no word for margins and descriptions
    margins = OxmlElement("w:tblCellMar")
    for side, twips in (("top", 20), ("left", round(padding(grid) * 56.7)), ("bottom", 20), ("right", round(padding(grid) * 56.7))):
        margins.append(_element(f"w:{side}", w=str(twips), type="dxa"))
    properties.find(qn("w:tblLook")).addprevious(margins)
    properties.append(_element("w:tblCaption", val=grid.caption))  # what is read aloud before the table
    properties.append(_element("w:tblDescription", val=grid.note or grid.caption))
    return table


def _fill(table: Table, grid: Grid) -> None:
    cells: list[list[Any]] = [list(row.cells) for row in table.rows]
    for line in cells:
        for cell, width in zip(line, widths(grid), strict=True):
            cell.width = Mm(width)
    together = range(len(cells) - 1) if whole(grid) else ()
    for number, row in enumerate(rows(grid)):
        properties = table.rows[number]._tr.get_or_add_trPr()  # noqa: SLF001
        properties.append(_element("w:cantSplit"))
        if row.head and row.band == 0:
            properties.append(_element("w:tblHeader"))
        for cell in row.cells:
            within = cells[number][cell.column]
            if cell.across > 1 or cell.down > 1:
                within = within.merge(cells[number + cell.down - 1][cell.column + cell.across - 1])
            _write(within, cell, size(grid))
        if row.head:
            _shade(cells[number])
        if number in together:
            keep(cells[number])


def _write(within: Any, cell: Cell, points: float) -> None:
    line = within.paragraphs[0]
    line.style = NUMBER if cell.role is Role.NUMBER else CELL
    run = line.add_run(cell.text)
    run.font.size = Pt(points)
    if cell.role in HEADS:
        face(run, HEI)
    if cell.role in CENTRED:
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if cell.text == UNKNOWN:
        run.font.highlight_color, run.font.size = WD_COLOR_INDEX.YELLOW, Pt(min(points, UNKNOWN_SIZE))
    line.paragraph_format.keep_with_next = cell.role is Role.GROUP or cell.role in HEADS
    if cell.level:
        line.paragraph_format.left_indent = Pt(points * cell.level)
    within.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER


def keep(cells: Iterable[Any]) -> None:
    """Let a row stand on the page of the row below it."""
    for cell in cells:
        for line in cell.paragraphs:
            line.paragraph_format.keep_with_next = True


def _shade(cells: list[Any]) -> None:
    for cell in {id(cell._tc): cell for cell in cells}.values():  # noqa: SLF001
        properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001
        if properties.find(qn("w:shd")) is None:
            after = properties.find(qn("w:vAlign"))
            shade = _element("w:shd", val="clear", color="auto", fill="F1EFEC")
            properties.insert(len(properties) if after is None else properties.index(after), shade)


def _element(name: str, **attributes: str) -> Any:
    made = OxmlElement(name)
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), value)
    return made
