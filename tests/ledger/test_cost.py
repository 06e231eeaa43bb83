"""Cost: what an office does every day asks the database no more when its archive is ten times as large."""

from __future__ import annotations

import gc
import re
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from content.catalogue import ALL, Entry
from content.measures import Measure
from ledger import catalogue, queries, rows, services
from ledger.catalogue import LedgerCatalogue
from ledger.models import Edition, Posting, Sighting, Watch
from ledger.queries.counting import grouped, marked, shown, span
from tests.builders import OFFICE_CODE
from tests.ledger.archive import archive
from tests.ledger.stage import CLERK, LEADER, NOON, carried, draw, minutes, opened, printed, release, released, signed

pytestmark = pytest.mark.ledger


def asked(act: Callable[[], object]) -> int:
    """How many statements it takes."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


LINES = ("items", "items kind=website text=full", "items kind=board month=4", "items category=未归类", "corrections", "withdrawn", "urgent")


def a_book() -> dict[str, int]:
    """The statements of a report, and of opening one of its numbers."""
    of: dict[str, Any] = {"office": OFFICE_CODE, "year": 2023, "as_of": NOON}
    measures = [Measure.read(line) for line in LINES]
    return {
        "yearbook": asked(lambda: queries.yearbook(**of, form="2021", measures=measures)),
        "one measure": asked(lambda: queries.yearbook(**of, form="2021", measures=measures[:1])),
        "open a page": asked(lambda: queries.opened(**of, measure=measures[0], limit=20)),
        "open a page far back": asked(lambda: queries.opened(**of, measure=measures[2], offset=30, limit=20)),
        "names of all rows": asked(lambda: queries.row_keys(**of, measure=measures[0])),
        "district": asked(lambda: queries.district_yearbook(**of, offices=[OFFICE_CODE], form="2021", measures=measures)),
    }


def a_day(serial: int) -> dict[str, int]:
    """The statements of a day's work on one item, and of the reads that surfaces make."""
    number, sheet = f"006123456/2024-{serial:05d}", f"张贴单-{serial}"
    edition_id = signed("website", "wechat", "board", index_number=number)
    book = LedgerCatalogue(OFFICE_CODE)
    out = {
        "editions due": asked(lambda: queries.editions_due(office=OFFICE_CODE, at=NOON)),
        "release": asked(lambda: release(edition_id)),
        "draw": asked(lambda: draw("website")),
        "carry": asked(lambda: carried("board", printed(sheet))),
        "sheets": asked(lambda: queries.sheets(office=OFFICE_CODE)),
        "put up": asked(lambda: services.put_up(office=OFFICE_CODE, number=sheet, by=CLERK, at=NOON)),
        "take down": asked(lambda: services.take_down(office=OFFICE_CODE, number=sheet, by=CLERK, at=minutes(1))),
        "latest": asked(lambda: book.latest(ALL, 20)),
        "latest entries": asked(lambda: book.latest_entries(ALL, 20)),
        "page": asked(lambda: book.page(ALL, 0)),
        "find": asked(lambda: book.find(number)),
        "size and count": asked(lambda: (book.size(ALL), book.count(ALL), book.months())),
        "missing": asked(lambda: queries.missing_postings(offices=[OFFICE_CODE])),
        "in doubt": asked(lambda: queries.in_doubt(office=OFFICE_CODE, channel="wechat", at=NOON)),
        "due looks": asked(lambda: queries.due_looks(office=OFFICE_CODE, channel="wechat", at=NOON)),
        "standing": asked(lambda: queries.standing(office=OFFICE_CODE)),
        "figures": asked(lambda: queries.figures(office=OFFICE_CODE, year=2024, categories=["工作信息"], as_of=NOON)),
        "correct": asked(lambda: released("website", index_number=number, number=2, change_note="更正", at=minutes(2))),
        "withdraw": asked(lambda: services.withdraw(index_number=number, by=LEADER, at=minutes(3), reason="误")),
    }
    carried("wechat", printed("x"), at=minutes(4))
    draw("website", minutes(4))
    return out


def test_a_day_asks_the_database_as_much_with_fifty_items_as_with_five_hundred(database):
    opened()
    archive(50)
    a_day(1)  # the month's first release opens its list
    few = a_day(2)
    archive(450, start=2000)
    assert a_day(3) == few
    assert few["find"] == few["page"] == few["latest"] == few["latest entries"] == 1
    assert few["release"] <= 40


def test_a_report_asks_the_database_as_much_of_fifty_items_as_of_five_hundred_and_of_one_measure_as_of_many(database):
    opened()
    archive(50)
    few = a_book()
    archive(450, start=2000)
    assert a_book() == few
    assert few["yearbook"] == few["one measure"] <= 13
    assert few["open a page"] == few["open a page far back"] == 6


def test_a_queue_of_many_is_read_in_two_questions(database):
    opened()
    for serial in range(1, 8):
        released("wechat", index_number=f"006123456/2024-{serial:05d}")
    assert asked(lambda: queries.due_deliveries(office=OFFICE_CODE, channel="wechat", at=NOON)) == 2
    ids = [one.delivery_id for one in queries.due_deliveries(office=OFFICE_CODE, channel="wechat", at=NOON)]
    assert len(ids) == 7


