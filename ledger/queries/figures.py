"""Figures counted by the database. `content.figures.count` says the same, row by row, and tests hold the two together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import ExtractMonth

from content.figures import UNCOUNTED_KINDS, Figures, category_row, in_order
from ledger.errors import UnknownError
from ledger.models import Channel, Edition, Item, Office, Posting


def figures(*, office: str, year: int, categories: Sequence[str], as_of: datetime) -> Figures:
    """渠道统计 of an office and a year, as the ledger stood at `as_of`. Every kind the office ever opened has its row.

    An item belongs to the year of its release. It reached a kind of channel once a posting there came before the public,
    and stays counted when the posting is taken away again. Its category and column are those of the edition shown last.

    Raises:
        UnknownError: no such office.
    """
    row = Office.objects.filter(code=office).first()
    if row is None:
        raise UnknownError(f"no office {office!r} in this ledger")
    of_year = Q(released_on__gte=date(year, 1, 1), released_on__lte=date(year, 12, 31))
    counted = Posting.objects.filter(disclosed_at__lte=as_of).exclude(kind__in=UNCOUNTED_KINDS)
    items = Item.objects.filter(of_year, Exists(counted.filter(item=OuterRef("pk"))), office=row, released_at__lte=as_of)
    reached = dict(counted.filter(office=row, item__released_on__gte=date(year, 1, 1), item__released_on__lte=date(year, 12, 31),
                                  item__released_at__lte=as_of)
                   .values("kind").annotate(n=Count("item", distinct=True)).values_list("kind", "n"))
    kinds = dict.fromkeys(Channel.objects.filter(office=row).exclude(kind__in=UNCOUNTED_KINDS).order_by("pk").values_list("kind", flat=True))
    by_category: dict[str, int] = {}
    for category, n in items.values("shown__category").annotate(n=Count("pk")).values_list("shown__category", "n"):
        by_category[category_row(category)] = by_category.get(category_row(category), 0) + n
    corrections = Edition.objects.filter(item__office=row, number__gt=1, released_on__gte=date(year, 1, 1),
                                         released_on__lte=date(year, 12, 31), released_at__lte=as_of).count()
    withdrawn = Item.objects.filter(office=row, withdrawn_on__gte=date(year, 1, 1), withdrawn_on__lte=date(year, 12, 31),
                                    withdrawn_at__lte=as_of).count()
    return Figures(
        office=office, year=year, distinct_items=items.count(), channels={kind: reached.get(kind, 0) for kind in (*kinds, *(set(reached) - set(kinds)))},
        categories=in_order(by_category, categories),
        columns=dict(items.values("shown__column").annotate(n=Count("pk")).order_by("shown__column").values_list("shown__column", "n")),
        months=dict(items.annotate(month=ExtractMonth("released_on")).values("month").annotate(n=Count("pk")).order_by("month")
                    .values_list("month", "n")),
        corrections=corrections, withdrawn=withdrawn, as_of=as_of)
