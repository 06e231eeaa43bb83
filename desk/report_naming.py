"""What staff call the numbers of a report, where a form's addresses would tell them nothing: in faults, and in lists of words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from desk.report_drawing import shown, words_of
from reports.checks import Fault, faults
from reports.forms.reading import LAST
from reports.forms.values import Form, Rule
from reports.making import Asked
from reports.prose import render
from reports.report import Report
from reports.writers.origins import Number, numbers

ADDRESS = re.compile(r"[^\s+“”]+")  #: in what a check found: `t3.new.person + t3.carried.person = 3`


#: what a check is about where that is no number and no heading
ABOUT: dict[str, Promise] = {"title": _("标题"), "period": _("统计期限"), "text": _("正文"), "cites": _("引用的文件")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Words of a fault, or the name of a number in it."""

    words: str
    address: str = ""  #: of the number


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """Something that does not hold."""

    says: str  #: what must hold
    about: tuple[Piece, ...]  #: what it is about, where neither side names it
    left: tuple[Piece, ...]
    right: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Something that a text may speak of, in braces."""

    word: str
    label: str
    now: str  #: what stands there today


def names(report: Report) -> dict[str, Number]:
    """Every number of a report by its address."""
    return {one.address: one for one in numbers(report)}


def wrongs(report: Report, known: Mapping[str, Number]) -> list[Wrong]:
    """What does not hold, but for what is still blank: that is told by the part."""
    return [_wrong(fault, known) for fault in faults(report.filing, report.form) if fault.rule is not Rule.FILLED]


def _wrong(fault: Fault, known: Mapping[str, Number]) -> Wrong:
    left, right = (tuple(_pieces(side, known)) for side in (fault.left, fault.right))
    named = {one.address for one in (*left, *right)}
    about = (term.removeprefix("-").removeprefix(LAST) for term in fault.cells)
    return Wrong(says=fault.says, left=left, right=right, about=tuple(
        Piece(words=known[one].name, address=one) if one in known else Piece(words=str(ABOUT.get(one, one)))
        for one in dict.fromkeys(about) if one not in named and fault.rule is not Rule.IN_FORCE))


def _pieces(side: str, known: Mapping[str, Number]) -> Iterator[Piece]:
    """One side of a check, as `t3.new.person + last:t3.next.person = 3`."""
    at = 0
    for found in ADDRESS.finditer(side):
        bare = found[0].removeprefix(LAST)
        if bare in known:
            yield Piece(words=side[at : found.start()])
            last = bare != found[0]  # the report of the year before, which has another page
            yield Piece(words=(gettext("上年的") if last else "") + known[bare].name, address="" if last else bare)
            at = found.end()
    yield Piece(words=side[at:])


def speakable(report: Report, asked: Asked, known: Mapping[str, Number]) -> list[tuple[str, list[Word]]]:
    """What a text of this report may speak of, in groups, each word with what stands there now."""
    form = report.form
    spoken = words_of(report, asked.office)

    def now(word: str) -> str:
        return render(f"{{{word}}}", form, report.filing.cells, spoken)

    alone = [Word(word=one, label=known[one].name, now=shown(known[one].cell.value)) for one in (*form.measures, *form.facts)]
    shares = [Word(word=one, label=_share(form, one, lambda cell: known[cell].name), now=now(one)) for one in form.shares]
    listed = [Word(word=table.id, label=table.title, now=now(table.id)) for table in form.tables.values() if len(table.columns) == 1]
    besides = [Word(word=word, label="", now=said) for word, said in spoken.items() if said]
    tables = ((table.title or table.id, list(_of_table(table.id, known))) for table in form.tables.values())
    groups = [(gettext("只在文字里用的数"), alone), (gettext("百分比"), shares), (gettext("整张表写成一句"), listed),
              (gettext("单位和日期"), besides), *tables]
    return [(label, words) for label, words in groups if words]


def _share(form: Form, word: str, name: Callable[[str], str]) -> str:
    part, whole = form.shares[word]
    return " / ".join((name(part), name(whole)))


def _of_table(table: str, known: Mapping[str, Number]) -> Iterator[Word]:
    for address, one in known.items():
        if address.startswith(f"{table}."):
            yield Word(word=address, label=one.name, now=shown(one.cell.value))
