"""The `gongkai` command: its subcommands and their options. The work is done in `flows.commands`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from content.figures import Counting
from flows.cli_base import (
    At,
    By,
    District,
    Format,
    FormName,
    Numbers,
    Office,
    Part,
    PausedChannel,
    PausedItem,
    Reason,
    Year,
    do,
    do_first,
    err,
    out,
    the_home,
    year_of,
)
from flows.cli_report import report_app

app = typer.Typer(name="gongkai", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
                  help="Publish government information once and right: every channel, one ledger, figures that open to their rows.")
board_app = typer.Typer(no_args_is_help=True, help="The bulletin board: what to put up, what to take down.")
app.add_typer(board_app, name="board")
audit_app = typer.Typer(no_args_is_help=True, help="The log: who did what, when, and whether it is as it was written.")
app.add_typer(audit_app, name="audit")
figures_app = typer.Typer(help="渠道统计: how much was disclosed in a year, in all and channel by channel; and where a number comes from.")
app.add_typer(figures_app, name="figures")
app.add_typer(report_app, name="report")


@app.callback()
def main_options(
    home: Annotated[Path | None, typer.Option("--home", help="The folder of all that is not code [GONGKAI_HOME, default var].")] = None,
) -> None:
    """Settle where the house is before anything reads it."""
    if home is not None:
        os.environ["GONGKAI_HOME"] = str(home)


@app.command()
def init() -> None:
    """Make the home folder: a gongkai.toml to fill in; run again, the ledger's tables and the offices described."""
    home = the_home()
    from flows.commands import starting

    do(lambda: starting.run(home, out=out))


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="JSON Lines in UTF-8, one item a line.", exists=True, dir_okay=False)],
    by: Annotated[str, typer.Option("--by", help="Who hands these items in: their drafter.")] = "import",
    check: Annotated[bool, typer.Option("--check", help="Only say which lines would be refused; take nothing in.")] = False,
    office: Office = None, at: At = None,
) -> None:
    """Take items in from a file as drafts. A bad line is named and refused, the others go in; a second import changes nothing."""
    home = the_home()
    from flows.commands import importing

    do(lambda: importing.run(home, file, office=office, by=by, at=at, check=check, out=out, err=err))


@app.command()
def publish(
    office: Office = None, at: At = None,
    whole: Annotated[bool, typer.Option("--whole", help="Draw the surfaces from nothing, not only what changed.")] = False,
) -> None:
    """One tick: release what is approved and due, and take it to every channel."""
    home = the_home()
    from flows.commands import ticking

    do(lambda: ticking.publish(home, office=office, at=at, whole=whole, out=out, err=err))


@app.command()
def settle(
    office: Office = None, at: At = None,
    posted: Annotated[str | None, typer.Option("--posted", help="The key of a delivery: a person looked, and it is there.")] = None,
    missing: Annotated[str | None, typer.Option("--missing", help="The key of a delivery: a person looked, and it is not there.")] = None,
    url: Annotated[str, typer.Option("--url", help="With --posted: where it is.")] = "",
    by: Annotated[str, typer.Option("--by", help="With --posted or --missing: who looked.")] = "",
) -> None:
    """Find out what became of deliveries in doubt: the channels are asked, or a person says what they saw."""
    home = the_home()
    from flows.commands import ticking

    if posted or missing:
        do(lambda: ticking.settled_by_hand(home, office=office, at=at, posted=posted, missing=missing, url=url, by=by, out=out))
    do(lambda: ticking.settle(home, office=office, at=at, out=out, err=err))


@app.command()
def observe(office: Office = None, at: At = None) -> None:
    """Look again at what was posted, where it is time: is it still before the public? What is not is a person's case."""
    home = the_home()
    from flows.commands import watching

    do(lambda: watching.observe(home, office=office, at=at, out=out, err=err))


