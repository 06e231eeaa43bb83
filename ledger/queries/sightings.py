"""复查: what is to be looked at again, what was found missing, what the looks found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from content.deliveries import Posting
from content.sightings import LOST, Seen
from ledger.models import Sighting, Watch


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A posting to look at again, with what a look needs."""

    posting_id: int
    delivery_id: int  #: that made or last changed it
    key: str  #: of that delivery
    posting: Posting


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingLine:
    """A posting that was not found when it was looked at again."""

    posting_id: int
    delivery_id: int  #: that made or last changed it
    office: str
    index_number: str
    title: str
    channel: str
    kind: str
    posting: Posting
    disclosed_at: datetime | None
    missing_since: datetime
    seen: Seen
    detail: str  #: what the last look found
    looked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SightingLine:
    """One look."""

    at: datetime
    by: str
    ref: str
    seen: Seen
    detail: str


def due_looks(*, office: str, channel: str, at: datetime, limit: int = 200) -> list[Watched]:
    """A channel's postings that are to be looked at by now, however late it is, the most overdue first."""
    rows = (Watch.objects.filter(office__code=office, channel=channel, look_at__lte=at).select_related("posting__delivery")
            .order_by("look_at", "pk")[:limit])
    return [Watched(posting_id=row.posting_id, delivery_id=row.posting.delivery_id, key=row.posting.delivery.key,
                    posting=Posting(ref=row.posting.ref, url=row.posting.url or None)) for row in rows]


def missing_postings(*, offices: Sequence[str], delivery_id: int | None = None) -> list[MissingLine]:
    """What was found missing and nobody has dealt with, the oldest first; with `delivery_id`, what that delivery posted."""
    rows = _missing(offices).select_related("office", "posting__item__shown", "posting__delivery").defer("posting__item__shown__body")
    found = list((rows.filter(posting__delivery=delivery_id) if delivery_id else rows).order_by("missing_since", "pk"))
    last = {one.posting_id: one for one in Sighting.objects.filter(posting__in=[row.posting_id for row in found]).order_by("pk")}
    # one that was seen again since its row was read is missing no more
    return [_line(row, one) for row in found if Seen((one := last[row.posting_id]).seen) in LOST]


def how_many_missing(*, offices: Sequence[str]) -> int:
    """How many of them there are."""
    return _missing(offices).count()


def _missing(offices: Sequence[str]) -> QuerySet[Watch]:
    return Watch.objects.filter(office__code__in=offices, missing_since__isnull=False)


def _line(row: Watch, last: Sighting) -> MissingLine:
    posting, item = row.posting, row.posting.item
    return MissingLine(
        posting_id=posting.pk, delivery_id=posting.delivery_id, office=row.office.code, index_number=item.index_number,
        title=item.shown.title if item.shown else item.index_number, channel=posting.channel, kind=posting.kind,
        posting=Posting(ref=posting.ref, url=posting.url or None), disclosed_at=posting.disclosed_at,
        missing_since=row.missing_since or last.at, seen=Seen(last.seen), detail=last.detail, looked_at=last.at)


def sightings(*, index_number: str, channel: str) -> list[SightingLine]:
    """Every look at what stands, or stood, of an item on a channel, oldest first."""
    rows = Sighting.objects.filter(posting__item__index_number=index_number, posting__channel=channel).order_by("pk")
    return [SightingLine(at=row.at, by=row.by, ref=row.ref, seen=Seen(row.seen), detail=row.detail) for row in rows]
