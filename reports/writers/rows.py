"""Open data: the rows behind a report, published beside it as `rows.csv` and `rows.json`.

Whoever counts the rows again finds the report's counted numbers. Of staff nothing is said: neither who drafted, reviewed, signed and put
up, nor who recorded a fact, nor what was noted beside one. Of a withdrawn item no word comes back, its title neither, as on the website.
The shape is documented in docs/howto/open-data.md.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from content.figures import Counting
from content.yearbook import Opened
from reports.counting import SAID
from reports.filing import number
from reports.report import Recorded, Report
from reports.writers.csv import harmless
from reports.writers.origins import numbers

VERSION = 1  #: of the JSON
FIELDS = ("list", "index_number", "edition", "title", "column", "column_label", "category", "released_on", "channels", "channel_labels",
          "evidence", "withdrawn")
NAMES = ("rows.csv", "rows.json")
BETWEEN = " | "  #: several in one cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A fact as it is published: what was said, and nothing of who said it."""

    cell: str
    label: str  #: with table and column: 政府信息公开情况统计表 / 六、举报投诉数量
    value: int | str | None  #: as `reports.filing.number`
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """What is behind a report's numbers. A correction and a withdrawal have lists of their own: they do not count again."""

    office: str  #: full name
    year: int
    first_day: date
    last_day: date
    as_of: datetime
    counting: Counting
    items: tuple[Opened, ...]  #: behind the total that counts each item once: `Measure()`
    corrections: tuple[Opened, ...] = ()
    withdrawn: tuple[Opened, ...] = ()
    gone: frozenset[str] = frozenset()  #: index numbers of items withdrawn by now, also after the year; those of `withdrawn` always are
    facts: tuple[Told, ...] = ()
    kinds: Mapping[str, str] = field(default_factory=dict)  #: a kind of channel → its label
    columns: Mapping[str, str] = field(default_factory=dict)  #: a column's slug → its name

    def __post_init__(self) -> None:
        object.__setattr__(self, "gone", self.gone | {row.index_number for row in self.withdrawn})

    def lists(self) -> Mapping[str, list[Opened]]:
        """The rows by list, each in the order of days and index numbers, however they came."""
        lists = {"items": self.items, "corrections": self.corrections, "withdrawn": self.withdrawn}
        return {name: sorted(rows, key=lambda row: (row.released_on, row.index_number, row.edition)) for name, rows in lists.items()}


def behind(report: Report, *, items: Iterable[Opened], corrections: Iterable[Opened] = (), withdrawn: Iterable[Opened] = (),
           gone: Iterable[str] = (), kinds: Mapping[str, str], columns: Mapping[str, str]) -> Rows:
    """The rows of a report, with what was recorded for it.

    Args:
        report: whose numbers they are behind.
        items: the rows of `Measure()`.
        corrections: those of the measure `corrections`.
        withdrawn: those of the measure `withdrawn`.
        gone: the index numbers of items withdrawn after the year; those of `withdrawn` need not be named again.
        kinds: the label of each kind of channel.
        columns: the name of each column, by slug.
    """
    filing = report.filing
    return Rows(office=filing.office, year=filing.year, first_day=filing.first_day, last_day=filing.last_day, as_of=report.as_of,
                counting=filing.counting, items=tuple(items), corrections=tuple(corrections), withdrawn=tuple(withdrawn),
                gone=frozenset(gone), facts=tuple(_told(report)), kinds=dict(kinds), columns=dict(columns))


def write(rows: Rows) -> dict[str, bytes]:
    """Both files, by name. The same rows are the same bytes."""
    return dict(zip(NAMES, (_csv(rows), _json(rows)), strict=True))


def _told(report: Report) -> Iterator[Told]:
    for one in numbers(report):
        if isinstance(one.cell.origin, Recorded):
            yield Told(cell=one.address, label=one.path, value=number(one.cell.value), unit=one.unit)


def _csv(rows: Rows) -> bytes:
    """A line a row. UTF-8 with a mark at its front, so that spreadsheets read Chinese; no cell is a formula."""
    out = io.BytesIO()
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    lines = csv.writer(text, lineterminator="\r\n")
    lines.writerow(FIELDS)
    for name, some in rows.lists().items():
        for row in some:
            gone = row.index_number in rows.gone
            lines.writerow([harmless(cell) for cell in (
                name, row.index_number, str(row.edition), "" if gone else row.title, row.column, rows.columns.get(row.column, row.column),
                row.category, row.released_on.isoformat(), BETWEEN.join(row.kinds),
                BETWEEN.join([rows.kinds.get(kind, kind) for kind in row.kinds]), BETWEEN.join(row.evidence), "yes" if gone else "")])
    return out.getvalue()


def _json(rows: Rows) -> bytes:
    """Everything, with what it is and how it was counted; a line a row."""
    said = {
        "gongkai_rows": VERSION, "office": rows.office, "year": rows.year,
        "period": [rows.first_day.isoformat(), rows.last_day.isoformat()], "as_of": rows.as_of.isoformat(),
        "counting": rows.counting.value, "counting_says": SAID[rows.counting], "channels": dict(rows.kinds), "columns": dict(rows.columns),
    }
    lists = {**{name: (_row(row, rows.gone) for row in some) for name, some in rows.lists().items()},
             "facts": (asdict(fact) for fact in rows.facts)}
    out = io.BytesIO()  # a province has a million rows: they are not held as text besides
    out.write(b"{" + b",".join(f"\n {_text(name)}: {_text(value)}".encode() for name, value in said.items()))
    for name, some in lists.items():
        out.write(f",\n {_text(name)}: [".encode())
        for place, row in enumerate(some):
            out.write(f"{',' if place else ''}\n  {_text(row)}".encode())
        out.write(b"\n ]")
    out.write(b"\n}\n")
    return out.getvalue()


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _row(row: Opened, gone: frozenset[str]) -> dict[str, Any]:
    withdrawn = row.index_number in gone
    return {"index_number": row.index_number, "edition": row.edition, "title": None if withdrawn else row.title, "column": row.column,
            "category": row.category, "released_on": row.released_on.isoformat(), "channels": row.kinds,
            "evidence": row.evidence, "withdrawn": withdrawn}
