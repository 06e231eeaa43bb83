"""All papers of a report, as its doors hand them out: the same question and the same answers give the same bytes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from content.measures import Measure, What
from reports.making import Asked, Maker
from reports.publishing import public
from reports.report import Report
from reports.writers import WRITERS, Dress, Setter, rows, write

#: the papers that every report has, by file name
NAMES = (*(f"report.{ending}" for ending in WRITERS), *rows.NAMES)

DRAFT = "草稿，尚未定稿"
TAKEN_OVER = "沿用往年文字、还没有人看过的部分："
PRACTICE = "演练单位的报告，其中的数不作公开之用"


def dress(asked: Asked, *, setter: Setter, signed_on: date | None, final: bool, unseen: Iterable[str] = ()) -> Dress:
    """What a report wears: that it is a draft, or that the office only practises, stands under its title.

    `unseen`: the headings of parts whose words are an earlier report's; a draft names them.
    """
    begun = f"{TAKEN_OVER}{'、'.join(unseen)}" if unseen else ""
    said = [*([] if final else [DRAFT, *([begun] if begun else [])]), *([PRACTICE] if asked.office.sandbox else [])]
    return Dress(setter=setter, signed_on=signed_on, note="；".join(said))


def public_papers(asked: Asked, report: Report, maker: Maker, *, worn: Dress, at: datetime) -> dict[str, bytes]:
    """The papers that are made anew for the public, at an instant: of a report that was kept they take the place of the kept ones.

    The sheet is without the names of those who recorded its facts, the rows are without the words of what was withdrawn since.
    """
    withdrawn = {row.index_number for row in maker.opened(replace(asked, as_of=at), Measure()) if row.withdrawn}
    return {"report.xlsx": WRITERS["xlsx"](public(report), worn), **rows.write(behind(asked, report, maker, gone=withdrawn))}


def papers(asked: Asked, report: Report, *, maker: Maker, setter: Setter, signed_on: date | None = None,
           final: bool = False) -> dict[str, bytes]:
    """Every paper, by file name: Word, PDF, web page, Excel, CSV, JSON; and the rows behind its numbers as open data.

    `signed_on`: the day printed under it; None leaves a space. `final`: it is handed in, or made as it was.

    Raises:
        WritingError: one of them cannot be written.
    """
    unseen = [part.heading for part in report.form.parts if part.id in report.filing.taken_over]
    worn = dress(asked, setter=setter, signed_on=signed_on, final=final, unseen=unseen)
    return {**write(report, worn), **rows.write(behind(asked, report, maker))}


def behind(asked: Asked, report: Report, maker: Maker, *, gone: Iterable[str] = ()) -> rows.Rows:
    """The rows behind a report's numbers. `gone`: items whose words are left out besides those that were withdrawn by then."""
    items, corrections, withdrawn = (maker.opened(asked, Measure(what=what)) for what in (What.ITEMS, What.CORRECTIONS, What.WITHDRAWN))
    out = {row.index_number for row in (*items, *corrections) if row.withdrawn}.union(gone)
    met = dict.fromkeys(kind for some in (items, corrections, withdrawn) for row in some for kind in row.kinds)
    return rows.behind(report, items=items, corrections=corrections, withdrawn=withdrawn, gone=out,
                       kinds={kind: maker.labels.get(kind, kind) for kind in sorted(met)},
                       columns={column.slug: column.name for column in asked.office.columns})
