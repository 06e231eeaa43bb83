"""Every number of a report in one list, with its names and where it comes from: what spreadsheets, CSV and JSON print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo

from content.measures import Measure, What
from reports.forms.values import Column, Form, Row, Table
from reports.report import Added, Cell, Counted, Recorded, Report

NAMED = re.compile(r"(.+)（(.{1,4})）")  #: a fact with its unit: 政府信息公开栏（个）
ORIGINS = {"counted": "台账统计", "recorded": "登记", "added": "合计", "unknown": "待填"}
WHATS = {What.ITEMS: "主动公开条数", What.CORRECTIONS: "更正条次", What.WITHDRAWN: "撤回条数", What.URGENT: "急件签发件数"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number by all its names."""

    address: str
    table: str  #: title; empty for a figure that only the text speaks of
    label: str  #: of the row, with the groups it stands in: 三、本年度办理结果 / （一）予以公开
    column: str
    unit: str
    cell: Cell
    zone: tzinfo | None  #: the office's

    @property
    def name(self) -> str:
        """What people call it: by its row with the groups it stands in, and by its column."""
        return " · ".join(filter(None, (self.label or self.table, self.column)))

    @property
    def path(self) -> str:
        """Where it stands: its table, its row and its column."""
        return " / ".join(filter(None, (self.table, self.label, self.column)))

    @property
    def origin(self) -> str:
        """counted, recorded, added or unknown."""
        return type(self.cell.origin).__name__.casefold()

    @property
    def measure(self) -> str:
        """What was counted, as `gongkai figures` takes it."""
        return str(self.cell.origin.measure) if isinstance(self.cell.origin, Counted) else ""

    @property
    def by(self) -> str:
        """Who recorded it."""
        return self.cell.origin.fact.by if isinstance(self.cell.origin, Recorded) else ""

    @property
    def at(self) -> str:
        """When it was recorded, ISO 8601, by the office's clocks."""
        return self.cell.origin.fact.at.astimezone(self.zone).isoformat() if isinstance(self.cell.origin, Recorded) else ""

    @property
    def note(self) -> str:
        """What whoever recorded it wrote beside it."""
        return self.cell.origin.fact.note if isinstance(self.cell.origin, Recorded) else ""

    @property
    def counted(self) -> str:
        """What was counted, or what was added."""
        return self.measure or " + ".join(self.parts)

    @property
    def parts(self) -> tuple[str, ...]:
        """The addresses of which it is the sum."""
        return self.cell.origin.of if isinstance(self.cell.origin, Added) else ()


def numbers(report: Report) -> Iterator[Number]:
    """Every number: the tables' in the form's order, then those that only the text speaks of."""
    form, zone = report.form, report.as_of.tzinfo
    for table in form.tables.values():
        above = _groups(table)
        for address, row, column in table.cells():
            yield Number(address=address, table=table.title, label=above[row.id], column=_column(table, column),
                         unit=row.unit or column.unit or table.unit, cell=report.cells[address], zone=zone)
    for address, measure in form.measures.items():
        unit = "件" if measure.what is What.URGENT else "条"
        yield Number(address=address, table="", label=counted(measure, form), column="", unit=unit, cell=report.cells[address], zone=zone)
    for address, fact in form.facts.items():
        found = NAMED.fullmatch(fact.label)
        name, unit = found.groups() if found else (fact.label, "")
        yield Number(address=address, table="", label=name, column="", unit=unit, cell=report.cells[address], zone=zone)


def counted(measure: Measure, form: Form) -> str:
    """A measure in words: 主动公开条数（政府网站，全文）."""
    names = {row.measure: row.label for _, _, row, _ in form.cells() if row.measure}

    kinds = [names[Measure(kinds=(kind,))] for kind in measure.kinds if Measure(kinds=(kind,)) in names] or measure.kinds  # those it has
    titles = {row.measure.column: row.label for _, _, row, _ in form.cells() if row.measure and row.measure.column}
    column = "、".join(titles.get(slug, slug) for slug in measure.columns)
    said = ("、".join(kinds) + ("以外" if measure.others else ""), measure.category, column, f"{measure.month}月" if measure.month else "",
            "全文" if measure.full_text else "")
    narrowed = "，".join(filter(None, said))
    return WHATS[measure.what] + (f"（{narrowed}）" if narrowed else "")


def _column(table: Table, column: Column) -> str:
    """A column's headings, without one that stands over all of them."""
    if len(table.columns) == 1:
        return ""
    firsts = {one.under.split("：")[0] for one in table.columns}
    under = [*filter(None, column.under.split("："))][len(firsts) == 1 :]
    return "：".join((*under, column.label))


def _groups(table: Table) -> dict[str, str]:
    """By row: its label after those of the rows above that are set in less."""
    out: dict[str, str] = {}
    above: list[Row] = []
    for row in table.rows:
        above = [one for one in above if one.level < row.level]
        out[row.id] = " / ".join(one.label for one in (*above, row))
        above.append(row)
    return out
