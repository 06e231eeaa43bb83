"""What a report is filled from: figures of one moment, recorded facts, edited words, the year before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, QuerySet

from content import yearbook as content
from content.figures import UNCOUNTED_KINDS
from content.measures import Measure
from content.tallies import Tally
from content.yearbook import YearBook
from ledger.models import Channel, Event, Fact, Posting, Text
from ledger.periods import Period, bounds, within, year_before
from ledger.queries.counting import Span, kinds_ever, span, tally
from ledger.queries.frozen import frozen_report

OPENS, CLOSES = ("channel opened", "channel reopened"), "channel closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactLine:
    """A fact as it was recorded, with the place it belongs to. `value` None: it was taken back."""

    cell: str
    value: Decimal | None
    by: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextLine:
    """The words of a part, as somebody kept them."""

    part: str
    text: str
    by: str
    at: datetime


def yearbook(*, office: str, form: str, year: int, measures: Iterable[Measure], as_of: datetime, period: Period | None = None) -> YearBook:
    """Everything a report of an office is filled from, as the ledger stood at `as_of`. All counts are of one look.

    Raises:
        UnknownError: no such office.
        LedgerError: the period is not within the year.
        ClockError: `as_of` names no zone.
    """
    asked, wanted = span(office, year, as_of, period), tuple(measures)
    return bound(asked, form, wanted, tally(asked, full_text=any(one.full_text for one in wanted)), channels_open(asked))


def bound(asked: Span, form: str, measures: Sequence[Measure], counted: Tally, kinds: Iterable[str]) -> YearBook:
    """A book of these counts, with what the office said for the form."""
    year = asked.first.year
    return YearBook(
        year=year, as_of=asked.as_of.astimezone(ZoneInfo(asked.office.zone)), first_day=asked.first, last_day=asked.last,
        counts={measure: counted.count(measure) for measure in measures},
        facts={line.cell: content.Fact(value=line.value, by=line.by, at=line.at, note=line.note)
               for line in _latest(asked, form) if line.value is not None},
        last=_last(asked, form), texts=_texts(asked, form), before=_texts_before(asked, form),
        kinds=tuple(dict.fromkeys([*kinds, *sorted(counted.kinds())])))


def facts(*, office: str, form: str, year: int, cell: str = "", period: Period | None = None) -> list[FactLine]:
    """Every fact that was ever recorded for a report, oldest first; the last of a cell holds. With `cell`: the history of that one."""
    first, last = within(year, period)
    rows = Fact.objects.filter(office__code=office, form=form, year=year, first_day=first, last_day=last).order_by("pk")
    return [_fact_line(row) for row in (rows.filter(cell=cell) if cell else rows)]


def texts(*, office: str, form: str, year: int, part: str = "", period: Period | None = None) -> list[TextLine]:
    """The words that were ever kept for a report, oldest first; the last of a part holds. With `part`: those of that one."""
    first, last = within(year, period)
    rows = Text.objects.filter(office__code=office, form=form, year=year, first_day=first, last_day=last).order_by("pk")
    return [TextLine(part=row.part, text=row.text, by=row.by, at=row.at) for row in (rows.filter(part=part) if part else rows)]


def text_before(*, office: str, form: str, year: int, part: str, period: Period | None = None) -> TextLine | None:
    """The words of a part as they were last kept for an earlier report of that form (of the same month or quarter); None: never."""
    row = _earlier(form, within(year, period)).filter(office__code=office, part=part).last()
    return None if row is None else TextLine(part=row.part, text=row.text, by=row.by, at=row.at)


def _earlier(form: str, days: Period) -> QuerySet[Text]:
    """What was kept for the same days of earlier years, the newest of the newest year last."""
    first, last = days
    rows = Text.objects.filter(form=form, year__lt=first.year, first_day__month=first.month, last_day__month=last.month)
    return rows.order_by("year", "pk")


def _fact_line(row: Fact) -> FactLine:
    return FactLine(cell=row.cell, value=None if row.value is None else trimmed(row.value), by=row.by, at=row.at, note=row.note)


def trimmed(value: Decimal) -> Decimal:
    """A number without the zeros that its column adds: 3 and not 3.000000, 100 and not 1E+2."""
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if value == whole else value.normalize()


def _latest(asked: Span, form: str) -> list[FactLine]:
    rows = Fact.objects.filter(**_of(asked, form), at__lte=asked.as_of).order_by("pk")
    return list({row.cell: _fact_line(row) for row in rows}.values())


def _of(asked: Span, form: str) -> dict[str, Any]:
    return {"office": asked.office, "form": form, "year": asked.first.year, "first_day": asked.first, "last_day": asked.last}


def _texts(asked: Span, form: str) -> dict[str, str]:
    rows = Text.objects.filter(**_of(asked, form), at__lte=asked.as_of).order_by("pk")
    return dict(rows.values_list("part", "text"))


def _texts_before(asked: Span, form: str) -> dict[str, str]:
    rows = _earlier(form, asked.days).filter(office=asked.office, at__lte=asked.as_of)
    return dict(rows.values_list("part", "text"))


def _last(asked: Span, form: str) -> dict[str, Decimal | None]:
    """The year before: what its report said, or else what was recorded for it."""
    year, period = asked.first.year - 1, year_before(asked.days)
    handed_in = frozen_report(office=asked.office.code, form=form, year=year, period=period, at=asked.as_of)
    if handed_in is not None:
        return dict(handed_in.cells)
    before = Span(office=asked.office, first=period[0], last=period[1], as_of=asked.as_of)
    return {line.cell: line.value for line in _latest(before, form)}


def kinds_open(*, offices: Sequence[str], year: int, as_of: datetime, period: Period | None = None) -> list[str]:
    """The kinds of channels that any of these offices had open at some time of the period, in the order they were first opened.

    Raises:
        As `yearbook`.
    """
    return list(dict.fromkeys(kind for office in offices for kind in channels_open(span(office, year, as_of, period))))


def channels_open(asked: Span) -> list[str]:
    """The kinds of channels that were open at some time of the span, in the order they were first opened: as the log tells it.

    What carried something was open, too: of a practice office the log may begin later than its items.
    """
    start, over = bounds((asked.first, asked.last), asked.office.zone)
    carried = Posting.objects.filter(office=asked.office, channel=OuterRef("name"), disclosed_at__gte=start, disclosed_at__lt=over,
                                     disclosed_at__lte=asked.as_of)
    channels = Channel.objects.filter(office=asked.office).exclude(kind__in=UNCOUNTED_KINDS).annotate(carried=Exists(carried))
    kinds = {channel.name: channel.kind for channel in channels}
    before: dict[str, bool] = {}
    found = {channel.kind for channel in channels if channel.carried}
    told = Event.objects.filter(office=asked.office, verb__in=[*OPENS, CLOSES], at__lte=asked.as_of).order_by("seq")
    for name, verb, at in told.values_list("subject", "verb", "at"):
        if at < start:
            before[name] = verb in OPENS
        elif at < over and verb in OPENS:
            found.add(kinds.get(name, ""))
    found |= {kinds.get(name, "") for name, is_open in before.items() if is_open}
    return [kind for kind in kinds_ever(asked.office) if kind in found]
