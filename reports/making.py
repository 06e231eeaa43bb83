"""A report made: the form with the office's own rows, the ledger asked once, the form filled; and the rows behind each number.

Both doors make theirs here and bring the ledger along: `ledger.queries` is a `Books`.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from content.figures import UNCATEGORISED, Counting
from content.measures import Measure
from content.offices import Office
from content.yearbook import Opened, YearBook
from reports.forms import Form, FormError, Scope, form
from reports.report import Counted, Report, fill, measures

Period = tuple[date, date]  #: first and last day
MONTHS = {"month": 1, "quarter": 3}  #: of a form's period, but for the year


class Books(Protocol):
    """What a report asks of a ledger."""

    def kinds_open(self, *, offices: Sequence[str], year: int, as_of: datetime, period: Period | None = None) -> list[str]: ...

    def yearbook(self, *, office: str, form: str, year: int, measures: Iterable[Measure], as_of: datetime,
                 period: Period | None = None) -> YearBook: ...

    def rows_behind(self, *, office: str, year: int, measures: Mapping[str, Measure], as_of: datetime,
                    period: Period | None = None) -> dict[str, list[str]]: ...

    def opened(self, *, office: str, year: int, measure: Measure, as_of: datetime, period: Period | None = None, offset: int = 0,
               limit: int | None = None) -> list[Opened]: ...

    def district_yearbook(self, *, office: str, offices: Sequence[str], form: str, year: int, measures: Iterable[Measure],
                          as_of: datetime, period: Period | None = None) -> YearBook: ...

    def district_rows_behind(self, *, offices: Sequence[str], year: int, measures: Mapping[str, Measure], as_of: datetime,
                             period: Period | None = None) -> dict[str, list[str]]: ...

    def district_opened(self, *, offices: Sequence[str], year: int, measure: Measure, as_of: datetime, period: Period | None = None,
                        offset: int = 0, limit: int | None = None) -> list[Opened]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which report: whose, on what form, of which days, as of when."""

    office: Office
    form: str
    year: int
    as_of: datetime  #: aware
    period: Period | None = None  #: None: the whole year
    counting: Counting = Counting.DISTINCT
    offices: tuple[str, ...] = ()  #: of a district's report, the offices whose items it counts; empty: the office's own
    #: the parts that may begin from an earlier report's words: of a report that was kept those that did. None: all that nobody has edited
    taken_over: tuple[str, ...] | None = None

    def begun(self, book: YearBook) -> YearBook:
        """The book with those earlier words alone that this report takes over."""
        if self.taken_over is None:
            return book
        return replace(book, before={part: words for part, words in book.before.items() if part in self.taken_over})


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """Makes reports from a ledger."""

    books: Books
    labels: Mapping[str, str]  #: of each kind of channel, what a reader calls it

    def form(self, asked: Asked) -> Form:
        """The form with the rows that the office has in it.

        Raises:
            FormError: there is none of that name, or it is not of such a period.
        """
        whose = asked.offices or (asked.office.code,)
        kinds = self.books.kinds_open(offices=whose, year=asked.year, as_of=asked.as_of, period=asked.period)
        made = form(asked.form, scope(asked.office, {kind: self.labels.get(kind, kind) for kind in kinds}))
        if (made.period == "year") != (asked.period is None):
            raise FormError(f"the form {made.id} is of one {made.period}; {asked.period or 'the whole year'} was asked for")
        return made

    def report(self, asked: Asked) -> Report:
        """The report as the ledger stood at `as_of`.

        Raises:
            FormError: as `form`.
            ProseError: a text speaks of a figure that is not there.
        """
        made = self.form(asked)
        wanted = measures(made)
        if asked.offices:
            book = self.books.district_yearbook(office=asked.office.code, offices=asked.offices, form=asked.form, year=asked.year,
                                                measures=wanted, as_of=asked.as_of, period=asked.period)
        else:
            book = self.books.yearbook(office=asked.office.code, form=asked.form, year=asked.year, measures=wanted, as_of=asked.as_of,
                                       period=asked.period)
        return fill(made, asked.office, asked.begun(book), counting=asked.counting)

    def rows(self, asked: Asked, report: Report) -> dict[str, list[str]]:
        """The names of the rows behind every counted cell: what is frozen with a report."""
        return self._behind(asked, {address: cell.origin.measure for address, cell in report.cells.items()
                                    if isinstance(cell.origin, Counted)})

    def names(self, asked: Asked, measure: Measure) -> list[str]:
        """The names of the rows behind one number, all of them."""
        return self._behind(asked, {"": measure})[""]

    def _behind(self, asked: Asked, cells: Mapping[str, Measure]) -> dict[str, list[str]]:
        if asked.offices:
            return self.books.district_rows_behind(offices=asked.offices, year=asked.year, measures=cells, as_of=asked.as_of,
                                                   period=asked.period)
        return self.books.rows_behind(office=asked.office.code, year=asked.year, measures=cells, as_of=asked.as_of, period=asked.period)

    def opened(self, asked: Asked, measure: Measure, *, offset: int = 0, limit: int | None = None) -> list[Opened]:
        """The rows behind a number, with what carried each; `offset` and `limit` for a page of them."""
        if asked.offices:
            return self.books.district_opened(offices=asked.offices, year=asked.year, measure=measure, as_of=asked.as_of,
                                              period=asked.period, offset=offset, limit=limit)
        return self.books.opened(office=asked.office.code, year=asked.year, measure=measure, as_of=asked.as_of, period=asked.period,
                                 offset=offset, limit=limit)


def scope(office: Office, kinds: Mapping[str, str]) -> Scope:
    """The rows that an office has in a form. `kinds`: labels of the channels that were open, in order."""
    return Scope(channels=tuple(kinds.items()), categories=tuple((name, name) for name in (*office.categories, UNCATEGORISED)),
                 columns=tuple((column.slug, column.name) for column in office.columns),
                 types=tuple((column.slug, column.type) for column in office.columns))


def cut(period: str, year: int, number: int) -> Period | None:
    """The days of a year's month or quarter, by a form's period; None for the year itself.

    Raises:
        FormError: there is no such month or quarter.
    """
    if period == "year":
        return None
    length = MONTHS[period]
    if not 1 <= number <= 12 // length:
        raise FormError(f"{number} is no {period} of a year; name one from 1 to {12 // length}")
    last = number * length
    return date(year, last - length + 1, 1), date(year, last, monthrange(year, last)[1])


class Dated(Protocol):
    """A question, or a report that was the answer to one."""

    @property
    def form(self) -> str: ...
    @property
    def year(self) -> int: ...
    @property
    def period(self) -> Period | None: ...


def period_word(asked: Dated) -> str:
    """The days of a report as addresses and keys name them: `2025`, or a month or quarter as `2025-3`."""
    length = MONTHS.get(form(asked.form).period)
    if not length or asked.period is None:
        return str(asked.year)
    return f"{asked.year}-{asked.period[1].month // length}"
