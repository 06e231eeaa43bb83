"""Measures: what the database counts is what one counts by hand, and as many rows open as were counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.measures import Measure, What
from ledger import queries, services
from ledger.errors import ClockError, LedgerError, UnknownError
from ledger.models import Edition, Item, Posting
from tests.builders import OFFICE_CODE
from tests.ledger.stage import CHANNELS, CLERK, LEADER, asking, carried, draw, minutes, opened, posted, printed, released

pytestmark = pytest.mark.ledger
SHANGHAI = ZoneInfo("Asia/Shanghai")
LATER = datetime(2030, 1, 1, tzinfo=UTC)
QUARTER = date(2024, 10, 1), date(2024, 12, 31)
READ = [Measure.read(line) for line in (
    "items", "items kind=website", "items kind=!website", "items kind=!website|wechat", "items kind=board|wechat", "items kind=feed", "items kind=weibo",
    "items kind=website text=full", "items text=full", "items category=未归类", "items category=工作信息 month=12", "items category=旧类", "items column=jigou",
    "items column=dongtai kind=website month=1", "items month=12", "corrections", "corrections month=1", "withdrawn", "withdrawn month=12", "urgent")]


def counted(line: str, **asked) -> int:
    return queries.count(**asking(asked, office=OFFICE_CODE, year=2024, measure=Measure.read(line), as_of=LATER))


def rows(line: str, **asked) -> list:
    return queries.opened(**asking(asked, office=OFFICE_CODE, year=2024, measure=Measure.read(line), as_of=LATER))


def book(*lines: str, **asked):
    return queries.yearbook(**{"office": OFFICE_CODE, "form": "2021", "year": 2024, "measures": [Measure.read(line) for line in lines], "as_of": LATER,
                               **asked})


# ------------------------------------------------------------------------------------------------------------ the law


def by_hand(measure: Measure, first: date, last: date, as_of: datetime) -> int:
    """The same, row by row, with nothing but what the rows say."""
    if measure.what is What.WITHDRAWN:
        return len([item for item in Item.objects.all() if item.withdrawn_at and item.withdrawn_at <= as_of
                   and first <= item.withdrawn_on <= last and measure.month in (0, item.withdrawn_on.month)])
    if measure.what is not What.ITEMS:
        return len([one for one in Edition.objects.all() if one.released_at and one.released_at <= as_of and first <= one.released_on <= last
                   and measure.month in (0, one.released_on.month) and (one.urgent if measure.what is What.URGENT else one.number > 1)])
    return len([item for item in Item.objects.all() if item.released_at and item.released_at <= as_of and first <= item.released_on <= last
               and measure.month in (0, item.released_on.month) and _narrow(measure, item, as_of)])


def _narrow(measure: Measure, item: Item, as_of: datetime) -> bool:
    shown = max((one for one in item.editions.all() if one.released_at and one.released_at <= as_of), key=lambda one: one.number)
    kinds = {one.kind for one in Posting.objects.filter(item=item) if one.disclosed_at and one.disclosed_at <= as_of} - {"feed"}
    wanted = {*measure.kinds}
    reached = kinds if not wanted else kinds - wanted if measure.others else kinds & wanted
    return (bool(reached) and measure.category in ("", shown.category or "未归类") and measure.column in ("", shown.column)
            and (shown.body != "" or not measure.full_text))


class Undone(Exception):
    """Ends a history, and its transaction with it."""


DEEDS = st.lists(st.tuples(
    st.sampled_from(["release", "release", "correct", "withdraw"]), st.integers(0, 5), st.sets(st.sampled_from(["feed", "board", "wechat", "website"]), min_size=1),
    st.sampled_from(["", "机构职能类", "工作信息", "旧类"]), st.booleans(), st.booleans(), st.integers(0, 40)), min_size=1, max_size=10)


def lived(deeds) -> Iterator[datetime]:
    """Live through a history; the instants worth asking about."""
    opened()
    at = datetime(2024, 12, 20, tzinfo=SHANGHAI)
    newest: dict[int, int] = {}
    for what, n, channels, category, public, full, days in deeds:
        at += timedelta(days=days)
        number, words = f"006123456/2024-{n + 1:05d}", {"category": category, "column": "dongtai" if public else "jigou", "body": "<p>全文</p>" if full else ""}
        if what == "withdraw":
            if newest.get(n):
                services.withdraw(index_number=number, by=LEADER, at=at, reason="误")
                newest[n] = 0
        elif (what == "release" and n not in newest) or (what == "correct" and newest.get(n)):
            newest[n] = newest.get(n, 0) + 1
            released(*channels, *(("website", "feed") if newest[n] > 1 else ()), at=at, index_number=number, number=newest[n], change_note="更正", **words)
            for channel in ("website", "feed"):
                draw(channel, at)
            for channel in ("wechat", "board"):
                carried(channel, posted(live=public), at=at)
        yield at
    yield at - timedelta(days=20)


def law(deeds) -> None:
    """Counted, opened and by hand are one number; the same rows, whole or by pages, and as they are named when a report is frozen."""
    with pytest.raises(Undone), transaction.atomic():
        for as_of in list(lived(deeds))[-2:]:
            for year, first, last in ((2024, date(2024, 1, 1), date(2024, 12, 31)), (2025, date(2025, 1, 1), date(2025, 12, 31)), (2024, *QUARTER)):
                asked: dict[str, Any] = {"office": OFFICE_CODE, "year": year, "as_of": as_of, "period": (first, last)}
                found = queries.yearbook(**asked, form="2021", measures=READ)
                for measure in READ:
                    there = queries.opened(**asked, measure=measure)
                    assert found.counts[measure] == len(there) == by_hand(measure, first, last, as_of), str(measure)
                    whole = measure.what in (What.ITEMS, What.WITHDRAWN)
                    names = [one.index_number if whole else f"{one.index_number}#{one.edition}" for one in there]
                    assert names == queries.row_keys(**asked, measure=measure)
                    assert len(set(names)) == len(names)
        raise Undone


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEEDS)
def test_as_many_rows_open_as_are_counted_and_as_one_counts_by_hand(sqlite, deeds):
    law(deeds)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEEDS)
def test_postgresql_opens_what_it_counts(postgresql, deeds):
    law(deeds)


# ------------------------------------------------------------------------------------------------------------ opening a number


def three_items() -> None:
    """One on website and board, one on the website as a bare title, one in the WeChat account alone."""
    opened()
    released("website", "board", index_number="006123456/2024-00001", title="第一件")
    released("website", index_number="006123456/2024-00002", title="第二件", body="", category="", at=minutes(1))
    released("wechat", index_number="006123456/2024-00003", title="第三件", column="dongtai", at=minutes(2))
    draw("website", minutes(3))
    carried("board", printed("张贴单-1"), at=minutes(3))
    services.put_up(office=OFFICE_CODE, number="张贴单-1", by=CLERK, at=minutes(63))
    carried("wechat", posted(), at=minutes(4))


def test_a_number_opens_to_its_items_with_deliveries_and_evidence(database):
    three_items()
    first, second, third = rows("items")
    assert (first.title, first.column, first.category, first.released_on, first.kinds) == (
        "第一件", "tongzhi", "工作信息", date(2024, 6, 3), ("website", "board"))
    assert first.deliveries == ("006123456/2024-00001#1:publish@website", "006123456/2024-00001#1:publish@board")
    assert first.evidence == ("https://qingshui.example.gov.cn/item/006123456-2024-0/006123456-2024-00017.html 2024-06-03 12:03",
                              "张贴单 张贴单-1 2024-06-03 13:03")
    assert (second.category, second.kinds) == ("未归类", ("website",))
    assert third.evidence == ("https://mp.example.com/a1 2024-06-03 12:04",)
    assert [one.index_number[-1] for one in rows("items kind=website text=full")] == ["1"]
    assert [one.index_number[-1] for one in rows("items category=未归类")] == ["2"]
    assert [one.index_number[-1] for one in rows("items kind=!website")] == ["1", "3"]


def test_a_number_opens_page_by_page(database):
    three_items()
    whole = rows("items")
    assert [row for offset in range(4) for row in rows("items", offset=offset, limit=1)] == whole
    assert rows("items", offset=3, limit=5) == []


def test_a_correction_opens_to_the_edition_and_what_carried_it(database):
    three_items()
    released("website", index_number="006123456/2024-00002", number=2, change_note="补正文", body="<p>全文</p>", at=minutes(10))
    draw("website", minutes(11))
    (row,) = rows("corrections")
    assert (row.index_number[-1], row.edition, row.deliveries) == ("2", 2, ("006123456/2024-00002#2:correct@website",))
    assert counted("items kind=website text=full") == 2
    assert counted("items kind=website text=full", as_of=minutes(9)) == 1


def test_a_withdrawn_item_opens_by_its_last_words_and_still_counts(database):
    three_items()
    services.withdraw(index_number="006123456/2024-00001", by=LEADER, at=minutes(20), reason="误")
    (row,) = rows("withdrawn")
    assert (row.title, row.kinds) == ("第一件", ("website", "board"))
    assert (counted("withdrawn month=6"), counted("withdrawn month=7"), counted("items")) == (1, 0, 3)


# ------------------------------------------------------------------------------------------------------------ periods and channels


def test_a_release_at_ten_to_midnight_belongs_to_the_old_year_wherever_the_clock_stands(database):
    """31 December 23:50 in the office is 15:50 in Greenwich and next year in Tokyo."""
    opened()
    edge = datetime(2024, 12, 31, 23, 50, tzinfo=SHANGHAI)
    for serial, at in ((1, edge.astimezone(UTC)), (2, edge.astimezone(ZoneInfo("Asia/Tokyo"))), (3, edge + timedelta(minutes=10))):
        released("website", index_number=f"006123456/2024-{serial:05d}", at=at)
        draw("website", at)
    assert (counted("items"), counted("items month=12"), counted("items", period=QUARTER)) == (2, 2, 2)
    assert (counted("items", year=2025), counted("items month=1", year=2025)) == (1, 1)
    found = book("items", as_of=edge.astimezone(UTC))
    assert (found.as_of.utcoffset(), found.as_of.date()) == (timedelta(hours=8), date(2024, 12, 31))


def test_a_year_without_data_is_a_book_of_zeros(database):
    opened()
    found = book("items", "items kind=website text=full", "items month=2", "corrections", "urgent", year=2023)
    assert set(found.counts.values()) == {0}
    assert (found.first_day, found.last_day, found.facts, found.last, found.texts, found.kinds) == (date(2023, 1, 1), date(2023, 12, 31), {}, {}, {}, ())


def test_channels_that_were_closed_or_opened_in_mid_year_are_named(database):
    office = opened()
    services.open_office(office=office, channels=[one for one in CHANNELS if one.name != "board"], at=minutes(60))
    services.open_office(office=office, channels=CHANNELS, at=datetime(2026, 3, 1, tzinfo=SHANGHAI))
    assert book(year=2023).kinds == ()
    assert book(year=2024).kinds == ("website", "board", "wechat")
    assert book(year=2025).kinds == ("website", "wechat")
    assert book(year=2026).kinds == ("website", "board", "wechat")
    assert book(year=2024, period=(date(2024, 7, 1), date(2024, 9, 30))).kinds == ("website", "wechat")


def test_a_period_lies_within_its_year_and_an_instant_names_its_zone(database):
    opened()
    with pytest.raises(LedgerError, match="is no part of 2024") as refused:
        book("items", period=(date(2024, 12, 1), date(2025, 1, 31)))
    assert refused.value.code == "period"
    with pytest.raises(LedgerError, match="is no part of 2024"):
        book("items", period=(date(2024, 3, 31), date(2024, 3, 1)))
    with pytest.raises(ClockError, match="has no time zone"):
        book("items", as_of=datetime(2024, 6, 3, 12, 0))
    with pytest.raises(UnknownError, match="no office 'nowhere'"):
        book("items", office="nowhere")


def test_figures_and_measures_are_one_count(database):
    three_items()
    found = queries.figures(office=OFFICE_CODE, year=2024, categories=["工作信息"], as_of=LATER)
    said = book("items", *(f"items kind={kind}" for kind in found.channels), *(f"items category={name}" for name in found.categories))
    assert list(said.counts.values()) == [found.distinct_items, *found.channels.values(), *found.categories.values()]
    assert found.channels == {"website": 2, "board": 1, "wechat": 1}
