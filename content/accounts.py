"""What an account has besides its secret: tokens that end, quotas that are used up, and how it was found when it was asked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

#: so long before an authorisation ends, people are told: some platforms want papers for the next one
SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What lets us into an account for a while. Never printed whole."""

    value: str = field(repr=False)
    until: datetime | None  #: aware; None: nobody said
    since: datetime | None = None  #: when it was got
    refresh: str = field(default="", repr=False)  #: what gets the next one, where the platform has such a thing


def succeeds(kept: Token | None, made: Token) -> Token:
    """The token that takes the place of the one kept: nothing is overwritten by nothing.

    A platform that gives a new value and says nothing of `refresh` lets the old one stand.

    Raises:
        ValueError: it has no value.
    """
    if not made.value:
        raise ValueError("a token without a value takes no token's place")
    return replace(made, refresh=kept.refresh) if kept and kept.refresh and not made.refresh else made


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """So many calls in so long a time, as a platform grants them to an account."""

    name: str  #: of what is counted, `freepublish/get`
    calls: int
    per: timedelta  #: any stretch of this length holds no more
    midnight: ZoneInfo | None = None  #: counted by the day of this zone instead

    def begins(self, at: datetime) -> datetime:
        """Calls after this instant count against one made now."""
        if self.midnight is None:
            return at - self.per
        return self._midnight(at) - timedelta(microseconds=1)

    def frees(self, oldest: datetime) -> datetime:
        """When the oldest of the calls that count stops counting."""
        return oldest + self.per if self.midnight is None else self._midnight(oldest + timedelta(days=1))

    def _midnight(self, at: datetime) -> datetime:
        return at.astimezone(self.midnight).replace(hour=0, minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """How a channel was found when it was asked whether it would work now."""

    line: str  #: for staff: what was found well
    until: datetime | None = None  #: when what lets us in ends and only a person gets the next; None: without end, or renewed by itself
