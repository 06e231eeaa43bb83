"""撤回: the instant at which something stops being public, and the calling back of every copy."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from content.deliveries import Action, Status
from content.rules import RuleError, State, Step, after
from ledger import grams
from ledger.errors import LedgerError, UnknownError
from ledger.models import Delivery, Edition, Item
from ledger.services import places
from ledger.services.book import Book, book
from ledger.services.copies import OPEN, copies
from ledger.services.release import deliver


def withdraw(*, index_number: str, by: str, at: datetime, reason: str) -> list[str] | None:
    """撤回: take an item from every channel that has, or may have, a copy. The record stays. Returns those channels.

    Asked for twice, the second time changes nothing and returns None.

    Raises:
        UnknownError: no such item.
        LedgerError: no reason.
        RuleError: it is not public.
    """
    if not reason.strip():
        raise LedgerError("say why it is withdrawn; the public reads the reason", code="reason", what="withdraw")
    office = Item.objects.filter(index_number=index_number).values_list("office__code", flat=True).first()
    if office is None:
        raise UnknownError(f"no item {index_number} to withdraw", what="item", name=index_number)
    with book(office=office, by=by, at=at) as opened:
        item = Item.objects.select_related("shown__item").get(index_number=index_number)
        if item.withdrawn_at:
            return None
        if item.shown is None:
            raise RuleError(f"{index_number} was never released; return it to its drafter instead", code="not_public",
                            index_number=index_number)
        day = at.astimezone(ZoneInfo(opened.office.zone)).date()
        Item.objects.filter(pk=item.pk).update(withdrawn_at=at, withdrawn_on=day, withdrawal_reason=reason)
        before = grams.words_of(item.shown, released_on=item.released_on)
        Edition.objects.filter(pk=item.shown.pk).update(state=after(State(item.shown.state), Step.WITHDRAW))
        if item.newest_id == item.shown.pk:
            item.shown.state = State.WITHDRAWN
            grams.replace(item.pk, before=before, now=grams.words_of(item.shown, released_on=item.released_on))
        places.hide(opened, item)
        channels = _call_back(opened, item, item.shown)
        opened.write("withdrawn", index_number, edition=item.shown.number, channels=channels)
        return channels


def _call_back(book: Book, item: Item, shown: Edition) -> list[str]:
    standing = copies(item.pk, perhaps_drawn=True)  # before the queue is emptied: what waits for a person may be a copy
    waiting = Delivery.objects.filter(item=item, status__in=OPEN).exclude(action=Action.WITHDRAW)
    waiting.update(status=Status.REFUSED, detail="withdrawn before it was public", closed_at=book.at)
    for channel, copy in standing.items():
        deliver(book, shown, channel=channel, kind=copy.kind, surface=copy.surface, action=Action.WITHDRAW)
    return sorted(standing)


def call_back_late(book: Book, delivery: Delivery) -> None:
    """Take back what came out after its item was withdrawn: a withdrawal that found nothing to do there has something to do now."""
    needless = Delivery.objects.filter(item=delivery.item_id, channel=delivery.channel, action=Action.WITHDRAW, status=Status.POSTED)
    if not needless.update(status=Status.QUEUED, due_at=book.at, detail="", closed_at=None):
        deliver(book, delivery.edition, channel=delivery.channel, kind=delivery.kind, surface=delivery.surface, action=Action.WITHDRAW)
    book.write("withdrawal reopened", delivery.key)
