"""A report as it stands on a page, whatever draws it: headings, paragraphs, tables, charts, in order. No measures, no markup."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from content.figures import Counting
from reports.counting import SAID
from reports.forms.reading import named
from reports.forms.values import Form, Part, Table
from reports.prose import paragraphs
from reports.report import Report, day
from reports.writers.grids import Grid, grid

#: a line of a text that is a heading of its own: （一）主动公开
SUBHEADING = re.compile(r"（[一二三四五六七八九十]{1,3}）[^，。；：]{1,40}")
TITLE_FITS = 19  #: characters of a title in one line of paper
UNSIGNED = "　　年　　月　　日"  #: where a person writes the day by hand
BESIDES = {Counting.SUM: "；类别、栏目和月份按信息统计，相同信息计1条"}  #: what a rule leaves as it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The heading of a part, or of a section in it."""

    text: str
    level: int  #: 1: a part
    annex: bool = False  #: begins a page


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Words."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Counts that a reader would rather look at: the rows of one table as bars."""

    name: str  #: the table's
    title: str
    unit: str
    bars: tuple[tuple[str, int | None], ...]  #: label and count; None: unknown


@dataclass(frozen=True, slots=True)
class Signature:
    """The place of office, day and `basis`: behind the last words, before an annex."""


Piece = Heading | Paragraph | Grid | Chart | Signature


def pieces(report: Report, *, join: bool = True) -> Iterator[Piece]:
    """The whole report below its title, in order. A chart follows the table that it shows, or else the words that speak of it.

    `join`: tables that the form joins are one, as on paper; else each is its own, which a screen reader finds its way in.
    """
    shown: set[str] = set()
    signed = False
    for part, section in zip(report.form.parts, report.filing.sections, strict=True):
        if part.annex and not signed:
            yield Signature()
            signed = True
        if section.heading:
            yield Heading(text=section.heading, level=part.level, annex=part.annex)
        spoken = report.texts[part.id].splitlines()
        for number, line in enumerate(section.text.splitlines()):
            for text in paragraphs(line):
                yield Heading(text=text, level=part.level + 1) if SUBHEADING.fullmatch(text) else Paragraph(text=text)
            words = named(spoken[number]) if number < len(spoken) else ()
            yield from _charts(report, (word for word in words if word in report.form.tables.keys() - {*part.tables}), shown)
        for tables, found in grids(report, part, join=join):
            yield found
            yield from _charts(report, tables, shown)
    if not signed:
        yield Signature()


def _charts(report: Report, tables: Iterable[str], shown: set[str]) -> Iterator[Chart]:
    for name in tables:
        if charted(report.form.tables[name]) and name not in shown:
            shown.add(name)
            yield chart(report, report.form.tables[name])


def grids(report: Report, part: Part, *, join: bool) -> Iterator[tuple[list[str], Grid]]:
    """The tables of a part, each with the names of those of the form that it shows."""
    heading = re.sub(r"^[一二三四五六七八九十]+、|^附表：", "", part.heading)
    tables = [report.form.tables[name] for name in part.tables]
    for joined, some in groupby(tables, key=lambda table: table.joined and join):
        for run in ([list(some)] if joined else [[table] for table in some]):
            yield [table.id for table in run], grid(report, run, caption=heading if joined else run[0].title,
                                                    said=joined or run[0].title == heading)


def charted(table: Table) -> bool:
    """Whether a table is better looked at: several rows, one number each, all counted in the book, none part of another."""
    return len(table.columns) == 1 and len(table.rows) > 1 and all(row.measure and not row.level for row in table.rows)


def chart(report: Report, table: Table) -> Chart:
    """A table's rows as bars."""
    values = ((row.label, report.filing.cells.get(address)) for address, row, _ in table.cells())
    return Chart(name=table.id, title=table.title, unit=table.unit,
                 bars=tuple((label, None if value is None else int(value)) for label, value in values))


def title_lines(report: Report) -> list[str]:
    """A title too long for a line breaks after the office or the year: 某某街道办事处2017年, 政府信息公开年度报告."""
    filing = report.filing
    for head in (f"{filing.office}{filing.year}年", filing.office):
        rest = filing.title.removeprefix(head)
        if len(filing.title) > TITLE_FITS and rest not in ("", filing.title) and not (head != filing.office and rest[0].isdigit()):
            return [head, rest]
    return [filing.title]


def basis(report: Report) -> str:
    """How it was counted and when: belongs beside every number."""
    filing, at = report.filing, report.as_of
    rule = SAID[filing.counting] + BESIDES.get(filing.counting, "")
    return (f"统计口径：{rule}。统计期限：{day(filing.first_day)}至{day(filing.last_day)}。"
            f"数据截至{day(at.date())}{at.hour}时{at.minute:02}分的台账。")


def form_name(form: Form) -> str:
    """The form and the document that set it up."""
    return f"{form.name}（{form.source}）" if form.source else form.name
