"""Routes: the channels an edition is to go to, and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from content.deliveries import RouteAsked
from ledger.errors import LedgerError
from ledger.models import Channel, Edition, Item, Route
from ledger.services.book import aware

AT_ONCE = datetime.min.replace(tzinfo=UTC)  #: where no time is named: as soon as it is signed


def _time(asked: RouteAsked) -> datetime:
    """When, for comparing."""
    return asked.release_at or AT_ONCE


def route(row: Edition, asked: Sequence[RouteAsked], *, item: Item) -> None:
    """Keep where an edition goes.

    Raises:
        LedgerError: nowhere, twice to one channel, to one that is not open, to surfaces at different times, or not to a
            surface on which the item stands.
        ClockError: a release time without a zone.
    """
    names = [one.channel for one in asked]
    if not asked:
        raise LedgerError(f"{item.index_number} goes to no channel; route it to one at least", code="no_route",
                          index_number=item.index_number)
    if len(names) != len(set(names)):
        raise LedgerError(f"{item.index_number} goes to one channel twice: {', '.join(names)}", code="route_twice",
                          index_number=item.index_number, channels=names)
    for one in asked:
        if one.release_at is not None:
            aware(one.release_at)
    opened = set(Channel.objects.filter(office=item.office_id, closed_at=None).values_list("name", flat=True))
    if strange := [name for name in names if name not in opened]:
        raise LedgerError(f"{item.index_number} goes to {', '.join(strange)}, which this office has not opened; its channels are "
                          f"{', '.join(sorted(opened)) or 'none yet'}", code="route_closed", index_number=item.index_number,
                          channels=strange)
    _together(item, asked)
    if item.shown_id is not None:
        _keeps_its_pages(item, asked, opened)
    Route.objects.bulk_create([
        Route(edition=row, channel=one.channel, kind=one.kind, surface=one.surface, release_at=one.release_at) for one in asked])


def _together(item: Item, asked: Sequence[RouteAsked]) -> None:
    """Surfaces are drawn from one catalogue: what one of them shows, all may show."""
    times = {_time(one) for one in asked if one.surface}
    if len(times) > 1:
        raise LedgerError(f"{item.index_number}: pages and feeds are drawn from one catalogue; give them one release time",
                          code="route_times", index_number=item.index_number, channels=[one.channel for one in asked if one.surface])
    if times and item.listed_at is not None and min(_time(one) for one in asked) < min(times):
        raise LedgerError(f"{item.index_number}: a correction stands on the pages first; release it there no later than elsewhere",
                          code="route_late", index_number=item.index_number, channels=[one.channel for one in asked if one.surface])


def _keeps_its_pages(item: Item, asked: Sequence[RouteAsked], opened: set[str]) -> None:
    shown = set(Route.objects.filter(edition=item.shown_id, surface=True).values_list("channel", flat=True)) & opened
    if lost := sorted(shown - {one.channel for one in asked}):
        raise LedgerError(f"{item.index_number} stands on {', '.join(lost)}, and a correction cannot take it away there; "
                          "route the correction there too, or withdraw the item instead", code="route_lost",
                          index_number=item.index_number, channels=lost)
