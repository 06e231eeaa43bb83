"""复查: what became of a posting after it came before the public. Platforms take things down, and so do people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

#: how long after it came before the public a posting is looked at again
AFTER = (timedelta(hours=1), timedelta(days=1), timedelta(days=7), timedelta(days=30))


class Seen(StrEnum):
    """What one look at a posting found."""

    STANDS = "stands"  #: 在: the public can read it
    GONE = "gone"  #: 已不在: somebody removed it
    BANNED = "banned"  #: 被屏蔽: the platform took it from the public


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One look at a posting."""

    seen: Seen
    detail: str = ""  #: for staff: what was found, in the platform's words where it has some
