"""`gongkai report`: a report written, frozen, made again and compared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from channels.house import OfficeHand
from content.figures import Counting
from content.restating import Restated
from flows import handing, opening, reporting
from flows.clock import office_time
from flows.exits import Exit, plain
from flows.reporting import Made, ReportError
from reports.filing import number

NAMED = 8  #: so many missing facts or rows are named; the rest is counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was typed about which report is meant."""

    office: str | None
    year: int
    form: str = ""
    number: int = 0
    counting: Counting = Counting.DISTINCT
    offices: tuple[str, ...] = ()
    at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handing:
    """What was typed about handing it in."""

    by: str = ""
    signed_on: str = ""
    reason: str = ""
    answer: str = ""


def found(home: Path, wanted: Wanted, *, draft: bool = False) -> tuple[OfficeHand, datetime, Made]:
    """The office, the instant and the report that are meant.

    Raises:
        HouseError, ReportError: there is no such office or report.
    """
    hand = opening.look_at(home, wanted.office)
    at = office_time(hand.office, wanted.at)
    asked = reporting.question(hand, year=wanted.year, as_of=at, form_name=wanted.form, number=wanted.number, counting=wanted.counting,
                               offices=wanted.offices)
    return hand, at, reporting.make(asked, draft=draft)


def write(home: Path, wanted: Wanted, folder: Path | None, *, draft: bool, signed_on: str, out: Console, err: Console) -> Exit:
    """Write a report's papers into a folder, and say what it holds, lacks and contradicts. Without a folder only that."""
    signed = day(signed_on)
    hand, at, made = found(home, wanted, draft=draft)
    with err.status("counting and setting type…"):
        papers = reporting.papers_of(hand, made, signed_on=signed) if folder else {}
        written = reporting.lay(folder, papers) if folder else []
    show(made, out)
    for name, data in papers.items():
        out.print(f"  {plain(str(folder))}/{name}  [dim]{len(data):,} bytes{'' if name in written else ', unchanged'}[/]")
    if not draft:
        show_changes(reporting.since(made, as_of=at), out)
    return Exit.PERSON if made.faults else Exit.DONE


def freeze(home: Path, wanted: Wanted, handing: Handing, folder: Path | None, *, out: Console, err: Console) -> Exit:
    """Keep a report as it is handed in; lay its papers into a folder where one is named."""
    if not handing.by:
        raise ReportError("say who hands it in: --by")
    hand, at, made = found(home, wanted, draft=True)
    with err.status("counting and setting type…"):
        kept = reporting.freeze(hand, made, by=handing.by, at=at, signed_on=day(handing.signed_on), reason=handing.reason,
                                answer=handing.answer)
        written = reporting.lay(folder, reporting.papers_of(hand, kept)) if folder else []
    out.print(f"[green]ok[/] {plain(made.name)} is kept as of {kept.asked.as_of:%Y-%m-%d %H:%M}; `--verify` makes it again")
    for name in written:
        out.print(f"  {plain(str(folder))}/{name}")
    return Exit.DONE


def verify(home: Path, wanted: Wanted, folder: Path | None, *, out: Console, err: Console) -> Exit:
    """Make a frozen report again and compare it to the byte with what was kept, and with the papers in a folder."""
    hand, at, made = found(home, wanted)
    with err.status("counting and setting type…"):
        different = reporting.verify(hand, made)
        papers = reporting.papers_of(hand, made) if folder else {}
    for one in different:
        err.print(f"[red]✗[/] [bold]{plain(one.what)}[/] {plain(one.where)}: kept {plain(one.then)}, made {plain(one.now)}")
    strange = [name for name, data in papers.items() if folder and _read(folder / name) != data]
    for name in strange:
        err.print(f"[red]✗[/] [bold]{name}[/] in {plain(str(folder))} is not what was handed in")
    if different:
        err.print("[dim]the book decides the figures; names and addresses come from gongkai.toml, type from the fonts: what changed there "
                  "since shows here, and a restatement takes it in[/]")
    if not different and not strange:
        sealed = f", and so are the {len(papers)} papers in {plain(str(folder))}" if folder else ""
        came = "figures, rows and papers" if made.kept and made.kept.seals else "figures and rows (no seals of papers were kept)"
        out.print(f"[green]ok[/] {plain(made.name)}, as of {made.asked.as_of:%Y-%m-%d %H:%M}: {came} come out the same to the byte{sealed}")
    show_changes(reporting.since(made, as_of=at), out)
    return Exit.PERSON if different or strange else Exit.DONE


def hand_over(home: Path, wanted: Wanted, *, column: str, by: str, out: Console, err: Console) -> Exit:
    """Make a frozen report an item's draft."""
    hand, at, made = found(home, wanted)
    with err.status("setting type…"):
        taken, left_out = handing.hand_over(hand, made, by=by, at=at, column=column)
    was = "was handed over before: it is" if taken.edition_id is None else "is drafted as"
    out.print(f"[green]ok[/] {plain(made.name)} {was} {taken.index_number}; at the desk it goes on through review and sign-off")
    for why in left_out:
        err.print(f"[yellow]![/] {plain(why)}")
    return Exit.DONE


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None  # not there, or not to be read: it is not what was handed in


def day(text: str) -> date | None:
    """A day as it is typed.

    Raises:
        ReportError: it is none.
    """
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ReportError(f"{text!r} is no day; write 2018-02-05") from None


def show(made: Made, out: Console) -> None:
    """What a report holds, lacks and contradicts."""
    report, kept = made.report, made.kept
    state = f"handed in by {kept.by} on {kept.at.astimezone(report.as_of.tzinfo):%Y-%m-%d}" if kept else "a draft"
    out.print(f"[bold]{plain(report.filing.title)}[/]\n[dim]form {report.form.id} ({plain(report.form.name)}), "
              f"{report.filing.first_day} to {report.filing.last_day}, as of {report.as_of:%Y-%m-%d %H:%M}, {plain(state)}[/]")
    table = Table(box=box.SIMPLE_HEAD, show_header=False, show_edge=False)
    table.add_column()
    table.add_column(justify="right")
    table.add_column(style="dim")
    for name in ("channels", "categories"):
        if name in report.form.tables:
            for address, row, _ in report.form.tables[name].cells():
                table.add_row(plain(row.label), f"{number(report.cells[address].value)}", address)
            table.add_section()
    if table.row_count:
        out.print(table)
    missing = report.missing()
    if missing:
        out.print(f"[yellow]![/] nobody has recorded {', '.join(missing[:NAMED])}{_more(missing)}; `gongkai report fact` does")
    for one in made.faults:
        if one.rule.value != "filled":
            out.print(f"[red]✗[/] [bold]{one.check}[/] {plain(reporting.told(one))}")
    if not made.faults:
        out.print(f"[green]ok[/] all {len(report.form.checks)} checks of the form hold")


def show_changes(changed: list[Restated], out: Console) -> None:
    """The restatement list, at a terminal."""
    if not changed:
        return
    out.print(f"[yellow]![/] the book says {len(changed)} figures otherwise since; the report stays as it was handed in. "
              "To restate it: `--freeze --reason …`")
    for one in changed:
        behind = [*(f"+{row}" for row in one.added), *(f"-{row}" for row in one.gone)]
        out.print(f"    {one.cell}: {_said(one.then)} → {_said(one.now)}  [dim]{plain(' '.join(behind[:NAMED]))}{_more(behind)}[/]")


def _said(value: object) -> str:
    return "blank" if value is None else str(value)


def _more(words: list[str]) -> str:
    return f" and {len(words) - NAMED} more" if len(words) > NAMED else ""
