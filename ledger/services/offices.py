"""Opening offices: what gongkai.toml says, written down with the day it was first said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from content import offices as content
from ledger.errors import LedgerError
from ledger.limits import check_lengths
from ledger.models import Channel, Column, Edition, Office
from ledger.services.book import Book, aware, book


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOpened:
    """A configured channel, as far as history needs it."""

    name: str
    kind: str
    surface: bool


@transaction.atomic
def open_office(*, office: content.Office, channels: Sequence[ChannelOpened], at: datetime, by: str = "gongkai") -> None:
    """Open an office, or bring its columns and channels in step with the configuration. Changes nothing when in step.

    Raises:
        LedgerError: the configuration now says sandbox where the ledger says real, or the reverse; a channel changed its kind;
            a name is too long to be kept.
        ClockError: `at` names no zone.
    """
    aware(at)
    _check(office, channels)
    row, new = Office.objects.get_or_create(
        code=office.code,
        defaults={"name": office.name, "zone": office.zone, "sandbox": office.sandbox, "urgent": office.urgent, "opened_at": at})
    if row.sandbox != office.sandbox:
        raise LedgerError(f"office {office.code} was opened as {'a sandbox' if row.sandbox else 'a real office'} and stays one; "
                          "use another code or another GONGKAI_HOME")
    with book(office=office.code, by=by, at=at) as opened:
        if new:
            opened.write("office opened", office.code, sandbox=office.sandbox)
        if (row.name, row.zone) != (office.name, office.zone):
            Office.objects.filter(pk=row.pk).update(name=office.name, zone=office.zone)
            opened.write("office renamed", office.code)
        if row.urgent != office.urgent:
            Office.objects.filter(pk=row.pk).update(urgent=office.urgent)
            opened.write(f"urgent path {'opened' if office.urgent else 'closed'}", office.code)
        _columns(opened, office)
        _channels(opened, channels)


def _check(office: content.Office, channels: Sequence[ChannelOpened]) -> None:
    check_lengths(Office, {"code": office.code, "name": office.name, "zone": office.zone})
    for column in office.columns:
        check_lengths(Column, {"slug": column.slug, "name": column.name})
    for category in office.categories:
        check_lengths(Edition, {"category": category})
    for channel in channels:
        check_lengths(Channel, {"name": channel.name, "kind": channel.kind})


def _columns(book: Book, office: content.Office) -> None:
    known = {column.slug: column for column in Column.objects.filter(office=book.office)}
    for column in office.columns:
        row = known.pop(column.slug, None)
        if row is None:
            Column.objects.create(office=book.office, slug=column.slug, name=column.name, opened_at=book.at)
            book.write("column opened", column.slug)
        elif row.closed_at or row.name != column.name:
            Column.objects.filter(pk=row.pk).update(name=column.name, closed_at=None)
            book.write("column reopened" if row.closed_at else "column renamed", column.slug)
    for row in known.values():
        if not row.closed_at:
            Column.objects.filter(pk=row.pk).update(closed_at=book.at)
            book.write("column closed", row.slug)


def _channels(book: Book, channels: Sequence[ChannelOpened]) -> None:
    known = {channel.name: channel for channel in Channel.objects.filter(office=book.office)}
    for channel in channels:
        row = known.pop(channel.name, None)
        if row is None:
            Channel.objects.create(office=book.office, name=channel.name, kind=channel.kind, surface=channel.surface, opened_at=book.at)
            book.write("channel opened", channel.name, kind=channel.kind)
        elif (row.kind, row.surface) != (channel.kind, channel.surface):
            raise LedgerError(f"channel {channel.name!r} is of kind {row.kind} in the ledger; give the {channel.kind} channel another name")
        elif row.closed_at:
            Channel.objects.filter(pk=row.pk).update(closed_at=None)
            book.write("channel reopened", channel.name)
    for row in known.values():
        if not row.closed_at:
            Channel.objects.filter(pk=row.pk).update(closed_at=book.at)
            book.write("channel closed", row.name)
