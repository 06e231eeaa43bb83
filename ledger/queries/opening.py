"""Opening a number: the very rows it counts, a page at a time, with what carried each and where one can see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Q

from content.deliveries import Action, Status
from content.figures import UNCOUNTED_KINDS, category_row
from content.measures import Measure, What
from content.yearbook import Opened
from ledger.models import Delivery, Edition, Posting, Sheet
from ledger.periods import Period
from ledger.queries.counting import Span, behind, span, tally

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
    rows = behind(measure, asked).values_list("pk", flat=True)
    return opened_rows(list(rows[offset : None if limit is None else offset + limit]), asked, whole=measure.what in OF_ITEMS)


def row_keys(*, office: str, year: int, measure: Measure, as_of: datetime, period: Period | None = None) -> list[str]:
    """The names of the rows behind a number, all of them and nothing more: of an item its index number, of an edition `…#2`.

    Raises:
        As `count`.
    """
    rows = behind(measure, span(office, year, as_of, period)).values_list("item__index_number", "number")
    return [row_name(number, edition, measure) for number, edition in rows.iterator()]


def row_name(index_number: str, edition: int, measure: Measure) -> str:
    """What a row is called among those behind a number."""
    return index_number if measure.what in OF_ITEMS else f"{index_number}#{edition}"


def opened_rows(editions: Sequence[int], asked: Span, *, whole: bool) -> list[Opened]:
    """Editions with what stands behind them, `whole` for that of their items; a batch at a time, as SQLite takes only so many names."""
    out: list[Opened] = []
    for start in range(0, len(editions), 500):
        found = Edition.objects.select_related("item").defer("body").in_bulk(editions[start : start + 500])
        batch = [found[pk] for pk in editions[start : start + 500]]
        ids = [row.item_id for row in batch]
        postings, keys, sheets = _postings(ids, asked), _keys(ids, asked), _sheets(ids, asked)
        out += [_line(row, postings[row.item_id], keys[row.item_id], sheets, asked, whole=whole) for row in batch]
    return out


def _postings(items: Sequence[int], asked: Span) -> Mapping[int, list[Posting]]:
    out: Mapping[int, list[Posting]] = defaultdict(list)
    rows = Posting.objects.filter(item__in=items, disclosed_at__lte=asked.as_of).exclude(kind__in=UNCOUNTED_KINDS)
    for row in rows.order_by("disclosed_at", "pk"):
        out[row.item_id].append(row)
    return out


def _keys(items: Sequence[int], asked: Span) -> Mapping[int, list[tuple[int, str]]]:
    """By item: the deliveries that reached a channel, with their edition."""
    out: Mapping[int, list[tuple[int, str]]] = defaultdict(list)
    rows = Delivery.objects.filter(~Q(action=Action.WITHDRAW), item__in=items, status=Status.POSTED, closed_at__lte=asked.as_of)
    for item, edition, key in (rows.exclude(kind__in=UNCOUNTED_KINDS).order_by("closed_at", "pk")
                               .values_list("item", "edition__number", "key")):
        out[item].append((edition, key))
    return out


def _sheets(items: Sequence[int], asked: Span) -> Mapping[tuple[int, str], Sheet]:
    """The first sheet that hung, by item and channel."""
    rows = Sheet.objects.filter(item__in=items, put_up_at__lte=asked.as_of).select_related("delivery").order_by("-put_up_at", "-pk")
    return {(row.item_id, row.delivery.channel): row for row in rows}


def _line(row: Edition, found: Sequence[Posting], keys: Iterable[tuple[int, str]], sheets: Mapping[tuple[int, str], Sheet], asked: Span,
          *, whole: bool) -> Opened:
    item = row.item
    return Opened(
        index_number=item.index_number, edition=row.number, title=row.title, column=row.column, category=category_row(row.category),
        released_on=(item.released_on if whole else row.released_on) or asked.first,
        kinds=tuple(dict.fromkeys(posting.kind for posting in found)),
        withdrawn=item.withdrawn_at is not None and item.withdrawn_at <= asked.as_of,
        deliveries=tuple(key for edition, key in keys if whole or edition == row.number),
        evidence=tuple(_evidence(posting, sheets.get((item.pk, posting.channel)), asked) for posting in found))


def _evidence(posting: Posting, sheet: Sheet | None, asked: Span) -> str:
    """Address or sheet, and when it came before the public, in the office's time.

    What stands beside an address in the book is for staff, and may name one: the public gets no more than that there is no address.
    """
    when = (sheet.put_up_at if sheet else posting.disclosed_at) or asked.as_of
    place = f"张贴单 {sheet.number}" if sheet else posting.url or NO_ADDRESS
    return f"{place} {when.astimezone(ZoneInfo(asked.office.zone)):%Y-%m-%d %H:%M}"
