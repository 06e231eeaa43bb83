"""`gongkai audit`: the log's chain, reckoned anew from the first event to the last."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console

from channels.house import open_house
from flows import opening
from flows.exits import Exit, plain
from ledger import queries


def verify(home: Path, *, office: str | None, out: Console, err: Console) -> Exit:
    """Say of one office, or of every office of the configuration, whether its log is as it was written."""
    failed = False
    for code in [office] if office else list(open_house(home).desks):
        name = opening.look_at(home, code).office.code
        last = next(iter(queries.events(office=name, limit=1).rows), None)  # before: what others write meanwhile is not looked at
        if fault := queries.verify_events(office=name):
            failed = True
            err.print(f"[red]gongkai:[/] {name}: event {fault.seq}: {plain(fault.problem)}; change nothing in this database, keep a copy "
                      "of it, and compare with a backup")
            continue
        out.print(f"{name}: the chain holds, {last.seq if last else 0} events" + (f", the last one {last.hash}" if last else ""))
    return Exit.PERSON if failed else Exit.DONE
