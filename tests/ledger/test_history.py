"""An item's whole life on one page, and the log read backwards."""

from __future__ import annotations

import pytest

from content.deliveries import Outcome, Status
from content.rules import State
from ledger import queries, services
from tests.builders import OFFICE_CODE
from tests.ledger.race import behind
from tests.ledger.stage import CLERK, LEADER, NOON, REVIEWER, carried, draw, minutes, opened, posted, printed, release, released, signed

pytestmark = pytest.mark.ledger
NUMBER = "006123456/2024-00017"


def a_life() -> None:
    opened()
    released("website", "wechat", "board")
    draw("website")
    carried("wechat", Outcome(status=Status.DEFERRED, detail="频道忙"))
    carried("wechat", posted(), at=minutes(5))
    carried("board", printed("张贴单-1"), at=minutes(5))
    services.put_up(office=OFFICE_CODE, number="张贴单-1", by=CLERK, at=minutes(6))
    released("website", "wechat", number=2, title="更正后的名称", change_note="更正地点", at=minutes(10))
    services.withdraw(index_number=NUMBER, by=LEADER, at=minutes(20), reason="内容有误")


def test_everything_about_an_item_is_on_one_page(database):
    a_life()
    whole = queries.history(index_number=NUMBER)
    assert (whole.office, whole.withdrawal_reason, whole.released_at, whole.withdrawn_at) == (OFFICE_CODE, "内容有误", NOON, minutes(20))
    first, second = whole.editions
    assert (first.state, second.state, second.edition.title, second.edition.change_note) == (
        State.CORRECTED, State.WITHDRAWN, "更正后的名称", "更正地点")
    assert [(one.by, one.verdict) for one in first.reviews] == [(REVIEWER, "pass")]
    assert [(one.by, sorted(one.renditions)) for one in first.sign_offs] == [(LEADER, ["board", "website", "wechat"])]
    assert [(one.channel, one.released_at) for one in first.routes] == [("website", NOON), ("board", NOON), ("wechat", NOON)]
    wechat = next(one for one in whole.deliveries if one.delivery.channel == "wechat")
    assert [(one.number, one.status, one.detail) for one in wechat.attempts] == [(1, "deferred", "频道忙"), (2, "posted", "")]
    assert {one.channel for one in whole.postings} == {"website", "wechat", "board"}
    assert [one.put_up_by for one in whole.sheets] == [CLERK]
    verbs = [one.verb for one in whole.events]
    assert verbs[:5] == ["drafted", "submitted", "review: pass", "signed off", "released"]
    assert {"delivery deferred", "delivery posted", "put up", "correction drafted", "withdrawn"} <= set(verbs)


@pytest.mark.parametrize("deed", ["released", "withdrawn"])
def test_what_happens_while_it_is_read_is_told_as_before_or_as_after(database, deed):
    """Item and editions are of one look."""
    opened()
    edition = signed("website") if deed == "released" else released("website")

    def at_once():
        if deed == "released":
            release(edition, minutes(1))
        else:
            services.withdraw(index_number=NUMBER, by=LEADER, at=minutes(1), reason="误")

    with behind("SELECT", at_once):
        before = queries.history(index_number=NUMBER)
    after = queries.history(index_number=NUMBER)
    for book in (before, after):
        assert (book.editions[0].state is not State.SIGNED) == (book.released_at is not None)
        assert (book.editions[0].state is State.WITHDRAWN) == (book.withdrawn_at is not None)
    assert after.editions[0].state is (State.RELEASED if deed == "released" else State.WITHDRAWN)


def test_of_what_is_not_there_there_is_no_history(database):
    opened()
    assert queries.history(index_number="nothing") is None


def test_the_log_is_read_backwards_page_by_page(database):
    a_life()
    whole = queries.events(office=OFFICE_CODE, limit=1000)
    assert whole.before is None
    seqs = [event.seq for event in whole.rows]
    assert seqs == list(range(len(seqs), 0, -1))
    pages, before = [], None
    while True:
        page = queries.events(office=OFFICE_CODE, before=before, limit=7)
        pages += [event.seq for event in page.rows]
        if page.before is None:
            break
        before = page.before
    assert pages == seqs


def test_the_log_is_asked_by_subject_person_verb_and_day(database):
    a_life()
    assert {event.actor for event in queries.events(office=OFFICE_CODE, actor=LEADER).rows} == {LEADER}
    assert [event.verb for event in queries.events(office=OFFICE_CODE, verb="withdrawn").rows] == ["withdrawn"]
    assert {event.subject for event in queries.events(office=OFFICE_CODE, subject=NUMBER).rows} == {NUMBER}
    assert {event.at for event in queries.events(office=OFFICE_CODE, since=minutes(20)).rows} == {minutes(20)}
    assert minutes(20) not in {event.at for event in queries.events(office=OFFICE_CODE, until=minutes(20)).rows}
    assert queries.events(office=OFFICE_CODE, actor="nobody").rows == ()
    assert queries.events(office="elsewhere").rows == ()


def test_every_verb_that_is_written_is_one_that_is_named(database):
    a_life()
    second = signed("website", index_number="006123456/2024-00018")
    services.edit(edition_id=second, edition=queries.edition_in_hand(edition_id=second).edition,
                  routes=queries.edition_in_hand(edition_id=second).routes, by=CLERK, at=minutes(21))
    services.shelve(edition_id=second, by=CLERK, at=minutes(22), reason="暂缓")
    assert {event.verb for event in queries.events(office=OFFICE_CODE, limit=1000).rows} <= set(queries.VERBS)
