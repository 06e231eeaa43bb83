"""暂停: everything, a channel or an item is held where it is claimed, so that no process gets past; the log knows who and why."""

from __future__ import annotations

from threading import Event as Signal

import pytest
from django.db.models import Q

from ledger import queries, services
from ledger.errors import HeldError, LedgerError, StaleError, UnknownError
from ledger.models import Attempt, Event
from tests.builders import OFFICE_CODE
from tests.ledger.race import raced
from tests.ledger.stage import CLERK, LEADER, NOON, carried, drafted, draw, minutes, opened, posted, release, released, signed, statuses

pytestmark = pytest.mark.ledger
BY = "吴运维"
NUMBER = "006123456/2024-00017"
WHAT = {"everything": {}, "channel": {"channel": "wechat"}, "item": {"index_number": NUMBER}}


@pytest.fixture(autouse=True)
def _office(database):
    opened()


def pause(reason: str = "公众号正在迁移", at=NOON, **what) -> None:
    services.pause(office=OFFICE_CODE, by=BY, at=at, reason=reason, **what)


def resume(reason: str = "迁移完成", at=NOON, **what) -> None:
    services.resume(office=OFFICE_CODE, by=BY, at=at, reason=reason, **what)


def due(channel: str = "wechat") -> list[queries.Due]:
    return queries.due_deliveries(office=OFFICE_CODE, channel=channel, at=minutes(60))


def queued(channel: str = "website") -> int:
    return len(queries.queued_drawings(office=OFFICE_CODE, channel=channel, at=minutes(60), limit=10))


@pytest.mark.parametrize("what", WHAT.values(), ids=WHAT)
def test_what_is_paused_is_not_claimed_until_it_is_resumed(what):
    released("wechat", index_number=NUMBER)
    [one] = due()
    pause(**what)
    assert due() == []
    with pytest.raises(HeldError):
        services.begin_attempt(delivery_id=one.delivery_id, tries=one.tries, holder="t", at=minutes(1))
    assert Attempt.objects.count() == 0
    resume(**what)
    assert carried("wechat", posted(), minutes(2)) == [one.key]


@pytest.mark.parametrize("what", [{}, {"index_number": NUMBER}], ids=["everything", "item"])
def test_a_paused_item_is_not_released(what):
    edition = signed("website", "wechat", index_number=NUMBER)
    pause(**what)
    assert queries.editions_due(office=OFFICE_CODE, at=minutes(1)) == []
    with pytest.raises(HeldError):
        release(edition, minutes(1))
    resume(**what)
    assert release(edition, minutes(2)) == ["website", "wechat"]


def test_a_paused_channel_holds_no_release_and_its_queue_waits():
    edition = signed("website", "wechat", index_number=NUMBER)
    pause(channel="wechat")
    assert release(edition, minutes(1)) == ["website", "wechat"]
    assert queued() == 1
    assert due() == []


@pytest.mark.parametrize("what", [{}, {"channel": "website"}], ids=["everything", "channel"])
def test_a_paused_surface_is_not_drawn(what):
    released("website", index_number=NUMBER)
    [(delivery, _)] = queries.queued_drawings(office=OFFICE_CODE, channel="website", at=minutes(1), limit=10)
    pause(**what)
    assert queued() == 0
    assert queries.is_paused(office=OFFICE_CODE, channel="website")
    with pytest.raises(HeldError):
        services.begin_drawing(delivery_ids=[delivery], holder="t", at=minutes(1))
    resume(**what)
    draw("website", minutes(2))
    assert statuses()["1:publish@website"] == "posted"


def test_what_is_released_already_is_drawn_though_its_item_is_paused():
    """Pages and lists show whatever is released; to hide one of them would leave links that lead nowhere."""
    released("website", index_number=NUMBER)
    pause(index_number=NUMBER)
    assert queued() == 1


def test_the_pause_of_an_item_does_not_hold_its_withdrawal_and_that_of_a_channel_does():
    released("wechat", index_number=NUMBER)
    carried("wechat", posted())
    pause(index_number=NUMBER)
    services.withdraw(index_number=NUMBER, by=LEADER, at=minutes(1), reason="误")
    assert len(due()) == 1
    pause(channel="wechat")
    assert due() == []


def test_one_thing_paused_leaves_the_others():
    released("wechat", index_number=NUMBER)
    released("wechat", "board", index_number="006123456/2024-00018")
    pause(index_number=NUMBER)
    assert [one.key for one in due()] == ["006123456/2024-00018#1:publish@wechat"]
    pause(channel="wechat")
    assert (len(due()), len(due("board"))) == (0, 1)


