"""暂停 and 恢复: what nobody takes further until somebody says so. Both are written into the log, with the reason."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from ledger.errors import LedgerError, StaleError, UnknownError
from ledger.holds import EVERYTHING
from ledger.limits import printable
from ledger.models import Channel, Item, Pause
from ledger.services.book import Book, book


def pause(*, office: str, by: str, at: datetime, reason: str, channel: str = "", index_number: str = "") -> None:
    """Hold everything of an office, or a channel, or an item. Once this returns, nothing of it is claimed until it is resumed.

    Everything: no release, no drawing, no delivery. A channel: its deliveries and drawings; releases go on and queue for it.
    An item: its release, and its deliveries to outlets but for withdrawals. What was claimed before goes to its end.

    Raises:
        LedgerError: no reason, or both a channel and an item.
        UnknownError: the office has no such channel or item.
        StaleError: it is paused already.
    """
    _with_reason(reason, "pause")
    with _subject(office, by, at, channel, index_number) as (opened, subject, item):
        if held := Pause.objects.filter(office=opened.office, subject=subject).first():
            raise StaleError(f"paused already, by {held.by}: {held.reason}", code="paused_already", by=held.by, at=held.at)
        Pause.objects.create(office=opened.office, subject=subject, channel=channel, item=item, at=at, by=by, reason=_kept(reason))
        opened.write("paused", _named(opened, channel, index_number), reason=_kept(reason))


def resume(*, office: str, by: str, at: datetime, reason: str, channel: str = "", index_number: str = "") -> None:
    """Let what was paused go on, with the next tick.

    Raises:
        LedgerError: no reason, or both a channel and an item.
        UnknownError: the office has no such channel or item.
        StaleError: it is not paused by itself.
    """
    _with_reason(reason, "resume")
    with _subject(office, by, at, channel, index_number) as (opened, subject, _):
        gone, _rows = Pause.objects.filter(office=opened.office, subject=subject).delete()
        if not gone:
            raise StaleError("it is not paused, or somebody resumed it already", code="not_paused")
        opened.write("resumed", _named(opened, channel, index_number), reason=_kept(reason))


@contextmanager
def _subject(office: str, by: str, at: datetime, channel: str, index_number: str) -> Iterator[tuple[Book, str, Item | None]]:
    if channel and index_number:
        raise LedgerError("name a channel or an item, not both")
    with book(office=office, by=by, at=at) as opened:
        if channel:
            if not Channel.objects.filter(office=opened.office, name=channel).exists():
                raise UnknownError(f"office {office} has no channel {channel!r}", what="channel", name=channel)
            yield opened, f"@{channel}", None
        elif index_number:
            item = Item.objects.filter(office=opened.office, index_number=index_number).first()
            if item is None:
                raise UnknownError(f"office {office} has no item {index_number!r}", what="item", name=index_number)
            yield opened, index_number, item
        else:
            yield opened, EVERYTHING, None


def _with_reason(reason: str, what: str) -> None:
    if not reason.strip():
        raise LedgerError(f"say why you {what} it; others will have to judge it", code="reason", what=what)


def _kept(reason: str) -> str:
    return printable(reason.strip())[:500]


def _named(opened: Book, channel: str, index_number: str) -> str:
    return channel or index_number or opened.office.code
