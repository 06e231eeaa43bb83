"""A district's figures: the sum of its offices, in which an item that several offices disclosed counts once.

Which items are one and the same: docs/decisions/0016. Nothing but what the book says is used: an office that copies a notice without its
document number and without naming its source has, as far as anybody can tell, disclosed something of its own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q, QuerySet

from content.measures import Measure, What
from content.tallies import Group, Tally, together
from content.yearbook import Opened, YearBook
from ledger.models import Edition
from ledger.periods import Period
from ledger.queries.counting import Span, behind, group, marked, shown, span, tally
from ledger.queries.opening import OF_ITEMS, opened_rows, row_name
from ledger.queries.yearbook import bound, channels_open

NAMES = 10_000
Same = tuple[str, ...]  #: what two copies of one item have in common


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """An item of one office that may stand in another's book, too."""

    office: str
    index_number: str
    title: str
    released_on: date
    group: Group


def district_yearbook(*, office: str, offices: Sequence[str], form: str, year: int, measures: Iterable[Measure], as_of: datetime,
                      period: Period | None = None) -> YearBook:
    """The book of a district: facts and words are those of the `office` that reports, counts those of all `offices`, each item once.

    Raises:
        UnknownError: no such office.
        LedgerError: the period is not within the year.
        ClockError: `as_of` names no zone.
    """
    wanted, reporting = tuple(measures), span(office, year, as_of, period)
    full_text = any(one.full_text for one in wanted)
    spans = [span(code, year, as_of, period) for code in dict.fromkeys(offices)]
    counted = together([*(tally(one, full_text=full_text) for one in spans), _counted_again(spans, full_text=full_text)])
    return bound(reporting, form, wanted, counted, [kind for one in spans for kind in channels_open(one)])


def shared_items(*, offices: Sequence[str], year: int, as_of: datetime, period: Period | None = None) -> list[tuple[Copy, ...]]:
    """The items that several offices disclosed, each with all its copies, the first released first.

    Raises:
        As `district_yearbook`.
    """
    return _shared([span(code, year, as_of, period) for code in dict.fromkeys(offices)], full_text=False)


def district_opened(*, offices: Sequence[str], year: int, measure: Measure, as_of: datetime, period: Period | None = None, offset: int = 0,
                    limit: int | None = None) -> list[Opened]:
    """The rows behind a district's number, office by office; of an item that several disclosed, the copy released first.

    Raises:
        As `district_yearbook`.
    """
    spans = [span(code, year, as_of, period) for code in dict.fromkeys(offices)]
    of_items = measure.what is What.ITEMS
    shared = _shared(spans, full_text=measure.full_text) if of_items else []
    copies = {copy.index_number for one in shared for copy in one}
    firsts = {one[0].index_number for one in shared if _as_one(one).under(measure)}
    found = [(one, pk) for one in spans for pk in _rows(one, measure, copies, firsts)]
    page = found[offset : None if limit is None else offset + limit]
    return [line for one in spans
            for line in opened_rows([pk for there, pk in page if there is one], one, whole=measure.what in OF_ITEMS)]


def district_rows_behind(*, offices: Sequence[str], year: int, measures: Mapping[str, Measure], as_of: datetime,
                         period: Period | None = None) -> dict[str, list[str]]:
    """The names of the rows behind every counted cell of a district's report, as `rows_behind` has them for an office's.

    Raises:
        As `district_yearbook`.
    """
    found = {measure: [row_name(one.index_number, one.edition, measure)
                       for one in district_opened(offices=offices, year=year, measure=measure, as_of=as_of, period=period)]
             for measure in dict.fromkeys(measures.values())}
    return {cell: found[measure] for cell, measure in measures.items()}


def _rows(asked: Span, measure: Measure, copies: Collection[str], firsts: Collection[str]) -> Iterable[int]:
    """What an office has alone, then what it was the first to disclose."""
    for pk, number in behind(measure, asked).values_list("pk", "item__index_number").iterator():
        if number not in copies:
            yield pk
    if firsts:
        for pk, number in _candidates(asked).values_list("pk", "item__index_number").iterator():
            if number in firsts:
                yield pk


def _counted_again(spans: Sequence[Span], *, full_text: bool) -> Tally:
    """What the plain sum has too much of: copies out, and each item in again once, with every channel that any copy reached."""
    out = Counter[Group]()
    for copies in _shared(spans, full_text=full_text):
        out.subtract(copy.group for copy in copies)
        out[_as_one(copies)] += 1
    return Tally(items=out)


def _as_one(copies: Sequence[Copy]) -> Group:
    """Of the copy released first, on every kind of channel that any copy reached."""
    first, full = copies[0].group, [copy.group.full_text for copy in copies]
    return replace(first, kinds=frozenset().union(*(copy.group.kinds for copy in copies)), full_text=None if None in full else any(full))


def _shared(spans: Sequence[Span], *, full_text: bool) -> list[tuple[Copy, ...]]:
    """Two items of one office are never one: the n-th of its kind in one office is the same as the n-th in another."""
    names = {one.office.name: one.office.code for one in spans}
    titles = {title for one in spans for title in _candidates(one).filter(source__in=names).values_list("title", flat=True)}
    found: Mapping[Same, list[Copy]] = defaultdict(list)
    for one in spans:
        nth = Counter[Same]()
        for same, copy in _copies(one, names, titles, full_text=full_text):
            nth[same] += 1
            found[*same, str(nth[same])].append(copy)
    return [tuple(sorted(copies, key=lambda copy: (copy.released_on, copy.office))) for copies in found.values() if len(copies) > 1]


def _candidates(asked: Span) -> QuerySet[Edition]:
    return shown(asked).order_by("item__released_on", "item")


def _copies(asked: Span, names: Mapping[str, str], titles: Collection[str], *, full_text: bool) -> Iterable[tuple[Same, Copy]]:
    # a database takes only so many names in a question: past them, every item is looked at
    narrow = ~Q(document_number="") | Q(title__in=titles) if len(titles) <= NAMES else Q()
    fields = ("document_number", "title", "source", "made_on", "category", "column", "month", "item__index_number", "item__released_on",
              "kinds", *(["full_text"] if full_text else []))
    for row in marked(_candidates(asked).filter(narrow), asked, full_text=full_text).values(*fields).iterator():
        if found := group(row):
            yield _same(row, asked.office.code, names), Copy(
                office=asked.office.code, index_number=row["item__index_number"], title=row["title"],
                released_on=row["item__released_on"], group=found)


def _same(row: Mapping[str, object], office: str, names: Mapping[str, str]) -> Same:
    """By its document number and title; without a number, by the office it comes from, its title and the day it was made."""
    number, title = str(row["document_number"]).strip(), str(row["title"]).strip()
    return ("number", number, title) if number else ("source", names.get(str(row["source"]).strip(), office), title, str(row["made_on"]))
