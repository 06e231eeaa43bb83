"""What a form is made of: parts in order, tables of rows and columns, and what must hold among their cells.

A cell has an address, `table.row.column`; a table with one column of numbers calls it `table.row`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from content.figures import Counting
from content.measures import Measure


class FormError(ValueError):
    """A form that does not hold, or that is not there. Names the form and the place in it."""


class Rule(StrEnum):
    """How a check holds its cells together."""

    EQUAL = "equal"  #: the left side is the right side
    AT_MOST = "at-most"  #: the left side is no more than the right side
    BETWEEN_CHANNELS = "between-channels"  #: the left side lies between the largest and the sum of the right side's cells
    PROSE = "prose"  #: a number in the text is that of a cell
    SAYS = "says"  #: a part of the text says something it must say
    HEADINGS = "headings"  #: every part is there, under its own heading, in order
    FILLED = "filled"  #: no cell is blank: blank is not zero
    COUNTS = "counts"  #: counts are whole and not below zero; money may have decimals
    YEAR = "year"  #: title, text and period speak of the report's own year
    IN_FORCE = "in-force"  #: the form is the one of that year, and cites the document that set it up
    UNITS = "units"  #: what is added is counted in one unit
    TAKEN_OVER = "taken-over"  #: words of an earlier report were looked at for this one


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What differs from office to office: the rows of tables that list its channels, categories or columns, as (name, label)."""

    channels: tuple[tuple[str, str], ...] = ()  #: by kind
    categories: tuple[tuple[str, str], ...] = ()
    columns: tuple[tuple[str, str], ...] = ()  #: by slug
    types: tuple[tuple[str, str], ...] = ()  #: of columns, by slug: their ColumnType of the 网页设计规范


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of numbers."""

    id: str
    label: str
    under: str = ""  #: the heading that several columns share
    unit: str = ""  #: where columns differ in it
    decimals: int = 0  #: as a row's
    signed: bool = False  #: may be below zero: a change, not a count


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a table."""

    id: str
    label: str
    level: int = 0  #: how far it is set in
    group: bool = False  #: a heading among the rows, without numbers
    unit: str = ""  #: where rows differ in it
    decimals: int = 0  #: most digits behind the point; 0: a count
    measure: Measure | None = None  #: counted in the ledger; None: a fact that the office records, or a sum
    adds: tuple[str, ...] = ()  #: the rows whose sum it is, in every column


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows and columns of numbers."""

    id: str
    title: str  #: the line above it; tables of one part whose `joined` is set stand as blocks of one
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    unit: str = ""
    note: str = ""
    above: str = ""  #: a line over it; `{office}` and its like stand for what they say
    below: tuple[str, ...] = ()  #: lines under it: entries apart by a wide blank, each with what is said or room to write it by hand
    corner: str = ""  #: what stands over the rows' labels
    joined: bool = False
    adds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  #: a column → the columns whose sum it is, in every row

    def address(self, row: Row, column: Column) -> str:
        """Of one cell."""
        return f"{self.id}.{row.id}.{column.id}" if len(self.columns) > 1 else f"{self.id}.{row.id}"

    def cells(self) -> Iterator[tuple[str, Row, Column]]:
        """Every cell, row by row."""
        for row in self.rows:
            if not row.group:
                for column in self.columns:
                    yield self.address(row, column), row, column


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A fact that only the text speaks of."""

    label: str  #: what it is, with its unit: 政府信息公开栏（个）
    decimals: int = 0  #: as a row's
    optional: bool = False  #: where nobody recorded it, the text does not speak of it; else it leaves a gap


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of the report, under its heading: text, a table, or both."""

    id: str
    heading: str
    text: str = ""  #: what it begins from: paragraphs; `{cell}` stands for a cell's number
    tables: tuple[str, ...] = ()
    level: int = 1
    bare: bool = False  #: it stands on paper without its heading, by which only staff call it
    annex: bool = False  #: it stands behind the signature, on a page of its own
    gist: str = ""  #: what its heading says where an office words it in another way: a regular expression, without number and year

    @property
    def printed(self) -> str:
        """Its heading on paper."""
        return "" if self.bare else self.heading


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Something that must hold. Found broken, it names cells, rule and both values."""

    id: str
    rule: Rule
    says: str  #: for staff: what must hold, in a sentence
    left: tuple[str, ...] = ()  #: addresses that are added; `last:` before one means the report of the year before, `-` takes away
    right: tuple[str, ...] = ()
    each: str = ""  #: the table over whose columns (`columns:t3`) or rows (`rows:t3`) it is repeated; `{}` in addresses stands for each
    part: str = ""  #: for PROSE and SAYS: where to look; empty: everywhere
    pattern: str = ""  #: for PROSE and SAYS: a regular expression; for PROSE of a clause (`reports.wording`), its group is the number
    unless: str = ""  #: for PROSE: a regular expression of clauses that speak of a part, or of something else
    counting: tuple[Counting, ...] = tuple(Counting)  #: the rules of counting under which it holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form of report. Checked as it is read: every address in it leads somewhere."""

    id: str
    name: str
    source: str  #: the document that set it up, with its number
    title: str  #: `{office}` and `{year}` stand for what they say
    first_year: int  #: it is in force for reports on these years
    last_year: int
    statutory: bool  #: a yearly report by law; else a cut of the same figures
    period: str  #: year, quarter, month
    parts: tuple[Part, ...]
    tables: Mapping[str, Table]
    checks: tuple[Check, ...]
    measures: Mapping[str, Measure] = field(default_factory=dict)  #: figures that only the text speaks of, by address
    shares: Mapping[str, tuple[str, str]] = field(default_factory=dict)  #: a word of the text → the cell that is so many % of another
    facts: Mapping[str, Told] = field(default_factory=dict)  #: facts that only the text speaks of, by address
    due: tuple[int, int] | None = None  #: month and day of the year after by which it is due; None: nobody has said

    def cells(self) -> Iterator[tuple[str, Table, Row, Column]]:
        """Every cell of every table, in the form's order."""
        for table in self.tables.values():
            for address, row, column in table.cells():
                yield address, table, row, column

    def optional(self) -> frozenset[str]:
        """The facts that nobody has to record."""
        return frozenset(address for address, fact in self.facts.items() if fact.optional)

    def addresses(self) -> frozenset[str]:
        """Every address that holds a value."""
        return frozenset([*(address for address, *_ in self.cells()), *self.measures, *self.facts])

    def channels(self) -> dict[str, Measure]:
        """The cells that count what reached one kind of channel, each kind once."""
        found: dict[Measure, str] = {}
        for address, _, row, _ in self.cells():
            if row.measure and len(row.measure.kinds) == 1 and row.measure == Measure(kinds=row.measure.kinds):
                found.setdefault(row.measure, address)
        return {address: measure for measure, address in found.items()}

    def speakable(self) -> frozenset[str]:
        """What its texts may speak of: cells, shares, and tables with one column, said as a list."""
        listed = (name for name, table in self.tables.items() if len(table.columns) == 1)
        return self.addresses() | self.shares.keys() | frozenset(listed)
