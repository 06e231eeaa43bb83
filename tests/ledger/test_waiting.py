"""What waits for whom: each person sees what they may do, and nobody what they may not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content.deliveries import Outcome, Status
from ledger import queries, services
from tests.builders import OFFICE_CODE, an_edition
from tests.ledger.archive import archive
from tests.ledger.stage import (
    CLERK,
    LEADER,
    NOON,
    REVIEWER,
    STRANGER,
    carried,
    drafted,
    draw,
    minutes,
    opened,
    posted,
    printed,
    released,
    routes,
    signed,
)

pytestmark = pytest.mark.ledger
OFFICES = [OFFICE_CODE]


def number(serial: int) -> str:
    return f"006123456/2024-{serial:05d}"


def numbers(lines) -> list[int]:
    return [int(line.index_number[-5:]) for line in lines]


def a_day() -> None:
    """1 draft, 2 came back, 3 in review, 4 reviewed, 5 signed for tomorrow, 6 out; 7 asks for haste."""
    opened(urgent=True)
    drafted("website", index_number=number(1))
    for serial in (2, 3, 4, 7):
        edition_id = drafted("website", index_number=number(serial), at=minutes(serial))
        services.submit(edition_id=edition_id, by=CLERK, at=NOON, urgent="汛情" if serial == 7 else "")
        if serial == 2:
            services.return_to_drafter(edition_id=edition_id, by=REVIEWER, at=NOON, reason="日期写错")
        if serial == 4:
            services.pass_review(edition_id=edition_id, by=REVIEWER, at=NOON)
    signed("website", "wechat", index_number=number(5), release_at=NOON + timedelta(days=1))
    released("website", index_number=number(6))


def test_each_person_sees_what_they_may_do(database):
    a_day()
    drafts = queries.my_drafts(offices=OFFICES, by=CLERK)
    assert (numbers(drafts), drafts[0].return_reason, drafts[0].returned_by) == ([2, 1], "日期写错", REVIEWER)
    assert queries.my_drafts(offices=OFFICES, by=STRANGER) == []
    review = queries.to_review(offices=OFFICES, by=REVIEWER)
    assert (numbers(review), [line.urgent for line in review]) == ([7, 3], [True, False])
    assert queries.to_review(offices=OFFICES, by=CLERK) == []
    assert numbers(queries.to_sign(offices=OFFICES, by=LEADER)) == [7, 4]
    assert numbers(queries.to_sign(offices=OFFICES, by=REVIEWER)) == [7]  # 4 they reviewed
    assert queries.to_sign(offices=OFFICES, by=CLERK) == []
    assert queries.to_sign(offices=["elsewhere"], by=LEADER) == []
    counts = queries.counts(offices=OFFICES, by=LEADER, at=NOON)
    assert (counts.drafts, counts.to_review, counts.to_sign, counts.troubled, counts.sheets) == (0, 2, 2, 0, 0)
    assert (queries.counts(offices=OFFICES, by=CLERK, at=NOON).drafts, queries.counts(offices=OFFICES, by=CLERK, at=NOON).returned) == (2, 1)


def test_what_goes_out_and_when(database):
    a_day()
    (out,) = queries.going_out(offices=OFFICES, until=NOON + timedelta(days=1))
    assert (numbers([out.edition]), out.release_at, out.channels) == ([5], NOON + timedelta(days=1), ("website", "wechat"))
    assert queries.going_out(offices=OFFICES, until=NOON) == []
    signed("website", index_number=number(8))
    assert [one.release_at for one in queries.going_out(offices=OFFICES, until=NOON)] == [None]


def test_what_the_duty_of_twenty_working_days_presses_on(database):
    a_day()
    made = an_edition().made_on
    assert numbers(queries.near_due(offices=OFFICES, made_by=made)) == [1, 2, 3, 4, 7, 5]  # not 6, which is out
    assert queries.near_due(offices=OFFICES, made_by=made - timedelta(days=1)) == []


def trouble(status: Status, detail: str = "频道维护") -> Outcome:
    return Outcome(status=status, detail=detail)


def test_deliveries_that_need_a_hand_come_with_what_is_known(database):
    opened()
    released("wechat", "board", index_number=number(1))
    released("website", "wechat", index_number=number(2))
    (due, _) = queries.due_deliveries(office=OFFICE_CODE, channel="wechat", at=NOON)
    work = services.begin_attempt(delivery_id=due.delivery_id, tries=0, holder="h", at=NOON)
    services.keep_step(delivery_id=due.delivery_id, name="draft", value="media-1")
    services.end_attempt(work=work, outcome=trouble(Status.UNCONFIRMED, "连接中断"), at=NOON)
    assert carried("wechat", trouble(Status.REFUSED)) != []
    carried("board", printed("张贴单-1"))
    first, second = queries.troubled(offices=OFFICES, at=minutes(2))
    assert (first.status, first.detail, first.steps, first.last_at, first.tries) == (
        Status.UNCONFIRMED, "连接中断", (("draft", "media-1"),), NOON, 1)
    assert (second.status, second.index_number, second.closed_at) == (Status.REFUSED, number(2), None)
    assert queries.delivery_line(delivery_id=first.delivery_id) == first
    assert queries.delivery_line(delivery_id=0) is None
    assert queries.counts(offices=OFFICES, by=CLERK, at=NOON).troubled == 2
    assert queries.counts(offices=OFFICES, by=CLERK, at=NOON).sheets == 1


def test_what_is_over_troubles_nobody(database):
    """Overtaken, withdrawn before it was posted, posted: refused is not always somebody's work."""
    opened()
    released("website", "wechat", index_number=number(1))
    released("website", "wechat", index_number=number(1), number=2, change_note="更正")
    released("website", "wechat", index_number=number(2))
    services.withdraw(index_number=number(2), by=LEADER, at=minutes(1), reason="误")
    draw("website", minutes(2))
    carried("wechat", posted(), at=minutes(2))
    assert queries.troubled(offices=OFFICES, at=minutes(2)) == []


