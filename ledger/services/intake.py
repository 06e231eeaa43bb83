"""Taking in: an item that somebody hands over whole, once however often it is handed over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from content.deliveries import RouteAsked
from content.items import Edition
from content.offices import Office
from ledger import queries
from ledger.errors import DuplicateError, UnknownError
from ledger.services.editing import correct, draft

TRIES = 5  #: for an index number that somebody else took meanwhile
Make = Callable[[str, int], Edition]  #: the edition of an index number and an edition's number


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What was taken in, or had been before."""

    index_number: str
    edition_id: int | None  #: None: the ledger had it already, nothing changed


def take_in(*, office: Office, index_number: str, make: Make, routes: Sequence[RouteAsked], by: str, at: datetime, import_key: str,
            blobs: Sequence[bytes] = ()) -> Taken:
    """Draft a new item; without an index number it gets the year's next. `import_key`: the same for the same thing handed over again.

    Raises:
        DuplicateError: the index number is taken, or each one it was given was taken by somebody else meanwhile.
        LedgerError: as for `draft`.
        Whatever `make` raises.
    """
    if known := queries.imported(office=office.code, import_key=import_key):
        return Taken(index_number=known, edition_id=None)
    for left in reversed(range(TRIES)):
        number = index_number or queries.next_index_number(office=office, at=at)
        try:
            row = draft(edition=make(number, 1), routes=routes, by=by, at=at, serial=office.index.parse(number), import_key=import_key,
                        blobs=blobs)
        except DuplicateError as error:
            if error.code == "imported":  # by somebody who was quicker
                return Taken(index_number=str(error.facts["other"]), edition_id=None)
            if index_number or error.code != "taken" or not left:
                raise
        else:
            return Taken(index_number=number, edition_id=row.pk)
    raise AssertionError("the last try returns or raises")


def take_in_correction(*, index_number: str, make: Make, routes: Sequence[RouteAsked], by: str, at: datetime,
                       blobs: Sequence[bytes] = ()) -> Taken:
    """Draft a correction of an item. Words that the item has had already change nothing.

    Raises:
        UnknownError: there is no such item.
        LedgerError: as for `correct`.
        Whatever `make` raises.
    """
    known = queries.find_item(index_number=index_number)
    if known is None:
        raise UnknownError(f"{index_number} is not in the ledger; leave change_note empty for a new item")
    if queries.has_words(index_number=index_number, edition=make(index_number, 1)):
        return Taken(index_number=index_number, edition_id=None)
    row = correct(edition=make(index_number, known.newest + 1), routes=routes, by=by, at=at, blobs=blobs)
    return Taken(index_number=index_number, edition_id=row.pk)
