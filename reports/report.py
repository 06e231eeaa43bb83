"""A report of one office and one year: a form filled from the ledger's figures and from facts that the office recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from content.figures import Counting
from content.measures import Measure
from content.offices import Office
from content.yearbook import Fact, YearBook
from reports import counting as rules
from reports.filing import Filing, Section
from reports.forms.values import Column, Form, FormError, Part, Row, Table
from reports.prose import ProseError, check, render

ROOM = "　" * 5  #: to be written in by hand


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The cell was counted in the ledger; the same measure opens its rows."""

    measure: Measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """The cell is a fact."""

    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """The cell is the sum of others."""

    of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody has recorded it yet. Blank is not zero."""


Origin = Counted | Recorded | Added | Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A number and where it comes from."""

    value: Decimal | None
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A form filled. `filing` is what it says; `cells` adds where each number comes from."""

    form: Form
    filing: Filing
    cells: Mapping[str, Cell]
    as_of: datetime
    texts: Mapping[str, str]  #: by part, with references still in them

    def text(self, part: Part) -> str:
        """A part's text with its numbers."""
        return next(one.text for one, there in zip(self.filing.sections, self.form.parts, strict=True) if there.id == part.id)

    def missing(self) -> list[str]:
        """The addresses of facts that nobody has recorded and that the form asks for."""
        return [address for address, cell in self.cells.items() if isinstance(cell.origin, Unknown) and address not in self.form.optional()]


def measures(form: Form, *, counting: Counting | None = None) -> tuple[Measure, ...]:
    """Everything a form has counted, each once: what the ledger is to be asked. None: by whichever rule it is filled."""
    counted = (row.measure for _, _, row, _ in form.cells())
    wanted = [one for one in (*form.measures.values(), *counted) if one is not None]
    return tuple(dict.fromkeys(rules.asked(one, rule) for rule in ([counting] if counting else Counting) for one in wanted))


def fill(form: Form, office: Office, book: YearBook, *, counting: Counting = Counting.DISTINCT) -> Report:
    """Fill a form. A part that nobody has edited begins from the words of an earlier report, else from the form's.

    The total follows the rule of counting; under WEBSITE so do categories, columns and months, under SUM they count items.

    Args:
        form: with the rows of the office's channels.
        office: whose report it is.
        book: with the counts of `measures(form)`.
        counting: the rule, which the report says beside its numbers.

    Raises:
        ProseError: a text speaks of a figure that is not there.
        FormError: the sum of the channels is asked for, and the form has a row for none.
    """
    form = rules.relabelled(form, counting)
    filler = _Filler(form=form, book=book, counting=counting)
    cells: dict[str, Cell] = {address: filler.counted(measure) for address, measure in form.measures.items()}
    cells |= {address: filler.recorded(address) for address in form.facts}
    for table in form.tables.values():
        cells |= filler.table(table)
    values = {address: cell.value for address, cell in cells.items()}
    begun = {part.id: text for part in form.parts if (text := _begun(part, form, book)) is not None}
    texts = {part.id: book.texts.get(part.id, begun.get(part.id, part.text)) for part in form.parts}
    words = spoken(office, book, counting=counting)
    form = _framed(form, words)
    filing = Filing(
        form=form.id, office=office.name, year=book.year, title=render(form.title, form, values, words), first_day=book.first_day,
        last_day=book.last_day, cites=form.source, counting=counting, cells=values, last=book.last,
        taken_over=tuple(begun),
        sections=tuple(Section(heading=part.printed, text=render(texts[part.id], form, values, words)) for part in form.parts))
    return Report(form=form, filing=filing, cells=cells, as_of=book.as_of, texts=texts)


def _begun(part: Part, form: Form, book: YearBook) -> str | None:
    """The words of an earlier report, where nobody has kept any for this one and theirs still speak of what is there."""
    words = book.before.get(part.id)
    if words is None or part.id in book.texts or words.strip() == part.text.strip():
        return None
    try:
        check(words, form)
    except ProseError:
        return None
    return words