def test_a_channel_whose_last_attempts_failed_is_named_once(database):
    opened()
    for serial in (1, 2, 3):
        released("wechat", index_number=number(serial))
    carried("wechat", trouble(Status.DEFERRED, "接口凭证过期"), at=minutes(5))
    (ailing,) = queries.ailing_channels(offices=OFFICES)
    assert (ailing.channel, ailing.waiting, ailing.detail, ailing.last_at, ailing.since) == ("wechat", 3, "接口凭证过期", minutes(5), NOON)
    assert ailing.next_try == minutes(6)
    carried("wechat", posted(), at=minutes(9))
    assert queries.ailing_channels(offices=OFFICES) == []


def test_columns_and_accounts_grow_stale(database):
    opened()
    released("website", "wechat", index_number=number(1))
    draw("website")
    carried("wechat", posted(), at=minutes(30))
    fresh = {(one.kind, one.name): one.last for one in queries.freshness(office=OFFICE_CODE)}
    assert (fresh["column", "tongzhi"], fresh["column", "jigou"], fresh["channel", "wechat"], fresh["channel", "board"]) == (
        NOON, None, minutes(30), None)
    stale = [one.name for one in queries.nearly_stale(office=OFFICE_CODE, before=minutes(10))]
    assert "wechat" not in stale
    assert stale.index("jigou") < stale.index("tongzhi")


def test_two_offices_see_their_own(database):
    a_day()
    services.open_office(office=opened(code="beicheng"), channels=(), at=NOON)
    services.draft(edition=an_edition(office=OFFICE_CODE, index_number=number(9)), routes=routes("website"), by=CLERK, at=NOON)
    assert queries.my_drafts(offices=["beicheng"], by=CLERK) == []
    assert numbers(queries.my_drafts(offices=["beicheng", OFFICE_CODE], by=CLERK))[-1] in (1, 9)


def everything() -> dict[str, object]:
    return {
        "drafts": queries.my_drafts(offices=OFFICES, by=CLERK), "review": queries.to_review(offices=OFFICES, by=REVIEWER),
        "sign": queries.to_sign(offices=OFFICES, by=LEADER), "later": queries.to_review_afterwards(offices=OFFICES, by=REVIEWER),
        "withdraw": queries.to_withdraw(offices=OFFICES), "out": queries.going_out(offices=OFFICES, until=NOON + timedelta(days=2)),
        "due": queries.near_due(offices=OFFICES, made_by=NOON.date()), "trouble": queries.troubled(offices=OFFICES, at=minutes(2)),
        "ailing": queries.ailing_channels(offices=OFFICES), "fresh": queries.freshness(office=OFFICE_CODE),
        "counts": queries.counts(offices=OFFICES, by=CLERK, at=NOON), "sheets": queries.sheets(office=OFFICE_CODE)}


def test_a_desk_asks_the_database_as_much_with_an_archive_as_without(database):
    """And never reads a table through: every plan goes by an index."""
    a_day()
    with CaptureQueriesContext(connection) as before:
        small = everything()
    archive(2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with CaptureQueriesContext(connection) as after:
        large = everything()
    assert len(before) == len(after)
    assert {name: value for name, value in large.items() if name != "fresh"} == {name: value for name, value in small.items() if name != "fresh"}
    if connection.vendor == "sqlite":
        whole = [(table, one["sql"]) for one in after.captured_queries for table in ("ledger_edition", "ledger_item", "ledger_delivery",
                 "ledger_attempt", "ledger_posting", "ledger_place", "ledger_sheet") if scans(one["sql"], table)]
        assert whole == []


def scans(sql: str, table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return any(row[3].startswith("SCAN") and row[3].split()[1] == table and " USING " not in row[3] for row in cursor.fetchall())
