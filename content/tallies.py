"""A period's items in groups, from one look at the ledger: every number of a report is a sum of these, so none is of another moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from content.figures import SITES, Figures, in_order
from content.measures import Measure, MeasureError, What


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What items have in common, as far as a measure can ask."""

    kinds: frozenset[str]  #: of channels they reached; a kind that never counts is not among them
    category: str  #: the row: UNCATEGORISED for none
    column: str
    month: int
    full_text: bool | None = None  #: None: nobody looked

    def under(self, measure: Measure) -> bool:
        """Whether a measure of items takes these.

        Raises:
            MeasureError: it asks for the full text, and nobody looked.
        """
        if measure.full_text and self.full_text is None:
            raise MeasureError(f"{measure}: nobody looked whether the text is full")
        reached = self.kinds - {*measure.kinds} if measure.others or not measure.kinds else self.kinds & {*measure.kinds}
        return (bool(reached) and measure.category in ("", self.category) and (not measure.column or self.column in measure.columns)
                and measure.month in (0, self.month) and bool(self.full_text or not measure.full_text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many items stand in each group, and what is counted by month alone. Units: items (条), and editions (条次)."""

    items: Mapping[Group, int] = field(default_factory=dict)
    corrections: Mapping[int, int] = field(default_factory=dict)  #: by month
    withdrawn: Mapping[int, int] = field(default_factory=dict)
    urgent: Mapping[int, int] = field(default_factory=dict)

    def count(self, measure: Measure) -> int:
        """How many a measure counts.

        Raises:
            MeasureError: it asks for the full text, and nobody looked.
        """
        if measure.what is What.ITEMS:
            return sum(n for group, n in self.items.items() if group.under(measure))
        months = {What.CORRECTIONS: self.corrections, What.WITHDRAWN: self.withdrawn, What.URGENT: self.urgent}[measure.what]
        return sum(n for month, n in months.items() if measure.month in (0, month))

    def kinds(self) -> frozenset[str]:
        """Of all channels that any item reached."""
        return frozenset().union(*(group.kinds for group in self.items))

    def figures(self, *, office: str, year: int, kinds: Sequence[str], categories: Sequence[str], as_of: datetime,
                full_text: bool = False) -> Figures:
        """The same as figures: `kinds` have a row even when nothing reached them. `full_text`: it was looked whether the words stand there.

        Raises:
            FiguresError: the totals contradict each other.
        """
        rows = dict.fromkeys([*kinds, *sorted(self.kinds() - {*kinds})])
        return Figures(
            office=office, year=year, distinct_items=self.count(Measure()), on_site=self.count(Measure(kinds=SITES)),
            full_text=self.count(Measure(kinds=SITES, full_text=True)) if full_text else None,
            channels={kind: self.count(Measure(kinds=(kind,))) for kind in rows},
            categories=in_order(by(self.items, "category"), categories), columns=by(self.items, "column"), months=by(self.items, "month"),
            corrections=self.count(Measure(what=What.CORRECTIONS)), withdrawn=self.count(Measure(what=What.WITHDRAWN)),
            urgent=self.count(Measure(what=What.URGENT)), as_of=as_of)


def by(items: Mapping[Group, int], part: str) -> dict[Any, int]:
    """How many items by one part of their group, in order."""
    out: dict[Any, int] = {}
    for group, n in items.items():
        out[getattr(group, part)] = out.get(getattr(group, part), 0) + n
    return dict(sorted(out.items()))


def together(tallies: Sequence[Tally]) -> Tally:
    """The sum of several, of offices or of months."""
    return Tally(items=_sum(one.items for one in tallies), corrections=_sum(one.corrections for one in tallies),
                 withdrawn=_sum(one.withdrawn for one in tallies), urgent=_sum(one.urgent for one in tallies))


def _sum(counts: Iterable[Mapping[Any, int]]) -> dict[Any, int]:
    out: dict[Any, int] = {}
    for one in counts:
        for key, n in one.items():
            out[key] = out.get(key, 0) + n
    return {key: n for key, n in out.items() if n}
