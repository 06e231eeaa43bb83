"""Writing: drafts, edits, corrections. An edit voids what was given."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from content import items as content
from content.deliveries import RouteAsked
from content.index_numbers import slug
from content.rules import OPEN_STATES, RuleError, State, Step, after
from ledger import grams
from ledger.editions import mark, row_fields
from ledger.errors import DuplicateError, LedgerError, UnknownError
from ledger.limits import check_lengths
from ledger.models import Blob, Edition, Item, Serial
from ledger.services import gate
from ledger.services.approval import VOID
from ledger.services.book import Book, book, edition_book
from ledger.services.routing import route

if TYPE_CHECKING:
    from content.screening import Finding


def keep_blob(data: bytes) -> str:
    """Keep the bytes of an image or attachment; the same bytes are kept once. Returns their SHA-256."""
    sha256 = _sha256(data)
    Blob.objects.bulk_create([Blob(sha256=sha256, size=len(data), data=data)], ignore_conflicts=True)
    return sha256


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def draft(*, edition: content.Edition, routes: Sequence[RouteAsked], by: str, at: datetime, serial: tuple[int, int] | None = None,
          import_key: str | None = None, blobs: Sequence[bytes] = (), masked: Sequence[Finding] = ()) -> Edition:
    """Begin an item with the first draft of its first edition. `serial` is (year, serial) of its index number.

    `masked`: findings that were masked by one click before these words were handed over.

    Raises:
        DuplicateError: the index number or the web address that follows from it is taken, or this line was imported before.
        LedgerError: it is no first edition, names bytes that are not kept, goes nowhere, or a field is too long.
    """
    if edition.number != 1:
        raise LedgerError(f"{edition.index_number}: an item begins with edition 1; a later one is a correction", code="not_first",
                          index_number=edition.index_number)
    with book(office=edition.office, by=by, at=at) as opened:
        item = _begin(opened, edition.index_number, import_key)
        if serial:
            _move_serial(opened, *serial)
        return _write(opened, item, edition, routes, blobs, masked, "drafted")


def _begin(book: Book, index_number: str, import_key: str | None) -> Item:
    check_lengths(Item, {"index_number": index_number, "import_key": import_key})
    if import_key and (twin := Item.objects.filter(office=book.office, import_key=import_key).first()):
        raise DuplicateError(f"{index_number}: the same line was imported before, as {twin.index_number}", code="imported",
                             index_number=index_number, other=twin.index_number)
    name = slug(index_number)
    neighbour = Item.objects.filter(office=book.office, slug=name).values_list("index_number", flat=True).first()
    if not name or (neighbour is not None and neighbour != index_number):
        raise DuplicateError(f"index number {index_number} would stand at the web address of {neighbour or 'nothing'}; give another",
                             code="address_taken", index_number=index_number, other=neighbour or "")
    # index numbers are unique among all offices, and only this office is locked: the database decides
    item, new = Item.objects.get_or_create(
        index_number=index_number, defaults={"office": book.office, "import_key": import_key, "slug": name})
    if not new:
        raise DuplicateError(f"index number {index_number} is taken; give another, or a change note to correct that item",
                             index_number=index_number)
    return item


def correct(*, edition: content.Edition, routes: Sequence[RouteAsked], by: str, at: datetime, blobs: Sequence[bytes] = (),
            masked: Sequence[Finding] = ()) -> Edition:
    """Draft a correction of a released item. It goes through the same three people.

    Raises:
        UnknownError: no such item.
        LedgerError: the item was never released or is withdrawn, the number is not the next, a newer draft is open already,
            or a page on which the item stands would lose it.
    """
    with book(office=edition.office, by=by, at=at) as opened:
        item = Item.objects.filter(office=opened.office, index_number=edition.index_number).first()
        if item is None:
            raise UnknownError(f"no item {edition.index_number} to correct", what="item", name=edition.index_number)
        if item.shown_id is None or item.withdrawn_at:
            raise LedgerError(f"{edition.index_number}: only a released item that was not withdrawn can be corrected", code="not_public",
                              index_number=edition.index_number)
        newest = item.editions.order_by("-number").first()
        if newest is None or newest.state in OPEN_STATES or edition.number != newest.number + 1:
            raise LedgerError(f"{edition.index_number}: edition {edition.number} does not follow the newest one, which is "
                              f"{newest.number if newest else 'none'} ({newest.state if newest else ''})", code="not_next",
                              index_number=edition.index_number, newest=newest.number if newest else 0,
                              state=str(newest.state) if newest else "")
        return _write(opened, item, edition, routes, blobs, masked, "correction drafted")


def edit(*, edition_id: int, edition: content.Edition, routes: Sequence[RouteAsked], by: str, at: datetime,
         blobs: Sequence[bytes] = (), seen: str | None = None, masked: Sequence[Finding] = ()) -> Edition:
    """Change an edition that is not yet public. Review and signature are void; the editor is now the drafter.

    `seen`: the mark of what the editor started from (`EditionInHand.seen`); `masked`: as for `draft`.

    Raises:
        UnknownError: no such edition.
        StaleError: somebody else saved it, or took it a step on, since it was `seen`. Nothing is written.
        RuleError: it is public already, or laid aside while a newer edition is open.
        LedgerError: as for `draft` and `correct`.
    """
    with book(office=edition.office, by=by, at=at) as opened:
        row = Edition.objects.select_related("item__office").filter(pk=edition_id, item__index_number=edition.index_number,
                                                                    item__office=opened.office, number=edition.number).first()
        if row is None:
            raise UnknownError(f"no edition {edition.number} of {edition.index_number} that could be edited", what="edition",
                               name=str(edition_id))
        if seen is not None and seen != mark(row, row.routes.all()):
            raise gate.edited_meanwhile(row)
        _may_edit(row)
        before = grams.words_of(row, released_on=row.item.released_on)
        # back to a draft first: the words of anything else are frozen
        Edition.objects.filter(pk=row.pk).update(state=after(State(row.state), Step.EDIT), **{**VOID, "drafter": by, "saved_at": at})
        _keep_files(edition, blobs)
        Edition.objects.filter(pk=row.pk).update(**_fields(row.item, edition))
        row.routes.all().delete()
        route(row, routes, item=row.item)
        opened.write("edited", edition.index_number, edition=edition.number, was=row.state)
        row.refresh_from_db()
        gate.write_down(opened, row, gate.MASKED, dict.fromkeys(masked, ""))
        if row.item.newest_id == row.pk:
            grams.replace(row.item_id, before=before, now=grams.words_of(row, released_on=row.item.released_on))
        return row


def _may_edit(row: Edition) -> None:
    if row.routes.filter(released_at__isnull=False).exists():
        raise RuleError(f"{row.item.index_number}: already public; draft a correction instead", code="public",
                        index_number=row.item.index_number)
    after(State(row.state), Step.EDIT)
    if row.state == State.SHELVED and (row.item.newest_id != row.pk or row.item.withdrawn_at):
        raise RuleError(f"{row.item.index_number}: edition {row.number} was laid aside and overtaken since; draft a correction instead",
                        code="step", step=Step.EDIT.value, state=str(row.state), open=[])


def shelve(*, edition_id: int, by: str, at: datetime, reason: str) -> None:
    """搁置: lay a draft aside. Nothing is lost: `edit` takes it up again, and its index number stays its own.

    Raises:
        LedgerError: no reason.
        RuleError: it is no draft.
    """
    if not reason.strip():
        raise LedgerError("say why it is laid aside; a colleague may look for it", code="reason", what="shelve")
    with edition_book(edition_id, by=by, at=at) as (opened, row):
        Edition.objects.filter(pk=row.pk).update(state=after(State(row.state), Step.SHELVE))
        opened.write("shelved", row.item.index_number, edition=row.number, reason=reason.strip()[:500])


def _write(book: Book, item: Item, edition: content.Edition, routes: Sequence[RouteAsked], blobs: Sequence[bytes],
           masked: Sequence[Finding], verb: str) -> Edition:
    _keep_files(edition, blobs)
    older = Edition.objects.select_related("item").filter(item=item).order_by("-number").first()
    before = grams.words_of(older, released_on=item.released_on) if older else ""
    row = Edition.objects.create(item=item, state=State.DRAFT, drafter=book.by, drafted_at=book.at, saved_at=book.at,
                                 **_fields(item, edition))
    route(row, routes, item=item)
    Item.objects.filter(pk=item.pk).update(newest=row)
    item.newest = row
    book.write(verb, edition.index_number, edition=edition.number, channels=[route.channel for route in routes])
    gate.write_down(book, row, gate.MASKED, dict.fromkeys(masked, ""))
    grams.replace(item.pk, before=before, now=grams.words_of(row, released_on=item.released_on))
    return row


def _fields(item: Item, edition: content.Edition) -> dict[str, Any]:
    if edition.number > 1 and not edition.change_note.strip():
        raise LedgerError(f"{item.index_number}: say in change_note what is corrected; the public reads it", code="change_note",
                          index_number=item.index_number)
    fields = row_fields(edition)
    check_lengths(Edition, fields)
    return fields


def _keep_files(edition: content.Edition, blobs: Sequence[bytes]) -> None:
    for data in sorted(blobs, key=_sha256):  # in one order: two offices with the same files do not wait for each other
        keep_blob(data)
    files: list[content.Image | content.Attachment] = [*edition.images, *edition.attachments]
    named = {file.sha256 for file in files}
    missing = named - set(Blob.objects.filter(sha256__in=named).values_list("sha256", flat=True))
    if missing:
        names = [file.name for file in files if file.sha256 in missing]
        raise LedgerError(f"{edition.index_number}: the bytes of {', '.join(names)} were not handed in", code="files",
                          index_number=edition.index_number, names=names)


def _move_serial(book: Book, year: int, serial: int) -> None:
    row, _ = Serial.objects.get_or_create(office=book.office, year=year, defaults={"last": serial})
    if row.last < serial:
        Serial.objects.filter(pk=row.pk).update(last=serial)
