"""What staff call the numbers of a report, where a form's addresses would tell them nothing: in faults, and in lists of words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from desk.report_drawing import shown, words_of
from reports.checks import Fault, faults
from reports.forms.values import Form, Rule
from reports.making import Asked
from reports.prose import render
from reports.report import Report
from reports.writers.origins import Number, numbers

ADDRESS = re.compile(r"[^\s+“”]+")  #: in what a check found: `t3.new.person + t3.carried.person = 3`


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """Something that does not hold."""

    says: str  #: what must hold
    cells: tuple[tuple[str, str], ...]  #: address and name of the numbers it is about
    about: str  #: what else it is about: a heading
    left: str
    right: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Something that a text may speak of, in braces."""

    word: str
    label: str
    now: str  #: what stands there today


def called(one: Number) -> str:
    """A number by the headings it stands under."""
    return " · ".join(filter(None, (one.label or one.table, one.column)))


def names(report: Report) -> dict[str, Number]:
    """Every number of a report by its address."""
    return {one.address: one for one in numbers(report)}


def wrongs(report: Report, known: Mapping[str, Number]) -> list[Wrong]:
    """What does not hold, but for what is still blank: that is told by the part."""
    return [_wrong(fault, known) for fault in faults(report.filing, report.form) if fault.rule is not Rule.FILLED]


def _wrong(fault: Fault, known: Mapping[str, Number]) -> Wrong:
    def named(found: re.Match[str]) -> str:
        return called(known[found[0]]) if found[0] in known else found[0]

    addresses = [term.removeprefix("-").removeprefix("last:") for term in fault.cells]
    return Wrong(says=fault.says, cells=tuple((one, called(known[one])) for one in dict.fromkeys(addresses) if one in known),
                 about="、".join(one for one in addresses if one not in known),
                 left=ADDRESS.sub(named, fault.left), right=ADDRESS.sub(named, fault.right))


def speakable(report: Report, asked: Asked, known: Mapping[str, Number]) -> list[tuple[str, list[Word]]]:
    """What a text of this report may speak of, in groups, each word with what stands there now."""
    form = report.form
    spoken = words_of(report, asked.office)

    def now(word: str) -> str:
        return render(f"{{{word}}}", form, report.filing.cells, spoken)

    alone = [*form.measures, *form.facts]
    groups: list[tuple[str, list[Word]]] = [
        (_("只在文字里用的数"), [Word(word=one, label=called(known[one]), now=shown(known[one].cell.value)) for one in alone]),
        (_("百分比"), [Word(word=one, label=_share(form, one, lambda cell: called(known[cell])), now=now(one)) for one in form.shares]),
        (_("整张表写成一句"), [Word(word=table.id, label=table.title, now=now(table.id)) for table in form.tables.values()
                       if len(table.columns) == 1]),
        (_("单位和日期"), [Word(word=word, label="", now=said) for word, said in spoken.items() if said]),
        *((table.title or table.id, list(_of_table(table.id, known))) for table in form.tables.values())]
    return [(label, words) for label, words in groups if words]


def _share(form: Form, word: str, name: Callable[[str], str]) -> str:
    part, whole = form.shares[word]
    return " / ".join((name(part), name(whole)))


def _of_table(table: str, known: Mapping[str, Number]) -> Iterator[Word]:
    for address, one in known.items():
        if address.startswith(f"{table}."):
            yield Word(word=address, label=called(one), now=shown(one.cell.value))
