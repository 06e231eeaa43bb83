"""The ledger as surfaces see it: `content.catalogue.Catalogue` over the database.

Rows are read as tuples and turned into values one by one; walks stream, so that memory does not grow with the archive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, F, QuerySet, When

from content.catalogue import ALL, PAGE, Entry, Line, Tombstone
from content.items import Attachment, Edition, Image
from ledger.errors import UnknownError
from ledger.models import Blob, Item, Listing, Office, Place
from ledger.reopening import reopen
from ledger.rows import CHUNK, day, instant, listed, rows, said

LINE = ("item__index_number", "item__shown__title", "item__shown__column", "item__shown__summary", "item__listed_at",
        "corrected_at", "place")
EDITION = ("index_number", "shown__number", "shown__title", "shown__short_title", "shown__summary", "shown__issuing_body", "shown__column",
           "shown__category", "shown__made_on", "shown__document_number", "shown__keywords", "shown__source", "shown__change_note",
           "shown__link", "shown__images", "shown__attachments", "shown__metadata", "shown__body")
ENTRY = (*EDITION, "listed_at", "urn")
OF_PLACE = (*(f"item__{field}" for field in ENTRY), "corrected_at")
STONE = ("index_number", "urn", "listed_at", "withdrawn_at", "withdrawal_reason")


class LedgerCatalogue:
    """One office's public catalogue.

    Raises:
        UnknownError: no such office.
    """

    def __init__(self, office: str) -> None:
        row = Office.objects.filter(code=office).first()
        if row is None:
            raise UnknownError(f"no office {office!r} in this ledger")
        self._office, self._code, self._zone = row.pk, office, ZoneInfo(row.zone)

    def __reduce__(self) -> tuple[Callable[[str], LedgerCatalogue], tuple[str]]:
        """In another process it is opened anew: there Django may have to be started first."""
        return reopen, (self._code,)

    def read(self, sha256: str) -> bytes:
        data = Blob.objects.filter(pk=sha256).values_list("data", flat=True).first()
        if data is None:
            raise KeyError(sha256)
        return bytes(data)

    def size(self, name: str) -> int:
        return Listing.objects.filter(office=self._office, name=name).values_list("size", flat=True).first() or 0

    def count(self, name: str) -> int:
        return Listing.objects.filter(office=self._office, name=name).values_list("live", flat=True).first() or 0

    def page(self, name: str, number: int) -> Sequence[Line]:
        asked = self._places(name, range(number * PAGE, (number + 1) * PAGE)).order_by("place")
        return [self._line(row) for row in rows(asked.values_list(*LINE))]

    def latest(self, name: str, limit: int) -> Sequence[Line]:
        return [self._line(row) for row in rows(self._places(name).order_by("-place").values_list(*LINE)[:limit])]

    def latest_entries(self, name: str, limit: int) -> Sequence[Entry]:
        return [self._entry(row) for row in rows(self._places(name).order_by("-place").values_list(*OF_PLACE)[:limit])]

    def lines(self, name: str, places: range | None = None) -> Iterator[Line]:
        for row in rows(self._places(name, places).order_by("place").values_list(*LINE), stream=True):
            yield self._line(row)

    def months(self) -> Sequence[str]:
        names = Listing.objects.filter(office=self._office, name__startswith="month:").order_by("name").values_list("name", flat=True)
        return [name.removeprefix("month:") for name in names]

    def find(self, index_number: str) -> Entry | Tombstone | None:
        """By one statement: an item released or withdrawn between two would be seen as neither."""
        item = Item.objects.filter(office=self._office, index_number=index_number, listed_at__isnull=False)
        asked = item.annotate(corrected_at=_corrected_at("")).values_list("withdrawn_at", "withdrawal_reason", *ENTRY, "corrected_at")
        for withdrawn_at, reason, *entry in rows(asked):
            if withdrawn_at is None:
                return self._entry(entry)
            index_number, *_, listed_at, urn, _corrected = entry
            return self._stone((index_number, urn, listed_at, withdrawn_at, reason))
        return None

    def walk(self, places: range | None = None) -> Iterator[Entry]:
        for row in rows(self._places(ALL, places).order_by("place").values_list(*OF_PLACE), stream=True):
            yield self._entry(row)

    def tombstones(self) -> Iterator[Tombstone]:
        for row in self._withdrawn().order_by("withdrawn_at", "index_number").values_list(*STONE).iterator(chunk_size=CHUNK):
            yield self._stone(row)

    def withdrawn(self, limit: int) -> Sequence[Tombstone]:
        return [self._stone(row) for row in self._withdrawn().order_by("-withdrawn_at", "-index_number").values_list(*STONE)[:limit]]

    def _places(self, name: str, places: range | None = None) -> QuerySet[Place]:
        found = Place.objects.filter(office=self._office, list=name, live=True).annotate(corrected_at=_corrected_at("item__"))
        return found if places is None else found.filter(place__gte=places.start, place__lt=places.stop)

    def _withdrawn(self) -> QuerySet[Item]:
        return Item.objects.filter(office=self._office, withdrawn_at__isnull=False, listed_at__isnull=False)

    def _line(self, row: Sequence[Any]) -> Line:
        index_number, title, column, summary, listed_at, corrected_at, place = row
        released = self._local(listed_at)
        return Line(index_number=index_number, title=title, column=column, summary=summary, released_at=released,
                    updated_at=self._updated(released, corrected_at), place=place)

    def _entry(self, row: Sequence[Any]) -> Entry:
        *words, listed_at, urn, corrected_at = row
        released = self._local(listed_at)
        return Entry(edition=self._edition(words), released_at=released, updated_at=self._updated(released, corrected_at),
                     urn=UUID(str(urn)))

    def _edition(self, row: Sequence[Any]) -> Edition:
        (index_number, number, title, short_title, summary, issuing_body, column, category, made_on, document_number, keywords, source,
         change_note, link, images, attachments, metadata, body) = row
        return Edition(
            index_number=index_number, number=number, title=title, short_title=short_title, summary=summary, issuing_body=issuing_body,
            office=self._code, column=column, category=category, made_on=day(made_on), document_number=document_number,
            keywords=tuple(listed(keywords)), source=source, change_note=change_note, link=link,
            images=tuple([Image(**image) for image in listed(images)]),
            attachments=tuple([Attachment(**file) for file in listed(attachments)]), metadata=said(metadata), body=body)

    def _stone(self, row: Sequence[Any]) -> Tombstone:
        index_number, urn, listed_at, withdrawn_at, reason = row
        return Tombstone(index_number=index_number, urn=UUID(str(urn)), released_at=self._local(listed_at),
                         withdrawn_at=self._local(withdrawn_at), reason=reason)

    def _updated(self, released: datetime, corrected_at: str | datetime | None) -> datetime:
        """A first edition is as old as its listing; a correction moves the date on, unless the listing is younger still."""
        return released if corrected_at is None else max(self._local(corrected_at), released)

    def _local(self, at: str | datetime) -> datetime:
        return instant(at).astimezone(self._zone)


def _corrected_at(item: str) -> Case:
    """When the edition shown was released, if it is a correction: of most items nobody need ask."""
    return Case(When(**{f"{item}shown__number__gt": 1, "then": F(f"{item}shown__released_at")}))
