"""Writing: drafts, edits, corrections. An edit voids what was given."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from content import items as content
from content.rules import OPEN_STATES, RuleError, State, Step, after
from ledger.editions import row_fields
from ledger.errors import DuplicateError, LedgerError, UnknownError
from ledger.models import Blob, Edition, Item, Route, Serial
from ledger.services.book import Book, book


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteAsked:
    """A channel an edition is to go to, and when: at once after the signature where no time is named."""

    channel: str
    kind: str
    surface: bool
    release_at: datetime | None = None


def keep_blob(data: bytes) -> str:
    """Keep the bytes of an image or attachment; the same bytes are kept once. Returns their SHA-256."""
    sha256 = hashlib.sha256(data).hexdigest()
    Blob.objects.get_or_create(sha256=sha256, defaults={"size": len(data), "data": data})
    return sha256


def draft(*, edition: content.Edition, routes: Sequence[RouteAsked], by: str, at: datetime, serial: tuple[int, int] | None = None,
          import_key: str | None = None, blobs: Sequence[bytes] = ()) -> Edition:
    """Begin an item with the first draft of its first edition. `serial` is (year, serial) of its index number.

    Raises:
        DuplicateError: the index number is taken.
        LedgerError: it is no first edition, or names bytes that are not kept.
    """
    if edition.number != 1:
        raise LedgerError(f"{edition.index_number}: an item begins with edition 1; a later one is a correction")
    with book(office=edition.office, by=by, at=at) as opened:
        if Item.objects.filter(index_number=edition.index_number).exists():
            raise DuplicateError(f"index number {edition.index_number} is taken; give another, or a change note to correct that item")
        item = Item.objects.create(office=opened.office, index_number=edition.index_number, import_key=import_key)
        if serial:
            _move_serial(opened, *serial)
        return _write(opened, item, edition, routes, blobs, "drafted")


def correct(*, edition: content.Edition, routes: Sequence[RouteAsked], by: str, at: datetime, blobs: Sequence[bytes] = ()) -> Edition:
    """Draft a correction of a released item. It goes through the same three people.

    Raises:
        UnknownError: no such item.
        LedgerError: the item was never released or is withdrawn, the number is not the next, or a newer draft is open already.
    """
    with book(office=edition.office, by=by, at=at) as opened:
        item = Item.objects.select_for_update().filter(office=opened.office, index_number=edition.index_number).first()
        if item is None:
            raise UnknownError(f"no item {edition.index_number} to correct")
        if item.shown is None or item.withdrawn_at:
            raise LedgerError(f"{edition.index_number}: only a released item that was not withdrawn can be corrected")
        if not edition.change_note.strip():
            raise LedgerError(f"{edition.index_number}: say in change_note what is corrected; the public reads it")
        newest = item.editions.order_by("-number").first()
        if newest is None or newest.state in OPEN_STATES or edition.number != newest.number + 1:
            raise LedgerError(f"{edition.index_number}: edition {edition.number} does not follow the newest one, which is "
                              f"{newest.number if newest else 'none'} ({newest.state if newest else ''})")
        return _write(opened, item, edition, routes, blobs, "correction drafted")


def edit(*, edition_id: int, edition: content.Edition, routes: Sequence[RouteAsked], by: str, at: datetime,
         blobs: Sequence[bytes] = ()) -> Edition:
    """Change an edition that is not yet public. Review and signature are void; the editor is now the drafter.

    Raises:
        UnknownError: no such edition.
        RuleError: it is public already.
    """
    with book(office=edition.office, by=by, at=at) as opened:
        row = Edition.objects.select_for_update().filter(pk=edition_id, item__index_number=edition.index_number,
                                                         item__office=opened.office, number=edition.number).first()
        if row is None:
            raise UnknownError(f"no edition {edition.number} of {edition.index_number} that could be edited")
        if row.routes.filter(released_at__isnull=False).exists():
            raise RuleError(f"{edition.index_number}: already public; draft a correction instead")
        after(State(row.state), Step.EDIT)
        Edition.objects.filter(pk=row.pk).update(state=State.DRAFT, drafter=by, reviewer="", signer="", seal="")
        _keep_files(edition, blobs)
        Edition.objects.filter(pk=row.pk).update(**row_fields(edition))
        row.routes.all().delete()
        _route(row, routes)
        opened.write("edited", edition.index_number, edition=edition.number, was=row.state)
        row.refresh_from_db()
        return row


def _write(book: Book, item: Item, edition: content.Edition, routes: Sequence[RouteAsked], blobs: Sequence[bytes], verb: str) -> Edition:
    _keep_files(edition, blobs)
    row = Edition.objects.create(item=item, state=State.DRAFT, drafter=book.by, drafted_at=book.at, **row_fields(edition))
    _route(row, routes)
    book.write(verb, edition.index_number, edition=edition.number, channels=[route.channel for route in routes])
    return row


def _route(row: Edition, routes: Sequence[RouteAsked]) -> None:
    if not routes:
        raise LedgerError(f"{row.title!r} goes to no channel; route it to one at least")
    Route.objects.bulk_create([
        Route(edition=row, channel=route.channel, kind=route.kind, surface=route.surface, release_at=route.release_at) for route in routes])


def _keep_files(edition: content.Edition, blobs: Sequence[bytes]) -> None:
    for data in blobs:
        keep_blob(data)
    named = {file.sha256 for file in (*edition.images, *edition.attachments)}
    missing = named - set(Blob.objects.filter(sha256__in=named).values_list("sha256", flat=True))
    if missing:
        names = [file.name for file in (*edition.images, *edition.attachments) if file.sha256 in missing]
        raise LedgerError(f"{edition.index_number}: the bytes of {', '.join(names)} were not handed in")


def _move_serial(book: Book, year: int, serial: int) -> None:
    row, _ = Serial.objects.get_or_create(office=book.office, year=year, defaults={"last": serial})
    if row.last < serial:
        Serial.objects.filter(pk=row.pk).update(last=serial)
