"""How long there still is: to publish what was made, and to say something new in a column or on an account. Decides and touches nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from content.offices import Office
from content.workdays import cutoff, due, next_workday, workdays_between
from ledger.queries import Freshness, WaitingEdition

AHEAD = 5  #: working days before its term that an item is spoken of
FORTNIGHT, HALF_YEAR = 14, 182  #: days; 国办秘函〔2019〕19号: 动态、要闻 and accounts in two weeks, 通知公告、政策文件 in six months
NOTICE = {FORTNIGHT: 4, HALF_YEAR: 21}  #: days before such a term that it is spoken of
NEWS = ("动态", "要闻", "新闻")
SLOW = ("通知", "公告", "公示", "政策", "文件")
#: kinds of channel that must say something in two weeks: the home page, and accounts that the public follows (政务新媒体)
ACCOUNTS = frozenset({"website", "wechat", "weibo", "mastodon", "bluesky"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """An item of which nothing is public yet, and the last day for it (条例 Art. 26)."""

    edition: WaitingEdition
    on: date
    sure: bool  #: False: holidays on the way are not announced yet
    left: int  #: working days; negative: so many too late

    @property
    def late(self) -> int:
        """Working days by which it is too late."""
        return max(0, -self.left)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """A column or account that has nothing new for long, or for ever."""

    line: Freshness
    days: int | None  #: since something new stood there; None: nothing yet
    limit: int  #: days

    @property
    def over(self) -> bool:
        """The term has passed."""
        return self.days is None or self.days >= self.limit


def made_by(today: date) -> date:
    """Until which day something must have been made to be due within the next working days, or overdue."""
    day = today
    for _ in range(AHEAD):
        day = next_workday(day)
    return cutoff(day)


def terms(editions: Iterable[WaitingEdition], today: date) -> list[Term]:
    """These with their last days, the most urgent first."""
    found = [(one, due(one.made_on)) for one in editions]
    return sorted((Term(edition=one, on=last.on, sure=last.sure, left=workdays_between(today, last.on)) for one, last in found),
                  key=lambda term: (term.on, term.edition.index_number))


def earliest(now: datetime) -> datetime:
    """Whatever has something newer than this is fresh by any measure."""
    return now - timedelta(days=FORTNIGHT - NOTICE[FORTNIGHT])


def stale(lines: Iterable[Freshness], office: Office, now: datetime) -> list[Stale]:
    """Of these the ones whose term is near or past. A channel that follows another, or that a person fills, has none of its own."""
    out = []
    for line in lines:
        if (limit := _limit(line, office)) is None:
            continue
        days = None if line.last is None else (now.astimezone(office.tz).date() - line.last.astimezone(office.tz).date()).days
        if days is None or days >= limit - NOTICE[limit]:
            out.append(Stale(line=line, days=days, limit=limit))
    return out


def _limit(line: Freshness, office: Office) -> int | None:
    if line.kind == "channel":
        return FORTNIGHT if line.channel_kind in ACCOUNTS else None
    column = office.by_slug.get(line.name)
    words = f"{line.label}{column.type if column else ''}"
    # the name says more than the type, which offices often leave as it came
    if any(word in line.label for word in SLOW):
        return HALF_YEAR
    return FORTNIGHT if any(word in words for word in NEWS) else HALF_YEAR
