"""How a sheet of the bulletin board stands on a day, and what a person is to do about it. Decides and touches nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ledger.queries import SheetLine


class Stand(StrEnum):
    """What is to be done about a sheet."""

    DOWN = "down"  #: take it down
    UP = "up"  #: put it up
    HANGS = "hangs"  #: nothing: it hangs, and may
    WASTE = "waste"  #: throw it away: it may not go up any more
    DONE = "done"  #: nothing: it hung and came down


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A sheet with what is to be done about it."""

    line: SheetLine
    stand: Stand
    why: str  #: withdrawn, replaced, due, late; empty where nothing is the matter
    down_on: date  #: the day on which it comes down; of one that does not hang yet, if it is put up today


def placed(line: SheetLine, today: date) -> Placed:
    """What is to be done about a sheet on a day of the office's zone."""
    stand, why = _stand(line, today)
    return Placed(line=line, stand=stand, why=why, down_on=line.down_on(today))


def _stand(line: SheetLine, today: date) -> tuple[Stand, str]:
    gone = "withdrawn" if line.withdrawn else "replaced" if line.replaced else ""
    if line.taken_down:
        return Stand.DONE, ""
    if line.put_up:
        why = gone or ("due" if line.due(today) else "")
        return Stand.DOWN if why else Stand.HANGS, why
    return (Stand.WASTE, gone) if gone else (Stand.UP, "late" if line.late(today) else "")


def by_stand(lines: Iterable[SheetLine], today: date) -> list[tuple[Stand, list[Placed]]]:
    """Sheets by what is to be done about them, first what is to come down; groups without any are left out."""
    all_of_them = [placed(line, today) for line in lines]
    grouped = [(stand, [one for one in all_of_them if one.stand is stand]) for stand in Stand]
    return [(stand, found) for stand, found in grouped if found]
