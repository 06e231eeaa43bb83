"""What people do about deliveries: ask for a look, have one sent again, let one go; and what they hang on the board."""

from __future__ import annotations

from datetime import datetime

import pytest

from content.deliveries import Outcome, Status
from content.rules import RuleError
from ledger import queries, services
from ledger.errors import LedgerError, StaleError, UnknownError
from ledger.models import Delivery
from tests.builders import OFFICE_CODE
from tests.ledger.stage import CLERK, LEADER, NOON, carried, draw, minutes, opened, posted, printed, released, statuses

pytestmark = pytest.mark.ledger
OFFICES = [OFFICE_CODE]
PRINTED = "张贴单-1"


def left(status: Status, channel: str = "wechat") -> int:
    """A delivery that was left like this."""
    opened()
    released("website", channel)
    carried(channel, Outcome(status=status, detail="频道维护"))
    return Delivery.objects.get(channel=channel).pk


def status(delivery_id: int) -> str:
    return Delivery.objects.values_list("status", flat=True).get(pk=delivery_id)


def due() -> list[int]:
    return [one.delivery_id for one in queries.due_deliveries(office=OFFICE_CODE, channel="wechat", at=minutes(1))]


def test_a_look_that_a_person_asks_for_is_on_the_next_ticks_list_until_it_was_had(database):
    delivery_id = left(Status.UNCONFIRMED)
    assert queries.in_doubt(office=OFFICE_CODE, channel="wechat", asked=True) == []
    for _ in range(2):
        services.ask_to_look(delivery_id=delivery_id, by=CLERK, at=minutes(1))
    (wish,) = queries.in_doubt(office=OFFICE_CODE, channel="wechat", asked=True)
    assert (wish.delivery_id, wish.look_asked) == (delivery_id, True)
    assert [event.verb for event in queries.events(office=OFFICE_CODE, verb="asked to look").rows] == ["asked to look"]
    services.settle_as(delivery_id=delivery_id, tries=1, outcome=Outcome(status=Status.UNCONFIRMED, detail="仍不能确定"), at=minutes(2))
    assert queries.in_doubt(office=OFFICE_CODE, channel="wechat", asked=True) == []
    assert len(queries.in_doubt(office=OFFICE_CODE, channel="wechat")) == 1


def test_there_is_nothing_to_look_for_once_it_is_known(database):
    delivery_id = left(Status.REFUSED)
    with pytest.raises(StaleError):
        services.ask_to_look(delivery_id=delivery_id, by=CLERK, at=minutes(1))


def test_what_was_refused_is_sent_again_for_a_reason(database):
    delivery_id = left(Status.REFUSED)
    with pytest.raises(LedgerError, match="say why"):
        services.send_again(delivery_id=delivery_id, tries=1, by=CLERK, at=minutes(1), reason="")
    services.send_again(delivery_id=delivery_id, tries=1, by=CLERK, at=minutes(1), reason="平台已解除限制")
    assert due() == [delivery_id]
    assert queries.troubled(offices=OFFICES, at=minutes(1)) == []
    carried("wechat", posted(), at=minutes(2))
    assert (status(delivery_id), Delivery.objects.get(pk=delivery_id).tries) == (Status.POSTED, 2)


def test_what_may_have_been_posted_is_sent_again_only_by_whom_has_looked(database):
    """Never twice in public: nobody knows is not no."""
    delivery_id = left(Status.UNCONFIRMED)
    with pytest.raises(RuleError, match="look there first") as refusal:
        services.send_again(delivery_id=delivery_id, tries=1, by=CLERK, at=minutes(1), reason="再发一次")
    assert (refusal.value.code, status(delivery_id)) == ("not_looked", Status.UNCONFIRMED)
    services.send_again(delivery_id=delivery_id, tries=1, by=CLERK, at=minutes(1), reason="已登录公众号后台查看，草稿箱和已发表中均没有", looked=True)
    assert due() == [delivery_id]
    (event,) = queries.events(office=OFFICE_CODE, verb="sent again").rows
    assert (event.actor, event.facts["was"], event.facts["looked"]) == (CLERK, "unconfirmed", True)


@pytest.mark.parametrize("standing", [Status.POSTED, Status.BY_HAND, Status.DEFERRED])
def test_nothing_else_is_sent_again_or_let_go_by_mistake(database, standing):
    delivery_id = left(standing)
    with pytest.raises(RuleError, match="only what was refused"):
        services.send_again(delivery_id=delivery_id, tries=1, by=CLERK, at=minutes(1), reason="再发一次", looked=True)
    if standing is not Status.BY_HAND:
        with pytest.raises(RuleError, match="only what was refused"):
            services.let_go(delivery_id=delivery_id, by=CLERK, at=minutes(1), reason="不用了")


