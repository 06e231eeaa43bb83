"""What a platform says of its own accord is kept with the delivery in doubt that it is about, and asks for a look once."""

from __future__ import annotations

import json

import pytest

from content.deliveries import HEARD, News, Outcome, Status
from ledger import queries, services
from ledger.errors import UnknownError
from ledger.models import Delivery
from tests.builders import OFFICE_CODE
from tests.ledger.stage import carried, minutes, opened, posted, released

pytestmark = pytest.mark.ledger
DOUBT = Outcome(status=Status.UNCONFIRMED, detail="没有收到应答")


def doubtful(*serials: int, jobs: tuple[str, ...] = ()) -> list[int]:
    """Articles in doubt, the first of them with the names their jobs were given."""
    out = []
    for serial in serials:
        released("website", "wechat", index_number=f"006123456/2024-{serial:05d}")
        carried("wechat", DOUBT)
        out.append(Delivery.objects.filter(channel="wechat").latest("pk").pk)
    for delivery, job in zip(out, jobs, strict=False):
        services.keep_step(delivery_id=delivery, name="job", value=job)
    return out


def hear(value: str = "100", word: str = "done", minute: int = 1, channel: str = "wechat") -> int:
    return services.hear(office=OFFICE_CODE, channel=channel, news=News(step="job", value=value, word=word), at=minutes(minute))


def heard(delivery: int) -> list[str]:
    words: list[str] = json.loads(queries.step_value(delivery_id=delivery, name=HEARD) or "[]")
    return words


def asked() -> list[int]:
    return [one.delivery_id for one in queries.in_doubt(office=OFFICE_CODE, channel="wechat", asked=True)]


def test_news_are_kept_with_the_delivery_they_name(database):
    opened()
    first, second = doubtful(1, 2, jobs=("100", "101"))
    assert hear("101") == 1
    assert (heard(first), heard(second), asked()) == ([], ["done"], [second])
    [event] = queries.events(office=OFFICE_CODE, verb="asked to look").rows
    assert event.actor == "gongkai"


def test_news_of_a_job_nobody_learnt_are_kept_with_all_that_may_be_meant(database):
    """Not with those of which another name is known, nor with what is settled."""
    opened()
    named, first, second = doubtful(1, 2, 3, jobs=("100",))
    settled, = doubtful(4)
    services.settle_as(delivery_id=settled, tries=1, outcome=posted(), at=minutes(1))
    assert hear("999") == 2
    assert (heard(named), heard(first), heard(second), heard(settled)) == ([], ["done"], ["done"], [])
    assert asked() == [first, second]


def test_the_same_news_again_ask_for_nothing(database):
    opened()
    delivery, = doubtful(1, jobs=("100",))
    hear()
    services.settle_as(delivery_id=delivery, tries=1, outcome=DOUBT, at=minutes(2))  # the look was had, and found nothing
    assert hear(minute=3) == 1
    assert (heard(delivery), asked()) == (["done"], [])
    hear(word="failed", minute=4)
    assert (heard(delivery), asked()) == (["done", "failed"], [delivery])


def test_a_platform_that_does_not_stop_talking_fills_no_table(database):
    opened()
    delivery, = doubtful(1, jobs=("100",))
    for n in range(40):
        hear(word=f"{n}\0")
    assert heard(delivery) == [f"{n}\N{REPLACEMENT CHARACTER}" for n in range(20)]


def test_news_of_what_is_settled_of_another_channel_or_of_no_office_change_nothing(database):
    opened()
    delivery, = doubtful(1, jobs=("100",))
    assert hear(channel="board") == 0
    services.settle_as(delivery_id=delivery, tries=1, outcome=posted(), at=minutes(1))
    assert hear() == 0
    assert heard(delivery) == []
    with pytest.raises(UnknownError):
        services.hear(office="elsewhere", channel="wechat", news=News(step="job", value="1", word="x"), at=minutes(1))
