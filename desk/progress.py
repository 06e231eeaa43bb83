"""How far a year has come: what became public so far, against the same day of the year before and against the whole of that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from content.measures import Measure, What
from desk.access import Seat
from desk.reporting import MAKER
from ledger import queries
from ledger.periods import Period, year_before
from reports.making import MONTHS as LENGTHS

WIDTH = 1000  #: of a bar's drawing, in units of its own
ALL = Measure()
URGENT = Measure(what=What.URGENT)
BESIDES: dict[Measure, Promise] = {Measure(what=What.CORRECTIONS): _("更正"), Measure(what=What.WITHDRAWN): _("撤回"),
                                   URGENT: _("急件（先签发后审查）")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One count: so far, on the same day of the year before, and at that year's end."""

    label: str
    now: int
    then: int
    last: int
    most: int  #: of the lines it is drawn with
    drawn: bool  #: as a bar; what is no part of the total stands as a number alone

    @property
    def more(self) -> int:
        """Than on the same day of the year before; below zero: fewer."""
        return self.now - self.then

    @property
    def bar(self) -> int:
        """Length of the bar."""
        return self.now * WIDTH // max(self.most, 1)

    @property
    def mark(self) -> int:
        """Where the same day of the year before stands."""
        return self.then * WIDTH // max(self.most, 1)

    @property
    def frame(self) -> int:
        """Length of the year before."""
        return self.last * WIDTH // max(self.most, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A year so far."""

    year: int
    until: date  #: the last day of it that is counted
    same: date  #: that day of the year before
    over: bool  #: the year has ended
    lines: tuple[Line, ...]


def counted(seat: Seat, year: int) -> dict[Measure, str]:
    """What is counted of a year and the one before, each with its name: all, each kind of channel, and what is told besides."""
    kinds = dict.fromkeys(kind for one in (year, year - 1) for kind in queries.kinds_open(offices=[seat.office], year=one, as_of=seat.at))
    reached = {Measure(kinds=(kind,)): gettext(MAKER.labels.get(kind, kind)) for kind in kinds}
    return {ALL: gettext("合计"), **reached, **{one: str(label) for one, label in BESIDES.items()}}


def progress(seat: Seat, year: int, labels: Mapping[Measure, str], now: Mapping[Measure, int] | None = None) -> Progress:
    """A year up to today, or all of one that is over. Each day of both years is counted once. `now`: this year's, where they are known."""
    until = min(seat.at.astimezone(seat.hand.office.tz).date(), date(year, 12, 31))
    _first, same = year_before((date(year, 1, 1), until))
    now = now or _counts(seat, (date(year, 1, 1), until), labels)
    then = _counts(seat, (date(year - 1, 1, 1), same), labels)
    end = date(year - 1, 12, 31)
    rest = _counts(seat, (date.fromordinal(same.toordinal() + 1), end), labels) if same < end else dict.fromkeys(labels, 0)
    last = {one: then[one] + rest[one] for one in labels}
    most = max(now[ALL], last[ALL])
    lines = [Line(label=label, now=now[one], then=then[one], last=last[one], most=most, drawn=one not in BESIDES)
             for one, label in labels.items() if one != URGENT or now[one] or last[one]]  # few offices know such
    return Progress(year=year, until=until, same=same, over=until == date(year, 12, 31), lines=tuple(lines))


def _counts(seat: Seat, days: Period, measures: Iterable[Measure]) -> dict[Measure, int]:
    book = queries.yearbook(office=seat.office, form="", year=days[0].year, measures=measures, as_of=seat.at, period=days)
    return dict(book.counts)


def begun(period: str, year: int, day: date) -> int:
    """How many months or quarters of a year have begun by a day."""
    if year != day.year:
        return 12 // LENGTHS[period] if year < day.year else 0
    return -(-day.month // LENGTHS[period])