def test_what_was_overtaken_is_not_sent_again(database):
    delivery_id = left(Status.REFUSED)
    released("website", "wechat", number=2, change_note="更正", at=minutes(1))
    with pytest.raises(RuleError, match="overtaken by a newer edition") as refusal:
        services.send_again(delivery_id=delivery_id, tries=1, by=CLERK, at=minutes(2), reason="再发一次")
    assert refusal.value.code == "overtaken"


def test_what_was_withdrawn_is_not_sent_again(database):
    delivery_id = left(Status.REFUSED)
    services.withdraw(index_number="006123456/2024-00017", by=LEADER, at=minutes(1), reason="误")
    with pytest.raises(RuleError, match="withdrawn before"):
        services.send_again(delivery_id=delivery_id, tries=1, by=CLERK, at=minutes(2), reason="再发一次")


@pytest.mark.parametrize("standing", [Status.REFUSED, Status.BY_HAND])
def test_what_nobody_need_do_any_more_is_let_go_with_a_reason_and_kept(database, standing):
    delivery_id = left(standing)
    with pytest.raises(LedgerError, match="say why"):
        services.let_go(delivery_id=delivery_id, by=LEADER, at=minutes(1), reason=" ")
    for _ in range(2):
        services.let_go(delivery_id=delivery_id, by=LEADER, at=minutes(1), reason="该渠道已停用")
    assert (status(delivery_id), queries.troubled(offices=OFFICES, at=minutes(1))) == (Status.REFUSED, [])
    assert "该渠道已停用" in queries.delivery_line(delivery_id=delivery_id).detail
    services.send_again(delivery_id=delivery_id, tries=1, by=LEADER, at=minutes(2), reason="渠道恢复")
    assert due() == []  # not before minute two
    assert status(delivery_id) == Status.QUEUED


@pytest.mark.parametrize("act", [
    services.ask_to_look, lambda **words: services.send_again(tries=0, reason="x", **words),
    lambda **words: services.let_go(reason="x", **words)])
def test_a_delivery_that_is_not_there_is_unknown(database, act):
    opened()
    with pytest.raises(UnknownError):
        act(delivery_id=0, by=CLERK, at=NOON)


# --------------------------------------------------------------------------------------------------- while it is carried


def carrying(delivery_id: int, tries: int, at: datetime) -> services.Work:
    """An attempt that a worker is busy with."""
    return services.begin_attempt(delivery_id=delivery_id, tries=tries, holder="worker", at=at)


def again(delivery_id: int, tries: int, at: datetime) -> None:
    """A person looked, found nothing, and has it sent once more."""
    services.send_again(delivery_id=delivery_id, tries=tries, by=CLERK, at=at, reason="群里没有", looked=True)


def missing(delivery_id: int, tries: int, at: datetime) -> None:
    """The same, on the command line."""
    services.settle_as(delivery_id=delivery_id, tries=tries, outcome=Outcome(status=Status.DEFERRED), at=at, by=CLERK)


@pytest.mark.parametrize("say", [again, missing])
def test_of_two_who_looked_for_one_attempt_only_the_first_has_it_sent_again(database, say):
    """B's page is of attempt 1. A had it sent again meanwhile, and attempt 2 ended in doubt too: nobody looked for that one."""
    delivery_id = left(Status.UNCONFIRMED)
    say(delivery_id, 1, minutes(1))
    work = carrying(delivery_id, 1, minutes(20))
    with pytest.raises(StaleError, match="tried 2 times by now"):
        say(delivery_id, 1, minutes(21))
    services.end_attempt(work=work, outcome=Outcome(status=Status.UNCONFIRMED, detail="频道维护"), at=minutes(22))
    with pytest.raises(StaleError, match="tried 2 times by now"):
        say(delivery_id, 1, minutes(40))
    say(delivery_id, 2, minutes(40))


def test_a_look_that_ends_after_the_next_attempt_began_settles_nothing(database):
    """A tick looks for attempt 1, loses its lease meanwhile, and says after attempt 2 that there is nothing."""
    delivery_id = left(Status.UNCONFIRMED)
    (looked,) = queries.in_doubt(office=OFFICE_CODE, channel="wechat")
    again(delivery_id, 1, minutes(1))
    work = carrying(delivery_id, 1, minutes(2))
    with pytest.raises(StaleError):
        services.settle_as(delivery_id=delivery_id, tries=looked.tries, outcome=Outcome(status=Status.DEFERRED), at=minutes(3))
    services.end_attempt(work=work, outcome=posted(), at=minutes(4))
    assert statuses()["1:publish@wechat"] == "posted"


