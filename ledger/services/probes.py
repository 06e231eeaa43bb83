"""探测: what a channel said when it was asked whether it would work."""

from __future__ import annotations

from datetime import datetime

from ledger.limits import printable
from ledger.models import Probe
from ledger.services.book import book
from ledger.services.breakers import let_try


def keep_probe(*, office: str, channel: str, at: datetime, well: bool, line: str, until: datetime | None = None) -> None:
    """Write down how a channel was found: the newest probe takes the place of the one before, the log keeps the turns.

    `until`: when what lets us in ends, and only a person gets the next one. One that was ill keeps the date it knew before.

    Raises:
        UnknownError: no such office.
    """
    with book(office=office, by="gongkai", at=at) as opened:
        before = Probe.objects.filter(office=opened.office, channel=channel).first()
        since = None if well else (before.ill_since if before and before.ill_since else at)
        known = until if well or before is None else before.until
        Probe.objects.update_or_create(office=opened.office, channel=channel, defaults={
            "at": at, "well": well, "line": printable(line), "until": known, "ill_since": since})
        if well:
            let_try(opened, channel)
        was = before is None or before.well
        if was != well:
            opened.write("probe well" if well else "probe failed", channel)
