"""熔断: a channel that keeps failing for its own reasons rests, longer each time; one delivery tries it, and what that shows decides."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

import pytest

from content.deliveries import Outcome, Status
from content.rules import BREAKS_AFTER, RESTS
from ledger import queries, services
from ledger.errors import RestingError
from ledger.models import Attempt, Event
from tests.builders import OFFICE_CODE
from tests.ledger.race import raced
from tests.ledger.stage import NOON, carried, minutes, opened, posted, released

pytestmark = pytest.mark.ledger
WELL = Outcome(status=Status.POSTED, posting=posted().posting, well=True)
ANSWERED = Outcome(status=Status.REFUSED, detail="标题太长", well=True)
ILL = Outcome(status=Status.DEFERRED, detail="连接不上", retry_after=timedelta(), well=False)
SLOW = Outcome(status=Status.UNCONFIRMED, detail="还在发布")
SILENT = Outcome(status=Status.UNCONFIRMED, detail="没有回音", well=False)


SERIALS = count(1)


def queued(many: int, at: datetime = NOON) -> None:
    """So many more items for WeChat."""
    for _ in range(many):
        released("wechat", at=at, index_number=f"006123456/2024-{next(SERIALS):05d}")


@pytest.fixture(autouse=True)
def _office(database):
    opened()


def due(at: datetime) -> list[queries.Due]:
    return queries.due_deliveries(office=OFFICE_CODE, channel="wechat", at=at)


def attempt(outcome: Outcome, at: datetime) -> None:
    """The first that is due, tried."""
    one = due(at)[0]
    services.end_attempt(work=services.begin_attempt(delivery_id=one.delivery_id, tries=one.tries, holder="t", at=at), outcome=outcome, at=at)


def state(channel: str = "wechat") -> queries.BreakerLine | None:
    return next(one.breaker for one in queries.channel_states(office=OFFICE_CODE) if one.channel == channel)


def verbs() -> list[str]:
    return [verb for verb in Event.objects.order_by("seq").values_list("verb", flat=True) if verb.startswith("breaker")]


def broken(at: datetime = NOON) -> datetime:
    """WeChat failed as often as it takes; until when it rests."""
    queued(BREAKS_AFTER + 2)
    for _ in range(BREAKS_AFTER):
        attempt(ILL, at)
    assert state() is not None
    return state().rests_until


def test_it_rests_after_so_many_failures_in_a_row_and_nothing_is_claimed_meanwhile():
    queued(BREAKS_AFTER + 1)
    for _ in range(BREAKS_AFTER - 1):
        attempt(ILL, NOON)
    assert state() is None
    waiting = due(NOON)[0]
    attempt(ILL, NOON)
    assert (state().failures, state().rests_until, state().detail) == (BREAKS_AFTER, NOON + RESTS[0], "连接不上")
    assert due(minutes(4)) == []
    made = Attempt.objects.count()
    with pytest.raises(RestingError, match="wechat failed 5 times in a row"):
        services.begin_attempt(delivery_id=waiting.delivery_id + 1, tries=0, holder="t", at=minutes(4))
    assert Attempt.objects.count() == made
    assert verbs() == ["breaker opened"]


@pytest.mark.parametrize("between", [WELL, ANSWERED])
def test_an_answer_in_between_begins_the_count_anew(between):
    queued(BREAKS_AFTER * 2)
    for outcome in [ILL] * (BREAKS_AFTER - 1) + [between] + [ILL] * (BREAKS_AFTER - 1):
        attempt(outcome, NOON)
    assert state() is None
    assert verbs() == []


def test_what_is_only_slow_neither_counts_nor_excuses():
    queued(BREAKS_AFTER + 3)
    for outcome in [ILL] * (BREAKS_AFTER - 1) + [SLOW] * 2 + [ILL]:
        attempt(outcome, NOON)
    assert state().failures == BREAKS_AFTER


def test_a_gateway_that_answers_for_nobody_makes_a_few_doubts_and_not_one_of_each_delivery():
    """Each attempt that nobody answered is a case to be looked into: after a few the channel rests, and the others stay what they are."""
    queued(BREAKS_AFTER + 3)
    for _ in range(BREAKS_AFTER):
        attempt(SILENT, NOON)
    assert (state().failures, state().detail, due(NOON)) == (BREAKS_AFTER, "没有回音", [])
    assert Attempt.objects.count() == BREAKS_AFTER


def test_one_delivery_tries_it_and_the_others_wait_for_what_that_shows():
    rested = broken()
    one, other = due(rested)[:2]
    work = services.begin_attempt(delivery_id=one.delivery_id, tries=one.tries, holder="t", at=rested)
    with pytest.raises(RestingError):
        services.begin_attempt(delivery_id=other.delivery_id, tries=other.tries, holder="t", at=rested)
    assert due(rested) == []
    services.end_attempt(work=work, outcome=WELL, at=rested)
    assert state() is None
    assert verbs() == ["breaker opened", "breaker closed"]
    assert carried("wechat", WELL, rested)


def test_of_many_processes_one_makes_the_trial():
    rested = broken()
    claims = due(rested)[:4]

    def claim(number: int):
        one = claims[number]
        return services.begin_attempt(delivery_id=one.delivery_id, tries=one.tries, holder=f"t{number}", at=rested)

    answers = raced(4, claim)
    assert sorted(type(answer).__name__ for answer in answers) == ["RestingError"] * 3 + ["Work"]


def test_each_trial_that_fails_makes_it_rest_longer_and_the_log_is_told_once():
    at, rests = broken(), []
    for _ in range(len(RESTS) + 1):
        at += timedelta(hours=5)
        attempt(ILL, at)
        rests.append(state().rests_until - at)
    assert rests == [*RESTS[1:], RESTS[-1], RESTS[-1]]
    assert verbs() == ["breaker opened"]


def test_it_rests_as_long_as_the_far_side_asks_for():
    queued(BREAKS_AFTER)
    for _ in range(BREAKS_AFTER):
        attempt(Outcome(status=Status.DEFERRED, detail="正忙", retry_after=timedelta(hours=3), well=False), NOON)
    assert state().rests_until == NOON + timedelta(hours=3)


def test_a_trial_that_nobody_ended_is_followed_by_another_one_later():
    rested = broken()
    one = due(rested)[0]
    services.begin_attempt(delivery_id=one.delivery_id, tries=one.tries, holder="killed", at=rested)
    assert due(rested) == []
    attempt(WELL, rested + RESTS[0])
    assert state() is None


def test_a_probe_that_finds_it_well_lets_the_next_delivery_try():
    broken()
    assert due(minutes(2)) == []
    services.keep_probe(office=OFFICE_CODE, channel="wechat", at=minutes(2), well=True, line="token good")
    attempt(WELL, minutes(2))
    assert state() is None


def test_another_channel_goes_on():
    broken()
    released("board", index_number="006123456/2024-09999")
    assert len(queries.due_deliveries(office=OFFICE_CODE, channel="board", at=minutes(1))) == 1
    assert state("board") is None
