"""A delivery carries one edition to one channel; an outcome says how that went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from content.items import Edition


class Action(StrEnum):
    """What a delivery is to do."""

    PUBLISH = "publish"  #: 发布
    CORRECT = "correct"  #: 更正
    WITHDRAW = "withdraw"  #: 撤回
    REPOST = "repost"  #: 重发: the same words once more, because somebody else removed them; once an edition and channel


class Status(StrEnum):
    """How a delivery stands."""

    QUEUED = "queued"  #: 待发: nobody has tried yet
    POSTED = "posted"  #: 已发: the channel has it
    DEFERRED = "deferred"  #: 待重试: nothing was posted; try again later
    REFUSED = "refused"  #: 被拒: nothing was posted; the same thing would be refused again
    UNCONFIRMED = "unconfirmed"  #: 待核实: nobody knows; look before trying again
    BY_HAND = "by_hand"  #: 人工: waits for a person


#: the step under which the ledger keeps when a person, who had looked there, had an unconfirmed delivery sent once more
AGAIN = "sent again"
#: the steps under which stands which posting, by its reference, this delivery takes the place of: before that is taken back, and after
REPLACING, REPLACED = "replacing", "replaced"
#: the step under which the ledger keeps what a platform said of its own accord: a JSON list of words that its channel reads
HEARD = "heard"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """推送: what a platform said of its own accord, about a delivery that the sayer knows by a name it once gave."""

    step: str  #: the step under which that name was kept,
    value: str  #: and the name. A delivery in doubt that learnt none may be meant too
    word: str  #: what was said, as the channel will read it


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteAsked:
    """A channel an edition is to go to, and when: at once after the signature where no time is named."""

    channel: str
    kind: str
    surface: bool
    release_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """The thing the public sees on a channel, by the channel's own name for it."""

    ref: str
    url: str | None = None
    posted_at: datetime | None = None  #: by the far side's clock, where it tells
    live: bool = True  #: False: made ready, a person must still put it before the public (a sheet, a draft)
    days: int | None = None  #: a sheet: how many natural days it is to hang, from the day on which a person hangs it
    told: bool = False  #: a person told us of it: its reference is no name by which the channel could be asked
    note: str = ""  #: for the person who must do the rest: why, and what to do


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One edition, one channel, one action."""

    channel: str
    action: Action
    edition: Edition
    posting: Posting | None = None  #: the live posting that a correction or withdrawal acts on

    @property
    def key(self) -> str:
        """The same for every attempt at this delivery, and for no other delivery."""
        return delivery_key(self.edition.index_number, self.edition.number, self.action, self.channel)


def delivery_key(index_number: str, number: int, action: Action, channel: str) -> str:
    """`index number#edition:action@channel`; index numbers hold neither `#` nor `@`, so keys cannot collide."""
    return f"{index_number}#{number}:{action}@{channel}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one attempt ended."""

    status: Status
    posting: Posting | None = None
    detail: str = ""  #: for staff: what happened and what to do
    retry_after: timedelta | None = None
    stops_channel: bool = False  #: the rest of this channel's queue would meet the same
    stops_action: bool = False  #: so would the rest of its deliveries with the same action: what that needs is used up for now
    well: bool | None = None  #: what this attempt showed of the channel itself: that it works, that it does not; None: nothing
    removed: bool = False  #: the older posting, whose place the new one was to take, is gone by now
