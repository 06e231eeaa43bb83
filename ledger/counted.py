"""How each item is counted, written down beside it (`ledger_counted`) by the one who changes it, so that a year is counted from one index.

A row says what counting finds in editions and postings as of any instant from its `since` on: the edition shown, the kinds of channels
reached. Both only grow, and each by something with an instant of its own, of which `since` is the last. As of an earlier instant, and where
there is no row, `ledger.queries.counting` looks at editions and postings. The rows are no record: `keep` makes them anew at any time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Case, Value, When

from ledger.models import Counted, Edition, Posting

BATCH = 500  #: items a statement: databases bound the parameters of one
FULL_TEXT = Case(When(body="", then=Value(value=False)), default=Value(value=True), output_field=BooleanField())


def keep(items: Sequence[int]) -> None:
    """Write down how these items are counted from now on, those that were released. Asked for under the lock of their office."""
    for start in range(0, len(items), BATCH):
        rows = _rows(items[start : start + BATCH])
        told = [field.name for field in Counted._meta.concrete_fields if not field.primary_key]
        Counted.objects.bulk_create(rows, update_conflicts=True, unique_fields=["item"], update_fields=told)


def _rows(items: Sequence[int]) -> list[Counted]:
    kinds: dict[int, set[str]] = defaultdict(set)
    changed: dict[int, list[datetime]] = defaultdict(list)
    shown: dict[int, dict[str, Any]] = {}
    postings = Posting.objects.filter(item__in=items, disclosed_at__isnull=False)
    for item, kind, at in postings.values_list("item", "kind", "disclosed_at"):
        kinds[item].add(kind)
        changed[item].append(at)
    editions = Edition.objects.filter(item__in=items, released_at__isnull=False).annotate(full_text=FULL_TEXT).order_by("number")
    for row in editions.values("item_id", "item__office", "item__released_on", "category", "column", "full_text", "released_at"):
        shown[row["item_id"]] = row  # the last one
        changed[row["item_id"]].append(row["released_at"])
    return [Counted(
        item_id=item, office_id=row["item__office"], year=row["item__released_on"].year, month=row["item__released_on"].month,
        released_on=row["item__released_on"], kinds=",".join(sorted(kinds[item])), category=row["category"], column=row["column"],
        full_text=row["full_text"], since=max(changed[item])) for item, row in shown.items()]
