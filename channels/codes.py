"""What a platform's own codes mean for a delivery: a table a platform, one way of reading it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from channels.errors import IN_DOUBT, AmbiguousError, ChannelError, PermanentError, QuotaError, TransientError, UnusableError

PLATFORMS = ZoneInfo("Asia/Shanghai")  #: of the midnight at which platforms' quotas begin anew


class Meaning(StrEnum):
    """How a code sorts."""

    STALE = "stale"  #: the token is out of date: fetch one, say it again, once
    WAIT = "wait"  #: nothing was done; a later try may succeed
    SPENT = "spent"  #: nothing was done, nor will be for the rest of the account's queue before the wait is over
    TOMORROW = "tomorrow"  #: the same, before the platform's midnight
    SHUT = "shut"  #: nothing is done for this account until someone mends it
    REFUSED = "refused"  #: this post, as it stands, never
    DOUBT = "doubt"  #: the platform itself does not know


@dataclass(frozen=True, slots=True)
class Code:
    """One row of the table."""

    meaning: Meaning
    advice: str  #: for staff: what it is and what to do
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of one platform."""

    platform: str  #: in Chinese, as staff call it
    rows: Mapping[Any, Code]  #: by the platform's own numbers or names

    def meaning(self, code: int | str) -> Meaning | None:
        """How a code sorts; None for one that the table does not know."""
        row = self.rows.get(code)
        return row.meaning if row else None

    def sort(self, code: int | str, said: str, *, call: str, at: datetime, creates: bool) -> ChannelError:
        """The error that this code is.

        Args:
            code: as the platform gave it.
            said: its own words, already without secrets.
            call: what was asked of it.
            at: when.
            creates: an answer that does not tell leaves us in doubt.
        """
        row = self.rows.get(code)
        if row is None:
            words = f"{self.platform}接口 {call} 返回未登记的错误代码 {code}：{said}；请把本条提示交给系统维护人员"
            return AmbiguousError(f"{words}；{IN_DOUBT}") if creates else PermanentError(words)
        words = f"{self.platform}接口 {call} 返回 {code}：{row.advice}〔{said}〕"
        if row.meaning in (Meaning.SHUT, Meaning.STALE):
            return UnusableError(words)
        if row.meaning is Meaning.REFUSED:
            return PermanentError(words)
        if row.meaning is Meaning.DOUBT and creates:
            return AmbiguousError(f"{words}，{IN_DOUBT}")
        kind = QuotaError if row.meaning in (Meaning.SPENT, Meaning.TOMORROW) else TransientError
        return kind(words, retry_after=self.until_midnight(at) if row.meaning is Meaning.TOMORROW else row.wait)

    def until_midnight(self, at: datetime) -> timedelta:
        """How long until quotas begin anew, and a little: their clock need not be ours."""
        there = at.astimezone(PLATFORMS)
        midnight = there.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return midnight - there + timedelta(minutes=5)
