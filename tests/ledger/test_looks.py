"""核实 paced: what is in doubt is looked for after ten minutes, half an hour, two hours, then daily, then by a person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from content.deliveries import Outcome, Status
from content.rules import LOOKS, upcoming
from ledger import queries, services
from ledger.models import Delivery
from tests.builders import OFFICE_CODE
from tests.ledger.stage import NOON, carried, minutes, opened, posted, released

pytestmark = pytest.mark.ledger
DOUBT = Outcome(status=Status.UNCONFIRMED, detail="还不知道")
DAY = 24 * 60


def due(at: float) -> bool:
    return bool(queries.in_doubt(office=OFFICE_CODE, channel="wechat", at=minutes(at)))


def settle(at: float, outcome: Outcome = DOUBT) -> None:
    services.settle_as(delivery_id=Delivery.objects.get().pk, tries=1, outcome=outcome, at=minutes(at))


def in_doubt() -> None:
    opened()
    released("wechat")
    carried("wechat", DOUBT)


def test_the_looks_are_spaced_and_then_a_person_looks(database):
    in_doubt()
    for mark in (10, 30, 120, *(day * DAY for day in range(1, 8))):
        assert not due(mark - 1), mark
        assert due(mark), mark
        settle(mark)
    assert len(LOOKS) == 10
    assert not due(4000 * DAY)
    assert queries.events(office=OFFICE_CODE).rows[0].verb == "left to a person"
    assert [line.look_at for line in queries.troubled(offices=[OFFICE_CODE], at=minutes(8 * DAY))] == [None]


def test_a_person_may_still_have_it_looked_for_and_that_is_no_second_news(database):
    in_doubt()
    settle(8 * DAY)
    services.ask_to_look(delivery_id=Delivery.objects.get().pk, by="陈文书", at=minutes(9 * DAY))
    assert due(9 * DAY)
    settle(9 * DAY)
    assert not due(10 * DAY)
    assert [event.verb for event in queries.events(office=OFFICE_CODE).rows].count("left to a person") == 1


def test_where_nobody_could_be_asked_that_was_no_look(database):
    """The platform's day is used up: nine hours later, and the looks go on where they stood."""
    in_doubt()
    settle(10, Outcome(status=Status.UNCONFIRMED, retry_after=timedelta(hours=9)))
    assert not due(9 * 60 + 9)
    assert due(9 * 60 + 10)
    settle(9 * 60 + 10)
    assert due(DAY)
    assert not due(DAY - 1)


def test_an_attempt_that_never_reported_back_is_looked_for_too(database):
    opened()
    released("wechat")
    (one,) = queries.due_deliveries(office=OFFICE_CODE, channel="wechat", at=NOON)
    services.begin_attempt(delivery_id=one.delivery_id, tries=0, holder="h", at=NOON)
    assert not due(9)
    assert due(10)


def test_what_is_known_is_looked_for_no_more(database):
    in_doubt()
    settle(10, posted())
    assert not due(4000 * DAY)
    assert Delivery.objects.get().doubted_at is None


def test_sent_again_it_is_looked_for_from_its_new_attempt_on(database):
    in_doubt()
    settle(8 * DAY)
    services.send_again(delivery_id=Delivery.objects.get().pk, tries=1, by="陈文书", at=minutes(9 * DAY), reason="后台没有", looked=True)
    carried("wechat", DOUBT, at=minutes(9 * DAY))
    assert due(9 * DAY + 10)


def test_marks_that_were_missed_are_made_up_for_by_one_look():
    assert upcoming(NOON, NOON, LOOKS) == minutes(10)
    assert upcoming(NOON, minutes(10), LOOKS) == minutes(30)
    assert upcoming(NOON, minutes(3 * DAY + 1), LOOKS) == minutes(4 * DAY)
    assert upcoming(NOON, minutes(7 * DAY), LOOKS) is None


def test_what_a_withdrawal_waits_for_is_looked_for_at_once_and_then_every_half_hour(database):
    """Nobody knows whether the article is out, and it is to be taken back: that does not wait for tomorrow's look."""
    in_doubt()
    settle(3 * DAY)
    services.withdraw(index_number="006123456/2024-00017", by="周主任", at=minutes(3 * DAY + 60), reason="内容有误")
    assert due(3 * DAY + 60)
    doubtful = Delivery.objects.order_by("pk").first()
    services.settle_as(delivery_id=doubtful.pk, tries=1, outcome=DOUBT, at=minutes(3 * DAY + 60))
    assert [due(3 * DAY + 60 + later) for later in (1, 29, 30)] == [False, False, True]
    used_up = Outcome(status=Status.UNCONFIRMED, retry_after=timedelta(hours=9))
    services.settle_as(delivery_id=doubtful.pk, tries=1, outcome=used_up, at=minutes(3 * DAY + 90))
    assert [due(3 * DAY + 90 + later) for later in (30, 9 * 60)] == [False, True]  # where the platform says when, it is not hurried


def test_news_that_came_during_an_attempt_is_looked_into_when_it_ends_in_doubt(database):
    """The platform said it was out before we stopped asking: the next tick looks."""
    opened()
    released("wechat")
    one = queries.due_deliveries(office=OFFICE_CODE, channel="wechat", at=NOON)[0]
    work = services.begin_attempt(delivery_id=one.delivery_id, tries=one.tries, holder="test", at=NOON)
    services.ask_to_look(delivery_id=one.delivery_id, by="gongkai", at=minutes(1))
    services.end_attempt(work=work, outcome=DOUBT, at=minutes(2))
    assert queries.in_doubt(office=OFFICE_CODE, channel="wechat", asked=True)
