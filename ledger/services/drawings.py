"""Drawings: attempts at a surface. They may be repeated without harm, so doubt is no bar; they carry many deliveries at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, Q

from content.deliveries import Action, Outcome, Status
from content.rules import wait
from ledger import counted
from ledger.errors import HeldError, UnknownError
from ledger.holds import drawing_paused
from ledger.limits import printable
from ledger.models import Attempt, Delivery, Drawing, Posting
from ledger.services.book import Book, book

DRAWABLE = (Status.QUEUED, Status.DEFERRED, Status.UNCONFIRMED)
BATCH = 500  # ids a statement: databases bound the parameters of one


def begin_drawing(*, delivery_ids: Sequence[int], holder: str, at: datetime) -> None:
    """Write down that a surface is about to be drawn for these deliveries.

    What was overtaken or withdrawn since it was read is left as it is: this drawing does not show it.

    Raises:
        HeldError: the surface was paused, by itself or with its office.
    """
    office = Delivery.objects.filter(pk__in=delivery_ids[:1]).values_list("office__code", flat=True).first()
    if not delivery_ids:
        return
    if office is None:
        raise UnknownError(f"no delivery with number {delivery_ids[0]} in the ledger", what="delivery", name=str(delivery_ids[0]))
    with book(office=office, by="gongkai", at=at):
        if Delivery.objects.filter(drawing_paused(), pk__in=delivery_ids[:1]).exists():
            raise HeldError(f"drawing for delivery {delivery_ids[0]} is paused, with its channel or with its office")
        for ids in _batches(delivery_ids):
            Delivery.objects.filter(~Q(action=Action.WITHDRAW), pk__in=ids, status__in=DRAWABLE, item__withdrawn_at__isnull=False).update(
                status=Status.REFUSED, detail="withdrawn before it was drawn", closed_at=at)
            rows = list(Delivery.objects.filter(pk__in=ids, status__in=DRAWABLE).values_list("pk", "tries"))
            Attempt.objects.bulk_create([Attempt(delivery_id=pk, number=tries + 1, holder=holder, started_at=at) for pk, tries in rows])
            Delivery.objects.filter(pk__in=[pk for pk, _ in rows]).update(
                status=Status.UNCONFIRMED, tries=F("tries") + 1, detail="a drawing was begun and did not report back")


def end_drawing(*, office: str, channel: str, delivery_ids: Sequence[int], outcome: Outcome, at: datetime) -> None:
    """Write down how a drawing ended, for every delivery it was to carry and that nobody concluded meanwhile."""
    with book(office=office, by="gongkai", at=at) as opened:
        keys: list[str] = []
        for ids in _batches(delivery_ids):
            rows = list(Delivery.objects.filter(pk__in=ids, channel=channel, office=opened.office, status=Status.UNCONFIRMED)
                        .select_related("edition", "item").defer("edition__body").order_by("pk"))
            _end(opened, channel, rows, outcome)
            keys += [row.key for row in rows]
        opened.write(f"drawing {outcome.status}", channel, deliveries=len(keys), keys=sorted(keys)[:100])


def _end(book: Book, channel: str, rows: Sequence[Delivery], outcome: Outcome) -> None:
    ids = [row.pk for row in rows]
    Attempt.objects.filter(delivery__in=ids, number=F("delivery__tries"), finished_at=None).update(
        finished_at=book.at, status=outcome.status, detail=printable(outcome.detail))
    due = book.at + wait(max((row.tries for row in rows), default=1), outcome.retry_after)
    Delivery.objects.filter(pk__in=ids).update(
        status=outcome.status, detail=printable(outcome.detail), closed_at=book.at if outcome.status is Status.POSTED else None,
        **({"due_at": due} if outcome.status is Status.DEFERRED else {}))
    if outcome.status is Status.POSTED:
        _keep_drawn(book, channel, rows)


def _keep_drawn(book: Book, channel: str, rows: Sequence[Delivery]) -> None:
    shown = {row.item_id: row for row in rows if row.action != Action.WITHDRAW}
    Posting.objects.bulk_create(
        [Posting(office=book.office, item_id=item, delivery=row, channel=channel, kind=row.kind,
                 ref=f"{row.item.index_number}#{row.edition.number}", url=row.edition.link, disclosed_at=book.at)
         for item, row in shown.items()],
        update_conflicts=True, unique_fields=["item", "channel"], update_fields=["delivery", "ref", "url"])
    counted.keep(list(shown))
    for row in (row for row in rows if row.action == Action.WITHDRAW):
        Posting.objects.filter(item_id=row.item_id, channel=channel, removed_at=None).update(removed_at=book.at, delivery=row)


def keep_frame(*, office: str, channel: str, frame: str, at: datetime) -> None:
    """Write down the frame a surface was just drawn whole with."""
    with book(office=office, by="gongkai", at=at) as opened:
        Drawing.objects.update_or_create(office=opened.office, channel=channel, defaults={"frame": frame, "at": at})
        opened.write("drawn whole", channel, frame=frame)


def _batches(ids: Sequence[int]) -> list[Sequence[int]]:
    return [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
