"""What is counted: the one definition from which numbers are made and with which they are opened.

An item belongs to the period of its release, a day of the office's zone. It reached a kind of channel once a posting there came
before the public, and stays counted when the posting is taken away again. Its category, column and words are those of the edition shown
at `as_of`, so that what was said as of an instant stays what it was.

Most items have not changed since `as_of`: how they are counted is kept beside them (`ledger.counted`). The others are counted from editions
and postings, in the same statement, so that none is counted twice or left out while it changes.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Aggregate,
    BooleanField,
    Case,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)

from content.figures import UNCATEGORISED, UNCOUNTED_KINDS, category_row
from content.measures import Measure, What
from content.tallies import Group, Tally
from ledger.errors import UnknownError
from ledger.models import Channel, Counted, Edition, Item, Office, Posting
from ledger.periods import Period, within
from ledger.services.book import aware

#: the words themselves stand there, and not a bare title with a file. Asked of those without words, which are few and have an index:
#: a database that groups by the body takes every body along
FULL_TEXT = ~Q(pk__in=Edition.objects.filter(body="").values("pk"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days of an office, as the ledger stood at an instant."""

    office: Office
    first: date
    last: date
    as_of: datetime

    @property
    def days(self) -> tuple[date, date]:
        """For a range."""
        return self.first, self.last

    def months(self) -> Iterator[tuple[int, date]]:
        """Each month that it touches, and that month's last day."""
        year, month = self.first.year, self.first.month
        while (year, month) <= (self.last.year, self.last.month):
            yield month, date(year, month, monthrange(year, month)[1])
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def span(office: str, year: int, as_of: datetime, period: Period | None = None) -> Span:
    """What is asked about: a year, or a period of it.

    Raises:
        UnknownError: no such office.
        LedgerError: the period is not within the year.
        ClockError: `as_of` names no zone.
    """
    aware(as_of)
    row = Office.objects.filter(code=office).first()
    if row is None:
        raise UnknownError(f"no office {office!r} in this ledger", what="office", name=office)
    first, last = within(year, period)
    return Span(office=row, first=first, last=last, as_of=as_of)


def shown(asked: Span) -> QuerySet[Edition]:
    """The edition shown at the instant, of every item released in the span; whether it came before the public or not."""
    return _last(asked).filter(item__office=asked.office, item__released_on__range=asked.days, item__released_at__lte=asked.as_of)


def _last(asked: Span) -> QuerySet[Edition]:
    """Of every item, the edition released last by the instant."""
    # a newer one is a second at least: few are, and they have an index
    newer = Edition.objects.filter(item=OuterRef("item"), number__gt=OuterRef("number"), number__gte=2, released_at__lte=asked.as_of)
    return Edition.objects.filter(~Exists(newer), released_at__lte=asked.as_of)


def disclosed(asked: Span) -> QuerySet[Posting]:
    """The postings that had come before the public, of the item of an outer query of editions. What repeats another channel is none."""
    return Posting.objects.filter(item=OuterRef("item"), disclosed_at__lte=asked.as_of).exclude(kind__in=UNCOUNTED_KINDS)


def behind(measure: Measure, asked: Span) -> QuerySet[Edition]:
    """The very rows that a measure counts: of an item, the edition shown."""
    match measure.what:
        case What.ITEMS:
            rows, day = shown(asked).filter(_reached(measure, asked)), "item__released_on"
        case What.WITHDRAWN:
            rows, day = _last(asked).filter(item__withdrawn_at__lte=asked.as_of), "item__withdrawn_on"
        case _:
            only = {"number__gt": 1} if measure.what is What.CORRECTIONS else {"urgent": True}
            rows, day = Edition.objects.filter(released_at__lte=asked.as_of, **only), "released_on"
    if measure.column:
        rows = rows.filter(column__in=measure.columns)
    if measure.category:
        rows = rows.filter(category__in=["", UNCATEGORISED] if measure.category == UNCATEGORISED else [measure.category])
    if measure.full_text:
        rows = rows.filter(FULL_TEXT)
    if measure.month:
        rows = rows.filter(**{f"{day}__range": _month(measure.month, asked)})
    return rows.filter(**{"item__office": asked.office, f"{day}__range": asked.days}).order_by(day, "item", "number")


