"""Places in lists: the next one for a newcomer, and none for a second time."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db.models import F

from content.catalogue import ALL, column_list, month_list
from ledger.models import Edition, Item, Listing, Place
from ledger.services.book import Book


def show(book: Book, row: Edition, before: Edition | None) -> None:
    """Give the item its places, once; a correction that moves it to another column gives it one there."""
    item = row.item
    if item.listed_at is None:
        local = book.at.astimezone(ZoneInfo(book.office.zone))
        Item.objects.filter(pk=item.pk).update(listed_at=book.at)
        for name in (ALL, column_list(row.column), month_list(local)):
            _take(book, item, name)
    elif before is not None and before.column != row.column:
        _leave(book, item, column_list(before.column))
        _take(book, item, column_list(row.column))


def hide(book: Book, item: Item) -> None:
    """Take the item out of every list. Its places stay empty."""
    for name in item.places.filter(live=True).values_list("list", flat=True):
        _leave(book, item, name)


def _take(book: Book, item: Item, name: str) -> None:
    listing, _ = Listing.objects.get_or_create(office=book.office, name=name)
    Place.objects.create(office=book.office, list=name, place=listing.size, item=item)
    Listing.objects.filter(pk=listing.pk).update(size=F("size") + 1, live=F("live") + 1)


def _leave(book: Book, item: Item, name: str) -> None:
    if Place.objects.filter(office=book.office, list=name, item=item, live=True).update(live=False):
        Listing.objects.filter(office=book.office, name=name).update(live=F("live") - 1)