@board_app.command("list")
def board_list(
    office: Office = None, at: At = None,
    everything: Annotated[bool, typer.Option("--all", help="Also sheets taken down, and those that may not go up any more.")] = False,
    output: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """The sheets a person has something to do with: to put up, hanging, to take down."""
    home = the_home()
    from flows.commands import boards

    do(lambda: boards.show(home, office=office, everything=everything, output=output.value, at=at, out=out))


@board_app.command("put-up")
def board_put_up(numbers: Numbers, by: By, office: Office = None, at: At = None) -> None:
    """Record that sheets were put up. Only now do they count as disclosed."""
    home = the_home()
    from flows.commands import boards
    from ledger import services

    do(lambda: boards.record(home, numbers, services.put_up, by=by, office=office, at=at, out=out, err=err))


@board_app.command("print")
def board_print(numbers: Numbers, office: Office = None, at: At = None) -> None:
    """Print sheets again into the board's folder: their files were lost, or an older version made them. Nothing is recorded."""
    home = the_home()
    from flows.commands import boards

    do(lambda: boards.print_again(home, numbers, office=office, at=at, out=out, err=err))


@board_app.command("take-down")
def board_take_down(numbers: Numbers, by: By, office: Office = None, at: At = None) -> None:
    """Record that sheets were taken down."""
    home = the_home()
    from flows.commands import boards
    from ledger import services

    do(lambda: boards.record(home, numbers, services.take_down, by=by, office=office, at=at, out=out, err=err))


@audit_app.command("verify")
def audit_verify(office: Office = None) -> None:
    """Reckon the chain of the log anew: one office's where named, else every office's. Says the first fault; exit code 1 then."""
    home = the_home()
    from flows.commands import auditing

    do(lambda: auditing.verify(home, office=office, out=out, err=err))


@figures_app.callback(invoke_without_command=True)
def figures(
    context: typer.Context,
    year: Annotated[int | None, typer.Option("--year", min=1949, max=9999, help="The calendar year of release.")] = None,
    office: Office = None, at: At = None,
    output: Annotated[Format, typer.Option("--format")] = Format.TABLE,
    counting: Annotated[Counting, typer.Option("--counting", help="Which rule the total follows.")] = Counting.DISTINCT,
) -> None:
    """渠道统计: how much was disclosed in a year, in all and channel by channel."""
    year = year_of(context, year)
    if year is None:
        return
    home = the_home()
    from flows.commands import figures as door

    do(lambda: door.show(home, office=office, year=year, output=output.value, counting=counting, at=at, out=out))


@figures_app.command("explain")
def figures_explain(
    cell: Annotated[str, typer.Argument(help="A figure of a report's form, as stat.wechat; or a measure, as 'items kind=wechat month=3'.")],
    year: Year, form: FormName = "", number: Part = 0, district: District = None, office: Office = None, at: At = None,
    limit: Annotated[int, typer.Option("--limit", min=0, help="So many rows at most in the table; 0 for all.")] = 20,
    output: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """Open a number: the rows it counts with what carried each, the facts recorded for it, or the figures it adds."""
    home = the_home()
    from flows.commands import explaining
    from flows.commands.reporting import Wanted

    wanted = Wanted(office=office, year=year, form=form, number=number, offices=tuple(district or ()), at=at)
    do(lambda: explaining.explain(home, wanted, cell, limit=limit, output=output.value, out=out, err=err))


@app.command()
def probe(office: Office = None, at: At = None) -> None:
    """Ask every channel whether it would work now, and write down what it said. Nothing is posted."""
    home = the_home()
    from flows.commands import ticking

    do(lambda: ticking.probe(home, office=office, at=at, out=out, err=err))


@app.command()
def pause(reason: Reason, by: By, channel: PausedChannel = "", item: PausedItem = "", office: Office = None, at: At = None) -> None:
    """Hold everything, or one channel, or one item: nothing of it is released, drawn or posted until it is resumed."""
    home = the_home()
    from flows.commands import pausing
    from ledger import services

    do(lambda: pausing.switch(home, services.pause, office=office, channel=channel, item=item, reason=reason, by=by, at=at, out=out))


@app.command()
def resume(reason: Reason, by: By, channel: PausedChannel = "", item: PausedItem = "", office: Office = None, at: At = None) -> None:
    """Let go on what was paused, with the next tick."""
    home = the_home()
    from flows.commands import pausing
    from ledger import services

    do(lambda: pausing.switch(home, services.resume, office=office, channel=channel, item=item, reason=reason, by=by, at=at, out=out))


@app.command()
def demo(sample: Annotated[Path | None, typer.Option("--sample", help="Another sample year than examples/juzizhou-2017.")] = None) -> None:
    """Run the sample year, 346 items through four channels, in the home folder's demo/."""
    home = the_home("demo")
    home.mkdir(parents=True, exist_ok=True)  # Prefect makes its folder as it is imported, and no parent of it
    os.environ.pop("DATABASE_URL", None)  # the rehearsal has a ledger of its own and never touches the office's
    from flows.commands import rehearsal

    do(lambda: rehearsal.run(home, sample, out=out))


@app.command()
def up(
    office: Office = None,
    every: Annotated[int, typer.Option("--every", min=1, max=720, help="Minutes between two publish ticks.")] = 10,
    port: Annotated[int, typer.Option("--port", help="Where Prefect's pages and API listen, on loopback.")] = 4200,
    with_desk: Annotated[bool, typer.Option("--desk/--no-desk", help="Whether the staff's door is opened too.")] = True,
    desk_port: Annotated[int, typer.Option("--desk-port", help="Where the desk listens, on loopback.")] = 8765,
) -> None:
    """On one machine: Prefect's server, the flows on their schedules and the desk, until Ctrl-C."""
    home = the_home()
    from flows.commands import serving

    do(lambda: serving.run(home, office=office, every=every, port=port, desk=desk_port if with_desk else None, out=out, err=err))


@app.command()
def desk(
    host: Annotated[str, typer.Option("--host", help="Where to listen; anything but loopback wants TLS before it.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port")] = 8765,
    sample: Annotated[bool, typer.Option("--sample", help="First fill a practice office and make one person a role.")] = False,
) -> None:
    """Open the desk, the staff's door, until Ctrl-C."""
    home = the_home()
    from flows.commands import desking

    if sample:
        do_first(lambda: desking.practise(home, out=out))
    do(lambda: desking.serve(home, host=host, port=port))


@app.command()
def doctor(office: Office = None) -> None:
    """Check configuration, database, fonts, clock and channels, and say what to do about what is wrong."""
    home = the_home()
    from flows.commands import doctoring

    do(lambda: doctoring.examine(home, office=office, out=out))


def main() -> None:
    """The console script."""
    from flows.prefect_home import leave_cleanly

    leave_cleanly()
    app()


if __name__ == "__main__":
    main()
