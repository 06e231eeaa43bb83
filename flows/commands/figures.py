"""`gongkai figures`: the totals of a year, as a table, JSON or CSV."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from channels.registry import KINDS
from content.figures import Counting, Figures
from flows import opening
from flows.clock import office_time
from ledger import queries

RULES = {
    Counting.DISTINCT: "each item counted once, however many channels carried it (不同渠道和方式公开相同信息计1条)",
    Counting.SUM: "the plain sum of the channels",
    Counting.WEBSITE: "the website alone",
}


def show(home: Path, *, office: str | None, year: int, output: str, counting: Counting, at: str | None, out: Console) -> None:
    """Print the figures of an office and a year."""
    hand = opening.look_at(home, office)
    as_of = office_time(hand.office, at)
    found = queries.figures(office=hand.office.code, year=year, categories=hand.office.categories, as_of=as_of)
    if output == "json":
        sys.stdout.write(json.dumps(found.as_json(counting), ensure_ascii=False, indent=2) + "\n")
    elif output == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(["office", "year", "group", "row", "count"])
        writer.writerows([found.office, found.year, *row] for row in rows(found, counting))
    else:
        print_table(found, out, counting=counting, name=hand.office.name)


def rows(found: Figures, counting: Counting) -> list[tuple[str, str, int]]:
    """(group, row, count) of everything counted."""
    return [("total", counting.value, found.total(counting)),
            *(("channel", kind, count) for kind, count in found.channels.items()),
            *(("category", name, count) for name, count in found.categories.items()),
            *(("column", name, count) for name, count in found.columns.items()),
            *(("month", str(month), count) for month, count in found.months.items()),
            ("changes", "corrections", found.corrections), ("changes", "withdrawn", found.withdrawn), ("changes", "urgent", found.urgent),
            *(("removed", kind, count) for kind, count in found.removed.items())]


def print_table(found: Figures, out: Console, *, counting: Counting = Counting.DISTINCT, name: str = "") -> None:
    """The figures for a reader at a terminal."""
    table = Table(box=box.SIMPLE_HEAD, title=f"{name} {found.year}", title_justify="left", title_style="bold", show_edge=False)
    table.add_column("")
    table.add_column("条", justify="right")
    for kind, count in found.channels.items():
        table.add_row(f"{KINDS[kind].label} {kind}" if kind in KINDS else kind, f"{count:,}")
    table.add_section()
    table.add_row("[bold]total[/]", f"[bold]{found.total(counting):,}[/]")
    table.add_section()
    for category, count in found.categories.items():
        table.add_row(category, f"{count:,}")
    table.add_section()
    table.add_row("更正 corrections", f"{found.corrections:,}")
    table.add_row("撤回 withdrawn", f"{found.withdrawn:,}")
    if found.urgent:
        table.add_row("急件 urgent", f"{found.urgent:,}")
    out.print(table)
    for kind, count in found.removed.items():
        out.print(f"[dim]{count:,} of those on {kind} were later removed there by others; they were disclosed, and count[/]")
    out.print(f"[dim]total: {RULES[counting]}; as of {found.as_of:%Y-%m-%d %H:%M}[/]")
