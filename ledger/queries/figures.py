"""Figures counted by the database. `content.figures.count` says the same, row by row, and tests hold the two together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, QuerySet

from content.figures import UNCOUNTED_KINDS, Figures
from ledger.models import Posting, Sighting
from ledger.queries.counting import kinds_ever, span, tally


def figures(*, office: str, year: int, categories: Sequence[str], as_of: datetime, full_text: bool = False) -> Figures:
    """渠道统计 of an office and a year, as the ledger stood at `as_of`. Every kind the office ever opened has its row.

    What counts, and as what: `ledger.queries.counting`. `full_text` looks whether the words stand on the website, too.

    Raises:
        UnknownError: no such office.
        ClockError: `as_of` names no zone.
    """
    asked = span(office, year, as_of)
    found = tally(asked, full_text=full_text).figures(office=office, year=year, kinds=kinds_ever(asked.office), categories=categories,
                                                      as_of=as_of, full_text=full_text)
    # asked for by name: a database that knows nothing of the looks, or of their fewness, would look for one of every posting of the year
    lost = Posting.objects.filter(pk__in=_lost(as_of).values("posting"), item__office=asked.office, item__released_on__range=asked.days,
                                  item__released_at__lte=as_of, disclosed_at__lte=as_of)
    by_kind = lost.exclude(kind__in=UNCOUNTED_KINDS).values("kind").annotate(n=Count("item", distinct=True)).order_by("kind")
    return replace(found, removed=dict(by_kind.values_list("kind", "n")))


def _lost(as_of: datetime) -> QuerySet[Sighting]:
    """The last looks by then, of those postings that were not found by them and that nobody of ours had taken down."""
    later = Sighting.objects.filter(posting=OuterRef("posting"), pk__gt=OuterRef("pk"), at__lte=as_of)
    return Sighting.objects.filter(~Exists(later), lost=True, at__lte=as_of)
