"""Figures: counted by the database as they are counted row by row, in the office's year, as of an instant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content import figures as content
from content.figures import Figures, Reached
from ledger import queries, services
from ledger.models import Edition, Item, Posting
from tests.builders import OFFICE_CODE
from tests.ledger.stage import CHANNELS, CLERK, LEADER, NOON, carried, draw, minutes, opened, posted, printed, released

pytestmark = pytest.mark.ledger
CATEGORIES = ("机构职能类", "工作信息")
SHANGHAI = ZoneInfo("Asia/Shanghai")


def figures(year: int = 2024, as_of: datetime = datetime(2030, 1, 1, tzinfo=UTC)) -> Figures:
    return queries.figures(office=OFFICE_CODE, year=year, categories=CATEGORIES, as_of=as_of)


def by_hand(year: int, as_of: datetime) -> Figures:
    """The same, row by row and without the database's help."""
    rows = []
    for posting in Posting.objects.select_related("item"):
        item = posting.item
        if posting.disclosed_at is None or item.released_on is None or item.released_at is None or posting.disclosed_at > as_of or item.released_on.year != year or item.released_at > as_of:
            continue
        shown = max((e for e in item.editions.all() if e.released_at and e.released_at <= as_of), key=lambda e: e.number)
        rows.append(Reached(index_number=item.index_number, kind=posting.kind, category=shown.category, column=shown.column,
                            month=item.released_on.month))
    return content.count(
        rows, office=OFFICE_CODE, year=year, kinds=[c.kind for c in CHANNELS if c.kind != "feed"], categories=CATEGORIES, as_of=as_of,
        corrections=len([e for e in Edition.objects.all() if e.number > 1 and e.released_at and e.released_at <= as_of and e.released_on.year == year]),
        withdrawn=len([i for i in Item.objects.all() if i.withdrawn_at and i.withdrawn_at <= as_of and i.withdrawn_on.year == year]))


class Undone(Exception):
    """Ends a history, and its transaction with it."""


DEEDS = st.lists(st.tuples(
    st.sampled_from(["release", "release", "correct", "withdraw"]), st.integers(0, 5), st.sets(st.sampled_from(["feed", "board", "wechat", "website"]), min_size=1),
    st.sampled_from(["", "机构职能类", "工作信息", "旧类"]), st.booleans(), st.integers(0, 40)), max_size=10)


def lived(deeds) -> None:
    with pytest.raises(Undone), transaction.atomic():
        opened()
        at = datetime(2024, 12, 20, tzinfo=SHANGHAI)
        newest: dict[int, int] = {}
        for what, n, channels, category, public, days in deeds:
            at += timedelta(days=days)
            number, words = f"006123456/2024-{n + 1:05d}", {"category": category, "column": "dongtai" if public else "jigou"}
            if what == "withdraw":
                if n in newest:
                    services.withdraw(index_number=number, by=LEADER, at=at, reason="误")
                    newest[n] = 0
            elif (what == "release" and n not in newest) or (what == "correct" and newest.get(n)):
                newest[n] = newest.get(n, 0) + 1
                surfaces = ("website", "feed") if newest[n] > 1 else ()
                released(*channels, *surfaces, at=at, index_number=number, number=newest[n], change_note="更正", **words)
                for channel in ("website", "feed"):
                    draw(channel, at)
                for channel in ("wechat", "board"):
                    carried(channel, posted(live=public), at=at)
            for year in (2024, 2025):
                assert figures(year) == by_hand(year, datetime(2030, 1, 1, tzinfo=UTC))
        for as_of in (at - timedelta(days=20), at):
            for year in (2024, 2025):
                assert figures(year, as_of) == by_hand(year, as_of)
        raise Undone


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEEDS)
def test_the_database_counts_as_one_counts_by_hand(sqlite, deeds):
    """The law of figures holds on the way, too: figures that contradict themselves cannot be made."""
    lived(deeds)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEEDS)
