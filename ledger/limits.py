"""What the tables can hold. Checked here, because PostgreSQL refuses in its own words and SQLite does not refuse at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

from content.items import UNPRINTABLE
from ledger.errors import LedgerError


def check_lengths(model: type[models.Model], values: Mapping[str, Any]) -> None:
    """See that every text fits its column.

    Raises:
        LedgerError: one does not. Names the field and the limit.
    """
    for name, value in values.items():
        limit = model._meta.get_field(name).max_length  # type: ignore[union-attr]
        if limit is not None and isinstance(value, str) and len(value) > limit:
            raise LedgerError(f"{name}: {len(value)} characters; at most {limit} are kept", code="too_long", field=name, length=len(value),
                              limit=limit)


def printable(text: str) -> str:
    """A far side's words as any database keeps them: NUL, lone surrogates and their kind are marked by U+FFFD.

    What a far side said of an attempt must never be the reason why its outcome was not written down.
    """
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)
