"""How a report stands: frozen or not, what the book says differently since, what does not hold in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from django.utils.translation import gettext as _

from desk.access import Seat
from desk.handing import PAPERS, names_of
from desk.report_items import AsItem, item_of
from desk.reporting import MAKER, kept_of
from ledger.queries import Frozen
from reports.checks import Fault
from reports.forms.reading import LAST
from reports.forms.values import Rule
from reports.freezing import Judged, judged
from reports.keeping import asked_again, changes
from reports.making import Asked, period_word
from reports.prose import digits
from reports.report import Report
from reports.writers.origins import numbers

SHOWN = 12  #: places that are wrong in one way, rows of one cell: as many are listed, the others counted
TERM = re.compile(rf"(?:{LAST})?[^\s+=≤…()（）“”]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper that can be downloaded."""

    name: str
    word: str
    seal: str  #: empty of a draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a report stands."""

    asked: Asked
    when: str
    kept: Frozen | None
    papers: list[Paper]
    item: AsItem | None


def standing(seat: Seat, asked: Asked) -> Standing:
    """Whether it is frozen, as which item it was handed over, and which papers there are. Counts nothing."""
    kept = kept_of(asked)
    listed = [Paper(name=name, word=str(PAPERS.get(name, name)), seal=kept.seals.get(name, "") if kept else "") for name in names_of(kept)]
    return Standing(asked=asked, when=period_word(asked), kept=kept, papers=listed, item=item_of(seat.office, asked, kept))


# ------------------------------------------------------------------------------------------------------- what differs since


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row behind a number: an item, or one edition of it."""

    name: str
    index_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A cell that would be filled differently now."""

    cell: str
    label: str
    then: str
    now: str
    added: list[Row]
    gone: list[Row]
    more: int  #: rows that are not listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What the book says differently since a report was frozen."""

    changes: list[Change]
    reworded: list[str]  #: the headings of the parts whose words differ

    def __bool__(self) -> bool:
        return bool(self.changes or self.reworded)


def since(kept: Frozen, asked: Asked, report: Report) -> Since:
    """What a report of now says differently than the one that was frozen."""
    labels = labels_of(report)
    found = [Change(cell=one.cell, label=labels.get(one.cell, one.cell), then=_shown(kept.cells, one.cell),
                    now=_shown(report.filing.cells, one.cell), added=_rows(one.added), gone=_rows(one.gone),
                    more=max(0, len(one.added) - SHOWN) + max(0, len(one.gone) - SHOWN))
             for one in changes(kept, report, MAKER.rows(asked, report))]
    return Since(changes=found, reworded=list(_reworded(kept, report)))


def _reworded(kept: Frozen, report: Report) -> Iterator[str]:
    """The parts whose words differ, by their headings in the form: on paper some have none."""
    if kept.filing.get("title") != report.filing.title:
        yield _("标题")
    then = [(part["heading"], part["text"]) for part in kept.filing.get("parts", [])]
    now = [(one.heading, one.text) for one in report.filing.sections]
    for part, before, after in zip_longest(report.form.parts, then, now):
        if before != after:
            yield part.heading if part else before[0]


def asked_now(seat: Seat, kept: Frozen) -> Asked:
    """The question that a frozen report answered, asked again of the book as it is now."""
    return replace(asked_again(seat.hand.office, kept), as_of=seat.at)


def labels_of(report: Report) -> dict[str, str]:
    """Of each cell, what a person calls it."""
    return {one.address: one.path for one in numbers(report)}


def _shown(cells: Mapping[str, object], cell: str) -> str:
    value = cells.get(cell)
    return _("空白") if value is None else digits(value)  # type: ignore[arg-type]


def _rows(names: Sequence[str]) -> list[Row]:
    return [Row(name=name, index_number=name.partition("#")[0]) for name in names[:SHOWN]]


# ----------------------------------------------------------------------------------------------------- what does not hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One check that does not hold, with the places."""

    says: str
    places: list[str]
    more: int  #: places that are not listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A fault that a reason will do for."""

    name: str  #: see `reports.freezing.Judged.name`
    says: str
    place: str
    given: str = ""
    wrong: bool = False


def wrongs(report: Report) -> tuple[list[Wrong], list[Question]]:
    """What is to be mended before the report is frozen, a check a line; and what somebody may answer for."""
    labels, found = labels_of(report), judged(report)
    hard: dict[str, list[Judged]] = {}
    for one in found:
        if not one.answerable:
            hard.setdefault(one.fault.check, []).append(one)
    mend = [Wrong(says=same[0].fault.says, places=[_place(one.fault, labels) for one in same[:SHOWN]], more=max(0, len(same) - SHOWN))
            for same in hard.values()]
    return mend, [Question(name=one.name, says=one.fault.says, place=_place(one.fault, labels)) for one in found if one.answerable]


def _place(fault: Fault, labels: Mapping[str, str]) -> str:
    """Where, and how it is; cells by what people call them."""
    def word(found: re.Match[str]) -> str:
        bare = found[0].removeprefix(LAST)
        before = _("上年") if found[0] != bare else ""
        return before + labels[bare] if bare in labels else found[0]

    if fault.rule is Rule.FILLED:
        return labels.get(fault.cells[0], fault.cells[0])
    if fault.rule is Rule.TAKEN_OVER:
        return f"{fault.cells[0]}：{fault.left}"
    return f"{TERM.sub(word, fault.left)}　≠　{TERM.sub(word, fault.right)}"