def _reached(measure: Measure, asked: Span) -> Exists:
    postings = disclosed(asked)
    if measure.kinds:
        postings = postings.exclude(kind__in=measure.kinds) if measure.others else postings.filter(kind__in=measure.kinds)
    return Exists(postings)


def _month(month: int, asked: Span) -> tuple[date, date]:
    last = next((last for one, last in asked.months() if one == month), None)
    return (last.replace(day=1), last) if last else (date.max, date.min)


def tally(asked: Span, *, full_text: bool = False) -> Tally:
    """Everything that can be counted of a span. `full_text` looks whether the words stand there, too."""
    return Tally(items=_items(asked, full_text=full_text), **{
        what.value: _monthly(behind(Measure(what=what), asked).order_by(), day)
        for what, day in ((What.CORRECTIONS, "released_on"), (What.WITHDRAWN, "item__withdrawn_on"), (What.URGENT, "released_on"))})


def grouped(asked: Span, *, full_text: bool) -> QuerySet[Any]:
    """How many items (`n`) stand in each group: of those that have not changed since as it is kept, of the others one by one."""
    parts = ["kinds", "category", "column", "month", *(["full_text"] if full_text else [])]
    kept = Counted.objects.filter(office=asked.office, year=asked.first.year, month__range=(asked.first.month, asked.last.month),
                                  released_on__range=asked.days, since__lte=asked.as_of)
    still = Counted.objects.filter(item=OuterRef("pk"), since__lte=asked.as_of)
    others = Item.objects.filter(~Exists(still), office=asked.office, released_on__range=asked.days)
    changed = marked(shown(asked).filter(item__in=others), asked, full_text=full_text)
    alike: list[QuerySet[Any]] = [rows.values(*parts).annotate(n=Count("*")).order_by() for rows in (kept, changed)]
    return alike[0].union(alike[1], all=True)


def marked(rows: QuerySet[Edition], asked: Span, *, full_text: bool) -> QuerySet[Any]:
    """Editions with what a group is made of: the kinds reached, the month, and whether the words stand there."""
    reached = Subquery(disclosed(asked).order_by().values("item").annotate(kinds=Joined("kind")).values("kinds"))
    full = Case(When(FULL_TEXT, then=Value(value=True)), default=Value(value=False), output_field=BooleanField())
    return rows.annotate(kinds=reached, month=_which_month(list(asked.months())), **({"full_text": full} if full_text else {}))


def group(row: Mapping[str, Any]) -> Group | None:
    """The group of a row; None where nothing came before the public."""
    kinds = frozenset((row["kinds"] or "").split(",")) - {"", *UNCOUNTED_KINDS}
    return Group(kinds=kinds, category=category_row(row["category"]), column=row["column"], month=row["month"],
                 full_text=row.get("full_text")) if kinds else None


def _which_month(months: Sequence[tuple[int, date]]) -> Case | Value:
    """The month of release in words of any database, halved until one is left: of half a million rows each comparison is felt."""
    if len(months) == 1:
        return Value(months[0][0])
    early, late = months[: len(months) // 2], months[len(months) // 2 :]
    first_half = When(item__released_on__lte=early[-1][1], then=_which_month(early))
    return Case(first_half, default=_which_month(late), output_field=IntegerField())


def _items(asked: Span, *, full_text: bool) -> Counter[Group]:
    out = Counter[Group]()
    for row in grouped(asked, full_text=full_text):
        if found := group(row):
            out[found] += row["n"]
    return out


def _monthly(rows: QuerySet[Any], day: str) -> Counter[int]:
    out = Counter[int]()
    for when, n in rows.values(day).annotate(n=Count("pk")).values_list(day, "n"):
        out[when.month] += n
    return out


class Joined(Aggregate):
    """Words, with commas between."""

    function, template, output_field = "STRING_AGG", "%(function)s(%(expressions)s, ',')", TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """By the name that SQLite has always had for it."""
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)


def kinds_ever(office: Office) -> list[str]:
    """Every kind the office ever opened and that counts, in order."""
    opened = Channel.objects.filter(office=office).exclude(kind__in=UNCOUNTED_KINDS).order_by("pk")
    return list(dict.fromkeys(opened.values_list("kind", flat=True)))
