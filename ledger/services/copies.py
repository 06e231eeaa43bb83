"""Where copies of an item stand, or may stand: what a correction has to amend and a withdrawal has to take back."""

from __future__ import annotations

from django.db.models import Q

from content.deliveries import Action, Status
from ledger.models import Delivery, Posting, Sheet
from ledger.services.book import Book

#: statuses of a delivery that left a copy behind, or may have
LEFT_A_COPY = (Status.UNCONFIRMED, Status.BY_HAND, Status.POSTED)
#: statuses of a delivery that somebody or something has still to do
OPEN = (Status.QUEUED, Status.DEFERRED, Status.BY_HAND)


def copies(item_id: int, *, perhaps_drawn: bool = False) -> dict[str, Delivery]:
    """The channels on which a copy of an item stands or may stand, each with the newest delivery that brought it there.

    A sheet is a copy while it hangs. A surface draws from the catalogue, and so may have drawn, for another item's sake,
    what is still queued for it: `perhaps_drawn` adds those.
    """
    left = Q(status__in=LEFT_A_COPY) | Q(surface=True) if perhaps_drawn else Q(status__in=LEFT_A_COPY)
    rows = Delivery.objects.filter(left, item=item_id).exclude(action=Action.WITHDRAW).order_by("pk")
    removed = set(Posting.objects.filter(item=item_id, removed_at__isnull=False).values_list("channel", flat=True))
    sheets = list(Sheet.objects.filter(item=item_id).values_list("delivery__channel", "put_up_at", "taken_down_at"))
    on_paper, hanging = {sheet[0] for sheet in sheets}, {channel for channel, up, down in sheets if up and not down}
    gone = (removed | on_paper) - hanging
    return {row.channel: row for row in rows if row.status == Status.UNCONFIRMED or row.channel not in gone}


def close_needless_withdrawals(book: Book, item_id: int, channel: str) -> None:
    """Where nothing stands any more, a withdrawal has nothing left to do: it is done."""
    waiting = Delivery.objects.filter(item=item_id, channel=channel, action=Action.WITHDRAW, status__in=OPEN)
    keys = list(waiting.values_list("key", flat=True))
    if not keys or channel in copies(item_id):
        return
    waiting.update(status=Status.POSTED, detail="nothing of it stands there any more", closed_at=book.at)
    for key in keys:
        book.write("withdrawal needless", key)
