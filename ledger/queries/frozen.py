"""Reports that were handed in, and what stood behind their numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from content.measures import Measure
from ledger import models
from ledger.periods import Period, within
from ledger.queries.opening import row_keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """A report as it was handed in."""

    id: int
    office: str
    form: str
    year: int
    period: Period
    as_of: datetime
    filing: Mapping[str, Any]  #: what it says: the JSON of `reports.filing`
    rows: Mapping[str, Sequence[str]]  #: of each counted cell, the names of the rows it counted
    by: str
    at: datetime
    restates: int | None  #: the report it took the place of
    reason: str
    offices: tuple[str, ...]  #: of a district's report, those whose items it counts; empty: the office's own
    signed_on: date | None  #: as printed on its papers
    seals: Mapping[str, str]  #: of its papers, by file name
    answers: Mapping[str, str]  #: of what did not hold and stands all the same: why, by what it is

    @property
    def cells(self) -> Mapping[str, Decimal | None]:
        """What stands in each cell; None: blank."""
        said: Mapping[str, int | str | None] = self.filing.get("cells", {})
        return {cell: None if value is None else Decimal(str(value)) for cell, value in said.items()}


def frozen_report(*, office: str, form: str, year: int, period: Period | None = None, at: datetime | None = None) -> Frozen | None:
    """The report that holds: the last of its restatements. `at`: the one that held at that instant."""
    row = _rows(office, form, year, period, at).order_by("-pk").first()
    return None if row is None else _frozen(row, office)


def frozen_reports(*, office: str, form: str, year: int, period: Period | None = None) -> list[Frozen]:
    """A report and its restatements, oldest first."""
    return [_frozen(row, office) for row in _rows(office, form, year, period, None).order_by("pk")]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """That a report was handed in, without what it says."""

    form: str
    period: Period
    by: str
    at: datetime
    restated: bool  #: it took the place of an earlier one


def handed_in(*, office: str, year: int) -> list[HandedIn]:
    """The reports of a year that hold, one a form and period."""
    rows = models.Frozen.objects.filter(office__code=office, year=year).order_by("pk")
    found = {(form, first, last): HandedIn(form=form, period=(first, last), by=by, at=at, restated=restates is not None)
             for form, first, last, by, at, restates in rows.values_list("form", "first_day", "last_day", "by", "at", "restates")}
    return list(found.values())


def _rows(office: str, form: str, year: int, period: Period | None, at: datetime | None) -> QuerySet[models.Frozen]:
    first, last = within(year, period)
    rows = models.Frozen.objects.filter(office__code=office, form=form, year=year, first_day=first, last_day=last)
    return rows if at is None else rows.filter(at__lte=at)


def _frozen(row: models.Frozen, office: str) -> Frozen:
    return Frozen(id=row.pk, office=office, form=row.form, year=row.year, period=(row.first_day, row.last_day), as_of=row.as_of,
                  filing=row.filing, rows=row.rows, by=row.by, at=row.at, restates=row.restates_id, reason=row.reason,
                  offices=tuple(row.offices), signed_on=row.signed_on, seals=row.seals, answers=row.answers)


def rows_behind(*, office: str, year: int, measures: Mapping[str, Measure], as_of: datetime,
                period: Period | None = None) -> dict[str, list[str]]:
    """The names of the rows behind every counted cell: what is frozen with a report. `measures` by cell; each measure is asked once.

    Raises:
        As `row_keys`.
    """
    found = {measure: row_keys(office=office, year=year, measure=measure, as_of=as_of, period=period)
             for measure in dict.fromkeys(measures.values())}
    return {cell: found[measure] for cell, measure in measures.items()}