def test_a_walk_holds_a_chunk_and_not_the_archive(database, monkeypatch):
    """Entry by entry, a walk of the archive takes a small part of the memory that the archive would."""
    for module in (catalogue, rows):
        monkeypatch.setattr(module, "CHUNK", 40)  # small chunks show it with a small archive
    opened()
    archive(1500)

    def peak(walk: Callable[[Iterator[Entry]], int]) -> int:
        gc.collect()
        tracemalloc.start()
        try:
            assert walk(LedgerCatalogue(OFFICE_CODE).walk()) == 1500
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    one_by_one = peak(lambda entries: sum(1 for _ in entries))
    all_at_once = peak(lambda entries: len(list(entries)))
    assert one_by_one < all_at_once / 3


def looked_at() -> None:
    """Every posting of the archive was looked at, and is not any more."""
    postings = list(Posting.objects.all())
    Watch.objects.bulk_create([Watch(posting=one, office=one.office, channel=one.channel, since=NOON) for one in postings])
    Sighting.objects.bulk_create([Sighting(posting=one, ref=one.ref, at=NOON, by="gongkai", seen="stands", lost=False) for one in postings])


def plan(rows: QuerySet) -> str:
    """How the database means to find these rows."""
    return rows.explain()


def test_what_waits_is_found_by_its_index_and_not_by_reading_the_archive(database):
    """A tick's questions: each by an index that holds little or is entered at the right place."""
    from ledger.models import Delivery, Item, Route, Sheet

    opened()
    archive(3000)
    looked_at()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    office = LedgerCatalogue(OFFICE_CODE)._office
    asks = {
        "route_waiting": Route.objects.filter(released_at=None, release_at__lte=NOON),
        "ledger_deli_office": Delivery.objects.filter(office=office, channel="board", status__in=["queued", "deferred"], due_at__lte=NOON),
        "ledger_deli_item": Delivery.objects.filter(item=5, channel="board", status="unconfirmed"),
        "sheet_open": Sheet.objects.filter(office=office, taken_down_at=None).order_by("printed_at"),
        "item_withdrawn": Item.objects.filter(office=office, withdrawn_at__isnull=False).order_by("-withdrawn_at", "-index_number"),
        "edition_corrections": Edition.objects.filter(number__gt=1, released_on__gte=NOON.date(), released_on__lte=NOON.date()),
        "watch_due": Watch.objects.filter(office=office, channel="wechat", look_at__lte=NOON).order_by("look_at", "pk"),
        "watch_missing": Watch.objects.filter(office=office, missing_since__isnull=False),
        "sighting_lost": Sighting.objects.filter(lost=True, at__lte=NOON),
        "sighting_posting": Sighting.objects.filter(posting=5, pk__gt=7),
        "one_item_a_place": LedgerCatalogue(OFFICE_CODE)._places(ALL).order_by("-place")[:20],
        "one_posting_a_channel|posting_counted": Posting.objects.filter(item=5, channel="board"),
    }
    plans = {index: plan(rows) for index, rows in asks.items()}
    if connection.vendor == "sqlite":  # it calls the index of a constraint by the table's name
        plans |= {index: plans[index].replace(f"sqlite_autoindex_ledger_{table}_1", index)
                  for index, table in (("one_item_a_place", "place"), ("one_posting_a_channel|posting_counted", "posting"))}
    assert {index: text for index, text in plans.items() if not any(name in text for name in index.split("|"))} == {}


def test_a_year_is_counted_from_one_index_in_its_order(database):
    """What has not changed since the instant is counted from the index of what is kept beside the items: nothing is looked up, nothing sorted."""
    opened()
    archive(3000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    found = plan(grouped(span(OFFICE_CODE, 2023, NOON), full_text=True))
    kept = found.partition("UNION ALL" if connection.vendor == "sqlite" else "Anti Join")[0]
    if connection.vendor == "sqlite":
        assert "USING COVERING INDEX counted_year (office_id=? AND year=? AND month>? AND month<?)" in kept
        assert "TEMP B-TREE" not in kept
    assert "counted" in kept
    assert "posting" not in kept


def test_what_has_changed_since_is_counted_from_indexes_and_never_from_the_rows_that_hold_the_texts(database):
    """What counting asks of an edition and of a posting stands in their indexes: a text of three pages is not read to count it."""
    opened()
    archive(3000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
    asked_for = span(OFFICE_CODE, 2023, NOON)
    found = plan(marked(shown(asked_for), asked_for, full_text=False).values("category", "column", "kinds", "month"))
    # a posting is short: PostgreSQL may as well read it
    for index in ("edition_counted", *(("posting_counted",) if connection.vendor == "sqlite" else ())):
        assert re.search(rf"(COVERING INDEX|Index Only Scan using) {index}", found), found
    assert "edition_later" in found or connection.vendor == "sqlite"  # SQLite knows nothing of an index while it is empty
