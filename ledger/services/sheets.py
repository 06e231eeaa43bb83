"""The bulletin board: a sheet counts as disclosed when a person has recorded that it was put up."""

from __future__ import annotations

from datetime import datetime

from content.deliveries import Status
from ledger.errors import LedgerError, UnknownError
from ledger.models import Delivery, Posting, Sheet
from ledger.services.book import book


def put_up(*, office: str, number: str, by: str, at: datetime) -> Sheet:
    """Record that a sheet hangs on the board. Recording it twice changes nothing.

    Raises:
        UnknownError: no such sheet.
        LedgerError: the item was withdrawn, or a newer sheet took this one's place.
    """
    with book(office=office, by=by, at=at) as opened:
        sheet = _sheet(opened.office.pk, number)
        if sheet.put_up_at:
            return sheet
        newer = Sheet.objects.filter(item=sheet.item, delivery__channel=sheet.delivery.channel, delivery__edition__number__gt=sheet.delivery.edition.number)
        if sheet.item.withdrawn_at or newer.exists():
            raise LedgerError(f"sheet {number} may not go up any more: " + ("its item was withdrawn" if sheet.item.withdrawn_at else
                              f"sheet {newer.order_by('-pk')[0].number} took its place"))
        Sheet.objects.filter(pk=sheet.pk).update(put_up_at=at, put_up_by=by)
        Delivery.objects.filter(pk=sheet.delivery_id).update(status=Status.POSTED, detail="")
        Posting.objects.filter(item=sheet.item, channel=sheet.delivery.channel, disclosed_at=None).update(disclosed_at=at)
        opened.write("put up", number, index_number=sheet.item.index_number)
        sheet.refresh_from_db()
        return sheet


def take_down(*, office: str, number: str, by: str, at: datetime) -> Sheet:
    """Record that a sheet was taken down. Recording it twice changes nothing.

    Raises:
        UnknownError: no such sheet.
        LedgerError: it was never put up.
    """
    with book(office=office, by=by, at=at) as opened:
        sheet = _sheet(opened.office.pk, number)
        if sheet.taken_down_at:
            return sheet
        if not sheet.put_up_at:
            raise LedgerError(f"sheet {number} was never put up; record that first")
        Sheet.objects.filter(pk=sheet.pk).update(taken_down_at=at, taken_down_by=by)
        Posting.objects.filter(delivery=sheet.delivery_id).update(removed_at=at)
        # what a withdrawal asked a person to do is hereby done
        Delivery.objects.filter(item=sheet.item, channel=sheet.delivery.channel, action="withdraw", status=Status.BY_HAND).update(
            status=Status.POSTED, detail="")
        opened.write("taken down", number, index_number=sheet.item.index_number)
        sheet.refresh_from_db()
        return sheet


def _sheet(office_id: int, number: str) -> Sheet:
    sheet = (Sheet.objects.select_for_update(of=("self",)).select_related("item", "delivery__edition")
             .filter(office_id=office_id, number=number).first())
    if sheet is None:
        raise UnknownError(f"no sheet {number}; `gongkai board list` shows what was printed")
    return sheet
