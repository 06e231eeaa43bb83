"""What needs mending among an office's channels, for the page of today: paused, at rest, refused, or soon without authorisation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ledger import queries
from ledger.queries import ChannelState, PauseLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Mending:
    """One channel, or something else that is paused."""

    channel: str
    tags: tuple[str, ...]  #: paused, rests, refused, ends
    lines: tuple[str, ...]  #: what was said of it
    left: int | None = None  #: days before its authorisation ends
    index_number: str = ""
    title: str = ""

    @property
    def hot(self) -> bool:
        """Whether it failed, and nobody meant it to."""
        return any(tag in ("rests", "refused") for tag in self.tags)


def mending(*, office: str, at: datetime) -> list[Mending]:
    """What is paused besides channels, then the channels in their order."""
    paused = [_paused(one) for one in queries.pauses(office=office) if not one.channel]
    return paused + [_channel(one, at) for one in queries.channel_states(office=office) if one.needs_mending(at)]


def _paused(one: PauseLine) -> Mending:
    return Mending(channel="", tags=("paused",), lines=(f"{one.by}：{one.reason}",), index_number=one.index_number, title=one.title)


def _channel(one: ChannelState, at: datetime) -> Mending:
    tags, lines, left = [], [], None
    if one.pause:
        tags.append("paused")
        lines.append(f"{one.pause.by}：{one.pause.reason}")
    if one.breaker:
        tags.append("rests")
        lines.append(one.breaker.detail)
    if one.probe and not one.probe.well:
        tags.append("refused")
        lines.append(one.probe.line)
    if one.probe and one.probe.ends_soon(at):
        tags.append("ends")
        left = one.probe.days_left(at)
    return Mending(channel=one.channel, tags=tuple(tags), lines=tuple(dict.fromkeys(line for line in lines if line)), left=left)
