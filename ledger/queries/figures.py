"""Figures counted by the database. `content.figures.count` says the same, row by row, and tests hold the two together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Case, Count, Exists, F, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import ExtractMonth

from content.figures import UNCOUNTED_KINDS, Figures, category_row, in_order
from ledger.errors import UnknownError
from ledger.models import Channel, Edition, Item, Office, Posting, Sighting


def figures(*, office: str, year: int, categories: Sequence[str], as_of: datetime) -> Figures:
    """渠道统计 of an office and a year, as the ledger stood at `as_of`. Every kind the office ever opened has its row.

    An item belongs to the year of its release. It reached a kind of channel once a posting there came before the public,
    and stays counted when the posting is taken away again. Its category and column are those of the edition shown at
    `as_of`, so that the figures of an instant stay what they were.

    Raises:
        UnknownError: no such office.
    """
    row = Office.objects.filter(code=office).first()
    if row is None:
        raise UnknownError(f"no office {office!r} in this ledger", what="office", name=office)
    first, last = date(year, 1, 1), date(year, 12, 31)
    counted = Posting.objects.filter(disclosed_at__lte=as_of).exclude(kind__in=UNCOUNTED_KINDS)
    released = Item.objects.filter(office=row, released_on__gte=first, released_on__lte=last, released_at__lte=as_of)
    reached = dict(counted.filter(item__office=row, item__released_on__gte=first, item__released_on__lte=last, item__released_at__lte=as_of)
                   .values("kind").annotate(n=Count("item", distinct=True)).values_list("kind", "n"))
    opened = Channel.objects.filter(office=row).exclude(kind__in=UNCOUNTED_KINDS).order_by("pk").values_list("kind", flat=True)
    kinds = dict.fromkeys([*opened, *sorted(reached)])
    by_category, by_column, by_month = _tally(released.filter(Exists(counted.filter(item=OuterRef("pk")))), as_of)
    corrections = Edition.objects.filter(item__office=row, number__gt=1, released_on__gte=first, released_on__lte=last,
                                         released_at__lte=as_of).count()
    withdrawn = Item.objects.filter(office=row, withdrawn_on__gte=first, withdrawn_on__lte=last, withdrawn_at__lte=as_of).count()
    urgent = Edition.objects.filter(item__office=row, urgent=True, released_on__gte=first, released_on__lte=last,
                                    released_at__lte=as_of).count()
    lost = _lost(as_of).filter(posting__in=counted.filter(item__in=released)).values("posting__kind").annotate(
        n=Count("posting__item", distinct=True)).order_by("posting__kind")
    return Figures(
        office=office, year=year, distinct_items=by_month.total(), channels={kind: reached.get(kind, 0) for kind in kinds},
        categories=in_order(by_category, categories), columns=dict(sorted(by_column.items())), months=dict(sorted(by_month.items())),
        corrections=corrections, withdrawn=withdrawn, urgent=urgent, removed=dict(lost.values_list("posting__kind", "n")), as_of=as_of)


def _lost(as_of: datetime) -> QuerySet[Sighting]:
    """The last looks by then, of those postings that were not found by them and that nobody of ours had taken down."""
    later = Sighting.objects.filter(posting=OuterRef("posting"), pk__gt=OuterRef("pk"), at__lte=as_of)
    return Sighting.objects.filter(~Exists(later), lost=True, at__lte=as_of)


def _tally(items: QuerySet[Item], as_of: datetime) -> tuple[Counter[str], Counter[str], Counter[int]]:
    """By category, column and month, in one pass."""
    def shown_then(field: str) -> Case:
        # almost always the edition shown now was shown then already: only the others cost a question each
        older = Edition.objects.filter(item=OuterRef("pk"), released_at__lte=as_of).order_by("-number").values(field)[:1]
        return Case(When(shown__released_at__lte=as_of, then=F(f"shown__{field}")), default=Subquery(older))

    rows = (items.annotate(category=shown_then("category"), column=shown_then("column"), month=ExtractMonth("released_on"))
            .values("category", "column", "month").annotate(n=Count("pk")).values_list("category", "column", "month", "n"))
    categories, columns, months = Counter[str](), Counter[str](), Counter[int]()
    for category, column, month, n in rows:
        categories[category_row(category)] += n
        columns[column] += n
        months[month] += n
    return categories, columns, months
