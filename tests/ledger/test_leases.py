"""Leases: one holder at a time, the dead are followed at once, and nobody takes back what is another's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ledger import queries, services
from ledger.errors import LedgerError
from ledger.models import Lease
from tests.builders import OFFICE_CODE
from tests.ledger.race import raced
from tests.ledger.stage import NOON, minutes, opened

pytestmark = pytest.mark.ledger


def take(holder: str, at=NOON, **more) -> bool:
    return services.take_lease(name="qingshui/wechat", holder=holder, now=at, until=at + timedelta(minutes=10), **more)


def test_a_lease_is_taken_renewed_refused_and_given_back(database):
    assert take("p1")
    assert take("p1", minutes(5))
    assert not take("p2", minutes(14))
    services.give_back(name="qingshui/wechat", holder="p1")
    assert take("p2", minutes(14))


def test_an_expired_lease_is_taken_over_and_the_late_holder_cannot_give_it_back(database):
    assert take("p1")
    assert not take("p2", minutes(10))
    assert take("p2", minutes(11))
    assert not take("p1", minutes(12))
    services.give_back(name="qingshui/wechat", holder="p1")
    assert Lease.objects.get().holder == "p2"


def test_a_dead_holder_is_followed_at_once(database):
    assert take("p1")
    assert not take("p2", dead=lambda holder: False)
    assert take("p2", dead=lambda holder: holder == "p1")


def test_two_leases_do_not_know_each_other(database):
    assert take("p1")
    assert services.take_lease(name="qingshui/board", holder="p2", now=NOON, until=minutes(1))


@pytest.mark.parametrize("before", ["free", "expired", "dead"])
def test_of_many_processes_exactly_one_gets_it(database, before):
    if before != "free":
        take("p0", NOON - timedelta(hours=1) if before == "expired" else NOON)
    answers = raced(6, lambda n: take(f"q{n}", dead=lambda holder: holder == "p0"))
    assert sorted(answers) == [False] * 5 + [True]
    assert Lease.objects.get().holder == f"q{answers.index(True)}"


def test_a_name_that_does_not_fit_is_refused(database):
    with pytest.raises(LedgerError, match="holder: 201 characters"):
        take("p" * 201)


def test_a_tick_leaves_its_beat(database):
    opened()
    assert queries.last_beat(office=OFFICE_CODE, flow="publish") is None
    services.beat(office=OFFICE_CODE, flow="publish", at=NOON)
    services.beat(office=OFFICE_CODE, flow="publish", at=minutes(1), finished=True)
    assert queries.last_beat(office=OFFICE_CODE, flow="publish") == NOON
    assert raced(4, lambda n: services.beat(office=OFFICE_CODE, flow="settle", at=minutes(n))) == [None] * 4
