"""A ledger of a hundred thousand items at once, for the benches: rows as ten years of work leave them, without living the years.

The corpus is that of the site bench (`bench.corpus`); here each item also has its routes, deliveries, postings and events,
and some still wait for people. Works on whichever database Django is pointed at, whose tables are there already.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction

from bench.corpus import FIRST, OFFICE, YEARS, Item, items
from content.catalogue import ALL, column_list, month_list
from content.index_numbers import address, slug
from content.offices import Office
from ledger import boot, services, upkeep  # noqa: F401 - boot starts Django, and stands before any model
from ledger.models import Attempt, Delivery, Edition, Event, Listing, Place, Posting, Route
from ledger.models import Item as ItemRow
from ledger.models import Office as OfficeRow
from ledger.services.book import GENESIS, event_hash

CHUNK = 2000
CHANNELS = (
    services.ChannelOpened(name="website", kind="website", surface=True),
    services.ChannelOpened(name="wechat", kind="wechat", surface=False),
)
DRAFTER, REVIEWER, SIGNER = "甲", "乙", "丙"


def fill(total: int, *, office: Office = OFFICE, people: tuple[str, str, str] = (DRAFTER, REVIEWER, SIGNER), waiting: int = 30) -> None:
    """`total` released items of an office that is not open yet, and for each state before the release `waiting` more."""
    services.open_office(office=office, channels=CHANNELS, at=FIRST)
    row = OfficeRow.objects.get(code=office.code)
    maker = _Maker(row, office, people)
    corpus = items(total)
    while batch := list(islice(corpus, CHUNK)):
        maker.released(batch)
    maker.finish()
    maker.waiting(total, waiting)
    upkeep.index_words()
    upkeep.fold()


class _Maker:
    """Turns corpus items into rows of one office."""

    def __init__(self, row: OfficeRow, office: Office, people: tuple[str, str, str]) -> None:
        self.row, self.office, self.people = row, office, people
        self.sizes: dict[str, int] = {}
        last = Event.objects.filter(office=row).order_by("-seq").first()
        self.seq, self.hash = (last.seq, last.hash) if last else (0, GENESIS)

    @transaction.atomic
    def released(self, batch: Sequence[Item]) -> None:
        """A batch of items before the public on both channels."""
        rows = self._items(batch, released=True)
        editions = self._editions(batch, rows, "released")
        for surface, channel in ((True, "website"), (False, "wechat")):
            Route.objects.bulk_create([Route(edition=edition, channel=channel, kind=channel, surface=surface, released_at=one.released)
                                       for one, edition in zip(batch, editions, strict=True)])
            deliveries = Delivery.objects.bulk_create([
                Delivery(key=f"{one.index_number}#1:publish@{channel}", office=self.row, item=edition.item, edition=edition, channel=channel,
                         kind=channel, surface=surface, action="publish", status="posted", sealed="", queued_at=one.released,
                         due_at=one.released, closed_at=one.released, tries=1) for one, edition in zip(batch, editions, strict=True)])
            Attempt.objects.bulk_create([Attempt(delivery=one, number=1, holder="bench", started_at=one.queued_at, finished_at=one.queued_at,
                                                 status="posted") for one in deliveries])
            Posting.objects.bulk_create([Posting(office=self.row, item=one.item, delivery=one, channel=channel, kind=channel, ref=one.key,
                                                 disclosed_at=one.queued_at) for one in deliveries])
        places = []
        for one, row in zip(batch, rows, strict=True):
            for name in (ALL, column_list(one.column.slug), month_list(one.released.astimezone(self.office.tz))):
                places.append(Place(office=self.row, list=name, place=self.sizes.get(name, 0), item=row))
                self.sizes[name] = self.sizes.get(name, 0) + 1
        Place.objects.bulk_create(places)
        self._events([(one.released, verb, one.index_number) for one in batch for verb in ("drafted", "submitted", "signed off", "released")])

    def finish(self) -> None:
        """What is known only in the end: the sizes of the lists."""
        Listing.objects.bulk_create([Listing(office=self.row, name=name, size=size, live=size) for name, size in self.sizes.items()])

    @transaction.atomic
    def waiting(self, total: int, count: int) -> None:
        """So many items more in each state before the release."""
        for place, state in enumerate(("draft", "in_review", "reviewed", "signed")):
            batch = [Item(total + place * count + n, total + 4 * count) for n in range(count)]
            editions = self._editions(batch, self._items(batch, released=False), state)
            Route.objects.bulk_create([Route(edition=edition, channel="website", kind="website", surface=True) for edition in editions])

    def _items(self, batch: Sequence[Item], *, released: bool) -> list[ItemRow]:
        def row(one: Item) -> ItemRow:
            dates: dict[str, Any] = {} if not released else {
                "urn": uuid5(NAMESPACE_URL, one.index_number), "released_at": one.released, "released_on": one.released.date(),
                "listed_at": one.released}
            return ItemRow(office=self.row, index_number=one.index_number, slug=slug(one.index_number), **dates)

        return ItemRow.objects.bulk_create([row(one) for one in batch])

    def _editions(self, batch: Sequence[Item], rows: Sequence[ItemRow], state: str) -> list[Edition]:
        drafter, reviewer, signer = self.people
        given: dict[str, dict[str, Any]] = {
            "draft": {}, "in_review": {}, "reviewed": {"reviewer": reviewer},
            "signed": {"reviewer": reviewer, "signer": signer, "seal": "0" * 64},
            "released": {"reviewer": reviewer, "signer": signer, "seal": "0" * 64}}

        def edition(one: Item, row: ItemRow) -> Edition:
            dates: dict[str, Any] = {"released_at": one.released, "released_on": one.released.date()} if state == "released" else {}
            return Edition(
                item=row, number=1, state=state, title=one.title, summary=one.summary, issuing_body=self.office.name, column=one.column.slug,
                made_on=one.made_on, keywords=["环境整治", "通知"], link=f"{self.office.site.home}/{address(one.index_number)}.html",
                body=one.html(), drafter=drafter, drafted_at=one.released, saved_at=one.released, **given[state], **dates)

        editions = Edition.objects.bulk_create([edition(one, row) for one, row in zip(batch, rows, strict=True)])
        for row, made in zip(rows, editions, strict=True):
            row.newest = made
            row.shown = made if state == "released" else None
        ItemRow.objects.bulk_update(rows, ["shown", "newest"], batch_size=200)
        return editions

    def _events(self, what: Sequence[tuple[datetime, str, str]]) -> None:
        rows = []
        for at, verb, subject in what:
            event = Event(office=self.row, seq=self.seq + 1, at=at, actor=self.people[0], verb=verb, subject=subject, facts={"edition": 1},
                          previous=self.hash)
            self.seq, self.hash = event.seq, event_hash(event, self.office.code)
            event.hash = self.hash
            rows.append(event)
        Event.objects.bulk_create(rows)


def last_day() -> datetime:
    """An instant just after the corpus ends."""
    return FIRST + timedelta(days=365 * YEARS + 1)
