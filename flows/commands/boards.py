"""`gongkai board`: the list of sheets, what people did with them, and one more print."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Column, Table

from channels.errors import UnsuitableError
from channels.house import OfficeHand
from channels.signing import rendition
from content.seals import seal
from flows import opening
from flows.clock import office_time
from flows.dispatch import carry
from flows.errands import errand_of
from flows.exits import Exit, plain
from flows.refusals import Refusal
from ledger import queries
from ledger.errors import LedgerError, UnknownError
from ledger.queries import SheetLine


def show(home: Path, *, office: str | None, everything: bool, output: str, at: str | None, out: Console) -> None:
    """Print the sheets, with what is to be done about each."""
    hand = opening.look_at(home, office)
    today = office_time(hand.office, at).date()
    lines = queries.sheets(office=hand.office.code, open_only=not everything)
    rows = [{**asdict(line), "to_do": to_do(line, today)} for line in lines]
    if output == "json":
        sys.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2, default=str) + "\n")
    elif output == "csv":
        writer = csv.DictWriter(sys.stdout, fieldnames=["number", "index_number", "title", "printed_on", "days", "due_down", "put_up",
                                                        "taken_down", "withdrawn", "replaced", "to_do"])
        writer.writeheader()
        writer.writerows(rows)
    elif not lines:
        out.print("nothing to put up, nothing to take down")
    else:
        # a number is typed again with put-up and take-down, so it is never cut, however narrow the terminal
        number = Column("sheet", min_width=max(len(line.number) for line in lines))
        table = Table(number, "title", "printed", "until", "to do", box=None, header_style="bold", pad_edge=False)
        for line, row in zip(lines, rows, strict=True):
            table.add_row(line.number, plain(line.title), str(line.printed_on), str(line.due_down or f"{line.days} days"), row["to_do"])
        out.print(table)


def to_do(line: SheetLine, today: date) -> str:
    """What a person is to do about a sheet on a day."""
    if line.taken_down:
        return "done"
    if line.put_up:
        reason = "withdrawn" if line.withdrawn else "replaced" if line.replaced else "due" if line.due(today) else ""
        return f"take down ({reason})" if reason else "hangs"
    if line.withdrawn or line.replaced:
        return f"throw away ({'withdrawn' if line.withdrawn else 'replaced'})"
    return "put up (late)" if line.late(today) else "put up"


def record(home: Path, numbers: Sequence[str], service: Callable[..., Any], *, by: str, office: str | None, at: str | None,
           out: Console, err: Console) -> Exit:
    """Record the same for several sheets; one that cannot be recorded does not stop the others."""

    def one(hand: OfficeHand, number: str, now: datetime) -> str:
        sheet = service(office=hand.office.code, number=number, by=by, at=now)
        return "recorded" if sheet.taken_down_at else f"recorded; it comes down on {sheet.due_down}"

    return _each(home, numbers, one, office=office, at=at, out=out, err=err)


def print_again(home: Path, numbers: Sequence[str], *, office: str | None, at: str | None, out: Console, err: Console) -> Exit:
    """Lay sheets into the board's folder once more: their files are lost, or of an older version. Nothing is recorded."""
    return _each(home, numbers, _print, office=office, at=at, out=out, err=err)


def _print(hand: OfficeHand, number: str, now: datetime) -> str:
    due, line = queries.printing(office=hand.office.code, number=number), queries.sheet(number=number)
    if due is None or line is None:
        raise UnknownError(f"no sheet {number}; `gongkai board list` shows what was printed", what="sheet", name=number)
    if line.withdrawn or line.replaced:
        raise Refusal(f"sheet {number} may not go up any more: {to_do(line, now.date())}")
    board = hand.outlets.get(line.channel)
    if board is None:
        raise Refusal(f"sheet {number}: there is no channel {line.channel!r} any more; describe it in gongkai.toml")
    try:
        words = rendition(board, due.delivery.edition)
    except UnsuitableError as error:
        raise Refusal(str(error)) from error
    if seal(words) != due.sealed:
        raise Refusal(f"sheet {number}: what would be printed is not what was signed; correct the item, and have that signed")
    outcome = carry(board, due.delivery, words, errand_of(hand, due.delivery_id, due.delivery.key, now))
    if outcome.posting is None:
        raise Refusal(f"sheet {number}: {outcome.detail}")
    return "printed again"


def _each(home: Path, numbers: Sequence[str], deed: Callable[[OfficeHand, str, datetime], str], *, office: str | None, at: str | None,
          out: Console, err: Console) -> Exit:
    hand = opening.look_at(home, office)
    failed = False
    for number in numbers:
        try:
            out.print(f"{number}: {deed(hand, number, office_time(hand.office, at))}")
        except (LedgerError, Refusal) as error:
            failed = True
            err.print(f"[red]gongkai:[/] {plain(str(error))}")
    return Exit.PERSON if failed else Exit.DONE
