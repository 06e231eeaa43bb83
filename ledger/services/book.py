"""An open book: one transaction, one office locked, its events chained."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from content.seals import seal
from ledger.errors import ClockError, LedgerError, UnknownError
from ledger.limits import check_lengths
from ledger.models import Edition, Event, Office

GENESIS = "0" * 64
GUARD = "ledger: "  #: how the messages of the database's own triggers begin


@dataclass(slots=True)
class Book:
    """The office's book while one transaction lasts."""

    office: Office
    by: str
    at: datetime

    def write(self, verb: str, subject: str, **facts: Any) -> Event:
        """Append an event to the office's chain. `facts` never hold the words of an item."""
        # every write of the ledger asks this: in plain words, since Django takes ten times as long to find them
        with connection.cursor() as cursor:
            cursor.execute("SELECT seq, hash FROM ledger_event WHERE office_id = %s ORDER BY seq DESC LIMIT 1", [self.office.pk])
            last = cursor.fetchone() or (0, GENESIS)
        event = Event(office=self.office, seq=last[0] + 1, at=self.at, actor=self.by, verb=verb, subject=subject, facts=facts,
                      previous=last[1])
        event.hash = event_hash(event, self.office.code)
        event.save(force_insert=True)
        return event


def event_hash(event: Event, office: str) -> str:
    """The hash that chains an event to the one before it."""
    return seal({"previous": event.previous, "office": office, "seq": event.seq, "at": event.at.astimezone(UTC).isoformat(),
                 "actor": event.actor, "verb": event.verb, "subject": event.subject, "facts": event.facts})


def aware(at: datetime) -> datetime:
    """An instant, as the ledger takes them.

    Raises:
        ClockError: `at` names no zone.
    """
    if at.utcoffset() is None:
        raise ClockError(f"{at} has no time zone; give an instant such as 2017-03-01T09:00+08:00")
    return at


@contextmanager
def book(*, office: str, by: str, at: datetime) -> Iterator[Book]:
    """Open an office's book for one transaction. Writers of one office queue here; offices do not wait for each other.

    Raises:
        UnknownError: no such office.
        ClockError: `at` names no zone, or is a time that the database does not let this office write down.
        LedgerError: `by` names nobody, or the database's own guards refused.
    """
    aware(at)
    if not by or by != by.strip():
        raise LedgerError(f"{by!r} is no person's name; blanks around it would make two people of one", code="name", by=by)
    check_lengths(Event, {"actor": by})
    try:
        with transaction.atomic():
            # no_key: those who only point at the office, as every new row does, need not wait
            row = Office.objects.select_for_update(no_key=True).filter(code=office).first()
            if row is None:
                raise UnknownError(f"no office {office!r} in this ledger; `gongkai init` opens the offices of gongkai.toml",
                                   what="office", name=office)
            yield Book(row, by, at)
    except IntegrityError as error:
        if (refusal := guarded(error)) is None:
            raise
        raise refusal from error


@contextmanager
def edition_book(edition_id: int, *, by: str, at: datetime) -> Iterator[tuple[Book, Edition]]:
    """Open the book of an edition's office, and the edition as it stands under the office's lock.

    Raises:
        UnknownError: no such edition.
        Whatever `book` raises.
    """
    office = Edition.objects.filter(pk=edition_id).values_list("item__office__code", flat=True).first()
    if office is None:
        raise UnknownError(f"no edition with number {edition_id} in the ledger", what="edition", name=str(edition_id))
    with book(office=office, by=by, at=at) as opened:
        # read again under the office's lock: what was seen before it may have moved on
        yield opened, Edition.objects.select_related("item__office", "item__shown").get(pk=edition_id)


def guarded(error: IntegrityError) -> LedgerError | None:
    """What one of the database's own guards refused, as an error of the ledger; None for any other integrity error."""
    message = str(error).partition("\n")[0]
    if not message.startswith(GUARD):
        return None
    words = message.removeprefix(GUARD)
    return ClockError(words) if "another time than now" in words else LedgerError(words, code="guarded")
