"""Word: the paper that an office edits, stamps and hands in."""

from __future__ import annotations

import io
from datetime import UTC
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX
from docx.shared import Mm, Pt
from docx.table import Table
from docx.text.paragraph import Paragraph as Line

from reports.prose import UNKNOWN
from reports.report import Report, day
from reports.writers.charts import alternative
from reports.writers.dress import Dress
from reports.writers.grids import Grid
from reports.writers.layout import UNSIGNED, Chart, Heading, Paragraph, Signature, basis, form_name, pieces, title_lines
from reports.writers.packing import repacked
from reports.writers.pictures import WIDTH, png
from reports.writers.word_styles import BODY, SIGNED, SMALL, number_pages, prepare
from reports.writers.word_tables import draw, keep

LAST = 2  #: rows of a table at the end that go with the signature


def write(report: Report, dress: Dress) -> bytes:
    """The report as .docx. What nobody has recorded is marked yellow."""
    paper = Document()
    prepare(paper)
    number_pages(paper)
    _properties(paper, report)
    said(paper.add_paragraph(style="Title"), "\n".join(title_lines(report)))
    if dress.note:
        said(paper.add_paragraph(style="Subtitle"), dress.note)
    for piece in pieces(report):
        match piece:
            case Heading():
                line = paper.add_paragraph(style=f"Heading {min(piece.level, 3)}")
                line.paragraph_format.page_break_before = piece.annex or None
                said(line, piece.text)
            case Paragraph():
                said(paper.add_paragraph(), piece.text)
            case Grid():
                draw(paper, piece)
            case Chart():
                _chart(paper, piece, report, dress)
            case Signature():
                _sign(paper, report, dress)
    out = io.BytesIO()
    paper.save(out)
    return repacked(out.getvalue())


def _chart(paper: Paper, chart: Chart, report: Report, dress: Dress) -> None:
    """The chart as a picture that is read aloud in words."""
    line = paper.add_paragraph(style=SMALL)
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    line.add_run().add_picture(io.BytesIO(png(chart, dress, dated=report.as_of.date())), width=Mm(WIDTH))
    picture: Any = paper.inline_shapes[-1]._inline.docPr  # noqa: SLF001 - python-docx has no word for what is read aloud
    picture.set("descr", alternative(chart))


def said(line: Line, text: str) -> None:
    """Words in a paragraph; every gap in them marked."""
    for place, words in enumerate(text.split(UNKNOWN)):
        if place:
            line.add_run(UNKNOWN).font.highlight_color = WD_COLOR_INDEX.YELLOW
        if words:
            line.add_run(words)


def _sign(paper: Paper, report: Report, dress: Dress) -> None:
    """Office and date, four characters in from the right, and below them how it was counted."""
    paper.add_paragraph()
    _with_words(paper)
    date = day(dress.signed_on) if dress.signed_on else UNSIGNED
    for text in (report.filing.office, date):
        line = paper.add_paragraph(text, style=SIGNED)
        line.paragraph_format.right_indent = Pt(BODY * (4 if text == date else max(1, 4 + (len(date) - len(text)) / 2)))
        line.paragraph_format.keep_with_next = True
    foot = paper.add_paragraph(basis(report), style=SMALL)
    foot.paragraph_format.space_before = Pt(BODY)


def _with_words(paper: Paper) -> None:
    """What stands last goes with the signature, which never has a page to itself."""
    *_, block, line, gap = paper.iter_inner_content()
    for one in (line, gap):
        if isinstance(one, Line):
            one.paragraph_format.keep_with_next = True
    if isinstance(block, Table):
        for row in block.rows[-LAST:]:
            keep(row.cells)


def _properties(paper: Paper, report: Report) -> None:
    """Who and when, from the report and never from the clock."""
    at, about = report.as_of.astimezone(UTC).replace(tzinfo=None), paper.core_properties
    about.title, about.author, about.last_modified_by = report.filing.title, report.filing.office, report.filing.office
    about.subject, about.comments, about.keywords, about.language = form_name(report.form), "", "政府信息公开,年度报告", "zh-CN"
    about.created = about.modified = about.last_printed = at
    about.revision = 1
