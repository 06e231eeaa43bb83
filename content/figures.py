"""渠道统计: how much an office disclosed in a year.

The rule of the statistics table of 国办发〔2014〕32号: an item published on several channels counts once in the total and
once on each channel, so max(channel) ≤ total ≤ sum(channels). The year is the calendar year of release in the office's
time zone. A correction does not count again; a withdrawn item still counts; each has a row of its own. What a platform, or
somebody else, removed later was disclosed and counts; how many those are is noted beside the channel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

#: the row for items that stand in no named category
UNCATEGORISED = "未归类"
#: kinds that repeat another channel and are no channel of disclosure of their own: never counted
UNCOUNTED_KINDS = frozenset({"feed"})
#: the kinds that are an office's website: its own, or its column on the upper portal (国办发〔2017〕47号: all that a street office has)
SITES = ("website", "portal")


class Counting(StrEnum):
    """The three regimes found in real reports; the one used is printed beside the number."""

    DISTINCT = "distinct"  #: an item counts once however many channels carried it
    SUM = "sum"  #: the plain sum of the channels
    WEBSITE = "website"  #: the website alone: `SITES`


class FiguresError(ValueError):
    """Figures that cannot be true."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """One item that reached one kind of channel."""

    index_number: str
    kind: str
    category: str
    column: str
    month: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The totals of one office and one year. Counts of items (条).

    Raises:
        FiguresError: the totals contradict each other.
    """

    office: str
    year: int
    distinct_items: int
    on_site: int  #: on the website (`SITES`), once where that is both the office's own and a column of the portal
    channels: Mapping[str, int]  #: by kind
    categories: Mapping[str, int]  #: named categories in the office's order, then UNCATEGORISED; adds up to distinct_items
    columns: Mapping[str, int] = field(default_factory=dict)
    months: Mapping[int, int] = field(default_factory=dict)
    corrections: int = 0  #: corrections released in the year
    withdrawn: int = 0  #: items withdrawn in the year
    urgent: int = 0  #: editions released in the year that were signed before their secrecy review
    full_text: int | None = None  #: of those on the website, in full text there and not as a bare title with a file; None: nobody looked
    removed: Mapping[str, int] = field(default_factory=dict)  #: of those counted on a kind: later removed there by others; a note
    as_of: datetime

    def __post_init__(self) -> None:
        counts = self.channels.values()
        if min([*counts, *self.categories.values(), self.distinct_items, self.corrections, self.withdrawn, self.urgent]) < 0:
            raise FiguresError("a count below zero")
        if not max(counts, default=0) <= self.distinct_items <= sum(counts):
            raise FiguresError(
                f"{self.distinct_items} items do not lie between the largest channel and the sum of all: {dict(self.channels)}")
        sites = [self.channels.get(kind, 0) for kind in SITES]
        if not max(sites) <= self.on_site <= sum(sites) or not 0 <= (self.full_text or 0) <= self.on_site:
            raise FiguresError(f"{self.on_site} items on the website, {self.full_text} in full text, do not go with {dict(self.channels)}")
        if any(not 0 < count <= self.channels.get(kind, 0) for kind, count in self.removed.items()):
            raise FiguresError(f"more was removed than had reached the channel: {dict(self.removed)} of {dict(self.channels)}")
        if sum(self.categories.values()) != self.distinct_items:
            raise FiguresError(f"categories add up to {sum(self.categories.values())}, not to {self.distinct_items}")

    def total(self, counting: Counting = Counting.DISTINCT) -> int:
        """The number of items under a counting regime."""
        if counting is Counting.DISTINCT:
            return self.distinct_items
        return sum(self.channels.values()) if counting is Counting.SUM else self.on_site

    def as_json(self, counting: Counting = Counting.DISTINCT) -> dict[str, Any]:
        """The public shape: figures.json and `gongkai figures --format json`."""
        return {
            "office": self.office, "year": self.year, "counting": counting.value, "distinct_items": self.distinct_items,
            **({} if counting is Counting.DISTINCT else {"total": self.total(counting)}),
            "channels": dict(self.channels), "categories": dict(self.categories), "columns": dict(self.columns),
            "months": {str(month): count for month, count in self.months.items()},
            **({} if self.full_text is None else {"full_text": self.full_text}),
            "corrections": self.corrections, "withdrawn": self.withdrawn, **({"urgent": self.urgent} if self.urgent else {}),
            **({"removed": dict(self.removed)} if self.removed else {}),
            "as_of": self.as_of.isoformat(),
        }


def category_row(category: str) -> str:
    """The row in which a category is counted."""
    return category or UNCATEGORISED


def in_order(counts: Mapping[str, int], named: Sequence[str]) -> dict[str, int]:
    """Every named category, zero or not, then any other that has items (a category since renamed), UNCATEGORISED last."""
    others = sorted(set(counts) - set(named) - {UNCATEGORISED})
    return {name: counts.get(name, 0) for name in (*named, *others, UNCATEGORISED)}


def count(rows: Iterable[Reached], *, office: str, year: int, kinds: Sequence[str], categories: Sequence[str],
          corrections: int = 0, withdrawn: int = 0, urgent: int = 0, removed: Mapping[str, int] | None = None, as_of: datetime) -> Figures:
    """Count in memory, row by row: what the ledger's SQL must agree with, and the tool for small books.

    `rows` are those of one office and year; `kinds` are printed even when nothing reached them.
    """
    items: dict[str, Reached] = {}
    reached: dict[str, set[str]] = {kind: set() for kind in kinds}
    for row in rows:
        if row.kind not in UNCOUNTED_KINDS:
            items[row.index_number] = row
            reached.setdefault(row.kind, set()).add(row.index_number)

    def tally(values: Iterable[Any]) -> dict[Any, int]:
        out: dict[Any, int] = {}
        for value in values:
            out[value] = out.get(value, 0) + 1
        return out

    return Figures(
        office=office, year=year, distinct_items=len(items), on_site=len(set().union(*(reached.get(kind, set()) for kind in SITES))),
        channels={kind: len(found) for kind, found in reached.items()},
        categories=in_order(tally(category_row(row.category) for row in items.values()), categories),
        columns=dict(sorted(tally(row.column for row in items.values()).items())),
        months=dict(sorted(tally(row.month for row in items.values()).items())),
        corrections=corrections, withdrawn=withdrawn, urgent=urgent, removed=removed or {}, as_of=as_of)
