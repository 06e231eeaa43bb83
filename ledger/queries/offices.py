"""Offices: whether one is open, what it last did, what it proposes next."""

from __future__ import annotations

from datetime import date, datetime

from content.offices import Office as OfficeValue
from ledger.models import Beat, Event, Item, Office, Serial


def is_open(*, office: str) -> bool:
    """Whether the ledger knows the office."""
    return Office.objects.filter(code=office).exists()


def last_event_at(*, office: str) -> datetime | None:
    """When the office's last event was written, by its own clock."""
    return Event.objects.filter(office__code=office).order_by("-seq").values_list("at", flat=True).first()


def last_beat(*, office: str, flow: str) -> datetime | None:
    """When a flow began its last tick."""
    return Beat.objects.filter(office__code=office, flow=flow).values_list("started_at", flat=True).first()


def first_release(*, office: str) -> date | None:
    """The day on which the office's first item was released; None where none was."""
    days = Item.objects.filter(office__code=office, released_on__isnull=False).order_by("released_on")
    return days.values_list("released_on", flat=True).first()


def next_serial(*, office: str, year: int) -> int:
    """The serial to propose for a year's next index number."""
    return (Serial.objects.filter(office__code=office, year=year).values_list("last", flat=True).first() or 0) + 1


def next_index_number(*, office: OfficeValue, at: datetime) -> str:
    """The index number to propose for an office's next item, in the year of its own calendar."""
    year = at.astimezone(office.tz).year
    return office.index.compose(year, next_serial(office=office.code, year=year))

