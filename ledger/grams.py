"""An item in the words of the index (`ledger_gram`): its newest wording, and the facts that a search narrows by.

SQLite keeps it as a table of FTS5 without the text, PostgreSQL as a tsvector with a GIN index: both by whole words only,
which `content.search` makes, so that both find the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import connection

from content.rules import State
from content.search import Gram, facet, grams, plain
from ledger.models import Edition

NEAR = 2000  #: of the newest items PostgreSQL looks through so many one by one, some 5 ms, before it asks its index
#: what is read of an edition for the index, as `words` takes it
READ = ("title", "summary", "document_number", "keywords", "attachments", "body", "column", "drafter", "made_on", "state")


def text(index_number: str, facts: dict[str, Any]) -> str:
    """All that is searched of an edition."""
    return "\n".join((facts["title"], index_number, facts["document_number"], facts["summary"], " ".join(facts["keywords"]),
                      " ".join(file["name"] for file in facts["attachments"]), plain(facts["body"])))


def words(*, office_id: int, index_number: str, released_on: date | None, channels: Iterable[str], facts: dict[str, Any]) -> str:
    """The words under which an item stands in the index, with blanks between."""
    day = released_on or facts["made_on"]
    facets = [facet("o", str(office_id)), facet("c", facts["column"]), facet("d", facts["drafter"]), facet("m", f"{day.year}"),
              facet("m", f"{day:%Y-%m}"), *(facet("w", channel) for channel in channels)]
    if facts["state"] == State.WITHDRAWN:
        facets.append(facet("s", State.WITHDRAWN))
    return " ".join([*facets, *grams(text(index_number, facts))])


def words_of(row: Edition, *, released_on: date | None) -> str:
    """The same from a row, its item and its routes as they stand now."""
    facts = {name: getattr(row, name) for name in READ}
    return words(office_id=row.item.office_id, index_number=row.item.index_number, released_on=released_on,
                 channels=row.routes.values_list("channel", flat=True), facts=facts)


def put(entries: Sequence[tuple[int, str]]) -> None:
    """Enter items that are not in the index yet: (item, words)."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany("INSERT INTO ledger_gram (rowid, words) VALUES (%s, %s)", entries)
        else:
            cursor.executemany(
                "INSERT INTO ledger_gram (item_id, words) VALUES (%s, array_to_tsvector(%s)) "
                "ON CONFLICT (item_id) DO UPDATE SET words = excluded.words", [(item, said.split()) for item, said in entries])


def replace(item_id: int, *, before: str, now: str) -> None:
    """Enter an item anew. `before`: the words under which it stood; FTS5, which keeps no text, has to be told."""
    if before == now:
        return
    if before and connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO ledger_gram (ledger_gram, rowid, words) VALUES ('delete', %s, %s)", [item_id, before])
    put([(item_id, now)])


def empty() -> None:
    """Take everything out, before it is all entered anew."""
    of_sqlite = "INSERT INTO ledger_gram (ledger_gram) VALUES ('delete-all')"
    with connection.cursor() as cursor:
        cursor.execute(of_sqlite if connection.vendor == "sqlite" else "TRUNCATE ledger_gram")


def matching(*, narrowed: Sequence[Sequence[str]], grams: Sequence[Gram], after: int | None, limit: int) -> list[int]:
    """Items that hold every gram and of each group of facets at least one, newest first, from below `after`."""
    below = after if after is not None else 2**62
    if connection.vendor == "sqlite":
        parts = ["(" + " OR ".join(f'"{one}"' for one in group) + ")" for group in narrowed]
        parts += [f'"{gram.text}"*' if gram.open_end else f'"{gram.text}"' for gram in grams]
        return _found("SELECT rowid FROM ledger_gram WHERE ledger_gram MATCH %s AND rowid < %s ORDER BY rowid DESC LIMIT %s",
                      " AND ".join(parts), below, limit)
    parts = ["(" + " | ".join(f"'{one}'" for one in group) + ")" for group in narrowed]
    parts += [f"'{gram.text}':*" if gram.open_end else f"'{gram.text}'" for gram in grams]
    return _of_postgresql(" & ".join(parts), below, limit)


def _of_postgresql(query: str, below: int, limit: int) -> list[int]:
    """What is common stands among the newest, what is rare is quickly told by the index: each is asked for so.

    Left to itself the planner, which cannot know how rare a word is, reads the whole archive backwards for a rare one.
    """
    near = _found("SELECT item_id FROM (SELECT item_id, words FROM ledger_gram WHERE item_id < %s ORDER BY item_id DESC LIMIT %s) near "
                  "WHERE words @@ %s::tsquery ORDER BY item_id DESC LIMIT %s", below, NEAR, query, limit)
    if len(near) == limit:
        return near
    return _found("WITH found AS MATERIALIZED (SELECT item_id FROM ledger_gram WHERE words @@ %s::tsquery AND item_id < %s) "
                  "SELECT item_id FROM found ORDER BY item_id DESC LIMIT %s", query, below, limit)


def _found(statement: str, *asked: str | int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, asked)
        return [row[0] for row in cursor.fetchall()]
