"""Attempts: written down before they are made. An attempt without an outcome is unconfirmed, whatever the cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from content import deliveries as content
from content.deliveries import Action, Outcome, Status
from content.rules import TRIABLE, wait
from ledger.errors import StaleError, UnknownError
from ledger.models import Attempt, Delivery, Drawing, Posting, Sheet, Step
from ledger.services.book import Book, book


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """An attempt begun: its delivery, and its number among the delivery's attempts."""

    delivery_id: int
    number: int


def begin_attempt(*, delivery_id: int, tries: int, holder: str, at: datetime) -> Work:
    """Write down that an attempt is about to be made. `tries` is how many the caller saw before.

    Raises:
        StaleError: another process was quicker, or it is no longer to be tried.
    """
    with transaction.atomic():
        claimed = Delivery.objects.filter(pk=delivery_id, tries=tries, status__in=[status.value for status in TRIABLE]).update(
            status=Status.UNCONFIRMED, tries=tries + 1, detail="an attempt was begun and did not report back")
        if claimed != 1:
            raise StaleError(f"delivery {delivery_id} is no longer to be tried: somebody else took it")
        Attempt.objects.create(delivery_id=delivery_id, number=tries + 1, holder=holder, started_at=at)
    return Work(delivery_id=delivery_id, number=tries + 1)


def end_attempt(*, work: Work, outcome: Outcome, at: datetime) -> None:
    """Write down how an attempt ended, and what the public now sees. A posting with an end to it is a sheet of the board."""
    delivery = Delivery.objects.select_related("office").get(pk=work.delivery_id)
    with book(office=delivery.office.code, by="gongkai", at=at) as opened:
        Attempt.objects.filter(delivery=delivery, number=work.number).update(
            finished_at=at, status=outcome.status, detail=outcome.detail)
        _conclude(opened, delivery, outcome)


def settle_as(*, delivery_id: int, outcome: Outcome, at: datetime, by: str = "gongkai") -> None:
    """核实: write down what became of an unconfirmed delivery, once somebody or something has looked.

    Raises:
        UnknownError: no such delivery.
        StaleError: it is no longer in doubt.
    """
    delivery = Delivery.objects.select_related("office").filter(pk=delivery_id).first()
    if delivery is None:
        raise UnknownError(f"no delivery with number {delivery_id} in the ledger")
    with book(office=delivery.office.code, by=by, at=at) as opened:
        delivery.refresh_from_db()
        if delivery.status not in (Status.UNCONFIRMED, Status.BY_HAND):
            raise StaleError(f"{delivery.key} is {delivery.status} by now; there is nothing to settle")
        _conclude(opened, delivery, outcome)


def _conclude(book: Book, delivery: Delivery, outcome: Outcome) -> None:
    due = book.at + wait(delivery.tries, outcome.retry_after) if outcome.status is Status.DEFERRED else delivery.due_at
    Delivery.objects.filter(pk=delivery.pk).update(status=outcome.status, detail=outcome.detail, due_at=due)
    if outcome.posting is not None:
        _keep_posting(book, delivery, outcome.posting, outcome.status)
    book.write(f"delivery {outcome.status}", delivery.key, attempt=delivery.tries,
               **({"ref": outcome.posting.ref} if outcome.posting else {}))


def _keep_posting(book: Book, delivery: Delivery, posting: content.Posting, status: Status) -> None:
    if delivery.action == Action.WITHDRAW:
        if status is Status.POSTED:
            Posting.objects.filter(item_id=delivery.item_id, channel=delivery.channel).update(removed_at=book.at, delivery=delivery)
        return
    disclosed = book.at if posting.live and status is Status.POSTED else None
    row, new = Posting.objects.get_or_create(
        item_id=delivery.item_id, channel=delivery.channel,
        defaults={"office": book.office, "delivery": delivery, "kind": delivery.kind, "ref": posting.ref, "url": posting.url or "",
                  "disclosed_at": disclosed})
    if not new:
        Posting.objects.filter(pk=row.pk).update(delivery=delivery, ref=posting.ref, url=posting.url or "", removed_at=None,
                                                 disclosed_at=row.disclosed_at or disclosed)
    if posting.until is not None:
        Sheet.objects.get_or_create(delivery=delivery, defaults={
            "office": book.office, "item_id": delivery.item_id, "number": posting.ref, "printed_at": book.at, "due_down": posting.until})


def keep_step(*, delivery_id: int, name: str, value: str) -> None:
    """Keep something learnt on the way of a delivery; committed when this returns."""
    Step.objects.update_or_create(delivery_id=delivery_id, name=name, defaults={"value": value})


def begin_drawing(*, delivery_ids: Sequence[int], holder: str, at: datetime) -> None:
    """Write down that a surface is about to be drawn for these deliveries. A drawing may be repeated, so doubt is no bar."""
    with transaction.atomic():
        rows = list(Delivery.objects.select_for_update().filter(pk__in=delivery_ids).values_list("pk", "tries"))
        Attempt.objects.bulk_create([Attempt(delivery_id=pk, number=tries + 1, holder=holder, started_at=at) for pk, tries in rows])
        Delivery.objects.filter(pk__in=delivery_ids).update(status=Status.UNCONFIRMED, tries=F("tries") + 1,
                                                            detail="a drawing was begun and did not report back")


def end_drawing(*, office: str, channel: str, delivery_ids: Sequence[int], outcome: Outcome, at: datetime) -> None:
    """Write down how a drawing ended, for every delivery it was to carry."""
    with book(office=office, by="gongkai", at=at) as opened:
        rows = list(Delivery.objects.filter(pk__in=delivery_ids).select_related("edition", "item"))
        Attempt.objects.filter(delivery__in=delivery_ids, number=F("delivery__tries"), finished_at=None).update(
            finished_at=at, status=outcome.status, detail=outcome.detail)
        due = at + wait(max((row.tries for row in rows), default=1), outcome.retry_after)
        Delivery.objects.filter(pk__in=delivery_ids).update(
            status=outcome.status, detail=outcome.detail, **({"due_at": due} if outcome.status is Status.DEFERRED else {}))
        if outcome.status is Status.POSTED:
            _keep_drawn(opened, channel, rows)
        opened.write(f"drawing {outcome.status}", channel, deliveries=len(rows), keys=sorted(row.key for row in rows)[:100])


def _keep_drawn(book: Book, channel: str, rows: Sequence[Delivery]) -> None:
    for row in (row for row in rows if row.action == Action.WITHDRAW):
        Posting.objects.filter(item_id=row.item_id, channel=channel).update(removed_at=book.at, delivery=row)
    shown = {row.item_id: row for row in sorted(rows, key=lambda row: row.pk) if row.action != Action.WITHDRAW}
    Posting.objects.bulk_create(
        [Posting(office=book.office, item_id=item, delivery=row, channel=channel, kind=row.kind,
                 ref=f"{row.item.index_number}#{row.edition.number}", url=row.edition.link, disclosed_at=book.at)
         for item, row in shown.items()],
        update_conflicts=True, unique_fields=["item", "channel"], update_fields=["delivery", "ref", "url"])


def keep_frame(*, office: str, channel: str, frame: str, at: datetime) -> None:
    """Write down the frame a surface was just drawn whole with."""
    with book(office=office, by="gongkai", at=at) as opened:
        Drawing.objects.update_or_create(office=opened.office, channel=channel, defaults={"frame": frame, "at": at})
        opened.write("drawn whole", channel, frame=frame)