@pytest.mark.parametrize("say", [again, missing])
def test_nobody_has_it_sent_again_while_a_worker_waits_for_the_answer(database, say):
    """What is not there yet may be there in a minute."""
    opened()
    released("wechat")
    delivery_id = Delivery.objects.get().pk
    work = carrying(delivery_id, 0, NOON)
    with pytest.raises(RuleError, match="being carried at this moment") as refusal:
        say(delivery_id, 1, minutes(9))
    assert refusal.value.code == "under_way"
    services.end_attempt(work=work, outcome=posted(), at=minutes(9.5))
    assert (status(delivery_id), due()) == (Status.POSTED, [])


def test_of_a_worker_that_was_killed_a_person_may_say_so_once_its_time_is_over(database):
    opened()
    released("wechat")
    delivery_id = Delivery.objects.get().pk
    carrying(delivery_id, 0, NOON)
    assert [queries.troubled(offices=OFFICES, at=minutes(at)) != [] for at in (9, 10)] == [False, True]
    assert [queries.counts(offices=OFFICES, by=CLERK, at=minutes(at)).troubled for at in (9, 10)] == [0, 1]
    again(delivery_id, 1, minutes(10))
    assert status(delivery_id) == Status.QUEUED


def test_an_answer_that_comes_after_it_was_put_back_is_kept_and_nothing_is_sent_again(database):
    """The worker slept past its lease; a person looked before it woke up, and found nothing."""
    opened()
    released("wechat")
    delivery_id = Delivery.objects.get().pk
    late = carrying(delivery_id, 0, NOON)
    again(delivery_id, 1, minutes(11))
    services.end_attempt(work=late, outcome=posted(), at=minutes(11))
    assert (status(delivery_id), queries.due_deliveries(office=OFFICE_CODE, channel="wechat", at=minutes(900))) == (Status.POSTED, [])
    assert queries.open_postings(office=OFFICE_CODE, channel="wechat") == 1


def hung(photo: str = "") -> None:
    opened()
    released("website", "board")
    draw("website")
    carried("board", printed(PRINTED))
    services.put_up(office=OFFICE_CODE, number=PRINTED, by=CLERK, at=minutes(1), photo=photo)


def test_a_sheet_says_who_hung_it_when_and_shows_it(database):
    opened()
    before, after = services.keep_blob(b"up"), services.keep_blob(b"down")
    hung(before)
    services.take_down(office=OFFICE_CODE, number=PRINTED, by=LEADER, at=minutes(9), photo=after)
    line = queries.sheet(number=PRINTED)
    assert (line.put_up_by, line.put_up_at, line.put_up_photo) == (CLERK, minutes(1), before)
    assert (line.taken_down_by, line.taken_down_at, line.taken_down_photo) == (LEADER, minutes(9), after)
    assert (line.office, line.channel, line.column) == (OFFICE_CODE, "board", "tongzhi")
    assert queries.sheet(number="张贴单-2") is None
    assert queries.sheets(office=OFFICE_CODE) == []
    assert queries.sheets(office=OFFICE_CODE, open_only=False) == [line]


def test_a_photograph_may_follow_and_is_not_replaced(database):
    hung()
    first, second = services.keep_blob(b"1"), services.keep_blob(b"2")
    for photo in (first, second):
        services.put_up(office=OFFICE_CODE, number=PRINTED, by=CLERK, at=minutes(2), photo=photo)
    assert queries.sheet(number=PRINTED).put_up_photo == first
    with pytest.raises(UnknownError, match="photograph"):
        services.take_down(office=OFFICE_CODE, number=PRINTED, by=CLERK, at=minutes(3), photo="0" * 64)
    assert not queries.sheet(number=PRINTED).taken_down


def test_a_sheet_is_not_let_go(database):
    opened()
    released("website", "board")
    carried("board", printed(PRINTED))
    with pytest.raises(LedgerError) as refusal:
        services.let_go(delivery_id=queries.sheet(number=PRINTED).delivery_id, by=CLERK, at=minutes(1), reason="不用了")
    assert refusal.value.code == "is_sheet"
    assert statuses()["1:publish@board"] == Status.BY_HAND
