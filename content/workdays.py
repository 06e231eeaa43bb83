"""Working days by the Chinese calendar: weekends, holidays and the weekends that are worked in exchange (调休上班).

The State Council announces a year's holidays in the autumn before. Beyond what is announced, weekends alone are counted and every answer
says that it is not sure. Days are those of the office's calendar; what today is comes in as an argument.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from chinese_calendar.constants import holidays, workdays

DISCLOSURE_DAYS = 20  #: 政府信息公开条例 Art. 26: within 20 working days of the day the information was made or changed
DAY = timedelta(days=1)
WEEKEND = 5  #: Saturday, in Python's count of weekdays

_OFF, _ON = frozenset(holidays), frozenset(workdays)  #: holidays and days between; weekend days that are worked
_FIRST = date(min(_OFF).year, 1, 1)
#: the week before a year not yet announced may still be worked in exchange for its New Year: 29 December 2018 was
_LAST = date(max(_OFF).year, 12, 24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The day by which something is to be done."""

    on: date
    sure: bool  #: False: a part of the way is not announced yet, and weekends alone were counted there


def announced(day: date) -> bool:
    """Whether the calendar knows this day's holidays."""
    return _FIRST <= day <= _LAST


def is_workday(day: date) -> bool:
    """Whether offices work on that day; Monday to Friday where nothing is announced."""
    return day in _ON or (day.weekday() < WEEKEND and day not in _OFF)


def next_workday(day: date) -> date:
    """The first working day after that day."""
    return _step(day, DAY)


def due(made_on: date, days: int = DISCLOSURE_DAYS) -> Due:
    """The last day for something made on `made_on`. The day itself is not counted (民法典 Art. 201).

    Raises:
        ValueError: fewer than one day.
    """
    if days < 1:
        raise ValueError(f"{days} working days are no term; name at least 1")
    day = made_on
    for _ in range(days):
        day = _step(day, DAY)
    return Due(on=day, sure=announced(made_on) and announced(day))


def cutoff(day: date, days: int = DISCLOSURE_DAYS) -> date:
    """The latest day of making whose term ends by `day`, so that a query over made_on needs no calendar.

    `due(made_on).on <= day` exactly when `made_on <= cutoff(day)`.
    """
    counted = day if is_workday(day) else _step(day, -DAY)  # the last working day that has come by `day`
    for _ in range(days - 1):
        counted = _step(counted, -DAY)
    return counted - DAY  # made on the day before its first counted day, at the latest


def workdays_between(start: date, end: date) -> int:
    """Working days after `start` up to and with `end`; negative where `end` comes first."""
    if end < start:
        return -workdays_between(end, start)
    return sum(is_workday(start + DAY * n) for n in range(1, (end - start).days + 1))


def _step(day: date, by: timedelta) -> date:
    day += by
    while not is_workday(day):
        day += by
    return day
