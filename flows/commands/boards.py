"""`gongkai board`: the list of sheets, and what people did with them."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Column, Table

from flows import opening
from flows.clock import office_time
from flows.exits import Exit, plain
from ledger import queries
from ledger.errors import LedgerError
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
        writer = csv.DictWriter(sys.stdout, fieldnames=["number", "index_number", "title", "printed_on", "days", "due_down", "put_up", "taken_down",
                                                        "withdrawn", "replaced", "to_do"])
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
    hand = opening.look_at(home, office)
    failed = False
    for number in numbers:
        try:
            sheet = service(office=hand.office.code, number=number, by=by, at=office_time(hand.office, at))
            out.print(f"{number}: recorded" + ("" if sheet.taken_down_at else f"; it comes down on {sheet.due_down}"))
        except LedgerError as error:
            failed = True
            err.print(f"[red]gongkai:[/] {plain(str(error))}")
    return Exit.PERSON if failed else Exit.DONE
