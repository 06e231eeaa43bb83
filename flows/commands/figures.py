"""`gongkai figures`: the totals of a year, as a table, JSON or CSV."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Mapping
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
    Counting.WEBSITE: "the website alone: the office's own, or its column on the upper portal",
}

HALF = 6  #: months in a line


def show(home: Path, *, office: str | None, year: int, output: str, counting: Counting, at: str | None, out: Console) -> None:
    """Print the figures of an office and a year."""
    hand = opening.look_at(home, office)
    as_of = office_time(hand.office, at)
    found = queries.figures(office=hand.office.code, year=year, categories=hand.office.categories, as_of=as_of, full_text=True)
    if output == "json":
        sys.stdout.write(json.dumps(found.as_json(counting), ensure_ascii=False, indent=2) + "\n")
    elif output == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(["office", "year", "group", "row", "count"])
        writer.writerows([found.office, found.year, *row] for row in rows(found, counting))
    else:
        labels = {column.slug: column.name for column in hand.office.columns}
        print_table(found, out, counting=counting, name=hand.office.name, columns=labels)


def rows(found: Figures, counting: Counting) -> list[tuple[str, str, int]]:
    """(group, row, count) of everything counted."""
    return [("total", counting.value, found.total(counting)),
            *(("channel", kind, count) for kind, count in found.channels.items()),
            *(("category", name, count) for name, count in found.categories.items()),
            *(("column", name, count) for name, count in found.columns.items()),
            *(("month", str(month), count) for month, count in found.months.items()),
            ("changes", "corrections", found.corrections), ("changes", "withdrawn", found.withdrawn), ("changes", "urgent", found.urgent),
            *([] if found.full_text is None else [("website", "items", found.on_site), ("website", "full text", found.full_text)]),
            *(("removed", kind, count) for kind, count in found.removed.items())]


def print_table(found: Figures, out: Console, *, counting: Counting = Counting.DISTINCT, name: str = "",
                columns: Mapping[str, str] | None = None) -> None:
    """The figures for a reader at a terminal. `columns`: the names of the office's columns, by slug."""
    table = Table(box=box.SIMPLE_HEAD, title=f"{name} {found.year}", title_justify="left", title_style="bold", show_edge=False)
    table.add_column("")
    table.add_column("条", justify="right")
    for label, count in [(f"{KINDS[kind].label} {kind}" if kind in KINDS else kind, count) for kind, count in found.channels.items()]:
        table.add_row(label, f"{count:,}")
    table.add_section()
    table.add_row("[bold]total[/]", f"[bold]{found.total(counting):,}[/]")
    if found.on_site and found.full_text is not None:
        table.add_row(f"网站全文 in full text, {found.full_text / found.on_site:.1%} of the website's", f"{found.full_text:,}")
    for counts in (found.categories, {f"{(columns or {}).get(slug, '')} {slug}".strip(): count for slug, count in found.columns.items()}):
        table.add_section()
        for label, count in counts.items():
            table.add_row(label, f"{count:,}")
    table.add_section()
    table.add_row("更正 corrections", f"{found.corrections:,}")
    table.add_row("撤回 withdrawn", f"{found.withdrawn:,}")
    if found.urgent:
        table.add_row("急件 urgent", f"{found.urgent:,}")
    out.print(table)
    if found.months:
        out.print(_by_month(found.months))
    for kind, count in found.removed.items():
        out.print(f"[dim]{count:,} of those on {kind} were later removed there by others; they were disclosed, and count[/]")
    out.print(f"[dim]total: {RULES[counting]}; as of {found.as_of:%Y-%m-%d %H:%M}[/]")


def _by_month(months: Mapping[int, int]) -> Table:
    """The year in two lines of six months: at 80 columns a province's fit, too."""
    table = Table(box=None, show_header=False, padding=(0, 1), pad_edge=True)
    for _ in range(HALF):
        table.add_column(style="dim", justify="right")
        table.add_column(justify="right")
    for first in (1, 1 + HALF):
        table.add_row(*(cell for month in range(first, first + HALF) for cell in (f"{month}月", f"{months.get(month, 0):,}")))
    return table
