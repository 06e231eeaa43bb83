"""`gongkai report`: its subcommands and their options. The work is done in `flows.commands`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from content.figures import Counting
from flows.cli_base import At, By, District, Format, FormName, Office, Part, Year, do, err, out, the_home, year_of

report_app = typer.Typer(help="The annual report: written, checked, handed in, made again; and what it needs that no ledger knows.")
Note = Annotated[str, typer.Option("--note", help="Where the number is from; needed where it contradicts what was recorded.")]


@report_app.callback(invoke_without_command=True)
def report(
    context: typer.Context,
    year: Annotated[int | None, typer.Option("--year", min=1949, max=9998, help="The year that the report is on.")] = None,
    form: FormName = "", number: Part = 0,
    folder: Annotated[Path | None, typer.Option("--out", help="Write its papers and its rows into this folder.", file_okay=False)] = None,
    counting: Annotated[Counting, typer.Option("--counting", help="Which rule the total follows.")] = Counting.DISTINCT,
    district: District = None,
    draft: Annotated[bool, typer.Option("--draft", help="As the book stands, also where a report was handed in.")] = False,
    signed_on: Annotated[str, typer.Option("--signed-on", help="The day printed under it, as 2018-02-05.")] = "",
    freeze: Annotated[bool, typer.Option("--freeze", help="Keep it as it is handed in, with the rows behind every number.")] = False,
    by: Annotated[str, typer.Option("--by", help="With --freeze: who hands it in.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="With --freeze, where one was handed in: why it is restated.")] = "",
    answer: Annotated[str, typer.Option("--answer", help="With --freeze: why it may stand where it differs from last year's.")] = "",
    verify: Annotated[bool, typer.Option("--verify", help="Make the one that was handed in again and compare it to the byte.")] = False,
    office: Office = None, at: At = None,
) -> None:
    """Make a report from the ledger: say what it holds, lacks and contradicts, and write its papers with --out."""
    year = year_of(context, year)
    if year is None:
        return
    if freeze and verify:
        raise typer.BadParameter("one at a time", param_hint="--freeze / --verify")
    home = the_home()
    from flows.commands import reporting

    wanted = reporting.Wanted(office=office, year=year, form=form, number=number, counting=counting, offices=tuple(district or ()), at=at)
    if verify:
        do(lambda: reporting.verify(home, wanted, folder, out=out, err=err))
    if freeze:
        handing = reporting.Handing(by=by, signed_on=signed_on, reason=reason, answer=answer)
        do(lambda: reporting.freeze(home, wanted, handing, folder, out=out, err=err))
    do(lambda: reporting.write(home, wanted, folder, draft=draft, signed_on=signed_on, out=out, err=err))


@report_app.command("item")
def item(
    year: Year, by: By, form: FormName = "", number: Part = 0,
    column: Annotated[str, typer.Option("--column", help="The slug of the column it stands in [report.column of gongkai.toml].")] = "",
    office: Office = None, at: At = None,
) -> None:
    """Hand the report that was handed in over as an item's draft: review, sign-off and publication follow as for every item."""
    home = the_home()
    from flows.commands import reporting

    wanted = reporting.Wanted(office=office, year=year, form=form, number=number, at=at)
    do(lambda: reporting.hand_over(home, wanted, column=column, by=by, out=out, err=err))


@report_app.command("check")
def check(
    file: Annotated[Path, typer.Argument(help="A report as JSON, whoever made it: see docs/howto/check-a-report.md.")],
    output: Annotated[Format, typer.Option("--format")] = Format.TABLE,
) -> None:
    """See whether a report holds: sums, the year before, text against tables, headings, blanks, form and year."""
    from flows.commands import checking

    do(lambda: checking.check(file, output=output.value, out=out, err=err))


@report_app.command("facts")
def facts(
    year: Year, form: FormName = "", number: Part = 0,
    missing: Annotated[bool, typer.Option("--missing", help="Only those that nobody has recorded.")] = False,
    output: Annotated[Format, typer.Option("--format")] = Format.TABLE, office: Office = None, at: At = None,
) -> None:
    """List what a report needs and no ledger knows, with what was recorded, by whom and when."""
    home = the_home()
    from flows.commands import recording
    from flows.commands.reporting import Wanted

    wanted = Wanted(office=office, year=year, form=form, number=number, at=at)
    do(lambda: recording.show(home, wanted, missing=missing, output=output.value, out=out))


@report_app.command("fact", context_settings={"ignore_unknown_options": True})
def fact(
    cell: Annotated[str, typer.Argument(help="Its place in the form, as stat.full_time; `gongkai report facts` lists them.")],
    value: Annotated[str, typer.Argument(help="The number; - takes back what was recorded: unknown again, which is not zero.")],
    year: Year, by: By, note: Note = "", form: FormName = "", number: Part = 0, office: Office = None, at: At = None,
) -> None:
    """Record a number that no ledger knows. What was recorded before stays in the log."""
    home = the_home()
    from flows.commands import recording
    from flows.commands.reporting import Wanted

    wanted = Wanted(office=office, year=year, form=form, number=number, at=at)
    do(lambda: recording.fact(home, wanted, cell, value, by=by, note=note, out=out))


@report_app.command("text")
def text(
    part: Annotated[str, typer.Argument(help="The part of the form.")],
    file: Annotated[Path, typer.Argument(help="Its words in UTF-8; {stat.wechat} stands for that figure.", exists=True, dir_okay=False)],
    year: Year, by: By, form: FormName = "", number: Part = 0, office: Office = None, at: At = None,
) -> None:
    """Keep the words of a part. A number in them is a reference to a figure, so that it can't drift."""
    home = the_home()
    from flows.commands import recording
    from flows.commands.reporting import Wanted

    wanted = Wanted(office=office, year=year, form=form, number=number, at=at)
    do(lambda: recording.text(home, wanted, part, file, by=by, out=out))


@report_app.command("record")
def record(
    file: Annotated[Path, typer.Argument(help='JSON Lines, {"cell", "value", "note"} or {"part", "text"}; or the table of `report facts`.',
                                         exists=True, dir_okay=False)],
    year: Year, by: By, form: FormName = "", number: Part = 0, office: Office = None, at: At = None,
) -> None:
    """Record many facts and texts from a file. A bad line is named and refused, the others are recorded."""
    home = the_home()
    from flows.commands import recording
    from flows.commands.reporting import Wanted

    wanted = Wanted(office=office, year=year, form=form, number=number, at=at)
    do(lambda: recording.record(home, wanted, file, by=by, out=out, err=err))
