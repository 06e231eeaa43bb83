"""What the ledger knows of channels, for `gongkai doctor`: the last probe, who rests, what is paused."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from flows.commands.finding import Finding
from flows.commands.pausing import told
from ledger.queries import ChannelState, PauseLine

RARE = timedelta(days=2)  #: a daily probe that was missed twice


def probe_beat(office: str, last: datetime | None, now: datetime | None) -> Finding:
    """Whether somebody probes the channels daily. `now` None: a sandbox, which keeps its own time."""
    well = last is None or now is None or now - last < RARE
    return Finding(what=f"{office}: probe", well=well, detail=f"last probe {last:%Y-%m-%d %H:%M} UTC" if last else "no probe so far",
                   advice="channels are to be asked once a day: let gongkai up or a timer run gongkai probe")


def channel_findings(office: str, states: Sequence[ChannelState], pauses: Sequence[PauseLine]) -> Iterator[Finding]:
    """A finding for each channel that rests or refused the last probe, for each pause, and one where there is none of it."""
    ill = False
    for one in states:
        if one.breaker:
            ill = True
            yield Finding(what=f"{office}: {one.channel} rests", well=False, detail=(
                f"{one.breaker.failures} failures in a row, the next trial after {one.breaker.rests_until:%Y-%m-%d %H:%M} UTC; "
                f"it said: {one.breaker.detail}"), advice="mend the channel, then run gongkai probe: the next tick tries it again")
        if one.probe and not one.probe.well:
            ill = True
            yield Finding(what=f"{office}: {one.channel} refused", well=False, detail=(
                f"since {one.probe.ill_since or one.probe.at:%Y-%m-%d %H:%M} UTC: {one.probe.line}"),
                advice="mend the channel, then run gongkai probe")
    for pause in pauses:
        option = f" --channel {pause.channel}" if pause.channel else f" --item {pause.index_number}" if pause.index_number else ""
        yield Finding(what=f"{office}: paused", well=False, detail=told(pause).removeprefix("paused: "),
                      advice=f"when it may go on: gongkai resume{option} --reason …")
    if not ill and not pauses:
        yield Finding(what=f"{office}: channels", well=True,
                      detail=f"{len(states)} open, none rests, none is paused, none refused its last probe")
