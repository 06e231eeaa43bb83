"""Upkeep of the database: done at the end of long work, never needed for correctness."""

from __future__ import annotations

from django.db import connection, transaction

from ledger import counted, grams
from ledger.models import Counted, Item, Office, Route

CHUNK = 500  #: items entered in the index, or counted, at a time


def fold() -> bool:
    """Fold SQLite's write-ahead log into the database file and refresh what its planner knows, so that one file holds all.

    False where another process was reading, and some of the log had to stay: harmless, the next call gets it. PostgreSQL
    does both by itself.
    """
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA optimize")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        busy, _, _ = cursor.fetchone()
    return not busy


@transaction.atomic
def index_words() -> int:
    """Make the index of words anew from the newest edition of every item; how many items it holds. Constant memory.

    Needed after a restore that left it behind, and after a change of what is kept of a text.
    """
    grams.empty()
    last, count = 0, 0
    fields = ("pk", "office", "index_number", "released_on", "newest", *(f"newest__{name}" for name in grams.READ))
    while rows := list(Item.objects.filter(pk__gt=last, newest__isnull=False).order_by("pk").values(*fields)[:CHUNK]):
        routed: dict[int, list[str]] = {}
        for edition, channel in Route.objects.filter(edition__in=[row["newest"] for row in rows]).values_list("edition", "channel"):
            routed.setdefault(edition, []).append(channel)
        grams.put([(row["pk"], grams.words(
            office_id=row["office"], index_number=row["index_number"], released_on=row["released_on"],
            channels=routed.get(row["newest"], ()), facts={name: row[f"newest__{name}"] for name in grams.READ})) for row in rows])
        last, count = rows[-1]["pk"], count + len(rows)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO ledger_gram (ledger_gram) VALUES ('optimize')")
    return count


@transaction.atomic
def count_anew() -> int:
    """Write down anew how every item is counted (`ledger.counted`); how many were released. Constant memory.

    Needed after a restore that left it behind. Writers wait meanwhile.
    """
    list(Office.objects.select_for_update(no_key=True).values_list("pk"))
    Counted.objects.all().delete()
    last, count = 0, 0
    released = Item.objects.filter(released_at__isnull=False).order_by("pk").values_list("pk", flat=True)
    while items := list(released.filter(pk__gt=last)[:CHUNK]):
        counted.keep(items)
        last, count = items[-1], count + len(items)
    return count