def test_postgresql_counts_as_one_counts_by_hand(postgresql, deeds):
    lived(deeds)


def test_the_year_ends_at_midnight_in_the_office(database):
    opened()
    before, after = datetime(2024, 12, 31, 23, 59, tzinfo=SHANGHAI), datetime(2025, 1, 1, 0, 1, tzinfo=SHANGHAI)
    for serial, at in ((1, before), (2, after)):
        released("website", index_number=f"006123456/2024-{serial:05d}", at=at)
        draw("website", at)
        released("website", index_number=f"006123456/2024-{serial:05d}", number=2, change_note="更正", at=at)
        draw("website", at)
        services.withdraw(index_number=f"006123456/2024-{serial:05d}", by=LEADER, at=at, reason="误")
    for year, month in ((2024, 12), (2025, 1)):
        counted = figures(year)
        assert (counted.distinct_items, counted.months, counted.corrections, counted.withdrawn) == (1, {month: 1}, 1, 1)


def test_an_item_put_up_in_january_belongs_to_the_year_of_its_release(database):
    opened()
    december, january = datetime(2024, 12, 31, 12, tzinfo=SHANGHAI), datetime(2025, 1, 2, 9, tzinfo=SHANGHAI)
    released("board", at=december)
    carried("board", printed("张贴单-1"), at=december)
    services.put_up(office=OFFICE_CODE, number="张贴单-1", by=CLERK, at=january)
    assert (figures(2024).distinct_items, figures(2025).distinct_items) == (1, 0)
    assert figures(2024, as_of=december).distinct_items == 0


def test_every_channel_counts_once_and_the_item_once(database):
    opened()
    released("website", "feed", "wechat", "board")
    draw("website")
    draw("feed")
    carried("wechat", posted())
    carried("board", printed("张贴单-1"))
    assert figures().channels == {"website": 1, "board": 0, "wechat": 1}
    services.put_up(office=OFFICE_CODE, number="张贴单-1", by=CLERK, at=NOON)
    counted = figures()
    assert (counted.distinct_items, counted.channels) == (1, {"website": 1, "board": 1, "wechat": 1})
    assert counted.categories == {"机构职能类": 0, "工作信息": 1, "未归类": 0}


def test_an_item_on_the_feed_alone_is_not_counted(database):
    opened()
    released("feed")
    draw("feed")
    assert (figures().distinct_items, "feed" in figures().channels) == (0, False)


def test_a_correction_does_not_count_again_and_a_withdrawn_item_goes_on_counting(database):
    opened()
    released("website")
    draw("website")
    released("website", at=minutes(1), number=2, change_note="更正")
    draw("website", minutes(1))
    services.withdraw(index_number="006123456/2024-00017", by=LEADER, at=minutes(2), reason="误")
    draw("website", minutes(3))
    counted = figures()
    assert (counted.distinct_items, counted.corrections, counted.withdrawn, counted.channels["website"]) == (1, 1, 1, 1)


def test_figures_of_an_instant_stay_what_they_were(database):
    """A correction that moves the item to another category changes what comes after it, not what was reported before."""
    opened()
    released("website", category="工作信息", column="dongtai")
    draw("website")
    report = figures(as_of=minutes(5))
    released("website", at=minutes(10), number=2, change_note="更正", category="机构职能类", column="jigou")
    draw("website", minutes(10))
    services.withdraw(index_number="006123456/2024-00017", by=LEADER, at=minutes(11), reason="误")
    assert figures(as_of=minutes(5)) == report
    assert figures().categories == {"机构职能类": 1, "工作信息": 0, "未归类": 0}


def test_a_channel_that_was_closed_keeps_its_row(database):
    office = opened()
    released("wechat")
    carried("wechat", posted())
    services.open_office(office=office, channels=[c for c in CHANNELS if c.name != "wechat"], at=minutes(1))
    assert figures().channels == {"website": 0, "board": 0, "wechat": 1}
