"""How each item is counted, written down beside it (`ledger_counted`) by the one who changes it, so that a year is counted from one index.

A row says what counting finds in editions and postings as of any instant from its `since` on: the edition shown, the kinds of channels
reached. Both only grow, and each by something with an instant of its own, of which `since` is the last (of editions that were replaced none
matters: as of any instant that sees the newest, none of them is shown). As of an earlier instant, and where there is no row,
`ledger.queries.counting` looks at editions and postings. The rows are no record: `keep` makes them anew at any time.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

BATCH = 500  #: items a statement: databases bound the parameters of one
# every release and every posting asks this: in one statement, since Django takes ten times as long to read, reckon and write
KEEP = """
INSERT INTO ledger_counted (item_id, office_id, year, month, released_on, kinds, category, "column", full_text, since)
SELECT i.id, i.office_id, {year}, {month}, i.released_on,
    COALESCE((SELECT {joined}(kind, ',') FROM (
        SELECT DISTINCT p.kind FROM ledger_posting p WHERE p.item_id = i.id AND p.disclosed_at IS NOT NULL ORDER BY p.kind) k), ''),
    e.category, e."column", e.body <> '',
    {latest}(i.released_at, e.released_at,
             COALESCE((SELECT MAX(p.disclosed_at) FROM ledger_posting p WHERE p.item_id = i.id), i.released_at))
FROM ledger_item i JOIN ledger_edition e ON e.id = i.shown_id WHERE i.id IN ({items})
ON CONFLICT (item_id) DO UPDATE SET
    kinds = excluded.kinds, category = excluded.category, "column" = excluded."column", full_text = excluded.full_text,
    since = excluded.since
"""
WORDS = {
    "sqlite": {"year": "CAST(strftime('%%Y', i.released_on) AS integer)", "month": "CAST(strftime('%%m', i.released_on) AS integer)",
               "joined": "GROUP_CONCAT", "latest": "MAX"},
    "postgresql": {"year": "EXTRACT(YEAR FROM i.released_on)", "month": "EXTRACT(MONTH FROM i.released_on)", "joined": "STRING_AGG",
                   "latest": "GREATEST"},
}


def keep(items: Sequence[int]) -> None:
    """Write down how these items are counted from now on, those that were released. Asked for under the lock of their office."""
    with connection.cursor() as cursor:
        for start in range(0, len(items), BATCH):
            batch = list(items[start : start + BATCH])
            cursor.execute(KEEP.format(**WORDS[connection.vendor], items=", ".join(["%s"] * len(batch))), batch)
