"""Which reports a year asks for, by when, and how far each has come. The last day, and what nobody has recorded: no counting."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from content.offices import Office
from desk.access import Seat
from desk.progress import begun
from desk.report_items import AsItem, item_of
from ledger import queries
from ledger.periods import within
from ledger.queries import HandedIn
from reports.forms import Form, form, in_force, known
from reports.making import Asked, cut, period_word
from reports.report import recordable

AHEAD = 30  #: days before its last day that the yearly report is spoken of


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """A report that is asked for."""

    asked: Asked
    form: Form
    number: int  #: of the month or quarter; 0: the year
    due: date | None  #: the last day for it; None: nobody has said
    left: int | None  #: days until then; below zero: so many too late
    handed: HandedIn | None
    item: AsItem | None  #: as which it goes through review and signature; None: not yet
    missing: int  #: facts that nobody has recorded
    when: str = field(init=False)  #: as its address says it

    def __post_init__(self) -> None:
        object.__setattr__(self, "when", period_word(self.asked))

    @property
    def label(self) -> str:
        """Which month or quarter; empty for a year."""
        if not self.number:
            return ""
        return (_("%(n)d 月") if self.form.period == "month" else _("第 %(n)d 季度")) % {"n": self.number}

    @property
    def running(self) -> bool:
        """Whether its days are not over yet."""
        day = self.asked.as_of.astimezone(self.asked.office.tz).date()
        return day <= within(self.asked.year, self.asked.period)[1]

    @property
    def late(self) -> int:
        """Days by which it is too late; 0 where it was handed in, or may still come."""
        return 0 if self.handed or self.left is None else max(0, -self.left)


def deadline(office: Office, made: Form, year: int) -> date | None:
    """The last day for a report on a year: the form's, or for the statutory one the office's own. None: nobody has said."""
    due = (made.statutory and office.report_due) or made.due
    if due is None:
        return None
    month, day = due
    return date(year + 1, month, min(day, monthrange(year + 1, month)[1]))  # 29 February is the 28th in most years


def yearly(seat: Seat, year: int) -> Return | None:
    """The statutory report on a year; None where the law asked for none."""
    made = in_force(year)
    return None if made is None else _asked_for(seat, made.id, year, 0, _handed(seat, year))


def others(seat: Seat, year: int) -> list[Return]:
    """The website's return, and the months and quarters that have begun."""
    day, handed = _today(seat), _handed(seat, year)
    out = []
    for made in sorted(map(form, known()), key=lambda one: one.period != "year"):
        if made.statutory or not made.first_year <= year <= made.last_year:
            continue
        numbers = [0] if made.period == "year" else range(begun(made.period, year, day), 0, -1)
        out += [_asked_for(seat, made.id, year, number, handed) for number in numbers]
    return out


def pressing(seat: Seat, day: date) -> list[Return]:
    """The yearly reports whose last day is near or past, and that were not handed in. Looks into the ledger only when it is time."""
    forms = {year: made for year in (day.year - 1, day.year) if (made := in_force(year))}
    due = {year: deadline(seat.hand.office, made, year) for year, made in forms.items()}
    years = [year for year, last in due.items() if last and (last - day).days <= AHEAD]
    first = queries.first_release(office=seat.office) if years else None
    open_years = [year for year in years if first is not None and first.year <= year and not _is_in(seat, year)]
    return [one for year in open_years if (one := yearly(seat, year)) is not None]


def _is_in(seat: Seat, year: int) -> bool:
    """Whether the yearly report was handed in: without a look at its item, which nobody asks about then."""
    made = in_force(year)
    return made is not None and (made.id, *within(year, None)) in _handed(seat, year)


def _handed(seat: Seat, year: int) -> dict[tuple[str, date, date], HandedIn]:
    return {(one.form, *one.period): one for one in queries.handed_in(office=seat.office, year=year)}


def _asked_for(seat: Seat, name: str, year: int, number: int, handed: dict[tuple[str, date, date], HandedIn]) -> Return:
    office, made = seat.hand.office, form(name)
    period = cut(made.period, year, number)
    asked = Asked(office=office, form=name, year=year, as_of=seat.at, period=period)
    due = deadline(office, made, year)
    there = handed.get((name, *within(year, period)))
    return Return(asked=asked, form=made, number=number, due=due, left=(due - _today(seat)).days if due else None, handed=there,
                  item=item_of(office.code, asked, None) if there else None, missing=_missing(asked, made))


def _missing(asked: Asked, made: Form) -> int:
    """How many facts nobody has recorded; the ledger is asked only where there may be any."""
    cells = recordable(made).keys() - made.optional()
    if not cells:
        return 0
    told = {line.cell: line.value for line in queries.facts(office=asked.office.code, form=asked.form, year=asked.year,
                                                            period=asked.period)}
    return len(cells - {cell for cell, value in told.items() if value is not None})


def _today(seat: Seat) -> date:
    return seat.at.astimezone(seat.hand.office.tz).date()
