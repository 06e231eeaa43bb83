"""CSV: a row a number, with where it comes from. UTF-8 with a mark at its front, so that spreadsheets read Chinese."""

from __future__ import annotations

import csv
import io

from reports.filing import number
from reports.report import Report
from reports.writers.dress import Dress
from reports.writers.origins import numbers

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  #: what begins a formula
FIELDS = ("address", "table", "label", "column", "value", "unit", "origin", "measure", "by", "at", "note")


def write(report: Report, _dress: Dress) -> bytes:
    """Every number; a blank value is one that nobody has recorded."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(FIELDS)
    for one in numbers(report):
        value = number(one.cell.value)
        before, after = (one.address, one.table, one.label, one.column), (one.unit, one.origin, one.counted, one.by, one.at, one.note)
        rows.writerow([*map(harmless, before), "" if value is None else value, *map(harmless, after)])
    return out.getvalue().encode("utf-8-sig")


def harmless(word: str) -> str:
    """Words that a spreadsheet would take for a formula, as words; full-width signs begin one too where Chinese is typed."""
    return f"'{word}" if word.startswith(FORMULA) else word
