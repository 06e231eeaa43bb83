"""Before a report is frozen: what has to be mended first, and what somebody may answer for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from reports.checks import Fault, faults
from reports.forms.reading import LAST
from reports.forms.values import Check, Rule
from reports.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A fault, and whether the report may stand in spite of it."""

    fault: Fault
    answerable: bool  #: a reason in writing will do; else it is to be mended
    name: str  #: what it is, for keeping a reason with it: no other of the report is called so


def judged(report: Report) -> list[Judged]:
    """Everything that does not hold in a report, in the form's order of checks.

    What contradicts itself within this report, and what is blank, can be mended in it and has to be. A reason will do where it cannot, or
    where the check only guesses: against the report of the year before, which was handed in; and for what a text says of a number, what it
    should say, or which days it may speak of; and for words of an earlier report, which somebody has looked at without saving them.
    """
    checks = {check.id: check for check in report.form.checks}
    seen: Counter[str] = Counter()
    out = []
    for fault in faults(report.filing, report.form):
        name = " ".join((fault.check, *fault.cells))
        seen[name] += 1  # one text may speak of several other years
        out.append(Judged(fault=fault, answerable=_answerable(fault, checks[fault.check]),
                          name=name if seen[name] == 1 else f"{name} {seen[name]}"))
    return out


def _answerable(fault: Fault, check: Check) -> bool:
    if fault.rule is Rule.YEAR:
        return fault.cells == ("text",)
    if fault.rule in (Rule.PROSE, Rule.SAYS, Rule.TAKEN_OVER):
        return True
    return any(term.removeprefix("-").startswith(LAST) for term in (*check.left, *check.right))
