"""What a surface has yet to draw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from content.catalogue import Spot, Touch
from content.deliveries import Status
from ledger.holds import drawing_paused
from ledger.models import Delivery, Drawing, Place

BATCH = 500  # ids a statement: databases bound the parameters of one


def queued_drawings(*, office: str, channel: str, at: datetime, limit: int) -> Sequence[tuple[int, int]]:
    """(delivery, item) of what a surface has yet to draw, oldest first; nothing where it is paused.

    What is in doubt is drawn again: that is harmless.
    """
    # by queued_at first: by the key alone, a database would rather read the archive in that order than sort what waits
    rows = Delivery.objects.filter(~drawing_paused(), office__code=office, channel=channel, surface=True, due_at__lte=at, status__in=[
        Status.QUEUED, Status.DEFERRED, Status.UNCONFIRMED])
    return list(rows.order_by("queued_at", "pk").values_list("pk", "item_id")[:limit])


def touches(*, items: Sequence[int]) -> list[Touch]:
    """Where these items stand and stood in the lists, each item once."""
    spots: dict[str, list[Spot]] = {}
    distinct = list(dict.fromkeys(items))
    for start in range(0, len(distinct), BATCH):
        rows = Place.objects.filter(item__in=distinct[start : start + BATCH]).order_by("item_id", "pk")
        for index_number, name, place in rows.values_list("item__index_number", "list", "place"):
            spots.setdefault(index_number, []).append(Spot(list=name, place=place))
    return [Touch(index_number=index_number, spots=tuple(found)) for index_number, found in spots.items()]


def last_frame(*, office: str, channel: str) -> str:
    """The frame a surface was last drawn whole with; empty if it never was."""
    return Drawing.objects.filter(office__code=office, channel=channel).values_list("frame", flat=True).first() or ""
