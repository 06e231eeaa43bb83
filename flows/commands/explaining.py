"""`gongkai figures explain CELL`: where a number of a report comes from, down to its rows."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from channels.registry import LABELS
from content.measures import Measure, MeasureError
from content.yearbook import Opened
from flows.commands.reporting import Wanted, found
from flows.exits import Exit, plain
from flows.reporting import MAKER, Made, ReportError
from ledger import queries
from reports.filing import number
from reports.making import Asked
from reports.report import Added, Counted, Recorded
from reports.writers.origins import numbers

COLUMNS = ("index_number", "edition", "released_on", "title", "column", "category", "channels", "deliveries", "evidence")


def explain(home: Path, wanted: Wanted, cell: str, *, limit: int, output: str, out: Console, err: Console) -> Exit:
    """Say what a cell's number is made of. `cell`: an address of the form, or a measure, as `items kind=wechat month=3`.

    Raises:
        ReportError: it is neither.
    """
    _, _, made = found(home, wanted)
    if cell not in made.report.cells:
        return _rows(made.asked, cell, _measure(cell, made), limit=limit, output=output, out=out, err=err)
    origin = made.report.cells[cell].origin
    if isinstance(origin, Counted):
        return _rows(made.asked, cell, origin.measure, limit=limit, output=output, out=out, err=err)
    said = {"cell": cell, "value": number(made.report.cells[cell].value), **_where_from(made, cell)}
    if output == "table":
        _print(said, out)
    elif output == "json":
        sys.stdout.write(json.dumps(said, ensure_ascii=False, indent=2) + "\n")
    else:
        writer = csv.writer(sys.stdout)
        writer.writerows([["cell", "value"], [cell, said["value"]], *([key, value] for key, value in _parts(said))])
    return Exit.DONE


def _measure(cell: str, made: Made) -> Measure:
    try:
        return Measure.read(cell)
    except MeasureError as error:
        near = ", ".join(address for address in made.report.cells if cell.rpartition(".")[2] in address) or "the JSON paper lists them"
        raise ReportError(f"{cell} is no figure of the form {made.asked.form} ({near}), and no measure either: {error}") from None


def _where_from(made: Made, cell: str) -> dict[str, Any]:
    """Of a cell that is not counted: the facts that were recorded for it, or the cells that it adds."""
    asked, origin = made.asked, made.report.cells[cell].origin
    if isinstance(origin, Added):
        return {"sum of": {one: number(made.report.cells[one].value) for one in origin.of}}
    lines = queries.facts(office=asked.office.code, form=asked.form, year=asked.year, cell=cell, period=asked.period)
    history = [{"value": number(line.value), "by": line.by, "at": line.at.astimezone(asked.office.tz).isoformat(), "note": line.note}
               for line in lines if line.at <= asked.as_of]
    name = next(one.name for one in numbers(made.report) if one.address == cell)
    return {"label": name, "recorded" if isinstance(origin, Recorded) else "not recorded": history}


def _parts(said: dict[str, Any]) -> list[tuple[str, Any]]:
    if "sum of" in said:
        return list(said["sum of"].items())
    return [(line["at"], line["value"]) for line in said.get("recorded", [])]


def _print(said: dict[str, Any], out: Console) -> None:
    out.print(f"[bold]{plain(said['cell'])} = {'blank' if said['value'] is None else said['value']}[/]  {plain(said.get('label', ''))}")
    if "sum of" in said:
        out.print("the sum of")
        for one, value in said["sum of"].items():
            out.print(f"    {one} = {'blank' if value is None else value}")
        return
    history = said.get("recorded") or said.get("not recorded") or []
    if not history:
        out.print(f"nobody has recorded it; blank is not zero: `gongkai report fact {said['cell']} VALUE --by …`")
    for line in history:
        value = "taken back" if line["value"] is None else line["value"]
        out.print(f"    {value}  recorded by {plain(line['by'])} on {line['at'][:10]}  [dim]{plain(line['note'])}[/]")


def _rows(asked: Asked, cell: str, measure: Measure, *, limit: int, output: str, out: Console, err: Console) -> Exit:
    """The rows that a measure counts; at a terminal the first of them."""
    whole = output != "table" or not limit
    rows = MAKER.opened(asked, measure, limit=None if whole else limit + 1)
    if output == "json":
        sys.stdout.write(json.dumps({"cell": cell, "measure": str(measure), "value": len(rows), "rows": [as_json(one) for one in rows]},
                                    ensure_ascii=False, indent=2) + "\n")
    elif output == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(COLUMNS)
        writer.writerows([" ".join(value) if isinstance(value, list) else value for value in as_json(one).values()] for one in rows)
    else:
        more = not whole and len(rows) > limit
        total = len(MAKER.names(asked, measure)) if more else len(rows)
        out.print(f"[bold]{plain(cell)} = {total:,}[/]  [dim]{plain(str(measure))}, as of {asked.as_of:%Y-%m-%d %H:%M}[/]")
        _list(rows if whole else rows[:limit], out)
        if more:
            err.print(f"\n[dim]the first {limit} of {total:,}; --limit 0 prints all, --format csv hands them on[/]")
    return Exit.DONE


def as_json(one: Opened) -> dict[str, Any]:
    """A row behind a number, as other programs read it."""
    return dict(zip(COLUMNS, (one.index_number, one.edition, one.released_on.isoformat(), one.title, one.column, one.category,
                              list(one.kinds), list(one.deliveries), list(one.evidence)), strict=True))


def _list(found: Sequence[Opened], out: Console) -> None:
    """A row and below it where one can see it: addresses are long, and no table holds them."""
    for one in found:
        name = one.index_number + (f"#{one.edition}" if one.edition > 1 else "")
        out.print(f"\n[bold]{name}[/]  {one.released_on}  {plain(one.title)}  [dim]{plain(one.category)}[/]")
        for kind, where in zip(one.kinds, one.evidence, strict=False):
            out.print(f"    {LABELS.get(kind, kind)}  [dim]{plain(where)}[/]", soft_wrap=True)
