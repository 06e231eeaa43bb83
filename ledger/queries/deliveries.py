"""What is due, what is in doubt, what a tick needs to know of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from content import deliveries as content
from content.catalogue import Spot, Touch
from content.deliveries import Action, Status
from content.items import Edition as EditionValue
from content.rules import TRIABLE, State
from ledger import editions
from ledger.models import Delivery, Drawing, Edition, Place, Posting, Route, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A delivery that may be tried, with all an outlet needs."""

    delivery_id: int
    tries: int
    delivery: content.Delivery
    key: str  #: as stored: the delivery's, even where a correction found nothing to correct and is now a first posting
    sealed: str  #: seal of the rendition that was signed


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionInHand:
    """An edition with the channels it is routed to."""

    edition_id: int
    edition: EditionValue
    channels: tuple[str, ...]
    drafter: str


def editions_due(*, office: str, at: datetime) -> list[EditionInHand]:
    """Signed editions with a route whose time has come, in order of index number."""
    routes = Route.objects.filter(edition=OuterRef("pk"), released_at=None).filter(Q(release_at=None) | Q(release_at__lte=at))
    rows = (Edition.objects.filter(Exists(routes), item__office__code=office, state__in=[State.SIGNED, State.RELEASED],
                                   item__withdrawn_at=None)
            .select_related("item").prefetch_related("routes").order_by("item__index_number", "number"))
    return [_in_hand(row, office) for row in rows]


def edition_in_hand(*, edition_id: int) -> EditionInHand:
    """One edition, whatever its state."""
    row = Edition.objects.select_related("item__office").prefetch_related("routes").get(pk=edition_id)
    return _in_hand(row, row.item.office.code)


def _in_hand(row: Edition, office: str) -> EditionInHand:
    return EditionInHand(
        edition_id=row.pk, edition=editions.value(row, office=office, index_number=row.item.index_number),
        channels=tuple(route.channel for route in sorted(row.routes.all(), key=lambda route: route.pk)), drafter=row.drafter)


def due_deliveries(*, office: str, channel: str, at: datetime, limit: int = 200) -> list[Due]:
    """An outlet's deliveries that may be tried now, oldest first.

    One whose item has an older delivery in doubt on this channel waits: what was said before must be known first.
    """
    doubtful = Delivery.objects.filter(item=OuterRef("item"), channel=channel, status=Status.UNCONFIRMED, pk__lt=OuterRef("pk"))
    rows = (Delivery.objects.filter(~Exists(doubtful), office__code=office, channel=channel, surface=False, due_at__lte=at,
                                    status__in=[status.value for status in TRIABLE])
            .select_related("item", "edition").order_by("due_at", "pk")[:limit])
    return [_due(row, office) for row in rows]


def in_doubt(*, office: str, channel: str) -> list[Due]:
    """An outlet's deliveries of which nobody knows whether they were posted."""
    rows = (Delivery.objects.filter(office__code=office, channel=channel, surface=False, status=Status.UNCONFIRMED)
            .select_related("item", "edition").order_by("pk"))
    return [_due(row, office) for row in rows]


def _due(row: Delivery, office: str) -> Due:
    posting = Posting.objects.filter(item=row.item, channel=row.channel, removed_at=None).first()
    action = Action(row.action)
    if action is Action.CORRECT and posting is None:
        action = Action.PUBLISH
    return Due(
        delivery_id=row.pk, tries=row.tries, key=row.key, sealed=row.sealed,
        delivery=content.Delivery(
            channel=row.channel, action=action, edition=editions.value(row.edition, office=office, index_number=row.item.index_number),
            posting=posting and content.Posting(ref=posting.ref, url=posting.url or None, live=posting.disclosed_at is not None)))


def pending_drawings(*, office: str, channel: str, at: datetime, limit: int) -> Sequence[tuple[int, int]]:
    """(delivery, item) of what a surface has yet to draw, oldest first. What is in doubt is drawn again: that is harmless."""
    return list(Delivery.objects.filter(office__code=office, channel=channel, surface=True, due_at__lte=at, status__in=[
        Status.QUEUED, Status.DEFERRED, Status.UNCONFIRMED]).order_by("pk").values_list("pk", "item_id")[:limit])


def touches(*, items: Sequence[int]) -> list[Touch]:
    """Where these items stand and stood in the lists."""
    spots: dict[str, list[Spot]] = {}
    rows = Place.objects.filter(item__in=items).order_by("item_id", "pk").values_list("item__index_number", "list", "place")
    for index_number, name, place in rows:
        spots.setdefault(index_number, []).append(Spot(list=name, place=place))
    return [Touch(index_number=index_number, spots=tuple(found)) for index_number, found in spots.items()]


def last_frame(*, office: str, channel: str) -> str:
    """The frame a surface was last drawn whole with; empty if it never was."""
    return Drawing.objects.filter(office__code=office, channel=channel).values_list("frame", flat=True).first() or ""


def delivery_id(*, office: str, key: str) -> int | None:
    """The delivery of a key."""
    return Delivery.objects.filter(office__code=office, key=key).values_list("pk", flat=True).first()


def step_value(*, delivery_id: int, name: str) -> str | None:
    """What was learnt on the way of a delivery."""
    return Step.objects.filter(delivery_id=delivery_id, name=name).values_list("value", flat=True).first()


def open_postings(*, office: str, channel: str) -> int:
    """How many of an office's items stand before the public on a channel."""
    return Posting.objects.filter(office__code=office, channel=channel, disclosed_at__isnull=False, removed_at=None).count()
