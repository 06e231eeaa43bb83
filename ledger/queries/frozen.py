"""Reports that were handed in, and what the book says differently today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from content.measures import Measure
from ledger import models
from ledger.models import Fact
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

    @property
    def cells(self) -> Mapping[str, Decimal | None]:
        """What stands in each cell; None: blank."""
        said: Mapping[str, int | str | None] = self.filing.get("cells", {})
        return {cell: None if value is None else Decimal(str(value)) for cell, value in said.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Restated:
    """A cell that the book would fill differently today."""

    cell: str
    then: Decimal | None
    now: Decimal | None
    added: tuple[str, ...] = ()  #: rows that count now and did not then
    gone: tuple[str, ...] = ()  #: rows that counted then and do not now


def frozen_report(*, office: str, form: str, year: int, period: Period | None = None, at: datetime | None = None) -> Frozen | None:
    """The report that holds: the last of its restatements. `at`: the one that held at that instant."""
    row = _rows(office, form, year, period, at).order_by("-pk").first()
    return None if row is None else _frozen(row, office)


def frozen_reports(*, office: str, form: str, year: int, period: Period | None = None) -> list[Frozen]:
    """A report and its restatements, oldest first."""
    return [_frozen(row, office) for row in _rows(office, form, year, period, None).order_by("pk")]


def _rows(office: str, form: str, year: int, period: Period | None, at: datetime | None) -> QuerySet[models.Frozen]:
    first, last = within(year, period)
    rows = models.Frozen.objects.filter(office__code=office, form=form, year=year, first_day=first, last_day=last)
    return rows if at is None else rows.filter(at__lte=at)


def _frozen(row: models.Frozen, office: str) -> Frozen:
    return Frozen(id=row.pk, office=office, form=row.form, year=row.year, period=(row.first_day, row.last_day), as_of=row.as_of,
                  filing=row.filing, rows=row.rows, by=row.by, at=row.at, restates=row.restates_id, reason=row.reason)


def rows_behind(*, office: str, year: int, measures: Mapping[str, Measure], as_of: datetime,
                period: Period | None = None) -> dict[str, list[str]]:
    """The names of the rows behind every counted cell: what is frozen with a report. `measures` by cell; each measure is asked once.

    Raises:
        As `row_keys`.
    """
    found = {measure: row_keys(office=office, year=year, measure=measure, as_of=as_of, period=period)
             for measure in dict.fromkeys(measures.values())}
    return {cell: found[measure] for cell, measure in measures.items()}


def restated(frozen: Frozen, *, measures: Mapping[str, Measure], as_of: datetime) -> list[Restated]:
    """What the book says differently at `as_of`: counted cells by `measures`, and facts. Cells that still hold are not named.

    A sum is not counted itself: fill the form again to see it.

    Raises:
        As `row_keys`.
    """
    rows = rows_behind(office=frozen.office, year=frozen.year, measures=measures, as_of=as_of, period=frozen.period)
    said = frozen.cells
    out = [_row_change(cell, said.get(cell), frozen.rows.get(cell, ()), now) for cell, now in rows.items()]
    out += [Restated(cell=cell, then=said.get(cell), now=now) for cell, now in _facts_now(frozen, as_of).items() if cell not in rows]
    return [one for one in out if one.then != one.now or one.added or one.gone]


def _row_change(cell: str, then: Decimal | None, before: Sequence[str], now: Sequence[str]) -> Restated:
    return Restated(cell=cell, then=then, now=Decimal(len(now)), added=_less(now, before), gone=_less(before, now))


def _less(rows: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    there = frozenset(others)
    return tuple(row for row in rows if row not in there)


def _facts_now(frozen: Frozen, as_of: datetime) -> dict[str, Decimal | None]:
    first, last = frozen.period
    rows = Fact.objects.filter(office__code=frozen.office, form=frozen.form, year=frozen.year, first_day=first, last_day=last)
    return dict(rows.filter(at__lte=as_of).order_by("pk").values_list("cell", "value"))
