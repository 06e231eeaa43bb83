"""Working days by the Chinese calendar, and the day by which an item is due."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from content.workdays import announced, cutoff, due, is_workday, next_workday, workdays_between

#: days within the years whose holidays are announced, and beyond both ends
DAYS = st.dates(date(2001, 1, 1), date(2035, 12, 31))
TERMS = st.integers(1, 40)
DAY = timedelta(days=1)


@pytest.mark.parametrize(("day", "worked"), [
    (date(2024, 2, 9), True),  # 除夕 2024 was no holiday
    (date(2024, 2, 12), False),  # 春节
    (date(2024, 2, 18), True),  # a Sunday worked in exchange
    (date(2024, 10, 1), False), (date(2024, 10, 12), True), (date(2024, 6, 1), False), (date(2018, 12, 29), True),
])
def test_knows_holidays_and_the_weekends_worked_in_exchange(day, worked):
    assert is_workday(day) is worked


@pytest.mark.parametrize(("made_on", "on"), [
    (date(2024, 5, 28), date(2024, 6, 26)),  # 端午 on the way
    (date(2024, 1, 22), date(2024, 2, 22)),  # 春节, with two weekend days worked
    (date(2024, 5, 25), date(2024, 6, 24)),  # made on a Saturday: counted from Monday
])
def test_an_item_is_due_after_twenty_working_days(made_on, on):
    assert due(made_on).on == on
    assert due(made_on).sure


def test_says_where_the_calendar_is_not_announced_yet():
    """A year beyond the last announced, and its last week, which may yet be worked in exchange for New Year."""
    last = max(day for year in range(2026, 2040) if announced(day := date(year, 6, 1)))
    assert due(date(last.year, 11, 2)).sure
    assert not due(date(last.year, 12, 10)).sure
    assert not due(date(last.year, 12, 28)).sure
    assert not announced(date(last.year + 1, 2, 1))
    assert not due(date(2003, 12, 20)).sure
    assert is_workday(date(last.year + 1, 3, 1)) == (date(last.year + 1, 3, 1).weekday() < 5)


@given(DAYS, TERMS)
def test_a_term_is_its_number_of_working_days(made_on, days):
    end = due(made_on, days).on
    assert workdays_between(made_on, end) == days
    assert workdays_between(end, made_on) == -days
    assert is_workday(end)


@given(DAYS, DAYS, TERMS)
def test_what_is_made_later_is_due_no_earlier(one, other, days):
    first, second = sorted((one, other))
    assert due(first, days).on <= due(second, days).on
    assert cutoff(first, days) <= cutoff(second, days)


@given(DAYS, DAYS, TERMS)
@example(date(2024, 1, 17), date(2024, 2, 19), 20)
def test_the_cutoff_is_the_term_turned_round(made_on, day, days):
    """So that the ledger finds what is due by comparing days alone."""
    assert (due(made_on, days).on <= day) == (made_on <= cutoff(day, days))
    edge = cutoff(day, days)
    assert due(edge, days).on <= day < due(edge + DAY, days).on


@given(DAYS, DAYS, DAYS)
def test_working_days_add_up(one, other, third):
    start, middle, end = sorted((one, other, third))
    assert workdays_between(start, middle) + workdays_between(middle, end) == workdays_between(start, end)


@given(DAYS)
def test_the_next_working_day_is_the_first_after(day):
    found = next_workday(day)
    assert found > day
    assert workdays_between(day, found) == 1
    assert found == due(day, 1).on


def test_refuses_a_term_of_no_days():
    with pytest.raises(ValueError, match="name at least 1"):
        due(date(2024, 5, 28), 0)
