"""A report as the public gets it: what its papers are called, what it is found by, and which of its data name no person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from reports.report import Cell, Recorded, Report
from reports.writers.layout import basis

#: what goes with it on every channel that takes files, in this order
ATTACHED = ("report.pdf", "report.docx", "report.xlsx", "rows.csv", "rows.json")
#: what is added to the report's title, so that no two papers have one name
ADDED: Mapping[str, str] = {"rows.csv": "（信息明细）", "rows.json": "（信息明细）", "report.xlsx": "（数据表）", "report.csv": "（数据）",
                            "report.json": "（数据）"}
ITEM = "report"  #: how the key of an item begins that is a report
UNSAFE = re.compile(r'[\\/:*?"<>|\x00-\x1f]')  #: what some system takes in no file's name


def item_key(form: str, when: str, number: int = 1) -> str:
    """The key by which the ledger knows the item that is a report, so that no report is handed over twice: `report:2021:2025`.

    `number`: a second is needed only once the first was withdrawn.
    """
    return f"{ITEM}:{form}:{when}" + (f":{number}" if number > 1 else "")


def called(title: str, name: str, *, note: str = "") -> str:
    """What a paper is called: 某某街道办事处2025年政府信息公开工作年度报告（数据表）.xlsx. `note` stands before its ending."""
    return f"{UNSAFE.sub('_', title)}{ADDED.get(name, '')}{note}.{name.rpartition('.')[2]}"


def keywords(report: Report) -> tuple[str, ...]:
    """What it is found by."""
    return ("政府信息公开", "年度报告" if report.form.period == "year" else "统计", f"{report.filing.year}年")


def summary(report: Report) -> str:
    """What it is, of which days and how it was counted."""
    return f"{report.filing.title}。{basis(report)}"


def public(report: Report) -> Report:
    """The same report without who recorded a fact, when, and what they noted beside it: as open data it names no person."""
    return replace(report, cells={address: _public(cell) for address, cell in report.cells.items()})


def _public(cell: Cell) -> Cell:
    if not isinstance(cell.origin, Recorded):
        return cell
    return replace(cell, origin=Recorded(fact=replace(cell.origin.fact, by="", note="")))
