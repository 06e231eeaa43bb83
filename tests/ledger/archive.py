"""A large archive at once: rows as years of releases leave them, without living the years."""

from __future__ import annotations

from datetime import timedelta

from content.catalogue import ALL, PAGE
from content.index_numbers import slug
from content.memory import item_urn
from ledger import upkeep
from ledger.editions import row_fields
from ledger.models import Delivery, Edition, Item, Listing, Office, Place, Posting, Route, Sheet
from tests.builders import OFFICE_CODE, an_edition
from tests.ledger.stage import CLERK, LEADER, NOON, REVIEWER


def archive(count: int, *, start: int = 1000) -> None:
    """So many released items on website and board, all posted, put up and down again; serials from `start`."""
    office = Office.objects.get(code=OFFICE_CODE)
    words = row_fields(an_edition())
    at, day = NOON - timedelta(days=400), (NOON - timedelta(days=400)).date()
    numbers = [f"006123456/2023-{start + n:05d}" for n in range(count)]
    items = Item.objects.bulk_create([
        Item(office=office, index_number=number, slug=slug(number), urn=item_urn(OFFICE_CODE, number), released_at=at, released_on=day, listed_at=at)
        for number in numbers])
    editions = Edition.objects.bulk_create([
        Edition(item=item, state="released", drafter=CLERK, reviewer=REVIEWER, signer=LEADER, seal="0" * 64, drafted_at=at, released_at=at,
                released_on=day, **words) for item in items])
    for item, edition in zip(items, editions, strict=True):
        item.shown = item.newest = edition
    Item.objects.bulk_update(items, ["shown", "newest"], batch_size=200)
    for channel, surface in (("website", True), ("board", False)):
        Route.objects.bulk_create([Route(edition=e, channel=channel, kind=channel, surface=surface, released_at=at) for e in editions])
        deliveries = Delivery.objects.bulk_create([
            Delivery(key=f"{item.index_number}#1:publish@{channel}", office=office, item=item, edition=edition, channel=channel, kind=channel,
                     surface=surface, action="publish", status="posted", sealed="", queued_at=at, due_at=at, closed_at=at,
                     tries=1)
            for item, edition in zip(items, editions, strict=True)])
        Posting.objects.bulk_create([
            Posting(office=office, item=d.item, delivery=d, channel=channel, kind=channel, ref=d.item.index_number, disclosed_at=at,
                    removed_at=None if surface else at) for d in deliveries])
        if not surface:
            Sheet.objects.bulk_create([
                Sheet(office=office, item=d.item, delivery=d, number=f"张贴单-{d.item.index_number}", printed_at=at, days=0, due_down=day,
                      put_up_at=at, taken_down_at=at) for d in deliveries])
    for name in (ALL, "column:tongzhi", f"month:{day:%Y-%m}"):
        listing, _ = Listing.objects.get_or_create(office=office, name=name)
        Place.objects.bulk_create([Place(office=office, list=name, place=listing.size + n, item=item) for n, item in enumerate(items)])
        Listing.objects.filter(pk=listing.pk).update(size=listing.size + count, live=listing.live + count)
    upkeep.index_words()
    upkeep.count_anew()
    assert count > PAGE
