"""An open book: one transaction, one office locked, its events chained."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from content.seals import seal
from ledger.errors import ClockError, UnknownError
from ledger.models import Event, Office

GENESIS = "0" * 64


@dataclass(slots=True)
class Book:
    """The office's book while one transaction lasts."""

    office: Office
    by: str
    at: datetime

    def write(self, verb: str, subject: str, **facts: Any) -> Event:
        """Append an event to the office's chain. `facts` never hold the words of an item."""
        last = Event.objects.filter(office=self.office).order_by("-seq").values_list("seq", "hash").first() or (0, GENESIS)
        event = Event(office=self.office, seq=last[0] + 1, at=self.at, actor=self.by, verb=verb, subject=subject, facts=facts,
                      previous=last[1])
        event.hash = event_hash(event, self.office.code)
        event.save(force_insert=True)
        return event


def event_hash(event: Event, office: str) -> str:
    """The hash that chains an event to the one before it."""
    return seal({"previous": event.previous, "office": office, "seq": event.seq, "at": event.at.astimezone(UTC).isoformat(),
                 "actor": event.actor, "verb": event.verb, "subject": event.subject, "facts": event.facts})


@contextmanager
def book(*, office: str, by: str, at: datetime) -> Iterator[Book]:
    """Open an office's book for one transaction. Writers of one office queue here; offices do not wait for each other.

    Raises:
        UnknownError: no such office.
        ClockError: `at` names no zone.
    """
    if at.tzinfo is None:
        raise ClockError(f"{at} has no time zone; give an instant such as 2017-03-01T09:00+08:00")
    with transaction.atomic():
        row = Office.objects.select_for_update().filter(code=office).first()
        if row is None:
            raise UnknownError(f"no office {office!r} in this ledger; `gongkai init` opens the offices of gongkai.toml")
        yield Book(row, by, at)
