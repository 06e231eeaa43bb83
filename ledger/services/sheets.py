"""The bulletin board: a sheet counts as disclosed when a person has recorded that it was put up."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from content.deliveries import Status
from content.rules import State
from ledger import counted
from ledger.errors import LedgerError, UnknownError
from ledger.models import Blob, Delivery, Posting, Sheet
from ledger.services.book import Book, book
from ledger.services.copies import close_needless_withdrawals


def put_up(*, office: str, number: str, by: str, at: datetime, photo: str = "") -> Sheet:
    """Record that a sheet hangs on the board: its days count from this one, by the office's calendar.

    Recording it twice changes nothing, but may add the photograph.

    `photo`: SHA-256 of its bytes, as `keep_blob` returned it.

    Raises:
        UnknownError: no such sheet, or no such photograph.
        LedgerError: the item was withdrawn, or a newer edition took this one's place.
    """
    with book(office=office, by=by, at=at) as opened:
        sheet = _sheet(opened.office.pk, number)
        _need_photo(photo)
        if sheet.put_up_at:
            return _add_photo(opened, sheet, "put_up_photo", photo)
        _may_go_up(sheet)
        delivery = sheet.delivery
        due_down = at.astimezone(ZoneInfo(opened.office.zone)).date() + timedelta(days=sheet.days)
        Sheet.objects.filter(pk=sheet.pk).update(put_up_at=at, put_up_by=by, put_up_photo=photo, due_down=due_down)
        Delivery.objects.filter(pk=delivery.pk).update(status=Status.POSTED, detail="", closed_at=at)
        Posting.objects.filter(item=sheet.item, channel=delivery.channel, disclosed_at=None).update(disclosed_at=at)
        Posting.objects.filter(item=sheet.item, channel=delivery.channel).update(delivery=delivery, ref=number, removed_at=None)
        counted.keep([sheet.item_id])
        opened.write("put up", number, index_number=sheet.item.index_number, **({"photo": photo} if photo else {}))
        sheet.refresh_from_db()
        return sheet


def _may_go_up(sheet: Sheet) -> None:
    if sheet.item.withdrawn_at:
        raise LedgerError(f"sheet {sheet.number} may not go up any more: its item was withdrawn; destroy it", code="sheet_withdrawn",
                          number=sheet.number, instead="")
    edition = sheet.delivery.edition
    if edition.state != State.RELEASED:
        newer = Sheet.objects.filter(item=sheet.item, delivery__channel=sheet.delivery.channel)
        took_over = (newer.filter(delivery__edition__number__gt=edition.number).order_by("-delivery__edition__number")
                     .values_list("number", flat=True).first())
        instead = f"put up sheet {took_over}" if took_over else "the corrected one goes to no board, or was not printed yet"
        raise LedgerError(f"sheet {sheet.number} may not go up any more: a newer edition of its item was released; {instead}",
                          code="sheet_replaced", number=sheet.number, instead=took_over or "")


def take_down(*, office: str, number: str, by: str, at: datetime, photo: str = "") -> Sheet:
    """Record that a sheet was taken down. Recording it twice changes nothing, but may add the photograph.

    Raises:
        UnknownError: no such sheet, or no such photograph.
        LedgerError: it was never put up.
    """
    with book(office=office, by=by, at=at) as opened:
        sheet = _sheet(opened.office.pk, number)
        _need_photo(photo)
        if sheet.taken_down_at:
            return _add_photo(opened, sheet, "taken_down_photo", photo)
        if not sheet.put_up_at:
            raise LedgerError(f"sheet {number} was never put up; record that first", code="never_up", number=number)
        Sheet.objects.filter(pk=sheet.pk).update(taken_down_at=at, taken_down_by=by, taken_down_photo=photo)
        channel = sheet.delivery.channel
        hanging = Sheet.objects.filter(item=sheet.item, delivery__channel=channel, put_up_at__isnull=False, taken_down_at=None)
        if not hanging.exists():  # where an old and a new sheet hang side by side, the last one counts
            Posting.objects.filter(item=sheet.item, channel=channel, removed_at=None).update(removed_at=at)
            close_needless_withdrawals(opened, sheet.item_id, channel)
        opened.write("taken down", number, index_number=sheet.item.index_number, **({"photo": photo} if photo else {}))
        sheet.refresh_from_db()
        return sheet


def _need_photo(sha256: str) -> None:
    if sha256 and not Blob.objects.filter(pk=sha256).exists():
        raise UnknownError(f"the bytes of photograph {sha256[:12]} are not in the ledger", what="blob", name=sha256)


def _add_photo(book: Book, sheet: Sheet, field: str, photo: str) -> Sheet:
    if photo and not getattr(sheet, field):
        Sheet.objects.filter(pk=sheet.pk).update(**{field: photo})
        book.write("photograph kept", sheet.number, photo=photo, of="put up" if field == "put_up_photo" else "taken down")
        sheet.refresh_from_db()
    return sheet


def _sheet(office_id: int, number: str) -> Sheet:
    sheet = Sheet.objects.select_related("item", "delivery__edition").filter(office_id=office_id, number=number).first()
    if sheet is None:
        raise UnknownError(f"no sheet {number}; `gongkai board list` shows what was printed", what="sheet", name=number)
    return sheet
