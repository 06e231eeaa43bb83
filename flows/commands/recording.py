"""`gongkai report facts|fact|text|record`: what an office says for its reports, one at a time or from a file."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from content.media import FileError
from content.papers.plain import decode
from flows import opening, reporting
from flows.clock import office_time
from flows.commands.reporting import Wanted
from flows.exits import Exit, plain
from flows.reporting import ReportError
from flows.saying import Say, lines, take
from ledger import queries
from ledger.errors import LedgerError
from reports.filing import number
from reports.making import Asked
from reports.report import recordable
from reports.writers.origins import numbers


def _asked(home: Path, wanted: Wanted) -> Asked:
    hand = opening.look_at(home, wanted.office)
    return reporting.question(hand, year=wanted.year, as_of=office_time(hand.office, wanted.at), form_name=wanted.form,
                              number=wanted.number)


def show(home: Path, wanted: Wanted, *, missing: bool, output: str, out: Console) -> Exit:
    """List the facts that a report takes, with what was recorded. `missing`: only those that it needs and nobody has recorded."""
    asked = _asked(home, wanted)
    report = reporting.make(asked, draft=True).report
    lines = queries.facts(office=asked.office.code, form=asked.form, year=asked.year, period=asked.period)
    last = {line.cell: line for line in lines if line.at <= asked.as_of}
    named = {one.address: one for one in numbers(report)}
    rows = [(named[cell], one) for cell in recordable(report.form)
            for one in [last.get(cell)] if not missing or (cell not in report.form.optional() and (one is None or one.value is None))]
    if output == "table":
        table = Table(box=box.SIMPLE_HEAD, show_edge=False)
        table.add_column("cell", no_wrap=True)
        table.add_column("", ratio=1)
        table.add_column("value", justify="right", no_wrap=True)
        table.add_column("recorded", style="dim", ratio=1)
        for what, one in rows:
            value = "[yellow]–[/]" if one is None or one.value is None else str(number(one.value))
            table.add_row(what.address, plain(what.name), value, plain(_recorded(one, asked)))
        out.print(table)
        return Exit.DONE
    said: list[dict[str, Any]] = [
        {"cell": what.address, "label": what.name, "unit": what.unit, **_as_json(one, asked)} for what, one in rows]
    if output == "json":
        sys.stdout.write(json.dumps(said, ensure_ascii=False, indent=2) + "\n")
    else:
        writer = csv.DictWriter(sys.stdout, ["cell", "label", "unit", "value", "by", "at", "note"])
        writer.writeheader()
        writer.writerows(said)
    return Exit.DONE


def _recorded(one: queries.FactLine | None, asked: Asked) -> str:
    if one is None:
        return ""
    return "  ".join(part for part in (f"{one.at.astimezone(asked.office.tz):%Y-%m-%d}", one.by, one.note) if part)


def _as_json(one: queries.FactLine | None, asked: Asked) -> dict[str, Any]:
    if one is None:
        return {"value": None, "by": "", "at": "", "note": ""}
    return {"value": number(one.value), "by": one.by, "at": one.at.astimezone(asked.office.tz).isoformat(), "note": one.note}


def fact(home: Path, wanted: Wanted, cell: str, value: str, *, by: str, note: str, out: Console) -> Exit:
    """Record one fact; `-` takes back what was recorded."""
    asked = _asked(home, wanted)
    Say(asked=asked, form=reporting.form_of(asked), by=by, at=asked.as_of).fact(cell, None if value == "-" else value, note=note)
    out.print(f"[green]ok[/] {plain(cell)} of {asked.year} is {plain(value) if value != '-' else 'unknown again'}")
    return Exit.DONE


def text(home: Path, wanted: Wanted, part: str, file: Path, *, by: str, out: Console) -> Exit:
    """Keep the words of a part, from a file in UTF-8."""
    asked = _asked(home, wanted)
    words = _words(file)
    Say(asked=asked, form=reporting.form_of(asked), by=by, at=asked.as_of).text(part, words)
    out.print(f"[green]ok[/] the part {plain(part)} of {asked.year} is kept")
    return Exit.DONE


def record(home: Path, wanted: Wanted, file: Path, *, by: str, out: Console, err: Console) -> Exit:
    """Record facts and texts from a file. A bad line is named and refused, the others are recorded."""
    asked = _asked(home, wanted)
    say = Say(asked=asked, form=reporting.form_of(asked), by=by, at=asked.as_of)
    done, refused = 0, 0
    for where, said in lines(_words(file)):
        # of many lines the last is said seconds after the first
        problem = _problem(partial(take, replace(say, at=office_time(asked.office, wanted.at)), said))
        done, refused = done + (not problem), refused + bool(problem)
        if problem:
            err.print(f"[red]✗[/] line {where}: {plain(problem)}")
    out.print(f"[green]ok[/] {done} lines recorded" + (f", [red]{refused} refused[/]" if refused else ""))
    return Exit.PERSON if refused else Exit.DONE


def _words(file: Path) -> str:
    try:
        return decode(file.read_bytes(), name=file.name)
    except FileError as error:
        raise ReportError(f"{file}: {error}") from None


def _problem(work: Callable[[], None]) -> str:
    try:
        work()
    except (ReportError, LedgerError) as error:
        return str(error)
    return ""
