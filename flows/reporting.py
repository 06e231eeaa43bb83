"""An office's reports at the operators' door: made from the ledger, written as papers, frozen, made again and compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from channels.house import OfficeHand
from channels.registry import LABELS
from channels.shelf import Shelf, ShelfError
from channels.typesetting import FontError, TypesettingError
from content.figures import Counting
from content.restating import Restated
from flows.refusals import Refusal
from ledger import (
    boot,  # noqa: F401 - Django is started before any model is imported
    queries,
    services,
)
from ledger.queries import Frozen
from reports.checks import Fault, faults
from reports.forms import Form, FormError, form, in_force
from reports.forms.values import Rule
from reports.freezing import Judged, judged
from reports.keeping import Difference, asked_again, changes, differences, taken_over, unchanged
from reports.making import Asked, Maker, cut
from reports.papers import papers
from reports.prose import ProseError
from reports.report import Report
from reports.writers import WritingError

MAKER = Maker(books=queries, labels=LABELS)


class ReportError(Refusal):
    """A report that cannot be made or found as it was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A report, and the question it answers."""

    asked: Asked
    report: Report
    kept: Frozen | None  #: what was handed in; the report is that one

    @property
    def faults(self) -> list[Fault]:
        """What does not hold in it."""
        return faults(self.report.filing, self.report.form)

    @property
    def name(self) -> str:
        """2008 of 2017, for messages."""
        first, last = self.report.filing.first_day, self.report.filing.last_day
        return f"{self.asked.form} of {self.asked.year}" if self.asked.period is None else f"{self.asked.form} of {first} to {last}"


def question(hand: OfficeHand, *, year: int, as_of: datetime, form_name: str = "", number: int = 0, counting: Counting = Counting.DISTINCT,
             offices: Sequence[str] = ()) -> Asked:
    """Which report is meant. Without a name: the statutory form of that year. `number`: the month or quarter of a form that has them.

    Raises:
        ReportError: there is no such form, or no such part of a year.
    """
    statutory = in_force(year)
    name = form_name or (statutory.id if statutory else "")
    if not name:
        raise ReportError(f"no statutory form was in force in {year}; name one with --form")
    try:
        period = cut(form(name).period, year, number)
    except FormError as error:
        raise ReportError(str(error)) from None
    if period is None and number:
        raise ReportError(f"the form {name} is of a whole year; it has no part {number}")
    return Asked(office=hand.office, form=name, year=year, as_of=as_of, period=period, counting=counting, offices=tuple(offices))


def kept_of(asked: Asked) -> Frozen | None:
    """The report of that question that was handed in, as of when it is asked."""
    return queries.frozen_report(office=asked.office.code, form=asked.form, year=asked.year, period=asked.period, at=asked.as_of)


def form_of(asked: Asked) -> Form:
    """The form with the office's own rows.

    Raises:
        ReportError: it cannot have them.
    """
    try:
        return MAKER.form(asked)
    except FormError as error:
        raise ReportError(f"{asked.form} of {asked.year}: {error}") from error


def make(asked: Asked, *, draft: bool = False) -> Made:
    """The report: as it was handed in, else (or as a `draft`) as the book stands.

    Raises:
        ReportError: a text speaks of a figure that the form does not have.
    """
    there = kept_of(asked)
    kept = None if draft else there
    if kept and ((asked.offices and asked.offices != kept.offices)
                 or (asked.counting is not Counting.DISTINCT and asked.counting.value != kept.filing.get("counting"))):
        raise ReportError(f"{asked.form} of {asked.year} was handed in counted otherwise ({kept.filing.get('counting')}"
                          f"{', of ' + ', '.join(kept.offices) if kept.offices else ''}); --draft asks the book")
    held = replace(asked, taken_over=taken_over(there) if there else None) if kept is None else asked_again(asked.office, kept)
    try:
        return Made(asked=held, report=MAKER.report(held), kept=kept)
    except (FormError, ProseError) as error:
        raise ReportError(f"{asked.form} of {asked.year}: {error}") from error


def papers_of(hand: OfficeHand, made: Made, *, signed_on: date | None = None) -> dict[str, bytes]:
    """Every paper of a report, by file name: of one that was handed in the very bytes, where they were kept.

    Raises:
        ReportError: one cannot be made.
    """
    sealed = made.kept.seals if made.kept else {}
    there = {name: data for name, sha256 in sealed.items() if (data := queries.blob(sha256=sha256))}
    return there if there and len(there) == len(sealed) else papers_anew(hand, made, signed_on=signed_on)


def papers_anew(hand: OfficeHand, made: Made, *, signed_on: date | None = None, final: bool = False) -> dict[str, bytes]:
    """Every paper, made from the ledger now.

    Raises:
        ReportError: one cannot be made.
    """
    kept = made.kept
    try:
        return papers(made.asked, made.report, maker=MAKER, setter=hand.setter, signed_on=kept.signed_on if kept else signed_on,
                      final=final or kept is not None)
    except (WritingError, TypesettingError, FontError) as error:
        raise ReportError(f"{made.name} cannot be printed: {error}") from error


def lay(folder: Path, found: Mapping[str, bytes]) -> list[str]:
    """Have these papers in a folder; what stays the same is not touched. The names of those that were written.

    Raises:
        ReportError: the folder takes nothing.
    """
    try:
        with Shelf(folder) as shelf:
            return [name for name, data in found.items() if shelf.put(name, data)]
    except (OSError, ShelfError) as error:
        raise ReportError(f"nothing can be written into {folder}: {error}") from error


def freeze(hand: OfficeHand, made: Made, *, by: str, at: datetime, signed_on: date | None, reason: str = "",
           answer: str = "") -> Made:
    """Keep the report as it is handed in, with the rows behind its numbers and its papers; a later one restates it for a `reason`.

    `answer`: why it may stand in spite of what does not hold, where a reason is enough (`reports.freezing`).

    Raises:
        ReportError: something in it does not hold, nobody has recorded what it needs, its days are not over, nothing has changed since
            it was kept, or nobody can sign it on that day.
        LedgerError: there is one already and `reason` does not say why it is restated.
    """
    today, last_day = at.astimezone(hand.office.tz).date(), made.report.filing.last_day
    if last_day >= today:
        raise ReportError(f"{made.name} counts until {last_day}; it is handed in after that day. `--out` writes a draft")
    if signed_on and not last_day < signed_on <= today:
        raise ReportError(f"--signed-on {signed_on}: a day after {last_day}, and not later than today ({today})")
    found = judged(made.report)
    if lines := [_line(one) for one in found if not one.answerable or not answer.strip()]:
        raise ReportError("\n".join(lines))
    asked, last = made.asked, kept_of(made.asked)
    counted = MAKER.rows(asked, made.report)
    if last and reason and unchanged(last, made.report, counted, signed_on=signed_on):
        raise ReportError(f"nothing of {made.name} has changed since it was handed in; there is nothing to restate")
    final = papers_anew(hand, made, signed_on=signed_on, final=True)
    services.freeze_report(office=asked.office.code, form=asked.form, year=asked.year, period=asked.period, as_of=asked.as_of, by=by, at=at,
                           filing=made.report.filing.as_json(), rows=counted, offices=asked.offices,
                           signed_on=signed_on, papers=final, restates=last.id if last and reason else None, reason=reason,
                           answers={one.name: answer for one in found})
    return make(replace(asked, as_of=at))


def told(fault: Fault) -> str:
    """What must hold and does not, with the part it is about where what was found does not name it."""
    where = f"{'、'.join(fault.cells)}: " if fault.rule in (Rule.SAYS, Rule.TAKEN_OVER) else ""
    return f"{fault.says}: {where}{fault.left} → {fault.right}"


def _line(one: Judged) -> str:
    return f"{one.fault.check}: {told(one.fault)}" + ("; say why with --answer" if one.answerable else "")


def verify(hand: OfficeHand, made: Made) -> list[Difference]:
    """Make a report that was handed in again, from the ledger alone, and say where it comes out otherwise.

    Raises:
        ReportError: none was handed in.
    """
    if made.kept is None:
        raise ReportError(f"{made.name} was not handed in yet; `gongkai report --freeze` does that")
    return differences(made.kept, made.report, MAKER.rows(made.asked, made.report), papers_anew(hand, made))


def since(made: Made, *, as_of: datetime) -> list[Restated]:
    """What the book says differently at an instant from the report that was handed in; nothing where none was."""
    if made.kept is None:
        return []
    now = replace(made.asked, as_of=as_of)
    newer = make(now, draft=True).report
    return changes(made.kept, newer, MAKER.rows(now, newer))
