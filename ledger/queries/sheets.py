"""The bulletin board's list: what to put up, what hangs, what to take down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q

from content.rules import State
from ledger.models import Office, Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetLine:
    """A printed sheet as the board list shows it."""

    number: str
    index_number: str
    title: str
    printed_on: date  #: day of the office's zone
    due_down: date
    put_up: bool
    taken_down: bool
    withdrawn: bool
    replaced: bool  #: a newer edition of the item was released, or a newer sheet printed


def sheets(*, office: str, open_only: bool = True) -> list[SheetLine]:
    """Printed sheets, oldest first; by default those a person still has something to do with."""
    newer = Sheet.objects.filter(item=OuterRef("item"), delivery__channel=OuterRef("delivery__channel"),
                                 delivery__edition__number__gt=OuterRef("delivery__edition__number"))
    rows = (Sheet.objects.filter(office__code=office).annotate(newer=Exists(newer)).select_related("item", "delivery__edition")
            .defer("delivery__edition__body").order_by("printed_at", "number"))
    if open_only:
        may_go_up = Q(item__withdrawn_at=None, newer=False, delivery__edition__state=State.RELEASED)
        rows = rows.filter(Q(put_up_at__isnull=False) | may_go_up, taken_down_at=None)
    zone = ZoneInfo(Office.objects.filter(code=office).values_list("zone", flat=True).first() or "UTC")
    return [SheetLine(
        number=row.number, index_number=row.item.index_number, title=row.delivery.edition.title,
        printed_on=row.printed_at.astimezone(zone).date(), due_down=row.due_down, put_up=row.put_up_at is not None,
        taken_down=row.taken_down_at is not None, withdrawn=row.item.withdrawn_at is not None,
        replaced=row.newer or row.delivery.edition.state == State.CORRECTED) for row in rows]
