"""Quotas over all processes: never exceeded, reset times honoured, and no dearer after a year of calls."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from channels.accounts import Tempo
from content.accounts import Quota
from ledger.accounts import LedgerPace
from ledger.errors import ClockError, LedgerError
from ledger.models import Allowance, Call
from tests.ledger.race import raced
from tests.ledger.stage import NOON, minutes
from tests.ledger.test_cost import asked

pytestmark = pytest.mark.ledger
MINUTE = Quota(name="send", calls=3, per=timedelta(minutes=1))
DAY = Quota(name="get", calls=3, per=timedelta(days=1), midnight=ZoneInfo("Asia/Shanghai"))


def at(seconds: float) -> datetime:
    return minutes(seconds / 60)


def test_calls_are_counted_and_the_next_one_is_told_when_there_is_room(database):
    pace = LedgerPace()
    assert [pace.spend("a", MINUTE, at(second)) for second in (0, 10, 20)] == [None] * 3
    assert LedgerPace().spend("a", MINUTE, at(30)) == at(60)
    assert pace.spend("a", MINUTE, at(60)) is None
    assert pace.spend("a", MINUTE, at(61)) == at(70)


def test_a_day_is_the_platform_s_day(database):
    pace = LedgerPace()
    assert [pace.spend("a", DAY, NOON) for _ in range(4)] == [None] * 3 + [datetime(2024, 6, 4, tzinfo=ZoneInfo("Asia/Shanghai"))]
    assert pace.spend("a", DAY, datetime(2024, 6, 4, 0, 1, tzinfo=ZoneInfo("Asia/Shanghai"))) is None


def test_accounts_and_quotas_do_not_share_their_room(database):
    pace = LedgerPace()
    for account, quota in (("a", MINUTE), ("b", MINUTE), ("a", DAY)):
        assert [pace.spend(account, quota, NOON) for _ in range(3)] == [None] * 3
    assert Allowance.objects.count() == 3


def test_of_many_processes_no_more_get_through_than_the_platform_grants(database):
    quota = Quota(name="send", calls=7, per=timedelta(minutes=1))
    answers = raced(6, lambda n: [LedgerPace().spend("a", quota, at(n)) for _ in range(4)])
    assert sum(answer is None for of_one in answers for answer in of_one) == 7


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(calls=st.integers(1, 4), steps=st.lists(st.sampled_from([0, 1, 5, 20, 30, 59, 60, 61]), max_size=20), midnight=st.booleans())
def test_the_ledger_counts_as_one_process_would(sqlite, calls, steps, midnight):
    """In the order of time, and no stretch of a minute ever holds more calls than are granted."""
    quota = Quota(name="q", calls=calls, per=timedelta(minutes=1), midnight=ZoneInfo("UTC") if midnight else None)
    account, now, through, tempo = uuid4().hex, 0, [], Tempo()
    for step in steps:
        now += step
        answer = LedgerPace().spend(account, quota, at(now))
        assert answer == tempo.spend(account, quota, at(now))
        if answer is None:
            through.append(now)
        else:
            assert answer > at(now)
    if not midnight:
        assert all(sum(begin <= one < begin + 60 for one in through) <= calls for begin in through)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(calls=st.integers(1, 3), times=st.lists(st.integers(0, 200), max_size=20))
def test_clocks_that_disagree_let_no_more_through(sqlite, calls, times):
    """Two machines whose clocks are apart: a stretch of a minute by either clock holds no more."""
    quota, account = Quota(name="q", calls=calls, per=timedelta(minutes=1)), uuid4().hex
    through = [one for one in times if LedgerPace().spend(account, quota, at(one)) is None]
    assert all(sum(begin <= one < begin + 60 for one in through) <= calls for begin in through)


@pytest.mark.parametrize(("before", "after", "more"), [(5, 2, 0), (2, 5, 3)])
def test_a_quota_that_changes_counts_what_was_counted_before(database, before, after, more):
    def of(calls: int) -> list[datetime | None]:
        return [LedgerPace().spend("a", Quota(name="q", calls=calls, per=timedelta(minutes=1)), NOON) for _ in range(9)]

    assert of(before).count(None) == before
    assert of(after).count(None) == more


def test_what_the_platform_itself_says_is_kept_and_the_later_word_counts(database):
    pace = LedgerPace()
    pace.exhaust("a", MINUTE, minutes(10))
    pace.exhaust("a", MINUTE, minutes(5))
    assert LedgerPace().spend("a", MINUTE, minutes(9)) == minutes(10)
    assert Call.objects.count() == 0
    assert pace.spend("a", MINUTE, minutes(10)) is None
    assert pace.spend("b", MINUTE, NOON) is None


def test_a_practice_office_that_had_set_its_clock_ahead_does_not_shut_the_account(database):
    for _ in range(3):
        assert LedgerPace().spend("a", MINUTE, NOON + timedelta(days=900)) is None
    assert LedgerPace().spend("a", MINUTE, NOON) is None


def test_it_keeps_no_more_calls_than_can_matter_and_costs_the_same_after_many(database):
    pace = LedgerPace()
    for n in range(9):
        pace.spend("a", MINUTE, minutes(n))
    few = asked(lambda: pace.spend("a", MINUTE, minutes(9)))
    for n in range(10, 100):
        pace.spend("a", MINUTE, minutes(n))
    assert asked(lambda: pace.spend("a", MINUTE, minutes(100))) == few <= 8
    assert Call.objects.count() == MINUTE.calls
    assert Allowance.objects.get().made == 101


def test_what_cannot_be_kept_is_refused(database):
    with pytest.raises(LedgerError, match="account: 300 characters"):
        LedgerPace().spend("a" * 300, MINUTE, NOON)
    with pytest.raises(ClockError):
        LedgerPace().spend("a", MINUTE, NOON.replace(tzinfo=None))
