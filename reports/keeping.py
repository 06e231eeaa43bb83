"""A report that was handed in: made again, and held against what was kept of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Protocol

from content.figures import Counting
from content.offices import Office
from content.restating import Restated, restated
from reports.making import Asked, Period
from reports.report import Report
from reports.writers import rows

WHOLE = "report"  #: what is compared beside the papers: the report as data
OPEN = frozenset(rows.NAMES)  #: the papers that say where one can see each row today
BEHIND = "rows"  #: … and the rows behind its numbers


class Kept(Protocol):
    """What was kept: `ledger.queries.Frozen` is one."""

    @property
    def form(self) -> str: ...
    @property
    def year(self) -> int: ...
    @property
    def period(self) -> Period: ...
    @property
    def as_of(self) -> datetime: ...
    @property
    def filing(self) -> Mapping[str, Any]: ...
    @property
    def rows(self) -> Mapping[str, Sequence[str]]: ...
    @property
    def cells(self) -> Mapping[str, Decimal | None]: ...
    @property
    def offices(self) -> tuple[str, ...]: ...
    @property
    def signed_on(self) -> date | None: ...
    @property
    def seals(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Something that did not come out as it was kept."""

    what: str  #: a paper's file name, or `report` or `rows`
    where: str = ""  #: the places that differ, as far as they can be named
    then: str = ""
    now: str = ""


def asked_again(office: Office, kept: Kept) -> Asked:
    """The question that a kept report was the answer to."""
    whole = kept.period == (date(kept.year, 1, 1), date(kept.year, 12, 31))
    counting = Counting(kept.filing.get("counting", Counting.DISTINCT))
    return Asked(office=office, form=kept.form, year=kept.year, as_of=kept.as_of.astimezone(office.tz),
                 period=None if whole else kept.period, counting=counting, offices=kept.offices, taken_over=taken_over(kept))


def taken_over(kept: Kept) -> tuple[str, ...]:
    """The parts of a kept report whose words were those of an earlier one."""
    return tuple(kept.filing.get("taken_over", ()))


def seals(papers: Mapping[str, bytes]) -> dict[str, str]:
    """SHA-256 of each paper, by file name."""
    return {name: hashlib.sha256(data).hexdigest() for name, data in papers.items()}


def changes(kept: Kept, report: Report, counted: Mapping[str, Sequence[str]]) -> list[Restated]:
    """What a newer report of the same question says differently: the restatement list."""
    return restated(kept.cells, report.filing.cells, rows_then=kept.rows, rows_now=counted)


def unchanged(kept: Kept, report: Report, counted: Mapping[str, Sequence[str]], *, signed_on: date | None) -> bool:
    """Whether a newer report says just what the kept one does, of the same rows and signed on the same day: nothing to restate."""
    return (kept.signed_on, kept.filing) == (signed_on, report.filing.as_json()) and not changes(kept, report, counted)


def differences(kept: Kept, report: Report, counted: Mapping[str, Sequence[str]], papers: Mapping[str, bytes]) -> list[Difference]:
    """How a report that was made again as of the same instant differs from the one that was kept. None: it is the same to the byte."""
    said = report.filing.as_json()
    out = [Difference(what=WHOLE, where=key, then=_short(kept.filing.get(key)), now=_short(said.get(key)))
           for key in dict.fromkeys([*kept.filing, *said]) if key != "cells" and kept.filing.get(key) != said.get(key)]
    for one in changes(kept, report, counted):
        behind = [*(f"+{row}" for row in one.added), *(f"-{row}" for row in one.gone)]
        out.append(Difference(what=BEHIND if one.then == one.now else WHOLE, where=" ".join([one.cell, *behind]), then=str(one.then),
                              now=str(one.now)))
    now = seals(papers)
    # which rows they are was compared by name; where one can see them may have changed since (a correction has another address)
    out += [Difference(what=name, then=then, now=now.get(name, "not made")) for name, then in kept.seals.items()
            if name not in OPEN and now.get(name) != then]
    return out


def _short(value: Any, length: int = 80) -> str:
    text = str(value)
    return text if len(text) <= length else f"{text[:length]}…"
