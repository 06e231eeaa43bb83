"""The queue of an outlet: withdrawals first, then what was signed urgently, then the oldest; and what it costs to read and claim from it."""

from __future__ import annotations

import pytest

from content.deliveries import Outcome, Status
from ledger import queries, services
from tests.builders import OFFICE_CODE
from tests.ledger.stage import CLERK, LEADER, NOON, carried, drafted, minutes, opened, posted, release, released, renditions
from tests.ledger.test_cost import asked

pytestmark = pytest.mark.ledger


def number(serial: int) -> str:
    return f"006123456/2024-{serial:05d}"


def hurried(serial: int, at) -> None:
    """An item signed before its review, released."""
    edition = drafted("wechat", at=at, index_number=number(serial))
    services.submit(edition_id=edition, by=CLERK, at=at, urgent="暴雨红色预警")
    found = queries.edition_in_hand(edition_id=edition)
    services.sign_urgently(edition_id=edition, by=LEADER, at=at, renditions=renditions(found.channels, found.edition))
    release(edition, at)


def test_urgent_items_stand_first_then_the_oldest_and_withdrawals_before_all(database):
    opened(urgent=True)
    released("wechat", index_number=number(1))
    carried("wechat", posted())
    released("wechat", at=minutes(1), index_number=number(2))
    released("wechat", at=minutes(2), index_number=number(3))
    hurried(4, minutes(3))
    hurried(5, minutes(4))
    services.withdraw(index_number=number(1), by=LEADER, at=minutes(5), reason="误")
    order = [one.delivery.edition.index_number for one in queries.due_deliveries(office=OFFICE_CODE, channel="wechat", at=minutes(9))]
    assert order == [number(serial) for serial in (1, 4, 5, 2, 3)]
    assert queries.due_deliveries(office=OFFICE_CODE, channel="wechat", at=minutes(9), limit=2)[1].delivery.edition.index_number == number(4)


def test_reading_and_claiming_ask_as_much_in_a_long_queue_as_in_a_short_one(database):
    opened()
    ill = Outcome(status=Status.DEFERRED, detail="连接不上", well=False)

    def statements() -> dict[str, int]:
        one = queries.due_deliveries(office=OFFICE_CODE, channel="wechat", at=NOON)[0]
        work = []
        claim = asked(lambda: work.append(services.begin_attempt(delivery_id=one.delivery_id, tries=one.tries, holder="t", at=NOON)))
        return {"read": asked(lambda: queries.due_deliveries(office=OFFICE_CODE, channel="wechat", at=NOON)), "claim": claim,
                "end": asked(lambda: services.end_attempt(work=work[0], outcome=ill, at=NOON)),
                "states": asked(lambda: queries.channel_states(office=OFFICE_CODE)),
                "pauses": asked(lambda: queries.pauses(office=OFFICE_CODE))}

    for serial in range(1, 4):
        released("wechat", index_number=number(serial))
    statements()  # the first failure makes the channel's row
    few = statements()
    for serial in range(4, 40):
        released("wechat", index_number=number(serial))
        if serial >= 20:
            services.pause(office=OFFICE_CODE, by="吴运维", at=NOON, reason="停", index_number=number(serial))
    assert statements() == few
    assert (few["read"], few["claim"] <= 7, few["states"], few["pauses"]) == (2, True, 4, 1)
