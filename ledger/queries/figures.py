"""Figures counted by the database. `content.figures.count` says the same, row by row, and tests hold the two together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from content.figures import Figures
from ledger.queries.counting import kinds_ever, span, tally


def figures(*, office: str, year: int, categories: Sequence[str], as_of: datetime) -> Figures:
    """渠道统计 of an office and a year, as the ledger stood at `as_of`. Every kind the office ever opened has its row.

    What counts, and as what: `ledger.queries.counting`.

    Raises:
        UnknownError: no such office.
        ClockError: `as_of` names no zone.
    """
    asked = span(office, year, as_of)
    return tally(asked).figures(office=office, year=year, kinds=kinds_ever(asked.office), categories=categories, as_of=as_of)
