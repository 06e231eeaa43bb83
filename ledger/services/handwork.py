"""What people do about deliveries: ask for a look, have one sent again, let one go."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from content.deliveries import AGAIN, Action, Status
from content.rules import RuleError
from ledger.errors import LedgerError, StaleError, UnknownError
from ledger.models import Delivery, Sheet
from ledger.services.attempts import check_at_rest, check_seen, keep_step, overtaken
from ledger.services.book import Book, book


@contextmanager
def _delivery(delivery_id: int, by: str, at: datetime) -> Iterator[tuple[Book, Delivery]]:
    office = Delivery.objects.filter(pk=delivery_id).values_list("office__code", flat=True).first()
    if office is None:
        raise UnknownError(f"no delivery with number {delivery_id} in the ledger", what="delivery", name=str(delivery_id))
    with book(office=office, by=by, at=at) as opened:
        yield opened, Delivery.objects.select_related("item", "edition").get(pk=delivery_id)


def ask_to_look(*, delivery_id: int, by: str, at: datetime) -> None:
    """请系统核实: have the next tick look for what an unconfirmed delivery may have posted. Asked twice, the second time changes nothing.

    Raises:
        UnknownError: no such delivery.
        StaleError: it is no longer in doubt.
    """
    with _delivery(delivery_id, by, at) as (opened, delivery):
        if delivery.status != Status.UNCONFIRMED:
            raise StaleError(f"{delivery.key} is {delivery.status} by now; there is nothing to look for", key=delivery.key,
                             status=str(delivery.status))
        if delivery.look_asked_at is None:
            Delivery.objects.filter(pk=delivery.pk).update(look_asked_at=at)
            opened.write("asked to look", delivery.key)


def send_again(*, delivery_id: int, tries: int, by: str, at: datetime, reason: str, looked: bool = False) -> None:
    """重新投递: back into the queue, for the reason given.

    What was refused was surely not posted. Of what is unconfirmed nobody knows: only a person who states in writing that
    they looked there and did not find it (`looked`) may have it sent once more. `tries`: how many attempts they read of.

    Raises:
        UnknownError: no such delivery.
        LedgerError: no reason.
        StaleError: it was tried once more since.
        RuleError: it is being carried, it is unconfirmed and nobody looked, it is not one to be sent, or a newer edition has
            overtaken it.
    """
    if not reason.strip():
        raise LedgerError("say why it is sent again, and for an unconfirmed one where you looked", code="reason", what="send_again")
    with _delivery(delivery_id, by, at) as (opened, delivery):
        check_seen(delivery, tries)
        check_at_rest(delivery, at)
        _may_go_again(delivery, looked=looked)
        if delivery.status == Status.UNCONFIRMED:
            keep_step(delivery_id=delivery.pk, name=AGAIN, value=at.isoformat())
        Delivery.objects.filter(pk=delivery.pk).update(
            status=Status.QUEUED, due_at=at, closed_at=None, look_asked_at=None, doubted_at=None, look_at=None,
            detail=f"sent again by {by}: {reason.strip()}")
        opened.write("sent again", delivery.key, was=str(delivery.status), looked=looked, reason=reason.strip()[:500])


def _may_go_again(delivery: Delivery, *, looked: bool) -> None:
    if delivery.status == Status.UNCONFIRMED and not looked:
        raise RuleError(f"{delivery.key} may have been posted; look there first, and say in writing that it is not there",
                        code="not_looked", key=delivery.key)
    if delivery.status not in (Status.REFUSED, Status.UNCONFIRMED):
        raise RuleError(f"{delivery.key} is {delivery.status}; only what was refused, or is surely not there, is sent again",
                        code="not_to_send", key=delivery.key, status=str(delivery.status))
    if why := overtaken(delivery):
        raise RuleError(f"{delivery.key} is not sent any more: {why}", code="overtaken", key=delivery.key)
    newer = Delivery.objects.filter(item=delivery.item_id, channel=delivery.channel, pk__gt=delivery.pk)
    if delivery.action != Action.WITHDRAW and newer.exclude(status=Status.REFUSED).exists():
        raise RuleError(f"{delivery.key} is not sent any more: a newer delivery went to the same channel", code="overtaken",
                        key=delivery.key)


def let_go(*, delivery_id: int, by: str, at: datetime, reason: str) -> None:
    """不再处理: nobody need do anything about a refused delivery, or one left to a person, any more. It stays in the book as not posted.

    Raises:
        UnknownError: no such delivery.
        LedgerError: no reason, or it is a sheet, which is put up or taken down.
        RuleError: it is neither refused nor left to a person.
    """
    if not reason.strip():
        raise LedgerError("say why nothing is to be done about it", code="reason", what="let_go")
    with _delivery(delivery_id, by, at) as (opened, delivery):
        if delivery.status not in (Status.REFUSED, Status.BY_HAND):
            raise RuleError(f"{delivery.key} is {delivery.status}; only what was refused or left to a person is let go",
                            code="not_to_let_go", key=delivery.key, status=str(delivery.status))
        if Sheet.objects.filter(item=delivery.item_id, delivery__channel=delivery.channel).exists():
            raise LedgerError(f"{delivery.key} is a sheet; record that it was put up or taken down", code="is_sheet", key=delivery.key)
        if delivery.closed_at:
            return
        Delivery.objects.filter(pk=delivery.pk).update(status=Status.REFUSED, closed_at=at, detail=f"let go by {by}: {reason.strip()}")
        opened.write("let go", delivery.key, was=str(delivery.status), reason=reason.strip()[:500])
