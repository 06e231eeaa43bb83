"""`gongkai demo`: the sample year, with its progress, its figures and where to look."""

from __future__ import annotations

import time
from pathlib import Path

from rich import box
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from flows import opening
from flows.commands.figures import print_table
from flows.demo import DemoError, Steps
from flows.demo import run as run_year
from flows.exits import Exit
from flows.prefect_home import reap_orphans, warm_up
from flows.prefect_template import furnish

SAMPLE = Path(__file__).parents[2] / "examples" / "juzizhou-2017"

#: what a reader may want to open, below the rehearsal's home folder
PLACES = (("the public site", "site/index.html"), ("feeds", "site/feed.xml, atom.xml, feed.json"), ("sheets for the board", "board/"),
          ("figures", "figures.json"), ("the annual report", "reports/juzizhou/2017-2008/report.pdf, report.docx, report.xlsx"),
          ("the ledger", "gongkai.db"), ("the WeChat sandbox", "sandbox/wechat.db"))


def run(home: Path, sample: Path | None, *, out: Console) -> Exit:
    """Run the sample year in `home` and show what came of it.

    Raises:
        DemoError: the sample is not there, or did not come out.
    """
    began = time.perf_counter()
    sample = sample or SAMPLE
    if not (sample / "items.jsonl").exists():
        raise DemoError(f"{sample} holds no sample year; name one with --sample")
    home.mkdir(parents=True, exist_ok=True)
    reap_orphans(home)
    furnish(home)
    server = warm_up()
    bar = Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=out, transient=True)
    with bar:
        task = bar.add_task("setting up", total=None)
        steps = Steps(ready=server.join, begin=lambda text, total: bar.update(task, description=text, total=total, completed=0),
                      advance=lambda: bar.advance(task))
        with steps.timed("setting up the ledger"):
            opening.migrate()
        figures = run_year(home, sample, steps=steps)
    office = opening.look_at(home, None).office
    print_table(figures, out, name=office.short_name, columns={column.slug: column.name for column in office.columns})
    _where(home, out)
    _times(steps.seconds, time.perf_counter() - began, out)
    return Exit.DONE


def _where(home: Path, out: Console) -> None:
    near = home.relative_to(Path.cwd()) if home.is_relative_to(Path.cwd()) else home
    table = Table(box=None, show_header=False, pad_edge=False)
    for what, path in PLACES:
        table.add_row(f"[bold]{what}[/]", f"{near}/{path}")
    out.print(table)
    out.print(f"[dim]to read the site: python3 -m http.server -d {near}/site[/]")
    out.print(f"[dim]to ask the ledger: .venv/bin/gongkai --home {near} figures --year 2017[/]\n")


def _times(seconds: dict[str, float], total: float, out: Console) -> None:
    table = Table(box=box.SIMPLE_HEAD, show_header=False, show_edge=False)
    table.add_column()
    table.add_column(justify="right")
    for step, took in seconds.items():
        table.add_row(step, f"{took:.1f} s")
    table.add_row("[bold]in all[/]", f"[bold]{total:.1f} s[/]")
    out.print(table)
