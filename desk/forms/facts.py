"""The numbers of a report that no ledger knows, as a form: the table as it stands in the report, a field where somebody may record one.

What was typed is recorded cell by cell: a wrong one is told beside its field and keeps no right one from being kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from content.yearbook import Fact
from desk.access import Seat
from desk.report_drawing import shown
from desk.words import said
from ledger import services
from ledger.errors import LedgerError, StaleError
from ledger.services.reporting import plain
from reports.forms.reading import named
from reports.forms.values import Column, Form, Part, Table
from reports.making import Asked
from reports.report import Recorded, Report, recordable, signed
from reports.writers.grids import Head, heads
from reports.writers.origins import Number

VALUE, WAS, NOTE = "value:", "was:", "note"  #: fields: of a cell what is typed and what stood there, and one note for all
GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
WIDE = 8  #: columns of a table with one row that is turned, to be filled from top to bottom


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """What is recorded within a part of a form."""

    tables: tuple[Table, ...]
    facts: tuple[str, ...]  #: those that only the text speaks of

    def cells(self, form: Form) -> dict[str, int]:
        """The addresses, each with its most decimals."""
        here = {address for table in self.tables for address, _, _ in table.cells()} | set(self.facts)
        return {address: places for address, places in recordable(form).items() if address in here}


@dataclass(slots=True, kw_only=True)
class Typed:
    """What came of a form that was sent."""

    values: dict[str, str] = field(default_factory=dict)  #: as typed, by address, where they were not kept
    wrong: dict[str, str] = field(default_factory=dict)  #: why, by address
    was: dict[str, str] = field(default_factory=dict)  #: what stood there when the form was opened, where it is only looked at
    note: str = ""
    saved: int = 0
    meanwhile: bool = False  #: somebody else recorded another number since the form was opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A field for a number."""

    address: str
    id: str
    label: str
    column: str
    value: str
    was: str
    fact: Fact | None
    wrong: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """A number that nobody types: a sum, or one that was counted."""

    address: str
    column: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of the form."""

    label: str
    unit: str
    level: int
    group: bool
    slots: tuple[Slot | Still, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table to fill in."""

    caption: str
    unit: str  #: of all its numbers; empty where rows differ in it, or a heading says it
    heads: tuple[tuple[Head, ...], ...]
    lines: tuple[Line, ...]
    width: int  #: columns, with that of the labels


Slotted = Callable[[str, str], Slot | Still]  #: what makes a field of an address and the heading of its column


def places(form: Form, part: Part) -> Places:
    """What is recorded within a part: its tables, and what its text alone speaks of. What no part shows is asked for in the last."""
    cells = recordable(form)
    tables = [table for table in form.tables.values() if any(address in cells for address, _, _ in table.cells())]
    return Places(tables=tuple(table for table in tables if _home(form, table) == part.id),
                  facts=tuple(fact for fact in form.facts if _speaks(form, [fact]) == part.id))


def home_of(form: Form, address: str) -> str:
    """The part in which a number is recorded."""
    return next((part.id for part in form.parts if address in places(form, part).cells(form)), form.parts[-1].id)


def _home(form: Form, table: Table) -> str:
    shows = (part.id for part in form.parts if table.id in part.tables)
    return next(shows, "") or _speaks(form, [address for address, _, _ in table.cells()])


def _speaks(form: Form, addresses: Sequence[str]) -> str:
    return next((part.id for part in form.parts if not {*named(part.text)}.isdisjoint(addresses)), form.parts[-1].id)


# --------------------------------------------------------------------------------------------------------------- as it is shown


def sheets(report: Report, here: Places, known: Mapping[str, Number], typed: Typed) -> list[Sheet]:
    """The tables of a part to be filled in, with what was recorded, or else what was typed and not kept."""
    wanted = here.cells(report.form)
    ids = {address: f"cell-{number}" for number, address in enumerate(wanted)}

    def slot(address: str, column: str) -> Slot | Still:
        cell = report.cells[address]
        if address not in wanted:
            return Still(address=address, column=column, value=shown(cell.value))
        stands = plain(cell.value)
        return Slot(address=address, id=ids[address], label=known[address].name, column=column,
                    value=typed.values.get(address, stands), was=typed.was.get(address, stands),
                    fact=cell.origin.fact if isinstance(cell.origin, Recorded) else None,
                    wrong=typed.wrong.get(address, ""))

    out = [_sheet(table, slot) for table in here.tables]
    if here.facts:
        lines = tuple(Line(label=known[one].name, unit=known[one].unit, level=0, group=False, slots=(slot(one, ""),))
                      for one in here.facts)
        head = (Head(text=_("项目"), corner=True), Head(text=_("数")))
        out.append(Sheet(caption=_("文字里用到的数"), unit="", heads=(head,), lines=lines, width=2))
    return out


