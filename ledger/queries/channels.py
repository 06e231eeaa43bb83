"""How channels do: what a probe found, whether they rest, what people have paused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from content.accounts import SOON
from ledger.holds import EVERYTHING
from ledger.models import Breaker, Channel, Pause, Probe


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseLine:
    """What somebody paused: everything of the office where neither a channel nor an item is named."""

    channel: str
    index_number: str
    title: str  #: of the item's newest edition
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeLine:
    """What a channel said when it was last asked."""

    at: datetime
    well: bool
    line: str
    until: datetime | None  #: when what lets us in ends, and a person has to get the next one
    ill_since: datetime | None

    def ends_soon(self, at: datetime) -> bool:
        """Whether people have to see to the next authorisation by now."""
        return self.until is not None and self.until - at < SOON

    def days_left(self, at: datetime) -> int | None:
        """Whole days before what lets us in ends; 0 once it has, None where it has no end."""
        return None if self.until is None else max((self.until - at).days, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakerLine:
    """A channel that failed too often in a row."""

    failures: int
    opened_at: datetime
    rests_until: datetime
    detail: str  #: what the last failure said


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelState:
    """One open channel of an office."""

    channel: str
    kind: str
    surface: bool
    probe: ProbeLine | None
    breaker: BreakerLine | None  #: while it rests or is on trial
    pause: PauseLine | None  #: its own; one of the whole office stands in `pauses`

    def needs_mending(self, at: datetime) -> bool:
        """Whether somebody has to see to it: refused, about to lose its authorisation, at rest, or paused."""
        ill = self.probe is not None and (not self.probe.well or self.probe.ends_soon(at))
        return ill or self.breaker is not None or self.pause is not None


def channel_states(*, office: str) -> list[ChannelState]:
    """The open channels of an office, in the order in which they were opened. Four questions however many."""
    probes = {row.channel: row for row in Probe.objects.filter(office__code=office)}
    breakers = {row.channel: row for row in Breaker.objects.filter(office__code=office, opened_at__isnull=False)}
    held = {one.channel: one for one in pauses(office=office) if one.channel}
    rows = Channel.objects.filter(office__code=office, closed_at=None).order_by("pk")
    return [ChannelState(channel=row.name, kind=row.kind, surface=row.surface, probe=_probe(probes.get(row.name)),
                         breaker=_breaker(breakers.get(row.name)), pause=held.get(row.name)) for row in rows]


def _probe(row: Probe | None) -> ProbeLine | None:
    return None if row is None else ProbeLine(at=row.at, well=row.well, line=row.line, until=row.until, ill_since=row.ill_since)


def _breaker(row: Breaker | None) -> BreakerLine | None:
    if row is None or row.opened_at is None or row.rests_until is None:
        return None
    return BreakerLine(failures=row.failures, opened_at=row.opened_at, rests_until=row.rests_until, detail=row.detail)


def pauses(*, office: str) -> list[PauseLine]:
    """What is paused in an office, the oldest first."""
    rows = Pause.objects.filter(office__code=office).select_related("item__newest").defer("item__newest__body").order_by("at", "pk")
    return [PauseLine(channel=row.channel, index_number=row.item.index_number if row.item else "",
                      title=row.item.newest.title if row.item and row.item.newest else "", at=row.at, by=row.by, reason=row.reason)
            for row in rows]


def is_paused(*, office: str, channel: str) -> bool:
    """Whether nothing is drawn or posted on a channel just now, because it or everything is paused."""
    return Pause.objects.filter(Q(subject=EVERYTHING) | Q(channel=channel), office__code=office).exists()
