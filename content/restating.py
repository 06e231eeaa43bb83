"""What a book says differently after a report was handed in: a list of cells, never a silent difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

Cells = Mapping[str, Decimal | None]  #: by address; None: blank
Rows = Mapping[str, Sequence[str]]  #: of each counted cell, the names of what it counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Restated:
    """A cell that would be filled differently now."""

    cell: str
    then: Decimal | None
    now: Decimal | None
    added: tuple[str, ...] = ()  #: rows that count now and did not then
    gone: tuple[str, ...] = ()  #: rows that counted then and do not now


def restated(then: Cells, now: Cells, *, rows_then: Rows, rows_now: Rows) -> list[Restated]:
    """The cells that differ, in number or in what they count, in the order of the newer one; those that still hold are not named."""
    out = []
    for cell in dict.fromkeys([*now, *then]):
        before, after = rows_then.get(cell, ()), rows_now.get(cell, ())
        one = Restated(cell=cell, then=then.get(cell), now=now.get(cell), added=_less(after, before), gone=_less(before, after))
        if one.then != one.now or one.added or one.gone:
            out.append(one)
    return out


def _less(rows: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    there = frozenset(others)
    return tuple(row for row in rows if row not in there)
