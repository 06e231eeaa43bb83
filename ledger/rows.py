"""Rows as the database hands them over: of a walk over many, half of the time goes into Django's conversions.

SQLite has days, instants, lists and mappings as text, and instants of a column without their zone; `day`, `instant`, `listed` and `said`
read every form.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any

from django.db.models import QuerySet

from content.metadata import Pairs, pairs

CHUNK = 500  #: rows fetched at a time by a walk


def rows(asked: QuerySet[Any, Any], *, stream: bool = False) -> Iterator[Sequence[Any]]:
    """The rows of a `values_list`, unconverted. `stream`: some at a time, so that memory does not grow with their number."""
    compiler = asked.query.get_compiler(asked.db)
    if chunks := compiler.execute_sql(chunked_fetch=stream, chunk_size=CHUNK):
        for some in chunks:
            yield from some


def day(value: str | date) -> date:
    """A day."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def instant(value: str | datetime) -> datetime:
    """An instant, aware."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def listed(value: str | list[Any]) -> list[Any]:
    """A list of a JSON column."""
    if value == "[]":
        return []
    return json.loads(value) if isinstance(value, str) else value


def said(value: str | dict[str, str]) -> Pairs:
    """The 更多著录项 of an edition; of most there are none."""
    if value == "{}":
        return ()
    return pairs(json.loads(value) if isinstance(value, str) else value)
