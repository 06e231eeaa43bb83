"""`gongkai pause` and `gongkai resume`: hold everything, a channel or an item; and what is paused now."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from rich.console import Console

from flows import opening
from flows.clock import office_time
from flows.exits import plain
from ledger import queries


def switch(home: Path, act: Callable[..., None], *, office: str | None, channel: str, item: str, reason: str, by: str, at: str | None,
           out: Console) -> None:
    """Pause or resume (`act`), and say what stands paused now.

    Raises:
        LedgerError: there is no such channel or item, no reason, or it is so already.
    """
    hand = opening.look_at(home, office)
    act(office=hand.office.code, by=by, at=office_time(hand.office, at), reason=reason, channel=channel, index_number=item)
    lines = queries.pauses(office=hand.office.code)
    for line in lines:
        out.print(plain(told(line)))
    if not lines:
        out.print("nothing is paused; what waited goes on with the next tick")


def told(line: queries.PauseLine) -> str:
    """A pause in one line."""
    what = f"channel {line.channel}" if line.channel else f"item {line.index_number}" if line.index_number else "everything"
    return f"paused: {what}, since {line.at:%Y-%m-%d %H:%M} UTC by {line.by}: {line.reason}"