def spoken(office: Office, book: YearBook, *, counting: Counting = Counting.DISTINCT) -> dict[str, str]:
    """What a text may speak of besides cells."""
    return {"office": office.name, "short_name": office.short_name or office.name, "year": str(book.year),
            "month": str(book.last_day.month), "quarter": str((book.last_day.month + 2) // 3), "first_day": day(book.first_day),
            "last_day": day(book.last_day), "as_of": day(book.as_of.date()), "address": office.address, "postcode": office.postcode,
            "phone": office.phone, "fax": office.fax, "counting": rules.SAID[counting], "site_name": office.site.name,
            "site_home": office.site.home, "site_type": office.site.type, "organiser": office.site.organiser,
            "id_code": office.site.id_code, "icp": office.site.icp, "police": office.site.police}


def _framed(form: Form, words: Mapping[str, str]) -> Form:
    """The form whose tables say around them what is known, and leave room for what a person writes by hand."""
    def line(entries: str) -> str:
        return "　".join(f"{one}{ROOM if one.endswith('：') else ''}" for one in entries.format(**words).split("　"))

    def said(table: Table) -> Table:
        return replace(table, above=table.above.format(**words), note="\n".join((*filter(None, [table.note]), *map(line, table.below))))

    return replace(form, tables={name: said(table) for name, table in form.tables.items()})


def day(when: date) -> str:
    """A day as documents write it: no leading zeros (GB/T 9704-2012, 7.3.5.4)."""
    return f"{when.year}年{when.month}月{when.day}日"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Filler:
    """Makes the cells of a form."""

    form: Form
    book: YearBook
    counting: Counting

    def counted(self, measure: Measure) -> Cell:
        """A figure of the ledger; by the sum of the channels, the total is added from their cells."""
        if self.counting is Counting.SUM and rules.is_total(measure):
            channels = self.form.channels()
            if not channels:
                raise FormError(f"form {self.form.id}: the total as the sum of the channels needs a row for each; the form has none")
            return _added({address: self.counted(one) for address, one in channels.items()})
        asked = rules.asked(measure, self.counting)
        return Cell(value=Decimal(self.book.counts[asked]), origin=Counted(measure=asked))

    def recorded(self, address: str) -> Cell:
        """A fact, or a blank."""
        fact = self.book.facts.get(address)
        return Cell(value=fact.value, origin=Recorded(fact=fact)) if fact else Cell(value=None, origin=Unknown())

    def table(self, table: Table) -> dict[str, Cell]:
        """The cells of a table, its sums made."""
        rows, columns = {row.id: row for row in table.rows}, {column.id: column for column in table.columns}
        cells: dict[str, Cell] = {}

        def cell(row: Row, column: Column) -> Cell:
            """A cell once what it adds is there; the sum of a row goes before the sum of a column."""
            address = table.address(row, column)
            if address not in cells:
                across, down = table.adds.get(column.id), row.adds
                if across:
                    cells[address] = _added({table.address(row, columns[one]): cell(row, columns[one]) for one in across})
                elif down:
                    cells[address] = _added({table.address(rows[one], column): cell(rows[one], column) for one in down})
                else:
                    cells[address] = self.counted(row.measure) if row.measure else self.recorded(address)
            return cells[address]

        return {address: cell(row, column) for address, row, column in table.cells()}


def _added(of: Mapping[str, Cell]) -> Cell:
    values = [cell.value for cell in of.values()]
    known = None if None in values else sum((value for value in values if value is not None), Decimal())
    return Cell(value=known, origin=Added(of=tuple(of)))


def signed(form: Form) -> frozenset[str]:
    """The addresses whose numbers may be below zero: changes, not counts."""
    return frozenset(address for address, _, _, column in form.cells() if column.signed)


def recordable(form: Form) -> dict[str, int]:
    """The addresses that an office may record facts for, each with the most decimals it may have: no sums, nothing that is counted."""
    out = {address: fact.decimals for address, fact in form.facts.items()}
    for address, table, row, column in form.cells():
        if not row.measure and not row.adds and column.id not in table.adds:
            out[address] = max(row.decimals, column.decimals)
    return out
