"""The corpus of the desk bench: an office's archive of N released items with all that years leave beside them, and a day's work on top.

The archive is put in by bulk inserts, as a restore would; the day's work goes through the services, as people do it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from django.db import connection

from bench.corpus import Item as Text
from bench.corpus import items as texts
from content.catalogue import ALL, column_list, month_list
from content.index_numbers import slug
from content.offices import Office
from ledger import upkeep
from ledger.models import (
    Attempt,
    Delivery,
    Edition,
    Event,
    Item,
    Listing,
    Place,
    Posting,
    Review,
    Route,
    Sheet,
    SignOff,
)
from ledger.models import Office as OfficeRow
from ledger.services.book import GENESIS, event_hash

BATCH = 1000
RARE = "孔雀"  #: a word that stands in one old item alone
CLERK, REVIEWER, SIGNER = "陈文书", "林审查", "周主任"
HOUR = timedelta(hours=1)


class Archive:
    """What grows while the archive is filled."""

    def __init__(self, office: Office) -> None:
        self.office, self.row = office, OfficeRow.objects.get(code=office.code)
        self.sizes: dict[str, int] = {}
        last = Event.objects.filter(office=self.row).order_by("-seq").first()
        self.seq, self.hash = (last.seq, last.hash) if last else (0, GENESIS)

    def fill(self, total: int) -> None:
        """So many items."""
        found = iter(texts(total))
        while batch := list(islice(found, BATCH)):
            self._insert(batch)
        Listing.objects.bulk_create([Listing(office=self.row, name=name, size=size, live=size) for name, size in self.sizes.items()])
        upkeep.index_words()
        upkeep.count_anew()

    def _insert(self, batch: Sequence[Text]) -> None:
        items = Item.objects.bulk_create([Item(
            office=self.row, index_number=one.index_number, slug=slug(one.index_number), urn=uuid5(NAMESPACE_URL, one.index_number),
            released_at=one.released, released_on=one.released.date(), listed_at=one.released) for one in batch])
        editions = Edition.objects.bulk_create([self._edition(one, row) for one, row in zip(batch, items, strict=True)])
        with connection.cursor() as cursor:  # a fifth of the time that bulk_update takes
            cursor.execute("UPDATE ledger_item SET shown_id = e.id, newest_id = e.id FROM ledger_edition e "
                           "WHERE e.item_id = ledger_item.id AND ledger_item.id >= %s", [items[0].pk])
        Review.objects.bulk_create([Review(edition=e, by=REVIEWER, at=e.drafted_at + HOUR, verdict="pass", seal=e.seal) for e in editions])
        SignOff.objects.bulk_create([SignOff(edition=e, by=SIGNER, at=e.drafted_at + 2 * HOUR, edition_seal=e.seal, renditions={}, seal=e.seal)
                                     for e in editions])
        for channel, surface, every in (("website", True, 1), ("feed", True, 1), ("wechat", False, 3), ("board", False, 5)):
            self._carry(channel, editions[::every], surface=surface)
        self._places(batch, items)
        self._events(batch)

    def _edition(self, one: Text, row: Item) -> Edition:
        column = self.office.columns[one.n % len(self.office.columns)]
        body = one.html() + (f"<p>公园的{RARE}已妥善安置。</p>" if one.n == 7 else "")
        return Edition(
            item=row, number=1, state="released", title=one.title, summary=one.summary, issuing_body=self.office.name, column=column.slug,
            category=column.category, made_on=one.made_on, keywords=["环境整治", "通知"], link=f"{self.office.site.home}/{one.n}.html", body=body,
            drafter=CLERK, reviewer=REVIEWER, signer=SIGNER, seal="0" * 64, drafted_at=one.released - 5 * HOUR, released_at=one.released,
            released_on=one.released.date())

    def _carry(self, channel: str, editions: Sequence[Edition], *, surface: bool) -> None:
        Route.objects.bulk_create([Route(edition=e, channel=channel, kind=channel, surface=surface, released_at=e.released_at) for e in editions])
        deliveries = Delivery.objects.bulk_create([Delivery(
            key=f"{e.item.index_number}#1:publish@{channel}", office=self.row, item=e.item, edition=e, channel=channel, kind=channel,
            surface=surface, action="publish", status="posted", sealed="", queued_at=_released(e), due_at=_released(e),
            closed_at=_released(e), tries=1) for e in editions])
        Attempt.objects.bulk_create([Attempt(delivery=d, number=1, holder="bench", started_at=d.queued_at, finished_at=d.queued_at, status="posted")
                                     for d in deliveries])
        Posting.objects.bulk_create([Posting(
            office=self.row, item=d.item, delivery=d, channel=channel, kind=channel, ref=d.item.index_number, disclosed_at=d.queued_at,
            removed_at=d.queued_at + timedelta(days=10) if channel == "board" else None) for d in deliveries])
        if channel == "board":
            Sheet.objects.bulk_create([Sheet(
                office=self.row, item=d.item, delivery=d, number=f"{d.item.index_number}-1", printed_at=d.queued_at,
                days=10, due_down=(d.queued_at + timedelta(days=10)).date(), put_up_at=d.queued_at, put_up_by=CLERK,
                taken_down_at=d.queued_at + timedelta(days=10), taken_down_by=CLERK) for d in deliveries])

    def _places(self, batch: Sequence[Text], items: Sequence[Item]) -> None:
        places = []
        for one, row in zip(batch, items, strict=True):
            column = self.office.columns[one.n % len(self.office.columns)].slug
            for name in (ALL, column_list(column), month_list(one.released.astimezone(self.office.tz))):
                places.append(Place(office=self.row, list=name, place=self.sizes.get(name, 0), item=row))
                self.sizes[name] = self.sizes.get(name, 0) + 1
        Place.objects.bulk_create(places)

    def _events(self, batch: Iterable[Text]) -> None:
        Event.objects.bulk_create([event for one in batch for event in self._life(one)])

    def _life(self, one: Text) -> Iterator[Event]:
        began = one.released - 5 * HOUR
        for hours, (actor, verb) in enumerate(((CLERK, "drafted"), (CLERK, "submitted"), (REVIEWER, "review: pass"), (SIGNER, "signed off"),
                                               ("gongkai", "released"))):
            event = Event(office=self.row, seq=self.seq + 1, at=began + hours * HOUR, actor=actor, verb=verb, subject=one.index_number,
                          facts={"edition": 1}, previous=self.hash)
            event.hash = event_hash(event, self.office.code)
            self.seq, self.hash = event.seq, event.hash
            yield event


def _released(edition: Edition) -> datetime:
    return edition.drafted_at + 5 * HOUR


def work(home: Path, at: datetime) -> None:
    """A busy day: some fifty things in every state that a list shows."""
    from desk import offices
    from tests.desk.approvals import drafted, reviewed, signed, submitted, words
    from tests.desk.spread import DOUBT, DRAFT, LATER, REFUSED, hang, printed, tried
    from tests.desk.stage import Stage

    desk = Stage(home=home, hand=offices.hands()["qingshui"])
    serials = iter(range(1, 1000))
    for step, count in ((drafted, 12), (submitted, 12), (reviewed, 12)):
        for _ in range(count):
            step(desk, words(desk, next(serials), made_on=at.date() - timedelta(days=20)))
    for _ in range(4):
        signed(desk, words(desk, next(serials)), release_at=at + timedelta(hours=3))
        hang(desk, printed(desk, serial=next(serials)))
        printed(desk, serial=next(serials))
        for outcome in (DOUBT, DRAFT, REFUSED, LATER):
            tried(desk, outcome, serial=next(serials))
