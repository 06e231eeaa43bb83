"""Periods, as the ledger takes them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ledger.errors import LedgerError

Period = tuple[date, date]  #: first and last day


def within(year: int, period: Period | None) -> Period:
    """A period of a year: the year itself where none is named.

    Raises:
        LedgerError: it is no year, or the period does not lie in it.
    """
    if not 1949 <= year <= 9998:
        raise LedgerError(f"{year} is no year of a report", code="period", year=year, first="", last="")
    first, last = period or (date(year, 1, 1), date(year, 12, 31))
    if not date(year, 1, 1) <= first <= last <= date(year, 12, 31):
        raise LedgerError(f"{first} to {last} is no part of {year}; a period begins and ends within its year", code="period", year=year,
                          first=first.isoformat(), last=last.isoformat())
    return first, last


def bounds(period: Period, zone: str) -> tuple[datetime, datetime]:
    """The instant at which a period begins in a zone, and the one at which it is over."""
    first, last = period
    return (datetime.combine(first, time.min, ZoneInfo(zone)), datetime.combine(last + timedelta(days=1), time.min, ZoneInfo(zone)))


def year_before(period: Period) -> Period:
    """The same days of the year before. February ends where it ends."""
    first, last = period
    ends = last == date(last.year, last.month, monthrange(last.year, last.month)[1])
    day = monthrange(last.year - 1, last.month)[1]
    return first.replace(year=first.year - 1, day=min(first.day, 28) if first.month == 2 else first.day), last.replace(
        year=last.year - 1, day=day if ends else min(last.day, day))