def test_pauses_lie_over_each_other_and_each_is_resumed_by_itself():
    released("wechat", index_number=NUMBER)
    for what in WHAT.values():
        pause(**what)
    for what in WHAT.values():
        assert due() == []
        resume(**what)
    assert len(due()) == 1


def test_who_paused_what_and_why_is_shown_and_stays_in_the_log():
    drafted("wechat", index_number=NUMBER, title="关于停水的通知")
    for what in WHAT.values():
        pause(**what)
    shown = [(one.channel, one.index_number, one.title, one.by, one.reason, one.at) for one in queries.pauses(office=OFFICE_CODE)]
    why = (BY, "公众号正在迁移", NOON)
    assert shown == [("", "", "", *why), ("wechat", "", "", *why), ("", NUMBER, "关于停水的通知", *why)]
    resume(channel="wechat", at=minutes(5))
    log = Event.objects.filter(verb__in=["paused", "resumed"]).order_by("seq").values_list("verb", "subject", "actor", "facts")
    assert list(log) == [("paused", OFFICE_CODE, BY, {"reason": "公众号正在迁移"}), ("paused", "wechat", BY, {"reason": "公众号正在迁移"}),
                         ("paused", NUMBER, BY, {"reason": "公众号正在迁移"}), ("resumed", "wechat", BY, {"reason": "迁移完成"})]
    assert queries.verify_events(office=OFFICE_CODE) is None


@pytest.mark.parametrize(("act", "error"), [
    (lambda: pause(" "), LedgerError), (lambda: resume(""), LedgerError), (lambda: pause(channel="fax"), UnknownError),
    (lambda: pause(index_number="006123456/2024-99999"), UnknownError), (lambda: pause(channel="wechat", index_number=NUMBER), LedgerError),
    (lambda: resume(channel="wechat"), StaleError), (resume, StaleError),
], ids=["no reason", "no reason to resume", "no such channel", "no such item", "both", "not paused", "nothing paused"])
def test_what_makes_no_sense_is_refused_and_changes_nothing(act, error):
    events = Event.objects.count()
    with pytest.raises(error):
        act()
    assert (queries.pauses(office=OFFICE_CODE), Event.objects.count()) == ([], events)


def test_of_two_who_pause_at_once_one_is_told_that_the_other_did():
    answers = raced(4, lambda n: services.pause(office=OFFICE_CODE, by=f"某{n}", at=NOON, reason="停", channel="wechat"))
    assert sorted(getattr(answer, "code", "") for answer in answers) == ["", *["paused_already"] * 3]


def test_no_claim_gets_past_a_pause_that_was_written_down():
    """A tick in full swing while somebody pauses: what had been claimed when the pause came back is all that ever will be.

    The last ten are tried after it came back: SQLite may let the pause wait for as long as anybody claims.
    """
    for serial in range(1, 41):
        released("wechat", index_number=f"006123456/2024-{serial:05d}")
    queue, going, back, seen = due(), Signal(), Signal(), []

    def claim_all(_number: int) -> int:
        claimed = 0
        for place, one in enumerate(queue):
            if place == 30:
                assert back.wait(60)
            try:
                services.begin_attempt(delivery_id=one.delivery_id, tries=one.tries, holder=f"t{_number}", at=minutes(1))
            except StaleError:
                continue
            claimed += 1
            if claimed == 3:
                going.set()
        return claimed

    def stop(_number: int) -> int:
        assert going.wait(20)
        pause()
        seen.append(Attempt.objects.count())
        back.set()
        return 0

    answers = raced(3, lambda n: stop(n) if n == 2 else claim_all(n))
    assert seen == [sum(answers)] == [Attempt.objects.count()]
    assert 3 <= seen[0] <= 30


def test_an_attempt_begun_before_the_pause_goes_to_its_end():
    released("wechat", index_number=NUMBER)
    [one] = due()
    work = services.begin_attempt(delivery_id=one.delivery_id, tries=one.tries, holder="t", at=NOON)
    pause()
    services.end_attempt(work=work, outcome=posted(), at=minutes(1))
    assert statuses() == {"1:publish@wechat": "posted"}


def test_what_is_written_and_approved_meanwhile_goes_on():
    pause()
    edition = signed("wechat", index_number=NUMBER)
    assert queries.edition_in_hand(edition_id=edition).signer == LEADER
    assert Event.objects.filter(~Q(actor=BY), actor=CLERK).exists()
