"""Attempts: written down before they are made, made by one process, and in doubt until somebody has looked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from content.deliveries import AGAIN, Outcome, Status
from content.deliveries import Posting as Value
from ledger import queries, services
from ledger.errors import LedgerError, StaleError
from ledger.models import Attempt, Delivery, Event, Posting, Step
from tests.builders import OFFICE_CODE
from tests.ledger.race import raced
from tests.ledger.stage import LEADER, NOON, STRANGER, carried, draw, minutes, opened, posted, printed, released, statuses

pytestmark = pytest.mark.ledger
NUMBER = "006123456/2024-00017"
NOT_THERE = Outcome(status=Status.DEFERRED, detail="已核实：没有这一条")


def due(channel: str = "wechat", at=NOON) -> list[queries.Due]:
    return queries.due_deliveries(office=OFFICE_CODE, channel=channel, at=at)


def begun(channel: str = "wechat", at=NOON) -> services.Work:
    """An attempt of which nobody has reported back."""
    one = due(channel, at)[0]
    return services.begin_attempt(delivery_id=one.delivery_id, tries=one.tries, holder="p1", at=at)


def test_of_many_processes_exactly_one_begins(database):
    opened()
    released("wechat")
    (one,) = due()
    answers = raced(6, lambda n: services.begin_attempt(delivery_id=one.delivery_id, tries=0, holder=f"p{n}", at=NOON))
    assert sum(isinstance(answer, services.Work) for answer in answers) == 1
    assert sum(isinstance(answer, StaleError) for answer in answers) == 5
    assert Attempt.objects.count() == 1


def test_an_attempt_without_an_outcome_is_unconfirmed_and_not_tried_again(database):
    """The process was killed: whatever it did, nobody sends anything before somebody has looked."""
    opened()
    released("wechat")
    begun()
    assert statuses() == {"1:publish@wechat": "unconfirmed"}
    assert due(at=minutes(10_000)) == []
    assert [one.key for one in queries.in_doubt(office=OFFICE_CODE, channel="wechat")] == [f"{NUMBER}#1:publish@wechat"]
    with pytest.raises(StaleError, match="no longer to be tried"):
        services.begin_attempt(delivery_id=Delivery.objects.get().pk, tries=1, holder="p2", at=NOON)


def test_a_deferral_waits_longer_each_time_and_as_long_as_the_far_side_asks(database):
    opened()
    released("wechat")
    at = NOON
    for wait in (1, 5, 15, 60, 240, 240):
        carried("wechat", Outcome(status=Status.DEFERRED, detail="忙"), at=at)
        assert due(at=at + timedelta(minutes=wait, seconds=-1)) == []
        at += timedelta(minutes=wait)
        assert len(due(at=at)) == 1
    carried("wechat", Outcome(status=Status.DEFERRED, detail="配额", retry_after=timedelta(hours=20)), at=at)
    assert Delivery.objects.get().due_at == at + timedelta(hours=20)
    assert list(Attempt.objects.order_by("number").values_list("number", "status")) == [(n, "deferred") for n in range(1, 8)]


def test_what_was_refused_is_not_tried_again(database):
    opened()
    released("wechat")
    carried("wechat", Outcome(status=Status.REFUSED, detail="45166 内容违规"))
    assert due(at=minutes(10_000)) == []
    assert Delivery.objects.get().detail == "45166 内容违规"


def test_doubt_about_an_item_holds_back_what_comes_after_it_there_and_only_there(database):
    opened()
    released("wechat", "board")
    released("wechat", index_number="006123456/2024-00018")
    begun()
    released("wechat", "board", at=minutes(1), number=2, change_note="更正")
    assert [one.key for one in due(at=minutes(2))] == ["006123456/2024-00018#1:publish@wechat"]
    assert [one.key for one in due("board", at=minutes(2))] == [f"{NUMBER}#2:publish@board"]
    later = Delivery.objects.get(key=f"{NUMBER}#2:correct@wechat")
    with pytest.raises(StaleError, match="older one is in doubt"):
        services.begin_attempt(delivery_id=later.pk, tries=0, holder="p2", at=minutes(2))
    services.settle_as(delivery_id=Delivery.objects.get(key=f"{NUMBER}#1:publish@wechat").pk, tries=1, outcome=posted(), at=minutes(3))
    assert f"{NUMBER}#2:correct@wechat" in [one.key for one in due(at=minutes(3))]


def test_nothing_of_a_withdrawn_item_is_posted_once_the_doubt_is_settled(database):
    """The item was withdrawn while its posting was in doubt, and then it turns out that it never went out."""
    opened()
    released("wechat")
    begun()
    services.withdraw(index_number=NUMBER, by=LEADER, at=minutes(1), reason="误")
    (doubt,) = queries.in_doubt(office=OFFICE_CODE, channel="wechat")
    services.settle_as(delivery_id=doubt.delivery_id, tries=doubt.tries, outcome=NOT_THERE, at=minutes(2))
    assert statuses() == {"1:publish@wechat": "refused", "1:withdraw@wechat": "posted"}
    assert due(at=minutes(10_000)) == []


def test_old_words_are_not_posted_once_the_doubt_is_settled(database):
    opened()
    released("wechat")
    work = begun()
    released("wechat", at=minutes(1), number=2, change_note="更正")
    services.end_attempt(work=work, outcome=Outcome(status=Status.DEFERRED, detail="连接失败"), at=minutes(2))
    assert statuses() == {"1:publish@wechat": "refused", "2:correct@wechat": "queued"}
    (one,) = due(at=minutes(2))
    assert (one.delivery.action, one.delivery.edition.number, one.key) == ("publish", 2, f"{NUMBER}#2:correct@wechat")


def test_what_went_out_while_the_item_was_withdrawn_is_taken_back(database):
    opened()
    released("wechat")
    work = begun()
    services.withdraw(index_number=NUMBER, by=LEADER, at=minutes(1), reason="误")
    services.end_attempt(work=work, outcome=posted(), at=minutes(2))
    (one,) = due(at=minutes(2))
    assert (one.delivery.action, one.delivery.posting.ref) == ("withdraw", "a1")
    carried("wechat", posted(), at=minutes(3))
    posting = Posting.objects.get()
    assert (posting.disclosed_at, posting.removed_at) == (minutes(2), minutes(3))


def test_what_comes_out_after_a_look_found_nothing_and_its_item_was_withdrawn_is_taken_back(database):
    """A worker that slept in mid-call: nobody found the post, so the withdrawal had nothing to do; then the worker wakes, and it is there."""
    opened()
    released("wechat")
    work = begun()
    services.withdraw(index_number=NUMBER, by=LEADER, at=minutes(1), reason="误")
    (doubt,) = queries.in_doubt(office=OFFICE_CODE, channel="wechat")
    services.settle_as(delivery_id=doubt.delivery_id, tries=doubt.tries, outcome=NOT_THERE, at=minutes(2))
    assert due(at=minutes(10_000)) == []
    services.end_attempt(work=work, outcome=posted(), at=minutes(30))
    (one,) = due(at=minutes(30))
    assert (one.delivery.action, one.delivery.posting.ref) == ("withdraw", "a1")
    carried("wechat", posted(), at=minutes(31))
    posting = Posting.objects.get()
    assert (posting.disclosed_at, posting.removed_at) == (minutes(30), minutes(31))
    assert queries.verify_events(office=OFFICE_CODE) is None


def test_what_comes_out_late_of_a_queue_that_a_withdrawal_emptied_is_taken_back(database):
    """Put back into the queue by a person, and withdrawn while it waited there: there was no copy to take back, and no withdrawal."""
    opened()
    released("wechat")
    work = begun()
    services.send_again(delivery_id=work.delivery_id, tries=1, by=LEADER, at=minutes(20), reason="看过，没有", looked=True)
    services.withdraw(index_number=NUMBER, by=LEADER, at=minutes(21), reason="误")
    assert statuses() == {"1:publish@wechat": "refused"}
    services.end_attempt(work=work, outcome=posted(), at=minutes(30))
    (one,) = due(at=minutes(30))
    assert (one.delivery.action, one.delivery.posting.ref) == ("withdraw", "a1")


def test_a_withdrawal_that_failed_for_now_is_tried_again(database):
    opened()
    released("wechat")
    carried("wechat", posted())
    services.withdraw(index_number=NUMBER, by=LEADER, at=minutes(1), reason="误")
    carried("wechat", Outcome(status=Status.DEFERRED, detail="忙"), at=minutes(2))
    assert Posting.objects.get().removed_at is None
    assert [one.delivery.action for one in due(at=minutes(3))] == ["withdraw"]


def test_a_withdrawal_in_doubt_is_dropped_where_a_newer_edition_amends_instead(database):
    opened()
    released("website", "wechat")
    carried("wechat", posted())
    released("website", at=minutes(1), number=2, change_note="更正")
    begun(at=minutes(1))
    released("website", "wechat", at=minutes(2), number=3, change_note="再更正")
    (doubt,) = queries.in_doubt(office=OFFICE_CODE, channel="wechat")
    services.settle_as(delivery_id=doubt.delivery_id, tries=doubt.tries, outcome=NOT_THERE, at=minutes(3))
    assert (statuses()["2:withdraw@wechat"], statuses()["3:correct@wechat"]) == ("refused", "queued")


def test_a_late_report_does_not_undo_what_was_found_out_meanwhile(database):
    """Settled, tried again, posted; then the first process wakes up and says it failed."""
    opened()
    released("wechat")
    late = begun()
    (doubt,) = queries.in_doubt(office=OFFICE_CODE, channel="wechat")
    services.settle_as(delivery_id=doubt.delivery_id, tries=doubt.tries, outcome=NOT_THERE, at=minutes(1))
    carried("wechat", posted(), at=minutes(5))
    services.end_attempt(work=late, outcome=Outcome(status=Status.REFUSED, detail="too late"), at=minutes(6))
    assert statuses() == {"1:publish@wechat": "posted"}
    assert list(Attempt.objects.order_by("number").values_list("status", flat=True)) == ["refused", "posted"]
    assert Event.objects.order_by("-seq")[0].facts == {"attempt": 1, "status": "refused", "found": "posted"}


def test_a_late_report_of_a_posting_that_nobody_found_counts(database):
    opened()
    released("wechat")
    late = begun()
    (doubt,) = queries.in_doubt(office=OFFICE_CODE, channel="wechat")
    services.settle_as(delivery_id=doubt.delivery_id, tries=doubt.tries, outcome=NOT_THERE, at=minutes(1))
    services.end_attempt(work=late, outcome=posted(), at=minutes(1))
    assert (statuses(), due(at=minutes(10_000))) == ({"1:publish@wechat": "posted"}, [])
    services.end_attempt(work=late, outcome=Outcome(status=Status.DEFERRED), at=minutes(2))  # reported twice: the first holds
    assert statuses() == {"1:publish@wechat": "posted"}


def test_still_unknown_is_no_news_for_the_log(database):
    """A tick looks every few minutes, for days if need be."""
    opened()
    released("wechat")
    begun()
    (doubt,) = queries.in_doubt(office=OFFICE_CODE, channel="wechat")
    events = Event.objects.count()
    services.settle_as(delivery_id=doubt.delivery_id, tries=doubt.tries, outcome=Outcome(status=Status.UNCONFIRMED, detail="还看不到"), at=minutes(1))
    assert (Event.objects.count(), Delivery.objects.get().detail) == (events, "还看不到")


def test_what_is_settled_cannot_be_settled_again(database):
    opened()
    released("wechat")
    carried("wechat", posted())
    with pytest.raises(StaleError, match="is posted by now"):
        services.settle_as(delivery_id=Delivery.objects.get().pk, tries=1, outcome=NOT_THERE, at=NOON)


def test_a_person_says_that_the_draft_was_published(database):
    """What the draft is called is known; it is disclosed at that moment and not before."""
    opened()
    released("wechat")
    carried("wechat", posted(live=False))
    assert (Posting.objects.get().disclosed_at, queries.open_postings(office=OFFICE_CODE, channel="wechat")) == (None, 0)
    services.settle_as(delivery_id=Delivery.objects.get().pk, tries=1, outcome=Outcome(status=Status.POSTED), at=minutes(9), by=STRANGER)
    posting = Posting.objects.get()
    assert (posting.ref, posting.url, posting.disclosed_at) == ("a1", "https://mp.example.com/a1", minutes(9))
    assert queries.open_postings(office=OFFICE_CODE, channel="wechat") == 1
    assert Event.objects.order_by("-seq")[0].actor == STRANGER


def test_what_a_person_did_not_find_may_be_sent_once_more(database):
    """The channel is told that somebody looked, and when; that the system itself looked is no such word."""
    opened()
    released("wechat")
    begun()
    services.settle_as(delivery_id=Delivery.objects.get().pk, tries=1, outcome=NOT_THERE, at=minutes(1))
    assert not Step.objects.exists()
    begun(at=minutes(20))
    services.settle_as(delivery_id=Delivery.objects.get().pk, tries=2, outcome=NOT_THERE, at=minutes(30), by=STRANGER)
    assert list(Step.objects.values_list("name", "value")) == [(AGAIN, minutes(30).isoformat())]


def test_a_person_has_to_say_what_was_posted_where_nobody_knows(database):
    opened()
    released("wechat")
    begun()
    with pytest.raises(LedgerError, match="say what was posted"):
        services.settle_as(delivery_id=Delivery.objects.get().pk, tries=1, outcome=Outcome(status=Status.POSTED), at=NOON, by=STRANGER)


def test_a_person_took_it_down_by_hand(database):
    """Where a channel cannot withdraw; the person need not repeat what it was called."""
    opened()
    released("wechat")
    carried("wechat", posted())
    services.withdraw(index_number=NUMBER, by=LEADER, at=minutes(1), reason="误")
    carried("wechat", Outcome(status=Status.BY_HAND, posting=Value(ref="a1"), detail="请人工撤回"), at=minutes(2))
    assert Posting.objects.get().removed_at is None
    withdrawal = Delivery.objects.get(action="withdraw")
    services.settle_as(delivery_id=withdrawal.pk, tries=1, outcome=Outcome(status=Status.POSTED), at=minutes(3), by=STRANGER)
    assert Posting.objects.get().removed_at == minutes(3)


def test_a_newer_copy_relieves_the_person_who_was_to_make_the_older_one(database):
    opened()
    released("wechat")
    carried("wechat", posted(live=False))
    released("wechat", at=minutes(1), number=2, change_note="更正")
    carried("wechat", posted(live=False), at=minutes(1))
    assert statuses() == {"1:publish@wechat": "refused", "2:correct@wechat": "by_hand"}


def test_words_of_a_far_side_never_keep_an_outcome_from_being_written_down(database):
    """NUL is no text to PostgreSQL, a lone surrogate to nobody."""
    opened()
    released("wechat")
    (one,) = due()
    services.keep_step(delivery_id=one.delivery_id, name="media", value="m\x00\ud800")
    carried("wechat", Outcome(status=Status.POSTED, posting=Value(ref="a\x001", url="u\x00"), detail="坏\x00字\ud800"))
    assert (statuses(), Posting.objects.get().ref, Delivery.objects.get().detail) == ({"1:publish@wechat": "posted"}, "a�1", "坏�字�")
    assert queries.step_value(delivery_id=one.delivery_id, name="media") == "m��"
    assert queries.verify_events(office=OFFICE_CODE) is None


def test_steps_are_kept_as_they_are_learnt(database):
    opened()
    released("wechat")
    (one,) = due()
    assert queries.step_value(delivery_id=one.delivery_id, name="draft") is None
    for value in ("d1", "d2"):
        services.keep_step(delivery_id=one.delivery_id, name="draft", value=value)
    assert (queries.step_value(delivery_id=one.delivery_id, name="draft"), Step.objects.count()) == ("d2", 1)


def test_a_drawing_begun_and_not_ended_is_drawn_again(database):
    opened()
    released("website")
    (pending,) = queries.queued_drawings(office=OFFICE_CODE, channel="website", at=NOON, limit=9)
    services.begin_drawing(delivery_ids=[pending[0]], holder="killed", at=NOON)
    assert statuses() == {"1:publish@website": "unconfirmed"}
    assert not Posting.objects.exists()
    draw("website", minutes(1))
    assert statuses() == {"1:publish@website": "posted"}
    assert list(Attempt.objects.order_by("number").values_list("number", "status", "finished_at")) == [(1, "", None), (2, "posted", minutes(1))]


def test_a_drawing_that_failed_waits_and_is_drawn_again(database):
    opened()
    released("website")
    ids = [pk for pk, _ in queries.queued_drawings(office=OFFICE_CODE, channel="website", at=NOON, limit=9)]
    services.begin_drawing(delivery_ids=ids, holder="h", at=NOON)
    services.end_drawing(office=OFFICE_CODE, channel="website", delivery_ids=ids, at=NOON,
                         outcome=Outcome(status=Status.DEFERRED, detail="磁盘已满\x00"))
    assert queries.queued_drawings(office=OFFICE_CODE, channel="website", at=NOON, limit=9) == []
    assert draw("website", minutes(1)) != []
    assert statuses() == {"1:publish@website": "posted"}


def test_a_drawing_does_not_claim_what_was_withdrawn_before_it_began(database):
    """Read before the withdrawal, begun after it: the drawing no longer shows it, so nothing was disclosed."""
    opened()
    released("website")
    ids = [pk for pk, _ in queries.queued_drawings(office=OFFICE_CODE, channel="website", at=NOON, limit=9)]
    services.begin_drawing(delivery_ids=ids, holder="killed", at=NOON)
    services.withdraw(index_number=NUMBER, by=LEADER, at=minutes(1), reason="误")
    draw("website", minutes(2))
    assert statuses() == {"1:publish@website": "refused", "1:withdraw@website": "posted"}
    assert not Posting.objects.exists()
    services.end_drawing(office=OFFICE_CODE, channel="website", delivery_ids=ids, outcome=Outcome(status=Status.POSTED), at=minutes(3))
    assert statuses()["1:publish@website"] == "refused"


def test_two_drawers_at_once_leave_one_result(database):
    opened()
    for serial in range(20, 40):
        released("website", index_number=f"006123456/2024-{serial:05d}")
    assert {type(answer) for answer in raced(3, lambda _: draw("website"))} == {list}
    assert set(statuses().values()) == {"posted"}
    assert Posting.objects.count() == 20
    assert queries.verify_events(office=OFFICE_CODE) is None


def test_nothing_to_draw_is_nothing_to_write_down(sqlite):
    opened()
    events = Event.objects.count()
    services.begin_drawing(delivery_ids=[], holder="h", at=NOON)
    assert Event.objects.count() == events


def test_the_frame_of_the_last_whole_drawing_is_remembered(database):
    opened()
    assert queries.last_frame(office=OFFICE_CODE, channel="website") == ""
    for frame in ("f1", "f2"):
        services.keep_frame(office=OFFICE_CODE, channel="website", frame=frame, at=NOON)
    assert queries.last_frame(office=OFFICE_CODE, channel="website") == "f2"


def test_how_deliveries_stand_is_told_by_channel(database):
    opened()
    released("website", "wechat")
    released("wechat", index_number="006123456/2024-00018")
    carried("wechat", Outcome(status=Status.REFUSED))
    draw("website")
    assert queries.standing(office=OFFICE_CODE) == {"website": {"posted": 1}, "wechat": {"refused": 2}}
    assert queries.delivery_id(office=OFFICE_CODE, key=f"{NUMBER}#1:publish@wechat") == Delivery.objects.get(key__startswith=NUMBER, kind="wechat").pk
    assert queries.delivery_id(office=OFFICE_CODE, key="x") is None


def test_a_sheet_is_settled_by_putting_it_up_and_in_no_other_way(database):
    opened()
    released("board")
    carried("board", printed("张贴单-1"))
    with pytest.raises(LedgerError, match="record that it was put up"):
        services.settle_as(delivery_id=Delivery.objects.get().pk, tries=1, outcome=Outcome(status=Status.POSTED), at=NOON, by=STRANGER)


def test_an_attempt_that_slept_past_its_lease_keeps_nothing_and_so_sends_nothing(database):
    """Another process looked, found nothing, and tries anew: the sleeper's next step is refused, and before every send stands a step."""
    opened()
    released("wechat")
    one = queries.due_deliveries(office=OFFICE_CODE, channel="wechat", at=NOON)[0]
    sleeper = services.begin_attempt(delivery_id=one.delivery_id, tries=one.tries, holder="a", at=NOON)
    services.keep_step(delivery_id=one.delivery_id, name="image:1", value="x", work=sleeper)
    services.settle_as(delivery_id=one.delivery_id, tries=1, outcome=Outcome(status=Status.DEFERRED), at=minutes(11))
    with pytest.raises(StaleError, match="attempt 1 at delivery"):
        services.keep_step(delivery_id=one.delivery_id, name="sending", value="11", work=sleeper)
    [again] = queries.due_deliveries(office=OFFICE_CODE, channel="wechat", at=minutes(30))
    second = services.begin_attempt(delivery_id=again.delivery_id, tries=again.tries, holder="b", at=minutes(30))
    with pytest.raises(StaleError):
        services.keep_step(delivery_id=one.delivery_id, name="sending", value="31", work=sleeper)
    services.keep_step(delivery_id=one.delivery_id, name="sending", value="32", work=second)
    assert queries.step_value(delivery_id=one.delivery_id, name="sending") == "32"
