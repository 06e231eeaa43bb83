"""The log, checked: every hash must cover its event and the one before."""

from __future__ import annotations

from dataclasses import dataclass

from ledger.models import Event
from ledger.services.book import GENESIS, event_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainFault:
    """Where an office's chain of events does not hold, and why."""

    seq: int
    problem: str


def verify_events(*, office: str) -> ChainFault | None:
    """The first fault of an office's chain; None where all of it holds. Constant memory."""
    previous, expected = GENESIS, 1
    for event in Event.objects.filter(office__code=office).order_by("seq").iterator(chunk_size=1000):
        if event.seq != expected:
            return ChainFault(seq=expected, problem=f"event {expected} is missing")
        if event.previous != previous:
            return ChainFault(seq=event.seq, problem="it does not follow from the event before it")
        if event_hash(event, office) != event.hash:
            return ChainFault(seq=event.seq, problem="it is not as it was written")
        previous, expected = event.hash, expected + 1
    return None
