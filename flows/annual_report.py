"""The annual report as a Prefect flow: the papers of the last whole year (or month, or quarter), laid where people look for them.

It hands nothing in: that a person does, at the desk or with `gongkai report --freeze`. As long as nobody has, the papers are drafts
and follow the book from one run to the next.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import acreate_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.context import SyncClientContext

from flows import reporting
from flows.publish import RUNNER, Place, default_home
from flows.reporting import Made
from flows.workplace import at_work, own_connection
from reports.forms import form
from reports.making import MONTHS


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was laid, and what a person has to do about it."""

    title: str
    folder: Path
    written: list[str]  #: the papers that changed
    missing: list[str]  #: facts that nobody has recorded, by address
    faults: list[str]  #: what does not hold
    handed_in: bool


def last_whole(period: str, today: date) -> tuple[int, int]:
    """The year, and the number of the month or quarter in it, that was over last; 0 of a year.

    >>> last_whole("month", date(2026, 1, 5)), last_whole("quarter", date(2026, 5, 1)), last_whole("year", date(2026, 1, 5))
    ((2025, 12), (2026, 1), (2025, 0))
    """
    if period == "year":
        return today.year - 1, 0
    length = MONTHS[period]
    number = (today.month - 1) // length
    return (today.year, number) if number else (today.year - 1, 12 // length)


@task(name="report", cache_policy=NO_CACHE)
@own_connection
def lay(place: Place, name: str, year: int, number: int) -> Written:
    """Make one report and lay its papers under the home folder."""
    hand, clock = at_work(*place)
    now = clock()
    if not year:
        year, number = last_whole(form(name).period if name else "year", now.astimezone(hand.office.tz).date())
    made = reporting.make(reporting.question(hand, year=year, as_of=now, form_name=name, number=number))
    folder = Path(place[0]) / "reports" / hand.office.code / _folder(made, number)
    written = reporting.lay(folder, reporting.papers_of(hand, made))
    faults = [str(one) for one in made.faults if one.rule.value != "filled"]
    return Written(title=made.report.filing.title, folder=folder, written=written, missing=made.report.missing(), faults=faults,
                   handed_in=made.kept is not None)


def _folder(made: Made, number: int) -> str:
    return f"{made.asked.year}{f'-{number:02d}' if number else ''}-{made.asked.form}"


@flow(name="annual report", task_runner=RUNNER, validate_parameters=False)
async def annual_report(home: str = "", office: str | None = None, at: str | None = None, overrides: str = "", form: str = "",
                        year: int = 0, number: int = 0) -> Written:
    """Lay the papers of a report.

    `form`: empty for the statutory one of that year. `year`, `number`: 0 for the last that is over. The others as `publish` has them.
    """
    place = (home or default_home(), office, at, overrides)
    with SyncClientContext.get_or_create():
        found = lay.submit(place, form, year, number).result()
    await acreate_table_artifact(key="annual-report", table=_table(found), description=found.title)
    return found


def _table(found: Written) -> list[dict[str, Any]]:
    state = "handed in" if found.handed_in else "a draft"
    return [{"what": "papers", "detail": f"{state}, in {found.folder}; written anew: {', '.join(found.written) or 'none'}"},
            *({"what": "missing", "detail": cell} for cell in found.missing),
            *({"what": "does not hold", "detail": one} for one in found.faults)]
