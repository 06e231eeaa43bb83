"""复查: what became of a posting after it came before the public. Platforms take things down, and so do people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

#: how long after it came before the public a posting is looked at again
AFTER = (timedelta(hours=1), timedelta(days=1), timedelta(days=7), timedelta(days=30))
#: how long until the next look at one that was missing, until it is found back or a person has dealt with it
WHILE_MISSING = timedelta(days=1)


class Seen(StrEnum):
    """What one look at a posting found."""

    STANDS = "stands"  #: 在: the public can read it
    GONE = "gone"  #: 已不在: somebody removed it
    BANNED = "banned"  #: 被屏蔽: the platform took it from the public
    TAKEN_BACK = "taken_back"  #: 自行撤下: our own doing. The ledger and people know that; no channel says it


#: what nobody of ours did: somebody has to find out
LOST = frozenset({Seen.GONE, Seen.BANNED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One look at a posting."""

    seen: Seen
    detail: str = ""  #: for staff: what was found, in the platform's words where it has some
