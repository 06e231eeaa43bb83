"""复查 in plain Python: look again at what was posted, and write down what the public finds there now."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TypeGuard

from channels.base import Observes
from channels.errors import ChannelError, QuotaError, UnusableError
from channels.house import OfficeHand
from content.sightings import LOST, Seen
from flows.clock import Clock
from flows.errands import errand_of
from flows.tick import BATCH, leased
from ledger import queries, services

log = logging.getLogger("gongkai.observe")


@dataclass(slots=True, kw_only=True)
class Looked:
    """What the looks at one channel's postings found."""

    channel: str
    kind: str
    counts: dict[Seen, int] = field(default_factory=dict)
    put_off: int = 0  #: nobody could be asked about so many
    busy: bool = False  #: somebody else is at work on the channel; nothing was looked at
    details: list[str] = field(default_factory=list)  #: what a person or a later look has to know

    @property
    def lost(self) -> int:
        """How many a person has to find out about."""
        return sum(self.counts.get(seen, 0) for seen in LOST)


def observes(outlet: object) -> TypeGuard[Observes]:
    """Whether the channel can be asked what became of a posting."""
    return isinstance(outlet, Observes)


def to_observe(hand: OfficeHand, name: str, *, clock: Clock) -> bool:
    """Whether an outlet has postings that are to be looked at by now."""
    return observes(hand.outlets[name]) and bool(queries.due_looks(office=hand.office.code, channel=name, at=clock(), limit=1))


def observe_outlet(hand: OfficeHand, name: str, *, clock: Clock) -> Looked:
    """Look at what is due on an outlet. What cannot be looked at now is put off; a channel that is shut is asked no further."""
    outlet = hand.outlets[name]
    found = Looked(channel=name, kind=outlet.kind)
    if not observes(outlet):
        return found
    with leased(hand.office.code, name) as renew:
        if renew is None:
            found.busy = True
            return found
        began = clock()
        while due := queries.due_looks(office=hand.office.code, channel=name, at=began, limit=BATCH):
            for one in due:
                renew()
                if not _observe(hand, outlet, one, found, clock=clock):
                    return found
    return found


def _observe(hand: OfficeHand, outlet: Observes, one: queries.Watched, found: Looked, *, clock: Clock) -> bool:
    """Look at one posting. False where the channel is to be asked no further for now."""
    try:
        look = outlet.observe(one.posting, errand=errand_of(hand, one.delivery_id, one.key, clock()))
    except ChannelError as error:
        services.put_off_look(posting_id=one.posting_id, at=clock(), retry_after=getattr(error, "retry_after", None))
        found.put_off += 1
        found.details.append(f"{one.key}: {error}")
        return not isinstance(error, (QuotaError, UnusableError))
    except Exception as error:
        # a fault of ours is no sighting either, and keeps nobody from looking at the next
        log.exception("%s: the look failed in an unforeseen way", one.key)
        services.put_off_look(posting_id=one.posting_id, at=clock())
        found.put_off += 1
        found.details.append(f"{one.key}: the program failed while it looked ({type(error).__name__})")
        return True
    if seen := services.keep_sighting(posting_id=one.posting_id, ref=one.posting.ref, look=look, at=clock()):
        found.counts[seen] = found.counts.get(seen, 0) + 1
        if seen in LOST:
            found.details.append(f"{one.key}: {seen}: {look.detail}")
    return True
