"""How an item is counted, kept beside it: after whatever happened it is what the book itself says, and counting says the same without it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content.deliveries import Action, Outcome, Status
from content.measures import Measure
from ledger import queries, services, upkeep
from ledger.models import Counted, Delivery, Item, Posting, Sheet
from tests.builders import OFFICE_CODE
from tests.ledger.stage import CLERK, LEADER, carried, drafted, draw, minutes, opened, posted, printed, released

pytestmark = pytest.mark.ledger
SHANGHAI = ZoneInfo("Asia/Shanghai")
LATER = datetime(2030, 1, 1, tzinfo=UTC)
MEASURES = [Measure.read(line) for line in (
    "items", "items kind=website", "items kind=!website", "items kind=board|wechat", "items text=full", "items category=未归类", "items category=工作信息 month=12",
    "items column=jigou", "items month=1")]


def kept() -> dict[int, tuple]:
    """What stands beside the items."""
    return {row.item_id: (row.office_id, row.year, row.month, row.released_on, row.kinds, row.category, row.column, row.full_text, row.since)
            for row in Counted.objects.all()}


def by_hand() -> dict[int, tuple]:
    """The same, item by item, from what the book says."""
    out = {}
    for item in Item.objects.filter(released_at__isnull=False):
        editions = [one for one in item.editions.order_by("number") if one.released_at]
        postings = [one for one in Posting.objects.filter(item=item) if one.disclosed_at]
        shown, day = editions[-1], item.released_on
        instants = [item.released_at, shown.released_at, *(one.disclosed_at for one in postings)]
        out[item.pk] = (item.office_id, day.year, day.month, day, ",".join(sorted({one.kind for one in postings})), shown.category, shown.column,
                        shown.body != "", max(at for at in instants if at))
    return out


def counts(as_of: datetime) -> list[dict[Measure, int]]:
    """Two years and an odd part of one, as of an instant."""
    return [dict(queries.yearbook(office=OFFICE_CODE, form="2021", year=year, measures=MEASURES, as_of=as_of, period=period).counts)
            for year, period in ((2024, None), (2025, None), (2024, (date(2024, 12, 22), date(2024, 12, 30))))]


# ------------------------------------------------------------------------------------------------------------ the law


class Undone(Exception):
    """Ends a history, and its transaction with it."""


DEEDS = st.lists(st.tuples(
    st.sampled_from(["release", "release", "correct", "withdraw", "draw", "carry", "make ready", "leave in doubt", "settle", "put up"]), st.integers(0, 3),
    st.sets(st.sampled_from(["feed", "board", "wechat", "website"]), min_size=1), st.sampled_from(["", "工作信息"]), st.booleans(), st.integers(-1, 9)),
    min_size=4, max_size=14)


def lived(deeds) -> Iterator[datetime]:
    """Live through a history, a deed at a time; its instants. The clock is set back now and then."""
    opened()
    at = datetime(2024, 12, 20, tzinfo=SHANGHAI)
    newest: dict[int, int] = {}
    for what, n, channels, category, full, days in deeds:
        at += timedelta(days=days)
        number = f"006123456/2024-{n + 1:05d}"
        words = {"category": category, "column": "dongtai" if full else "jigou", "body": "<p>全文</p>" if full else ""}
        if what == "withdraw" and newest.get(n):
            services.withdraw(index_number=number, by=LEADER, at=at, reason="误")
            newest[n] = 0
        elif (what == "release" and n not in newest) or (what == "correct" and newest.get(n)):
            newest[n] = newest.get(n, 0) + 1
            surfaces = ("website", "feed") if newest[n] > 1 else ()  # what stands on a page stays there
            released(*channels, *surfaces, at=at, index_number=number, number=newest[n], change_note="更正", **words)
        elif what == "draw":
            draw("website", at)
            draw("feed", at)
        else:
            _carry(what, at)
        yield at


def _carry(what: str, at: datetime) -> None:
    """What becomes of deliveries to the account and to the board."""
    if what in ("carry", "make ready"):
        carried("wechat", posted(live=what == "carry"), at=at)
        for due in queries.due_deliveries(office=OFFICE_CODE, channel="board", at=at):
            work = services.begin_attempt(delivery_id=due.delivery_id, tries=due.tries, holder="test", at=at)
            services.end_attempt(work=work, outcome=printed(f"张贴单-{due.delivery_id}"), at=at)
    elif what == "leave in doubt":
        for due in queries.due_deliveries(office=OFFICE_CODE, channel="wechat", at=at):
            services.begin_attempt(delivery_id=due.delivery_id, tries=due.tries, holder="test", at=at)
    elif what == "settle":
        for row in Delivery.objects.filter(channel="wechat", status__in=[Status.UNCONFIRMED, Status.BY_HAND]).order_by("pk"):
            row.refresh_from_db()
            if row.status in (Status.UNCONFIRMED, Status.BY_HAND):
                outcome = Outcome(status=Status.POSTED) if row.action == Action.WITHDRAW else posted()
                services.settle_as(delivery_id=row.pk, tries=row.tries, outcome=outcome, at=at, by=CLERK)
    elif what == "put up":
        for sheet in Sheet.objects.filter(put_up_at=None, item__withdrawn_at=None, delivery__edition__state="released"):
            services.put_up(office=OFFICE_CODE, number=sheet.number, by=CLERK, at=at)


def law(deeds) -> None:
    with pytest.raises(Undone), transaction.atomic():
        instants = []
        for at in lived(deeds):
            assert kept() == by_hand()
            instants += [at - timedelta(days=1), at]
        asked = sorted({*instants[-4:], LATER})
        with_rows = [counts(as_of) for as_of in asked]
        Counted.objects.filter(item__index_number__endswith="1").delete()
        assert [counts(as_of) for as_of in asked] == with_rows
        Counted.objects.all().delete()
        assert [counts(as_of) for as_of in asked] == with_rows
        raise Undone


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEEDS)
def test_after_whatever_happened_an_item_is_counted_as_the_book_says_and_without_the_row_too(sqlite, deeds):
    law(deeds)


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DEEDS)
def test_postgresql_keeps_what_the_book_says(postgresql, deeds):
    law(deeds)


# ------------------------------------------------------------------------------------------------------------ one by one


def a_history() -> Iterator[object]:
    """Everything that changes how an item is counted, one after the other; and a draft, which is not counted."""
    opened()
    yield released("website", "wechat", "board", index_number="006123456/2024-00001")
    yield released("feed", index_number="006123456/2024-00002", body="", category="")
    drafted("website", index_number="006123456/2024-00003")
    yield draw("website", minutes(1))
    yield draw("feed", minutes(1))
    yield carried("wechat", posted(live=False), at=minutes(2))
    yield carried("board", printed("张贴单-1"), at=minutes(2))
    yield services.put_up(office=OFFICE_CODE, number="张贴单-1", by=CLERK, at=minutes(30))
    services.settle_as(delivery_id=Delivery.objects.get(channel="wechat").pk, tries=1, outcome=Outcome(status=Status.POSTED), at=minutes(40), by=CLERK)
    yield None
    yield released("website", index_number="006123456/2024-00001", number=2, change_note="更正", category="机构职能类", column="jigou", at=minutes(50))


def lived_through() -> dict[int, tuple]:
    for _ in a_history():
        pass
    return kept()


def test_each_thing_that_changes_how_an_item_is_counted_is_written_down_with_it(database):
    before: list[dict[int, tuple]] = []
    for _ in a_history():
        assert kept() == by_hand()
        before.append(kept())
    changed = [now != then for then, now in pairwise(before)]
    assert changed == [True, True, True, False, False, True, True, True]  # a draft on a platform and a sheet in the tray change nothing


def test_a_row_says_the_kinds_reached_the_edition_shown_and_since_when_it_holds(database):
    lived_through()
    first, second = Counted.objects.order_by("item")
    assert (first.kinds, first.category, first.column, first.full_text, first.since) == ("board,website,wechat", "机构职能类", "jigou", True, minutes(50))
    assert (second.kinds, second.category, second.full_text, second.since) == ("feed", "", False, minutes(1))
    assert kept() == by_hand()


def test_an_older_ledger_is_brought_up_to_it(database):
    found = lived_through()
    call_command("migrate", "ledger", "0008", verbosity=0)
    call_command("migrate", "ledger", verbosity=0)
    assert kept() == found == by_hand()


def test_it_is_made_anew_whatever_stood_there(database):
    lived_through()
    Counted.objects.filter(item__index_number__endswith="2").delete()
    Counted.objects.update(kinds="weibo", category="旧类", since=minutes(0))
    assert upkeep.count_anew() == 2
    assert kept() == by_hand()