def _sheet(table: Table, slot: Slotted) -> Sheet:
    if len(table.rows) == 1 and len(table.columns) > WIDE:
        return Sheet(caption=table.title, unit=table.unit, heads=(), lines=tuple(_turned(table, slot)), width=2)
    labelled = any(row.label for row in table.rows)
    paths = tuple((*filter(None, column.under.split("：")), column.label) for column in table.columns)
    several = any(row.unit for row in table.rows)
    said = any("单位" in column.label for column in table.columns)
    lines = tuple(Line(label=row.label, unit=row.unit or table.unit if several else "", level=row.level, group=row.group,
                       slots=() if row.group else tuple(slot(table.address(row, column), _over(column)) for column in table.columns))
                  for row in table.rows)
    return Sheet(caption=table.title, unit="" if several or said else table.unit, lines=lines, width=len(table.columns) + labelled,
                 heads=heads(table, paths, 1, labelled=labelled, units=False))


def _turned(table: Table, slot: Slotted) -> Iterator[Line]:
    """A line a number, under what several share."""
    before = ""
    for column in table.columns:
        if column.under != before:
            yield Line(label=column.under, unit="", level=0, group=True, slots=())
        before = column.under
        yield Line(label=column.label, unit="", level=1, group=False, slots=(slot(table.address(table.rows[0], column), ""),))


def _over(column: Column) -> str:
    return "：".join(filter(None, (column.under, column.label)))


# -------------------------------------------------------------------------------------------------------------- as it is sent


def typed_in(sent: Mapping[str, str], wanted: Mapping[str, int]) -> Typed:
    """What stands in a form that was sent, before anything of it is kept."""
    return Typed(values={one: sent[VALUE + one] for one in wanted if VALUE + one in sent}, note=sent.get(NOTE, "").strip())


def looked_at(sent: Mapping[str, str], wanted: Mapping[str, int]) -> Typed:
    """What somebody changed in a form that is only looked at, with what stood there when it was opened.

    So that what others record meanwhile is told when it is saved, and not taken for what this person has before their eyes. A field that
    nobody touched shows what stands there now.
    """
    typed = typed_in(sent, wanted)
    typed.values = {one: words for one, words in typed.values.items() if cleaned(words) != sent.get(WAS + one, "")}
    typed.was = {one: sent[WAS + one] for one in typed.values if WAS + one in sent}
    return typed


def with_zeros(typed: Typed, report: Report, wanted: Iterable[str]) -> Typed:
    """Zero where nobody typed or recorded anything: to be looked at and then kept. Blank is not zero until somebody says so."""
    for one in (one for one in wanted if one not in report.form.optional()):
        if report.cells[one].value is None and not typed.values.get(one, "").strip():
            typed.values[one] = "0"
    return typed


def record(seat: Seat, asked: Asked, report: Report, wanted: Mapping[str, int], sent: Mapping[str, str]) -> Typed:
    """Record what was changed in a form. A field that was not sent says nothing; one that was emptied takes its number back."""
    typed = typed_in(sent, wanted)
    changing = signed(report.form)
    for address, words in list(typed.values.items()):
        number, was = cleaned(words), sent.get(WAS + address, "")
        stands = plain(report.cells[address].value)
        if number == was or _same(number, stands):
            del typed.values[address]
        elif stands != was:
            typed.meanwhile = True
            origin = report.cells[address].origin
            typed.wrong[address] = _meanwhile(origin.fact.by if isinstance(origin, Recorded) else "", stands, words)
        else:
            try:
                services.record_fact(office=seat.office, form=asked.form, year=asked.year, period=asked.period, cell=address,
                                     value=number or None, by=seat.person, at=seat.at, note=typed.note, decimals=wanted[address],
                                     signed=address in changing, seen=stands)
            except StaleError as error:  # somebody was quicker, since the report was made
                typed.meanwhile = True
                typed.wrong[address] = _meanwhile(error.facts["by"], error.facts["now"], words)
            except LedgerError as error:
                typed.wrong[address] = said(error, seat.hand)
            else:
                typed.saved += 1
                del typed.values[address]
    return typed


def _meanwhile(by: str, stands: str, words: str) -> str:
    facts = {"by": by or _("有人"), "now": stands or _("空白"), "mine": words.strip() or _("空白")}
    return _("您打开页面以后，%(by)s已改为 %(now)s；您填的 %(mine)s 还没有保存。核对后仍要改的，请写明原因再保存。") % facts


def cleaned(words: str) -> str:
    """A number as people type it: full-width digits, and blanks or commas between the thousands."""
    number = unicodedata.normalize("NFKC", words).strip()
    return number.replace(",", "") if GROUPED.fullmatch(number) else number


def _same(number: str, stands: str) -> bool:
    """Whether both say the same number: 3 and 3.0."""
    try:
        return bool(number and stands) and Decimal(number) == Decimal(stands)
    except InvalidOperation:
        return False
