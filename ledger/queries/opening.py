"""Opening a number: the very rows it counts, a page at a time, with what carried each and where one can see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Q

from content.deliveries import Action, Status
from content.figures import UNCOUNTED_KINDS, category_row
from content.measures import Measure, What
from content.yearbook import Opened
from ledger.among import among
from ledger.models import Delivery, Edition, Posting, Sheet
from ledger.periods import Period
from ledger.queries.counting import Span, behind, span, tally
from ledger.rows import day, instant, rows

BATCH = 2000  #: rows looked up at a time
NO_ADDRESS = "没有网址"  #: a group's message, or what a person saw and gave no address of
OF_ITEMS = (What.ITEMS, What.WITHDRAWN)  #: what counts items; the others count editions


def count(*, office: str, year: int, measure: Measure, as_of: datetime, period: Period | None = None) -> int:
    """How many a measure counts: as many as `opened` opens.

    Raises:
        UnknownError: no such office.
        LedgerError: the period is not within the year.
        ClockError: `as_of` names no zone.
    """
    return tally(span(office, year, as_of, period), full_text=measure.full_text).count(measure)


def opened(*, office: str, year: int, measure: Measure, as_of: datetime, period: Period | None = None, offset: int = 0,
           limit: int | None = None) -> list[Opened]:
    """The rows behind a number, in the order of their days; `offset` and `limit` for a page of them.

    Raises:
        As `count`.
    """
    asked = span(office, year, as_of, period)
    found = behind(measure, asked).values_list("pk", flat=True)
    return opened_rows(list(found[offset : None if limit is None else offset + limit]), asked, whole=measure.what in OF_ITEMS)


def row_keys(*, office: str, year: int, measure: Measure, as_of: datetime, period: Period | None = None) -> list[str]:
    """The names of the rows behind a number, all of them and nothing more: of an item its index number, of an edition `…#2`.

    Raises:
        As `count`.
    """
    found = behind(measure, span(office, year, as_of, period)).values_list("item__index_number", "number")
    return [row_name(number, edition, measure) for number, edition in found.iterator()]


def row_name(index_number: str, edition: int, measure: Measure) -> str:
    """What a row is called among those behind a number."""
    return index_number if measure.what in OF_ITEMS else f"{index_number}#{edition}"


def opened_rows(editions: Sequence[int], asked: Span, *, whole: bool) -> list[Opened]:
    """Editions with what stands behind them, `whole` for that of their items; a batch at a time, so that little is held besides them.

    Read as tuples: a report's open data is every row of a year, and most of the time would go into making models of them.
    """
    out: list[Opened] = []
    for start in range(0, len(editions), BATCH):
        batch = editions[start : start + BATCH]
        found = {row[0]: _Edition(*row) for row in rows(Edition.objects.filter(pk__in=among(batch)).values_list(*_Edition._fields))}
        ids = [found[pk].item for pk in batch]
        hung = _hung(ids, asked)
        postings, keys = _evidence(ids, hung, asked), _keys(ids, asked)
        out += [_line(found[pk], postings.get(found[pk].item, ()), keys.get(found[pk].item, ()), asked, whole=whole) for pk in batch]
    return out


class _Edition(NamedTuple):
    pk: int
    item: int
    item__index_number: str
    number: int
    title: str
    column: str
    category: str
    released_on: str | date | None
    item__released_on: str | date | None
    item__withdrawn_at: str | datetime | None


def _evidence(items: Sequence[int], hung: Mapping[tuple[int, str], tuple[str, datetime]],
              asked: Span) -> Mapping[int, list[tuple[str, str]]]:
    """By item: each kind of channel that it reached, with the address or sheet and when it came before the public, in the office's time.

    What stands beside an address in the book is for staff, and may name one: the public gets no more than that there is no address.
    """
    zone = ZoneInfo(asked.office.zone)
    out: dict[int, list[tuple[str, str]]] = defaultdict(list)
    found = Posting.objects.filter(item__in=among(items), disclosed_at__lte=asked.as_of).exclude(kind__in=UNCOUNTED_KINDS)
    for item, kind, channel, url, disclosed_at in rows(found.order_by("disclosed_at", "pk")
                                                       .values_list("item", "kind", "channel", "url", "disclosed_at")):
        sheet, at = hung.get((item, channel)) or ("", instant(disclosed_at))
        place = f"张贴单 {sheet}" if sheet else url or NO_ADDRESS
        out[item].append((kind, f"{place} {at.astimezone(zone).isoformat(' ', 'minutes')[:16]}"))
    return out


def _keys(items: Sequence[int], asked: Span) -> Mapping[int, list[tuple[int, str]]]:
    """By item: the deliveries that reached a channel, with their edition."""
    out: dict[int, list[tuple[int, str]]] = defaultdict(list)
    found = Delivery.objects.filter(~Q(action=Action.WITHDRAW), item__in=among(items), status=Status.POSTED, closed_at__lte=asked.as_of)
    for item, edition, key in rows(found.exclude(kind__in=UNCOUNTED_KINDS).order_by("closed_at", "pk")
                                   .values_list("item", "edition__number", "key")):
        out[item].append((edition, key))
    return out


def _hung(items: Sequence[int], asked: Span) -> Mapping[tuple[int, str], tuple[str, datetime]]:
    """The number of the first sheet that hung and since when, by item and channel."""
    found = Sheet.objects.filter(item__in=among(items), put_up_at__lte=asked.as_of).order_by("-put_up_at", "-pk")
    return {(item, channel): (number, instant(at))
            for item, channel, number, at in rows(found.values_list("item", "delivery__channel", "number", "put_up_at"))}


def _line(row: _Edition, found: Sequence[tuple[str, str]], keys: Sequence[tuple[int, str]], asked: Span, *, whole: bool) -> Opened:
    return Opened(
        index_number=row.item__index_number, edition=row.number, title=row.title, column=row.column, category=category_row(row.category),
        released_on=day((row.item__released_on if whole else row.released_on) or asked.first),
        kinds=tuple(dict.fromkeys(kind for kind, _ in found)),
        withdrawn=row.item__withdrawn_at is not None and instant(row.item__withdrawn_at) <= asked.as_of,
        deliveries=tuple(key for edition, key in keys if whole or edition == row.number),
        evidence=tuple(said for _, said in found))
